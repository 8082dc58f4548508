"""Which symbol of Piper is spoken when: its phonemes beside the sounds that espeak-ng reports."""

import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from frontline.espeak import STRESS, Utterance
from tools.speech.voice_context import CLAUSE_MARKS

ENOUGH = 0.97
"""Of the sounds must be found; else the sentence is not learnt from."""
_SILENT = f" {CLAUSE_MARKS}"


def boundaries(symbols: Sequence[str], spoken: Utterance) -> NDArray[np.float64] | None:
    """When each symbol begins and the last one ends.

    Args:
        symbols: code points of one sentence, as Piper's phonemizer gives them.
        spoken: the same sentence.

    Returns:
        Seconds, one more than symbols, not falling; None if the two do not resemble each other.
    """
    names, spans = _sounds(spoken)
    found: dict[int, tuple[float, float]] = {}
    matcher = SequenceMatcher(None, list(symbols), names, autojunk=False)
    for here, there, length in matcher.get_matching_blocks():
        found |= {here + step: spans[there + step] for step in range(length)}
    if len(found) < ENOUGH * sum(symbol not in _SILENT for symbol in symbols):
        return None
    return _joined(symbols, found, spoken.duration_s)


def _sounds(spoken: Utterance) -> tuple[list[str], list[tuple[float, float]]]:
    """Code points and their time; those of one sound share it, signs of stress take none."""
    names: list[str] = []
    spans: list[tuple[float, float]] = []
    starts = [phone.start / spoken.rate_hz for phone in spoken.phones]
    ends = [*starts, spoken.duration_s][1:]
    for phone, start, end in zip(spoken.phones, starts, ends, strict=True):
        points = unicodedata.normalize("NFD", phone.ipa)
        sounding = max(1, sum(point not in STRESS for point in points))
        time, step = start, (end - start) / sounding
        for point in points:
            length = 0.0 if point in STRESS else step
            names.append(point)
            spans.append((time, time + length))
            time += length
    return names, spans


def _joined(
    symbols: Sequence[str], found: dict[int, tuple[float, float]], total: float
) -> NDArray[np.float64]:
    """Without gaps: what was not found has no length, but marks and spaces take a pause."""
    following = total
    pauses = np.zeros(len(symbols))
    for place in reversed(range(len(symbols))):
        pauses[place] = following
        following = found[place][0] if place in found else following
    times = [found[0][0] if 0 in found else 0.0]
    for place, symbol in enumerate(symbols):
        if place in found:
            end = found[place][1]
        else:
            end = pauses[place] if symbol in _SILENT else times[-1]
        times.append(max(times[-1], end))
    return np.array(times)
