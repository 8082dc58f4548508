"""Days and times of day, for the eye and for the ear, and days as customers name them."""

import re
from datetime import date, time, timedelta

from frontline.lang import Language
from frontline.lang.numerals import cardinal
from frontline.lang.text import fold, words

PL_MONTHS = words(
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października "
    "listopada grudnia"
)
EN_MONTHS = words(
    "January February March April May June July August September October November December"
)
_PL_DAYS = words("poniedziałek wtorek środa czwartek piątek sobota niedziela")
_EN_DAYS = words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")

PL_ORDINALS = words(
    "pierwszego drugiego trzeciego czwartego piątego szóstego siódmego ósmego dziewiątego "
    "dziesiątego jedenastego dwunastego trzynastego czternastego piętnastego szesnastego "
    "siedemnastego osiemnastego dziewiętnastego dwudziestego"
)
EN_ORDINALS = words(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
PL_HOURS = words(
    "północy pierwszej drugiej trzeciej czwartej piątej szóstej siódmej ósmej dziewiątej "
    "dziesiątej jedenastej dwunastej trzynastej czternastej piętnastej szesnastej siedemnastej "
    "osiemnastej dziewiętnastej dwudziestej"
)


def weekday_name(day: date, language: Language) -> str:
    """The name of the weekday, in the nominative."""
    return (_PL_DAYS if language == "pl" else _EN_DAYS)[day.weekday()]


def written_day(day: date, language: Language) -> str:
    """A day for the eye: `24 listopada 2026`, `24 November 2026`. Polish fits after "do"."""
    month = (PL_MONTHS if language == "pl" else EN_MONTHS)[day.month - 1]
    return f"{day.day} {month} {day.year}"


def spoken_day(day: date, language: Language) -> str:
    """A day for the ear, without its year: "dwudziestego czwartego listopada"."""
    if language == "pl":
        return f"{_ordinal(day.day, 'pl')} {PL_MONTHS[day.month - 1]}"
    return f"the {_ordinal(day.day, 'en')} of {EN_MONTHS[day.month - 1]}"


def _ordinal(number: int, language: Language) -> str:
    words = PL_ORDINALS if language == "pl" else EN_ORDINALS
    if number <= 20:
        return words[number - 1]
    tens, unit = divmod(number, 10)
    if language == "pl":
        ten = {2: "dwudziestego", 3: "trzydziestego"}[tens]
        return f"{ten} {words[unit - 1]}" if unit else ten
    if not unit:
        return "thirtieth"
    return f"{'twenty' if tens == 2 else 'thirty'}-{words[unit - 1]}"


def written_time(moment: time) -> str:
    """A time of day for the eye, in both languages: `9:00`."""
    return f"{moment.hour}:{moment.minute:02d}"


def spoken_time(moment: time, language: Language) -> str:
    """A time of day for the ear; Polish in the form that follows "od" and "do"."""
    hour, minute = moment.hour, moment.minute
    if language == "pl":
        name = PL_HOURS[hour] if hour <= 20 else f"dwudziestej {PL_HOURS[hour - 20]}"
        small = "zero " if 0 < minute < 10 else ""
        return f"{name} {small}{cardinal(minute, 'pl')}" if minute else name
    words = cardinal(hour % 12 or 12, "en")
    if minute:
        words += f" {'oh ' if minute < 10 else ''}{cardinal(minute, 'en')}"
    return f"{words} {'AM' if hour < 12 else 'PM'}"


_RELATIVE = (
    (r"\bpojutrze\b|\bday after tomorrow\b", 2),
    (r"\bjutro\w*|\btomorrow\b", 1),
    (r"\bdzis\w*|\btoday\b|\btonight\b|\bteraz\b|\bnow\b", 0),
)
_WEEKDAYS = (
    r"\bponiedzial\w*|\bmonday",
    r"\bwtor\w*|\btuesday",
    r"\bsrod[aeyo]\w*|\bwednesday",
    r"\bczwart\w*|\bthursday",
    r"\bpiat(?:ek|ku|ki|kiem|kow)\b|\bfriday",
    r"\bsobo\w*|\bsaturday",
    r"\bniedziel\w*|\bsunday",
)
_FEASTS = (
    (r"\bwigili\w*|christmas eve", (12, 24)),
    (r"\bsylwest\w*|new year'?s eve", (12, 31)),
    (r"boxing day|drugi dzien swiat", (12, 26)),
    (r"\bboze narodzenie|pierwszy dzien swiat|\bchristmas\b", (12, 25)),
    (r"\bnowy rok|nowego roku|\bnew year", (1, 1)),
    (r"trzech kroli|\bepiphany\b", (1, 6)),
    (r"wszystkich swietych|all saints", (11, 1)),
)


def named_day(text: str, today: date) -> date | None:
    """The day a customer names ("jutro", "w sobotę", "24.12", "24 grudnia"), or None.

    A day without a year is the next one from `today` on.
    """
    folded = fold(text)
    for pattern, ahead in _RELATIVE:
        if re.search(pattern, folded):
            return today + timedelta(days=ahead)
    exact = _written_out(folded, today)
    if exact:
        return exact
    for pattern, (month, day) in _FEASTS:
        if re.search(pattern, folded):
            return _next(today, month, day)
    for weekday, pattern in enumerate(_WEEKDAYS):
        if re.search(pattern, folded):
            return today + timedelta(days=(weekday - today.weekday()) % 7)
    return None


def _written_out(folded: str, today: date) -> date | None:
    iso = re.search(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b", folded)
    if iso:
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    dotted = re.search(r"\b(\d{1,2})[./](\d{1,2})(?:[./](\d{4}))?(?![\d:])", folded)
    if dotted:
        day, month = int(dotted[1]), int(dotted[2])
        return _date(int(dotted[3]), month, day) if dotted[3] else _next(today, month, day)
    for number, (polish, english) in enumerate(zip(PL_MONTHS, EN_MONTHS, strict=True), start=1):
        name = rf"(?:{fold(polish)}|{english.lower()}|{english[:3].lower()})"
        found = re.search(
            rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\.? (?:of )?{name}\b|\b{name} (\d{{1,2}})\b", folded
        )
        if found:
            return _next(today, number, int(found[1] or found[2]))
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _next(today: date, month: int, day: int) -> date | None:
    for year in range(today.year, today.year + 9):  # 29 February may be eight years away
        found = _date(year, month, day)
        if found and found >= today:
            return found
    return None
