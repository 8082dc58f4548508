"""Weighted transducers in OpenFst's binary form (`vector` of `standard` arcs, version 2).

Source: OpenFst, fst/fst.cc (FstHeader::Write) and fst/vector-fst.h (WriteFst).
"""

import struct
from enum import IntFlag
from math import inf
from pathlib import Path

import numpy as np

MAGIC = 2125659606
EPSILON = 0
"""The label of nothing."""

_ARC = np.dtype([("input", "<i4"), ("output", "<i4"), ("cost", "<f4"), ("next", "<i4")])


class Property(IntFlag):
    """What a reader may rely on (OpenFst, fst/properties.h)."""

    EXPANDED = 0x1
    MUTABLE = 0x2
    ACCEPTOR = 0x10000
    INPUT_SORTED = 0x10000000
    OUTPUT_SORTED = 0x40000000


class Fst:
    """States and arcs; costs are negative natural logarithms."""

    def __init__(self) -> None:
        self.arcs: list[list[tuple[int, int, float, int]]] = []
        """Per state: input label, output label, cost, next state."""
        self.final: dict[int, float] = {}
        """Costs of ending in a state."""
        self.start = 0

    def state(self) -> int:
        """A new state."""
        self.arcs.append([])
        return len(self.arcs) - 1

    def arc(self, source: int, labels: tuple[int, int], cost: float, target: int) -> None:
        """A new arc with its input and output label."""
        self.arcs[source].append((*labels, cost, target))

    def sort_by_input(self) -> None:
        """As the right side of a composition must be."""
        for arcs in self.arcs:
            arcs.sort()

    def sort_by_output(self) -> None:
        """As the left side of a composition must be."""
        for arcs in self.arcs:
            arcs.sort(key=lambda arc: (arc[1], arc))

    def write(self, path: Path, properties: Property) -> None:
        """Write the file; `properties` are believed, not checked."""
        count = sum(map(len, self.arcs))
        known = Property.EXPANDED | Property.MUTABLE | properties
        parts = [
            struct.pack("<i", MAGIC) + _string("vector") + _string("standard"),
            struct.pack("<iiQ", 2, 0, known),
            struct.pack("<qqq", self.start, len(self.arcs), count),
        ]
        for state, arcs in enumerate(self.arcs):
            parts.append(struct.pack("<fq", self.final.get(state, inf), len(arcs)))
            parts.append(np.array(arcs, _ARC).tobytes())
        path.write_bytes(b"".join(parts))


def _string(text: str) -> bytes:
    return struct.pack("<i", len(text)) + text.encode()
