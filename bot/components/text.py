"""What a sentence is before it is compared: case, diacritics and numbers no longer matter."""

from __future__ import annotations

import re
import unicodedata

from components.numbers import NUMBER_WORDS

MAX_CHARS = 2_000
"""Longer messages are judged by their beginning."""

NUMBER_TOKEN = "000"  # noqa: S105
"""Every number, in digits or words, becomes this one word."""

_FOLD = str.maketrans("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "acelnoszzACELNOSZZ")
_DIGITS = re.compile(r"[\d\s.,:/-]*\d[\d\s.,:/-]*")
_JOINTS = frozenset({"and", "oh", "o"})
_APOSTROPHES = str.maketrans("’`´", "'''")


def fold(text: str) -> str:
    """Lower case without Polish diacritics, position for position: spans in it fit the original."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few foreign capitals grow when lowered
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return lowered.translate(_FOLD)


def collapse_numbers(folded: str) -> str:
    """Replace each run of digits or number words in folded text by `NUMBER_TOKEN`."""
    words: list[str] = []
    joint = False  # the last word was "and" or "oh" right after a number
    for word in folded.split():
        if _is_number(word):
            if joint:
                words.pop()
            if not words or words[-1] != NUMBER_TOKEN:
                words.append(NUMBER_TOKEN)
            joint = False
        else:
            joint = word in _JOINTS and words[-1:] == [NUMBER_TOKEN]
            words.append(word)
    return " ".join(words)


def _is_number(word: str) -> bool:
    bare = word.strip(".,?!;:()\"'")
    if not bare:
        return False
    return bool(_DIGITS.fullmatch(bare)) or all(p in NUMBER_WORDS for p in bare.split("-"))


def normalise(text: str) -> str:
    """The form in which the classifier sees a message."""
    composed = unicodedata.normalize("NFC", text[:MAX_CHARS]).translate(_APOSTROPHES)
    return collapse_numbers(fold(composed))
