"""Writes `final.mdl`, Kaldi's file of a transition model and an nnet3 network, in binary form.

Source: Kaldi, hmm/hmm-topology.cc, hmm/transition-model.cc, nnet3/am-nnet-simple.cc and
base/io-funcs-inl.h.
"""

import math
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

Layer = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Weights (outputs, inputs) and biases."""

STAY = 0.5
"""Probability of staying in a phone for another frame."""


def token(name: str) -> bytes:
    """A name, with the space that ends it."""
    return name.encode() + b" "


def integer(value: int) -> bytes:
    """An int32 behind its size."""
    return b"\x04" + struct.pack("<i", value)


def real(value: float) -> bytes:
    """A float behind its size."""
    return b"\x04" + struct.pack("<f", value)


def double(value: float) -> bytes:
    """A double behind its size."""
    return b"\x08" + struct.pack("<d", value)


def integers(values: Sequence[int]) -> bytes:
    """A vector of int32."""
    return b"\x04" + struct.pack("<i", len(values)) + np.asarray(values, "<i4").tobytes()


def vector(values: ArrayLike) -> bytes:
    """A vector of float."""
    data = np.ascontiguousarray(values, "<f4")
    return token("FV") + integer(len(data)) + data.tobytes()


def matrix(values: ArrayLike) -> bytes:
    """A matrix of float, row by row."""
    data = np.ascontiguousarray(values, "<f4")
    rows, columns = data.shape
    return token("FM") + integer(rows) + integer(columns) + data.tobytes()


def transition_model(densities: Mapping[int, int]) -> bytes:
    """One emitting state per phone; transition ids of phone n are 2n-1 (stay) and 2n (leave).

    Args:
        densities: which output of the network belongs to a phone, by phone ids 1, 2, 3 ….
    """
    phones = sorted(densities)
    if phones != list(range(1, len(phones) + 1)):
        raise ValueError("phone ids begin at 1 and leave none out")
    stay = integer(0) + real(STAY)
    leave = integer(1) + real(1 - STAY)
    topology = (
        integers(phones)
        + integers([-1] + [0] * len(phones))  # the topology of each phone id
        + integer(1)  # one topology
        + integer(2)  # of two states:
        + (integer(0) + integer(2) + stay + leave)  # the one that emits
        + (integer(-1) + integer(0))  # and the final one
    )
    triples = b"".join(integer(phone) + integer(0) + integer(densities[phone]) for phone in phones)
    costs = [0.0] + [math.log(STAY), math.log(1 - STAY)] * len(phones)
    return (
        token("<TransitionModel>")
        + (token("<Topology>") + topology + token("</Topology>"))
        + (token("<Triples>") + integer(len(phones)) + triples + token("</Triples>"))
        + (token("<LogProbs>") + vector(costs) + token("</LogProbs>"))
        + token("</TransitionModel>")
    )


def network(layers: Sequence[Layer], context: int, inputs: int, priors: ArrayLike) -> bytes:
    """Layers with rectified units between them and a log-softmax at the end.

    Args:
        layers: the first one sees all frames of the context, the oldest first.
        context: frames to the left and to the right.
        inputs: values of one frame.
        priors: of the outputs; the decoder divides by them.
    """
    offsets = range(-context, context + 1)
    frames = ", ".join(f"Offset(input, {place})" if place else "input" for place in offsets)
    lines = [f"input-node name=input dim={inputs}"]
    source = f"Append({frames})"
    components: list[bytes] = []
    for number, (weights, biases) in enumerate(layers, start=1):
        last = number == len(layers)
        size = len(biases)
        unit = _unit("LogSoftmaxComponent" if last else "RectifiedLinearComponent", size)
        names = f"affine{number}", "logsoftmax" if last else f"relu{number}"
        for name, body in zip(names, (_affine(weights, biases), unit), strict=True):
            lines.append(f"component-node name={name} component={name} input={source}")
            components.append(token("<ComponentName>") + token(name) + body)
            source = name
    lines.append(f"output-node name=output input={source} objective=linear")
    return (
        (token("<Nnet3>") + b"\n" + "\n".join(lines).encode() + b"\n\n")
        + (token("<NumComponents>") + integer(len(components)) + b"".join(components))
        + token("</Nnet3>")
        + (token("<LeftContext>") + integer(context) + token("<RightContext>") + integer(context))
        + (token("<Priors>") + vector(priors))
    )


def write_model(
    path: Path,
    densities: Mapping[int, int],
    layers: Sequence[Layer],
    context: int,
    inputs: int,
    priors: ArrayLike,
) -> None:
    """`final.mdl`; arguments as of `transition_model` and `network`."""
    body = transition_model(densities) + network(layers, context, inputs, priors)
    path.write_bytes(b"\0B" + body)


def _affine(weights: NDArray[np.float64], biases: NDArray[np.float64]) -> bytes:
    return (
        token("<FixedAffineComponent>")
        + (token("<LinearParams>") + matrix(weights))
        + (token("<BiasParams>") + vector(biases))
        + token("</FixedAffineComponent>")
    )


def _unit(kind: str, size: int) -> bytes:
    """A component without parameters; what Kaldi's training counts in it is empty."""
    return (
        token(f"<{kind}>")
        + (token("<Dim>") + integer(size))
        + (token("<ValueAvg>") + vector([]))
        + (token("<DerivAvg>") + vector([]))
        + (token("<Count>") + double(0.0))
        + token(f"</{kind}>")
    )
