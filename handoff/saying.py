"""What is looked at before an agent's words become a turn, and what the first of them changes."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.turns import Author, Turn
from handoff import store
from handoff.case import Case
from handoff.case_log import record
from handoff.moves import Actor, MissedError
from handoff.tables import cases, turns
from handoff.turn_store import turn_of


async def said_before(connection: AsyncConnection, case: Case, client_id: str) -> Turn | None:
    """The turn that these very words became when they were sent before."""
    mine = turns.c.conversation_id == case.conversation_id
    row = (
        await connection.execute(select(turns).where(mine, turns.c.client_id == client_id))
    ).one_or_none()
    return turn_of(row) if row else None


async def check_seen(connection: AsyncConnection, case: Case, seen: int) -> None:
    """Whether the agent has read all that the customer wrote.

    Raises:
        MissedError: there is something after turn `seen`.
    """
    rows = await connection.execute(
        select(turns)
        .where(
            turns.c.conversation_id == case.conversation_id,
            turns.c.seq > seen,
            turns.c.author == Author.CUSTOMER,
        )
        .order_by(turns.c.seq)
    )
    if missed := [turn_of(row) for row in rows]:
        raise MissedError(missed)


async def first_reply(connection: AsyncConnection, case: Case, agent: Actor, at: datetime) -> Case:
    """The customer has heard from a person for the first time; the case as it is then."""
    mine = cases.c.id == case.id
    await connection.execute(update(cases).where(mine).values(first_reply_at=at))
    data = {"agent_id": agent.id}
    await record(connection, case.id, "first_reply", actor=agent.id, at=at, data=data)
    return await store.load(connection, case.id)
