"""Figures in a text as words: numbers of telephones and orders, days and times, sums, measures."""

import re
from collections.abc import Callable
from datetime import date, time
from functools import partial

from frontline.lang import Language
from frontline.lang.abbreviations import DAYS
from frontline.lang.counting import YEARS, Noun, Number, in_words, locative, number, year
from frontline.lang.dates import spoken_day, spoken_time
from frontline.lang.money import spoken_money
from frontline.lang.numerals import LIMIT, cardinal
from frontline.lang.spelling import spoken_code, spoken_digits, spoken_phone
from frontline.lang.units import UNITS

Act = Callable[[re.Match[str], Language], str]
"""The words for what a pattern has found."""
Rule = tuple[re.Pattern[str], Act]

# How figures are written.

_NUMBER = r"\d{1,3}(?:[ ,.]\d{3})+(?!\d)(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d+)?"
_WANT_GENITIVE = frozenset({"do", "od", "około", "poniżej", "powyżej", "bez", "oprócz", "w ciągu"})
_WANT_ACCUSATIVE = frozenset({"w", "na", "za", "przez", "po", "co", "ponad"})
_GENITIVE = rf"(?:\b(?P<prep>{'|'.join(sorted(_WANT_GENITIVE))})\s+)?"
_DASH = r"\s?[-–—−]\s?"
_UNIT = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
_ZLOTY = r"(?:zł(?:otych|ote|oty)?(?!\w)|PLN(?!\w))"
_MONTHS: dict[Language, list[str]] = {
    language: [spoken_day(date(2000, month, 1), language).split()[-1] for month in range(1, 13)]
    for language in ("pl", "en")
}
_FEMININE = re.compile(
    r"\s+(?:godzin|minut|sekund|pacz|przesył|sztuk|rat|os[oó]b|wiadomo|reklamac|faktur|spraw|"
    r"książ|kart|stron|par|opłat|usług|umow|wersj|pozyc|prób|koszul|kurt|opin|dostaw|wpłat|dob)",
    re.IGNORECASE,
)
_NEUTER_ONE = re.compile(r"\s+\w*(?:ie|cie|ko|to|wo|no|ro)\b")
_FEMININE_ONE = re.compile(r"\s+\w{2,}[aą]\b")


# Numbers of things that are no quantities.


def _phone(match: re.Match[str], language: Language) -> str:
    digits = re.sub(r"\D", "", match[0])
    if match[0].startswith("00"):
        digits = digits[2:]
    abroad = match[0].startswith(("+", "00")) and not digits.startswith("48")
    if abroad:
        return f"plus {spoken_digits(digits, language)}"
    return spoken_phone(f"+48{digits[-9:]}", language)


def _order(match: re.Match[str], language: Language) -> str:
    return spoken_digits(match[1], language)


def _digits(match: re.Match[str], language: Language) -> str:
    return spoken_digits(re.sub(r"\D", "", match[0]), language)


def _named(match: re.Match[str], language: Language) -> str:
    """A number of which a word before says that it is one."""
    return f"{match[1]}{spoken_digits(re.sub(r'[ -]', '', match[2]), language)}"


def _postcode(match: re.Match[str], language: Language) -> str:
    return spoken_code(match[0], language)


def _code(match: re.Match[str], language: Language) -> str:
    """Letters that make a word are said as one: RABAT20."""
    said: list[str] = []
    for part in re.findall(r"\d+|[^\W\d_]+", match[0]):
        if part.isdigit():
            short = len(part) < 4 and not part.startswith("0")
            said.append(cardinal(int(part), language) if short else spoken_digits(part, language))
        elif len(part) > 2 and re.search(r"[aąeęioóuy]", part, re.IGNORECASE):
            said.append(part)
        else:
            said.append(" ".join(part.upper()))
    return ", ".join(said) if len(said) > 2 else " ".join(said)


# Days and times.


def _day(day: int, month: int, language: Language) -> str | None:
    try:
        return spoken_day(date(2000, month, day), language)
    except ValueError:
        return None


