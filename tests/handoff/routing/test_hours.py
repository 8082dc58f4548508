from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from frontline.clock import LOCAL_ZONE
from handoff.hours import ALL_DAY, Blocks, Calendar, NeverOpenError, public_holidays

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def blocks(*pairs: tuple[float, float]) -> Blocks:
    return tuple((opens * HOUR, closes * HOUR) for opens, closes in pairs)


def local(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=LOCAL_ZONE, fold=fold)  # type: ignore[arg-type, misc]


WORKDAYS = dict.fromkeys(range(5), blocks((8, 20)))
HOTLINE = Calendar("hotline", {**WORKDAYS, 5: blocks((9, 15))})
LUNCH = Calendar("store", dict.fromkeys(range(5), blocks((10, 14), (15, 19))))
NIGHT = Calendar("night", dict.fromkeys(range(7), ALL_DAY), on_holidays=True)


def test_open_from_the_first_minute_to_the_last() -> None:
    assert not HOTLINE.is_open(local(2026, 11, 24, 7, 59))
    assert HOTLINE.is_open(local(2026, 11, 24, 8, 0))
    assert HOTLINE.is_open(local(2026, 11, 24, 19, 59))
    assert not HOTLINE.is_open(local(2026, 11, 24, 20, 0))


def test_the_day_is_the_local_one_whatever_zone_the_moment_is_in() -> None:
    assert HOTLINE.is_open(datetime(2026, 11, 24, 18, 30, tzinfo=UTC))  # 19:30 in Warsaw
    assert not HOTLINE.is_open(datetime(2026, 11, 24, 19, 30, tzinfo=UTC))  # 20:30


def test_the_lunch_break_is_not_counted() -> None:
    assert not LUNCH.is_open(local(2026, 11, 24, 14, 30))
    assert LUNCH.opens_at(local(2026, 11, 24, 14, 30)) == local(2026, 11, 24, 15)
    assert LUNCH.add(local(2026, 11, 24, 13, 50), 20 * MINUTE) == local(2026, 11, 24, 15, 10)
    assert LUNCH.between(local(2026, 11, 24, 13), local(2026, 11, 24, 16)) == 2 * HOUR


def test_an_answer_promised_on_friday_evening_is_due_on_saturday_morning() -> None:
    assert HOTLINE.add(local(2026, 11, 27, 19, 55), 10 * MINUTE) == local(2026, 11, 28, 9, 5)


def test_sunday_opens_on_monday() -> None:
    assert HOTLINE.opens_at(local(2026, 11, 29, 12)) == local(2026, 11, 30, 8)


def test_when_open_the_next_opening_is_now() -> None:
    now = local(2026, 11, 24, 12, 34)
    assert HOTLINE.opens_at(now) == now
    assert HOTLINE.opens_at(now).tzinfo is UTC


def test_time_used_up_exactly_at_closing_ends_there() -> None:
    assert HOTLINE.add(local(2026, 11, 24, 19, 50), 10 * MINUTE) == local(2026, 11, 24, 20)
    assert HOTLINE.add(local(2026, 11, 24, 20), 10 * MINUTE) == local(2026, 11, 25, 8, 10)


def test_nothing_worked_is_the_next_opening() -> None:
    assert HOTLINE.add(local(2026, 11, 24, 21), timedelta(0)) == local(2026, 11, 25, 8)


def test_negative_time_is_refused() -> None:
    with pytest.raises(ValueError, match="forward"):
        HOTLINE.add(local(2026, 11, 24, 12), -MINUTE)


def test_between_turned_round_is_negative() -> None:
    assert HOTLINE.between(local(2026, 11, 24, 12), local(2026, 11, 24, 11)) == -HOUR


def test_christmas_eve_is_a_holiday_since_2025() -> None:
    """Act of 6 December 2024; a Thursday in 2026, and the next working day is the 28th."""
    assert date(2024, 12, 24) not in public_holidays(2024)
    assert date(2025, 12, 24) in public_holidays(2025)
    assert not HOTLINE.is_open(local(2026, 12, 24, 12))
    assert HOTLINE.add(local(2026, 12, 23, 19, 58), 5 * MINUTE) == local(2026, 12, 28, 8, 3)


