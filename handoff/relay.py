"""Carries changed cases from SQL into the live queue, and tells everybody who shows them."""

import structlog
from sqlalchemy import delete, func, select

from frontline.database import Database
from frontline.errors import UnavailableError
from frontline.turns import Turn
from handoff import store
from handoff.bell import Bell
from handoff.case import OPEN, Case, CaseState
from handoff.queue import CaseQueue
from handoff.routing import Routing
from handoff.tables import cases, outbox

log = structlog.get_logger()

LEASE_S = 45.0
"""An agent who gives no sign of life for this long has lost the case."""
BATCH = 500


class Relay:
    """The outbox's other end. A push that fails is made up for by `drain`."""

    def __init__(self, database: Database, queue: CaseQueue, bell: Bell, routing: Routing) -> None:
        self._database = database
        self._queue = queue
        self._bell = bell
        self._routing = routing

    async def push(self, case: Case, *turns: Turn) -> None:
        """After the commit: the bell rings for what was said, and the queue learns of the case."""
        await self.ring(case, *turns)
        await self.put(case)
        await self._bell.ring(case.conversation_id, case_id=case.id)

    async def ring(self, case: Case, *turns: Turn) -> None:
        """The bell rings for what was said; the case itself is as it was."""
        for turn in turns:
            await self._bell.ring(case.conversation_id, turn=turn)

    async def put(self, case: Case) -> bool:
        """Let the queue agree with SQL's case; False when Redis does not answer."""
        try:
            await self._queue.put(case, hold_s=self._hold(case))
        except UnavailableError:
            log.warning("queue.unreachable", case_id=case.id)
            return False
        async with self._database.write() as connection:
            # An entry that a later change has written is only carried over once more.
            newest = select(cases.c.rev).where(cases.c.id == case.id).scalar_subquery()
            await connection.execute(
                delete(outbox).where(outbox.c.case_id == case.id, newest == case.rev)
            )
        return True

    def _hold(self, case: Case) -> float:
        if case.state == CaseState.OFFERED:
            return self._routing.ring_s(case.channel)
        if case.state == CaseState.WRAP_UP:
            return self._routing.wrap_up_s(case.channel)
        return LEASE_S

    async def drain(self) -> int:
        """Carry over what a dead process left in the outbox; returns how many cases."""
        async with self._database.read() as connection:
            names = await connection.execute(
                select(outbox.c.case_id).group_by(outbox.c.case_id)
                .order_by(func.min(outbox.c.id)).limit(BATCH)
            )  # fmt: skip
            left = list(names.scalars())
            found = [await store.load(connection, case_id) for case_id in left]
        for case in found:
            if not await self.put(case):
                break
        return len(found)

    async def mend(self) -> int:
        """Make Redis agree with SQL's open cases; returns how many entries were wrong.

        Raises:
            UnavailableError: Redis or SQL does not answer.
        """
        async with self._database.read() as connection:
            rows = await connection.execute(
                select(cases).where(cases.c.state.in_(sorted(OPEN))).order_by(cases.c.id)
            )
            known = [store.case_of(row) for row in rows]
        return await self._queue.mend(known)
