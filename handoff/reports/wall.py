"""Figures of the supervisors' wall: how the lines stand now, and how the day has been so far."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, time, timedelta

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.clock import LOCAL_ZONE, local
from frontline.turns import Controller
from handoff.case import WAITING, Case, Route
from handoff.reports import sources
from handoff.reports.contacts import Contact
from handoff.reports.definitions import Options
from handoff.reports.report import compute
from handoff.reports.samples import Facts
from handoff.reports.sessions import GAP, Session
from handoff.sla import RISK, Standing
from handoff.tables import conversations

TALKING_WITHIN = timedelta(minutes=5)
"""A conversation with the bot goes on when anything was said so lately."""

Judge = Callable[[Case, datetime], Standing]
"""How a waiting case stands; `Routing.standing` counts opening time."""


class LineNow(msgspec.Struct, frozen=True):
    """One line as it is now."""

    route: str
    language: str
    skill: str
    channel: str
    level: int
    waiting: int
    longest_wait_s: float
    at_risk: int
    """Less than 20 % of the time to the due time is left."""
    breached: int
    """Past the due time; these are not at risk any more."""


class Today(msgspec.Struct, frozen=True):
    """The local day so far; the figures' definitions are in `kpis.yml`."""

    queued: int
    answered: int
    abandoned: int
    service_level: float | None
    asa_s: float | None


class BotNow(msgspec.Struct, frozen=True):
    """The bot's share."""

    conversations_now: int
    contained_today: int
    """Talks begun today that are over (30 minutes of silence), understood and not handed off."""


def standing(case: Case, now: datetime) -> Standing:
    """How a waiting case stands by the wall clock."""
    left = case.due_at - now
    if left < timedelta(0):
        return Standing.BREACHED
    target = case.due_at - case.queued_at
    return Standing.AT_RISK if left < RISK * target else Standing.ON_TIME


def lines(cases: Iterable[Case], now: datetime, judge: Judge = standing) -> list[LineNow]:
    """The lines in which anybody waits, the most urgent first.

    Args:
        cases: any; those that do not wait are passed over.
        now: the present.
        judge: how a case stands.
    """
    by_route: dict[Route, list[Case]] = {}
    for case in cases:
        if case.state in WAITING:
            by_route.setdefault(case.route, []).append(case)
    made = [_line(route, waiting, now, judge) for route, waiting in by_route.items()]
    return sorted(made, key=lambda one: (-one.breached, -one.at_risk, -one.waiting, one.route))


def _line(route: Route, waiting: Sequence[Case], now: datetime, judge: Judge) -> LineNow:
    stands = [judge(case, now) for case in waiting]
    longest = max((now - case.queued_at).total_seconds() for case in waiting)
    return LineNow(
        str(route), route.language, route.skill, route.channel, route.level, len(waiting),
        max(longest, 0.0), stands.count(Standing.AT_RISK), stands.count(Standing.BREACHED),
    )  # fmt: skip


def midnight(now: datetime) -> datetime:
    """The beginning of the local day."""
    return datetime.combine(local(now).date(), time(), LOCAL_ZONE).astimezone(UTC)


def today(contacts: list[Contact], now: datetime, options: Options | None = None) -> Today:
    """The day so far, from all contacts to which anything happened today."""
    facts = Facts(
        since=midnight(now), until=now + timedelta(microseconds=1), now=now, contacts=contacts
    )

    def value(kpi: str) -> float | None:
        return compute(kpi, facts, options=options).total.value

    abandoned = compute("abandon_rate", facts, options=options).total.part
    return Today(
        int(value("queued") or 0), int(value("answered") or 0), int(abandoned),
        value("service_level"), value("asa"),
    )  # fmt: skip


async def today_from(
    connection: AsyncConnection, now: datetime, options: Options | None = None
) -> Today:
    """The day so far. Reads all of the day's log: keep the answer for some seconds."""
    end = now + timedelta(microseconds=1)
    return today(await sources.contacts(connection, midnight(now), end, now), now, options)


def contained(sessions: Iterable[Session], now: datetime) -> int:
    """How many talks are over without need of a person; a later return may still change it."""
    since = midnight(now)
    return sum(
        session.since >= since and session.last + GAP <= now and session.contained(GAP)
        for session in sessions
    )


async def bot_now(connection: AsyncConnection, now: datetime) -> BotNow:
    """The bot's share of today. Keep the answer for some seconds."""
    talking = await connection.scalar(
        select(func.count())
        .select_from(conversations)
        .where(
            conversations.c.controller == Controller.BOT,
            conversations.c.updated_at > now - TALKING_WITHIN,
        )
    )
    end = now + timedelta(microseconds=1)
    talks = await sources.bot_sessions(connection, midnight(now), end)
    return BotNow(talking or 0, contained(talks, now))
