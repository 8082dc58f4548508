"""The words of which spoken numbers are made, folded: those of `numerals` and what people add."""

import re
from dataclasses import dataclass

from frontline.lang import Language
from frontline.lang.numerals import cardinal
from frontline.lang.text import fold, words


def _amounts(language: Language) -> dict[str, int]:
    numbers = [*range(20), *range(20, 100, 10)]
    numbers += range(100, 1000, 100) if language == "pl" else []
    return {fold(cardinal(number, language)): number for number in numbers}


def _counted(text: str, first: int = 0) -> dict[str, int]:
    return {word: number for number, word in enumerate(words(text), start=first)}


_PL_GENITIVE = words(
    "stu dwustu trzystu czterystu pieciuset szesciuset siedmiuset osmiuset dziewieciuset"
)
_PL_TENS_GENITIVE = words(
    "dziesieciu dwudziestu trzydziestu czterdziestu piecdziesieciu szescdziesieciu "
    "siedemdziesieciu osiemdziesieciu dziewiecdziesieciu"
)
AMOUNTS: dict[Language, dict[str, int]] = {
    "pl": {
        **_amounts("pl"),
        **{"jedna": 1, "jedno": 1, "dwie": 2, "dwoch": 2, "dwu": 2, "szejset": 600},
        **_counted("trzech czterech pieciu szesciu siedmiu osmiu dziewieciu", 3),
        **_counted(
            "jedenastu dwunastu trzynastu czternastu pietnastu szesnastu siedemnastu osiemnastu "
            "dziewietnastu",
            11,
        ),
        **{word: 10 * place for place, word in enumerate(_PL_TENS_GENITIVE, start=1)},
        **{word: 100 * place for place, word in enumerate(_PL_GENITIVE, start=1)},
        **_counted("jedynka dwojka trojka czworka piatka szostka siodemka osemka dziewiatka", 1),
        **_counted("jedynke dwojke trojke czworke piatke szostke siodemke osemke dziewiatke", 1),
    },
    "en": {**_amounts("en"), "nought": 0, "naught": 0, "nil": 0, "fourty": 40},
}
"""What a word is worth on its own."""
SCALES: dict[Language, dict[str, int]] = {
    "pl": {
        **dict.fromkeys(words("tysiac tysiace tysiecy tysiaca"), 1_000),
        **dict.fromkeys(words("milion miliony milionow miliona"), 1_000_000),
    },
    "en": {"thousand": 1_000, "million": 1_000_000},
}
HUNDRED = "hundred"
REPEATS: dict[Language, dict[str, int]] = {
    "pl": {
        **dict.fromkeys(words("podwojne podwojna podwojny"), 2),
        **dict.fromkeys(words("potrojne potrojna potrojny"), 3),
    },
    "en": {"double": 2, "triple": 3, "treble": 3},
}
"""Words that say how often the next digit stands there."""
PLURALS: dict[Language, dict[str, str]] = {
    "pl": {
        "zera": "0",
        "zer": "0",
        **{
            word: str(digit)
            for word, digit in _counted(
                "jedynki dwojki trojki czworki piatki szostki siodemki osemki dziewiatki", 1
            ).items()
        },
    },
    "en": {
        "noughts": "0",
        "zeros": "0",
        **{
            word: str(digit)
            for word, digit in _counted(
                "ones twos threes fours fives sixes sevens eights nines", 1
            ).items()
        },
    },
}
"""Digits that a number counts: "dwa zera", "three sevens"."""
OH: dict[Language, frozenset[str]] = {"pl": frozenset(), "en": frozenset({"o", "oh"})}
JOINTS = frozenset(
    words(
        "myslnik kreska pauza minus dash hyphen slash stroke ukosnik lamane spacja space potem "
        "dalej nastepnie then"
    )
)
"""Words between the digits of one number."""
FILLERS = re.compile(r"y+|e{2,}h*|e+h+|e+rm*|u+h+m*|u+m+|uu+|h+m+|m{2,}|a+h+")
"""Sounds of thinking, as recognisers write them."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text."""

    word: str
    """Folded."""
    start: int
    end: int
    apart: bool = False
    """A comma or another stop stands before it."""


_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_STOP = re.compile(r"[,;:.!?()]")


def tokens(text: str) -> list[Token]:
    """The words of `text` and their places."""
    found: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(text):
        apart = bool(_STOP.search(text, end, match.start()))
        found.append(Token(fold(match.group()), match.start(), match.end(), apart))
        end = match.end()
    return found
