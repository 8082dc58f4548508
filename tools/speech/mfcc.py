"""Kaldi's MFCC in numpy, split where the demo models' training puts a telephone line in between."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

RATE_HZ = 16_000
SHIFT = RATE_HZ // 100
"""Samples between frames: 10 ms."""
WINDOW = RATE_HZ // 40
"""Samples in a frame: 25 ms."""
BINS = 40
"""Mel bins, and cepstra."""
LOW_HZ, HIGH_HZ = 20.0, 7600.0
_FFT = 512
_PREEMPHASIS = 0.97
_LIFTER = 22.0
_FLOOR = np.finfo(np.float32).eps

CONFIGURATION = f"""--use-energy=false
--dither=0
--sample-frequency={RATE_HZ}
--num-mel-bins={BINS}
--num-ceps={BINS}
--low-freq={LOW_HZ:g}
--high-freq={HIGH_HZ:g}
"""
"""`conf/mfcc.conf` that makes Kaldi compute the same. No dither: hearing is repeatable."""


def frames_in(samples: int) -> int:
    """How many whole frames there are (Kaldi's `snip-edges=true`)."""
    return 0 if samples < WINDOW else 1 + (samples - WINDOW) // SHIFT


def power_spectra(samples: NDArray[np.int16] | Floats) -> Floats:
    """Power of each FFT bin in each frame.

    Args:
        samples: 16 kHz, on the scale of 16 bit integers, as Kaldi takes them.

    Returns:
        (frames, 257); without DC, pre-emphasised, Povey's window.
    """
    sound = np.ascontiguousarray(samples, np.float32)
    count = frames_in(len(sound))
    if not count:
        return np.zeros((0, _FFT // 2 + 1), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[::SHIFT]
    frames = frames - frames.mean(1, keepdims=True)
    emphasised = np.empty((count, _FFT), np.float32)
    emphasised[:, 0] = frames[:, 0] * np.float32(1 - _PREEMPHASIS)
    emphasised[:, 1:WINDOW] = frames[:, 1:] - np.float32(_PREEMPHASIS) * frames[:, :-1]
    emphasised[:, :WINDOW] *= _WINDOW
    emphasised[:, WINDOW:] = 0
    spectra = np.fft.rfft(emphasised)
    return np.asarray(spectra.real**2 + spectra.imag**2, np.float32)


def mel_energies(power: Floats) -> Floats:
    """Power in each mel bin: (frames, 40)."""
    energies: Floats = power @ MEL.T
    return energies


def cepstra(energies: Floats) -> Floats:
    """Cepstra of mel energies: (frames, 40), liftered."""
    logs: Floats = np.log(np.maximum(energies, _FLOOR)) @ _COSINES.T
    return logs


def mfcc(samples: NDArray[np.int16] | Floats) -> Floats:
    """What Kaldi computes with `CONFIGURATION`: (frames, 40).

    Source: Kaldi, feat/feature-mfcc.cc and feat/mel-computations.cc.
    """
    return cepstra(mel_energies(power_spectra(samples)))


def mel(hertz: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Kaldi's mel scale."""
    return 1127.0 * np.log(1.0 + np.asarray(hertz, np.float64) / 700.0)


def _mel_filters() -> Floats:
    low, high = mel(LOW_HZ), mel(HIGH_HZ)
    width = (high - low) / (BINS + 1)
    places = mel(np.arange(_FFT // 2) * RATE_HZ / _FFT)
    left = low + np.arange(BINS)[:, None] * width
    rising, falling = (places - left) / width, (left + 2 * width - places) / width
    filters = np.zeros((BINS, _FFT // 2 + 1), np.float32)
    filters[:, :-1] = np.maximum(0.0, np.minimum(rising, falling))
    return filters


def _cosines() -> Floats:
    """The discrete cosine transform with the lifter folded in: (cepstra, mel bins)."""
    order, place = np.arange(BINS)[:, None], np.arange(BINS)[None]
    matrix = np.sqrt(2.0 / BINS) * np.cos(np.pi / BINS * (place + 0.5) * order)
    matrix[0] = np.sqrt(1.0 / BINS)
    matrix *= 1.0 + 0.5 * _LIFTER * np.sin(np.pi * order / _LIFTER)
    return np.asarray(matrix, np.float32)


_hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / (WINDOW - 1))
_WINDOW = (_hann**0.85).astype(np.float32)
MEL = _mel_filters()
"""(mel bins, FFT bins)."""
_COSINES = _cosines()
