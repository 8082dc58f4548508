"""How long those who wait are told that it will take."""

import time
from collections.abc import Callable

from frontline.clock import Clock
from frontline.database import Database
from handoff.case import Case
from handoff.routing import Routing
from handoff.wait import Range, wait_now

FRESH_S = 20
"""An estimate holds for so long; it moves slowly, and all who wait ask for theirs."""
MOST_KEPT = 1_000


class Waits:
    """Estimates for waiting customers, from recent cases and the agents who are there."""

    def __init__(
        self,
        database: Database,
        routing: Routing,
        clock: Clock,
        *,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._routing = routing
        self._clock = clock
        self._seconds = seconds
        self._known: dict[tuple[str, int], tuple[float, Range | None]] = {}

    async def of(self, case: Case, place: int) -> Range | None:
        """The range for a case at this place; None while it cannot be told honestly.

        Raises:
            UnavailableError: the database does not answer.
        """
        key, now = (case.id, place), self._seconds()
        told_at, told = self._known.get(key, (-FRESH_S, None))
        if now - told_at < FRESH_S:
            return told
        async with self._database.read() as connection:
            told = await wait_now(connection, case, self._routing, self._clock.now())
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        self._known[key] = (now, told)
        return told
