"""Changing the model of a running bot: behind Rasa's `PUT /model`, without a turn being lost.

Rasa loads a model inside the event loop, where every turn stands still for a second. Here it is
loaded in a thread and asked a sentence; only then it takes the old one's place. A turn that began
with the old model ends with it. What fails is refused, and the old model goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import time
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.server import ErrorResponse

from model_check import UnfitModelError, load, smoke_test

log = logging.getLogger(__name__)

SWITCH_S = 0.0005
"""How long the loading thread may hold Python while turns wait; 5 ms are usual."""


class Swapper:
    """Makes the agents that follow the first one."""

    def __init__(self) -> None:
        self._app: Any = None
        self._one_at_a_time = asyncio.Lock()

    def started(self, app: Any) -> None:
        """Remember where the agent in use is found."""
        self._app = app

    async def load_agent(
        self,
        model_path: str | None = None,
        model_server: Any = None,
        remote_storage: str | None = None,
        endpoints: AvailableEndpoints | None = None,
    ) -> Agent:
        """In place of Rasa's: the agent that takes over, tried; the caller puts it in place.

        Raises:
            ErrorResponse: there is no such model, or it is not fit to answer.
        """
        began = time.monotonic()
        try:
            if not model_path or model_server or remote_storage:
                raise UnfitModelError("only a model_file of this machine can be loaded")
            async with self._one_at_a_time:
                loop = asyncio.get_running_loop()
                with _short_switches():
                    agent = await loop.run_in_executor(
                        None, load, Path(model_path), lambda: self._empty(endpoints)
                    )
                self._share_connections(agent)
                await smoke_test(agent)
        except UnfitModelError as error:
            log.warning("model refused: %s", error)
            raise ErrorResponse(HTTPStatus.BAD_REQUEST, "ModelRefused", str(error)) from None
        log.warning("model %s after %.1f s", Path(model_path).name, time.monotonic() - began)
        return agent

    def _empty(self, endpoints: AvailableEndpoints | None) -> Agent:
        """An agent without a model: a tracker store of its own, for that knows the domain."""
        old = self._app.ctx.agent
        stored = endpoints.tracker_store if endpoints else None
        return Agent(
            generator=endpoints.nlg if endpoints else None,
            tracker_store=TrackerStore.create(stored, event_broker=old.tracker_store.event_broker),
            lock_store=old.lock_store,
            action_endpoint=endpoints.action if endpoints else None,
        )

    def _share_connections(self, agent: Agent) -> None:
        """The open connections to the action server pass on: there is nothing to close."""
        old = self._app.ctx.agent
        if old.processor is not None and agent.processor is not None:
            agent.processor.action_endpoint = old.processor.action_endpoint


@contextlib.contextmanager
def _short_switches() -> Iterator[None]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_S)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)
