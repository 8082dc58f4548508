"""Days and times in words, read back: "dwudziestego czwartego listopada" is 24 November."""

from collections.abc import Callable, Sequence

from frontline.lang import Language
from frontline.lang.dates import EN_MONTHS, EN_ORDINALS, PL_HOURS, PL_MONTHS, PL_ORDINALS
from frontline.lang.number_words import Token
from frontline.lang.spoken_numbers import Group, read_group
from frontline.lang.text import fold

Found = tuple[int, str]
"""Number of the token after the last one, and how it is written."""


def _case_forms(genitive: str) -> tuple[str, ...]:
    """So "drugiego" is also "drugi" and "drugim", "pierwszego" also "pierwszy"."""
    other = f"{genitive[:-4]}i" if genitive.endswith("iego") else f"{genitive[:-3]}y"
    return genitive, other, f"{other}m"


def _ordinals() -> dict[Language, dict[str, int]]:
    polish = {
        form: number
        for number, name in enumerate(map(fold, PL_ORDINALS), start=1)
        for form in _case_forms(name)
    }
    polish |= dict.fromkeys(_case_forms("trzydziestego"), 30)
    english = {name: number for number, name in enumerate(EN_ORDINALS, start=1)}
    return {"pl": polish, "en": {**english, "thirtieth": 30}}


_ORDINALS = _ordinals()
_TENS: dict[Language, dict[str, int]] = {
    "pl": {word: value for word, value in _ORDINALS["pl"].items() if value in (20, 30)},
    "en": {"twenty": 20, "thirty": 30},
}
_MONTHS: dict[Language, dict[str, int]] = {
    "pl": {fold(name): number for number, name in enumerate(PL_MONTHS, start=1)},
    "en": {name.lower(): number for number, name in enumerate(EN_MONTHS, start=1)},
}
_NAMES: dict[Language, Sequence[str]] = {"pl": PL_MONTHS, "en": EN_MONTHS}
_HOURS = {fold(name): hour for hour, name in enumerate(PL_HOURS)}
_BEFORE_HOUR = frozenset({"o", "od", "do", "po", "przed", "godzina", "godzinie", "godziny"})
_AFTER_HOUR = frozenset(
    {"", "do", "i", "a", "albo", "lub", "rano", "wieczorem", "w", "nad", "jutro", "dzis"}
)


def _word(words: Sequence[Token], place: int) -> str:
    return words[place].word if 0 <= place < len(words) else ""


def read_day(words: Sequence[Token], start: int, language: Language) -> Found | None:
    """A day that begins with this token; written without its year, if none was said."""
    place = start
    if language == "en":
        place += _word(words, place) == "the"
        if _word(words, place) in _MONTHS["en"]:
            return _month_first(words, place)
    day, place = _ordinal(words, place, language)
    if day and language == "en":
        place += _word(words, place) == "of"
    month = _MONTHS[language].get(_word(words, place))
    if not day or not month:
        return None
    return _dated(words, place + 1, day, month, language)


def _month_first(words: Sequence[Token], place: int) -> Found | None:
    month = _MONTHS["en"][words[place].word]
    place += 1 + (_word(words, place + 1) == "the")
    day, place = _ordinal(words, place, "en")
    return _dated(words, place, day, month, "en") if day else None


def _dated(words: Sequence[Token], end: int, day: int, month: int, language: Language) -> Found:
    written = f"{day} {_NAMES[language][month - 1]}"
    year, after = _year(words, end, language)
    return (after, f"{written} {year}") if year else (end, written)


def _ordinal(words: Sequence[Token], place: int, language: Language) -> tuple[int, int]:
    """A day of a month, 0 if there is none, and the place after it."""
    known = _ORDINALS[language]
    word = _word(words, place)
    unit = known.get(_word(words, place + 1), 0)
    if word in _TENS[language] and 1 <= unit <= 9 and _TENS[language][word] + unit <= 31:
        return _TENS[language][word] + unit, place + 2
    return known.get(word, 0), place + 1


def _year(words: Sequence[Token], place: int, language: Language) -> tuple[int, int]:
    """A year of this century or the last, 0 if there is none, and the place after it."""
    group = read_group(words, place, language)
    if group is None:
        year, end = _ordinal(words, place, language)
        named = language == "pl" and year and _word(words, end) == "roku"
        return (2000 + year, end) if named else (0, place)
    year, end = int(group.digits), group.end
    if year == 2000:
        rest, after = _ordinal(words, end, language)
        year, end = (year + rest, after) if rest else (year, end)
    following = read_group(words, end, language)
    if year in (19, 20) and following and len(following.digits) == 2:
        year, end = year * 100 + int(following.digits), following.end
    return (year, end) if 1900 <= year <= 2099 else (0, place)


def read_time(words: Sequence[Token], start: int, language: Language) -> Found | None:
    """A time of day that begins with this token."""
    return _CLOCKS[language](words, start)


def _polish_time(words: Sequence[Token], start: int) -> Found | None:
    hour, place = _polish_hour(words, start)
    if hour is None:
        return None
    if _word(words, start - 1) not in _BEFORE_HOUR:
        return None
    minute, end = _minute(words, place, "pl")
    if minute is not None:
        return end, f"{hour}:{minute:02d}"
    # "od pierwszej chwili" is no time
    stops = _word(words, place) in _AFTER_HOUR or words[place].apart
    return (place, f"{hour}:00") if stops else None


def _polish_hour(words: Sequence[Token], start: int) -> tuple[int | None, int]:
    word = _word(words, start)
    unit = _HOURS.get(_word(words, start + 1), 0)
    if word == "dwudziestej" and 1 <= unit <= 3:
        return 20 + unit, start + 2
    return _HOURS.get(word), start + 1


def _english_time(words: Sequence[Token], start: int) -> Found | None:
    hour = read_group(words, start, "en")
    if hour is None or hour.typed or not 1 <= int(hour.digits) <= 12:
        return None
    minute, place = _minute(words, hour.end, "en")
    half, end = _half_of_day(words, place)
    if half is None:
        whole = minute is not None and _word(words, start - 1) == "at"
        return (place, f"{hour.digits}:{minute:02d}") if whole else None
    return end, f"{int(hour.digits) % 12 + half}:{minute or 0:02d}"


def _half_of_day(words: Sequence[Token], place: int) -> tuple[int | None, int]:
    """0 for the morning, 12 after noon."""
    joined = {"am": 0, "pm": 12}.get(_word(words, place))
    if joined is not None:
        return joined, place + 1
    spelled = {"a": 0, "p": 12}.get(_word(words, place))
    if spelled is not None and _word(words, place + 1) == "m":
        return spelled, place + 2
    return None, place


def _minute(words: Sequence[Token], place: int, language: Language) -> tuple[int | None, int]:
    """Minutes that are said with two digits, None if there are none, and the place after them."""
    first = read_group(words, place, language)
    if first is None or (place < len(words) and words[place].apart):
        return None, place
    if first.digits == "0":
        unit: Group | None = read_group(words, first.end, language)
        if unit and len(unit.digits) == 1 and unit.digits != "0":
            return int(unit.digits), unit.end
    elif len(first.digits) == 2 and int(first.digits) < 60:
        return int(first.digits), first.end
    return None, place


_CLOCKS: dict[Language, Callable[[Sequence[Token], int], Found | None]] = {
    "pl": _polish_time,
    "en": _english_time,
}
