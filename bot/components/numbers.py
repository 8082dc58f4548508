"""Numbers as people type and say them, Polish and English, turned into digits.

A caller reads an order number in groups: "sto cztery siedemset trzydzieści jeden" is 104 and
731, "one oh four seven three one" six single digits, "ten forty-seven thirty-one" three pairs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PL = {
    "zero": 0, "jeden": 1, "jedna": 1, "jedno": 1, "dwa": 2, "dwie": 2, "trzy": 3, "cztery": 4,
    "piec": 5, "szesc": 6, "siedem": 7, "osiem": 8, "dziewiec": 9, "dziesiec": 10,
    "jedenascie": 11, "dwanascie": 12, "trzynascie": 13, "czternascie": 14, "pietnascie": 15,
    "szesnascie": 16, "siedemnascie": 17, "osiemnascie": 18, "dziewietnascie": 19,
    "dwadziescia": 20, "trzydziesci": 30, "czterdziesci": 40, "piecdziesiat": 50,
    "szescdziesiat": 60, "siedemdziesiat": 70, "osiemdziesiat": 80, "dziewiecdziesiat": 90,
    "sto": 100, "dwiescie": 200, "trzysta": 300, "czterysta": 400, "piecset": 500,
    "szescset": 600, "siedemset": 700, "osiemset": 800, "dziewiecset": 900,
    "jedynka": 1, "dwojka": 2, "trojka": 3, "czworka": 4, "piatka": 5, "szostka": 6,
    "siodemka": 7, "osemka": 8, "dziewiatka": 9,
}  # fmt: skip
_EN = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13,
    "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
VALUES = {**_PL, **_EN}
THOUSAND = frozenset({"tysiac", "tysiace", "tysiecy", "thousand"})
HUNDRED = "hundred"
REPEAT = {"double": 2, "triple": 3}
OH = frozenset({"o", "oh"})
NUMBER_WORDS = frozenset(VALUES) | THOUSAND | {HUNDRED}
"""Folded words that mean a number on their own."""

_TOKEN = re.compile(r"\d+|[a-z]+")
_GAP = re.compile(r"[\s\-/.]{0,3}")


@dataclass
class Group:
    """Digits that were said together, and where."""

    digits: str
    start: int
    end: int


@dataclass
class Run:
    """Neighbouring groups with nothing but spaces, dots, dashes or slashes between them."""

    groups: list[Group]
    spoken: bool
    """At least one of them was a word."""

    @property
    def digits(self) -> str:
        """All digits of the run."""
        return "".join(g.digits for g in self.groups)


@dataclass
class _Token:
    word: str
    start: int
    end: int


def runs(folded: str) -> Iterator[Run]:
    """Every run of numbers in folded text, from left to right."""
    pending: list[_Token] = []
    for match in _TOKEN.finditer(folded):
        token = _Token(match.group(), match.start(), match.end())
        if pending and not _GAP.fullmatch(folded, pending[-1].end, token.start):
            yield from _close(pending)
            pending = []
        if _belongs(token.word, after=pending):
            pending.append(token)
        else:
            yield from _close(pending)
            pending = []
    yield from _close(pending)


def _belongs(word: str, after: list[_Token]) -> bool:
    if word.isdigit() or word in NUMBER_WORDS or word in REPEAT:
        return True
    return bool(after) and (word in OH or (word == "and" and after[-1].word == HUNDRED))


def _close(tokens: list[_Token]) -> Iterator[Run]:
    groups = _groups(tokens)
    if groups:
        yield Run(groups, spoken=any(not t.word.isdigit() for t in tokens))


def _groups(tokens: list[_Token]) -> list[Group]:
    """Put tokens together as long as each is smaller than the place left by the one before."""
    out: list[Group] = []
    number = _Number()
    repeat = 1
    for token in tokens:
        if token.word == "and":
            continue
        if token.word in REPEAT:
            repeat = REPEAT[token.word]
            continue
        if token.word.isdigit() or token.word in OH:
            out.extend(number.close())
            digits = token.word if token.word.isdigit() else "0"
            out.append(Group(digits * repeat, token.start, token.end))
        elif repeat > 1 or not number.take(token):
            out.extend(number.close())
            number.take(token)  # refuses only a "tysiąc" alone, which the numbers we read lack
            number.repeat = repeat
        repeat = 1
    out.extend(number.close())
    return out


class _Number:
    """One number while its words arrive."""

    def __init__(self) -> None:
        self._reset()

    def _reset(self) -> None:
        self.thousands: int | None = None
        self.value: int | None = None
        self.room = 1_000
        self.start = self.end = 0
        self.repeat = 1

    def take(self, token: _Token) -> bool:
        """Add a word; False when it must begin the next number."""
        word = token.word
        if word in THOUSAND:
            if not self.value or self.thousands is not None:
                return False
            self.thousands, self.value, self.room = self.value, 0, 1_000
        elif word == HUNDRED:
            if not self.value or self.value > 9 or self.room > 10:
                return False
            self.value, self.room = self.value * 100, 100
        else:
            amount = VALUES[word]
            if amount >= self.room or (amount == 0 and self.value is not None):
                return False
            self.value = (self.value or 0) + amount
            self.room = _room_after(amount)
            if self.start == self.end:
                self.start = token.start
        self.end = token.end
        return True

    def close(self) -> list[Group]:
        """The finished number, if there is one."""
        if self.value is None:
            self._reset()
            return []
        digits = str(self.value)
        if self.thousands is not None:
            digits = f"{self.thousands}{self.value:03d}"
        group = Group(digits * self.repeat, self.start, self.end)
        self._reset()
        return [group]


def _room_after(amount: int) -> int:
    """What may still be added: tens after hundreds, units after tens, nothing after units."""
    if amount >= 100:
        return 100
    if amount >= 20:
        return 10
    return 1
