"""A text cut into what is made at one go: a sentence, or a clause of a long one.

The first piece of a sentence is short, because the caller waits for it; none is long, because a
voice needs memory in proportion (160 MB for 13 s of speech).
"""

import re

from frontline.lang import Language
from frontline.lang.text import words

FIRST_CHARS = 60
"""A sentence longer than this begins with a clause of its own, if it has one: about 4 s."""
MOST_CHARS = 120
"""About 8 s of speech."""
LEAST_CHARS = 12
"""A shorter clause is not worth a piece: each costs a pause."""

_ABBREVIATIONS: dict[Language, frozenset[str]] = {
    "pl": frozenset(
        words(
            "ok itd itp godz min sek kom ww zł gr szt kg cm mm km ust art pkt poz str r w pn wt śr "
            "czw pt sob niedz o.o pow woj gm"
        )
    ),
    "en": frozenset(
        words(
            "no nos etc dept est ext fig p.m a.m inc ltd co mon tue tues wed thu thurs fri sat "
            "sun jan feb mar apr jun jul aug sep sept oct nov dec"
        )
    ),
}
"""Their full stop ends a sentence only in front of a capital letter."""
_NEVER_LAST: dict[Language, frozenset[str]] = {
    "pl": frozenset(
        words("ul al pl os nr np tj tzn tzw m.in tel dr inż mgr prof hab św zob por red")
    ),
    "en": frozenset(words("mr mrs ms dr prof st e.g i.e vs approx tel")),
}
"""Something always follows them, with a capital letter or without."""

_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)")
_CLAUSE = re.compile(r"[,;:–—](?=\s)")
_SOUND = re.compile(r"\w")


def pieces(text: str, language: Language) -> list[str]:
    """The pieces of `text` in order; each has something to say."""
    return [
        piece
        for sentence in sentences(text, language)
        for piece in _clauses(sentence)
        if _SOUND.search(piece)
    ]


def sentences(text: str, language: Language) -> list[str]:
    """The sentences of `text`, with single spaces; a line's end is a sentence's end."""
    found: list[str] = []
    for line in text.splitlines():
        plain = " ".join(line.split())
        begin = 0
        for mark in _END.finditer(plain):
            if _ends(plain, begin, mark, language):
                found.append(plain[begin : mark.end()].strip())
                begin = mark.end()
        found.append(plain[begin:].strip())
    return [sentence for sentence in found if sentence]


def _ends(line: str, begin: int, mark: re.Match[str], language: Language) -> bool:
    """Does this mark end a sentence?"""
    if mark[0] != ".":
        return True
    last = line[begin : mark.start()].rpartition(" ")[2].lower().lstrip("(\"'„“«[")
    after = line[mark.end() :].lstrip()[:1]
    if last in _NEVER_LAST[language]:
        return False
    if last in _ABBREVIATIONS[language]:
        return not after or after.isupper()
    if last.isdecimal():  # "24. grudnia"
        return not after.islower()
    initial = len(last) == 1 and last.isalpha() and line[mark.start() - 1].isupper()
    return not (initial and after.isupper())  # "J. Kowalski"


def _clauses(sentence: str) -> list[str]:
    found: list[str] = []
    rest, most = sentence, FIRST_CHARS
    while len(rest) > most:
        end = _cut(rest, most)
        if end is None and len(rest) > MOST_CHARS:
            end = _cut(rest, MOST_CHARS) or _hard_cut(rest)
        if end is None:
            break
        found.append(rest[:end].strip())
        rest, most = rest[end:].strip(), MOST_CHARS
    return [*found, rest]


def _cut(text: str, most: int) -> int | None:
    """Behind the last clause mark that leaves a piece of `most` characters or fewer."""
    ends = [
        mark.end()
        for mark in _CLAUSE.finditer(text, LEAST_CHARS, most)
        if len(text) - mark.end() >= LEAST_CHARS
    ]
    return ends[-1] if ends else None


def _hard_cut(text: str) -> int:
    space = text.rfind(" ", LEAST_CHARS, MOST_CHARS)
    return space if space > 0 else MOST_CHARS
