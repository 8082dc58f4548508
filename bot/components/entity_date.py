"""Days: dates in digits and words, days of the week, and words such as "wczoraj"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from components.entity_found import Found

_MONTHS_PL = (
    r"stycz(?:en|nia|niu)|lut(?:y|ego|ym)|mar(?:zec|ca|cu)|kwie(?:cien|tnia|tniu)|maj[au]?|"
    r"czerw(?:iec|ca|cu)|lip(?:iec|ca|cu)|sierp(?:ien|nia|niu)|wrze(?:sien|snia|sniu)|"
    r"pazdziernik[a]?|listopad[a]?|grud(?:zien|nia|niu)"
)
_MONTHS_EN = (
    r"january|february|march|april|may(?!\sbe\b)|june|july|august|september|october|november|"
    r"december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_SHORT_PL = r"sty|lut|kwi|cze|lip|sie|wrz|paz|lis|gru"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_UNIT_PL = r"(?:pierwsz|drug|trzec|czwart|piat|szost|siodm|osm|dziewiat)(?:y|i|ego|iego|ym|im)"
_TEEN_PL = (
    r"(?:dziesiat|jedenast|dwunast|trzynast|czternast|pietnast|szesnast|siedemnast|osiemnast|"
    r"dziewietnast)(?:y|ego|ym)"
)
_ORDINAL_PL = rf"(?:(?:dwudziest|trzydziest)(?:y|ego|ym)(?:\s{_UNIT_PL})?|{_TEEN_PL}|{_UNIT_PL})"
_UNIT_EN = r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
_TEEN_EN = (
    r"(?:tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|"
    r"eighteenth|nineteenth|twentieth|thirtieth)"
)
_ORDINAL_EN = rf"(?:(?:twenty|thirty)[\s-]{_UNIT_EN}|{_TEEN_EN}|{_UNIT_EN}|{_DAY}(?:st|nd|rd|th))"
_CARDINAL_EN = (
    r"(?:(?:twenty|thirty)[\s-](?:one|two|three|four|five|six|seven|eight|nine)|one|two|three|"
    r"four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    r"seventeen|eighteen|nineteen|twenty|thirty)"
)
_YEAR_PL = (
    rf"(?:,?\s(?:20\d\d\b|dwa\stysiace\s(?:{_ORDINAL_PL}|dwadziescia(?:\s[a-z]+)?)|"
    rf"dwudziest(?:y|ego|ym)\s{_UNIT_PL}))?"
)
_YEAR_EN = (
    r"(?:,?\s(?:of\s)?(?:20\d\d\b|twenty\stwenty(?:[\s-](?:one|two|three|four|five|six|seven|"
    r"eight|nine))?\b|two\sthousand\s(?:and\s)?twenty(?:[\s-](?:one|two|three|four|five|six|"
    r"seven|eight|nine))?\b))?"
)
_WRITTEN = [
    re.compile(rf"(?<![\w\-.,/]){_DAY}(?:\.|\s?-?(?:e?go|y|ty|ego))?\s?(?:{_MONTHS_PL})\b{_YEAR_PL}"),
    re.compile(rf"(?<![\w\-.,/]){_DAY}\.?\s(?:{_SHORT_PL})\b(?:\.?\s20\d\d\b)?"),
    re.compile(rf"\b{_ORDINAL_PL}\s(?:{_MONTHS_PL})\b{_YEAR_PL}"),
    re.compile(
        rf"(?<![\w\-.,/])(?:the\s)?{_DAY}(?:st|nd|rd|th|\.)?\s?(?:of\s)?(?:{_MONTHS_EN})\b{_YEAR_EN}"
    ),
    re.compile(rf"\b(?:the\s)?{_ORDINAL_EN}\s(?:of\s)?(?:{_MONTHS_EN})\b{_YEAR_EN}"),
    re.compile(rf"\b(?:{_MONTHS_EN})\s(?:the\s)?{_ORDINAL_EN}\b{_YEAR_EN}"),
    re.compile(rf"\b(?:{_MONTHS_EN})\s{_DAY}\b(?![:.]?\d|\s?(?:am|pm|%|x))(?:,?\s20\d\d\b)?"),
    re.compile(rf"\b(?!may|mar)(?:{_MONTHS_EN})\s{_CARDINAL_EN}\b{_YEAR_EN}"),
    re.compile(r"(?<![\w\-.,/])\d{1,2}\s(?:i{1,3}|i?v|vi{1,3}|i?x|xi{1,2})\s20\d\d\b"),
]  # fmt: skip
_YEAR = r"(?P<y>20\d\d|19\d\d)"
_D, _M = r"(?P<d>\d{1,2})", r"(?P<m>\d{1,2})"
_BEFORE = r"(?<![\d.\-/])"
_UNITS = r"(?:[€$£%]|zl|pln|eur|cm|kg|km|m\b|l\b)"
_SIGNED = [
    re.compile(rf"(?<!za)(?<!za[\-_/. ])(?<![\d\-–]){_YEAR}(?P<s>[-–./]){_M}(?P=s){_D}(?![\d\-–])"),
    re.compile(rf"{_BEFORE}{_D}\s?[./\-]\s?{_M}\s?[./\-]\s?{_YEAR}(?![\d-])"),
    re.compile(rf"{_BEFORE}{_D}(?P<s>[./\-]){_M}(?P=s)(?P<y>\d\d)(?![.\-/]?\d)"),
    re.compile(rf"(?<![\d.,]){_D}\.(?P<m>0[1-9]|1[0-2])(?![\d.]?\d|\s?{_UNITS})"),
    re.compile(
        r"\b(?:dnia|dn|on|since|until|till|by|from|dated|od|do|z)\s"
        rf"(?P<whole>{_D}/{_M})(?![\d/])"
    ),
]
_THE_DAY = re.compile(
    rf"(?:\b(?:on|by|until|till|since|before|after|from)\s)(the\s{_ORDINAL_EN})\b"
    r"(?=\s*(?:$|[,.;:?!])|\s(?:and|but|or|at|in|i|it|so|because|still)\b)"
)
_WEEKDAY = (
    r"poniedzial(?:ek|ku|kiem|kowi)|wtor(?:ek|ku|kiem)|srod(?:a|e|zie)|czwart(?:ek|ku|kiem)|"
    r"piat(?:ek|ku|kiem)|sobot(?:a|e|ni\sporanek)|niedziel(?:a|i)|sobocie|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"wednsday|wensday|wendsday|thrusday|tueday|saterday|firday"
)
_NAMED = re.compile(
    r"\b(?:przedwczoraj|wczoraj|wczorj|wczroaj|dzisiaj|dzis|dzisaj|dziisaj|jutro|jutra|"
    r"pojutrze|pojutra|today|tonight|tonite|yesterday|yesturday|yestrday|yday|tomorrow|tomorow|"
    r"tommorow|tommorrow|tmrw|tmrrw|tmr|2moro|2morrow|2morow|2day|2nite|2mrw|"
    rf"boxing\sday|christmas\seve|new\syear'?s\s(?:eve|day)|(?<!black\s)(?<!cyber\s)(?:{_WEEKDAY}))\b"
    r"(?!-)"
)
_ONE_DAY = re.compile(
    r"\b(?:do|od|z|ze|tej|tamtej|zeszlej|ubieglej|ostatniej|przyszlej|nastepnej|najblizszej|"
    r"od\stej|dla)\s(srody|soboty)\b"
)
_SUNDAY = re.compile(r"\b(?:w|na|te|ta|zeszla|najblizsza)\s(niedziele)\b")
_SHORT_DAY = re.compile(
    r"\b(?:w|we|na|do|od|z|ze|po|ten|ta|te|albo|lub)\s"
    r"(pn|pon|poniedz|wt|wto|sr|czw|pt|pia|piat|sob|nd|ndz|niedz)\b(?!\s?[-–])"
)
_SHORT_WEEKDAY = re.compile(
    r"\b(?:on|by|till|until|til|since|from|this|next|last|for|before|every|come)\s"
    r"(mon|tues?|weds?|thurs?|thu|fri|sat|sun)\b(?!\s?[-–])"
)


def dates(folded: str, text: str) -> Iterator[Found]:
    """Every day that is named; its normal form is how it was written."""
    for start, end in _spans(folded, text):
        yield Found("date", text[start:end], start, end)


def _spans(folded: str, text: str) -> Iterator[tuple[int, int]]:
    for pattern in _SIGNED:
        whole = "whole" if "whole" in pattern.groupindex else 0
        yield from (m.span(whole) for m in pattern.finditer(folded) if _exists(m))
    for pattern in (*_WRITTEN, _NAMED):
        yield from (m.span() for m in pattern.finditer(folded))
    for pattern in (_THE_DAY, _ONE_DAY, _SHORT_DAY, _SHORT_WEEKDAY):
        yield from (m.span(1) for m in pattern.finditer(folded))
    # "niedzielę" is one Sunday, "niedziele" all of them; without marks one is likelier
    habit = _marked(text)
    for match in _SUNDAY.finditer(folded):
        if not (habit and match.group().startswith("w ") and text[match.end() - 1] == "e"):
            yield match.span(1)


def _marked(text: str) -> bool:
    """The message is written with Polish letters."""
    return any(c in "ąćęłńóśźż" for c in text.lower())


def _exists(match: re.Match[str]) -> bool:
    """Some calendar has that day; 12/31 is how Americans write it."""
    day, month = int(match["d"]), int(match["m"])
    return (1 <= day <= 31 and 1 <= month <= 12) or (1 <= month <= 31 and 1 <= day <= 12)
