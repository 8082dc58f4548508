"""Numbers in words, read back: "sto cztery siedemset trzydzieści jeden" is 104 and 731.

Callers read long numbers in groups of their own choice, as single digits ("one oh four"), with
repeats ("double three", "dwa zera"), and with signs and sounds of thinking between them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from frontline.lang import Language
from frontline.lang.number_words import (
    AMOUNTS,
    FILLERS,
    HUNDRED,
    JOINTS,
    OH,
    PLURALS,
    REPEATS,
    SCALES,
    Token,
)

_MOST_JOINTS = 3


@dataclass(frozen=True, slots=True)
class Group:
    """Digits that were said together."""

    digits: str
    first: int
    """Number of its first token."""
    end: int
    """Number of the token after its last one."""
    scaled: bool = False
    """It has a thousand in it."""
    sigh: bool = False
    """It is an "oh", which in front of a number may be just that."""
    typed: bool = False
    """It was in digits already."""


@dataclass(frozen=True, slots=True)
class Run:
    """Groups with nothing but signs and sounds of thinking between them."""

    groups: tuple[Group, ...]

    @property
    def digits(self) -> str:
        """All digits."""
        return "".join(group.digits for group in self.groups)

    @property
    def first(self) -> int:
        """Number of its first token."""
        return self.groups[0].first

    @property
    def end(self) -> int:
        """Number of the token after its last one."""
        return self.groups[-1].end

    def without_sighs(self) -> "Run":
        """Without what may be sighs in front; itself if nothing else is there."""
        lead = 0
        while lead < len(self.groups) and self.groups[lead].sigh:
            lead += 1
        return Run(self.groups[lead:]) if lead < len(self.groups) else self


def read_run(words: Sequence[Token], start: int, language: Language) -> Run | None:
    """The run of numbers that begins with this token, None if it begins none."""
    groups: list[Group] = []
    place = start
    while True:
        group = read_group(words, place, language)
        if group is None or (groups and _parted(words, groups[-1], group)):
            break
        groups.append(group)
        place = _over_joints(words, group.end)
    return Run(tuple(groups)) if groups else None


def _parted(words: Sequence[Token], before: Group, group: Group) -> bool:
    """A comma stands between them that is no pause of a voice."""
    return words[before.end].apart and (before.typed or group.typed)


def _over_joints(words: Sequence[Token], place: int) -> int:
    end = place
    while end < len(words) and end - place < _MOST_JOINTS:
        follows = words[end + 1].word if end + 1 < len(words) else ""
        link = words[end].word == "a" and follows in JOINTS  # "a dalej"
        if not (_is_joint(words[end].word) or link):
            break
        end += 1
    if end > place and end < len(words) and words[end].word == "na":  # "łamane na"
        end += 1
    return end


def _is_joint(word: str) -> bool:
    return word in JOINTS or bool(FILLERS.fullmatch(word))


def read_group(words: Sequence[Token], start: int, language: Language) -> Group | None:
    """The number that begins with this token, as far as its words are one number."""
    if start >= len(words):
        return None
    word = words[start].word
    if word.isdecimal() and word.isascii():
        return Group(word, start, start + 1, typed=True)
    repeated = _repeated(words, start, language)
    if repeated:
        return repeated
    if word in OH[language]:
        return Group("0", start, start + 1, sigh=True) if _oh_counts(words, start) else None
    number = _Number(language)
    end = start
    while end < len(words) and (end == start or not words[end].apart) and number.take(words, end):
        end += 1
    return number.group(start, end)


def _oh_counts(words: Sequence[Token], place: int) -> bool:
    """Between or before digits; "o" alone only after one."""
    english = AMOUNTS["en"]
    near = [words[p].word for p in (place - 1, place + 1) if 0 <= p < len(words)]
    return any(w in english or w in OH["en"] or w in REPEATS["en"] for w in near)


def _digit(words: Sequence[Token], place: int, language: Language) -> str | None:
    if place >= len(words):
        return None
    word = words[place].word
    if word in OH[language]:
        return "0"
    amount = AMOUNTS[language].get(word)
    return str(amount) if amount is not None and amount < 10 else None


def _repeated(words: Sequence[Token], start: int, language: Language) -> Group | None:
    """Such as "double three" and "dwa zera"."""
    times = REPEATS[language].get(words[start].word)
    digit = _digit(words, start + 1, language)
    if times and digit:
        return Group(digit * times, start, start + 2)
    count = AMOUNTS[language].get(words[start].word, 0)
    following = words[start + 1].word if start + 1 < len(words) else ""
    if 2 <= count <= 6 and following in PLURALS[language]:
        return Group(PLURALS[language][following] * count, start, start + 2)
    return None


class _Number:
    """One number while its words arrive."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._total = 0
        self._below: int | None = None
        """What was said since the last thousand."""
        self._room = 1_000
        """The next word must be worth less."""
        self._scale = 1_000_000_000
        self._scaled = False
        self._hundred = False

    def take(self, words: Sequence[Token], place: int) -> bool:
        """Add a word; False when it belongs to the next number, or to none."""
        word = words[place].word
        following = words[place + 1].word if place + 1 < len(words) else ""
        scale = SCALES[self._language].get(word)
        if scale:
            return self._take_scale(scale)
        if self._language == "en" and word in (HUNDRED, "and", "a"):
            return self._take_english(word, following)
        amount = AMOUNTS[self._language].get(word)
        return amount is not None and self._take_amount(amount, following)

    def _take_scale(self, scale: int) -> bool:
        if scale >= self._scale or self._below == 0:
            return False
        self._total += (self._below or 1) * scale
        self._below, self._room, self._scale = None, 1_000, scale
        self._scaled, self._hundred = True, False
        return True

    def _take_english(self, word: str, following: str) -> bool:
        amounts = AMOUNTS["en"]
        if word == "a":
            starts = self._below is None and not self._scaled
            if starts and (following == HUNDRED or following in SCALES["en"]):
                self._below, self._room = 1, 1
                return True
            return False
        if word == "and":
            joins = self._hundred or (self._scaled and self._below is None)
            self._hundred = False  # "nine hundred and two" is one number
            return joins and 0 < amounts.get(following, 0) < 100
        if not self._below or self._below > 9:
            return False
        self._below, self._room, self._hundred = self._below * 100, 100, True
        return True

    def _take_amount(self, amount: int, following: str) -> bool:
        started = self._below is not None or self._scaled
        if amount >= self._room or (amount == 0 and started):
            return False
        if started and following == HUNDRED and self._below:  # "six hundred two hundred"
            return False
        if self._hundred and amount < 10 and _is_digit(following):  # "nine hundred two six one"
            return False
        self._hundred = False
        self._below = (self._below or 0) + amount
        self._room = 100 if amount >= 100 else 10 if amount >= 20 else 1
        return True

    def group(self, first: int, end: int) -> Group | None:
        """The finished number, if there is one."""
        if self._below is None and not self._scaled:
            return None
        return Group(str(self._total + (self._below or 0)), first, end, scaled=self._scaled)


def _is_digit(word: str) -> bool:
    return AMOUNTS["en"].get(word, 10) < 10 or word in OH["en"]
