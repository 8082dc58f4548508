from collections.abc import Awaitable, Callable

import pytest

from handoff.app_parts import Parts
from handoff.case import Case
from handoff.moves import Actor
from tests.common.agents import hire


@pytest.fixture
async def anna(parts: Parts) -> Actor:
    return await hire(parts, "Demo Anna")


@pytest.fixture
def opened(parts: Parts) -> Callable[[], Awaitable[Case]]:
    """A customer who waits."""

    async def make() -> Case:
        conversation = await parts.conversations.create("web", "pl", "Dzień dobry")
        return await parts.cases.open(conversation.id, reason="user_request")

    return make
