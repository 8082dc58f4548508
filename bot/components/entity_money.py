"""Sums of money, typed and spoken; a number without a currency is none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from components.entity_found import Found
from components.numbers import Group, Run, runs

_CURRENCY = (
    r"(?:zl(?:ot(?:y|e|a|ych|ego|ys?|owk[ai]|owek))?|zlociszy|pln|eur(?:o|os)?|usd|gbp|"
    r"dollars?|dolar(?:y|ow|a)?|pounds?|quid|bucks|funt(?:y|ow|a)?)\b|[€$£]"
)
_CENT = r"(?:gr|grosz(?:y|e)?)\b"
_FIGURE = (
    r"(?:\d{1,3}(?:[ .,\u00a0]\d{3}){1,2}(?!\d)(?:[.,]\d{1,2}(?!\d))?|"
    r"\d{1,8}(?:[.,]\d{1,2}(?!\d))?)"
)
_ALONE = r"(?<![\d.,])(?<!\d[-–])"
_END = r"(?=\s*(?:$|[,.;:?!)]))"
_TYPED = re.compile(
    rf"{_ALONE}({_FIGURE})(?:\s?(?:{_CURRENCY})(?:\s(?:i\s)?(\d{{2}})(?:\s?{_CENT}|{_END}))?|,-)"
)
_PREFIXED = re.compile(rf"(?:[€$£]|\b(?:pln|eur|usd|gbp))\s?({_FIGURE})")
_CENTS = re.compile(rf"{_ALONE}(\d{{1,2}})\s?{_CENT}")
_THOUSANDS = re.compile(
    rf"{_ALONE}(\d{{1,3}}(?:[.,]\d)?)(?:\s?tys(?:\.|\b)|\s?tysi(?:ecy|ace|ac)\b|k\b)"
    rf"(?:\s?(?:{_CURRENCY})|{_END})"
)
_PRICE = re.compile(
    r"\b(?:po|za|for|paid)\s(\d{1,5}[.,]\d{2})(?![\d.,]\d|\s?(?:[ckm]?m|[mk]?g|m?l|%)(?![a-z]))"
)
_AFTER = re.compile(rf"\s{{0,2}}(?:{_CURRENCY})")
_AFTER_CENTS = re.compile(rf"\s{{0,2}}{_CENT}")
_BREAK = re.compile(r"\s{1,2}(?:i\s|and\s)?")
_ENDS = re.compile(_END)
_HALF = re.compile(r"\b(poltora|poltorej|pol|half)\s(?:a\s)?$")
_TIMES = re.compile(r"\s(?:times|razy)\b")
_CODES = [("eur", "EUR"), ("€", "EUR"), ("usd", "USD"), ("$", "USD"), ("dol", "USD")]
_CODES += [("buck", "USD"), ("gbp", "GBP"), ("£", "GBP"), ("pound", "GBP"), ("quid", "GBP")]
_CODES += [("funt", "GBP")]


def typed_amounts(folded: str) -> Iterator[Found]:
    """Sums in digits."""
    for match in _THOUSANDS.finditer(folded):
        value = float(match[1].replace(",", ".")) * 1_000
        yield _amount(f"{value:.2f}", match.group(), match.start(), match.end())
    for match in _TYPED.finditer(folded):
        start, figure = match.start(), match[1]
        if _million(figure):  # an order number stands before the sum: "118 774 250 zł"
            start, figure = start + figure.rfind(" ") + 1, figure.rsplit(" ", 1)[-1]
        cents = f".{match[2]}" if match[2] else ""
        yield _amount(_plain(figure + cents), match.group(), start, match.end())
    for pattern in (_PREFIXED, _PRICE):
        for match in pattern.finditer(folded):
            start = match.start(1) if pattern is _PRICE else match.start()
            yield _amount(_plain(match[1]), match.group(), start, match.end())
    for match in _CENTS.finditer(folded):
        yield _amount(f"0.{int(match[1]):02d}", "", match.start(), match.end())


def _million(figure: str) -> bool:
    return bool(re.fullmatch(r"\d{3} \d{3} \d{3}", figure))


def _plain(figure: str) -> str:
    """The number as a computer writes it: signs before three digits part thousands."""
    whole, sign, cents = re.fullmatch(r"(.*?)(?:([.,])(\d{1,2}))?", figure).groups()
    whole = re.sub(r"\D", "", whole)
    return f"{int(whole)}.{(cents if sign else '').ljust(2, '0')}"


def _amount(value: str, surface: str, start: int, end: int) -> Found:
    code = next((code for sign, code in _CODES if sign in surface), "PLN")
    return Found("amount", f"{value} {code}", start, end)


def spoken_amounts(folded: str) -> Iterator[Found]:
    """Sums in words, with or without their cents."""
    found = list(runs(folded))
    for place, run in enumerate(found):
        group = run.groups[-1]
        money = _AFTER.match(folded, group.end)
        half = _HALF.search(folded, max(0, group.start - 12), group.start)
        if half:
            if half[1] == "poltora" and money and group.digits == "1000":
                yield _amount("1500.00", money.group(), half.start(1), money.end())
        elif money and (group.spoken or len(run.groups) == 1):
            following = found[place + 1] if place + 1 < len(found) else None
            cents, end = _cents(folded, money.end(), following)
            yield _amount(f"{int(group.digits)}.{cents}", money.group(), group.start, end)
        elif _is_sum(run, group) and _ENDS.match(folded, group.end):
            yield _amount(f"{int(group.digits)}.00", "", group.start, group.end)
        elif len(run.groups) == 1 and int(group.digits) < 100:
            coins = _AFTER_CENTS.match(folded, group.end)
            if coins:
                yield _amount(f"0.{int(group.digits):02d}", "", group.start, coins.end())


def _is_sum(run: Run, group: Group) -> bool:
    """Nobody says "five thousand" of anything but money in a shop."""
    return len(run.groups) == 1 and group.round and group.spoken


def _cents(folded: str, end: int, following: Run | None) -> tuple[str, int]:
    """What is said after the currency: "sixty five zlotys fifty"."""
    if following is None or len(following.groups) != 1:
        return "00", end
    group = following.groups[0]
    if not _BREAK.fullmatch(folded, end, group.start) or int(group.digits) > 99:
        return "00", end
    coins = _AFTER_CENTS.match(folded, group.end)
    if coins:
        return f"{int(group.digits):02d}", coins.end()
    if len(group.digits) != 2 or not group.spoken:
        return "00", end
    if _TIMES.match(folded, group.end):  # "fifty two times": the last word counts the times
        first = folded.find(" ", group.start, group.end)
        return (f"{group.digits[0]}0", first) if first > 0 else ("00", end)
    return group.digits, group.end
