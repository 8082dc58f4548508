"""What reports read from SQL: the logs of the cases that an interval touches, and bot's turns.

Only `case_events`, `presence_log`, `conversations` and `turns` are read, and of `cases` the last
day that the law sets, which no entry of the log has.
"""

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, date, datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.turns import Author
from handoff.case import IllegalTransitionError, Kind, Move, Route
from handoff.case_log import CaseEvent
from handoff.desk_tables import agents, presence_log
from handoff.reports.contacts import READ, BrokenLogError, Contact, contact
from handoff.reports.definitions import Options
from handoff.reports.occupancy import Presence
from handoff.reports.samples import Business, Facts, LegalClock
from handoff.reports.sessions import Asked, Handoff, Session, sessions
from handoff.tables import case_events, cases, conversations, turns

log = structlog.get_logger()

BATCH = 2000
AROUND = timedelta(days=1)
"""How far before and after an interval handling is looked for that spans its edge."""
BOT = frozenset(
    {"containment", "abandoned_in_bot", "deflection", "handoff_rate", "fallback_rate",
     "fallback_sessions"}
)  # fmt: skip
"""Figures that are counted from the bot's talks."""


async def facts(
    connection: AsyncConnection,
    kpi: str,
    since: datetime,
    until: datetime,
    now: datetime,
    options: Options,
    business: Business | None = None,
) -> Facts:
    """What this figure is counted from."""
    since, until, now = since.astimezone(UTC), until.astimezone(UTC), now.astimezone(UTC)
    made = Facts(since=since, until=until, now=now, business=business)
    if kpi in BOT:
        made.sessions.extend(await bot_sessions(connection, since, until))
    elif kpi == "legal_on_time":
        made.legal.extend(await legal_clocks(connection))
    else:
        before = after = timedelta(0)
        if kpi == "fcr":
            after = timedelta(days=options.days)
        elif kpi in ("occupancy", "aht_shared"):
            before = after = AROUND
        made.contacts.extend(await contacts(connection, since - before, until + after, now))
    if kpi == "occupancy":
        made.presence.extend(await presence(connection, since, until))
    return made


async def contacts(
    connection: AsyncConnection, since: datetime, until: datetime, now: datetime
) -> list[Contact]:
    """The contacts to which anything happened in the interval, with their whole story.

    A log that no case can have had is left out and logged; `recompute` and `verify` report it.
    """
    touched = select(case_events.c.case_id).where(
        case_events.c.at >= since, case_events.c.at < until
    )
    return [one async for one in read_contacts(connection, case_events.c.case_id.in_(touched), now)]


async def read_contacts(
    connection: AsyncConnection, which: ColumnElement[bool], now: datetime
) -> AsyncIterator[Contact]:
    """Contacts of the cases chosen, one after the other."""
    async for events in logs(connection, which):
        try:
            yield contact(events, now)
        except (BrokenLogError, IllegalTransitionError, KeyError, ValueError) as error:
            log.warning("report.broken_log", case_id=events[0].case_id, error=str(error))


async def logs(
    connection: AsyncConnection, which: ColumnElement[bool]
) -> AsyncIterator[list[CaseEvent]]:
    """What reports need of the log of each case chosen."""
    wanted = (
        select(
            case_events.c.case_id, case_events.c.n, case_events.c.type, case_events.c.at,
            case_events.c.actor, case_events.c.data,
        )
        .where(which, case_events.c.type.in_(sorted(READ)))
        .order_by(case_events.c.case_id, case_events.c.n)
    )  # fmt: skip
    gathered: list[CaseEvent] = []
    result = await connection.stream(wanted)
    async for rows in result.partitions(BATCH):
        for row in rows:
            event = CaseEvent(*row, prev_hash="", hash="")
            if gathered and gathered[0].case_id != event.case_id:
                yield gathered
                gathered = []
            gathered.append(event)
    if gathered:
        yield gathered


