"""How words sound: espeak-ng is the pronouncing dictionary."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from frontline.espeak import STRESS, Espeak, Phone, Utterance
from frontline.lang import Language
from tools.speech.graph import SILENCE, Pronunciation

VOICES: dict[Language, str] = {"pl": "pl", "en": "en-us"}
"""espeak-ng's voices of our languages."""

OFTEN = 0.15
"""A pronunciation in sentences counts if so great a part of a word's uses has it."""

PALATAL = "ʲ"
"""In Polish espeak-ng speaks it as a phone of its own; here it is part of the one before."""

_PLAIN = str.maketrans("", "", STRESS)


def plain(ipa: str) -> str:
    """A phone without its stress; a pause is silence."""
    return ipa.translate(_PLAIN) or SILENCE


def merged(phones: Iterable[Phone]) -> list[tuple[str, int]]:
    """Plain phones and the samples at which they begin, palatal ones in one piece."""
    names: list[tuple[str, int]] = []
    for phone in phones:
        name = plain(phone.ipa)
        if name == PALATAL and names:
            before, start = names.pop()
            names.append((before + PALATAL, start))
        else:
            names.append((name, phone.start))
    return names


class Dictionary:
    """Pronunciations of words, alone and in the sentences that were spoken."""

    def __init__(self, espeak: Espeak, language: Language) -> None:
        self._espeak = espeak
        self._voice = VOICES[language]
        self._heard: defaultdict[str, Counter[Pronunciation]] = defaultdict(Counter)

    def hear(self, words: Sequence[str], said: Utterance) -> None:
        """Learn from a sentence, where espeak-ng divided it as we do."""
        if [word.text for word in said.words] != list(words):
            return
        for word in said.words:
            phones = tuple(name for name, _ in merged(word.phones))
            if phones:
                self._heard[word.text][phones] += 1

    def in_sentences(self) -> dict[str, list[Pronunciation]]:
        """The usual pronunciations of the words that were heard."""
        return {
            word: [way for way, n in ways.most_common(3) if n >= OFTEN * ways.total()]
            for word, ways in self._heard.items()
        }

    def alone(self, word: str) -> Pronunciation:
        """How a word sounds that is said alone."""
        return tuple(plain(ipa) for ipa in self._espeak.pronounce(word, self._voice))


def lexicon(
    dictionary: Dictionary,
    words: Iterable[str],
    in_sentences: Mapping[str, Sequence[Sequence[str]]],
    phones: Iterable[str],
) -> dict[str, list[Pronunciation]]:
    """Pronunciations of each word, the one it has alone first.

    Words that nobody could hear are left out: those with a phone that is not among `phones`.
    """
    known = frozenset(phones)
    made: dict[str, list[Pronunciation]] = {}
    for word in words:
        ways = [dictionary.alone(word), *map(tuple, in_sentences.get(word, ()))]
        ways = [way for way in dict.fromkeys(ways) if way and known.issuperset(way)]
        if ways:
            made[word] = ways
    return made
