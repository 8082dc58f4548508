"""Brings to each call what is new in its conversation, in order and once."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from frontline.errors import UnavailableError
from frontline.turns import Author, Turn
from handoff.bell import Ring
from handoff.conversations import Conversations

log = structlog.get_logger()

SWEEP_EVERY_S = 1.0

OnTurn = Callable[[Turn], None]
OnEnd = Callable[[], Awaitable[None]]


class Follower:
    """One conversation, as one call hears it."""

    def __init__(
        self,
        conversations: Conversations,
        conversation_id: str,
        seen: int,
        on_turn: OnTurn,
        on_end: OnEnd,
    ) -> None:
        self._conversations = conversations
        self.conversation_id = conversation_id
        self.seen = seen
        """The last turn that the call knows."""
        self._on_turn = on_turn
        self._on_end = on_end
        self._lock = asyncio.Lock()

    async def ring(self, ring: Ring) -> None:
        """Something is new."""
        if ring.typing is None:
            await self.catch_up(ring.turn)
        elif ring.typing == Author.BOT and not ring.on:
            await self.catch_up()
            await self._on_end()

    async def catch_up(self, turn: Turn | None = None) -> None:
        """Tell what was missed; `turn` spares the look into SQL when it is next."""
        async with self._lock:
            if turn and turn.seq == self.seen + 1:
                self._tell(turn)
                return
            if turn and turn.seq <= self.seen:
                return
            for missed in await self._conversations.turns(self.conversation_id, self.seen):
                self._tell(missed)

    def _tell(self, turn: Turn) -> None:
        self.seen = turn.seq
        if turn.author != Author.CUSTOMER:
            self._on_turn(turn)


class Followers:
    """All of this process."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations
        self._all: dict[str, Follower] = {}

    def add(self, follower: Follower) -> None:
        """From now on it hears of its conversation; a second call of one takes it over."""
        self._all[follower.conversation_id] = follower

    def remove(self, follower: Follower) -> None:
        """The call is over."""
        if self._all.get(follower.conversation_id) is follower:
            del self._all[follower.conversation_id]

    async def on_ring(self, ring: Ring) -> None:
        """The bell has rung, in this process or in another."""
        follower = self._all.get(ring.conversation_id)
        if follower:
            try:
                await follower.ring(ring)
            except UnavailableError:
                log.warning("follower.unavailable", conversation_id=ring.conversation_id)

    async def run(self) -> None:
        """Look into SQL once a second for what no ring told of; runs until cancelled."""
        while True:
            await asyncio.sleep(SWEEP_EVERY_S)
            try:
                known = await self._conversations.last_seqs(list(self._all))
                for follower in list(self._all.values()):
                    last, _ = known.get(follower.conversation_id, (0, 0))
                    if last > follower.seen:
                        await follower.catch_up()
            except UnavailableError:
                log.warning("follower.unavailable")
