"""Agents for tests."""

from handoff import agents
from handoff.app_parts import Parts
from handoff.moves import Actor


async def hire(parts: Parts, name: str) -> Actor:
    """An agent who has just given a sign of life."""
    async with parts.database.write() as connection:
        agent = await agents.ensure(connection, name.lower(), name, parts.clock.now())
        await agents.touch(connection, agent.id, parts.clock.now())
    return Actor(agent.id, name)
