from datetime import date, time, timedelta

from actions.shop.hours import SpecialDay, collect_week, days_from, public_holidays

OPEN = ((time(10), time(18)),)
EVERY_DAY = dict.fromkeys(range(7), OPEN)


def test_a_year_of_polish_holidays_has_names_in_both_languages() -> None:
    days = public_holidays(2026)
    assert len(days) == 14
    assert days[date(2026, 11, 11)] == (
        "Narodowe Święto Niepodległości",
        "National Independence Day",
    )


def test_moving_feasts_move() -> None:
    easter_mondays = {2025: date(2025, 4, 21), 2026: date(2026, 4, 6), 2027: date(2027, 3, 29)}
    for year, day in easter_mondays.items():
        assert public_holidays(year)[day][1] == "Easter Monday"


def test_christmas_eve_is_free_since_2025() -> None:
    """Act of 6 December 2024 amending the act on days off work."""
    assert date(2024, 12, 24) not in public_holidays(2024)
    assert date(2025, 12, 24) in public_holidays(2025)


def test_the_turn_of_the_year_is_crossed() -> None:
    days = days_from(date(2026, 12, 31), 2, EVERY_DAY, {})
    assert [bool(day.blocks) for day in days] == [True, False]
    assert days[1].holiday_en == "New Year's Day"


def test_a_weekday_without_hours_is_closed_and_no_holiday() -> None:
    (sunday,) = days_from(date(2026, 11, 29), 1, {0: OPEN}, {})
    assert (list(sunday.blocks), sunday.holiday_pl) == ([], None)


def test_a_one_off_day_wins_and_keeps_the_holidays_name_when_it_has_none() -> None:
    day = date(2026, 12, 24)
    special = {day: SpecialDay(OPEN, None, None), day - timedelta(days=1): SpecialDay((), "X", "Y")}
    before, eve = days_from(day - timedelta(days=1), 2, EVERY_DAY, special)
    assert (list(before.blocks), before.holiday_pl, before.holiday_en) == ([], "X", "Y")
    assert eve.blocks == OPEN
    assert eve.holiday_en == "Christmas Eve"


def test_blocks_come_in_order_of_time() -> None:
    rows = [(0, time(15), time(19)), (1, time(9), time(10)), (0, time(10), time(14))]
    assert collect_week(rows) == {
        0: ((time(10), time(14)), (time(15), time(19))),
        1: ((time(9), time(10)),),
    }
