from collections.abc import Awaitable, Callable
from datetime import timedelta

import msgspec

from handoff.app_parts import Parts
from handoff.case import Case, CaseState
from handoff.moves import Actor
from handoff.reports.contacts import contact
from handoff.reports.wall import Today, lines, midnight, standing, today, today_from
from handoff.sla import Standing
from tests.handoff.reports.story import at, read
from tests.handoff.reports.test_samples import CASES

Open = Callable[[], Awaitable[Case]]
replace = msgspec.structs.replace


async def test_a_waiting_case_is_at_risk_with_less_than_a_fifth_left(
    parts: Parts, opened: Open
) -> None:
    now = parts.clock.now()
    case = replace(await opened(), queued_at=now, due_at=now + timedelta(minutes=10))
    for minutes, stands in (
        (0, Standing.ON_TIME), (8, Standing.ON_TIME), (8.1, Standing.AT_RISK),
        (10, Standing.AT_RISK), (10.1, Standing.BREACHED),
    ):  # fmt: skip
        assert standing(case, now + timedelta(minutes=minutes)) is stands

    late = replace(case, id="2", due_at=now + timedelta(minutes=1))
    calls = replace(case, id="3", channel="voice")
    over = [replace(case, id=state, state=state) for state in CaseState if state != "offered"]
    cases = [late, calls, replace(case, state=CaseState.OFFERED), *over]
    found = lines(cases, now + timedelta(minutes=9))
    assert [(x.route, x.waiting, x.longest_wait_s, x.at_risk, x.breached) for x in found] == [
        ("pl|general|chat|1", 3, 540, 2, 1), ("pl|general|voice|1", 1, 540, 1, 0),
    ]  # fmt: skip
    assert lines([], now) == []
    assert lines([late], now, lambda *_: Standing.ON_TIME)[0].at_risk == 0


def test_the_day_so_far_is_what_the_reports_say_later() -> None:
    contacts = [contact(log) for log in read(CASES).values()]
    assert today(contacts, at("23:00:00")) == Today(9, 5, 2, 50.0, 34.0)
    assert today([], at("23:00:00")) == Today(0, 0, 0, None, None)
    assert today(contacts, at("00:00:00", "2026-11-25")) == Today(0, 0, 0, None, None)


def test_a_day_begins_at_local_midnight_also_when_it_has_25_hours() -> None:
    assert midnight(at("23:30:00", "2026-10-25")) == at("00:00:00", "2026-10-25")


async def test_the_wall_counts_a_real_talk(parts: Parts, anna: Actor, opened: Open) -> None:
    case = await opened()
    parts.clock.advance(12)  # type: ignore[attr-defined]
    await parts.handling.claim(case.id, anna)
    async with parts.database.read() as connection:
        found = await today_from(connection, parts.clock.now())
    assert found == Today(1, 1, 0, 100.0, 12.0)
