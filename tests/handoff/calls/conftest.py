from collections.abc import Awaitable, Callable

import pytest

from handoff.app_parts import Parts
from handoff.turn_store import Conversation

CALL = "6f1c0d8e-aaaa-4bbb-8ccc-0123456789ab"
CALLER = "+48600100200"

Ring = Callable[..., Awaitable[Conversation]]


@pytest.fixture
def ring(parts: Parts) -> Ring:
    """A call that comes in."""

    async def make(call_id: str = CALL, caller: str | None = CALLER, **more: str) -> Conversation:
        await parts.calls.register(call_id, caller, **more)
        return await parts.calls.begin(call_id, "audiosocket")

    return make
