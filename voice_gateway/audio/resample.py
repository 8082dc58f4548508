"""Sample rates: whole sounds by soxr, the two rates of telephony by a filter without delay.

Measured with 20 ms frames (docs/decisions/0012-voice-activity.md): soxr's streams hand sound on
29 to 105 ms late, its variable-rate engine 15 to 30 ms, because they work in blocks. A half-band
filter of 47 taps is 1.4 ms late. Between 8 and 16 kHz every other of its taps is zero and nothing
else is needed; other rates, of browsers, take soxr's variable-rate engine.
"""

from typing import Protocol

import numpy as np
import soxr
from numpy.typing import NDArray

from frontline.errors import RefusedError

_TAPS = 47
_BETA = 5.65
"""Kaiser window: 60 dB between the pass band, to 3.4 kHz, and the stop band, from 4.6 kHz."""
LOWEST_HZ, HIGHEST_HZ = 8_000, 192_000


class Resampler(Protocol):
    """Brings one direction of one call to another rate."""

    def convert(self, pcm: bytes) -> bytes:
        """The next samples, 16-bit little-endian mono, at the other rate.

        The sound may be cut anywhere between two samples; over time nothing is lost.
        """
        ...


def resampler(from_hz: int, to_hz: int) -> Resampler:
    """A converter for one direction of one call.

    Raises:
        RefusedError: a rate below 8 kHz or above 192 kHz.
    """
    for rate in (from_hz, to_hz):
        if not LOWEST_HZ <= rate <= HIGHEST_HZ:
            raise RefusedError(f"{rate} samples per second are no rate of speech")
    if from_hz == to_hz:
        return _Same()
    if to_hz == 2 * from_hz:
        return _Doubler()
    if from_hz == 2 * to_hz:
        return _Halver()
    return _Soxr(from_hz, to_hz)


def resample(samples: NDArray[np.float32], from_hz: int, to_hz: int) -> NDArray[np.float32]:
    """A whole sound at another rate; full scale is 1."""
    if from_hz == to_hz:
        return samples
    return np.asarray(soxr.resample(samples, from_hz, to_hz, "HQ"), np.float32)


def _half_band() -> NDArray[np.float32]:
    """Low-pass at a quarter of the rate; its gain is 1, every other tap but the middle one is 0."""
    places = np.arange(_TAPS) - _TAPS // 2
    taps = np.sinc(places / 2) * np.kaiser(_TAPS, _BETA)
    return np.asarray(taps / taps.sum(), np.float32)


_FILTER = _half_band()


class _Same:
    def convert(self, pcm: bytes) -> bytes:
        return pcm


class _Doubler:
    """8 to 16 kHz: zeros between the samples, then the filter."""

    def __init__(self) -> None:
        self._past = np.zeros(_TAPS - 1, np.float32)

    def convert(self, pcm: bytes) -> bytes:
        samples = np.frombuffer(pcm, "<i2")
        if not samples.size:
            return b""
        spread = np.zeros(2 * samples.size, np.float32)
        spread[::2] = samples
        sound = np.concatenate((self._past, spread))
        self._past = sound[1 - _TAPS :]
        return _pcm(2 * np.convolve(sound, _FILTER, "valid"))


class _Halver:
    """16 to 8 kHz: the filter, then every other sample."""

    def __init__(self) -> None:
        self._past = np.zeros(_TAPS - 1, np.float32)
        self._skip = 0
        """1 when the next sample is one that falls out."""

    def convert(self, pcm: bytes) -> bytes:
        samples = np.frombuffer(pcm, "<i2")
        if not samples.size:
            return b""
        sound = np.concatenate((self._past, samples.astype(np.float32)))
        self._past = sound[1 - _TAPS :]
        kept = np.convolve(sound, _FILTER, "valid")[self._skip :: 2]
        self._skip = (self._skip + samples.size) % 2
        return _pcm(kept)


class _Soxr:
    def __init__(self, from_hz: int, to_hz: int) -> None:
        self._stream = soxr.ResampleStream(from_hz, to_hz, 1, dtype="float32", vr=True)

    def convert(self, pcm: bytes) -> bytes:
        samples = np.frombuffer(pcm, "<i2").astype(np.float32)
        return _pcm(self._stream.resample_chunk(samples)) if samples.size else b""


def _pcm(samples: NDArray[np.float32]) -> bytes:
    return np.clip(np.rint(samples), -32768, 32767).astype("<i2").tobytes()
