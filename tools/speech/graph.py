"""The lexicon as a transducer from the states of sounds to words (Kaldi's H, C and L in one).

Vosk composes it with a grammar while it decodes, so that a grammar can be given at any time.
"""

import math
from collections.abc import Mapping, Sequence

from tools.speech.kaldi import STAY
from tools.speech.openfst import EPSILON, Fst

SILENCE = "SIL"
UNKNOWN = "[unk]"
"""Any word that is not in the vocabulary."""
UNKNOWN_COST, UNKNOWN_PHONE_COST = 3.0, 2.8
"""Of an unknown word and of each phone in it. Lower ones eat words, higher ones put words of the
vocabulary in the place of unknown ones."""

PAUSE = 0.5
"""Probability of a pause after a word."""

_KINDS = {"B": "begin", "I": "internal", "E": "end", "S": "singleton"}
Pronunciation = tuple[str, ...]
Lexicon = Mapping[str, Sequence[Pronunciation]]


class Phones:
    """Numbers of phones: silence is 1; each other has four, by its place in a word."""

    def __init__(self, names: Sequence[str]) -> None:
        """Args: names: without silence; the n-th one is the network's output n."""
        self.names = list(names)
        self.ids = {SILENCE: 1}
        self.densities = {1: 0}
        for output, name in enumerate(self.names, start=1):
            for place in _KINDS:
                number = len(self.ids) + 1
                self.ids[f"{name}_{place}"] = number
                self.densities[number] = output

    def placed(self, pronunciation: Pronunciation) -> list[str]:
        """The phones of a word with their places in it."""
        if len(pronunciation) == 1:
            return [f"{pronunciation[0]}_S"]
        first, *inner, last = pronunciation
        return [f"{first}_B", *(f"{phone}_I" for phone in inner), f"{last}_E"]

    def boundaries(self) -> str:
        """`word_boundary.int`: by these Vosk finds where words begin and end."""
        kinds = (
            "nonword" if name == SILENCE else _KINDS[name.rsplit("_", 1)[1]] for name in self.ids
        )
        return "".join(
            f"{number} {kind}\n" for number, kind in zip(self.ids.values(), kinds, strict=True)
        )


def word_ids(words: Sequence[str]) -> dict[str, int]:
    """Numbers of words, as in `words.txt`."""
    return {word: number for number, word in enumerate(["<eps>", *words, UNKNOWN, "#0"])}


class LexiconGraph:
    """`HCLr.fst`: words, one after the other, with or without pauses between them.

    Each pronunciation is a chain of its own whose first arc carries the word. So a composition
    knows the word, and what it costs, from its first sound on, without looking ahead.
    """

    def __init__(self, phones: Phones) -> None:
        self.fst = Fst()
        self._phones = phones
        self.fst.start = self.fst.state()
        self._between = self.fst.state()
        self.fst.final[self._between] = 0.0
        self._pause(self.fst.start)

    def add(self, word: int, pronunciation: Pronunciation) -> None:
        """A way to say a word."""
        state, label = self._between, word
        for phone in self._phones.placed(pronunciation):
            state = self._phone(state, phone, label)
            label = EPSILON
        self._pause(state)

    def add_unknown(self, word: int) -> None:
        """Two or more phones of any kind."""
        inside, end = self.fst.state(), self.fst.state()
        for name in self._phones.names:
            ways = (
                (self._between, "B", word, UNKNOWN_COST, inside),
                (inside, "I", EPSILON, 0.0, inside),
                (inside, "E", EPSILON, 0.0, end),
            )
            for source, place, label, cost, target in ways:
                state = self._phone(source, f"{name}_{place}", label, cost + UNKNOWN_PHONE_COST)
                self.fst.arc(state, (EPSILON, EPSILON), 0.0, target)
        self._pause(end)

    def _phone(self, source: int, name: str, label: int, cost: float = 0.0) -> int:
        """A phone: entered by the transition that leaves it, with a loop to stay.

        That is Kaldi's order, which finding word boundaries expects.
        """
        leave = 2 * self._phones.ids[name]
        state = self.fst.state()
        self.fst.arc(source, (leave, label), cost - math.log(1 - STAY), state)
        self.fst.arc(state, (leave - 1, EPSILON), -math.log(STAY), state)
        return state

    def _pause(self, source: int) -> None:
        """To the place between words, through silence or at once."""
        self.fst.arc(source, (EPSILON, EPSILON), -math.log(1 - PAUSE), self._between)
        silence = self._phone(source, SILENCE, EPSILON, -math.log(PAUSE))
        self.fst.arc(silence, (EPSILON, EPSILON), 0.0, self._between)


def lexicon_graph(phones: Phones, lexicon: Lexicon, ids: Mapping[str, int]) -> Fst:
    """`HCLr.fst` of a lexicon; sorted by words, to be composed with a grammar on its right."""
    graph = LexiconGraph(phones)
    for word in sorted(lexicon):
        for pronunciation in lexicon[word]:
            graph.add(ids[word], pronunciation)
    graph.add_unknown(ids[UNKNOWN])
    graph.fst.sort_by_output()
    return graph.fst
