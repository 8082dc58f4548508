"""Codes, telephone numbers and addresses as a voice must say them, in groups."""

import re
from itertools import groupby

from frontline.lang import Language
from frontline.lang.numerals import cardinal

_SIGNS = {
    "pl": {"@": "małpa", ".": "kropka", "-": "myślnik", "_": "podkreślenie", "+": "plus"},
    "en": {"@": "at", ".": "dot", "-": "dash", "_": "underscore", "+": "plus"},
}
_MOBILE = ("45", "50", "51", "53", "57", "60", "66", "69", "72", "73", "78", "79", "88")
"""Prefixes of Polish mobile numbers (UKE, numbering plan for mobile networks)."""


def spoken_digits(digits: str, language: Language, *, group: int = 3) -> str:
    """Digits in groups, each said as a number: 104731 is "sto cztery, siedemset trzydzieści jeden".

    A zero in front of a group is said. English says digit by digit inside each group, as its
    speakers do: "one zero four, seven three one".

    Args:
        digits: ASCII digits only.
        language: which words.
        group: digits said together; a shorter rest is joined in front, so four digits in groups
            of three are two pairs.
    """
    return ", ".join(_group_in_words(part, language) for part in _groups(digits, group))


def _groups(digits: str, size: int) -> list[str]:
    if size == 3 and len(digits) % 3 == 1 and len(digits) > 1:  # no lone digit at the end
        return [*_groups(digits[:-4], 3), digits[-4:-2], digits[-2:]]
    return [digits[i : i + size] for i in range(0, len(digits), size)]


def _group_in_words(part: str, language: Language) -> str:
    if language == "en":
        return " ".join(cardinal(int(digit), "en") for digit in part)
    zeros = len(part) - len(part.lstrip("0"))
    words = ["zero"] * zeros
    if part.lstrip("0"):
        words.append(cardinal(int(part), "pl"))
    return " ".join(words)


def spoken_code(code: str, language: Language) -> str:
    """A code of letters and digits: letters one by one, digits in groups."""
    parts: list[str] = []
    for is_digit, run in groupby(re.sub(r"[^0-9A-Za-z]", "", code), str.isdigit):
        text = "".join(run)
        parts.append(spoken_digits(text, language) if is_digit else " ".join(text.upper()))
    return ", ".join(parts)


def spoken_phone(number: str, language: Language) -> str:
    """A telephone number without its Polish prefix, in the groups in which it is written.

    Args:
        number: E.164, like `+48221234567`.
        language: which words.
    """
    digits = re.sub(r"\D", "", number.removeprefix("+48"))
    if len(digits) != 9:
        return spoken_digits(digits, language)
    return ", ".join(_group_in_words(part, language) for part in phone_groups(digits))


def phone_groups(digits: str) -> tuple[str, ...]:
    """Nine Polish digits as people write them: 600 100 200, but 22 123 45 67."""
    if digits.startswith(_MOBILE):
        return digits[:3], digits[3:6], digits[6:]
    return digits[:2], digits[2:5], digits[5:7], digits[7:]


def written_phone(number: str) -> str:
    """A telephone number for the eye: `+48 22 123 45 67`; other lengths unchanged."""
    digits = number.removeprefix("+48")
    if not re.fullmatch(r"\d{9}", digits):
        return number
    return f"+48 {' '.join(phone_groups(digits))}"


def spoken_address(address: str, language: Language) -> str:
    """An e-mail address or host name, its signs in words."""
    signs = _SIGNS[language]
    return " ".join(re.sub(r"[@._+-]", lambda m: f" {signs[m[0]]} ", address).split())
