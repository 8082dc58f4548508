"""Order numbers, phones and postcodes: runs of digits that are told apart by their length.

A wrong digit is worse than a missed one: what can be read in two ways is not read at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from components.entity_found import Found
from components.numbers import Group, Run, runs

_DASH = r"[\-–—‑]"
_POSTCODE = re.compile(
    rf"(?<![\d\-–.])(?<!\+\d )(?<!\+\d\d )(?<!\+\d{{3}} )(\d{{2}})\s?{_DASH}\s?(\d{{3}})"
    rf"(?![\d]|{_DASH}\d|\s\d\d\s?{_DASH}?\s?\d\d(?!\d))"
)
_WORD_SIGN = (
    r"myslnik|kreska|kreseczka|pauza|dash|hyphen|minus|slash|stroke|ukosnik|kropka|dot|"
    r"lamane(?:\s(?:na|przez))?"
)
_LIKE = r"(?:\s(?:jak|for|as\sin|like|as)\s[a-z]{2,12})?"
_PREFIX = re.compile(
    r"(?<![a-z0-9])(?P<z>za|zeta|z(?=[\-–_/.#\d])|(?:z|zet|zett|zed|zee|zulu)"
    rf"{_LIKE}[\s\-.,]{{0,2}}(?:i\s|and\s)?(?:a|ay|ey|alpha|alfa){_LIKE})"
    rf"(?P<gap>(?:[\s\-–—‑_/.#:,\\]|\b(?:{_WORD_SIGN})\b){{0,8}})$"
)
_PREFIX_CHARS = 60
_MAX_COMMAS = 12
_PLUS = re.compile(r"(?:\+|\bplus)\s?\(?$")
_OTHER_CODE = re.compile(
    r"\b(?:nip|nipu|pesel|regon|krs|iban|ean|imei|konta|rachunku|vat\s(?:id|number))"
    r"(?:\W{0,3}(?:to|is|nr|numer|number|no))?\W{0,3}(?:pl)?\s?$"
)
_UNIT = re.compile(
    r"\s?(?:[ckm]m|[mk]g|kilo\w*|dkg|ml|litr\w*|gb|tb|mb|mah|wat(?:ow|y)?|lumen\w*|lm|rpm|szt|"
    r"sztuk\w*|punkt\w*|points?|lat|dni|godzin\w*|minut\w*|osob|pcs|pieces|kilomet\w*|"
    r"metr\w*|obrotow|watts?)\b|\s?%"
)
_COUNTRIES = (
    "1", "7", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48",
    "49", "90", "351", "353", "354", "355", "358", "359", "370", "371", "372", "373", "374", "375",
    "380", "381", "385", "386", "420", "421",
)  # fmt: skip


def dashed_postcodes(folded: str) -> Iterator[Found]:
    """Typed postcodes with their dash, which nothing else looks like."""
    for match in _POSTCODE.finditer(folded):
        yield Found("postal_code", "{}-{}".format(*match.groups()), match.start(), match.end())


def codes(folded: str, text: str) -> Iterator[Found]:
    """Read every run of digits, alone or as two numbers said one after the other."""
    for run in _with_commas(folded, list(runs(folded))):
        start, end = run.groups[0].start, run.groups[-1].end
        before = folded[max(0, start - _PREFIX_CHARS) : start]
        if len(run.digits) < 5 or _OTHER_CODE.search(before[-24:]) or _UNIT.match(folded, end):
            continue
        plus = _PLUS.search(before)
        if plus:
            yield from _international(folded, run.groups, start - len(before) + plus.start())
            continue
        prefix = _PREFIX.search(before)
        if prefix:
            begin = start - len(before) + prefix.start("z")
            strong = _is_strong(prefix, text[begin : begin + 2], begin == 0 and end == len(text))
            yield from _ordered(folded, run, begin, strong=strong)
        else:
            yield from _plain(folded, run)


def _with_commas(folded: str, found: list[Run]) -> Iterator[Run]:
    """Join what a recogniser parted by commas: "104, 731", "jeden, zero, cztery"."""
    place = 0
    while place < len(found):
        size = _comma_size(found[place])
        end = place + 1
        while size and end < len(found) and end - place < _MAX_COMMAS:
            gap = folded[found[end - 1].groups[-1].end : found[end].groups[0].start]
            if gap != ", " or _comma_size(found[end]) != size:
                break
            end += 1
        yield (
            Run([g for run in found[place:end] for g in run.groups])
            if end > place + 1
            else found[place]
        )
        place = end


def _comma_size(run: Run) -> int:
    """Threes, and single digits that are spoken; others may be a list of sizes."""
    size = len(run.digits) if len(run.groups) == 1 and not run.lead else 0
    return size if size == 3 or (size == 1 and run.spoken) else 0


def _is_strong(prefix: re.Match[str], written: str, alone: bool) -> bool:
    """A "za" with a space is also a Polish preposition."""
    return prefix["z"] != "za" or bool(prefix["gap"].strip()) or not prefix["gap"] or (
        written == "ZA" or alone
    )  # fmt: skip


def _split(groups: list[Group], digits: int) -> tuple[list[Group], list[Group]] | None:
    """The first groups with exactly so many digits, and the others."""
    count = 0
    for place, group in enumerate(groups):
        count += len(group.digits)
        if count >= digits:
            return (groups[: place + 1], groups[place + 1 :]) if count == digits else None
    return None


def _ordered(folded: str, run: Run, begin: int, *, strong: bool) -> Iterator[Found]:
    """What follows the letters of an order number."""
    digits = run.digits
    parts = None
    if re.match(r"20[1-4]\d", digits) and len(digits) >= 10:
        parts, value = _split(run.groups, 10), f"ZA-{digits[:4]}-{digits[4:10]}"
    elif strong and re.fullmatch(r"2\d{7}", digits) and len(run.groups[0].digits) == 2:
        parts, value = (run.groups, []), f"ZA-20{digits[:2]}-{digits[2:]}"
    elif strong and len(digits) != 9:
        parts, value = _split(run.groups, 6), digits[:6]
    if parts is None:
        yield from _plain(folded, run)
        return
    head, tail = parts
    yield Found("order_number", value, begin, head[-1].end)
    if tail:
        yield from _plain(folded, Run(tail))


def _international(folded: str, groups: list[Group], begin: int) -> Iterator[Found]:
    """A number after a plus: Polish ones have a known length, others end with the run."""
    digits = "".join(g.digits for g in groups)
    if digits.startswith("48") and len(digits) > 9:
        parts = _split(groups, 11)
        if parts:
            yield _phone(folded, digits[:11], begin, parts[0][-1].end)
            yield from _plain(folded, Run(parts[1])) if parts[1] else ()
    elif len(digits) == 9:
        yield _phone(folded, f"48{digits}", begin, groups[-1].end)
    elif 8 <= len(digits) <= 15:
        yield _phone(folded, digits, begin, groups[-1].end)


def _phone(folded: str, digits: str, start: int, end: int) -> Found:
    if start and folded[start - 1] == "(" and ")" in folded[start:end]:
        start -= 1
    return Found("phone", f"+{digits}", start, end)


def _plain(folded: str, run: Run) -> Iterator[Found]:
    """Digits that nothing announces."""
    said, sighed = run.groups, run.groups[run.lead :]
    if "".join(g.digits for g in said).startswith("00") and _foreign(said):
        sighed = said
    for groups in (sighed, said) if run.lead else (sighed,):
        for part in (parts := _parts(groups)):
            yield _read(folded, part)
        if parts:
            return


def _parts(groups: list[Group]) -> list[list[Group]]:
    if _kind(groups):
        return [groups]
    cuts = []
    for cut in range(1, len(groups)):
        kinds = _kind(groups[:cut]), _kind(groups[cut:])
        lone = cut == 1 and len(groups) == 2
        if all(kinds) and (lone or kinds[0] != kinds[1]):
            cuts.append([groups[:cut], groups[cut:]])
    if len(cuts) == 1:
        return cuts[0]
    return [groups] if not cuts and _foreign(groups) else []


def _kind(groups: list[Group]) -> str | None:
    digits = "".join(g.digits for g in groups)
    length = len(digits)
    if length > 13:
        return None
    year = digits[:2] == "20" and "15" <= digits[2:4] <= "39"
    if length == 10 and year:
        return "full_order"
    if year and len(groups[0].digits) == 4:
        return None  # "2026 12" is a year and something
    if length == 5:
        return None if any(g.thousands for g in groups) else "postal_code"
    if length == 6:
        return "order_number"
    return "phone" if _national(digits) else None


def _national(digits: str) -> str | None:
    """The international form of a number as people dial it."""
    length = len(digits)
    if length == 9 and digits[0] != "0":
        return f"48{digits}"
    if length == 11 and digits.startswith("48") and digits[2] != "0":
        return digits
    if length == 13 and digits.startswith("0048"):
        return digits[2:]
    if length == 11 and digits.startswith("07"):
        return f"44{digits[1:]}"
    if length == 10 and digits[0] == "0" and digits[1] != "0":
        return f"48{digits[1:]}"
    return None


def _foreign(groups: list[Group]) -> str | None:
    digits = "".join(g.digits for g in groups)
    known = digits.startswith("00") and digits[2:].startswith(_COUNTRIES)
    if not known or not 12 <= len(digits) <= 17 or _polish_but_odd(digits):
        return None
    return digits[2:]


def _polish_but_odd(digits: str) -> bool:
    return digits.startswith("0048") and len(digits) != 13


def _read(folded: str, groups: list[Group]) -> Found:
    digits = "".join(g.digits for g in groups)
    start, end = groups[0].start, groups[-1].end
    kind = _kind(groups)
    if kind == "full_order":
        return Found("order_number", f"ZA-{digits[:4]}-{digits[4:]}", start, end)
    if kind == "order_number":
        return Found("order_number", digits, start, end)
    if kind == "postal_code":
        return Found("postal_code", f"{digits[:2]}-{digits[2:]}", start, end)
    return _phone(folded, _national(digits) or digits[2:], start, end)
