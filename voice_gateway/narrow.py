"""The few words that answer a narrow question: numbers, yes or no, and the way to a person.

A recogniser that hears only these is surer of them. It is used when hearing everything has failed,
for callers also answer what they were not asked.
"""

from functools import cache

from frontline.lang import Language
from frontline.lang.numerals import cardinal

_WORDS: dict[Language, tuple[str, ...]] = {
    "pl": (
        "tak", "nie", "dobrze", "zgadza się", "jasne", "źle", "konsultant", "konsultantem",
        "człowiek", "człowiekiem", "pomoc", "anuluj", "nie mam", "nie wiem", "numer", "to",
        "podwójne", "myślnik", "i",
    ),
    "en": (
        "yes", "no", "right", "correct", "wrong", "agent", "human", "person", "help", "cancel",
        "i don't have it", "i don't know", "number", "it is", "oh", "double", "triple", "hundred",
        "dash", "and",
    ),
}  # fmt: skip


@cache
def narrow_phrases(language: Language) -> tuple[str, ...]:
    """The words and phrases, numbers among them, for `Recogniser.expect`."""
    numbers = [*range(20), *range(20, 100, 10), *range(100, 1000, 100)]
    spoken = [word for number in numbers for word in cardinal(number, language).split()]
    return tuple(dict.fromkeys([*_WORDS[language], *spoken]))
