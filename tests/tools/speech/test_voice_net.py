import numpy as np
import pytest

from tools.speech.voice_net import Floats, Net, Rows, train


def test_gradients_are_those_of_the_weighted_squared_error() -> None:
    dice = np.random.default_rng(1)
    net = Net((3, 8, 2), seed=1)
    inputs = dice.standard_normal((5, 3)).astype(np.float32)
    targets = dice.standard_normal((5, 2)).astype(np.float32)
    weight = np.array([1, 3], np.float32)

    def loss() -> float:
        error = (net.layers(inputs)[-1] - targets).astype(np.float64)
        return float((weight * error**2).sum() / len(targets))

    gradients = net.gradients(inputs, targets, weight)
    for parameter, gradient in zip(net.weights + net.biases, gradients, strict=True):
        place = tuple(size // 2 for size in parameter.shape)
        before, step = parameter[place], np.float32(1e-3)
        parameter[place] = before + step
        above = loss()
        parameter[place] = before - step
        below = loss()
        parameter[place] = before
        assert gradient[place] == pytest.approx((above - below) / 2e-3, rel=0.02, abs=1e-3)


def test_a_curve_is_learnt_and_the_same_each_time() -> None:
    places = np.linspace(-1, 1, 512, dtype=np.float32)[:, None]
    targets = np.sin(3 * places)

    def inputs(rows: Rows) -> Floats:
        return places[rows]

    nets = [Net((1, 32, 1), seed=1) for _ in range(2)]
    parts: list[float] = []
    errors = [
        train(
            net, inputs, targets, epochs=150, batch=32, every=2, rates=(3e-2, 1e-4),
            report=parts.append,
        )
        for net in nets
    ]  # fmt: skip
    assert errors[0] == errors[1] < 0.005
    assert parts[-1] == 1
    assert (nets[0].weights[0] == nets[1].weights[0]).all()