def _date(match: re.Match[str], language: Language) -> str:
    parts = match.groupdict()
    said = _day(int(parts["d"]), int(parts["m"]), language)
    if said is None:
        return _digits(match, language)
    return said + _of_year(parts.get("y"), language)


def _of_year(digits: str | None, language: Language) -> str:
    if not digits or int(digits) not in YEARS:
        return ""
    said = year(int(digits), language)
    return f" {said} roku" if language == "pl" else f", {said}"


def _named_day(match: re.Match[str], language: Language) -> str:
    parts = match.groupdict()
    name = (parts["month"] or "").capitalize()
    months = [month.capitalize()[: len(name)] for month in _MONTHS[language]]
    said = _day(int(parts["d"]), months.index(name) + 1, language)
    if said is None:
        return match[0]
    first = parts.get("first")
    if first and (other := _day(int(first), months.index(name) + 1, language)):
        start, end = ("od", "do") if language == "pl" else ("from", "to")
        said = f"{start} {other.rpartition(' ')[0].removesuffix(' of')} {end} {said}"
    return said + _of_year(parts.get("y"), language)


def _year(match: re.Match[str], language: Language) -> str:
    said = year(int(match["y"]), language)
    inside = (match["prep"] or "").lower() == "w"
    before = f"{match['prep']} " if match["prep"] else ""
    return f"{before}{locative(said)} roku" if inside else f"{before}{said} roku"


def _clock(hour: str, minute: str | None, language: Language, half: str | None = None) -> str:
    hours = int(hour) % 24
    if half:
        hours = hours % 12 + (12 if half.lower().startswith("p") else 0)
    return spoken_time(time(hours, int(minute or 0)), language)


def _time(match: re.Match[str], language: Language) -> str:
    parts = match.groupdict()
    said = _clock(parts["h"], parts["min"], language, parts.get("half"))
    return (parts.get("before") or "") + said


def _hours(match: re.Match[str], language: Language) -> str:
    parts = match.groupdict()
    first = _clock(parts["h"], parts["min"], language, parts.get("half"))
    last = _clock(parts["h2"], parts["min2"], language, parts.get("half2"))
    return f"od {first} do {last}" if language == "pl" else f"from {first} to {last}"


def _days(match: re.Match[str], language: Language) -> str:
    first, last = _name_of(match[1], language, 1), _name_of(match[2], language, 2)
    return f"od {first} do {last}" if language == "pl" else f"{first} to {last}"


def _weekday(match: re.Match[str], language: Language) -> str:
    return _name_of(match[1], language, 0)


def _name_of(short: str, language: Language, case: int) -> str:
    flags = re.IGNORECASE if language == "pl" else 0
    for pattern, names in DAYS[language].items():
        if re.fullmatch(pattern, short, flags):
            return names[case]
    return short


# Quantities.


def _money(match: re.Match[str], language: Language) -> str:
    amount = number(match["n"])
    if amount.whole >= LIMIT:
        return _digits(match, language)
    grosze = amount.whole * 100 + int((amount.fraction + "00")[:2])
    if not match["prep"]:
        return spoken_money(grosze, language)
    whole, rest = divmod(grosze, 100)
    said = in_words(Number(whole), language, genitive=True)
    said += " złotego" if whole == 1 else " złotych"
    if rest:
        noun = " grosza" if rest == 1 else " groszy"
        said += f" i {in_words(Number(rest), language, genitive=True)}{noun}"
    return f"{match['prep']} {said}"


def _measure(match: re.Match[str], language: Language) -> str:
    noun, count = UNITS[match["unit"]], number(match["n"])
    if count.whole >= LIMIT:
        return f"{_digits(match, language)} {noun.after(count, language)}"
    genitive = bool(match["prep"])
    said = in_words(count, language, genitive=genitive, feminine=noun.feminine)
    before = f"{match['prep']} " if genitive else ""
    return f"{before}{said} {noun.after(count, language, genitive=genitive)}"


