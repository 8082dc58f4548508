"""Finding and masking personal data in text: for logs, exports and the content check."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_DIGITS = re.compile(r"(?<![\w-])\+?\d(?:[ -]?\d){8,18}(?![\w-])")
_POSTCODE = re.compile(r"(?<![\d-])\d{2}-\d{3}(?![\d-])")
_PESEL_WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)


class Finding(NamedTuple):
    """A piece of personal data in a text."""

    kind: str
    """email, pesel, card, phone or postcode."""
    start: int
    end: int


def find_personal_data(text: str) -> Iterator[Finding]:
    """Each piece of personal data in `text`, kind by kind."""
    for match in _EMAIL.finditer(text):
        yield Finding("email", *match.span())
    for match in _DIGITS.finditer(text):
        kind = _kind_of_number(match.group())
        if kind:
            yield Finding(kind, *match.span())
    for match in _POSTCODE.finditer(text):
        yield Finding("postcode", *match.span())


def redact(text: str) -> str:
    """`text` with personal data replaced by its kind in angle brackets, such as `<email>`."""
    for finding in sorted(find_personal_data(text), key=lambda found: -found.start):
        text = f"{text[: finding.start]}<{finding.kind}>{text[finding.end :]}"
    return text


def is_pesel(digits: str) -> bool:
    """Whether 11 digits are a Polish personal number: the check digit and the month fit.

    Source: ustawa o ewidencji ludności, art. 15–19; months carry the century (+0, 20, 40, 60, 80).
    """
    if len(digits) != 11 or not digits.isdigit():
        return False
    total = sum(w * int(d) for w, d in zip(_PESEL_WEIGHTS, digits, strict=False))
    month, day = int(digits[2:4]) % 20, int(digits[4:6])
    return (10 - total % 10) % 10 == int(digits[10]) and 1 <= month <= 12 and 1 <= day <= 31


def _kind_of_number(surface: str) -> str | None:
    digits = re.sub(r"\D", "", surface)
    if is_pesel(digits):
        return "pesel"
    if len(digits) >= 13 and _passes_luhn(digits):
        return "card"
    is_polish = len(digits) == 9 or (len(digits) == 11 and digits.startswith("48"))
    return "phone" if is_polish or surface.startswith("+") else None


def _passes_luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B."""
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0
