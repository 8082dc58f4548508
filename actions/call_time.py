"""When a customer wants to be called: "jutro po 15", "w piątek o 10", "in an hour", "any time".

Written for the few words people use for this; what it does not read is asked again, and what it
reads is read back before anything is promised.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from actions.shop.port import DayHours
from frontline.lang.dates import named_day
from frontline.lang.text import fold, words

FARTHEST = timedelta(days=60)
"""Later wishes are no agreement any more."""
_QUARTER = timedelta(minutes=15)
_MIDNIGHT, _DAY_END = time(0), time(23, 59)
_SOON = "soon"


@dataclass(frozen=True, slots=True)
class Wish:
    """A stretch of one local day; without an end it is "from `start` on"."""

    day: date
    start: time
    end: time | None = None

    def dump(self) -> str:
        """As text, for the dialogue's memory."""
        return f"{self.day}|{self.start:%H:%M}|{f'{self.end:%H:%M}' if self.end else ''}"

    @classmethod
    def load(cls, text: str) -> Self | None:
        """What `dump` wrote; None = as soon as possible."""
        if text == _SOON:
            return None
        day, start, end = text.split("|")
        until = time.fromisoformat(end) if end else None
        return cls(date.fromisoformat(day), time.fromisoformat(start), until)


_PL_HOURS = words(
    "pierwsz drugi trzeci czwart piat szost siodm osm dziewiat dziesiat jedenast dwunast trzynast "
    "czternast pietnast szesnast siedemnast osiemnast dziewietnast dwudziest"
)
_EN_HOURS = words("one two three four five six seven eight nine ten eleven twelve")
_PL_HOUR = rf"(?:{'|'.join(_PL_HOURS)})(?:ej|a)"
_EN_HOUR = rf"(?:{'|'.join(_EN_HOURS)})"
_NO_DATE = r"(?!\d|[/-]\d|\.\d(?!\d)|\.(?!00|15|30|45)\d\d)"
_HOUR = rf"(?:\d{{1,2}}{_NO_DATE}|{_PL_HOUR}(?: pierwszej| drugiej| trzeciej)?|{_EN_HOUR})"
_MINUTES = r"(?:[:.]((?<=:)[0-5]\d|00|15|30|45)| (trzydziesci|pietnascie|thirty|fifteen))?"
_HALF = r"(w?pol do |half past )"
_AFTER = r" ?(am|pm|a\.m\.|p\.m\.|o'?clock|rano|wieczorem|po poludniu)?"
_MOMENT = rf"(?:godz(?:in\w*|\.)? ?)?{_HALF}?({_HOUR}){_MINUTES}{_AFTER}\b"
_BETWEEN = re.compile(
    rf"\b(?:miedzy|pomiedzy|od|from|between) {_MOMENT} ?(?:a|do|and|to|until|till|-) {_MOMENT}"
)
_BEFORE = re.compile(rf"(?<!nie )(?<!not )\b(?:przed|najpozniej o|before|by) {_MOMENT}")
_UNTIL = re.compile(rf"(?<!pol )\b(?:do|until|till) {_MOMENT}")
_UNTIL_WORDS = 4
"""In a longer message "until five" tells rather how long the customer is at work."""
_FROM = re.compile(
    r"\b(?:(?:o|po|od|na|kolo|okolo|ok\.|przed) (?!ten\b)|(?:at|after|from|around|about|before) )"
    rf"{_MOMENT}"
)
_HALVES = re.compile(rf"\b{_HALF}({_HOUR}){_MINUTES}{_AFTER}\b")
_BARE = re.compile(rf"^{_MOMENT}$")
_CLOCK = re.compile(
    rf"(?<![\d.:])()([01]?\d|2[0-3])[:.]((?<=:)[0-5]\d|00|15|30|45)(){_AFTER}(?![\d.])"
)
_MARKED = re.compile(
    rf"\b()({_HOUR}){_MINUTES} ?(am|pm|a\.m\.|p\.m\.|o'?clock|rano|wieczorem|"
    r"in the (?:morning|afternoon|evening))(?![a-z])"
)
_MOMENT_GROUPS = 5
_HALF_PAST = {"half past ": 0, "pol do ": -1, "wpol do ": -1}

