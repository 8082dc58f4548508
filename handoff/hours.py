"""Business time: when somebody is there, and arithmetic that counts only such time.

A calendar is a usual week of opening blocks in local time, public holidays and one-off days. On
the two nights when the clocks change it follows the wall clock: an hour that does not exist is not
open, an hour that comes twice is open twice.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

import holidays

from frontline.clock import LOCAL_ZONE
from frontline.errors import SettingsError

Blocks = tuple[tuple[timedelta, timedelta], ...]
"""Opening and closing as time since local midnight; 24 hours = the end of the day."""
Span = tuple[datetime, datetime]
"""From the first moment to the first that does not belong to it any more, in UTC."""

DAY = timedelta(days=1)
ALL_DAY: Blocks = ((timedelta(0), DAY),)
SEARCH_DAYS = 1100
"""How far ahead an opening is looked for: three years."""
KEPT_DAYS = 1000


class NeverOpenError(SettingsError):
    """A calendar has too little open time ahead to reach what is asked for."""

    code = "never_open"


@lru_cache(maxsize=16)
def public_holidays(year: int) -> frozenset[date]:
    """The days off work in Poland.

    Source: Act of 18 January 1951 on days off work, as kept by the `holidays` package.
    """
    return frozenset(holidays.country_holidays("PL", years=year))


class Calendar:
    """When a team works."""

    def __init__(
        self,
        name: str,
        week: Mapping[int, Blocks],
        *,
        special: Mapping[date, Blocks] | None = None,
        on_holidays: bool = False,
        zone: tzinfo = LOCAL_ZONE,
    ) -> None:
        """Take the usual week and what differs from it.

        Args:
            name: for error messages.
            week: blocks by weekday, 0 = Monday, in order and apart; a missing weekday is closed.
            special: blocks of one-off days, none = closed; they win over holidays and the week.
            on_holidays: a public holiday is a day like any other.
            zone: whose wall clock.
        """
        self.name = name
        self._week = dict(week)
        self._special = dict(special or {})
        self._on_holidays = on_holidays
        self._zone = zone
        self._spans: dict[date, tuple[Span, ...]] = {}

    @classmethod
    def always(cls, name: str = "always") -> "Calendar":
        """Open day and night."""
        return cls(name, dict.fromkeys(range(7), ALL_DAY), on_holidays=True)

    def blocks(self, day: date) -> Blocks:
        """The opening blocks of a local day."""
        if (one_off := self._special.get(day)) is not None:
            return one_off
        if not self._on_holidays and day in public_holidays(day.year):
            return ()
        return self._week.get(day.weekday(), ())

    def spans(self, day: date) -> tuple[Span, ...]:
        """The open spans of a local day, in order and apart."""
        if (known := self._spans.get(day)) is None:
            if len(self._spans) >= KEPT_DAYS:
                self._spans.clear()
            known = self._spans[day] = tuple(self._spans_of(day))
        return known

    def _spans_of(self, day: date) -> Iterator[Span]:
        midnight = datetime.combine(day, time())
        for first, last, offset in _stretches(day, self._zone):
            zero = (midnight - offset).replace(tzinfo=UTC)
            for opens, closes in self.blocks(day):
                span = max(first, zero + opens), min(last, zero + closes)
                if span[0] < span[1]:
                    yield span

    def is_open(self, moment: datetime) -> bool:
        """Whether somebody is there."""
        return any(opens <= moment < closes for opens, closes in self.spans(self._day(moment)))

    def opens_at(self, moment: datetime) -> datetime:
        """The moment itself when open, else the next opening, in UTC.

        Raises:
            NeverOpenError: not within three years.
        """
        return max(next(self._ahead(moment))[0], moment).astimezone(UTC)

    def add(self, moment: datetime, worked: timedelta) -> datetime:
        """The moment at which `worked` of open time has passed, in UTC.

        Nothing worked = `opens_at`. Time that is used up exactly at a closing ends there.

        Raises:
            ValueError: `worked` is negative.
            NeverOpenError: there is not so much open time within three years.
        """
        if worked < timedelta(0):
            raise ValueError("business time only goes forward")
        moment = moment.astimezone(UTC)  # Python subtracts within one zone by the wall clock
        for opens, closes in self._ahead(moment):
            begin = max(opens, moment)
            if worked <= closes - begin:
                return begin + worked
            worked -= closes - begin
        raise AssertionError("spans ahead end with an error")  # pragma: no cover

    def between(self, earlier: datetime, later: datetime) -> timedelta:
        """Open time from one moment to the other; negative when they are the other way round."""
        earlier, later = earlier.astimezone(UTC), later.astimezone(UTC)
        if later < earlier:
            return -self.between(later, earlier)
        total, day, last = timedelta(0), self._day(earlier), self._day(later)
        while day <= last:
            for opens, closes in self.spans(day):
                total += max(timedelta(0), min(closes, later) - max(opens, earlier))
            day += DAY
        return total

    def _ahead(self, moment: datetime) -> Iterator[Span]:
        """Spans that end after `moment`, in order."""
        day = self._day(moment)
        for n in range(SEARCH_DAYS):
            yield from (span for span in self.spans(day + n * DAY) if span[1] > moment)
        raise NeverOpenError(
            f"the calendar {self.name} has too little open time in {SEARCH_DAYS} days after {day}"
        )

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._zone).date()


def _stretches(day: date, zone: tzinfo) -> list[tuple[datetime, datetime, timedelta]]:
    """A local day's parts of one UTC offset each: begin and end in UTC, and the offset."""
    begin, end = _midnight(day, zone), _midnight(day + DAY, zone)
    before, after = _offset(begin, zone), _offset(end, zone)
    if before == after:
        return [(begin, end, before)]
    low, high = begin, end  # the offset changes after `low` and not later than `high`
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
    return [(begin, high, before), (high, end, after)]


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _offset(moment: datetime, zone: tzinfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)
