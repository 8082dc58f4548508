"""A small regression net in numpy: dense layers, ReLU between them, trained with Adam."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

_MOMENTUM, _MOMENTUM_OF_SQUARES, _TINY = 0.9, 0.999, 1e-7


class Net:
    """Layers of weights (inputs, outputs) and biases.

    Args:
        sizes: of the input, the hidden layers and the output.
        seed: of the weights at the beginning.
    """

    def __init__(self, sizes: tuple[int, ...], seed: int) -> None:
        dice = np.random.default_rng(seed)
        pairs = list(pairwise(sizes))
        self.weights: list[Floats] = [
            dice.standard_normal(pair, np.float32) * np.float32(np.sqrt(2 / pair[0]))
            for pair in pairs
        ]
        self.biases: list[Floats] = [np.zeros(outputs, np.float32) for _, outputs in pairs]

    def layers(self, inputs: Floats) -> list[Floats]:
        """The inputs, what each hidden layer makes of them, and the outputs."""
        values = [inputs]
        for number, (weights, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            value = values[-1] @ weights
            value += bias
            if number + 1 < len(self.weights):
                np.maximum(value, 0, out=value)
            values.append(value)
        return values

    def gradients(self, inputs: Floats, targets: Floats, weight: Floats) -> list[Floats]:
        """Of the weighted mean squared error: those of the weights, then those of the biases."""
        values = self.layers(inputs)
        slope = (values[-1] - targets) * (weight * np.float32(2 / len(targets)))
        weights: list[Floats] = []
        biases: list[Floats] = []
        for number in reversed(range(len(self.weights))):
            weights.insert(0, values[number].T @ slope)
            biases.insert(0, slope.sum(0))
            if number:
                slope = slope @ self.weights[number].T
                slope *= values[number] > 0
        return weights + biases


class Adam:
    """Kingma and Ba (2014), on all parameters of a net."""

    def __init__(self, net: Net) -> None:
        self._parameters = net.weights + net.biases
        self._means = [np.zeros_like(each) for each in self._parameters]
        self._squares = [np.zeros_like(each) for each in self._parameters]
        self._steps = 0

    def step(self, gradients: list[Floats], rate: float) -> None:
        """Move the parameters against their gradients."""
        self._steps += 1
        bias = np.sqrt(1 - _MOMENTUM_OF_SQUARES**self._steps) / (1 - _MOMENTUM**self._steps)
        scale = np.float32(rate * bias)
        states = zip(self._parameters, gradients, self._means, self._squares, strict=True)
        for parameter, gradient, mean, square in states:
            mean *= np.float32(_MOMENTUM)
            mean += np.float32(1 - _MOMENTUM) * gradient
            square *= np.float32(_MOMENTUM_OF_SQUARES)
            square += np.float32(1 - _MOMENTUM_OF_SQUARES) * gradient * gradient
            parameter -= scale * mean / (np.sqrt(square) + np.float32(_TINY))


def train(
    net: Net,
    inputs: Callable[[Rows], Floats],
    targets: Floats,
    *,
    epochs: int,
    batch: int,
    rates: tuple[float, float] = (1.5e-3, 2e-5),
    every: int = 1,
    weight: Floats | None = None,
    seed: int = 0,
    report: Callable[[float], None] = lambda part: None,
) -> float:
    """Teach the net.

    Args:
        net: is changed.
        inputs: makes the inputs of some rows.
        targets: of all rows.
        epochs: passes over the rows.
        batch: rows of a step.
        rates: of learning, at the beginning and at the end.
        every: a pass takes one of so many rows, with a start of its own.
        weight: of each target.
        seed: of the order of rows.
        report: told the part that is done, after each pass.

    Returns:
        The weighted mean squared error over the last rows seen.
    """
    dice = np.random.default_rng(seed)
    weight = np.ones(targets.shape[1], np.float32) if weight is None else weight
    adam = Adam(net)
    first, last = rates
    steps = max(1, epochs * (len(targets) // every // batch))
    done = 0
    rows = np.arange(0)
    for epoch in range(epochs):
        order = dice.permutation(np.arange(epoch % every, len(targets), every))
        for start in range(0, len(order) - batch + 1, batch):
            rows = order[start : start + batch]
            gradients = net.gradients(inputs(rows), targets[rows], weight)
            adam.step(gradients, first * (last / first) ** min(1.0, done / steps))
            done += 1
        report((epoch + 1) / epochs)
    error = net.layers(inputs(rows))[-1] - targets[rows]
    return float((weight * error * error).mean())
