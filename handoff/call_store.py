"""Calls in SQL, read and changed inside the caller's transaction."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.errors import NotFoundError
from handoff.call_tables import calls


class CallState(StrEnum):
    """Where a caller is."""

    REGISTERED = "registered"
    """Announced, and not here yet."""
    BOT = "bot"
    """In the voice gateway, or on the way from it."""
    QUEUE = "queue"
    """In the PBX's queue, or with the agent who answered."""
    OVER = "over"


LIVE = (CallState.BOT, CallState.QUEUE)


async def find(connection: AsyncConnection, call_id: str) -> Row[Any] | None:
    """The call's row, locked; None = there is none."""
    wanted = select(calls).where(calls.c.id == call_id).with_for_update()
    return (await connection.execute(wanted)).one_or_none()


async def known(
    connection: AsyncConnection, call_id: str, state: CallState | None = None
) -> Row[Any]:
    """The call's row, locked.

    Raises:
        NotFoundError: there is none, or it is not in this state.
    """
    row = await find(connection, call_id)
    if row is None or (state and row.state != state):
        raise NotFoundError("no such call")
    return row


async def change(connection: AsyncConnection, call_id: str, **values: Any) -> None:
    """Set columns of a call."""
    await connection.execute(update(calls).where(calls.c.id == call_id).values(values))


async def newest_call(connection: AsyncConnection, conversation_id: str) -> Row[Any] | None:
    """The last call that this conversation went on in, whether it is over or not."""
    return (
        await connection.execute(
            select(calls)
            .where(calls.c.conversation_id == conversation_id)
            .order_by(calls.c.began_at.desc())
            .limit(1)
        )
    ).one_or_none()


async def live_call(connection: AsyncConnection, conversation_id: str) -> Row[Any] | None:
    """The call in which this conversation is going on."""
    call = await newest_call(connection, conversation_id)
    return call if call and call.state in LIVE else None
