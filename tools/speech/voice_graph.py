"""The demo voice as an ONNX graph: symbols -> durations -> parameters (`voice_vocoder`: -> sound).

Inputs and outputs are Piper's. It computes what `voice_context` computes for the training.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.speech import voice_context as context
from tools.speech.onnx_file import FLOAT, INT64, Graph
from tools.speech.voice_context import BUMP_WIDTH, BUMPS, CLAUSE_MARKS, REACH, STRESS, STRESSES
from tools.speech.voice_net import Net
from tools.speech.voice_vocoder import Vocoder

Floats = NDArray[np.float32]

LEAST_FRAMES = 4
"""A sound lasts at least 20 ms, however fast one speaks."""
WITHOUT_LENGTH = frozenset(" ,.?!;:ˈˌːʲ_^$'\"()-\N{COMBINING TILDE}\N{COMBINING CEDILLA}")
"""Symbols that may take no time."""
SIGNS = "ˈˌ"
"""Symbols that never do."""
_END = 2**60  # beyond the end of any axis


@dataclass(frozen=True, slots=True)
class Trained:
    """What the voice has learnt."""

    ids: dict[str, int]
    """The number of each symbol."""
    length_net: Net
    """Context -> logarithm of (frames + 0.5), of mean 0 and variance 1."""
    length_mean: float
    length_spread: float
    sound_net: Net
    """Context and place -> parameters, of mean 0 and variance 1."""
    sound_mean: Floats
    sound_spread: Floats


def voice_model(trained: Trained) -> bytes:
    """The file `voice.onnx`."""
    graph = Graph("demo_voice")
    symbols = graph.input("input", INT64, [1, "symbols"])
    graph.input("input_lengths", INT64, [1])
    scales = graph.input("scales", FLOAT, [3])
    voice = _Voice(graph, trained)
    ids = voice.without_pads(symbols)
    clauses = voice.clauses(ids)
    slots = voice.slots(ids, clauses)
    durations = voice.durations(ids, slots, voice.part(scales, 1, 2))
    frames = voice.frames(durations, clauses)
    parameters = voice.parameters(slots, frames)
    sound = Vocoder(graph).sound(parameters)
    sound = graph.apply("Unsqueeze", sound, voice.whole([0, 1]))
    graph.output("output", sound, FLOAT, [1, 1, "samples"])
    graph.output("durations", voice.with_pads(durations), FLOAT, [1, "symbols"])
    return graph.model("frontline demo voice")


@dataclass(frozen=True, slots=True)
class _Clauses:
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class _Frames:
    symbol: str
    place: str


class _Voice:
    """Adds the steps to a graph; all strings are names of values in it."""

    def __init__(self, graph: Graph, trained: Trained) -> None:
        self._graph = graph
        self._do = graph.apply
        self._trained = trained

    def whole(self, value: int | list[int]) -> str:
        return self._graph.constant(value, np.int64)

    def number(self, value: float) -> str:
        return self._graph.constant(value)

    def part(self, value: str, start: int, end: int, axis: int = 0) -> str:
        places = (self.whole([place]) for place in (start, end, axis))
        return self._do("Slice", value, *places)

    def without_pads(self, symbols: str) -> str:
        """Piper puts a pad behind each symbol but the last: every other one is kept."""
        places = (self.whole([place]) for place in (0, _END, 1, 2))
        return self._do("Squeeze", self._do("Slice", symbols, *places), self.whole([0]))

    def with_pads(self, durations: str) -> str:
        """As Piper wants them: (1, symbols), pads have no length."""
        column = self._do("Unsqueeze", self._real(durations), self.whole([1]))
        pair = self._do("Concat", column, self._do("Sub", column, column), axis=1)
        row = self._do("Reshape", pair, self.whole([1, -1]))
        return self.part(row, 0, -1, axis=1)

    def clauses(self, ids: str) -> _Clauses:
        marks = self._marked(ids, CLAUSE_MARKS)
        last = self._do("Sub", self._do("Shape", ids), self.whole([1]))
        found = self._do("Squeeze", self._do("NonZero", marks), self.whole([0]))
        ends = self._do("Concat", found, last, axis=0)
        starts = self._do("Concat", self.whole([0]), self._do("Add", ends, self.whole([1])), axis=0)
        number = self._do("CumSum", marks, self.whole(0), exclusive=1)
        gather = self._do
        return _Clauses(gather("Gather", starts, number), gather("Gather", ends, number))

    def slots(self, ids: str, clauses: _Clauses) -> str:
        do = self._do
        beside = self.whole([0] * REACH)
        padded = do("Concat", beside, ids, beside, axis=0)
        count = do("Shape", ids)
        columns = []
        for shift in range(2 * REACH + 1):
            end = do("Add", count, self.whole([shift]))
            columns.append(do("Slice", padded, self.whole([shift]), end, self.whole([0])))
        columns.append(do("Gather", ids, clauses.last))
        stressed = self._marked(ids, STRESS)
        stresses = do("CumSum", stressed, self.whole(0))
        behind = do("Sub", stresses, do("Gather", stresses, clauses.first))
        behind = do("Add", behind, do("Gather", stressed, clauses.first))
        left = do("Sub", do("Gather", stresses, clauses.last), stresses)
        columns += [do("Min", each, self.whole(STRESSES - 1)) for each in (left, behind)]
        table = do("Concat", *(do("Unsqueeze", each, self.whole([1])) for each in columns), axis=1)
        return do("Add", table, self.whole(context.slot_starts(len(self._trained.ids)).tolist()))

    def durations(self, ids: str, slots: str, scale: str) -> str:
        """Frames of each symbol."""
        do, trained = self._do, self._trained
        output = self._dense(self._embedded(slots, trained.length_net), trained.length_net)
        output = do("Squeeze", output, self.whole([1]))
        output = do("Mul", output, self.number(trained.length_spread))
        frames = do("Exp", do("Add", output, self.number(trained.length_mean)))
        frames = do("Mul", do("Sub", frames, self.number(0.5)), scale)
        frames = do("Floor", do("Add", frames, self.number(0.5)))
        least = [0 if symbol in WITHOUT_LENGTH else LEAST_FRAMES for symbol in trained.ids]
        least[trained.ids[context.BEGIN]] = least[trained.ids[context.END]] = LEAST_FRAMES
        frames = do("Max", frames, do("Gather", self._graph.constant(least), ids))
        lasting = self._graph.constant([symbol not in SIGNS for symbol in trained.ids])
        return do("Cast", do("Mul", frames, do("Gather", lasting, ids)), to=INT64)

    def frames(self, durations: str, clauses: _Clauses) -> _Frames:
        do = self._do
        ends = do("CumSum", durations, self.whole(0))
        starts = do("Sub", ends, durations)
        total = self.part(ends, -1, _END)
        # One is added where a symbol ends: the sum so far is the number of the symbol.
        nothing = do("Expand", self.whole([0]), do("Add", total, self.whole([1])))
        one = do("Expand", self.whole([1]), do("Shape", ends))
        steps = do("ScatterElements", nothing, ends, one, reduction="add")
        symbol = do("CumSum", do("Slice", steps, self.whole([0]), total), self.whole(0))
        frame = do("Range", self.whole(0), do("Squeeze", total), self.whole(1))
        length = self._real(do("Gather", durations, symbol))
        since = self._real(do("Sub", frame, do("Gather", starts, symbol)))
        first = do("Gather", do("Gather", starts, clauses.first), symbol)
        end = do("Gather", do("Gather", ends, clauses.last), symbol)
        behind = self._real(do("Sub", frame, first))
        before = self._real(do("Sub", end, frame))
        return _Frames(symbol, self._place(since, length, behind, before))

    def _place(self, since: str, length: str, behind: str, before: str) -> str:
        """(frames, PLACE_FEATURES)."""
        do = self._do
        part = do("Div", do("Add", since, self.number(0.5)), length)
        features = [part, *(self._bump(part, bump) for bump in BUMPS)]
        rest = do("Sub", do("Sub", length, self.number(1)), since)
        features += [
            self._up_to(since, context.NEAR_FRAMES),
            self._up_to(rest, context.NEAR_FRAMES),
            self._up_to(length, context.LONG_FRAMES),
            do("Exp", do("Div", behind, self.number(-context.CLAUSE_FRAMES))),
            do("Exp", do("Div", before, self.number(-context.CLAUSE_FRAMES))),
            do("Div", behind, do("Add", behind, before)),
        ]
        columns = [do("Unsqueeze", feature, self.whole([1])) for feature in features]
        return do("Concat", *columns, axis=1)

    def parameters(self, slots: str, frames: _Frames) -> str:
        """(frames, WIDTH)."""
        do, net = self._do, self._trained.sound_net
        context_part = do("Gather", self._embedded(slots, net), frames.symbol)
        of_place = self._graph.constant(net.weights[0][-context.PLACE_FEATURES :])
        hidden = do("Add", context_part, do("MatMul", frames.place, of_place))
        output = do(
            "Mul", self._dense(hidden, net), self._graph.constant(self._trained.sound_spread)
        )
        return do("Add", output, self._graph.constant(self._trained.sound_mean))

    def _embedded(self, slots: str, net: Net) -> str:
        """The first layer's sum over the slots, for each symbol."""
        table = net.weights[0][: context.width(len(self._trained.ids))]
        rows = self._do("Gather", self._graph.constant(table), slots)
        return self._do("ReduceSum", rows, self.whole([1]), keepdims=0)

    def _dense(self, first: str, net: Net) -> str:
        """The net behind the weights of its first layer."""
        value = self._do("Add", first, self._graph.constant(net.biases[0]))
        for weights, bias in zip(net.weights[1:], net.biases[1:], strict=True):
            value = self._do("MatMul", self._do("Relu", value), self._graph.constant(weights))
            value = self._do("Add", value, self._graph.constant(bias))
        return value

    def _bump(self, part: str, place: float) -> str:
        far = self._do("Div", self._do("Sub", part, self.number(place)), self.number(BUMP_WIDTH))
        return self._do("Exp", self._do("Neg", self._do("Mul", far, far)))

    def _up_to(self, value: str, limit: int) -> str:
        return self._do("Div", self._do("Min", value, self.number(limit)), self.number(limit))

    def _marked(self, ids: str, symbols: str) -> str:
        """1 where a symbol is one of some, 0 elsewhere."""
        table = [int(symbol in symbols) for symbol in self._trained.ids]
        return self._do("Gather", self.whole(table), ids)

    def _real(self, value: str) -> str:
        return self._do("Cast", value, to=FLOAT)
