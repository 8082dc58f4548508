"""What is looked at before an agent's words become a turn."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.turns import Author, Turn
from handoff.case import Case
from handoff.conversations import turn_of
from handoff.moves import MissedError
from handoff.tables import turns


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
