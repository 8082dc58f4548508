"""How long those who wait are told that it will take."""

import time
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.clock import Clock
from frontline.database import Database
from handoff import agents
from handoff.case import WAITING, Case, Route
from handoff.routing import Routing
from handoff.tables import cases
from handoff.wait import Range, wait_of

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
            serving = await self._serving(connection, case)
            told = await wait_of(connection, case, self._clock.now(), serving)
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        self._known[key] = (now, told)
        return told

    async def _serving(self, connection: AsyncConnection, case: Case) -> float:
        """Places for conversations on the case's line.

        Who serves several lines in which somebody waits counts in part on each; a line in which
        nobody waits takes nothing away.
        """
        rows = await connection.execute(
            select(cases.c.language, cases.c.skill, cases.c.channel, cases.c.level)
            .where(cases.c.state.in_(sorted(WAITING)))
            .distinct()
        )
        busy = {Route(*row) for row in rows}
        mine = Route(case.language, case.skill, case.channel, case.level)
        places = 0.0
        for agent in await agents.available(connection, self._clock.now()):
            served = set(self._routing.routes_of(agent.languages, agent.skills, agent.capacity))
            if mine in served:
                places += agent.capacity.get(case.channel, 1) / len((served & busy) | {mine})
        return places
