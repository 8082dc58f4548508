"""What agents write to a case that does not move it: notes, drafts, checks, the answer in law."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.clock import Clock
from frontline.database import Database
from frontline.errors import ConflictError
from frontline.ids import new_id
from handoff import legal, store
from handoff.case import Case
from handoff.case_log import record
from handoff.desk_tables import drafts, identity_checks, notes
from handoff.moves import Actor, held, locked
from handoff.relay import Relay
from handoff.tables import cases
from handoff.views import Note


class NoLegalClockError(ConflictError):
    """The case has no statutory clock, or it was answered already."""

    code = "no_legal_clock"


class Annotations:
    """Writes them, each with its entry in the case's log."""

    def __init__(self, database: Database, relay: Relay, clock: Clock) -> None:
        self._database = database
        self._relay = relay
        self._clock = clock

    async def note(self, case_id: str, agent: Actor, text: str) -> tuple[Case, Note]:
        """Add a private note. The log says that there is one, not what it says.

        Raises:
            NotFoundError: there is no such case.
        """
        now = self._clock.now()
        noted = Note(new_id(), agent.name, text, now)
        async with self._database.write() as connection:
            await locked(connection, case_id)
            await connection.execute(
                insert(notes).values(
                    id=noted.id, case_id=case_id, agent_id=agent.id, text=text, at=now
                )
            )
            data = {"agent_id": agent.id, "note_id": noted.id}
            case = await self._log(connection, case_id, "note", agent, now, data)
        await self._relay.push(case)
        return case, noted

    async def draft(self, case_id: str, agent: Actor, text: str) -> None:
        """Keep what the agent has typed and not sent; empty = forget it."""
        mine = (drafts.c.case_id == case_id) & (drafts.c.agent_id == agent.id)
        async with self._database.write() as connection:
            await connection.execute(delete(drafts).where(mine))
            if text:
                await connection.execute(
                    insert(drafts).values(
                        case_id=case_id, agent_id=agent.id, text=text, at=self._clock.now()
                    )
                )

    async def identity(self, case: Case, agent: Actor, method: str, passed: bool) -> Case:
        """Write down how the agent made sure who is there, never the answers themselves.

        Raises:
            StaleFenceError: somebody else has the case now.
        """
        now = self._clock.now()
        async with self._database.write() as connection:
            await held(connection, case.id, agent.id, case.fence)
            await connection.execute(
                insert(identity_checks).values(
                    id=new_id(), case_id=case.id, agent_id=agent.id, method=method,
                    passed=passed, at=now,
                )
            )  # fmt: skip
            data = {"agent_id": agent.id, "method": method, "passed": passed}
            case = await self._log(connection, case.id, "identity_checked", agent, now, data)
        await self._relay.push(case)
        return case

    async def answered(self, case_id: str, agent: Actor, medium: str) -> Case:
        """The customer has the answer that the law asks for, on this durable medium.

        Raises:
            NoLegalClockError: no answer is due.
            NotFoundError: there is no such case.
        """
        now = self._clock.now()
        async with self._database.write() as connection:
            await locked(connection, case_id)
            known = (await store.load(connection, case_id)).legal
            if not known or known.get("answered_at"):
                raise NoLegalClockError("no answer is due in this case")
            stopped = legal.answered(known, now, medium)
            await connection.execute(
                update(cases).where(cases.c.id == case_id).values(legal=stopped)
            )
            data = {"agent_id": agent.id, "durable_medium": medium}
            case = await self._log(connection, case_id, "legal_answered", agent, now, data)
        await self._relay.push(case)
        return case

    async def _log(
        self, connection: AsyncConnection, case_id: str, kind: str, agent: Actor, at: datetime,
        data: Mapping[str, object],
    ) -> Case:  # fmt: skip
        await record(connection, case_id, kind, actor=agent.id, at=at, data=data)
        return await store.load(connection, case_id)