def test_a_calendar_may_be_open_on_holidays() -> None:
    assert NIGHT.is_open(local(2026, 12, 25, 3))
    assert Calendar.always().is_open(local(2026, 12, 25, 3))


def test_one_off_days_win_over_holidays_and_the_week() -> None:
    special = {date(2026, 12, 24): blocks((8, 12)), date(2026, 11, 24): ()}
    calendar = Calendar("special", WORKDAYS, special=special)
    assert calendar.is_open(local(2026, 12, 24, 11))
    assert not calendar.is_open(local(2026, 12, 24, 13))
    assert calendar.opens_at(local(2026, 11, 24, 10)) == local(2026, 11, 25, 8)


def test_never_open_is_said_and_not_searched_for_ever() -> None:
    with pytest.raises(NeverOpenError, match=r"calendar empty .* after 2026-11-24"):
        Calendar("empty", {}).opens_at(local(2026, 11, 24, 10))


def test_too_much_time_asked_for_is_said() -> None:
    with pytest.raises(NeverOpenError):
        LUNCH.add(local(2026, 11, 24, 10), timedelta(days=5000))


def test_in_the_spring_night_the_hour_from_two_to_three_does_not_exist() -> None:
    """2026-03-29: 02:00 is followed by 03:00."""
    assert NIGHT.between(local(2026, 3, 29), local(2026, 3, 30)) == 23 * HOUR
    assert NIGHT.add(local(2026, 3, 29, 1, 30), HOUR) == local(2026, 3, 29, 3, 30)
    gone = Calendar("gone", dict.fromkeys(range(7), blocks((2.25, 2.75))))
    assert gone.spans(date(2026, 3, 29)) == ()
    assert gone.opens_at(local(2026, 3, 28, 12)) == local(2026, 3, 30, 2, 15)
    partly = Calendar("partly", dict.fromkeys(range(7), blocks((1.5, 2.5), (3, 4))))
    assert partly.between(local(2026, 3, 29), local(2026, 3, 30)) == 1.5 * HOUR


def test_in_the_autumn_night_the_hour_from_two_to_three_comes_twice() -> None:
    """2026-10-25: 03:00 is followed by 02:00."""
    assert NIGHT.between(local(2026, 10, 25), local(2026, 10, 26)) == 25 * HOUR
    twice = Calendar("twice", dict.fromkeys(range(7), blocks((2.25, 2.75))))
    assert twice.spans(date(2026, 10, 25)) == (
        (datetime(2026, 10, 25, 0, 15, tzinfo=UTC), datetime(2026, 10, 25, 0, 45, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 15, tzinfo=UTC), datetime(2026, 10, 25, 1, 45, tzinfo=UTC)),
    )
    second_half_past_two = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert NIGHT.add(local(2026, 10, 25, 2, 30), HOUR) == second_half_past_two


def test_moments_in_one_zone_are_not_subtracted_by_the_wall_clock() -> None:
    assert NIGHT.between(local(2026, 10, 25, 1), local(2026, 10, 25, 4)) == 4 * HOUR
    assert NIGHT.between(local(2026, 3, 29, 1), local(2026, 3, 29, 4)) == 2 * HOUR
    first, second = local(2026, 10, 25, 2, 30), local(2026, 10, 25, 2, 10, fold=1)
    assert NIGHT.between(first, second) == 40 * MINUTE


def test_business_days_around_the_changes_have_their_usual_length() -> None:
    assert HOTLINE.add(local(2026, 3, 28, 14), 2 * HOUR) == local(2026, 3, 30, 9)
    assert HOTLINE.add(local(2026, 10, 24, 14), 2 * HOUR) == local(2026, 10, 26, 9)


