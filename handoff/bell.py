"""Telling everyone who shows a conversation that it has something new.

A ring is a hint for speed: who misses it finds the news in SQL at the next sweep.
"""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import structlog

from frontline.errors import UnavailableError
from frontline.ids import new_id
from frontline.redis import Redis
from frontline.turns import Author, Turn

log = structlog.get_logger()


class Ring(msgspec.Struct, frozen=True, omit_defaults=True):
    """A conversation has something new: turns, another controller, or somebody typing."""

    conversation_id: str
    origin: str = ""
    """The process that rang; it has told its own listeners already."""
    typing: Author | None = None
    on: bool = False
    turn: Turn | None = None
    """The new turn, where it is at hand."""
    case_id: str | None = None
    """The case that has changed."""


Listener = Callable[[Ring], Awaitable[None]]


class Bell:
    """Rings in this process at once, and in the others through Redis."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._listeners: list[Listener] = []
        self._origin = new_id()
        self._sending: set[asyncio.Task[None]] = set()

    def listen(self, listener: Listener) -> None:
        """Call `listener` at every ring, of this process and of others."""
        self._listeners.append(listener)

    async def ring(
        self,
        conversation_id: str,
        *,
        turn: Turn | None = None,
        typing: Author | None = None,
        on: bool = False,
        case_id: str | None = None,
    ) -> None:
        """Ring for a conversation. Never fails: Redis being down only makes others slower."""
        ring = Ring(conversation_id, self._origin, typing, on, turn, case_id)
        await self._tell(ring)
        if typing != Author.BOT:  # the bot's typing lasts milliseconds: not worth the way
            task = asyncio.create_task(self._publish(ring))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def _tell(self, ring: Ring) -> None:
        """What was done is done: a listener that fails must not fail whoever did it."""
        for listener in self._listeners:
            try:
                await listener(ring)
            except Exception:
                log.exception("bell.listener_failed", conversation_id=ring.conversation_id)

    async def _publish(self, ring: Ring) -> None:
        try:
            await self._redis.wake(msgspec.json.encode(ring).decode())
        except UnavailableError:
            log.warning("bell.publish_failed", conversation_id=ring.conversation_id)

    async def run(self) -> None:
        """Pass other processes' rings on to the listeners; runs until cancelled."""
        while True:
            try:
                async for message in self._redis.wakes():
                    ring = msgspec.json.decode(message, type=Ring)
                    if ring.origin != self._origin:
                        await self._tell(ring)
            except UnavailableError:
                await asyncio.sleep(0.5)
            except msgspec.DecodeError:
                log.warning("bell.unreadable")

    async def close(self) -> None:
        """Wait for rings that are still being sent."""
        await asyncio.gather(*self._sending, return_exceptions=True)
