"""The queue as an agent sees it: lines, what waits in theirs, what rings, what they hold."""

from datetime import datetime

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff import store
from handoff.agents import Agent
from handoff.case import WITH_AGENT, Case, CaseState, Route
from handoff.routing import Routing
from handoff.tables import cases
from handoff.views import CaseRow, rows_of

SHOWN = 100
"""Waiting cases in the list; the lines count all."""
ASLEEP = (CaseState.CALLBACK_SCHEDULED, CaseState.LEFT_MESSAGE)


class LineView(msgspec.Struct, frozen=True):
    """A line with how many wait in it."""

    route: str
    waiting: int
    longest_wait_s: float


class QueueView(msgspec.Struct, frozen=True):
    """What the inbox shows."""

    degraded: bool
    lines: list[LineView]
    offers: list[CaseRow]
    mine: list[CaseRow]
    waiting: list[CaseRow]


async def lines_of(connection: AsyncConnection, now: datetime) -> list[LineView]:
    """All lines in which cases wait."""
    route = (cases.c.language, cases.c.skill, cases.c.channel, cases.c.level)
    rows = await connection.execute(
        select(*route, func.count(), func.min(cases.c.queued_at))
        .where(cases.c.state == CaseState.QUEUED)
        .group_by(*route)
        .order_by(*route)
    )
    return [
        LineView(str(Route(*row[:4])), row[4], max(0.0, (now - row[5]).total_seconds()))
        for row in rows
    ]


async def held_by(connection: AsyncConnection, agent_ids: list[str]) -> list[Case]:
    """What these agents are offered or hold, earliest due first."""
    rows = await connection.execute(
        select(cases)
        .where(cases.c.agent_id.in_(agent_ids), cases.c.state.in_(sorted(WITH_AGENT)))
        .order_by(cases.c.due_at, cases.c.id)
    )
    return [store.case_of(row) for row in rows]


async def waiting_for(
    connection: AsyncConnection, agent: Agent, routing: Routing, *, everything: bool
) -> list[Case]:
    """The first waiting cases that this agent may take, earliest due first."""
    rows = await connection.execute(
        select(cases)
        .where(cases.c.state.in_([CaseState.QUEUED, *ASLEEP]))
        .order_by(cases.c.due_at, cases.c.id)
        .limit(SHOWN * 5)
    )
    mine = set(routing.routes_of(agent.languages, agent.skills, agent.capacity))
    found = [store.case_of(row) for row in rows]
    return [case for case in found if everything or case.route in mine][:SHOWN]


async def queue_view(
    connection: AsyncConnection,
    agent: Agent,
    routing: Routing,
    now: datetime,
    language: str,
    *,
    degraded: bool,
    everything: bool = False,
) -> QueueView:
    """The inbox of an agent; with `everything`, all lines' cases."""
    lines = await lines_of(connection, now)
    if not everything:
        mine = {str(r) for r in routing.routes_of(agent.languages, agent.skills, agent.capacity)}
        lines = [line for line in lines if line.route in mine]
    held = await held_by(connection, [agent.id])
    ringing = [case for case in held if case.state == CaseState.OFFERED]
    kept = [case for case in held if case.state != CaseState.OFFERED]
    waiting = await waiting_for(connection, agent, routing, everything=everything)
    return QueueView(
        degraded,
        lines,
        await rows_of(connection, ringing, language),
        await rows_of(connection, kept, language),
        await rows_of(connection, waiting, language),
    )