def _range(match: re.Match[str], language: Language) -> str:
    """Polish "2–3 dni" is "dwa, trzy dni", but "14–30 dni" is "od czternastu do trzydziestu"."""
    first, last = int(match["a"]), int(match["b"])
    unit = _unit(match["unit"])
    prep = (match["prep"] or "").lower()
    genitive = prep in _WANT_GENITIVE
    if language == "en":
        said = f"{cardinal(first, 'en')} to {cardinal(last, 'en')}"
    elif last == first + 1 and not genitive:
        feminine = bool((unit and unit.feminine) or _FEMININE.match(match.string, match.end()))
        both = (cardinal(count, "pl", feminine=feminine) for count in (first, last))
        said = ", ".join(both)
    else:
        genitive = genitive or prep not in _WANT_ACCUSATIVE
        begin = in_words(Number(first), "pl", genitive=genitive)
        said = f"{begin} do {in_words(Number(last), 'pl', genitive=True)}"
        if prep not in _WANT_GENITIVE | _WANT_ACCUSATIVE:
            said = f"od {said}"
        genitive = True
    if match["prep"]:
        said = f"{match['prep']} {said}"
    return f"{said} {unit.after(Number(last), language, genitive=genitive)}" if unit else said


def _unit(sign: str | None) -> Noun | None:
    return UNITS.get(sign) if sign else None


def _by(match: re.Match[str], language: Language) -> str:
    by = " na " if language == "pl" else " by "
    said = re.sub(r"\s?[x×]\s?", by, match["sizes"])
    said = re.sub(_NUMBER, partial(_plain, language), said)
    unit = _unit(match["unit"])
    return f"{said} {unit.pl.many if language == 'pl' else unit.en.many}" if unit else said


def _plain(language: Language, match: re.Match[str]) -> str:
    count = number(match[0])
    return in_words(count, language) if count.whole < LIMIT else _digits(match, language)


def _slash(match: re.Match[str], language: Language) -> str:
    if match[0] == "24/7":
        return "całą dobę" if language == "pl" else "twenty-four seven"
    over = "przez" if language == "pl" else "slash"
    return f"{cardinal(int(match[1]), language)} {over} {cardinal(int(match[2]), language)}"


def _ordinal(match: re.Match[str], language: Language) -> str:
    """English "3rd"."""
    said = _day(int(match[1]), 1, language) if int(match[1]) <= 31 else None
    if said is None:
        return f"{cardinal(int(match[1]), language)}th"
    return said.removeprefix("the ").removesuffix(" of January")


def _count(match: re.Match[str], language: Language) -> str:
    minus = "minus " if match["minus"] else ""
    before = f"{match['prep']} " if match["prep"] else ""
    digits = match["n"]
    spelled = digits.isdigit() and (len(digits) > 4 or (digits[0] == "0" and len(digits) > 1))
    if spelled or len(re.sub(r"\D", "", digits)) > 9:
        return before + minus + spoken_digits(re.sub(r"\D", "", digits), language)
    count = number(digits)
    following = match.string[match.end() :]
    if language == "pl" and count == (1, "") and not before:
        return before + minus + _one(following)
    feminine = bool(_FEMININE.match(following))
    said = in_words(count, language, genitive=bool(before), feminine=feminine)
    return before + minus + said


def _one(following: str) -> str:
    if _FEMININE.match(following) or _FEMININE_ONE.match(following):
        return "jedna"
    return "jedno" if _NEUTER_ONE.match(following) else "jeden"


def _number_sign(_match: re.Match[str], language: Language) -> str:
    return "numer " if language == "pl" else "number "


def _currency(match: re.Match[str], language: Language) -> str:
    """One that stands after words: "pięć tysięcy zł"."""
    noun = UNITS.get(match[1])
    if noun is None:
        return "złotych" if language == "pl" else "zlotys"
    return noun.pl.many if language == "pl" else noun.en.many


def _left(match: re.Match[str], language: Language) -> str:
    return f" {spoken_digits(match[0], language)} "


_LOWER_NEXT = r"(?:\.(?-i:(?=\s+[^A-ZĄĆĘŁŃÓŚŹŻ\s]|,)))?"
"""A full stop that belongs to the abbreviation, not to the sentence."""
_CLOCK = r"(?:[01]?\d|2[0-4])"
_NO_PREP = r"(?P<prep>(?!))?"
"""Finds nothing: English numbers do not change after a preposition."""
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_I = re.IGNORECASE


