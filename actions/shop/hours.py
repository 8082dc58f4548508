"""Opening hours day by day, from a usual week, one-off days and Polish public holidays."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache

import holidays

from actions.shop.port import DayHours

Blocks = tuple[tuple[time, time], ...]


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A one-off day; without blocks it is closed."""

    blocks: Blocks
    reason_pl: str | None
    reason_en: str | None


@lru_cache(maxsize=16)
def public_holidays(year: int) -> Mapping[date, tuple[str, str]]:
    """Polish and English names of a year's days off.

    Source: Act of 18 January 1951 on days off work, as kept by the `holidays` package.
    """
    polish = holidays.country_holidays("PL", years=year, language="pl")
    english = holidays.country_holidays("PL", years=year, language="en_US")
    return {day: (name, english[day]) for day, name in polish.items()}


def days_from(
    first: date, days: int, week: Mapping[int, Blocks], special: Mapping[date, SpecialDay]
) -> Sequence[DayHours]:
    """One entry a day: a one-off day wins over a holiday, a holiday over the usual week.

    Args:
        first: local date of the first entry.
        days: how many entries.
        week: open blocks by weekday, 0 = Monday; a missing weekday is closed.
        special: one-off days.
    """
    return [_one_day(first + timedelta(days=n), week, special) for n in range(days)]


def _one_day(day: date, week: Mapping[int, Blocks], special: Mapping[date, SpecialDay]) -> DayHours:
    polish, english = public_holidays(day.year).get(day, (None, None))
    if (one_off := special.get(day)) is not None:
        return DayHours(
            day, one_off.blocks, one_off.reason_pl or polish, one_off.reason_en or english
        )
    return DayHours(day, () if polish else week.get(day.weekday(), ()), polish, english)


def collect_week(rows: Sequence[tuple[int, time, time]]) -> Mapping[int, Blocks]:
    """Blocks by weekday, in order, from rows of weekday, opening and closing time."""
    week: dict[int, Blocks] = defaultdict(tuple)
    for weekday, opens, closes in sorted(rows):
        week[weekday] += ((opens, closes),)
    return week
