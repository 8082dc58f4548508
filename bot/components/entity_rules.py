"""Where a message holds an order number, a postcode, an e-mail, a phone, an amount or a date.

Rules and not a model: these have a shape, and a wrong digit is worse than a missed one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from components.numbers import Group, Run, runs
from components.text import MAX_CHARS, fold


@dataclass(frozen=True)
class Found:
    """One entity: its kind, its normal form and its place in the text."""

    entity: str
    value: str
    start: int
    end: int


_EMAIL = re.compile(r"[a-z0-9][\w.+-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}")
_SIGN = r"(?:kropka|dot|podkreslnik|podkreslenie|underscore|myslnik|minus|dash|hyphen)"
_SPOKEN_EMAIL = re.compile(
    rf"(?<![\w.@])[\w+-]{{1,64}}(?:(?:\s+{_SIGN}\s+|\.)[\w+-]{{1,64}}){{0,4}}"
    r"\s*(?:\bmalpa\b|\bat\b|@)\s*[\w-]{1,63}(?:(?:\s+(?:kropka|dot)\s+|\.)[\w-]{1,63}){1,4}"
)
_SIGNS = [
    (re.compile(r"\s*\b(?:malpa|at)\b\s*"), "@"),
    (re.compile(r"\s*\b(?:kropka|dot)\b\s*"), "."),
    (re.compile(r"\s*\b(?:podkreslnik|podkreslenie|underscore)\b\s*"), "_"),
    (re.compile(r"\s*\b(?:myslnik|minus|dash|hyphen)\b\s*"), "-"),
    (re.compile(r"\s+"), ""),
]
_ORDER = re.compile(r"\bza?[\s\-_/.#]{0,3}(20\d\d)[\s\-_/.]{0,3}(\d{3})[\s]?(\d{3})(?!\d)")
_BARE_ORDER = re.compile(r"(?<![\d-])(20\d\d)[-/](\d{6})(?!\d)")
_ZA = re.compile(r"\b(?:za|z\s?a|zet\s?a|zed\s?a)[\s\-_/.#]{0,3}$")
_POSTCODE = re.compile(r"(?<![\d-])(\d{2})\s?-\s?(\d{3})(?![\d-])")
_PHONE = re.compile(r"(?:\+|\b00)\d(?:[\s().-]{0,2}\d){7,13}(?!\d)")
_CURRENCY = (
    r"(?:zl(?:ot(?:y|e|ych|ego|owki))?|pln|eur(?:o|os)?|usd|gbp|dollars?|dolar(?:y|ow)|pounds?|"
    r"groszy|grosze)\b|[€$£]"
)
_AMOUNT = re.compile(
    rf"(?<![\d.,-])\d{{1,3}}(?:[ .]?\d{{3}}){{0,2}}(?:[.,]\d{{1,2}})?\s?(?:{_CURRENCY})"
)
_PREFIXED_AMOUNT = re.compile(r"(?:[€$£]|\b(?:pln|eur|usd|gbp))\s?\d+(?:[.,]\d{1,2})?")
_AFTER_RUN_CURRENCY = re.compile(rf"\s{{0,2}}(?:{_CURRENCY})")
_CODES = [("eur", "EUR"), ("€", "EUR"), ("usd", "USD"), ("$", "USD"), ("dol", "USD")]
_CODES += [("gbp", "GBP"), ("£", "GBP"), ("pound", "GBP")]
_MONTHS = (
    r"(?:stycz(?:en|nia|niu)|lut(?:y|ego|ym)|mar(?:zec|ca|cu)|kwie(?:cien|tnia|tniu)|maj[au]?|"
    r"czerw(?:iec|ca|cu)|lip(?:iec|ca|cu)|sierp(?:ien|nia|niu)|wrze(?:sien|snia|sniu)|"
    r"pazdziernik[a]?|listopad[a]?|grud(?:zien|nia|niu)|january|february|march|april|may|june|"
    r"july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|"
    r"dec)"
)
_DATES = [
    re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)"),
    re.compile(r"(?<![\d.])\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2})(?!\d)"),
    re.compile(r"(?<![\d.,])(?:0?[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])(?![\d.]?\d)"),
    re.compile(rf"(?<!\d)\d{{1,2}}(?:st|nd|rd|th|\.|-?go)?\s(?:of\s)?{_MONTHS}(?:\s\d{{4}})?\b"),
    re.compile(rf"\b{_MONTHS}\s\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s\d{{4}}\b)?"),
    re.compile(
        r"\b(?:przedwczoraj|wczoraj|dzisiaj|dzis|jutro|pojutrze|today|tonight|yesterday|tomorrow|"
        r"poniedzial(?:ek|ku)|wtor(?:ek|ku)|srod[aey]|czwart(?:ek|ku)|piat(?:ek|ku)|sobot[aey]|"
        r"niedziel[aei]|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
    ),
]


def find_entities(text: str) -> list[Found]:
    """All entities in a message, left to right, none overlapping another."""
    folded = fold(text[:MAX_CHARS])
    taken = _Taken()
    for found in (*_emails(folded), *_full_orders(folded)):
        taken.add(found)
    for rule in (_amounts, _phones, _dates, _postcodes):
        for found in rule(folded):
            taken.add(found)
    for run in runs(folded):
        for found in _from_run(folded, run):
            taken.add(found)
    return taken.sorted(text)


class _Taken:
    """Entities found so far; a later rule never overrules an earlier one."""

    def __init__(self) -> None:
        self._found: list[Found] = []

    def add(self, found: Found) -> None:
        if all(found.end <= f.start or found.start >= f.end for f in self._found):
            self._found.append(found)

    def sorted(self, text: str) -> list[Found]:
        ordered = sorted(self._found, key=lambda f: f.start)
        return [
            Found(f.entity, text[f.start : f.end], f.start, f.end) if f.entity == "date" else f
            for f in ordered
        ]


def _emails(folded: str) -> Iterator[Found]:
    for match in _EMAIL.finditer(folded):
        value = match.group().rstrip(".-")
        yield Found("email", value, match.start(), match.start() + len(value))
    for match in _SPOKEN_EMAIL.finditer(folded):
        value = match.group()
        for pattern, sign in _SIGNS:
            value = pattern.sub(sign, value)
        if _EMAIL.fullmatch(value):
            yield Found("email", value, match.start(), match.end())


def _full_orders(folded: str) -> Iterator[Found]:
    for match in _ORDER.finditer(folded):
        year, first, last = match.groups()
        yield Found("order_number", f"ZA-{year}-{first}{last}", match.start(), match.end())
    for match in _BARE_ORDER.finditer(folded):
        yield Found("order_number", "ZA-{}-{}".format(*match.groups()), match.start(), match.end())


def _amounts(folded: str) -> Iterator[Found]:
    for pattern in (_AMOUNT, _PREFIXED_AMOUNT):
        for match in pattern.finditer(folded):
            figure = re.sub(r"[^\d.,]", "", match.group())
            whole, cents = re.fullmatch(r"(.*?)(?:[.,](\d{1,2}))?", figure.strip(".,")).groups()
            whole = re.sub(r"\D", "", whole)
            value = f"{int(whole)}.{(cents or '0').ljust(2, '0')}"
            yield Found("amount", f"{value} {_code(match.group())}", match.start(), match.end())


def _code(surface: str) -> str:
    return next((code for sign, code in _CODES if sign in surface), "PLN")


def _phones(folded: str) -> Iterator[Found]:
    for match in _PHONE.finditer(folded):
        digits = re.sub(r"\D", "", match.group())
        if not match.group().startswith("+"):
            digits = digits[2:]
        if 8 <= len(digits) <= 15:
            yield Found("phone", f"+{digits}", match.start(), match.end())


def _dates(folded: str) -> Iterator[Found]:
    for pattern in _DATES:
        for match in pattern.finditer(folded):
            yield Found("date", match.group(), match.start(), match.end())


def _postcodes(folded: str) -> Iterator[Found]:
    for match in _POSTCODE.finditer(folded):
        yield Found("postal_code", "{}-{}".format(*match.groups()), match.start(), match.end())


def _from_run(folded: str, run: Run) -> Iterator[Found]:
    """Read a run of digits by its length, alone or as two numbers said one after the other."""
    first, last = run.groups[0], run.groups[-1]
    money = _AFTER_RUN_CURRENCY.match(folded, last.end)
    if money:
        if run.spoken and len(run.groups) == 1:
            value = f"{int(last.digits)}.00 {_code(money.group())}"
            yield Found("amount", value, first.start, money.end())
        return
    for chunk in _chunks(run.groups):
        found = _read(folded, chunk)
        if found:
            yield found


def _chunks(groups: list[Group]) -> list[list[Group]]:
    if _kind(groups):
        return [groups]
    for cut in range(1, len(groups)):
        if _kind(groups[:cut]) and _kind(groups[cut:]):
            return [groups[:cut], groups[cut:]]
    return []


def _kind(groups: list[Group]) -> str | None:
    digits = "".join(g.digits for g in groups)
    if len(digits) == 10 and digits.startswith("20"):
        return "full_order"
    if len(digits) == 11 and digits.startswith("48"):
        return "phone"
    return {5: "postal_code", 6: "order_number", 9: "phone"}.get(len(digits))


def _read(folded: str, groups: list[Group]) -> Found | None:
    digits = "".join(g.digits for g in groups)
    start, end = groups[0].start, groups[-1].end
    kind = _kind(groups)
    if kind == "full_order":
        prefix = _ZA.search(folded, max(0, start - 10), start)
        begin = prefix.start() if prefix else start
        return Found("order_number", f"ZA-{digits[:4]}-{digits[4:]}", begin, end)
    if kind == "order_number":
        return Found("order_number", digits, start, end)
    if kind == "postal_code":
        return Found("postal_code", f"{digits[:2]}-{digits[2:]}", start, end)
    if kind == "phone":
        return Found("phone", f"+{digits}" if len(digits) == 11 else f"+48{digits}", start, end)
    return None
