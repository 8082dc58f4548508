from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.case import Route
from handoff.reports.contacts import Spell
from handoff.reports.occupancy import (
    Presence,
    common,
    local_days,
    shared_seconds,
    united,
    worked,
)
from tests.handoff.reports.story import at

ROUTE = Route("pl", "general", "chat")
MIDNIGHT = at("00:00:00")
Spans = list[tuple[int, int]]


def spell(first: str, last: str | None, agent: str = "ania") -> Spell:
    return Spell(agent, ROUTE, at(first), at(last) if last else None, None, 0, 0, 0, None)


def test_two_cases_at_once_are_one_hour_of_handling() -> None:
    held = [("A", spell("10:00:00", "11:00:00")), ("B", spell("10:30:00", "11:00:00"))]
    there = [Presence("ania", "available", at("09:00:00"))]
    [day] = worked(there, held, [], at("09:00:00"), at("12:00:00"))
    assert (day.handle_s, day.idle_s, day.case_ids) == (3600, 7200, ("A", "B"))


def test_handling_in_a_break_is_handling_and_the_break_is_not_idle() -> None:
    there = [
        Presence("ania", "available", at("09:00:00")),
        Presence("ania", "break", at("10:00:00")),
    ]
    [day] = worked(there, [("A", spell("10:30:00", None))], [], at("09:00:00"), at("11:00:00"))
    assert (day.handle_s, day.idle_s) == (1800, 3600)


def test_who_was_not_there_has_no_day() -> None:
    there = [Presence("ania", "offline", at("09:00:00"))]
    assert list(worked(there, [], [], at("09:00:00"), at("11:00:00"))) == []
    assert list(worked([], [], [], at("09:00:00"), at("11:00:00"))) == []


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_an_agent_who_is_there_all_day_is_idle_as_long_as_the_day_is(day: str, hours: int) -> None:
    begin, end = at("00:00:00", day), at("23:59:59", day) + timedelta(seconds=1)
    there = [Presence("ania", "available", begin - timedelta(days=1))]
    [found] = worked(there, [], [], begin, end)
    assert found.idle_s == hours * 3600


def test_an_interval_is_cut_at_local_midnights() -> None:
    days = local_days(at("22:00:00"), at("01:00:00", "2026-11-26"))
    assert [(end - begin).total_seconds() / 3600 for begin, end in days] == [2, 24, 1]


def test_seconds_are_divided_among_the_cases_held_at_that_moment() -> None:
    spells = [
        spell("10:00:00", "10:10:00"), spell("10:05:00", "10:15:00"),
        spell("10:05:00", None), spell("10:05:00", "10:06:00", "bartek"),
    ]  # fmt: skip
    took = shared_seconds(spells, at("10:15:00"))
    assert took == [300 + 100, 100 + 150, 100 + 150, 60]


minutes = st.lists(st.tuples(st.integers(0, 600), st.integers(0, 60)), max_size=12)


@given(minutes)
def test_shared_seconds_are_as_many_as_the_agent_was_busy(parts: Spans) -> None:
    spells = [
        Spell("ania", ROUTE, MIDNIGHT + timedelta(minutes=first),
              MIDNIGHT + timedelta(minutes=first + long), None, 0, 0, 0, None)
        for first, long in parts
    ]  # fmt: skip
    busy = united((s.since, s.until or s.since) for s in spells)
    whole = sum((last - first).total_seconds() for first, last in busy)
    assert sum(shared_seconds(spells, MIDNIGHT)) == pytest.approx(whole)


@given(minutes, minutes)
def test_common_time_is_what_belongs_to_both(one: Spans, other: Spans) -> None:
    def spans(parts: Spans) -> list[tuple[object, object]]:
        return united(  # type: ignore[return-value]
            (MIDNIGHT + timedelta(minutes=a), MIDNIGHT + timedelta(minutes=a + b))
            for a, b in parts
            if b
        )

    def held(parts: Spans) -> set[int]:
        return {minute for a, b in parts for minute in range(a, a + b)}

    both = common(spans(one), spans(other))  # type: ignore[arg-type]
    seconds = sum((last - first).total_seconds() for first, last in both)
    assert seconds == 60 * len(held(one) & held(other))