def _rule(pattern: str, act: Act, flags: int = 0) -> Rule:
    return re.compile(pattern, flags), act


_LABELS: tuple[Rule, ...] = (
    _rule(r"\bZA-\d{4}-(\d{6})\b", _order, _I),
    _rule(r"(?<![\w+])(?:\+|00)\d{2}[\d -]{6,14}\d(?!\w)", _phone),
    _rule(r"(?<![\w.,-])\d{3}[ -]\d{3}[ -]\d{3}(?![\w-]|[ ]?\d|,\d)", _phone),
    _rule(r"(?<![\w.,-])\(?\d{2}\)?[ -]\d{3}[ -]\d{2}[ -]\d{2}(?![\w-])", _phone),
    _rule(r"(?<![\w.,-])116[ -]?\d{3}(?!\w)", _digits),  # helplines of the EU
    _rule(r"(?<![\w.,-])\d{2}-\d{3}(?![\w-])", _postcode),
)


def _day_rules(language: Language) -> list[Rule]:
    polish = language == "pl"
    names, flags = "|".join(DAYS[language]), _I if polish else 0
    months = "|".join(m if polish else f"{m[:3]}(?:{m[3:]})?" for m in _MONTHS[language])
    end = r"(?:\s?r(?:oku\b|\.(?-i:(?!\s+[A-ZĄĆĘŁŃÓŚŹŻ]))|\b))?" if polish else ""
    dated = (
        rf"\b(?:the\s+)?(?:(?P<first>\d{{1,2}}){_DASH})?{_DAY}\.?\s+(?:of\s+)?"
        rf"(?P<month>{months})\b(?:,?\s+(?P<y>\d{{4}}){end})?"
    )
    american = rf"\b(?P<month>{months})\b\.?\s+{_DAY}\b(?:,?\s+(?P<y>\d{{4}}))?"
    return [
        _rule(r"\b(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\w)", _date),
        _rule(rf"\b(?P<d>\d{{1,2}})[./](?P<m>\d{{1,2}})[./](?P<y>\d{{4}})(?!\d){end}", _date),
        _rule(dated, _named_day, _I),
        *([] if polish else [_rule(american, _named_day, _I)]),
        _rule(rf"\b({names})\.?{_DASH}({names})\b\.?", _days, flags),
        _rule(rf"\b({names})(?:\.(?=\W|$)|(?=:?\s\d))", _weekday, flags),
    ]


def _time_rules() -> list[Rule]:
    half = r"(?P<half>[ap]\.?m\b\.?)"
    to = rf"(?:{_DASH}|\s(?:do|to)\s)"
    at = r"\b(?:o|godzin\w*|at|by|from|until|till)"
    return [
        _rule(
            rf"(?:\b(?:od|from)\s+)?\b(?P<h>{_CLOCK})[:.](?P<min>[0-5]\d){to}"
            rf"(?P<h2>{_CLOCK})[:.](?P<min2>[0-5]\d)(?!\d)",
            _hours,
            _I,
        ),
        _rule(
            rf"(?:\b(?:from)\s+)?\b(?P<h>{_CLOCK})(?:[:.](?P<min>[0-5]\d))?\s?{half}{to}"
            rf"(?P<h2>{_CLOCK})(?:[:.](?P<min2>[0-5]\d))?\s?(?P<half2>[ap]\.?m\b\.?)",
            _hours,
            _I,
        ),
        _rule(rf"\b(?P<h>{_CLOCK})(?:[:.](?P<min>[0-5]\d))?\s?{half}", _time, _I),
        _rule(rf"(?<![\w.,])(?P<h>{_CLOCK}):(?P<min>[0-5]\d)(?::[0-5]\d)?(?!\d)", _time),
        _rule(
            r"(?P<before>\b(?:o|po|przed|godzin\w*)\s+)(?P<h>[01]?\d|2[0-4])(?P<min>)"
            r"(?=\s*(?:[,;!?]|\.?\s*$|\.\s|\s(?:rano|wieczorem|w|we|po|do)\b))",
            _time,
            _I,
        ),
        _dotted_time(at),
    ]


