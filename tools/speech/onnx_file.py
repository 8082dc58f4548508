"""Writes ONNX models: protobuf's wire format by hand, as the `onnx` package is too heavy for it.

Source: https://github.com/onnx/onnx/blob/v1.17.0/onnx/onnx.proto; the numbers are its fields.
"""

import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

FLOAT, INT64, DOUBLE = 1, 7, 11
"""Types of elements (`TensorProto.DataType`) that graphs name."""
OPSET, IR = 17, 8
"""Versions of the operators and of the file format."""

Attribute = int | float | str | Sequence[int]

_TYPES = {"float32": FLOAT, "int64": INT64, "float64": DOUBLE, "float16": 10, "bool": 9}
_VARINT, _BYTES, _FIXED32 = 0, 2, 5


class Graph:
    """Collects operations; values are known by their names.

    Args:
        name: of the graph.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._nodes: list[bytes] = []
        self._constants: dict[bytes, str] = {}
        self._inputs: list[bytes] = []
        self._outputs: list[bytes] = []

    def input(self, name: str, kind: int, shape: Sequence[int | str]) -> str:
        """A value that comes from outside; a dimension is a number, or a name if it varies."""
        self._inputs.append(_value(name, kind, shape))
        return name

    def output(self, name: str, value: str, kind: int, shape: Sequence[int | str]) -> None:
        """Hand `value` out under `name`."""
        self._nodes.append(_node("Identity", [value], name, {}))
        self._outputs.append(_value(name, kind, shape))

    def constant(self, value: ArrayLike, dtype: DTypeLike = np.float32) -> str:
        """An array inside the file; equal ones are stored once."""
        content = _tensor(np.asarray(value, dtype))
        return self._constants.setdefault(content, f"constant_{len(self._constants)}")

    def apply(self, operator: str, *inputs: str, **attributes: Attribute) -> str:
        """The result of an operator, in the order of inputs of its description."""
        name = f"{operator.lower()}_{len(self._nodes)}"
        self._nodes.append(_node(operator, inputs, name, attributes))
        return name

    def model(self, producer: str) -> bytes:
        """The file (`ModelProto`)."""
        constants = [value + _bytes(8, name) for value, name in self._constants.items()]
        graph = b"".join(
            (
                _repeated(1, self._nodes),
                _bytes(2, self._name),
                _repeated(5, constants),
                _repeated(11, self._inputs),
                _repeated(12, self._outputs),
            )
        )
        operators = _bytes(8, _bytes(1, "") + _integer(2, OPSET))
        return _integer(1, IR) + _bytes(2, producer) + _bytes(7, graph) + operators


def _tensor(array: np.ndarray) -> bytes:
    """`TensorProto` without its name; raw data are little-endian."""
    little = array.astype(array.dtype.newbyteorder("<"))
    dimensions = b"".join(_integer(1, size) for size in array.shape)
    return dimensions + _integer(2, _TYPES[array.dtype.name]) + _bytes(9, little.tobytes())


def _value(name: str, kind: int, shape: Sequence[int | str]) -> bytes:
    """`ValueInfoProto`."""
    dimensions = b"".join(
        _bytes(1, _integer(1, size) if isinstance(size, int) else _bytes(2, size)) for size in shape
    )
    tensor = _integer(1, kind) + _bytes(2, dimensions)
    return _bytes(1, name) + _bytes(2, _bytes(1, tensor))


def _node(
    operator: str, inputs: Sequence[str], output: str, attributes: dict[str, Attribute]
) -> bytes:
    """`NodeProto`."""
    return b"".join(
        (
            _repeated(1, inputs),
            _bytes(2, output),
            _bytes(4, operator),
            _repeated(5, [_attribute(name, value) for name, value in sorted(attributes.items())]),
        )
    )


def _attribute(name: str, value: Attribute) -> bytes:
    """`AttributeProto`; field 20 tells which of its fields holds the value."""
    head = _bytes(1, name)
    if isinstance(value, float):
        return head + _key(2, _FIXED32) + struct.pack("<f", value) + _integer(20, 1)
    if isinstance(value, int):
        return head + _integer(3, value) + _integer(20, 2)
    if isinstance(value, str):
        return head + _bytes(4, value) + _integer(20, 3)
    return head + b"".join(_integer(8, item) for item in value) + _integer(20, 7)


def _repeated(field: int, items: Sequence[bytes | str]) -> bytes:
    return b"".join(_bytes(field, item) for item in items)


def _bytes(field: int, value: bytes | str) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return _key(field, _BYTES) + _varint(len(data)) + data


def _integer(field: int, value: int) -> bytes:
    return _key(field, _VARINT) + _varint(value & (1 << 64) - 1)  # negative ones have ten bytes


def _key(field: int, wire_type: int) -> bytes:
    return _varint(field << 3 | wire_type)


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; the top bit says that more follow."""
    data = bytearray()
    while value > 127:
        data.append(value & 127 | 128)
        value >>= 7
    data.append(value)
    return bytes(data)
