"""The words of which spoken numbers are made, folded, Polish and English."""

from __future__ import annotations

import re

from components.tables import word_set

_PL = {
    "zero": 0, "jeden": 1, "jedna": 1, "jedno": 1, "dwa": 2, "dwie": 2, "trzy": 3, "cztery": 4,
    "piec": 5, "szesc": 6, "siedem": 7, "osiem": 8, "dziewiec": 9, "dziesiec": 10,
    "jedenascie": 11, "dwanascie": 12, "trzynascie": 13, "czternascie": 14, "pietnascie": 15,
    "szesnascie": 16, "siedemnascie": 17, "osiemnascie": 18, "dziewietnascie": 19,
    "dwadziescia": 20, "trzydziesci": 30, "czterdziesci": 40, "piecdziesiat": 50,
    "szescdziesiat": 60, "siedemdziesiat": 70, "osiemdziesiat": 80, "dziewiecdziesiat": 90,
    "sto": 100, "dwiescie": 200, "trzysta": 300, "czterysta": 400, "piecset": 500,
    "szescset": 600, "siedemset": 700, "osiemset": 800, "dziewiecset": 900,
    "jedynka": 1, "dwojka": 2, "trojka": 3, "czworka": 4, "piatka": 5, "szostka": 6,
    "siodemka": 7, "osemka": 8, "dziewiatka": 9,
}  # fmt: skip
_EN = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13,
    "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
VALUES = {**_PL, **_EN}
_INFLECTED = {
    "nought": 0, "naught": 0, "nil": 0, "dwoch": 2, "trzech": 3, "czterech": 4, "pieciu": 5,
    "szesciu": 6, "siedmiu": 7, "osmiu": 8, "dziewieciu": 9, "dziesieciu": 10,
    "jedenastu": 11, "dwunastu": 12, "trzynastu": 13, "czternastu": 14, "pietnastu": 15,
    "szesnastu": 16, "siedemnastu": 17, "osiemnastu": 18, "dziewietnastu": 19,
    "dwudziestu": 20, "trzydziestu": 30, "czterdziestu": 40, "piecdziesieciu": 50,
    "szescdziesieciu": 60, "siedemdziesieciu": 70, "osiemdziesieciu": 80,
    "dziewiecdziesieciu": 90, "stu": 100, "dwustu": 200, "trzystu": 300, "czterystu": 400,
    "pieciuset": 500, "szesciuset": 600, "siedmiuset": 700, "osmiuset": 800,
    "dziewieciuset": 900, "jedynke": 1, "dwojke": 2, "trojke": 3, "czworke": 4, "piatke": 5,
    "szostke": 6, "siodemke": 7, "osemke": 8, "dziewiatke": 9, "szejset": 600, "piencset": 500,
}  # fmt: skip
THOUSAND = frozenset({"tysiac", "tysiace", "tysiecy", "tysiaca", "tysiacu", "thousand"})
HUNDRED = "hundred"
REPEAT = {
    "double": 2, "triple": 3, "treble": 3, "podwojne": 2, "podwojna": 2, "podwojny": 2,
    "potrojne": 3, "potrojna": 3, "potrojny": 3,
}  # fmt: skip
OH = frozenset({"o", "oh"})
NUMBER_WORDS = frozenset(VALUES) | {"tysiac", "tysiace", "tysiecy", "thousand", HUNDRED}
"""Folded words that mean a number on their own; others are numbers only among numbers."""

PLURALS = {
    "zera": "0", "zer": "0", "jedynki": "1", "dwojki": "2", "trojki": "3", "czworki": "4",
    "piatki": "5", "szostki": "6", "siodemki": "7", "osemki": "8", "dziewiatki": "9",
    "zeros": "0", "zeroes": "0", "noughts": "0", "ones": "1", "twos": "2", "threes": "3",
    "fours": "4", "fives": "5", "sixes": "6", "sevens": "7", "eights": "8", "nines": "9",
}  # fmt: skip
"""Digits that a number counts: "dwa zera", "three sevens"."""

_ORDINAL_STEMS = {
    "pierwsz": 1, "drug": 2, "trzec": 3, "czwart": 4, "piat": 5, "szost": 6, "siodm": 7,
    "osm": 8, "dziewiat": 9, "dziesiat": 10, "jedenast": 11, "dwunast": 12, "trzynast": 13,
    "czternast": 14, "pietnast": 15, "szesnast": 16, "siedemnast": 17, "osiemnast": 18,
    "dziewietnast": 19, "dwudziest": 20, "trzydziest": 30,
}  # fmt: skip
YEAR_ORDINALS = {
    stem + ending: value
    for stem, value in _ORDINAL_STEMS.items()
    for ending in ("y", "i", "ego", "iego", "ym", "im")
}
"""Polish ordinals, which end a spoken year: "dwa tysiące dwudziesty szósty"."""

JOINTS = word_set("""
    myslnik kreska kreseczka pauza minus dash hyphen slash stroke ukosnik lamane spacja space
    potem dalej nastepnie pozniej then
    """)
"""Words between the digits of one number."""
LINKS = frozenset({"a", "i", "and", "na", "przez", "no", "oraz"})
"""Words that may stand between digits next to a joint: "a dalej", "łamane na"."""
FILLER = re.compile(r"y+|e{2,}h*|e+h+|e+rm*|u+h+m*|u+m+|uu+|h+m+|m{2,}|a+h+")
"""Sounds of thinking, as recognisers write them."""


def amount_of(word: str) -> int | None:
    """The value of a number word in any case form, None for other words."""
    value = VALUES.get(word)
    return _INFLECTED.get(word) if value is None else value
