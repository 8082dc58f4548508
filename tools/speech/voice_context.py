"""What the demo voice knows of a place in a sentence; `voice_graph` computes the same in ONNX."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

PAD, BEGIN, END = "_", "^", "$"
"""Symbols of Piper that are no sounds; the pad has the id 0."""
CLAUSE_MARKS = ",.?!;:"
"""End a clause; the melody of speech begins anew behind it."""
STRESS = "ˈ"
REACH = 4
"""Symbols on either side that a sound depends on."""
STRESSES = 5
"""Counts of stressed syllables that are told apart: 0 to 3, and more."""
SLOTS = 2 * REACH + 4
"""What is known of a symbol: itself, its neighbours, the mark that ends its clause, and how many
stressed syllables are behind and before it in the clause."""
PLACE_FEATURES = 12
NEAR_FRAMES, LONG_FRAMES, CLAUSE_FRAMES = 20, 40, 100
"""100, 200 and 500 ms: how far a place in a sound, a sound's length and a place in a clause are
told exactly."""
BUMPS = (0.0, 0.25, 0.5, 0.75, 1.0)
BUMP_WIDTH = 0.15
"""Parts of a sound, in its length."""


def width(symbols: int) -> int:
    """How many different values all slots have together."""
    return (SLOTS - 2) * symbols + 2 * STRESSES


@dataclass(frozen=True, slots=True)
class Clauses:
    """Where the clauses of a sentence are, by symbol."""

    first: Integers
    """The first symbol of the clause that a symbol is in."""
    last: Integers
    """The mark that ends it, or the last symbol of all."""


def clauses(symbols: Sequence[str]) -> Clauses:
    """Divide a sentence at its marks."""
    is_mark = np.array([symbol in CLAUSE_MARKS for symbol in symbols])
    ends = np.append(np.flatnonzero(is_mark), len(symbols) - 1)
    starts = np.append(0, ends + 1)
    number = np.cumsum(is_mark) - is_mark
    return Clauses(starts[number], ends[number])


def slots(symbols: Sequence[str], ids: dict[str, int]) -> Integers:
    """What is known of each symbol: (symbols, SLOTS), each slot with numbers of its own."""
    number = np.array([ids[symbol] for symbol in symbols])
    padded = np.pad(number, REACH)
    columns = [padded[shift : shift + len(number)] for shift in range(2 * REACH + 1)]
    clause = clauses(symbols)
    columns.append(number[clause.last])
    stressed = np.array([symbol == STRESS for symbol in symbols])
    count = np.cumsum(stressed)
    before = count - count[clause.first] + stressed[clause.first]
    columns += [np.minimum(each, STRESSES - 1) for each in (count[clause.last] - count, before)]
    return np.stack(columns, 1) + slot_starts(len(ids))


def slot_starts(symbols: int) -> Integers:
    """The first number of each slot."""
    sizes = [0] + [symbols] * (SLOTS - 2) + [STRESSES]
    return np.cumsum(sizes)


def one_hot(numbers: Integers, symbols: int) -> Floats:
    """(rows, SLOTS) as the inputs of a net: (rows, width)."""
    inputs = np.zeros((len(numbers), width(symbols)), np.float32)
    inputs[np.arange(len(numbers))[:, None], numbers] = 1
    return inputs


def places(durations: Integers, clause: Clauses) -> tuple[Integers, Floats]:
    """Spread symbols over frames.

    Args:
        durations: frames of each symbol, not all 0.
        clause: of the symbols.

    Returns:
        The symbol of each frame, and where in it and in its clause the frame is:
        (frames, PLACE_FEATURES).
    """
    ends = np.cumsum(durations)
    starts = ends - durations
    symbol = np.repeat(np.arange(len(durations)), durations)
    frame = np.arange(len(symbol))
    since, length = frame - starts[symbol], durations[symbol]
    part = (since + 0.5) / length
    behind = frame - starts[clause.first[symbol]]
    before = ends[clause.last[symbol]] - frame
    columns = [part, *(np.exp(-(((part - bump) / BUMP_WIDTH) ** 2)) for bump in BUMPS)]
    columns += [
        np.minimum(since, NEAR_FRAMES) / NEAR_FRAMES,
        np.minimum(length - 1 - since, NEAR_FRAMES) / NEAR_FRAMES,
        np.minimum(length, LONG_FRAMES) / LONG_FRAMES,
        np.exp(-behind / CLAUSE_FRAMES),
        np.exp(-before / CLAUSE_FRAMES),
        behind / (behind + before),
    ]
    return symbol, np.stack(columns, 1).astype(np.float32)
