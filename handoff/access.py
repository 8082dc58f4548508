"""Which agent may see which case. Changing one needs more: to hold it, which moves.py checks."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.errors import NotFoundError
from handoff import store
from handoff.agents import Agent
from handoff.case import WITH_AGENT, Case, CaseState
from handoff.routing import Routing
from handoff.tables import cases

SEE_ALL = frozenset({"supervisor", "admin"})
TO_TAKE = (CaseState.QUEUED, CaseState.CALLBACK_SCHEDULED, CaseState.LEFT_MESSAGE)
"""Nobody has it, and who serves its route may."""


def served(agent: Agent, routing: Routing) -> ColumnElement[bool]:
    """The condition that a case is in a route which this agent may serve."""
    levels: dict[str, int] = {}
    languages, channels = set(), set()
    for route in routing.routes_of(agent.languages, agent.skills, agent.capacity):
        levels[route.skill] = max(route.level, levels.get(route.skill, 0))
        languages.add(route.language)
        channels.add(route.channel)
    return and_(
        cases.c.language.in_(sorted(languages)),
        cases.c.channel.in_(sorted(channels)),
        or_(*(and_(cases.c.skill == name, cases.c.level <= top) for name, top in levels.items())),
    )


def visible(agent: Agent, routing: Routing) -> ColumnElement[bool]:
    """The condition that an agent may see a case.

    Theirs, ringing at their desk, waiting where they may take it, given away by nobody else since
    they had it, or of the customer whom they are serving. Supervisors see all.
    """
    if agent.role in SEE_ALL:
        return true()
    others = cases.alias("others")
    serving = select(others.c.conversation_id).where(
        others.c.agent_id == agent.id, others.c.state.in_(sorted(WITH_AGENT))
    )
    return or_(
        cases.c.agent_id == agent.id,
        and_(cases.c.agent_id.is_(None), cases.c.preferred_agent == agent.id),
        and_(cases.c.state.in_(TO_TAKE), served(agent, routing)),
        cases.c.conversation_id.in_(serving),
    )


async def seen(connection: AsyncConnection, agent: Agent, case_id: str, routing: Routing) -> Case:
    """The case, if the agent may see it.

    Raises:
        NotFoundError: there is none, or it is not for this agent: which, is not said.
    """
    wanted = select(cases).where(cases.c.id == case_id, visible(agent, routing))
    row = (await connection.execute(wanted)).one_or_none()
    if row is None:
        raise NotFoundError("there is no such case")
    return store.case_of(row)


async def sees_conversation(
    connection: AsyncConnection, agent: Agent, conversation_id: str, routing: Routing
) -> bool:
    """May the agent see a case of this conversation?"""
    wanted: Any = select(cases.c.id).where(
        cases.c.conversation_id == conversation_id, visible(agent, routing)
    )
    return await connection.scalar(wanted.limit(1)) is not None
