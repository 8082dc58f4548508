"""A back-off language model as an acceptor (`Gr.fst`)."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from tools.speech.graph import UNKNOWN
from tools.speech.openfst import EPSILON, Fst

BEGIN, END = "<s>", "</s>"
DISCOUNT = 0.6
"""Taken from each count and given to what was not seen (absolute discounting)."""
UNKNOWN_SHARE = 0.005
"""Probability of an unknown word where nothing is known of the words before it."""

History = tuple[str, ...]
Counts = dict[History, Counter[str]]


def count(sentences: Iterable[Sequence[str]], vocabulary: Iterable[str], order: int) -> Counts:
    """How often a word followed a history of up to `order` - 1 words.

    Words outside of the vocabulary end a history: nothing is learnt across them.
    """
    known = set(vocabulary)
    counts: Counts = defaultdict(Counter)
    counts[()] = Counter(dict.fromkeys(sorted(known), 1))
    for sentence in sentences:
        history: History = (BEGIN,)
        for word in (*sentence, END):
            if word != END and word not in known:
                history = ()
                continue
            for length in range(len(history) + 1):
                counts[history[len(history) - length :]][word] += 1
            history = (*history, word)[-(order - 1) :]
    return counts


def back_off_model(counts: Counts, ids: Mapping[str, int]) -> Fst:
    """The acceptor, with one state for each history that was seen; sorted by words.

    A state has the words that followed it, and an arc without a word to the state of the
    history without its first word.
    """
    fst = Fst()
    states = {history: fst.state() for history in sorted(counts)}
    fst.start = states[(BEGIN,)]
    unknown = fst.state()
    fst.arc(unknown, (EPSILON, EPSILON), 0.0, states[()])
    fst.arc(states[()], (ids[UNKNOWN],) * 2, -math.log(UNKNOWN_SHARE), unknown)
    probability = _Probability(counts)
    for history, state in states.items():
        for word in sorted(counts[history]):
            cost = -math.log(probability(word, history))
            if word == END:
                fst.final[state] = cost
                continue
            target = (*history, word)
            while target not in states:
                target = target[1:]
            fst.arc(state, (ids[word],) * 2, cost, states[target])
        if history:
            cost = -math.log(probability.unseen(history))
            fst.arc(state, (EPSILON, EPSILON), cost, states[history[1:]])
    fst.sort_by_input()
    return fst


class _Probability:
    """Absolute discounting, interpolated with the shorter history."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        self._totals = {history: followers.total() for history, followers in counts.items()}

    def __call__(self, word: str, history: History) -> float:
        seen = self._counts[history].get(word, 0)
        if not history:
            return (1 - UNKNOWN_SHARE) * seen / self._totals[()]
        shorter = self.unseen(history) * self(word, history[1:])
        return max(seen - DISCOUNT, 0.0) / self._totals[history] + shorter

    def unseen(self, history: History) -> float:
        """What is left for words that did not follow the history."""
        return DISCOUNT * len(self._counts[history]) / self._totals[history]
