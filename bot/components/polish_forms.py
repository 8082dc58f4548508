"""Case forms of Polish names of goods, folded: "lodówka" also as lodówki, lodówkę, lodówek.

More forms come out than the language has; what matters is that every real one is among them.
"""

from __future__ import annotations

from itertools import product

_PLURAL = ("om", "ami", "ach")
_SOFTENED = (
    ("ch", "sze"), ("st", "scie"), ("zd", "zdzie"), ("sl", "sle"), ("k", "ce"), ("g", "dze"),
    ("r", "rze"), ("t", "cie"), ("d", "dzie"), ("l", "le"),
)  # fmt: skip
"""How the end of a stem changes before the -e of the locative."""
_ADJECTIVE = ("y", "i", "a", "e", "ego", "iego", "emu", "iemu", "ym", "im", "ej", "iej", "ych",
              "ich", "ymi", "imi", "ie")  # fmt: skip
_VOWELS = "aeiouy"


def forms(name: str) -> set[tuple[str, ...]]:
    """All case forms of a folded name; what follows its noun and adjectives stays as it is."""
    words = name.split()
    parts = [_noun(words[0])]
    frozen = False
    for word in words[1:]:
        frozen = frozen or not _is_adjective(word)
        parts.append({word} if frozen else _adjective(word))
    return set(product(*parts))


def _is_adjective(word: str) -> bool:
    return len(word) > 4 and word.endswith(("y", "i", "a", "e")) and word[-3:-1] not in ("ie",)


def _adjective(word: str) -> set[str]:
    stem = word[:-2] if word.endswith("ie") else word[:-1]
    return {stem + ending for ending in _ADJECTIVE}


def _noun(word: str) -> set[str]:
    if word.endswith("um") or len(word) < 3:
        return {word, word[:-2] + "a", word[:-2] + "ow"} if word.endswith("um") else {word}
    if word[-1] in "yie" and not word.endswith("ie") and not word.endswith("ce"):
        return _plural(word)
    if word.endswith("ie"):
        return {word, *_with(word[:-1], ("a", "u", "em", "om", "ami", "ach")), word[:-2], word[:-1],
                *_with(word[:-2], ("om", "ami", "ach"))}  # fmt: skip
    if word[-1] in "aoe":
        return _vowel(word)
    if word[-1] == "u":
        return {word}
    return _consonant(word)


def _with(stem: str, endings: tuple[str, ...]) -> set[str]:
    return {stem + ending for ending in endings}


def _locative(stem: str) -> set[str]:
    for end, soft in _SOFTENED:
        if stem.endswith(end):
            return {
                stem[: -len(end)] + soft,
                stem + "ie" if end == "l" else stem[: -len(end)] + soft,
            }
    return {stem + "ie", stem + "e"}


def _filled(stem: str) -> set[str]:
    """A stem without ending, with the vowel that parts its last consonants: lodówk-, lodówek."""
    out = {stem}
    if len(stem) > 2 and stem[-1] not in _VOWELS and stem[-2] not in _VOWELS:
        out |= {f"{stem[:-1]}e{stem[-1]}", f"{stem[:-1]}ie{stem[-1]}"}
    if stem.endswith("i"):  # suknia, sukni, but kuchnia, kuchni, kuchen
        out |= {stem[:-1], f"{stem[:-2]}e{stem[-2]}"}
    return out


def _vowel(word: str) -> set[str]:
    """Feminines in -a and neuters in -o, -e."""
    stem = word[:-1]
    short = stem[:-1] if stem.endswith("i") else stem
    endings = ("a", "e", "o", "y", "i", "u", "em", "iem", "ie", *_PLURAL)
    return {word} | _with(stem, endings) | _locative(short) | _filled(stem) | {short + "i"}


def _plural(word: str) -> set[str]:
    """Names in the plural: spodnie, słuchawki, okulary."""
    stem = word[:-1]
    return {word} | _with(stem, ("i", "y", "ow", "e", "a", *_PLURAL)) | _filled(stem)


def _consonant(word: str) -> set[str]:
    stems = {word}
    if word.endswith("ciol"):  # kocioł, kotła
        stems = {word[:-4] + "tl"}
    elif word.endswith("iec"):
        stems = {word[:-3] + "c"}
    elif word.endswith(("iek", "ek", "ec", "el", "er", "en")):
        short = word[:-3] if word[-3] == "i" else word[:-2]
        stems = {short + word[-1]} if word.endswith("ek") else {word, short + word[-1]}
    out = {word}
    for stem in stems:
        soft = stem + "i" if stem.endswith(("n", "c", "s", "z")) else stem
        out |= _with(stem, ("a", "u", "owi", "em", "iem", "e", "y", "i", "ow", *_PLURAL))
        out |= _with(soft, ("a", "u", "owi", "em", "e", "ow", *_PLURAL)) | _locative(stem)
    return out
