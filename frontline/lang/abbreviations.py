"""Abbreviations of Polish and English letters to customers, and what they stand for.

A pattern says where it is one: "ok." is "około" in front of a number and no abbreviation at a
sentence's end.
"""

import re

from frontline.lang import Language

Rule = tuple[re.Pattern[str], str]

_CAPITAL = r"(?-i:(?=\s*[A-ZĄĆĘŁŃÓŚŹŻ]))"
_AT_THE_END = r"(?-i:(?=\s+[A-ZĄĆĘŁŃÓŚŹŻ]|\s*$))"
_DIGIT = r"(?=\s*\d)"

DAYS: dict[Language, dict[str, tuple[str, str, str]]] = {
    "pl": {
        "pn|pon": ("poniedziałek", "poniedziałku", "poniedziałku"),
        "wt": ("wtorek", "wtorku", "wtorku"),
        "śr": ("środa", "środy", "środy"),
        "czw": ("czwartek", "czwartku", "czwartku"),
        "pt|piąt": ("piątek", "piątku", "piątku"),
        "sb|sob": ("sobota", "soboty", "soboty"),
        "nd|ndz|niedz": ("niedziela", "niedzieli", "niedzieli"),
    },
    "en": {
        "Mon": ("Monday",) * 3,
        "Tues?": ("Tuesday",) * 3,
        "Wed": ("Wednesday",) * 3,
        "Thu(?:rs?)?": ("Thursday",) * 3,
        "Fri": ("Friday",) * 3,
        "Sat": ("Saturday",) * 3,
        "Sun": ("Sunday",) * 3,
    },
}
"""Short names of days: in the nominative, and after "od" and "do"."""

_PL = (
    (r"\bm\.\s?in\.", "między innymi"),
    (r"\bnp\.", "na przykład"),
    (r"\btzn\.", "to znaczy"),
    (r"\btj\.", "to jest"),
    (r"\btzw\.", "tak zwany"),
    (rf"\bitd\.{_AT_THE_END}", "i tak dalej."),
    (rf"\bitp\.{_AT_THE_END}", "i tym podobne."),
    (r"\bitd\.", "i tak dalej"),
    (r"\bitp\.", "i tym podobne"),
    (r"\bww\.(?!\w)", "wyżej wymieniony"),
    (r"\bwg\b\.?", "według"),
    (r"\bds\.", "do spraw"),
    (r"\bp\.\s?o\.", "pełniący obowiązki"),
    (r"\bsp\.\s?z\s?o\.\s?o\.", "spółka z o o"),
    (r"\bS\.\s?A\.", "S A"),
    (rf"\b(przy|na|z|do|od|w)\s+ul\.{_CAPITAL}", r"\1 ulicy "),
    (rf"\b(przy|na|z|do|od|w)\s+al\.{_CAPITAL}", r"\1 alei "),
    (rf"\b(przy|na|z|do|od)\s+pl\.{_CAPITAL}", r"\1 placu "),
    (rf"\b(na|z|do|od)\s+os\.{_CAPITAL}", r"\1 osiedlu "),
    (rf"\bul\.{_CAPITAL}", "ulica "),
    (rf"\bal\.{_CAPITAL}", "aleja "),
    (rf"\bpl\.{_CAPITAL}", "plac "),
    (rf"\bos\.{_CAPITAL}", "osiedle "),
    (rf"\bśw\.{_CAPITAL}", "świętego "),
    (r"(?<=\d)\s*m\.(?=\s*\d)", " mieszkania "),
    (rf"\bnr\.?(?:{_DIGIT}|(?=\W))", "numer "),
    (rf"\bok\.{_DIGIT}", "około "),
    (rf"\btel\.(?:\s?:)?{_DIGIT}", "telefon "),
    (r"\btel\.(?=\s*\+)", "telefon "),
    (r"\bkom\.(?=\s*[+\d])", "komórkowy "),
    (rf"\bo\s+godz\.?{_DIGIT}", "o godzinie "),
    (rf"\b(od|do|po|przed)\s+godz\.?{_DIGIT}", r"\1 godziny "),
    (r"\bw godz\.(?=\s)", "w godzinach"),
    (rf"(?<!\d)(?<!\d )\bgodz\.{_DIGIT}", "godzina "),
    (rf"\bpkt\.?{_DIGIT}", "punkt "),
    (rf"\bart\.{_DIGIT}", "artykuł "),
    (rf"\bust\.{_DIGIT}", "ustęp "),
    (rf"\bstr\.{_DIGIT}", "strona "),
    (r"\bdr\b\.?", "doktor"),
    (r"\bmgr\b\.?", "magister"),
    (r"\binż\.", "inżynier"),
    (r"\bprof\.", "profesor"),
)
_EN = (
    (r"\be\.\s?g\.", "for example"),
    (r"\bi\.\s?e\.", "that is"),
    (rf"\betc\.{_AT_THE_END}", "and so on."),
    (r"\betc\.", "and so on"),
    (r"\bapprox\.", "about"),
    (r"\bvs\b\.?", "versus"),
    (rf"\bno\.{_DIGIT}", "number "),
    (rf"\bnos\.{_DIGIT}", "numbers "),
    (r"\btel\.(?:\s?:)?(?=\s*[+\d])", "telephone "),
    (rf"\bext\.{_DIGIT}", "extension "),
    (r"\bMr\b\.?", "Mister"),
    (r"\bMrs\b\.?", "Missus"),
    (r"\bMs\b\.?", "Miz"),
    (r"\bDr\b\.?", "Doctor"),
    (r"\bdept\.", "department"),
    (r"\bw/o\b", "without"),
    (r"\bASAP\b", "as soon as possible"),
)


def _rules(table: tuple[tuple[str, str], ...]) -> tuple[Rule, ...]:
    return tuple((re.compile(pattern, re.IGNORECASE), f"{words} ") for pattern, words in table)


ABBREVIATIONS: dict[Language, tuple[Rule, ...]] = {"pl": _rules(_PL), "en": _rules(_EN)}
"""To be applied in order; each leaves a space behind."""
