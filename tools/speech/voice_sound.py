"""Speech as a row of parameters, 200 a second: what the demo voice learns to say.

A frame is the smoothed power spectrum, how noisy each part of it is, the pitch, and whether there
is one.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

RATE_HZ = 16_000
HOP = RATE_HZ // 200
"""Samples between frames: 5 ms."""
LOWEST_HZ, HIGHEST_HZ = 60.0, 7600.0
"""Of the envelope."""
POINTS = 40
"""At which the envelope is told, evenly on the mel scale."""
NOISE_HZ = np.array([500.0, 1500.0, 2750.0, 4500.0, 6750.0])
"""Middles of the bands in which noise is told."""
WIDTH = POINTS + len(NOISE_HZ) + 2
"""Parameters of a frame: envelope, noise, pitch, voicing."""

_EDGE = 200.0  # width in hertz of a band's edges: steep ones ring
_NOISE_BANDS = ((-_EDGE, 1000), (1000, 2000), (2000, 3500), (3500, 5500), (5500, 8000))
_FLOOR = 1.0  # power of silence, on the scale of 16 bit samples
_WINDOW = 640  # of the pitch: 40 ms
_HIGHEST_PITCH, _LOWEST_PITCH = 320, 60
_VOICED, _AUDIBLE = 0.55, 15.0  # correlation and amplitude of a voiced frame
_SLOWER = 0.02  # a longer period must be so much better: against octave errors
_COARSER = 4  # rate at which the pitch is looked for
_FFT = 512


def mel(hertz: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """The mel scale of O'Shaughnessy (1987)."""
    return 1127.0 * np.log1p(np.asarray(hertz, np.float64) / 700.0)


POINT_MELS = np.linspace(mel(LOWEST_HZ), mel(HIGHEST_HZ), POINTS)
POINT_HZ = 700.0 * np.expm1(POINT_MELS / 1127.0)
"""Where the envelope is told."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """Of some speech, frame by frame."""

    envelope: Floats
    """(frames, POINTS): natural logarithm of the power density; white noise has its variance."""
    noise: Floats
    """(frames, 5): the part of each band's power that is noise, 0 to 1."""
    pitch_hz: Floats
    """(frames,): 0 where there is none."""

    def matrix(self) -> Floats:
        """(frames, WIDTH): what the net learns. Pitch is a logarithm and goes on through gaps."""
        voiced = self.pitch_hz > 0
        places = np.flatnonzero(voiced)
        known = self.pitch_hz[places] if len(places) else np.array([100.0])
        pitch = np.interp(np.arange(len(voiced)), places if len(places) else [0], np.log(known))
        columns = (self.envelope, self.noise, pitch[:, None], voiced[:, None])
        return np.concatenate(columns, 1).astype(np.float32)


def analyse(samples: Floats) -> Parameters:
    """The parameters of speech at `RATE_HZ`, on the scale of 16 bits; frame t is at 5 t ms."""
    frames = len(samples) // HOP
    pitch = _pitch(samples, frames)
    return Parameters(_envelope(samples, pitch), _noise(samples, pitch), pitch)


