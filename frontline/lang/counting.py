"""Numbers as they stand in a sentence: after "od" and "do", with a fraction, with a noun, as years.

`numerals` has the plain ones.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from frontline.lang import Language
from frontline.lang.numerals import LIMIT, cardinal
from frontline.lang.plurals import EnglishNoun, PolishNoun
from frontline.lang.text import words

_GENITIVE_UNITS = words(
    "zera jednego dwóch trzech czterech pięciu sześciu siedmiu ośmiu dziewięciu dziesięciu "
    "jedenastu dwunastu trzynastu czternastu piętnastu szesnastu siedemnastu osiemnastu "
    "dziewiętnastu"
)
_GENITIVE_TENS = words(
    "_ _ dwudziestu trzydziestu czterdziestu pięćdziesięciu sześćdziesięciu siedemdziesięciu "
    "osiemdziesięciu dziewięćdziesięciu"
)
_GENITIVE_HUNDREDS = words(
    "_ stu dwustu trzystu czterystu pięciuset sześciuset siedmiuset ośmiuset dziewięciuset"
)
_ORDINAL_UNITS = words(
    "_ pierwszego drugiego trzeciego czwartego piątego szóstego siódmego ósmego dziewiątego "
    "dziesiątego jedenastego dwunastego trzynastego czternastego piętnastego szesnastego "
    "siedemnastego osiemnastego dziewiętnastego"
)
_ORDINAL_TENS = words(
    "_ _ dwudziestego trzydziestego czterdziestego pięćdziesiątego sześćdziesiątego "
    "siedemdziesiątego osiemdziesiątego dziewięćdziesiątego"
)
YEARS = range(1900, 2100)
"""The years that have words here."""


class Number(NamedTuple):
    """A number as it is written."""

    whole: int
    fraction: str = ""
    """Digits after the comma."""

    @property
    def counts(self) -> bool:
        """Is there a whole number of things?"""
        return not self.fraction.strip("0")


def number(text: str) -> Number:
    """Read `1 234,50`, `1,234.5` or `1234`; a single sign before three digits groups thousands."""
    compact = re.sub(r"[\s,.](?=\d{3}(?!\d))", "", text)
    whole, _, fraction = compact.replace(",", ".").partition(".")
    return Number(int(whole), fraction)


@dataclass(frozen=True, slots=True)
class Noun:
    """What is counted, in both languages."""

    pl: PolishNoun
    part: str
    """After a fraction, and after "one" in the genitive: 2,5 kilograma."""
    en: EnglishNoun
    feminine: bool = False

    def after(self, count: Number, language: Language, *, genitive: bool = False) -> str:
        """The form that goes with a number."""
        if language == "en":
            return self.en.one if count == (1, "") else self.en.many
        if not count.counts:
            return self.part
        if genitive:
            return self.part if count.whole == 1 else self.pl.many
        return self.pl.after(count.whole)


def in_words(
    count: Number,
    language: Language,
    *,
    genitive: bool = False,
    feminine: bool = False,
) -> str:
    """A number below a thousand million for the ear.

    Args:
        count: of what.
        language: which words.
        genitive: as after "do": "do pięciu dni"; Polish only.
        feminine: Polish "dwie godziny".
    """
    said = (
        _genitive(count.whole, feminine)
        if genitive and language == "pl"
        else cardinal(count.whole, language, feminine=feminine)
    )
    if count.counts:
        return said
    digits = count.fraction.rstrip("0")
    if digits == "5" and language == "pl" and count.whole:
        return f"{said} i pół"
    point = "przecinek" if language == "pl" else "point"
    return f"{said} {point} {_fraction(digits, language)}"


def _fraction(digits: str, language: Language) -> str:
    """Polish says "pięć" of 0,05 after its zeros, English every digit."""
    if language == "en" or len(digits) > 3:
        return " ".join(cardinal(int(digit), language) for digit in digits)
    zeros = len(digits) - len(digits.lstrip("0"))
    return " ".join(["zero"] * zeros + [cardinal(int(digits), language)])


def _genitive(count: int, feminine: bool) -> str:
    if not 0 <= count < LIMIT:
        raise ValueError(f"no words for {count}")
    if count == 1:
        return "jednej" if feminine else "jednego"
    millions, rest = divmod(count, 1_000_000)
    thousands, units = divmod(rest, 1000)
    said: list[str] = []
    for size, one, many in ((millions, "miliona", "milionów"), (thousands, "tysiąca", "tysięcy")):
        if size > 1:
            said += [*_genitive_below_thousand(size), many]
        elif size:
            said.append(one)
    if units or not said:
        said += _genitive_below_thousand(units)
    return " ".join(said)


def _genitive_below_thousand(count: int) -> list[str]:
    hundreds, rest = divmod(count, 100)
    said = [_GENITIVE_HUNDREDS[hundreds]] if hundreds else []
    if rest >= 20:
        said.append(_GENITIVE_TENS[rest // 10])
        rest %= 10
        if rest == 1:  # "dwudziestu jeden"
            return [*said, "jeden"]
    if rest or not said:
        said.append(_GENITIVE_UNITS[rest])
    return said


def year(number: int, language: Language) -> str:
    """A year of `YEARS`; Polish in the genitive, as after a day: "dwa tysiące pierwszego"."""
    century, rest = divmod(number, 100)
    if language == "en":
        if century == 20 and rest < 10:
            return cardinal(number, "en")
        tail = cardinal(rest, "en") if rest >= 10 else f"oh {cardinal(rest, 'en')}"
        return f"{cardinal(century, 'en')} {tail if rest else 'hundred'}"
    if not rest:
        return "dwutysięcznego" if century == 20 else "tysiąc dziewięćsetnego"
    head = "dwa tysiące" if century == 20 else "tysiąc dziewięćset"
    return f"{head} {_ordinal_below_hundred(rest)}"


def _ordinal_below_hundred(number: int) -> str:
    if number < 20:
        return _ORDINAL_UNITS[number]
    tens, unit = divmod(number, 10)
    return f"{_ORDINAL_TENS[tens]} {_ORDINAL_UNITS[unit]}" if unit else _ORDINAL_TENS[tens]


def locative(ordinal: str) -> str:
    """A Polish ordinal after "w": "szóstego" is "szóstym"."""
    return re.sub(r"ego\b", "ym", re.sub(r"(?<=[gc])iego\b", "im", ordinal))
