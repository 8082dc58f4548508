"""Vosk's results as `Heard`: n-best readings and a confidence for each word.

Vosk gives either word confidences or n-best readings, not both. The readings' scores are the
logarithms of their likelihoods, so they tell the words' posterior probabilities as well: a word is
as sure as the readings that have it (F. Wessel et al., Confidence Measures for Large Vocabulary
Continuous Speech Recognition, 2001, section III).
"""

import math
from collections.abc import Sequence
from difflib import SequenceMatcher

import msgspec
from msgspec.structs import replace

from voice_gateway.stt.port import Heard, Word

UNKNOWN = "[unk]"
"""A word outside the model's vocabulary, or of the grammar."""


class _Word(msgspec.Struct):
    word: str
    start: float
    end: float


class _Reading(msgspec.Struct):
    text: str = ""
    confidence: float = 0.0
    """Logarithm of its likelihood, comparable within one result."""
    result: list[_Word] = []


class _Result(msgspec.Struct):
    alternatives: list[_Reading] = []


class _Partial(msgspec.Struct):
    partial: str = ""


_results = msgspec.json.Decoder(_Result)
_partials = msgspec.json.Decoder(_Partial)


def partial_text(answer: str) -> str:
    """What a partial result has understood so far, without `[unk]`."""
    return known(_partials.decode(answer).partial)


def known(text: str) -> str:
    """The text without `[unk]`."""
    return " ".join(word for word in text.split() if word != UNKNOWN)


def heard(answer: str) -> Heard:
    """A final result.

    Args:
        answer: Vosk's JSON, with `SetMaxAlternatives` and `SetWords` on.
    """
    readings = _results.decode(answer).alternatives
    if not readings:
        return Heard()
    best = readings[0]
    sure = _confidences([r.text.split() for r in readings], _probabilities(readings))
    words = tuple(
        Word(w.word, w.start, w.end, round(confidence, 3))
        for w, confidence in zip(best.result, sure, strict=True)
    )
    text = known(best.text)
    others = dict.fromkeys(known(reading.text) for reading in readings[1:])
    alternatives = tuple(other for other in others if other and other != text)
    return Heard(text, words, alternatives, _mean(words))


def joined(parts: Sequence[Heard]) -> Heard:
    """One long utterance out of its parts; readings of parts are no readings of the whole."""
    if len(parts) == 1:
        return parts[0]
    words = tuple(word for part in parts for word in part.words)
    text = " ".join(part.text for part in parts if part.text)
    return Heard(text, words, (), _mean(words))


def later(said: Heard, seconds: float) -> Heard:
    """The same with its words so much later."""
    if not seconds:
        return said
    words = tuple(
        replace(word, start_s=word.start_s + seconds, end_s=word.end_s + seconds)
        for word in said.words
    )
    return replace(said, words=words)


def _probabilities(readings: Sequence[_Reading]) -> list[float]:
    best = max(reading.confidence for reading in readings)
    shares = [math.exp(reading.confidence - best) for reading in readings]
    total = sum(shares)
    return [share / total for share in shares]


def _confidences(readings: Sequence[list[str]], probabilities: Sequence[float]) -> list[float]:
    """For each word of the first reading, the probability of all readings that have it there."""
    best = readings[0]
    sure = [0.0] * len(best)
    for reading, probability in zip(readings, probabilities, strict=True):
        for block in SequenceMatcher(None, best, reading, autojunk=False).get_matching_blocks():
            for place in range(block.a, block.a + block.size):
                sure[place] += probability
    return [min(1.0, value) for value in sure]


def _mean(words: Sequence[Word]) -> float:
    if not words:
        return 0.0
    return round(sum(w.confidence for w in words if w.text != UNKNOWN) / len(words), 3)
