"""How alike texts are, by groups of letters: it bears inflection, typos and lost diacritics."""

import math
import re
from collections import Counter
from collections.abc import Sequence

from frontline.lang.text import fold

GRAM = 3
TEXT_CHARS = 2000
"""Longer texts are compared by their beginning."""


def grams(text: str) -> Counter[str]:
    """Groups of letters inside the words, with the words' edges: " zw", "zwr", "wro" and so on."""
    counted: Counter[str] = Counter()
    for word in re.findall(r"\w+", fold(text[:TEXT_CHARS])):
        edged = f" {word} "
        counted.update(edged[i : i + GRAM] for i in range(max(1, len(edged) - GRAM + 1)))
    return counted


class Index:
    """Texts to compare others with; TF-IDF over groups of letters, cosine."""

    def __init__(self, texts: Sequence[str]) -> None:
        counted = [grams(text) for text in texts]
        seen = Counter(gram for one in counted for gram in one)
        self._idf = {g: math.log((1 + len(texts)) / (1 + n)) + 1 for g, n in seen.items()}
        self._vectors = [self._vector(one) for one in counted]

    def scores(self, text: str) -> list[float]:
        """How alike `text` is to each: 0 (nothing in common) to 1 (the same)."""
        asked = self._vector(grams(text))
        return [sum(w * one.get(g, 0.0) for g, w in asked.items()) for one in self._vectors]

    def _vector(self, counted: Counter[str]) -> dict[str, float]:
        rare = max(self._idf.values(), default=1.0)
        raw = {g: (1 + math.log(n)) * self._idf.get(g, rare) for g, n in counted.items()}
        length = math.sqrt(sum(w * w for w in raw.values()))
        return {g: w / length for g, w in raw.items()} if length else {}
