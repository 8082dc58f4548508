"""What the demo voice learns from: sentences of the telephone line, spoken by espeak-ng."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray
from piper.phonemize_espeak import EspeakPhonemizer

from frontline.espeak import Espeak
from tools.speech.voice_alignment import boundaries
from tools.speech.voice_context import BEGIN, END, PAD, clauses, places, slots
from tools.speech.voice_sound import HOP, RATE_HZ, analyse

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
Sentence = tuple[str, ...]

RATE = 165
"""Words per minute."""
LONGEST = 11
"""Words of a sentence; longer ones are rare in what the bot says."""
HEAD_S, TAIL_S = 0.02, 0.25
"""Silence around a sentence, to be learnt; espeak-ng begins and stops with a sound."""
COMMAS = 0.15
"""Behind so many words: digits are read with a pause after each."""
_CANDIDATES = 40


@dataclass(frozen=True, slots=True)
class Lesson:
    """A sentence, symbol by symbol and frame by frame."""

    symbols: tuple[str, ...]
    """Piper's phonemes, with the begin and the end."""
    durations: Integers
    """Frames of each symbol."""
    parameters: Floats
    """(frames, WIDTH)"""


@dataclass(frozen=True, slots=True)
class Lessons:
    """All sentences together, as the nets take them."""

    ids: dict[str, int]
    """The number of each symbol that was heard."""
    contexts: Integers
    """(symbols, SLOTS)"""
    durations: Integers
    """(symbols,) in frames."""
    symbol: Integers
    """(frames,): the row in `contexts`."""
    place: Floats
    """(frames, PLACE_FEATURES)"""
    parameters: Floats
    """(frames, WIDTH)"""


def chosen(pool: Sequence[Sentence], count: int, seed: int) -> list[str]:
    """Sentences that show many different rows of letters, with punctuation.

    Args:
        pool: spoken words, lower case.
        count: how many to take; fewer if the pool is small.
        seed: of the choice.
    """
    dice = random.Random(seed)  # noqa: S311  made-up data
    left = sorted({words[:LONGEST] for words in pool if words})
    dice.shuffle(left)
    seen: set[str] = set()
    texts: list[str] = []

    def news(words: Sentence) -> float:
        rows = _rows(words)
        return len(rows - seen) / (len(rows) + 10)  # ten: neither very short ones only

    while left and len(texts) < count:
        best = max(range(max(0, len(left) - _CANDIDATES), len(left)), key=lambda at: news(left[at]))
        left[best], left[-1] = left[-1], left[best]
        words = left.pop()
        seen |= _rows(words)
        texts.append(_punctuated(words, dice))
        if len(texts) % 20 == 0:
            dice.shuffle(left)
    return texts


def _rows(words: Sentence) -> set[str]:
    text = f"^{' '.join(words)}."
    return {text[place : place + 3] for place in range(len(text) - 2)}


def _punctuated(words: Sentence, dice: random.Random) -> str:
    said = list(words)
    said[0] = said[0].capitalize()
    for place in range(len(said) - 1):
        if dice.random() < COMMAS:
            said[place] += dice.choice(",,,:")
    return " ".join(said) + dice.choice("....?!")


def speak(
    texts: Sequence[str], language: str, voice: str, report: Callable[[float], None]
) -> Iterator[Lesson]:
    """Let espeak-ng say the texts.

    Args:
        texts: of one sentence each; those that Piper divides otherwise are left out.
        language: of Piper's phonemes, as espeak-ng calls it.
        voice: the teacher.
        report: told the part that is done.
    """
    espeak, phonemizer = Espeak(), EspeakPhonemizer()
    for number, text in enumerate(texts):
        report(number / len(texts))
        phonemes = phonemizer.phonemize(language, text)
        spoken = espeak.speak(text, voice, rate=RATE)
        times = boundaries(phonemes[0], spoken) if len(phonemes) == 1 else None
        if times is not None:
            yield _lesson(phonemes[0], times, spoken.samples, spoken.rate_hz)


def _lesson(
    phonemes: Sequence[str], times: NDArray[np.float64], samples: NDArray[np.int16], rate_hz: int
) -> Lesson:
    around = int(HEAD_S * RATE_HZ), int(TAIL_S * RATE_HZ)
    sound = np.pad(soxr.resample(samples.astype(np.float32), rate_hz, RATE_HZ), around)
    parameters = analyse(sound).matrix()
    ends = np.minimum(np.round((times + HEAD_S) * RATE_HZ / HOP).astype(np.int64), len(parameters))
    durations = np.diff(np.concatenate([[0], ends, [len(parameters)]]))
    return Lesson((BEGIN, *phonemes, END), durations, parameters)


def gather(lessons: Sequence[Lesson]) -> Lessons:
    """Put lessons together and number their symbols."""
    heard = sorted({symbol for lesson in lessons for symbol in lesson.symbols} - {BEGIN, END})
    ids = {symbol: number for number, symbol in enumerate((PAD, BEGIN, END, *heard))}
    contexts, frames, where = [], [], []
    offset = 0
    for lesson in lessons:
        contexts.append(slots(lesson.symbols, ids))
        symbol, place = places(lesson.durations, clauses(lesson.symbols))
        frames.append(symbol + offset)
        where.append(place)
        offset += len(lesson.symbols)
    parameters = np.concatenate([lesson.parameters for lesson in lessons])
    return Lessons(
        ids,
        np.concatenate(contexts),
        np.concatenate([lesson.durations for lesson in lessons]),
        np.concatenate(frames),
        np.concatenate(where),
        parameters,
    )
