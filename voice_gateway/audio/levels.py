"""How loud sound is, and speech brought to one loudness."""

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

TARGET_DBFS = -20.0
"""Mean level of the voiced parts of what we say; leaves 20 dB for the peaks of speech."""
CEILING = 0.89
"""No sample is louder: 1 dB below full scale, for codecs overshoot."""
KNEE = 0.6
"""From here on peaks are bent, not cut."""
MOST_GAIN = 10.0
"""Hiss is not blown up to speech."""
SILENCE_DBFS = -96.0
ACTIVE_DB = -30.0
"""Frames so far below the loudest one are pauses."""

_FRAME_S = 0.02


def dbfs(pcm: bytes) -> float:
    """Mean level of 16-bit sound against full scale; `SILENCE_DBFS` for silence and nothing."""
    samples = np.frombuffer(pcm, "<i2")
    if not samples.size:
        return SILENCE_DBFS
    mean_square = float(np.mean(np.square(samples, dtype=np.float64))) / 32768.0**2
    return max(SILENCE_DBFS, 10.0 * math.log10(mean_square)) if mean_square else SILENCE_DBFS


def levelled(speech: Floats, rate_hz: int) -> Floats:
    """Speech at `TARGET_DBFS`, its peaks below `CEILING`.

    Args:
        speech: samples, full scale being 1; more is allowed.
        rate_hz: samples per second.
    """
    loudness = _active_rms(speech, rate_hz)
    if loudness <= 0.0:
        return np.zeros_like(speech)
    gain = min(10.0 ** (TARGET_DBFS / 20.0) / loudness, MOST_GAIN)
    loud = speech * np.float32(gain)
    size = np.abs(loud)
    room = CEILING - KNEE
    bent = KNEE + room * np.tanh((size - KNEE) / room)
    return np.where(size > KNEE, np.copysign(bent, loud), loud).astype(np.float32)


def _active_rms(speech: Floats, rate_hz: int) -> float:
    size = max(1, int(rate_hz * _FRAME_S))
    padded = np.pad(speech, (0, -len(speech) % size))
    energy = np.mean(np.square(padded.reshape(-1, size), dtype=np.float64), axis=1)
    if not energy.size or not energy.max() > 0.0:
        return 0.0
    active = energy[energy >= energy.max() * 10.0 ** (ACTIVE_DB / 10.0)]
    return float(np.sqrt(active.mean()))


def trimmed(speech: Floats, rate_hz: int, *, margin_s: float = 0.01) -> Floats:
    """Speech without the silence around it: a caller waits for its first sound.

    Args:
        speech: samples, full scale being 1.
        rate_hz: samples per second.
        margin_s: what stays on either side.
    """
    size = np.abs(speech)
    peak = float(size.max(initial=0.0))
    heard = np.flatnonzero(size > peak * 0.005)  # 46 dB below: fainter than a soft consonant
    if not heard.size:
        return speech[:0]
    margin = int(margin_s * rate_hz)
    return speech[max(0, int(heard[0]) - margin) : int(heard[-1]) + 1 + margin]


def to_pcm(speech: Floats) -> bytes:
    """16-bit little-endian samples; what is beyond full scale is cut."""
    return (np.clip(speech, -1.0, 1.0) * np.float32(32767.0)).astype("<i2").tobytes()
