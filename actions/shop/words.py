"""Finding products by a customer's words: inflected, without diacritics, mistyped."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from actions.shop.checks import LONGEST_QUESTION

CLOSE = 0.5
"""Two words at least this alike are taken for the same one."""
INITIALS = frozenset(f"^{sign}" for sign in "abcdefghijklmnopqrstuvwxyz0123456789")
NEAR_BEST = 0.6
"""Products that fit less well than this share of the best one are left out."""
STOP_WORDS = frozenset(
    {"dla", "do", "na", "ze", "oraz", "the", "an", "and", "for", "with", "of", "in"}
)


def fold(text: str) -> str:
    """Lower case without diacritics: `Żarówka Łódź` -> `zarowka lodz`."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("ł", "l"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def split(text: str) -> list[str]:
    """Folded words that can tell products apart."""
    found = re.findall(r"[a-z0-9]{2,}", fold(text[:LONGEST_QUESTION]))
    return [word for word in dict.fromkeys(found) if word not in STOP_WORDS]


def alike(one: Counter[str], other: Counter[str]) -> float:
    """Dice coefficient of two words' n-grams, 0 to 1 (Dice, 1945); 0 if they start differently.

    People rarely mistype the first letter, and without this `rower` would find `power bank`.
    """
    if not INITIALS & one.keys() & other.keys():
        return 0.0
    shared = sum((one & other).values())
    return 2 * shared / (one.total() + other.total())


def grams(word: str) -> Counter[str]:
    """Pairs and triples of letters; the start counts as one, as Polish inflects at the end."""
    padded = f"^{word}"
    return Counter(padded[i : i + n] for n in (2, 3) for i in range(len(padded) - n + 1))


class WordIndex:
    """Names of a small catalogue, ready to be compared."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        """Args: names: for each product code, its name in each language."""
        self._names = {
            code: [{word: grams(word) for word in split(name)} for name in given]
            for code, given in names.items()
        }
        known = Counter(
            word
            for given in self._names.values()
            for word in {word for name in given for word in name}
        )
        self._weight = {word: 1 / count for word, count in known.items()}

    def find(self, words: str, limit: int) -> Sequence[str]:
        """Codes of the products that fit, best first; a rare word says more than a common one."""
        asked = [grams(word) for word in split(words)]
        scores = {
            code: max((self._score(asked, name) for name in given), default=0.0)
            for code, given in self._names.items()
        }
        best = max(scores.values(), default=0.0)
        fitting = [code for code, score in scores.items() if score and score >= NEAR_BEST * best]
        return sorted(fitting, key=lambda code: (-scores[code], code))[: max(limit, 0)]

    def _score(self, asked: Sequence[Counter[str]], name: Mapping[str, Counter[str]]) -> float:
        """Weighted likeness of the words asked for, plus a little for a name they fill well."""
        total, matched = 0.0, 0
        for word in asked:
            likeness, weight = max(
                ((alike(word, own), self._weight[text]) for text, own in name.items()),
                default=(0.0, 0.0),
            )
            if likeness >= CLOSE:
                total += likeness * (0.5 + weight)
                matched += 1
        return total * (1 + 0.1 * matched / len(name)) if matched else 0.0
