"""How long a waiting customer will probably wait: a range, or nothing where too little is known.

    wait = duration / places × customers that have to be done before it is this one's turn

Each of `places` is freed every `duration` on average, so one of them every duration / places, and
everyone ahead and one more has to be freed for. This is Google CCAI's published estimate
`avg_duration / active_agents × agents_in_common / active_in_queue × (queued_ahead − available)` for
agents that serve one queue; who serves k queues counts as 1/k of an agent, which is the share that
its middle factor gives. Instead of one average the lower and the upper quartile of recent durations
are used: that gives a range, and a single odd case does not move it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from math import ceil, floor
from statistics import quantiles

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff import agents, store
from handoff.case import WAITING, WITH_AGENT, Case, Move, Route
from handoff.routing import Routing
from handoff.tables import case_events, cases

ENOUGH = 10
"""Fewer samples say nothing, and nothing is shown."""
WINDOWS = (timedelta(hours=1), timedelta(hours=4))
"""The last hour says most; when it says too little, four."""
MOST = 500
"""Newest cases that are looked at; more would change nothing."""


class Range(msgspec.Struct, frozen=True):
    """From so many minutes to so many."""

    from_min: int
    to_min: int
    """At least 1 and more than `from_min`."""


def estimate(
    answered: Sequence[float], agents: float, ahead: int, *, free: float = 0
) -> Range | None:
    """The probable wait.

    Args:
        answered: recent handling durations in seconds, of this line, wrap-up included.
        agents: places that serve the line: one for each conversation that an agent may have at
            once; who also serves other lines counts in part.
        ahead: customers who come first.
        free: places that stand empty now.

    Returns:
        None with fewer than `ENOUGH` durations, or when nobody serves the line.
    """
    known = [seconds for seconds in answered if seconds >= 0]
    if len(known) < ENOUGH or agents <= 0:
        return None
    turns = max(0.0, ahead + 1 - free)
    low, _, high = quantiles(known, n=4, method="inclusive")
    from_min = floor(low / agents * turns / 60)
    return Range(from_min, max(ceil(high / agents * turns / 60), from_min + 1))


async def wait_of(
    connection: AsyncConnection, case: Case, now: datetime, agents_serving: float
) -> Range | None:
    """The probable wait of a queued case, from how long cases of its skill and channel took lately.

    Args:
        connection: any transaction.
        case: who waits.
        now: the present.
        agents_serving: places that serve its line; see `estimate`.
    """
    for window in WINDOWS:
        durations = await recent_durations(connection, case, now - window, now)
        if len(durations) >= ENOUGH:
            place = await store.place(connection, case)
            return estimate(durations, agents_serving, ahead=place - 1)
    return None


async def wait_now(
    connection: AsyncConnection, case: Case, routing: Routing, now: datetime
) -> Range | None:
    """The probable wait with the agents who are there now."""
    return await wait_of(connection, case, now, await serving(connection, case, routing, now))


async def serving(
    connection: AsyncConnection, case: Case, routing: Routing, now: datetime
) -> float:
    """Places for conversations on the case's line.

    Who serves several lines in which somebody waits counts in part on each; a line in which nobody
    waits takes nothing away.
    """
    rows = await connection.execute(
        select(cases.c.language, cases.c.skill, cases.c.channel, cases.c.level)
        .where(cases.c.state.in_(sorted(WAITING)))
        .distinct()
    )
    busy = {Route(*row) for row in rows}
    mine = Route(case.language, case.skill, case.channel, case.level)
    places = 0.0
    for agent in await agents.available(connection, now):
        served = set(routing.routes_of(agent.languages, agent.skills, agent.capacity))
        if mine in served:
            places += agent.capacity.get(case.channel, 1) / len((served & busy) | {mine})
    return places


async def recent_durations(
    connection: AsyncConnection, case: Case, since: datetime, now: datetime
) -> list[float]:
    """Seconds from each acceptance since then until the agent was free again, wrap-up included."""
    accepted = (
        select(case_events.c.case_id)
        .where(
            case_events.c.type == Move.ACCEPT,
            case_events.c.at >= since,
            case_events.c.at <= now,
            case_events.c.data["route"].as_string().like(f"%|{case.skill}|{case.channel}|%"),
        )
        .order_by(case_events.c.at.desc())
        .limit(MOST)
    )
    rows = await connection.execute(
        select(case_events.c.case_id, case_events.c.type, case_events.c.at, case_events.c.data)
        .where(
            case_events.c.case_id.in_(accepted),
            case_events.c.at >= since,
            case_events.c.at <= now,
        )
        .order_by(case_events.c.case_id, case_events.c.n)
    )
    durations: list[float] = []
    for _, events in groupby(rows, key=lambda row: row.case_id):
        begun: datetime | None = None
        for event in events:
            state = event.data.get("to")
            if event.type == Move.ACCEPT:
                begun = event.at
            elif begun and state is not None and state not in WITH_AGENT:
                durations.append((event.at - begun).total_seconds())
                begun = None
    return durations
