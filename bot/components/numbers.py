"""Numbers as people type and say them, Polish and English, turned into digits.

A caller reads an order number in groups: "sto cztery siedemset trzydzieści jeden" is 104 and
731, "one oh four seven three one" six single digits, "ten forty-seven thirty-one" three pairs.
Between the groups stand signs ("myślnik", "dash") and the sounds of thinking ("yyy", "um").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from components.number_words import (
    FILLER,
    HUNDRED,
    JOINTS,
    LINKS,
    NUMBER_WORDS,
    OH,
    PLURALS,
    REPEAT,
    THOUSAND,
    YEAR_ORDINALS,
    amount_of,
)

__all__ = ["NUMBER_WORDS", "Group", "Run", "runs"]

_TOKEN = re.compile(r"(?<![a-z])o?\d[\do]*(?![a-z])|\d+|[a-z]+")
_GAP = re.compile(r"[\s\-–—‑/._…()]{0,5}")
_PAUSE = re.compile(r"[\s\-–—‑/._…(),]{0,5}")
_MAX_JOINTS = 4


@dataclass
class Group:
    """Digits that were said together, and where."""

    digits: str
    start: int
    end: int
    thousands: bool = False
    """It was said with a thousand in it: how people read sums and order numbers, not postcodes."""
    spoken: bool = False
    round: bool = False
    """The thousand was its last word: "pięć tysięcy"."""


@dataclass
class Run:
    """Neighbouring groups with nothing but signs and fillers between them."""

    groups: list[Group]
    lead: int = 0
    """How many of the first groups are an "oh", which may as well be a sigh."""

    @property
    def digits(self) -> str:
        """All digits of the run."""
        return "".join(g.digits for g in self.groups)

    @property
    def spoken(self) -> bool:
        """At least one of its groups was said in words."""
        return any(g.spoken for g in self.groups)


@dataclass
class _Token:
    word: str
    start: int
    end: int
    digits: str | None = None
    """What it stands for when it is no part of a larger number."""
    apart: bool = False
    """A dash or another sign was said before it: "seventy dash one" is no 71."""


class _Chain:
    """Tokens of the run that is being read, and the signs that may yet belong to it."""

    def __init__(self) -> None:
        self.tokens: list[_Token] = []
        self._joints: list[_Token] = []

    def follows(self, folded: str, token: _Token) -> bool:
        """Nothing but a short gap parts the token from what was read before."""
        before = (self._joints or self.tokens)[-1]
        # a comma ends a number, unless somebody is thinking aloud
        gap = _PAUSE if self._joints or FILLER.fullmatch(token.word) else _GAP
        return bool(gap.fullmatch(folded, before.end, token.start))

    def add(self, token: _Token) -> bool:
        """Take a part of a number; False when signs before it do not join it to the run."""
        joined = not self._joints or any(_joins(j.word) for j in self._joints)
        if joined:
            token.apart = any(j.word in JOINTS for j in self._joints)
            self.tokens.append(token)
        self._joints = []
        return joined

    def wait(self, token: _Token) -> bool:
        """Take a sign or filler, which counts only if a number follows."""
        if len(self._joints) >= _MAX_JOINTS or not (_joins(token.word) or token.word in LINKS):
            return False
        self._joints.append(token)
        return True


def runs(folded: str) -> Iterator[Run]:
    """Every run of numbers in folded text, from left to right."""
    chain = _Chain()
    tokens = [_Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(folded)]
    for place, token in enumerate(tokens):
        if chain.tokens and not chain.follows(folded, token):
            yield from _close(chain.tokens)
            chain = _Chain()
        following = tokens[place + 1].word if place + 1 < len(tokens) else ""
        if _belongs(token, chain.tokens, following):
            if not chain.add(token):
                yield from _close(chain.tokens)
                chain = _Chain()
                if _belongs(token, [], following):
                    chain.add(token)
        elif chain.tokens and not chain.wait(token):
            yield from _close(chain.tokens)
            chain = _Chain()
    yield from _close(chain.tokens)


def _joins(word: str) -> bool:
    return word in JOINTS or bool(FILLER.fullmatch(word))


def _belongs(token: _Token, after: list[_Token], following: str) -> bool:
    """Is the token part of a number; says also which digits, when it alone tells them."""
    word = token.word
    if word[-1].isdigit() or word[0].isdigit():
        token.digits = word.replace("o", "0")
        return True
    if amount_of(word) is not None or word in THOUSAND or word in REPEAT:
        return True
    if word in OH:
        token.digits = "0"
        speaks = following in OH or (following in NUMBER_WORDS and word == "oh")
        return bool(after) or speaks or following in REPEAT
    if word == "a":
        return following == HUNDRED or following == "thousand"
    return bool(after) and _continues(word, after)


def _continues(word: str, after: list[_Token]) -> bool:
    last = after[-1].word
    if word == HUNDRED:
        return True
    if word == "and":
        return last == HUNDRED or last == "thousand"
    if word in PLURALS:
        return 2 <= (amount_of(last) or 0) <= 6
    return word in YEAR_ORDINALS and (last in THOUSAND or last in YEAR_ORDINALS)


def _close(tokens: list[_Token]) -> Iterator[Run]:
    lead = 0
    while lead < len(tokens) and tokens[lead].word in OH:
        lead += 1
    if lead < len(tokens):
        groups = _groups(tokens)
        if len(groups) > lead:
            yield Run(groups, lead)


def _repeated(tokens: list[_Token]) -> list[_Token]:
    """Write out "double four", "dwa zera" and the like."""
    out: list[_Token] = []
    times: _Token | None = None
    for token in tokens:
        value = amount_of(token.word)
        digit = token.digits if token.digits is not None else str(value)
        if times is not None and times.apart:
            token.apart = True
        if token.word in REPEAT:
            times = token
        elif times is not None and len(digit) == 1 and digit.isdigit():
            digits = digit * REPEAT[times.word]
            out.append(_Token(token.word, times.start, token.end, digits))
            times = None
        elif token.word in PLURALS and out and 2 <= (amount_of(out[-1].word) or 0) <= 6:
            count = out.pop()
            digits = PLURALS[token.word] * (amount_of(count.word) or 0)
            out.append(_Token(token.word, count.start, token.end, digits))
        else:
            times = None
            out.append(token)
    return out


def _groups(tokens: list[_Token]) -> list[Group]:
    """Put tokens together as long as each is smaller than the place left by the one before."""
    out: list[Group] = []
    number = _Number()
    tokens = _repeated(tokens)
    for place, token in enumerate(tokens):
        if token.word == "and":
            number.hundred = False  # "nine hundred and two" is one number
            continue
        following = tokens[place + 1].word if place + 1 < len(tokens) else ""
        counts = token.digits is not None and len(token.digits) <= 3 and following in THOUSAND
        if counts and token.word.isdigit():
            out.extend(number.close())
            number.begin(token)
        elif token.digits is not None:
            out.extend(number.close())
            spoken = not token.word[-1].isdigit()
            out.append(Group(token.digits, token.start, token.end, spoken=spoken))
        elif token.apart or not number.take(token, following):
            out.extend(number.close())
            number.take(token, following)  # refuses only a "hundred" that nothing counts
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
        self.round = False
        self.hundred = False

    def begin(self, token: _Token) -> None:
        """Start with typed digits: "20 tysięcy"."""
        self.value, self.start, self.end = int(token.digits or 0), token.start, token.end

    def take(self, token: _Token, following: str) -> bool:
        """Add a word; False when it must begin the next number."""
        fresh = self.value is None
        if token.word in THOUSAND:
            taken = self._thousand()
        elif token.word == HUNDRED:
            taken = self._hundred()
        else:
            taken = self._amount(token, following)
        if taken:
            self.round = token.word in THOUSAND
            self.end = token.end
            if fresh:
                self.start = token.start
        return taken

    def _thousand(self) -> bool:
        if self.thousands is not None or self.value == 0:
            return False
        self.thousands, self.value, self.room = self.value or 1, 0, 1_000
        return True

    def _hundred(self) -> bool:
        if not self.value or self.value > 9 or self.room > 10:
            return False
        self.value, self.room = self.value * 100, 100
        self.hundred = True
        return True

    def _amount(self, token: _Token, following: str) -> bool:
        amount = _value(token.word)
        if amount >= self.room or (amount == 0 and self.value is not None):
            return False
        if following == HUNDRED and self.value:  # "six hundred two hundred" are two numbers
            return False
        # "nine hundred two six one" goes on in single digits: 900 2 6 1
        if self.hundred and amount < 10 and (following in OH or _is_english_digit(following)):
            return False
        self.hundred = False
        self.value = (self.value or 0) + amount
        self.room = _room_after(amount)
        return True

    def close(self) -> list[Group]:
        """The finished number, if there is one."""
        if self.value is None:
            self._reset()
            return []
        digits = str(self.value)
        if self.thousands is not None:
            digits = f"{self.thousands}{self.value:03d}"
        thousands = self.thousands is not None
        group = Group(digits, self.start, self.end, thousands, spoken=True, round=self.round)
        self._reset()
        return [group]


def _is_english_digit(word: str) -> bool:
    return (amount_of(word) or 0) in range(1, 10) or word == "zero"


def _value(word: str) -> int:
    if word == "a":
        return 1
    amount = amount_of(word)
    return YEAR_ORDINALS[word] if amount is None else amount


def _room_after(amount: int) -> int:
    """What may still be added: tens after hundreds, units after tens, nothing after units."""
    if amount >= 100:
        return 100
    if amount >= 20:
        return 10
    return 1
