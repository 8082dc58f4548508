"""Talks with the bot of one day, and the figures worked out by hand.

| talk | turns | came to |
|---|---|---|
| k1 09:00 | order_status | contained, asked for something |
| k2 09:10 | greet | contained, small talk |
| k3 09:20 | not understood, not understood | gave up |
| k4 09:30 | order_status, complaint | handed off twice |
| k5 09:40 | order_status | came back at 15:00 |
| k5 15:00 | thank | contained, small talk |
| k6 09:50 | no answer from the bot | gave up |
| k7 10:00 | not understood, order_status | contained, asked for something |
"""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert

from frontline.database import Database
from handoff.reports.definitions import Options
from handoff.reports.report import interval, report
from handoff.reports.sessions import Asked, Handoff, sessions
from handoff.reports.wall import BotNow, bot_now
from handoff.tables import conversations, turns
from tests.handoff.reports.story import DAY, at, read, store

TURNS = """
k1 09:00:00 order_status
k2 09:10:00 greet
k3 09:20:00 nlu_fallback
k3 09:21:00 nlu_fallback
k4 09:30:00 order_status
k4 09:31:00 complaint
k5 09:40:00 order_status
k5 15:00:00 thank
k6 09:50:00 -
k7 10:00:00 nlu_fallback
k7 10:01:00 order_status
"""
CASES = """
C1 09:32:00 opened bot route=pl|complaints|chat|1 conversation_id=k4 reason=complaint
C2 09:33:00 opened bot route=pl|general|chat|1 conversation_id=k4
"""
LATER = at("12:00:00", "2026-11-26")

EXPECTED = {
    "containment": (50.0, 8),  # k1 k2 k5b k7
    "abandoned_in_bot": (25.0, 8),  # k3 k6
    "deflection": (25.0, 8),  # k1 k7
    "handoff_rate": (12.5, 8),
    "fallback_rate": (30.0, 10),  # k6 was not answered
    "fallback_sessions": (12.5, 8),
}


@pytest.fixture
async def day(database: Database) -> Database:
    async with database.write() as connection:
        await store(connection, read(CASES).values())
        seq: dict[str, int] = {"k4": 0}
        for line in TURNS.strip().splitlines():
            conversation_id, time, intent = line.split()
            if conversation_id not in seq:
                seq[conversation_id] = 0
                await connection.execute(
                    insert(conversations).values(
                        id=conversation_id, channel="web", language="pl", controller="bot",
                        created_at=at(time), updated_at=at("15:00:00"),
                    )
                )  # fmt: skip
            seq[conversation_id] += 1
            n, known = seq[conversation_id], intent != "-"
            await connection.execute(
                insert(turns).values(
                    conversation_id=conversation_id, seq=n, id=f"{conversation_id}-{n}",
                    author="customer", text="…", language="pl", epoch=1, at=at(time),
                    answer="done" if known else "refused",
                    nlu={"intent": {"name": intent, "confidence": 0.9}} if known else None,
                )
            )  # fmt: skip
    return database


async def test_the_bots_figures_are_those_worked_out_by_hand(day: Database) -> None:
    span = interval(date.fromisoformat(DAY), date.fromisoformat(DAY))
    async with day.read() as connection:
        found = {
            kpi: (made.total.value, made.total.n)
            for kpi in EXPECTED
            for made in [await report(connection, kpi, *span, now=LATER)]
        }
        by_reason = await report(connection, "handoff_rate", *span, "reason", now=LATER)
        contained = await report(connection, "containment", *span, "channel", now=LATER)
    assert found == EXPECTED
    [group] = by_reason.groups  # its share of all talks, by the first case's reason
    assert (group.label, group.value, group.n, group.cases) == (
        "reklamacja", 12.5, 8, ["C1", "C2"],
    )  # fmt: skip
    [group] = contained.groups
    assert (group.conversations, group.cases) == (["k3", "k4", "k5", "k6"], ["C1", "C2"])


async def test_a_talk_is_judged_when_the_customer_has_had_time_to_come_back(day: Database) -> None:
    span = interval(date.fromisoformat(DAY), date.fromisoformat(DAY))
    async with day.read() as connection:
        at_once = await report(connection, "containment", *span, now=at("15:30:00"))
        soon = await report(
            connection, "containment", *span, now=at("15:30:00"), options=Options(hours=5)
        )
    assert (at_once.total.value, at_once.total.n) == (None, 0)
    assert (soon.total.value, soon.total.n) == (57.14, 7)  # k5 came back later than that


async def test_the_wall_shows_the_bots_day_so_far(day: Database) -> None:
    async with day.read() as connection:
        early = await bot_now(connection, at("10:15:00"))
        late = await bot_now(connection, at("15:03:00"))
    assert early.contained_today == 3  # k1 k2 k5; k7 may go on
    assert late == BotNow(conversations_now=6, contained_today=4)


def asked(moment: datetime, intent: str | None = "order_status") -> Asked:
    return Asked("k", "chat", moment, intent)


def test_a_pause_of_half_an_hour_is_the_same_talk_and_a_longer_one_is_not() -> None:
    first = at("10:00:00")
    for pause, number in ((timedelta(minutes=30), 1), (timedelta(minutes=30, seconds=1), 2)):
        assert len(list(sessions([asked(first), asked(first + pause)], {}))) == number


def test_a_case_belongs_to_the_talk_in_which_it_was_opened() -> None:
    turns = [asked(at("10:00:00")), asked(at("12:00:00"))]
    handoffs = {"k": [Handoff("C", at("10:45:00"), "complaint")]}
    early, late = sessions(turns, handoffs)
    assert (len(early.handoffs), len(late.handoffs)) == (1, 0)
    assert early.back_at == at("12:00:00")


def test_nothing_said_is_no_talk() -> None:
    assert list(sessions([], {})) == []