def test_many_days_looked_at_are_not_all_kept() -> None:
    calendar = Calendar("long", WORKDAYS)
    for n in range(1500):
        calendar.spans(date(2026, 1, 1) + timedelta(days=n))
    assert len(calendar._spans) <= 1000


# --- for every calendar

MINUTES = st.integers(0, 24 * 60)


def worked(day: Blocks) -> timedelta:
    return sum((closes - opens for opens, closes in day), timedelta(0))


@st.composite
def a_day(draw: st.DrawFn) -> Blocks:
    """Half an hour at least: less would not add up to what is asked for within three years."""
    times = sorted(draw(st.lists(MINUTES, min_size=2, max_size=6, unique=True)))
    day = tuple((times[n] * MINUTE, times[n + 1] * MINUTE) for n in range(0, len(times) - 1, 2))
    assume(worked(day) >= 30 * MINUTE)
    return day


@st.composite
def a_calendar(draw: st.DrawFn) -> Calendar:
    week = draw(st.dictionaries(st.integers(0, 6), a_day(), min_size=1))
    near = st.dates(date(2026, 3, 20), date(2026, 4, 10)) | st.dates(
        date(2026, 10, 20), date(2026, 10, 30)
    )
    special = draw(st.dictionaries(near, st.just(()) | a_day(), max_size=6))
    return Calendar("any", week, special=special, on_holidays=draw(st.booleans()))


SPRING, AUTUMN = datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)


def around(change: datetime) -> st.SearchStrategy[datetime]:
    seconds = st.integers(-4 * 86400, 4 * 86400)
    return seconds.map(lambda s: change + timedelta(seconds=s))


MOMENTS = around(SPRING) | around(AUTUMN) | around(datetime(2026, 12, 25, tzinfo=UTC))
WORK = st.integers(0, 30 * 3600).map(lambda s: timedelta(seconds=s))


@given(a_calendar(), MOMENTS, WORK)
@example(NIGHT, SPRING - HOUR, 2 * HOUR)
@example(NIGHT, AUTUMN - HOUR, 2 * HOUR)
def test_what_is_added_is_what_is_measured(
    cal: Calendar, moment: datetime, work: timedelta
) -> None:
    assert cal.between(moment, cal.add(moment, work)) == work


@given(a_calendar(), MOMENTS, MOMENTS, WORK)
def test_whoever_comes_later_is_not_due_earlier(
    cal: Calendar, one: datetime, other: datetime, work: timedelta
) -> None:
    first, second = sorted((one, other))
    assert cal.add(first, work) <= cal.add(second, work)


@given(a_calendar(), MOMENTS, WORK, WORK)
def test_more_work_ends_later(
    cal: Calendar, moment: datetime, some: timedelta, more: timedelta
) -> None:
    assert cal.add(moment, some) <= cal.add(moment, some + more)


@given(a_calendar(), MOMENTS, MOMENTS, MOMENTS)
def test_measured_in_parts_is_measured_whole(
    cal: Calendar, one: datetime, other: datetime, third: datetime
) -> None:
    assert cal.between(one, other) + cal.between(other, third) == cal.between(one, third)
    assert timedelta(0) <= cal.between(min(one, other), max(one, other)) <= abs(other - one)


@given(a_calendar(), MOMENTS)
def test_open_means_that_the_wall_clock_is_in_a_block(cal: Calendar, moment: datetime) -> None:
    wall = moment.astimezone(LOCAL_ZONE)
    since = timedelta(hours=wall.hour, minutes=wall.minute, seconds=wall.second)
    expected = any(opens <= since < closes for opens, closes in cal.blocks(wall.date()))
    assert cal.is_open(moment) == expected


@given(a_calendar(), MOMENTS)
def test_the_next_opening_is_open_and_nothing_is_before_it(cal: Calendar, moment: datetime) -> None:
    opening = cal.opens_at(moment)
    assert cal.is_open(opening)
    assert cal.between(moment, opening) == timedelta(0)