_AHEAD = re.compile(
    r"\b(?:za|in) (?:(pol godzin\w*|half an hour)|(kwadrans\w*|a quarter of an hour)|"
    r"(?:(\d{1,2}|an?|dwie|two|trzy|three) ?)?(h\b|g\b|godz\w*|hours?|min\w*))"
)
_AHEAD_NUMBERS = {"": 1, "a": 1, "an": 1, "dwie": 2, "dwa": 2, "two": 2, "trzy": 3, "three": 3}
_PARTS: tuple[tuple[str, time, time], ...] = (
    (r"przed poludniem|before noon|before lunch", _MIDNIGHT, time(12)),
    (r"w poludnie|\bat noon|\bat midday|in the middle of the day", time(12), time(13)),
    (r"po poludniu|popoludni\w*|po obiedzie|afternoon|after lunch|after noon", time(12), time(17)),
    (r"\bwieczor\w*|\bevening|\btonight|po pracy|after work", time(17), time(22)),
    (r"\brano\b|\brankiem|\bz rana|\bmorning", _MIDNIGHT, time(12)),
)
_EVENING = re.compile(r"\bwieczor\w*|\bevening|\btonight")
_MORNING = re.compile(r"\brano\b|\bz rana|\bmorning")
_ANY_TIME = re.compile(
    r"\b(?:jak ?naj(?:szybciej|predzej|wczesniej)|najszybciej|od razu|natychmiast|asap|soon|pilne|"
    r"as soon as|right (?:now|away)|immediately|obojetn\w*|wszystko jedno|dowoln\w*|kiedykolwiek|"
    r"o kazdej porze|(?:any|what)ever|when ?ever|any ?time|"
    r"kiedy (?:wam|panstwu|ktos|pan|bedzie)|"
    r"(?:jak|gdy|kiedy) \w* ?(?:ktos )?(?:bedzie|sie zwolni)|when (?:some|any)(?:one|body) is)"
)
_NOW = re.compile(r"^(?:(?:tak|to|no|yes|please|prosze|nawet) ?)*(?:teraz|zaraz|juz|now)\b")
_LONG_NUMBER = re.compile(r"\b(\d{4}-\d\d-\d\d)\b|(?:\+|\b00)?\d{2,3}(?:[ -]?\d{2,3}){2,5}\b")
_DAYS_AHEAD = re.compile(r"\b(?:za|in) (\d{1,2}|dwa|two|trzy|three) (?:dni|days)\b")
_NEXT_WEEK = re.compile(r"przyszl\w+ tygodni|next week|nastepn\w+ tygodni")
_NEAR = re.compile(r"\b(?:dzis\w*|jutro|pojutrze|today|tomorrow|tonight|teraz|now)\b")
_WEEKEND = re.compile(r"\bweekend")


def read(text: str, now: datetime) -> str | None:
    """The wish in a message, as `Wish.dump` writes it or "soon"; None = it names no time.

    Args:
        text: what the customer said.
        now: the customer's local time.
    """
    folded = _LONG_NUMBER.sub(_without_phone, fold(text)).strip(" .,!?")
    stretch, rest = _stretch(folded, now)
    day = _day(rest, now.date())
    if day is None and stretch is None:
        stretch, day = _ahead(folded, now)
    if day is None and stretch is None:
        return _SOON if _ANY_TIME.search(folded) or _NOW.search(folded) else None
    start, end = stretch or (_MIDNIGHT, _DAY_END)
    if day is None:
        day = now.date() + timedelta(days=(end or start) <= now.time())
    if not now.date() <= day <= now.date() + FARTHEST:
        return None
    return Wish(day, start, end).dump()


def _without_phone(found: re.Match[str]) -> str:
    """A telephone number holds no time; a date written with hyphens stays."""
    return found[1] or " "


_Stretch = tuple[time, time | None]


def _stretch(folded: str, now: datetime) -> tuple[_Stretch | None, str]:
    """The part of a day that is named, and the text without it."""
    if (found := _BETWEEN.search(folded)) and (first := _moment(found, folded, 1)):
        last = _moment(found, folded, 1 + _MOMENT_GROUPS)
        if last and first < last:
            return (first, last), _cut(folded, found)
    found = _BEFORE.search(folded)
    if not found and len(folded.split()) <= _UNTIL_WORDS:
        found = _UNTIL.search(folded)
    if found and (last := _moment(found, folded, 1)):
        return (_MIDNIGHT, last), _cut(folded, found)
    for pattern in (_HALVES, _CLOCK, _FROM, _MARKED, _BARE):
        if (found := pattern.search(folded)) and (first := _moment(found, folded, 1)):
            return (first, None), _cut(folded, found)
    for part, start, end in _PARTS:
        if re.search(part, folded):
            return (start, end), folded
    return None, folded


