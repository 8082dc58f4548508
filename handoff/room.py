"""Whether an agent is there and has room for more; Redis counts too, SQL decides."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.errors import ConflictError
from handoff import agents, store
from handoff.case import WITH_AGENT, Case
from handoff.tables import cases


class NoRoomError(ConflictError):
    """The agent holds as much as they can."""

    code = "no_room"


class NotThereError(ConflictError):
    """The agent is not available any more."""

    code = "agent_not_there"


async def held_by(connection: AsyncConnection, agent_id: str) -> list[Case]:
    """Everything that rings at the agent's desk, is talked about or written up there."""
    rows = await connection.execute(
        select(cases).where(cases.c.agent_id == agent_id, cases.c.state.in_(sorted(WITH_AGENT)))
    )
    return [store.case_of(row) for row in rows]


def has_room(channel: str, holds: list[Case], capacity: Mapping[str, int]) -> bool:
    """Whether an agent who holds these cases may take another; a call excludes everything else."""
    if any(held.channel == "voice" for held in holds) or (channel == "voice" and holds):
        return False
    return sum(held.channel == channel for held in holds) < capacity.get(channel, 0)


async def check_room(
    connection: AsyncConnection,
    agent_id: str,
    channel: str,
    capacity: Mapping[str, int],
    now: datetime,
) -> None:
    """Two desks that offer to one agent at the same moment take turns.

    Who was free when a long round of offers began may have gone since.

    Raises:
        NotThereError: the agent is away, or was not heard of for too long.
        NoRoomError: this one would be too much.
    """
    if not await agents.lock_available(connection, agent_id, now):
        raise NotThereError("the agent is not available")
    if not has_room(channel, await held_by(connection, agent_id), capacity):
        raise NoRoomError("the agent has no room")