def _dotted_time(before: str) -> Rule:
    time = rf"(?P<h>{_CLOCK})\.(?P<min>[0-5]\d)(?![\d%]|\s?(?:zł|kg|PLN))"
    return _rule(rf"(?P<before>{before}\s+){time}", _time, _I)


def _quantity_rules(prep: str) -> list[Rule]:
    before = r"(?:(?P<prep>\bw ciągu|\b\w+)\s+)?"
    return [
        _rule(rf"{prep}(?<![\w.,])(?P<n>{_NUMBER})\s?{_ZLOTY}{_LOWER_NEXT}", _money, _I),
        _rule(rf"{_NO_PREP}\bPLN\s?(?P<n>{_NUMBER})", _money),
        _rule(rf"{_NO_PREP}(?P<unit>[€$£])\s?(?P<n>{_NUMBER})", _measure),
        _rule(
            rf"{before}(?<![\w.,])(?P<a>\d{{1,4}}){_DASH}(?P<b>\d{{1,4}})"
            rf"(?:\s?(?P<unit>{_UNIT})(?!\w){_LOWER_NEXT})?(?![\w-]|[.,]\d)",
            _range,
            _I,
        ),
        _rule(
            rf"(?<![\w.,])(?P<sizes>(?:{_NUMBER})(?:\s?[x×]\s?(?:{_NUMBER}))+)"
            rf"(?:\s?(?P<unit>{_UNIT})(?!\w))?",
            _by,
        ),
        _rule(
            rf"{prep}(?<![\w.,])(?P<n>{_NUMBER})\s?(?P<unit>{_UNIT})(?!\w){_LOWER_NEXT}", _measure
        ),
        _rule(r"(?<![\w.,/])(\d{1,4})/(\d{1,4})(?![\w/])", _slash),
    ]


def _rest_rules(prep: str) -> list[Rule]:
    labels = r"numer\w*|nr|zamówieni\w+|kod\w*|PIN\w*|NIP\w*|order|number|code|account|kont\w+"
    return [
        _rule(
            rf"(\b(?:{labels})(?:\s+(?:is|to|jest))?:?\s+)#?(\d[\d -]{{2,}}\d)(?!\w)", _named, _I
        ),
        _rule(r"(?<![\w.,])\d(?:[ -]?\d){9,}(?!\w)", _digits),
        _rule(r"#(?=\d)", _number_sign),
        _rule(r"\b(?=\w*\d)(?=\w*[^\W\d_])\w+(?:-\w*\d\w*)*", _code),
        _rule(rf"{prep}(?<![\w.,])(?P<minus>(?<!\S)[-−])?(?P<n>{_NUMBER})(?!\w)", _count, _I),
        _rule(r"\d+", _left),
        _rule(r"\b(zł|PLN|EUR|USD)\b", _currency),
    ]


_POLISH: tuple[Rule, ...] = (
    *_LABELS,
    *_day_rules("pl"),
    *_time_rules(),
    *_quantity_rules(_GENITIVE),
    _rule(
        r"\b(?:(?P<prep>w|od|do|z)\s+)?(?P<y>(?:19|20)\d\d)\s?"
        r"r(?:oku\b|\.(?-i:(?!\s+[A-ZĄĆĘŁŃÓŚŹŻ]))|\b)",
        _year,
        _I,
    ),
    _rule(r"(?<![\w.,])(?P<d>\d{1,2})\.(?P<m>0[1-9]|1[0-2])\b\.?(?!\d)", _date),
    _dotted_time(r"\b(?:od|do|po|przed)"),  # what is no day: "do 10.30"
    *_rest_rules(_GENITIVE),
)
_ENGLISH: tuple[Rule, ...] = (
    *_LABELS,
    *_day_rules("en"),
    *_time_rules(),
    *_quantity_rules(_NO_PREP),
    _rule(r"\b(\d{1,3})(?:st|nd|rd|th)\b", _ordinal),
    *_rest_rules(_NO_PREP),
)
FIGURES: dict[Language, tuple[Rule, ...]] = {"pl": _POLISH, "en": _ENGLISH}
"""To be applied in order: what was found is no figure any more."""
