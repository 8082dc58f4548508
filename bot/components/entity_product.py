"""Names of goods in a message, by the lists that editors keep in nlu_data/lookups."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from components import polish_forms
from components.entity_found import Found
from components.language import Trigrams, identify
from components.product_words import (
    EN_CONTEXT,
    EN_NEVER,
    EN_VERBS,
    PL_CONTEXT,
    PL_NEVER,
    UNSURE_NEVER,
)
from components.tables import word_set
from components.text import fold

_WORD = re.compile(r"[a-z][a-z0-9]*(?:[-'][a-z0-9]+)*")
_MAX_WORDS = 4
_SURE = 0.6
"""Confidence in the language from which the words of the other one are left out."""

Forms = dict[tuple[str, ...], str]


@dataclass
class _Language:
    """The names of one language."""

    forms: Forms = field(default_factory=dict)
    """Every form, as words, and its basic form."""
    kinds: frozenset[str] = frozenset()
    """Adjectives that follow (Polish) or words that precede (English) the goods they narrow."""
    heads: frozenset[str] = frozenset()
    """Last words of English names: "machine"."""
    firsts: frozenset[str] = frozenset()


class Products:
    """A lookup of goods that knows their case forms."""

    def __init__(self, names: dict[str, list[str]]) -> None:
        """Take names in their basic form, by language (`pl`, `en`)."""
        self.names = names
        self._languages = {
            "pl": _polish(names.get("pl", [])),
            "en": _english(names.get("en", [])),
        }

    def find(self, folded: str, text: str) -> Iterator[Found]:
        """Every name of goods; `text` tells the language."""
        words = list(_WORD.finditer(folded))
        if not words:
            return
        guess = identify(text, Trigrams())
        sure = guess.name in ("pl", "en") and guess.confidence >= _SURE
        languages = [guess.name] if sure else ["pl", "en"]
        place = 0
        while place < len(words):
            length, name = max(
                (self._at(words, place, language) for language in languages), key=lambda f: f[0]
            )
            if length == 1 and not sure and words[place].group() in UNSURE_NEVER:
                length = 0
            if length and _joined(folded, words[place : place + length]):
                start, end = words[place].start(), words[place + length - 1].end()
                end -= 2 * folded.endswith("'s", start, end)
                yield Found("product", name, start, end)
            place += length or 1

    def _at(self, words: list[re.Match[str]], place: int, language: str) -> tuple[int, str]:
        """How many words at a place are a name, and its basic form."""
        known = self._languages[language]
        said = [w.group().removesuffix("'s") for w in words[place : place + _MAX_WORDS]]
        if said[0] not in known.firsts:
            return 0, ""
        found = _longest(known.forms, said)
        if language == "pl":
            return self._polish_at(words, place, found, said)
        return self._english_at(words, place, found, said)

    def _polish_at(
        self, words: list[re.Match[str]], place: int, found: tuple[int, str], said: list[str]
    ) -> tuple[int, str]:
        length, name = found
        if not length or not _fits(PL_CONTEXT, words, place, length):
            return 0, ""
        if length == 1 and len(said) > 1 and said[1] in self._languages["pl"].kinds:
            return 2, f"{name} {said[1]}"
        return length, name

    def _english_at(
        self, words: list[re.Match[str]], place: int, found: tuple[int, str], said: list[str]
    ) -> tuple[int, str]:
        known = self._languages["en"]
        length, name = found
        if length < 2 and len(said) > 1 and said[0] in known.kinds and said[1] in known.heads:
            return 2, f"{said[0]} {_singular(said[1])}"
        if length == 1 and said[0] in EN_VERBS and not _has_article(words, place):
            return 0, ""
        return (length, name) if length and _fits(EN_CONTEXT, words, place, length) else (0, "")


def _longest(names: Forms, said: list[str]) -> tuple[int, str]:
    for length in range(min(_MAX_WORDS, len(said)), 0, -1):
        name = names.get(tuple(said[:length]))
        if name is not None:
            return length, name
    return 0, ""


def _joined(folded: str, words: list[re.Match[str]]) -> bool:
    """Only spaces stand between the words."""
    return all(not folded[one.end() : other.start()].strip() for one, other in pairwise(words))


def _fits(
    contexts: dict[str, tuple[frozenset[str], frozenset[str]]],
    words: list[re.Match[str]],
    place: int,
    length: int,
) -> bool:
    """Words around an ambiguous name do not give it its other meaning."""
    if length > 1:
        return True
    stem = next((s for s in contexts if words[place].group().startswith(s)), None)
    if stem is None:
        return True
    not_after, not_before = contexts[stem]
    before = words[place - 1].group() if place else ""
    after = words[place + 1].group() if place + 1 < len(words) else ""
    return before not in not_after and after not in not_before


_ARTICLES = word_set("""
    a an the my your this that these those our her his their another new one two three old any 
    some same
    """)


def _has_article(words: list[re.Match[str]], place: int) -> bool:
    before = [w.group() for w in words[max(0, place - 2) : place]]
    return any(word in _ARTICLES for word in before)


def _polish(names: Iterable[str]) -> _Language:
    known: Forms = {}
    kinds: set[str] = set()
    for name in names:
        folded = " ".join(fold(name).split())
        for words in polish_forms.forms(folded):
            if len(words) > 1 or words[0] not in PL_NEVER:
                known.setdefault(words, name)
        rest = folded.split()[1:]
        if len(rest) == 1 and rest[0].endswith(("y", "a", "e", "i")):
            kinds |= {w[1] for w in polish_forms.forms(folded)}
    firsts = frozenset(w[0] for w in known)
    return _Language(known, frozenset(kinds), frozenset(), firsts)


def _english(names: Iterable[str]) -> _Language:
    known: Forms = {}
    kinds: set[str] = set()
    heads: set[str] = set()
    for name in names:
        words = fold(name).split()
        for last in _numbers(words[-1]):
            form = (*words[:-1], last)
            if len(form) > 1 or last not in EN_NEVER:
                known.setdefault(form, name)
            if last not in EN_NEVER:
                heads.add(last)
        if len(words) == 2:
            kinds.add(words[0])
    firsts = frozenset(w[0] for w in known) | kinds
    return _Language(known, frozenset(kinds), frozenset(heads), firsts)


def _numbers(word: str) -> set[str]:
    """A singular and its plural."""
    if word.endswith("s") and not word.endswith(("ss", "lens")):
        return {word}  # listed in the plural: "tights" are never one tight
    plurals = {"fe": word[:-2] + "ves", "lf": word[:-1] + "ves", "rf": word[:-1] + "ves"}
    if word[-2:] in plurals:
        return {word, plurals[word[-2:]], word + "s"}
    if word.endswith(("s", "x", "ch", "sh", "z")):
        return {word, word + "es"}
    if word.endswith("y") and word[-2] not in "aeiou":
        return {word, word[:-1] + "ies"}
    return {word, word + "s"}


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
