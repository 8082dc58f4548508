"""Where in a conversation a value was said, and reading contexts whatever shape they have."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec

from frontline.lang.text import fold
from frontline.turns import Author, Turn

QUOTE_CHARS = 160
SEQS_KEPT = 5
_ELLIPSIS = "…"


def one_line(text: str, limit: int = QUOTE_CHARS) -> str:
    """Text without line breaks and invisible signs; cut at a word when longer than `limit`."""
    # Format characters (Cf) may turn the reading direction round; surrogates cannot be sent.
    shown = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in text[: limit * 8])
    line = " ".join(shown.split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    return (cut.rsplit(" ", 1)[0] or cut).rstrip(" ,;:–-") + _ELLIPSIS


def text_of(value: object, limit: int = QUOTE_CHARS) -> str:
    """A string or a number as one line; anything else is empty."""
    if isinstance(value, str):
        return one_line(value, limit)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return one_line(str(value), limit)
    return ""


def mapping_of(value: object) -> Mapping[str, Any]:
    """The mapping, or an empty one."""
    return value if isinstance(value, Mapping) else {}


def list_of(value: object) -> Sequence[Any]:
    """The list, or an empty one; a string is no list."""
    return value if isinstance(value, list | tuple) else ()


def compact(text: str) -> str:
    """Letters and digits only, folded: "ZA-2026 104731" is "za2026104731"."""
    return "".join(c for c in fold(text) if c.isalnum())


def same(name: str, first: str, second: str) -> bool:
    """Whether two values of a fact are one; an order number may be given by its last digits."""
    a, b = compact(first), compact(second)
    if name == "order_number" and min(len(a), len(b)) >= 6:
        return a.endswith(b) or b.endswith(a)
    return a == b


class Record:
    """The turns of one conversation, asked who said what and when."""

    def __init__(self, turns: Sequence[Turn], number: str = "") -> None:
        self.turns = sorted(turns, key=lambda turn: turn.seq)
        self._number = number
        self._said: dict[int, _Said] = {}

    @cached_property
    def customer(self) -> list[Turn]:
        """The customer's turns."""
        return [turn for turn in self.turns if turn.author == Author.CUSTOMER]

    @cached_property
    def agent(self) -> list[Turn]:
        """The agents' turns."""
        return [turn for turn in self.turns if turn.author == Author.AGENT]

    @cached_property
    def opening(self) -> list[int]:
        """The turn at which the case was opened: what only the context knows was known there.

        It is the system's turn that names the case, else the customer's last one.
        """
        told = [
            turn.seq
            for turn in self.turns
            if turn.author == Author.SYSTEM and self._number and self._number in turn.text
        ]
        if told:
            return told[:1]
        last = self.customer[-1:] or self.turns[-1:]
        return [turn.seq for turn in last]

    def saying(self, *values: str) -> list[int]:
        """Turns that say one of the values, the customer's before others'; else the opening."""
        wanted = [one for value in values if (one := compact(value.rstrip(_ELLIPSIS)))]
        found = [t for t in self.turns if any(_says(self._heard(t), value) for value in wanted)]
        own = [turn.seq for turn in found if turn.author == Author.CUSTOMER]
        return (own or [turn.seq for turn in found])[:SEQS_KEPT] or self.opening

    def _heard(self, turn: Turn) -> "_Said":
        if turn.seq not in self._said:
            self._said[turn.seq] = _said(turn)
        return self._said[turn.seq]

    def meaning(self, *intents: str) -> list[int]:
        """The customer's turns that were understood as one of the intents."""
        return [t.seq for t in self.customer if intent_of(t) in intents][:SEQS_KEPT]

    def entities(self) -> Iterator[tuple[str, str]]:
        """Names and values that the NLU found, in the order they were said."""
        for turn in self.customer:
            for entity in list_of(mapping_of(turn.nlu).get("entities")):
                pair = mapping_of(entity)
                name, value = text_of(pair.get("entity")), text_of(pair.get("value"))
                if name and value:
                    yield name, value


def intent_of(turn: Turn) -> str:
    """The intent that the turn was understood as; empty when it was not read by the NLU."""
    return text_of(mapping_of(mapping_of(turn.nlu).get("intent")).get("name"))


class _Said(msgspec.Struct, frozen=True):
    """A turn made ready to be searched."""

    letters: str
    words: frozenset[str]
    named: frozenset[str]
    """Values that the NLU found, as letters and digits."""


def _said(turn: Turn) -> _Said:
    entities = list_of(mapping_of(turn.nlu).get("entities"))
    own = entities if turn.author == Author.CUSTOMER else ()
    return _Said(
        letters=compact(turn.text),
        words=frozenset(re.split(r"\W+", fold(turn.text))),
        named=frozenset(compact(text_of(mapping_of(e).get("value"))) for e in own),
    )


def _says(said: _Said, wanted: str) -> bool:
    if wanted in said.named:
        return True
    if len(wanted) < 4:  # short ones are found in the middle of anything
        return wanted in said.words
    digits = re.search(r"\d{6}$", wanted)
    return wanted in said.letters or bool(digits and digits[0] in said.letters)
