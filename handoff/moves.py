"""The one door through which a case changes: table, fence, revision, log and outbox together."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.errors import ConflictError, NotFoundError
from frontline.turns import Turn
from handoff import store
from handoff.case import HANDED_ON, WAITING, WITH_AGENT, Case, CaseState, Move, after
from handoff.case_log import record
from handoff.tables import cases, outbox
from handoff.turn_store import hold


class StaleFenceError(ConflictError):
    """The case has passed into other hands meanwhile."""

    code = "stale_fence"


class ChangedError(ConflictError):
    """The case has changed since it was looked at."""

    code = "changed"


class MissedError(ConflictError):
    """The customer has written something that the agent has not seen."""

    code = "missed"

    def __init__(self, missed: list[Turn]) -> None:
        super().__init__("the customer has written meanwhile")
        self.missed = missed


class Actor(msgspec.Struct, frozen=True):
    """Who does something: an agent, or one of the names below."""

    id: str
    name: str = ""
    """An agent's, as customers are shown it."""


CUSTOMER, BOT, SYSTEM = Actor("customer"), Actor("bot"), Actor("system")


async def locked(connection: AsyncConnection, case_id: str) -> Row[Any]:
    """The case's row, locked until the transaction ends.

    Its conversation is locked before it, as everywhere: whoever locks the other way round would
    wait for somebody who waits for them.

    Raises:
        NotFoundError: there is none.
    """
    conversation_id = await connection.scalar(
        select(cases.c.conversation_id).where(cases.c.id == case_id)
    )
    if conversation_id is not None:
        await hold(connection, conversation_id)
    row = (
        await connection.execute(select(cases).where(cases.c.id == case_id).with_for_update())
    ).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no case {case_id}")
    return row


async def held(connection: AsyncConnection, case_id: str, agent_id: str, fence: int) -> Case:
    """The case, if this agent still holds it under this fence.

    Raises:
        StaleFenceError: it has passed on.
        NotFoundError: there is no such case.
    """
    row = await locked(connection, case_id)
    if row.fence != fence or row.agent_id != agent_id or CaseState(row.state) not in WITH_AGENT:
        raise StaleFenceError("this case has passed into other hands")
    return store.case_of(row)


async def move(
    connection: AsyncConnection,
    case_id: str,
    what: Move,
    actor: Actor,
    at: datetime,
    *,
    fence: int | None = None,
    data: dict[str, Any] | None = None,
    **columns: Any,
) -> Case:
    """Make a move: new state by the table, log entry, and an outbox row for the live queue.

    Args:
        connection: a writing transaction.
        case_id: which case.
        what: the move.
        actor: who makes it.
        at: when.
        fence: what the caller believes; None = whatever it is.
        data: added to the log entry.
        columns: further columns of `cases` to set.

    Raises:
        IllegalTransitionError: the table does not have this move from where the case is.
        StaleFenceError: another fence.
        NotFoundError: there is no such case.
    """
    row = await locked(connection, case_id)
    if fence is not None and row.fence != fence:
        raise StaleFenceError("this case has passed into other hands")
    state = after(CaseState(row.state), what)
    if state not in WITH_AGENT:
        columns = {"agent_id": None, "agent": None, "lease_until": None} | columns
    if state not in WITH_AGENT | WAITING:
        columns = {"call_id": None} | columns
    if what in HANDED_ON:
        columns["fence"] = row.fence + 1
    await connection.execute(
        update(cases).where(cases.c.id == case_id).values(state=state, **columns)
    )
    case = await store.load(connection, case_id)
    await log_move(connection, case, what, actor, at, {"from": row.state, **(data or {})})
    return await store.load(connection, case_id)


async def log_move(
    connection: AsyncConnection,
    case: Case,
    what: Move,
    actor: Actor,
    at: datetime,
    data: dict[str, Any],
) -> None:
    """Log a move that has been made, and tell the outbox."""
    entry = {
        "to": case.state,
        "fence": case.fence,
        "agent_id": case.agent_id,
        "route": str(case.route),
        "priority": case.priority,
        "due_at": case.due_at.isoformat(),
    }
    await record(connection, case.id, what, actor=actor.id, at=at, data=entry | data)
    await connection.execute(insert(outbox).values(case_id=case.id, at=at))
