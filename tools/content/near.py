"""Finding sentences that are almost the same, without comparing each with each."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable

GRAM = 4
"""Letters in a row that are compared."""

MIN_WORDS = 4
"""Shorter sentences are told apart by a single word; only an equal one is the same."""


def grams(folded: str) -> frozenset[str]:
    """All rows of four letters of a folded sentence, its ends included."""
    padded = f" {folded} "
    return frozenset(padded[i : i + GRAM] for i in range(max(1, len(padded) - GRAM + 1)))


class NearIndex:
    """Folded sentences, found again by those that resemble them.

    Resemblance is Jaccard's: shared rows of letters by all rows of both. Two sentences that reach
    the least resemblance must share one of their few rarest rows, so only these are indexed.
    Source: Chaudhuri, Ganti, Kaushik, "A primitive operator for similarity joins", ICDE 2006.
    """

    def __init__(self, sentences: Iterable[str], least: float) -> None:
        self._least = least
        self._grams = [
            grams(s) if s.count(" ") >= MIN_WORDS - 1 else frozenset() for s in sentences
        ]
        self._sizes = [len(one) for one in self._grams]
        often = Counter(gram for one in self._grams for gram in one)
        self._rank = Counter({g: n for n, g in enumerate(sorted(often, key=often.__getitem__), 1)})
        """The rarest first; 0 for those that no sentence has."""
        self._by_rare: dict[str, list[int]] = defaultdict(list)
        for number, own in enumerate(self._grams):
            for gram in self._rarest(own, least):
                self._by_rare[gram].append(number)

    def like(self, folded: str, least: float = 0, before: int | None = None) -> list[int]:
        """Numbers of sentences that resemble `folded` at least so, the most alike first.

        Args:
            folded: any sentence; one of fewer than four words resembles none.
            least: at least the index's own.
            before: only sentences with smaller numbers.
        """
        if folded.count(" ") < MIN_WORDS - 1:
            return []
        own, least = grams(folded), max(least, self._least)
        found = []
        for number in self._candidates(own, least, before):
            shared = len(own & self._grams[number])
            resemblance = shared / (len(own) + self._sizes[number] - shared)
            if resemblance >= least:
                found.append((-resemblance, number))
        return [number for _, number in sorted(found)]

    def _candidates(self, own: frozenset[str], least: float, before: int | None) -> set[int]:
        """Sentences with a rare row of `own`, and of about its length."""
        numbers: set[int] = set()
        for gram in self._rarest(own, least):
            numbers.update(self._by_rare.get(gram, ()))
        end = len(self._grams) if before is None else before
        shortest, longest, sizes = least * len(own), len(own) / least, self._sizes
        return {n for n in numbers if n < end and shortest <= sizes[n] <= longest}

    def _rarest(self, own: frozenset[str], least: float) -> list[str]:
        """So many that a sentence without any of them cannot be alike enough."""
        ordered = sorted(own, key=self._rank.__getitem__)
        # 1e-9: 0.8 * 60 is a little more than 48 in binary
        return ordered[: len(own) - math.ceil(least * len(own) - 1e-9) + 1] if own else []
