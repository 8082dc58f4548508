"""E-mail addresses, typed and spelled out: "jan kropka kowalski małpa example kropka com"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from components.email_words import DOMAIN_ENDS, FILLERS, FIRST_NAMES, LETTERS, NOT_LOCAL, SIGNS
from components.entity_found import Found
from components.number_words import NUMBER_WORDS, OH, REPEAT
from components.numbers import runs

_DOMAIN = r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}"
_EMAIL = re.compile(rf"(?<![\w.+'’-])[a-z0-9_][\w.+'’-]{{0,63}}@{_DOMAIN}")
_PLAUSIBLE = re.compile(rf"[\w.+'-]{{1,64}}@{_DOMAIN}")
_AT = re.compile(r"[\[({<]\s?(?:at|malpa)\s?[\])}>]|@|\b(?:malpa|malpka|malpe|malpke|at)\b")
_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?|\d+|[^\s\w]|_")
_LIKE = re.compile(r"([a-z]{1,7})\s(?:as\sin|for|like|jak)\s([a-z]{2,12})$")
_BEFORE = 200
"""Characters of an address before its at-sign that are looked at."""
_AFTER = 80
_MAX_ATOMS = 24
_MAX_SIGNS = 20
"""At-signs that are looked at; nobody gives more addresses in one message."""
_DOTTED = re.compile(rf"\.[a-z0-9]|\b(?:kropka|dot|point|punkt|{'|'.join(sorted(DOMAIN_ENDS))})\b")


@dataclass
class _Atom:
    """A piece of a spelled address."""

    kind: str
    """`sign`, `letter`, `number` or `word`."""
    text: str
    start: int
    end: int


def emails(folded: str) -> Iterator[Found]:
    """Every address; the normal form is as it would be typed."""
    spans = []
    for match in _EMAIL.finditer(folded):
        surface = match.group().rstrip(".-")
        spans.append((match.start(), match.start() + len(surface)))
        value = surface.replace("’", "'")
        yield Found("email", value, *spans[-1])
    floor = 0
    signs = [m for m in _AT.finditer(folded) if _DOTTED.search(folded, m.end(), m.end() + _AFTER)]
    for at in signs[:_MAX_SIGNS]:
        if any(start < at.end() and at.start() < end for start, end in spans):
            floor = at.end()
            continue
        found = _spelled(folded, at, floor)
        if found:
            floor = found.end
            yield found


def _spelled(folded: str, at: re.Match[str], floor: int) -> Found | None:
    domain = _domain(folded, at.end())
    if domain is None:
        return None
    host, end = domain
    atoms = _atoms(folded, max(floor, at.start() - _BEFORE), at.start())
    if at.group() == "at" and "kropka" not in folded:
        for atom in atoms:  # to an Englishman "er" is no letter
            if atom.kind == "letter" and folded[atom.start : atom.end] in FILLERS:
                atom.kind = "break"
    local = _local(folded, atoms, at.start())
    if not local:
        return None
    value = "".join(a.text for a in local) + "@" + host
    return Found("email", value, local[0].start, end) if _PLAUSIBLE.fullmatch(value) else None


def _domain(folded: str, start: int) -> tuple[str, int] | None:
    """What follows the at-sign: labels with dots between them."""
    labels: list[str] = [""]
    end = start
    for atom in _atoms(folded, start, min(len(folded), start + _AFTER)):
        glued = atom.start == end
        if not labels[-1]:
            if atom.kind == "sign":
                return None
            labels[-1], end = atom.text, atom.end
        elif atom.kind == "sign" and atom.text == ".":
            if folded[atom.start] == "." and not _glued_dot(folded, atom):
                break
            labels.append("")
        elif len(labels) == 1 and _spells_on(atom, labels[0]):
            labels[0], end = labels[0] + atom.text, atom.end
        elif len(labels) == 1 and atom.text in DOMAIN_ENDS and not glued:
            labels, end = [labels[0], atom.text], atom.end  # nobody said the dot
        elif len(labels) > 1 and atom.kind == "letter" and labels[-1] + atom.text in DOMAIN_ENDS:
            labels[-1], end = labels[-1] + atom.text, atom.end
        else:
            break
    labels = [label for label in labels if label]
    if len(labels) < 2 or not labels[-1].isalpha() or len(labels[-1]) < 2 or len(labels) > 5:
        return None
    return ".".join(labels), end


def _glued_dot(folded: str, atom: _Atom) -> bool:
    return atom.end < len(folded) and not folded[atom.end].isspace()


def _spells_on(atom: _Atom, label: str) -> bool:
    """Letters, numbers and dashes go on: "wu pe", "o dwa", "moja myślnik firma"."""
    if atom.kind in ("letter", "number") or (atom.kind == "sign" and atom.text == "-"):
        return True
    return label.endswith("-") or len(label) == 1


def _atoms(folded: str, start: int, end: int) -> list[_Atom]:
    """The pieces between two places, the last ones only."""
    numbers = {}
    for run in runs(folded[start:end]):
        first = run.groups[0].start + start
        numbers[first] = _Atom("number", run.digits, first, run.groups[-1].end + start)
    atoms: list[_Atom] = []
    taken = start
    for match in _WORD.finditer(folded, start, end):
        if match.start() < taken:
            continue
        number = numbers.get(match.start())
        atom = number if number and _is_number(match.group()) else _atom(match)
        atoms.append(atom)
        taken = atom.end
    return atoms


def _is_number(word: str) -> bool:
    return word.isdigit() or word in NUMBER_WORDS or word in REPEAT or word in OH


def _atom(match: re.Match[str]) -> _Atom:
    word = match.group()
    if word in SIGNS:
        return _Atom("sign", SIGNS[word], match.start(), match.end())
    if word in LETTERS or (len(word) == 1 and word.isalpha()):
        return _Atom("letter", LETTERS.get(word, word), match.start(), match.end())
    kind = "word" if word[0].isalnum() else "break"
    return _Atom(kind, word.replace("’", "'"), match.start(), match.end())


def _local(folded: str, atoms: list[_Atom], at: int) -> list[_Atom]:
    """The pieces before the at-sign that belong to the address, from left to right."""
    out: list[_Atom] = []
    names = 0
    while atoms and len(out) < _MAX_ATOMS:
        atom = atoms.pop()
        atom = _like(folded, atoms, atom)
        if atom.kind == "break" or not _near(folded, atom, out[0].start if out else at):
            break
        if not out:
            if atom.kind == "sign":  # "dot dot at": the name may be that of a sign
                atom = _Atom("word", folded[atom.start : atom.end], atom.start, atom.end)
            if not atom.text[0].isalnum() or _spoken_stop(folded, atom):
                return []
        elif not _goes_before(folded, atom, out[0], names):
            break
        names += atom.kind == "word"
        out.insert(0, atom)
    while out and out[0].kind == "sign":
        out.pop(0)
    return out


def _like(folded: str, atoms: list[_Atom], atom: _Atom) -> _Atom:
    """Read "b as in bravo" as its letter."""
    window = max(0, atom.start - 16)
    match = _LIKE.search(folded, window, atom.end) if atom.kind in ("word", "letter") else None
    if match is None:
        return atom
    letter = LETTERS.get(match[1], match[1])
    if len(letter) != 1 or not match[2].startswith(letter):
        return atom
    while atoms and atoms[-1].start >= match.start(1):
        atoms.pop()
    return _Atom("letter", letter, match.start(1), atom.end)


def _near(folded: str, atom: _Atom, following: int) -> bool:
    """At most two spaces away."""
    gap = folded[atom.end : following]
    return len(gap) <= 2 and not gap.strip()


def _spoken_stop(folded: str, atom: _Atom) -> bool:
    return atom.kind == "word" and atom.text in NOT_LOCAL


def _goes_before(folded: str, atom: _Atom, first: _Atom, names: int) -> bool:
    """Does this piece belong before what was collected, or is it the sentence around it?"""
    if first.kind == "sign":
        return atom.kind != "sign"
    if atom.kind == "sign":
        # a full stop or dash with a space after it ends the sentence before the address
        written = folded[atom.start] in ".-–—_+'"
        return not written or atom.end == first.start
    if atom.text in NOT_LOCAL or folded[atom.start : atom.end] in NOT_LOCAL:
        return atom.kind == "letter" and first.kind == "letter"
    if atom.kind == "letter" or atom.kind == "number":
        return True
    if first.kind != "word":
        return names == 0 or atom.text in FIRST_NAMES
    return names < 2 and atom.text in FIRST_NAMES