async def presence(connection: AsyncConnection, since: datetime, until: datetime) -> list[Presence]:
    """Changes of presence in the interval, and the last of each agent before it."""
    last = (
        select(func.max(presence_log.c.id))
        .where(presence_log.c.at < since)
        .group_by(presence_log.c.agent_id)
    )
    rows = await connection.execute(
        select(presence_log.c.agent_id, presence_log.c.presence, presence_log.c.at)
        .where(
            presence_log.c.at < until,
            or_(presence_log.c.at >= since, presence_log.c.id.in_(last)),
        )
        .order_by(presence_log.c.at, presence_log.c.id)
    )
    return [Presence(*row) for row in rows]


async def legal_clocks(connection: AsyncConnection) -> list[LegalClock]:
    """Complaints with a statutory last day, and when the log says that they were answered."""
    rows = await connection.execute(
        select(
            cases.c.id, cases.c.kind, cases.c.language, cases.c.skill, cases.c.channel,
            cases.c.level, cases.c.reason, cases.c.legal["due"].as_string(),
        ).where(cases.c.kind == Kind.COMPLAINT)
    )  # fmt: skip
    complaints = [row for row in rows if row[-1]]
    of_complaints = select(cases.c.id).where(cases.c.kind == Kind.COMPLAINT)
    answers: dict[str, datetime] = {}
    for event_of in await connection.execute(
        select(case_events.c.case_id, case_events.c.at, case_events.c.data)
        .where(case_events.c.type == "legal_answered", case_events.c.case_id.in_(of_complaints))
        .order_by(case_events.c.case_id, case_events.c.n)
    ):
        if event_of.data.get("durable_medium"):
            answers.setdefault(event_of.case_id, event_of.at)
    return [
        LegalClock(
            row.id, row.kind, Route(row.language, row.skill, row.channel, row.level), row.reason,
            date.fromisoformat(row[-1]), answers.get(row.id),
        )
        for row in complaints
    ]  # fmt: skip


async def bot_sessions(
    connection: AsyncConnection, since: datetime, until: datetime
) -> list[Session]:
    """Talks with the bot of conversations that were alive in the interval."""
    alive = select(conversations.c.id).where(
        conversations.c.updated_at >= since, conversations.c.created_at < until
    )
    made = await handoffs(connection, alive)
    asked = [turn async for turn in _asked(connection, alive)]
    return [
        session
        for session in sessions(asked, made)
        if session.since < until and session.last >= since
    ]


async def handoffs(
    connection: AsyncConnection, which: Select[tuple[str]]
) -> dict[str, list[Handoff]]:
    """The cases of these conversations, by the opening entries of their logs."""
    rows = await connection.execute(
        select(case_events.c.case_id, case_events.c.at, case_events.c.data)
        .join(cases, cases.c.id == case_events.c.case_id)
        .where(case_events.c.n == 1, case_events.c.type == Move.OPEN,
               cases.c.conversation_id.in_(which))
        .order_by(case_events.c.at)
    )  # fmt: skip
    found: dict[str, list[Handoff]] = {}
    for case_id, at, data in rows:
        handoff = Handoff(case_id, at, data["reason"])
        found.setdefault(data["conversation_id"], []).append(handoff)
    return found


async def _asked(connection: AsyncConnection, which: Select[tuple[str]]) -> AsyncIterator[Asked]:
    wanted = (
        select(turns.c.conversation_id, conversations.c.channel, turns.c.at,
               turns.c.nlu["intent"]["name"].as_string())
        .join(conversations, conversations.c.id == turns.c.conversation_id)
        .where(turns.c.conversation_id.in_(which), turns.c.author == Author.CUSTOMER,
               turns.c.answer.in_(("done", "refused")))
        .order_by(turns.c.conversation_id, turns.c.seq)
    )  # fmt: skip
    result = await connection.stream(wanted)
    async for rows in result.partitions(BATCH):
        for conversation_id, channel, at, intent in rows:
            voice_or_chat = "voice" if channel == "voice" else "chat"
            yield Asked(conversation_id, voice_or_chat, at, intent)


async def agent_names(connection: AsyncConnection) -> dict[str, str]:
    """Names of all agents, also of those who have left."""
    rows: Iterable[tuple[str, str]] = (
        (row.id, row.name) for row in await connection.execute(select(agents.c.id, agents.c.name))
    )
    return dict(rows)
