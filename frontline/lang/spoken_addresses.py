"""Spelled e-mail addresses, codes and letters, read back: "jan kropka kowalski małpa example …".

An address of which it is not sure where it begins stays as it was said: a wrong address is worse.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from frontline.lang import Language
from frontline.lang.number_words import FILLERS, OH, Token
from frontline.lang.spoken_numbers import read_group
from frontline.lang.text import words as _words

AT = frozenset(_words("malpa malpka malpe malpke at"))
SIGNS = {
    **dict.fromkeys(_words("kropka dot point"), "."),
    **dict.fromkeys(_words("podkreslnik podkreslenie podloga podlogi underscore"), "_"),
    **dict.fromkeys(_words("myslnik minus dash hyphen kreska"), "-"),
    "plus": "+",
}
_PL_LETTERS = {
    "be": "b", "ce": "c", "de": "d", "ef": "f", "gie": "g", "ha": "h", "jot": "j", "ka": "k",
    "el": "l", "em": "m", "en": "n", "pe": "p", "ku": "q", "er": "r", "es": "s", "te": "t",
    "fau": "v", "vau": "v", "wu": "w", "iks": "x", "igrek": "y", "ygrek": "y", "zet": "z",
}  # fmt: skip
_EN_LETTERS = {
    "bee": "b", "cee": "c", "dee": "d", "gee": "g", "jay": "j", "kay": "k", "pee": "p",
    "tee": "t", "zed": "z", "zee": "z", "ay": "a", "ex": "x",
}  # fmt: skip
LETTERS: dict[Language, dict[str, str]] = {"pl": _PL_LETTERS, "en": _EN_LETTERS}
DOMAIN_ENDS = frozenset(_words("pl com eu net org uk de info io gov edu co"))
_LIKE = frozenset({"jak", "for", "like"})
_BEFORE = frozenset(
    _words(
        "to na adres adresu adresem mail maila mailem email emaila mejl mejla jest o is address "
        "my moj it's its do z pod under bedzie be login konto"
    )
)
"""Words after which an address begins."""
_MOST_PIECES = 24


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an address or code."""

    text: str
    first: int
    end: int
    letter: bool = False
    word: bool = False
    """Neither a letter, nor a sign, nor digits."""


def read_piece(words: Sequence[Token], place: int, language: Language) -> Piece | None:
    """What this token stands for when something is spelled."""
    if place >= len(words):
        return None
    word = words[place].word
    if word in SIGNS:
        return Piece(SIGNS[word], place, place + 1)
    letter = word if len(word) == 1 and word.isalpha() else LETTERS[language].get(word)
    if letter and word not in OH[language]:
        return Piece(letter, place, _after_example(words, place + 1, letter), letter=True)
    group = read_group(words, place, language)
    if group:
        return Piece(group.digits, place, group.end)
    if letter:
        return Piece(letter, place, place + 1, letter=True)
    return Piece(word, place, place + 1, word=True)


def _after_example(words: Sequence[Token], place: int, letter: str) -> int:
    """The place after "jak zenon", "for zebra" and "as in zebra"."""
    told = [token.word for token in words[place : place + 3]]
    for skipped in (1, 2):
        marked = told[0] in _LIKE if told and skipped == 1 else told[:2] == ["as", "in"]
        if marked and len(told) > skipped and told[skipped].startswith(letter):
            return place + skipped + 1
    return place


def read_code(words: Sequence[Token], start: int, language: Language) -> tuple[int, str]:
    """Letters and digits from this token on as one code; the place after it."""
    code: list[str] = []
    place = start
    while place < len(words):
        piece = read_piece(words, place, language)
        if piece is None or piece.word:
            break
        code.append(piece.text if piece.text not in ("_", "+", ".") else "")
        place = piece.end
    return place, "".join(code).upper().strip("-")


def read_host(words: Sequence[Token], start: int, language: Language) -> tuple[int, str] | None:
    """A host name that begins with this token: "example kropka com"."""
    text = ""
    end = place = start
    found = None
    while place < len(words) and place - start < _MOST_PIECES:
        piece = read_piece(words, place, language)
        if piece is None or piece.text in ("_", "+") or (piece.text in ".-" and not text):
            break
        glued = not text or text[-1] in ".-" or piece.text in ".-"
        if not glued and ((piece.word or len(text.rsplit(".", 1)[-1]) > 1) and "." in text):
            break
        if not glued and piece.word:
            break
        text += piece.text
        place = end = piece.end
        label = text.rsplit(".", 1)
        if len(label) == 2 and label[1] in DOMAIN_ENDS:
            found = (end, text)
    return found


def read_email(
    words: Sequence[Token], at: int, language: Language, *, whole: bool = False
) -> tuple[int, int, str] | None:
    """An address around the at-sign at this place: its first token, the one after it, itself.

    Args:
        words: of the text.
        at: where "małpa" or "at" stands.
        language: of the caller.
        whole: nothing but an address is expected, so it begins with the text.
    """
    host = read_host(words, at + 1, language)
    if host is None or "." not in host[1]:
        return None
    for first in range(max(0, at - _MOST_PIECES), at):
        if not _may_begin(words, first, language, whole=whole):
            continue
        local = _local(words, first, at, language, whole=whole)
        if local:
            return first, host[0], f"{local}@{host[1]}"
    return None


def _may_begin(words: Sequence[Token], first: int, language: Language, *, whole: bool) -> bool:
    if words[first].word in _BEFORE and words[first].word not in LETTERS[language]:
        return False
    return first == 0 or (not whole and words[first - 1].word in _BEFORE) or words[first].apart


def _local(
    words: Sequence[Token], first: int, at: int, language: Language, *, whole: bool
) -> str | None:
    """The pieces between two places as one word; None when two words stand side by side."""
    text, place, joined = "", first, True
    while place < at:
        piece = read_piece(words, place, language)
        if piece is None or piece.end > at or (piece.word and FILLERS.fullmatch(piece.text)):
            return None
        if piece.word and not joined and not whole:
            return None
        text += piece.text
        joined = piece.text in "._-+" or piece.letter
        place = piece.end
    return text if text[:1].isalnum() and text[-1:].isalnum() else None
