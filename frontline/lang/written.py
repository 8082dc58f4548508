"""What a caller said, as it would be written: numbers, codes, days, sums and addresses.

The inverse of `numerals`, `spelling`, `dates` and `money`. What could mean several things is left
as it was said; the bot understands numbers in words as well.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple

from frontline.lang import Language
from frontline.lang.money import written_money
from frontline.lang.number_words import Token, tokens
from frontline.lang.spelling import phone_groups
from frontline.lang.spoken_addresses import AT, SIGNS, read_code, read_email, read_host, read_piece
from frontline.lang.spoken_dates import read_day, read_time
from frontline.lang.spoken_numbers import Group, Run, read_group, read_run
from frontline.lang.text import words as _words

Expected = Literal["digits", "spelled"]
"""`digits`: a number, however short. `spelled`: a code or an address, letter by letter."""

MAX_CHARACTERS = 4_000
"""Longer texts nobody says in one go; they are returned as they are."""

_LEFT_ALONE = 4
"""Words before an at-sign that may belong to an address."""
_ZLOTY = frozenset(_words("zloty zlote zlotych zlotego zlotowek zlotowka zlotys zl pln"))
_GROSZ = frozenset(_words("grosz grosze groszy gr"))
_AND = frozenset({"i", "and"})
_TIMES = frozenset({"razy", "times"})
_OTHER_CODE = re.compile(r"\b(nip|nipu|pesel|regon|krs|iban|imei|konta|konto|rachunku|account)$")


Reader = Callable[[Sequence[Token], int, Language], tuple[int, str] | None]
"""Reads what begins at a token: the number of the token after it, and how it is written."""


class _Change(NamedTuple):
    """Tokens that are written otherwise."""

    first: int
    end: int
    text: str


def written(text: str, language: Language, expect: Expected | None = None) -> str:
    """`text` with what was spelled out as it would be written.

    "gdzie jest sto cztery siedemset trzydzieści jeden" is "gdzie jest 104731"; "pięć paczek" stays.

    Args:
        text: as a recogniser gives it, or with commas and capitals.
        language: in which numbers and letters are named.
        expect: what was asked for, where more is taken for digits and letters.
    """
    if len(text) > MAX_CHARACTERS:
        return text
    words = tokens(text)
    if expect == "spelled":
        whole = _spelled(words, language)
        if whole is not None:
            return whole
    changes = list(_changes(words, language, expect))
    out, place = [], 0
    for change in changes:
        out.append(text[place : words[change.first].start])
        out.append(change.text)
        place = words[change.end - 1].end
    out.append(text[place:])
    return "".join(out)


def _changes(
    words: Sequence[Token], language: Language, expect: Expected | None
) -> Iterator[_Change]:
    addresses = _emails(words, language)
    dotted = any(SIGNS.get(token.word) == "." for token in words)
    readers: tuple[Reader, ...] = (read_day, read_time, *((_host,) if dotted else ()))
    place = 0
    while place < len(words):
        if addresses and addresses[0].first == place:
            change: _Change | None = addresses.pop(0)
            if change and not change.text:
                place = change.end
                continue
        else:
            end = addresses[0].first if addresses else len(words)
            change = _change(words[:end], place, language, expect, readers)
        if change is None:
            place = _after_small(words, place, language)
            continue
        yield change
        place = change.end


def _after_small(words: Sequence[Token], place: int, language: Language) -> int:
    """After a number that was left alone comes no other that begins inside it."""
    group = read_group(words, place, language)
    return group.end if group else place + 1


def _change(
    words: Sequence[Token],
    place: int,
    language: Language,
    expect: Expected | None,
    readers: Sequence[Reader],
) -> _Change | None:
    """How the words from this place on are written otherwise, if they are."""
    for read in readers:
        found = read(words, place, language)
        if found:
            return _Change(place, *found)
    code = _order(words, place, language)
    if code:
        return code
    plus = words[place].word == "plus"
    run = read_run(words, place + plus, language)
    if run is None or all(group.typed for group in run.groups):
        return None
    if plus:
        return _international(run, place)
    priced = run.end < len(words) and words[run.end].word in _ZLOTY
    if priced and len(run.groups) > 1:
        run = Run(run.groups[:-1])  # the last one is the sum
    return _sum(words, run, language) or _number(words, run, expect)


def _emails(words: Sequence[Token], language: Language) -> list[_Change]:
    """Addresses; those of which it is not known where they begin have no text."""
    found: list[_Change] = []
    for place, token in enumerate(words):
        host = read_host(words, place + 1, language) if token.word in AT else None
        if host:
            email = read_email(words, place, language)
            email = email or (max(0, place - _LEFT_ALONE), host[0], "")
            if not found or email[0] >= found[-1].end:
                found.append(_Change(*email))
    return found


def _host(words: Sequence[Token], place: int, language: Language) -> tuple[int, str] | None:
    piece = read_piece(words, place, language)
    return read_host(words, place, language) if piece and piece.word else None


def _spelled(words: Sequence[Token], language: Language) -> str | None:
    """The whole text as one address or code; None when it is more than that."""
    for place, token in enumerate(words):
        if token.word in AT:
            email = read_email(words, place, language, whole=True)
            if email and email[:2] == (0, len(words)):
                return email[2]
    end, code = read_code(words, 0, language)
    if not words or end < len(words) or len(code) < 2:
        return None
    order = re.fullmatch(r"ZA-?(20[1-4]\d)-?(\d{6})", code)
    return f"ZA-{order[1]}-{order[2]}" if order else code


def _order(words: Sequence[Token], place: int, language: Language) -> _Change | None:
    """An order number with its letters: "zet a dwadzieścia dwadzieścia sześć sto cztery …"."""
    start, sure = _order_letters(words, place, language)
    if start is None:
        return None
    run = read_run(words, start, language)
    digits = run.digits if run else ""
    if run is None or all(group.typed for group in run.groups):
        return None
    if len(digits) == 10 and re.match(r"20[1-4]\d", digits):
        return _Change(place, run.end, f"ZA-{digits[:4]}-{digits[4:]}")
    if sure and len(digits) == 8 and digits[0] == "2" and len(run.groups[0].digits) == 2:
        return _Change(place, run.end, f"ZA-20{digits[:2]}-{digits[2:]}")
    return _Change(place, run.end, f"ZA {digits}") if sure and len(digits) == 6 else None


def _order_letters(
    words: Sequence[Token], place: int, language: Language
) -> tuple[int | None, bool]:
    """Where the digits begin, None if no letters stand here; is it no preposition "za"?"""
    if words[place].word in ("za", "zeta"):
        return _after_signs(words, place + 1, language), words[place].word == "zeta"
    first = read_piece(words, place, language)
    zulu = words[place].word == "zulu"
    if first is None or not (zulu or (first.letter and first.text == "z")):
        return None, False
    between = first.end
    if between < len(words) and words[between].word in _AND:
        between += 1
    second = read_piece(words, between, language)
    alpha = second is not None and second.text in ("alpha", "alfa", "ey")
    if second is None or not (alpha or (second.letter and second.text == "a")):
        return None, False
    return _after_signs(words, second.end, language), True


def _after_signs(words: Sequence[Token], place: int, language: Language) -> int:
    piece = read_piece(words, place, language)
    while piece and piece.text in ("-", ".", "_"):
        place = piece.end
        piece = read_piece(words, place, language)
    return place


def _international(run: Run, plus: int) -> _Change | None:
    digits = run.digits
    if digits.startswith("48") and len(digits) == 11:
        return _Change(plus, run.end, f"+48 {' '.join(phone_groups(digits[2:]))}")
    return _Change(plus, run.end, f"+{digits}") if 8 <= len(digits) <= 15 else None


def _sum(words: Sequence[Token], run: Run, language: Language) -> _Change | None:
    """A sum of money; numbers before it in the same run are not taken."""
    amount = run.groups[-1]
    zlotys = amount.end
    if len(run.groups) > 1 or zlotys >= len(words) or words[zlotys].word not in _ZLOTY:
        return None
    grosze, end = _groszy(words, zlotys + 1, language)
    return _Change(run.first, end, written_money(int(amount.digits) * 100 + grosze, language))


def _groszy(words: Sequence[Token], place: int, language: Language) -> tuple[int, int]:
    """What is said after the złotys: "i pięćdziesiąt groszy", "fifty"; the place after it."""
    start = place + (place < len(words) and words[place].word in _AND)
    group = read_group(words, start, language)
    if group is None or group.typed or len(group.digits) > 2:
        return 0, place
    following = words[group.end].word if group.end < len(words) else ""
    if following in _GROSZ:
        return int(group.digits), group.end + 1
    if len(group.digits) != 2 or following in _ZLOTY:
        return 0, place
    if following not in _TIMES:
        return int(group.digits), group.end
    # "sixty five zlotys fifty two times": the last word counts the times
    two_words = group.end - group.first == 2
    return (int(group.digits) // 10 * 10, group.end - 1) if two_words else (0, place)


def _number(words: Sequence[Token], run: Run, expect: Expected | None) -> _Change | None:
    """A number that nothing announces, by its length."""
    run = _choose(run)
    before = words[run.first - 1].word if run.first else ""
    digits = run.digits
    if expect == "digits":
        return _Change(run.first, run.end, digits)
    if len(run.groups) == 1:
        return _single(words, run.groups[0])
    if _OTHER_CODE.search(before) and len(digits) >= 5:
        return _Change(run.first, run.end, digits)
    form = _FORMS.get(len(digits))
    if form:
        return _Change(run.first, run.end, form(run))
    sizes = [len(group.digits) for group in run.groups]
    year = sizes == [2, 2] and digits[:2] in ("19", "20")  # "twenty twenty six"
    if year or (len(digits) > 2 and set(sizes) == {1}):
        return _Change(run.first, run.end, digits)
    if set(sizes) == {1}:  # "dwa trzy dni" are two or three days
        return None
    return _Change(run.first, run.end, " ".join(group.digits for group in run.groups))


def _choose(run: Run) -> Run:
    """Is an "oh" in front a sigh or a zero?"""
    bare = run.without_sighs()
    return bare if len(bare.digits) in _FORMS or len(run.digits) not in _FORMS else run


def _single(words: Sequence[Token], group: Group) -> _Change | None:
    alone = group.first == 0 and group.end == len(words)
    small = len(group.digits) == 1 and not alone  # "jeden z kurierów"
    round_sum = group.scaled and group.digits.endswith("000")  # money, to the bot: "pięć tysięcy"
    return None if small or round_sum else _Change(group.first, group.end, group.digits)


def _postcode(run: Run) -> str:
    digits = run.digits
    ends = {len("".join(g.digits for g in run.groups[:n])) for n in range(1, len(run.groups))}
    if 2 in ends and not any(group.scaled for group in run.groups):
        return f"{digits[:2]}-{digits[2:]}"
    return " ".join(group.digits for group in run.groups)


def _phone(run: Run) -> str:
    digits = run.digits
    if len(digits) == 9 and digits[0] != "0":
        return " ".join(phone_groups(digits))
    return f"+48 {' '.join(phone_groups(digits[4:]))}" if digits.startswith("0048") else digits


_FORMS: dict[int, Callable[[Run], str]] = {
    5: _postcode,
    6: lambda run: run.digits,
    9: _phone,
    10: lambda run: run.digits,
    13: _phone,
}
