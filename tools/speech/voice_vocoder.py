"""Parameters of speech -> sound, in ONNX operators.

Harmonics of equal strength and white noise are cut into overlapping windows, weighed against each
other and shaped by a filter of minimum phase, as a vocal tract is: spectra of windows are products
with constant matrices, so that a second of speech costs a few milliseconds and little memory.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tools.speech.onnx_file import DOUBLE, FLOAT, Graph
from tools.speech.voice_sound import (
    HIGHEST_HZ,
    HOP,
    LOWEST_HZ,
    NOISE_HZ,
    POINT_MELS,
    POINTS,
    RATE_HZ,
    mel,
)

Floats = NDArray[np.float32]

WINDOW = 2 * HOP
SIZE = 5 * HOP
"""Samples of a filtered window: 15 ms for the filter to ring."""
PEAK = 0.7
"""Louder samples are bent to less, as a loudspeaker does."""
BINS = SIZE // 2 + 1
LOWEST_PITCH, HIGHEST_PITCH = 60.0, 400.0
HARMONICS_HZ = 7000.0
"""No harmonics above it."""
NOISY_HZ = 5500.0
"""Only noise above it: pitch is not told so exactly."""
FADE = 4
"""Frames at either end that grow from and fall to silence."""
_NOISE_SAMPLES = 2 * RATE_HZ
_UNVOICED, _VOICED = 0.35, 0.65  # what the net says of a frame without, and with, a pitch
_NEAR_ZERO = 1e-4  # of a cycle: there the quotient of sines is its limit
_END = 2**60  # beyond the end of any axis


class Vocoder:
    """Adds the steps to a graph; all strings are names of values in it."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._do = graph.apply

    def sound(self, parameters: str) -> str:
        """Of (frames, WIDTH) parameters: samples, full scale 1."""
        columns = [0, POINTS, POINTS + len(NOISE_HZ), POINTS + len(NOISE_HZ) + 1, _END]
        envelope, noise, pitch, voicing = (
            self._part(parameters, start, end, axis=1) for start, end in pairwise(columns)
        )
        do, real = self._do, self._real
        voiced = do("Div", do("Sub", voicing, real(_UNVOICED)), real(_VOICED - _UNVOICED))
        voiced = do("Clip", voiced, real(0), real(1))
        hertz = do("Clip", do("Exp", pitch), real(LOWEST_PITCH), real(HIGHEST_PITCH))
        strength = do("Mul", voiced, self._harmonic_part(noise))
        harmonics = self._windows(self._harmonics(hertz))
        hiss = self._windows(self._hiss(hertz))
        loud = do("Sqrt", strength)
        soft = do("Sqrt", do("Sub", real(1), strength))
        real_part, imaginary_part = (
            do("Add", do("Mul", loud, first), do("Mul", soft, second))
            for first, second in zip(harmonics, hiss, strict=True)
        )
        sound = self._overlapped(self._filtered(real_part, imaginary_part, envelope))
        return do("Mul", do("Tanh", do("Div", sound, real(PEAK))), real(PEAK))

    def _harmonic_part(self, noise: str) -> str:
        """(frames, BINS): the part of the power that is not noise."""
        table = np.stack([np.interp(_hertz(), NOISE_HZ, row) for row in np.eye(len(NOISE_HZ))])
        hiss = self._do("MatMul", noise, self._constant(table))
        clipped = self._do("Clip", hiss, self._real(0), self._real(1))
        kept = self._constant((_hertz() < NOISY_HZ)[None])
        return self._do("Mul", self._do("Sub", self._real(1), clipped), kept)

    def _harmonics(self, hertz: str) -> str:
        """(samples,): cosines of all multiples of the pitch, as strong together as white noise.

        Their sum is a quotient of sines (Dirichlet's kernel).
        """
        do, real = self._do, self._real
        fine = self._smooth(hertz)
        cycles = do("Div", do("Cast", fine, to=DOUBLE), self._constant(RATE_HZ, np.float64))
        cycles = do("CumSum", cycles, self._constant(0, np.int64))  # a float would lose the phase
        phase = do("Cast", do("Sub", cycles, do("Round", cycles)), to=FLOAT)
        count = do("Floor", do("Div", real(HARMONICS_HZ), fine))
        odd = do("Add", do("Mul", count, real(2)), real(1))
        above = do("Sin", do("Mul", do("Mul", odd, phase), real(np.pi)))
        below = do("Sin", do("Mul", phase, real(np.pi)))
        near = do("Less", do("Abs", phase), real(_NEAR_ZERO))
        quotient = do("Where", near, odd, do("Div", above, do("Where", near, real(1), below)))
        strength = do("Sqrt", do("Div", fine, real(RATE_HZ)))
        return do("Mul", do("Sub", quotient, real(1)), strength)

    def _hiss(self, hertz: str) -> str:
        """(samples,): white noise of variance 1, always the same."""
        white = np.random.default_rng(7).standard_normal(_NOISE_SAMPLES)
        bank = self._do("Cast", self._constant(white, np.float16), to=FLOAT)
        zero, one = self._constant(0, np.int64), self._constant(1, np.int64)
        place = self._do("Range", zero, self._samples(hertz), one)
        place = self._do("Mod", place, self._constant(_NOISE_SAMPLES, np.int64))
        return self._do("Gather", bank, place)

    def _samples(self, rows: str) -> str:
        count = self._do("Gather", self._do("Shape", rows), self._constant(0, np.int64))
        return self._do("Mul", count, self._constant(HOP, np.int64))

    def _smooth(self, column: str) -> str:
        """(frames, 1) -> (samples,), in straight lines."""
        do = self._do
        later = do("Concat", self._part(column, 1, _END), self._part(column, -1, _END), axis=0)
        part = self._constant(np.arange(HOP)[None] / HOP)
        lines = do("Add", column, do("Mul", do("Sub", later, column), part))
        return do("Reshape", lines, self._constant([-1], np.int64))

    def _windows(self, samples: str) -> tuple[str, str]:
        """Spectra of windows around each frame: real and imaginary, (frames, BINS)."""
        do = self._do
        row = do("Reshape", samples, self._constant([-1, HOP], np.int64))
        before = do("Concat", self._constant(np.zeros((1, HOP))), self._part(row, 0, -1), axis=0)
        windows = do("Concat", before, row, axis=1)
        taper = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
        cosines, sines = self._waves(WINDOW, taper[:, None] * np.ones(BINS))
        return do("MatMul", windows, cosines), do("Neg", do("MatMul", windows, sines))

    def _filtered(self, real: str, imaginary: str, envelope: str) -> str:
        """(frames, SIZE): each window as the vocal tract rings."""
        do = self._do
        points = np.stack([np.interp(mel(_hertz()), POINT_MELS, row) for row in np.eye(POINTS)])
        logarithm = do("MatMul", envelope, self._constant(points / 2))  # of amplitudes
        phase = do("MatMul", envelope, self._constant(points / 2 @ _minimum_phase()))
        gain = do("Mul", do("Exp", logarithm), self._constant(_audible()[None] / 32768))
        gain = do("Mul", gain, self._fade(envelope))
        along, across = do("Mul", gain, do("Cos", phase)), do("Mul", gain, do("Sin", phase))
        turned = (
            do("Sub", do("Mul", real, along), do("Mul", imaginary, across)),
            do("Add", do("Mul", real, across), do("Mul", imaginary, along)),
        )
        weights = np.full(BINS, 2.0 / SIZE)
        weights[[0, -1]] = 1.0 / SIZE
        cosines, sines = self._waves(SIZE, np.ones((SIZE, 1)) * weights)
        waves = [do("Transpose", each, perm=[1, 0]) for each in (cosines, sines)]
        return do("Sub", do("MatMul", turned[0], waves[0]), do("MatMul", turned[1], waves[1]))

    def _fade(self, rows: str) -> str:
        """(frames, 1): 0 at both ends."""
        do, real = self._do, self._real
        count = do("Gather", do("Shape", rows), self._constant(0, np.int64))
        place = do("Cast", self._range(count), to=FLOAT)
        rest = do("Sub", do("Cast", do("Sub", count, self._constant(1, np.int64)), to=FLOAT), place)
        near = do("Min", do("Min", place, rest), real(FADE))
        return do("Unsqueeze", do("Div", near, real(FADE)), self._constant([1], np.int64))

    def _range(self, count: str) -> str:
        return self._do("Range", self._constant(0, np.int64), count, self._constant(1, np.int64))

    def _overlapped(self, windows: str) -> str:
        """Add windows up, each a hop behind the one before: samples."""
        do = self._do
        total = ""
        for step in range(SIZE // HOP):
            piece = self._part(windows, step * HOP, (step + 1) * HOP, axis=1)
            pads = self._constant([step, 0, SIZE // HOP - 1 - step, 0], np.int64)
            piece = do("Pad", piece, pads)
            total = do("Add", total, piece) if total else piece
        kept = self._part(self._part(total, 1, _END), 0, -(SIZE // HOP - 2))
        return do("Reshape", kept, self._constant([-1], np.int64))

    def _waves(self, length: int, scale: NDArray[np.float64]) -> tuple[str, str]:
        """Scaled cosines and sines of each bin: (length, BINS)."""
        turns = np.outer(np.arange(length), np.arange(BINS)) % SIZE * (2 * np.pi / SIZE)
        return self._constant(scale * np.cos(turns)), self._constant(scale * np.sin(turns))

    def _part(self, value: str, start: int, end: int, axis: int = 0) -> str:
        places = (self._constant([place], np.int64) for place in (start, end, axis))
        return self._do("Slice", value, *places)

    def _real(self, value: float) -> str:
        return self._constant(value)

    def _constant(self, value: object, dtype: type = np.float32) -> str:
        return self._graph.constant(np.asarray(value), dtype)


def _hertz() -> NDArray[np.float64]:
    """Of the bins."""
    return np.arange(BINS) * RATE_HZ / SIZE


def _audible() -> NDArray[np.float64]:
    """Nothing below and above the envelope: no DC."""
    low = np.clip((_hertz() - LOWEST_HZ / 2) / (LOWEST_HZ / 2), 0, 1)
    return low * np.clip((RATE_HZ / 2 - _hertz()) / (RATE_HZ / 2 - HIGHEST_HZ), 0, 1)


def _minimum_phase() -> NDArray[np.float64]:
    """(BINS, BINS): from logarithms of amplitudes to phases.

    The cepstrum of a minimum phase response is that of its amplitudes, folded onto positive times
    (Oppenheim and Schafer, Discrete-Time Signal Processing, 13.5).
    """
    cepstra = np.fft.irfft(np.eye(BINS), SIZE)
    cepstra[:, 1 : SIZE // 2] *= 2
    cepstra[:, SIZE // 2 + 1 :] = 0
    phases: NDArray[np.float64] = np.fft.rfft(cepstra, SIZE).imag
    return phases