def _pitch(samples: Floats, frames: int) -> Floats:
    """From the peak of the normalised autocorrelation of what is below 1 kHz, at 4 kHz."""
    rate, hop, window = RATE_HZ // _COARSER, HOP // _COARSER, _WINDOW // _COARSER
    shortest, longest = rate // _HIGHEST_PITCH, rate // _LOWEST_PITCH
    width = window + longest + 2
    low = _band(np.pad(samples, _WINDOW), -_EDGE, rate // 4, coarser=_COARSER)
    low = np.pad(low[window // 2 :], (0, width + hop))
    long = np.lib.stride_tricks.sliding_window_view(low, width)[: frames * hop : hop]
    short = long[:, :window] - long[:, :window].mean(1, keepdims=True)
    spectra = np.conj(np.fft.rfft(short, 256)) * np.fft.rfft(long, 256)  # > width: none wraps
    products = np.fft.irfft(spectra)[:, : longest + 2]
    sums = np.cumsum(np.pad(long, ((0, 0), (1, 0))).astype(np.float64) ** 2, 1)
    energy = (short.astype(np.float64) ** 2).sum(1)
    later = sums[:, window : window + longest + 2] - sums[:, : longest + 2]
    correlation = products / np.sqrt(energy[:, None] * later + 1e-3)
    lags = np.arange(shortest, longest)
    best = (correlation[:, lags] - _SLOWER * (lags - shortest) / len(lags)).argmax(1) + shortest
    rows = np.arange(frames)
    left, peak, right = (correlation[rows, best + step] for step in (-1, 0, 1))
    between = np.clip(0.5 * (left - right) / (left - 2 * peak + right - 1e-9), -0.5, 0.5)
    voiced = (peak > _VOICED) & (np.sqrt(energy / window) > _AUDIBLE)
    return np.where(voiced, rate / (best + between), 0.0).astype(np.float32)


def _envelope(samples: Floats, pitch: Floats) -> Floats:
    """Power in a window of three periods, averaged over the distance between two harmonics."""
    reach = _FFT // 2 - 1
    pitch = np.where(pitch > 0, pitch, 200.0)
    spacing = pitch[:, None]
    window = _windows(reach)[np.minimum(np.round(1.5 * RATE_HZ / pitch), reach).astype(np.int64)]
    padded = np.pad(samples, (reach, reach + HOP))
    views = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    spectra = np.fft.rfft(views[: len(pitch) * HOP : HOP] * window, _FFT)
    power = spectra.real**2 + spectra.imag**2
    mirrored = np.concatenate([np.zeros((len(pitch), 1)), power, power[:, -2:-20:-1]], 1)
    sums = np.cumsum(mirrored, 1)
    step = RATE_HZ / _FFT
    low = np.maximum(POINT_HZ / step - spacing / step / 2 + 0.5, 0.0)
    high = POINT_HZ / step + spacing / step / 2 + 0.5
    mean = (_between(sums, high) - _between(sums, low)) / (high - low)
    return np.log(np.maximum(mean, _FLOOR)).astype(np.float32)


@cache
def _windows(reach: int) -> Floats:
    """Hann windows of energy 1 by half of their length, which is `reach` at most."""
    halves, offsets = np.arange(reach + 1)[:, None], np.arange(-reach, reach + 1)
    shape = 0.5 + 0.5 * np.cos(np.pi * offsets / np.maximum(halves, 1))
    windows = np.where(np.abs(offsets) <= halves, shape, 0.0)
    windows /= np.sqrt((windows**2).sum(1, keepdims=True))
    return np.asarray(windows, np.float32)


def _between(table: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each row of the table at broken places."""
    left = np.clip(places.astype(np.int64), 0, table.shape[1] - 2)
    at = np.take_along_axis(table, left, 1)
    step: NDArray[np.float64] = np.take_along_axis(table, left + 1, 1) - at
    return at + (places - left) * step


def _noise(samples: Floats, pitch: Floats) -> Floats:
    """How little a period resembles the next one, in each band."""
    width, frames = 400, len(pitch)
    voiced = pitch > 0
    pitch = pitch[::2]  # it changes slowly: every other frame will do
    period = np.where(pitch > 0, np.round(RATE_HZ / np.maximum(pitch, 1.0)), HOP).astype(np.int64)
    starts = width + np.arange(len(pitch)) * 2 * HOP - width // 2 - period // 2
    places = starts[:, None] + np.arange(width)
    noise = np.ones((len(pitch), len(_NOISE_BANDS)), np.float32)
    for column, (low, high) in enumerate(_NOISE_BANDS):
        band = np.pad(_band(samples, low, high), (width, 2 * width))
        now, then = band[places], band[places + period[:, None]]
        scale = np.sqrt((now**2).sum(1) * (then**2).sum(1) + 1e-3)
        noise[:, column] = np.clip(1.0 - (now * then).sum(1) / scale, 0.01, 1.0)
    noise = np.repeat(noise, 2, axis=0)[:frames]
    noise[~voiced] = 1.0
    return noise


def _band(samples: Floats, low: float, high: float, coarser: int = 1) -> Floats:
    """What lies between two frequencies, at a rate so many times lower."""
    size = _fast(len(samples) + 4 * HOP)
    spectrum = np.fft.rfft(samples, size)
    hertz = np.fft.rfftfreq(size, 1 / RATE_HZ)
    rising, falling = ((distance / _EDGE + 0.5) for distance in (hertz - low, high - hertz))
    kept = spectrum * np.clip(rising, 0, 1) * np.clip(falling, 0, 1)
    kept = kept[: size // coarser // 2 + 1] / coarser
    return np.fft.irfft(kept, size // coarser)[: len(samples) // coarser].astype(np.float32)


def _fast(length: int) -> int:
    """A length not shorter that the FFT likes: a multiple of 4096."""
    return -(-length // 4096) * 4096