def _cut(folded: str, found: re.Match[str]) -> str:
    return f"{folded[: found.start()]} {folded[found.end() :]}"


def _moment(found: re.Match[str], folded: str, first: int) -> time | None:
    """The time of day in the groups from `first`: half, hour, minutes twice, part of the day."""
    half, said, digits, minute_words, part = found.groups()[first - 1 : first - 1 + _MOMENT_GROUPS]
    hour = _hour(said)
    if hour is None:
        return None
    minute = int(digits or {"pietnascie": 15, "fifteen": 15}.get(minute_words or "", 0))
    if minute_words in ("trzydziesci", "thirty"):
        minute = 30
    part = part or ""
    early = part.startswith("a") or part == "rano" or _MORNING.search(folded)
    late = part.startswith("p") or part == "wieczorem" or _EVENING.search(folded)
    if hour < 12 and not early and (late or 1 <= hour <= 7):
        hour += 12  # nobody is called at three in the night
    if half:
        minute, hour = 30, hour + _HALF_PAST[half]
    return time(hour, minute) if 0 <= hour <= 23 else None


def _hour(said: str) -> int | None:
    if said.isdigit():
        return int(said) if int(said) <= 23 else None
    if said in _EN_HOURS:
        return _EN_HOURS.index(said) + 1
    tens, _, unit = said.partition(" ")
    hour = _PL_HOURS.index(re.sub(r"(?:ej|a)$", "", tens)) + 1
    return hour + {"pierwszej": 1, "drugiej": 2, "trzeciej": 3}.get(unit, 0)


def _ahead(folded: str, now: datetime) -> tuple[_Stretch | None, date | None]:
    """A time from now: "za godzinę", "in 20 minutes"."""
    found = _AHEAD.search(folded)
    if not found:
        return None, None
    half, quarter, number, unit = found.groups()
    if half or quarter:
        later = timedelta(minutes=30 if half else 15)
    else:
        count = _AHEAD_NUMBERS.get(number or "") or int(number)
        later = timedelta(minutes=count) if unit.startswith("min") else timedelta(hours=count)
    moment = _rounded(now + later)
    return (moment.time(), None), moment.date()


def _day(folded: str, today: date) -> date | None:
    if found := _DAYS_AHEAD.search(folded):
        return today + timedelta(days=_AHEAD_NUMBERS.get(found[1]) or int(found[1]))
    named = named_day(re.sub(r"\b(?:teraz|now)\b", " ", folded), today)
    if _NEXT_WEEK.search(folded):
        named = named_day(_NEAR.sub(" ", folded), today)
        monday = today + timedelta(days=7 - today.weekday())
        return monday + timedelta(days=named.weekday() if named else 0)
    if named is None and _WEEKEND.search(folded):
        return today + timedelta(days=(5 - today.weekday()) % 7)
    return named


def _rounded(moment: datetime) -> datetime:
    """Up to the next quarter of an hour."""
    over = timedelta(minutes=moment.minute % 15, seconds=moment.second,
                     microseconds=moment.microsecond)  # fmt: skip
    return moment + (_QUARTER - over if over else timedelta())


def first_time(days: Sequence[DayHours], start: datetime) -> Wish | None:
    """The first time from `start` on when the place is open; None = not in these days.

    Args:
        days: opening hours in order.
        start: a local time; it is rounded up to a quarter of an hour.
    """
    start = _rounded(start)
    for entry in days:
        if entry.day < start.date():
            continue
        earliest = start.time() if entry.day == start.date() else _MIDNIGHT
        for opens, closes in entry.blocks:
            if max(opens, earliest) < closes:
                return Wish(entry.day, max(opens, earliest))
    return None


def within(wish: Wish, entry: DayHours, now: datetime) -> Wish | None:
    """The part of `wish` that lies in the opening hours of its day and ahead; None = nothing."""
    start, soonest = wish.start, _rounded(now)
    if wish.day == now.date():
        if soonest.date() > now.date():
            return None
        start = max(start, soonest.time())
        if wish.end is None and start != wish.start:
            return None
    for opens, closes in entry.blocks:
        if wish.end is None:
            if opens <= start < closes:
                return wish
        elif max(start, opens) < min(wish.end, closes):
            return Wish(wish.day, max(start, opens), min(wish.end, closes))
    return None
