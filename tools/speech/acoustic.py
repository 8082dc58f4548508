"""A small network that tells phones apart, trained on what espeak-ng says over made-up lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import soxr
from numpy.typing import NDArray

from frontline.espeak import Utterance
from tools.speech.channel import Dice, Lines, Speech, line_by_chance
from tools.speech.graph import SILENCE
from tools.speech.kaldi import Layer
from tools.speech.lexicon import merged
from tools.speech.mfcc import BINS, RATE_HZ, SHIFT, WINDOW, Floats, cepstra

CONTEXT = 9
"""Frames to each side that the network sees: 190 ms in all."""
CEPSTRA, MOVEMENTS = 24, 9
"""What it learns from: so many cepstra, and so many cosines over time of each."""
SUBSAMPLING = 3
"""The decoder asks for every third frame."""
SHORTEST_S = 0.036
"""A phone lasts at least a frame of the decoder; what lacks is taken from its neighbours."""
SMOOTHING = 0.01
FLOOR, SCALE = 0.005, 0.7
"""Of priors. Without these rare phones would win in silence."""

Progress = Callable[[float], None]
Timed = Sequence[tuple[str, float]]
"""Phones and the seconds at which they begin."""


class Plan(NamedTuple):
    """How much is trained."""

    utterances: int
    lines: int
    """Over how many lines each utterance is heard."""
    epochs: int
    hidden: tuple[int, ...]
    batch: int = 512
    rate: float = 2e-3
    last_rate: float = 2e-5


@dataclass(slots=True)
class Examples:
    """What the network learns from."""

    inputs: NDArray[np.float16]
    """(frames, CEPSTRA * MOVEMENTS)."""
    outputs: NDArray[np.int16]
    """Number of the phone, 0 = silence."""
    phones: list[str]
    """Names of the outputs from 1 on."""


def movements() -> NDArray[np.float64]:
    """How cepstra move in time: (MOVEMENTS, frames of context), orthonormal cosines."""
    frames = 2 * CONTEXT + 1
    place, order = np.arange(frames)[None], np.arange(MOVEMENTS)[:, None]
    cosines = np.cos(np.pi / frames * (place + 0.5) * order) * np.sqrt(2 / frames)
    cosines[0] /= np.sqrt(2)
    return np.asarray(cosines)


def projection() -> NDArray[np.float64]:
    """From all cepstra of all frames of the context to the network's inputs."""
    matrix = np.einsum("mt,cd->cmtd", movements(), np.eye(BINS)[:CEPSTRA])
    return np.asarray(matrix.reshape(CEPSTRA * MOVEMENTS, (2 * CONTEXT + 1) * BINS))


