"""Tax numbers (NIP) as customers write and say them; their digits are nothing else."""

import re
from collections.abc import Iterator

from stdnum.pl import nip

from frontline.lang.numerals import cardinal
from frontline.lang.text import fold

_SAID = [*range(21), *range(30, 100, 10), *range(200, 1000, 100)]
_VALUES = {fold(cardinal(n, "pl")): n for n in [*_SAID, 100]} | {
    cardinal(n, "en"): n for n in _SAID if n < 100
}
_NUMBER = r"(?<![\w-])(?<!za )(?:pl ?)?(\d(?:[ -]{0,2}\d){9})(?!-?\d| \d)"
_NAMED = re.compile(
    rf"\b(?:nip\w*|tax|vat)\W{{1,3}}(?:(?:firmy|to|nr|numer|id|number|no|is|jest)\W{{1,3}}){{0,3}}"
    rf"{_NUMBER}"
)
_ANY = re.compile(_NUMBER)


def is_tax_id(digits: str) -> bool:
    """Whether ten digits can be a NIP: their check digit fits."""
    return bool(nip.is_valid(digits))


def ten_digits(text: str) -> str | None:
    """The one number of ten digits in a text, valid or not; None = none, or several."""
    found = {_bare(match[1]) for match in _ANY.finditer(_in_digits(text))}
    return found.pop() if len(found) == 1 else None


def named(text: str) -> str | None:
    """The one number that a text itself shows to be a NIP, valid or not."""
    found = {digits for digits, _, _ in _shown(_in_digits(text))}
    return found.pop() if len(found) == 1 else None


def holds(text: str, value: str) -> bool:
    """Whether the digits of `value` stand in this text only as a part of a NIP."""
    digits, written = re.sub(r"\D", "", value), _in_digits(text)
    shown = list(_shown(written))
    rest = written
    for _, start, end in reversed(shown):
        rest = f"{rest[:start]}|{rest[end:]}"
    elsewhere = re.sub(r"[ .-]", "", rest)
    core = digits[-6:]
    return any(core in number for number, _, _ in shown) and core not in elsewhere


def _shown(written: str) -> Iterator[tuple[str, int, int]]:
    """Numbers called a NIP, and valid ones that look like no order number."""
    by_name = {match.span(1) for match in _NAMED.finditer(written)}
    for match in _ANY.finditer(written):
        digits = _bare(match[1])
        if match.span(1) in by_name or (is_tax_id(digits) and not digits.startswith("20")):
            yield digits, *match.span(1)


def _bare(number: str) -> str:
    return re.sub(r"\D", "", number)


def _in_digits(text: str) -> str:
    """Folded text with its number words as digits: "pięćset dwadzieścia pięć" is 525."""
    parts: list[str] = []
    value, room = 0, 0
    for word in re.findall(r"\d+|[^\W\d]+|[^\w\s]|\s", fold(text)):
        said = _VALUES.get(word)
        if said is None:
            if word != " ":
                room = 0
            parts.append(word)
        elif 0 < said < room:
            value, room = value + said, _room(said)
            parts = [*parts[:-2], str(value)]
        else:
            value, room = said, _room(said)
            parts.append(str(value))
    return "".join(parts)


def _room(said: int) -> int:
    """What may still be added: tens after hundreds, units after tens."""
    return 100 if said >= 100 else 10 if said >= 20 else 0
