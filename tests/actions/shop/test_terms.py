from datetime import date

import pytest

from actions.shop.terms import last_day_to_return, refund_due


@pytest.mark.parametrize(
    ("delivered", "last"),
    [
        (date(2026, 11, 10), date(2026, 11, 24)),
        (date(2026, 11, 14), date(2026, 11, 30)),  # a Saturday: until Monday
        (date(2026, 11, 15), date(2026, 11, 30)),  # a Sunday
        (date(2026, 12, 11), date(2026, 12, 28)),  # Christmas and a weekend
        (date(2026, 12, 18), date(2027, 1, 4)),  # New Year and a weekend
        (date(2026, 10, 28), date(2026, 11, 12)),  # Independence Day
    ],
)
def test_the_last_day_to_return_is_a_working_day(delivered: date, last: date) -> None:
    assert last_day_to_return(delivered) == last


def test_the_money_is_due_two_weeks_after_the_announcement() -> None:
    assert refund_due(date(2026, 11, 24)) == date(2026, 12, 8)