def seen(features: Floats, frames: NDArray[np.int64]) -> Floats:
    """The network's inputs at some frames."""
    padded = np.pad(features[:, :CEPSTRA], ((CONTEXT, CONTEXT), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * CONTEXT + 1, axis=0)[frames]
    inputs: Floats = (windows @ _MOVEMENTS.T).reshape(len(frames), -1)
    return inputs


_MOVEMENTS = movements().astype(np.float32)


class Collector:
    """Turns utterances into examples."""

    def __init__(self, dice: Dice, lines: int) -> None:
        self._dice = dice
        self._lines = Lines(dice)
        self._copies = lines
        self._inputs: list[NDArray[np.float16]] = []
        self._outputs: list[NDArray[np.int16]] = []
        self._numbers = {SILENCE: 0}

    def add(self, said: Utterance) -> None:
        """An utterance, faster or slower by up to a tenth, over some lines."""
        dice = self._dice
        warp = dice.uniform(0.9, 1.1)
        sound = soxr.resample(said.samples.astype(np.float32), said.rate_hz, RATE_HZ * warp)
        before, after = (int(RATE_HZ * dice.uniform(0.1, 0.6)) for _ in range(2))
        speech = Speech.of(np.pad(sound, (before, after)))
        start_s = before / RATE_HZ
        phones = [(name, start_s + warp * at / said.rate_hz) for name, at in merged(said.phones)]
        for name, _ in phones:
            self._numbers.setdefault(name, len(self._numbers))
        labels = self._labels(phones, len(speech.power))
        for _ in range(self._copies):
            features = cepstra(self._lines.energies(speech, line_by_chance(dice)))
            frames = np.arange(int(dice.integers(SUBSAMPLING)), len(features), SUBSAMPLING)
            self._inputs.append(seen(features, frames).astype(np.float16))
            self._outputs.append(labels[frames])

    def _labels(self, phones: Timed, frames: int) -> NDArray[np.int16]:
        end_s = (frames * SHIFT + WINDOW / 2) / RATE_HZ
        begins = stretched([at for _, at in phones], end_s)
        labels = np.zeros(frames, np.int16)
        first = [max(0, int(np.ceil((at * RATE_HZ - WINDOW / 2) / SHIFT))) for at in begins]
        for (name, _), here, there in zip(phones, first, [*first[1:], frames], strict=True):
            labels[here:there] = self._numbers[name]
        return labels

    @property
    def phones(self) -> list[str]:
        """Those that were heard, without silence."""
        return list(self._numbers)[1:]

    def examples(self) -> Examples:
        """All of them."""
        return Examples(np.concatenate(self._inputs), np.concatenate(self._outputs), self.phones)


def stretched(begins: Sequence[float], end_s: float) -> list[float]:
    """Begins of phones, none of which is shorter than `SHORTEST_S` if its neighbours have time."""
    edges = [*begins, end_s]
    for k in range(1, len(edges) - 2):
        lacking = SHORTEST_S - (edges[k + 1] - edges[k])
        if lacking > 0:
            left, right = edges[k] - edges[k - 1], edges[k + 2] - edges[k + 1]
            from_right = lacking * right / (left + right + 1e-6)
            edges[k + 1] += from_right
            edges[k] -= lacking - from_right
    return edges[:-1]


class Network:
    """Rectified layers and a softmax, trained by Adam."""

    def __init__(self, sizes: Sequence[int], dice: Dice) -> None:
        self.weights = [
            (dice.standard_normal((n, m)) * np.sqrt(2.0 / m)).astype(np.float32)
            for m, n in pairwise(sizes)
        ]
        self.weights[-1] *= 0.3
        self.biases = [np.zeros(n, np.float32) for n in sizes[1:]]
        self._moments = [np.zeros_like(p) for p in self._parameters]
        self._squares = [np.zeros_like(p) for p in self._parameters]
        self._steps = 0

    @property
    def _parameters(self) -> list[Floats]:
        return [*self.weights, *self.biases]

    def activations(self, inputs: Floats) -> list[Floats]:
        """The inputs, what each layer says, and at the end log probabilities."""
        values = [inputs]
        for k, (weights, biases) in enumerate(zip(self.weights, self.biases, strict=True)):
            value = values[-1] @ weights.T
            value += biases
            if k + 1 < len(self.weights):
                np.maximum(value, 0, out=value)
            values.append(value)
        last = values[-1]
        last -= last.max(1, keepdims=True)
        last -= np.log(np.exp(last).sum(1, keepdims=True))
        return values

    def step(self, inputs: Floats, outputs: NDArray[np.int16], rate: float) -> float:
        """Learn from a batch; returns the share of frames that were told right before."""
        values = self.activations(inputs)
        rows, right = np.arange(len(outputs)), outputs
        told = float((values[-1].argmax(1) == outputs).mean())
        error = np.exp(values[-1])
        error -= SMOOTHING / error.shape[1]
        error[rows, right] -= 1 - SMOOTHING
        error /= len(outputs)
        weights: list[Floats] = []
        biases: list[Floats] = []
        for k in reversed(range(len(self.weights))):
            weights.append(error.T @ values[k])
            biases.append(error.sum(0))
            if k:
                error = error @ self.weights[k]
                error *= values[k] > 0
        self._descend([*reversed(weights), *reversed(biases)], rate)
        return told

    def _descend(self, gradients: Sequence[Floats], rate: float) -> None:
        """Adam (Kingma and Ba, 2015)."""
        self._steps += 1
        rate *= float(np.sqrt(1 - 0.999**self._steps) / (1 - 0.9**self._steps))
        moving = zip(self._parameters, gradients, self._moments, self._squares, strict=True)
        for parameter, gradient, moment, square in moving:
            moment += 0.1 * (gradient - moment)
            square += 0.001 * (gradient * gradient - square)
            parameter -= rate * moment / (np.sqrt(square) + 1e-7)


@dataclass(frozen=True, slots=True)
class Acoustic:
    """A trained network, ready to be written."""

    layers: list[Layer]
    """The first one takes all cepstra of all frames of the context, as Kaldi has them."""
    priors: NDArray[np.float64]
    phones: list[str]
    right: float
    """Share of frames told right at the end of training."""


def train(examples: Examples, plan: Plan, dice: Dice, progress: Progress) -> Acoustic:
    """Train a network; `progress` is told the share that is done."""
    inputs, outputs = examples.inputs, examples.outputs
    sample = inputs[:: max(1, len(inputs) // 50_000)].astype(np.float32)
    mean, spread = sample.mean(0), sample.std(0) + 1e-3
    network = Network([inputs.shape[1], *plan.hidden, len(examples.phones) + 1], dice)
    batches = len(inputs) // plan.batch
    total = plan.epochs * batches
    right = 0.0
    for epoch in range(plan.epochs):
        order = dice.permutation(len(inputs))[: batches * plan.batch].reshape(batches, plan.batch)
        right = 0.0
        for k, rows in enumerate(order):
            done = (epoch * batches + k) / total
            rate = plan.rate * (plan.last_rate / plan.rate) ** done
            batch = (inputs[rows].astype(np.float32) - mean) / spread
            right += network.step(batch, outputs[rows], rate) / batches
            if k % 50 == 0:
                progress(done)
    counts = np.bincount(outputs, minlength=len(examples.phones) + 1) + 1.0
    priors = np.maximum(counts / counts.sum(), FLOOR) ** SCALE
    layers = [
        (w.astype(np.float64), b.astype(np.float64))
        for w, b in zip(network.weights, network.biases, strict=True)
    ]
    weights, biases = layers[0]
    weights = weights / spread
    layers[0] = weights @ projection(), biases - weights @ mean.astype(np.float64)
    return Acoustic(layers, priors, examples.phones, right)
