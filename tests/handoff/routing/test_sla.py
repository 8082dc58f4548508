from datetime import datetime, timedelta

import pytest

from frontline.clock import LOCAL_ZONE
from handoff.hours import Calendar
from handoff.sla import Standing, due, standing

HOUR = timedelta(hours=1)
OFFICE = Calendar("office", dict.fromkeys(range(5), ((8 * HOUR, 16 * HOUR),)))


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, second, tzinfo=LOCAL_ZONE)


def test_due_counts_opening_time_only() -> None:
    assert due(OFFICE, at(24, 9), 10) == at(24, 9, 10)
    assert due(OFFICE, at(24, 15, 55), 10) == at(25, 8, 5)
    assert due(OFFICE, at(27, 20), 0.5) == at(30, 8, 0, 30)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(24, 9, 0), Standing.ON_TIME),
        (at(24, 9, 8), Standing.ON_TIME),
        (at(24, 9, 8, 1), Standing.AT_RISK),
        (at(24, 9, 10), Standing.AT_RISK),
        (at(24, 9, 10, 1), Standing.BREACHED),
    ],
)
def test_the_last_fifth_of_the_target_is_at_risk(now: datetime, expected: Standing) -> None:
    assert standing(OFFICE, at(24, 9), at(24, 9, 10), now) == expected


def test_the_night_does_not_eat_up_the_target() -> None:
    queued, due_at = at(24, 15, 55), at(25, 8, 5)
    assert standing(OFFICE, queued, due_at, at(24, 23)) == Standing.ON_TIME
    assert standing(OFFICE, queued, due_at, at(25, 7, 59)) == Standing.ON_TIME
    assert standing(OFFICE, queued, due_at, at(25, 8, 4)) == Standing.AT_RISK
    assert standing(OFFICE, queued, due_at, at(25, 8, 6)) == Standing.BREACHED


def test_a_case_that_goes_before_all_others_is_breached_as_long_as_it_waits() -> None:
    assert standing(OFFICE, at(24, 9), at(23, 9), at(24, 9)) == Standing.BREACHED
