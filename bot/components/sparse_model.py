"""The intent model: TF-IDF of letter n-grams and word stems, one logistic regression per intent.

Its scores become probabilities by a softmax whose temperature, like the two limits below which
the bot rather asks back, is set on sentences that were kept out of the fit (Guo et al., On
Calibration of Modern Neural Networks, 2017). The final fit then uses those sentences too.
"""

from __future__ import annotations

import math
import multiprocessing
import random
import re
import warnings
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedShuffleSplit
from sklearn.preprocessing import normalize

from components.text import normalise

VERSION = 2
"""Grows with every change of `SparseModel`'s fields or of `normalise`."""
OUT_OF_SCOPE = "out_of_scope"
TEMPERATURES = np.geomspace(1.0, 32.0, 61)
USUAL_TEMPERATURE = 4.0
"""For models too small to be calibrated."""
FEWEST_TO_CALIBRATE = 40

_WORD = re.compile(r"\w+|[?!]")
_KEYS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"]

Analyzer = Callable[[str], list[str]]


@dataclass(frozen=True)
class Options:
    """How the model is built."""

    char_min: int = 3
    char_max: int = 4
    stem_length: int = 5
    """Words count by their first letters, which Polish endings leave alone: +1 point over words."""
    stem_ngrams: int = 2
    stem_weight: float = 1.0
    """Weight of the stems against the letter n-grams."""
    strength: float = 12.0
    """Inverse of the regularisation (C)."""
    tolerance: float = 8.0
    """When the solver stops; 4 takes a quarter longer, 0.1 five times, and is no more accurate."""
    typos: bool = True
    """A mistyped copy of every sentence: +5 points on sloppy English."""
    refused_scope: float = 0.03
    """Share of in-scope sentences that may be taken for out of scope."""
    refused_unsure: float = 0.02
    """Share of rightly read sentences that may be asked back about as too uncertain."""


@dataclass
class Features:
    """One kind of features: what it looks at, and its columns with their weights."""

    columns: dict[str, int]
    idf: np.ndarray
    weight: float


@dataclass
class Limits:
    """Below these the bot does not act on its best reading."""

    scope: float = 0.5
    """Of the probability that a sentence is in scope, against out_of_scope alone."""
    confidence: float = 0.0
    """Of the best intent's probability."""


@dataclass
class SparseModel:
    """A trained model; picklable, without scikit-learn's objects."""

    options: Options
    features: list[Features]
    """Of letters and of stems."""
    weights: np.ndarray
    """Features × intents, 8 bit; times `scales`."""
    scales: np.ndarray
    offsets: np.ndarray
    intents: list[str]
    temperature: float = USUAL_TEMPERATURE
    limits: Limits = field(default_factory=Limits)
    version: int = VERSION

    def probabilities(self, texts: list[str]) -> np.ndarray:
        """Calibrated probability of each intent for each text, shape texts × intents."""
        return softmax(self.scores(texts) * self.temperature)

    def scores(self, texts: list[str]) -> np.ndarray:
        """Distance from each intent's boundary, before calibration."""
        analyzers = _analyzers(self.options)
        return np.stack([self._score(normalise(text), analyzers) for text in texts])

    def ranking(self, row: np.ndarray, length: int) -> list[dict[str, object]]:
        """The most probable intents of one row, best first, as Rasa writes them.

        out_of_scope is always among them: how far it lies behind says how sure the scope is.
        """
        order = np.argsort(-row, kind="stable")
        best = [i for n, i in enumerate(order) if n < length or self.intents[i] == OUT_OF_SCOPE]
        return [{"name": self.intents[i], "confidence": float(row[i])} for i in best]

    def in_scope(self, row: np.ndarray) -> float:
        """Probability that a text is in scope, given it is its best reading or out of scope."""
        if OUT_OF_SCOPE not in self.intents:
            return 1.0
        return float(_scope(row[None, :], self.intents.index(OUT_OF_SCOPE))[0])

    def _score(self, sentence: str, analyzers: list[Analyzer]) -> np.ndarray:
        """What `Features` and the linear model make of one normalised sentence."""
        score, squares, first = np.zeros(len(self.intents)), 0.0, 0
        for part, analyze in zip(self.features, analyzers, strict=True):
            counts = Counter(c for t in analyze(sentence) if (c := part.columns.get(t)) is not None)
            if counts:
                columns = np.fromiter(counts, dtype=np.intp, count=len(counts))
                values = np.fromiter(counts.values(), dtype=np.float64, count=len(counts))
                values = (1.0 + np.log(values)) * part.idf[columns]
                values *= part.weight / math.sqrt(values @ values)
                score += values @ self.weights[columns + first]
                squares += part.weight**2
            first += len(part.columns)
        return score / math.sqrt(squares or 1.0) * self.scales + self.offsets


def softmax(scores: np.ndarray) -> np.ndarray:
    """Probabilities of each row."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def train(
    texts: list[str],
    intents: list[str],
    options: Options,
    kept_out: tuple[list[str], list[str]] | None = None,
) -> SparseModel:
    """Fit the model on sentences and their intents.

    Args:
        texts: sentences to learn from.
        intents: their labels.
        options: how.
        kept_out: sentences and labels for calibration, best by other authors; without them a
            fifth of `texts` is taken.

    Raises:
        ValueError: fewer than two intents.
    """
    if len(set(intents)) < 2:
        raise ValueError("training needs sentences of at least two intents")
    known = set(intents)
    pairs = [(t, i) for t, i in zip(*kept_out, strict=True) if i in known] if kept_out else []
    everything = texts + [t for t, _ in pairs]
    names = sorted(known)
    labels = np.array([names.index(i) for i in [*intents, *(i for _, i in pairs)]])
    dice = random.Random(0)  # noqa: S311
    copies = [mistype(t, dice) for t in everything] if options.typos else []
    features, matrix = _vectorise([normalise(t) for t in everything + copies], options)
    clean = matrix[: len(everything)]
    doubled = np.concatenate([labels, labels]) if options.typos else labels
    # A process, not a thread: the solver draws from one sequence of random numbers per process.
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as aside:
        calibrating = aside.submit(_calibrate, clean, labels, len(texts), len(names), options)
        weights, offsets = _fit(matrix, doubled, len(names), options)
        calibration = calibrating.result()
    scales = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127
    model = SparseModel(
        options, features, np.round(weights / scales).astype(np.int8), scales, offsets, names
    )
    if calibration is not None:
        scores, truth = calibration
        model.temperature = _temperature(scores, truth)
        model.limits = _limits(softmax(scores * model.temperature), truth, names, options)
    return model


def _analyzers(options: Options) -> list[Analyzer]:
    letters = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(options.char_min, options.char_max), lowercase=False
    ).build_analyzer()
    return [letters, lambda sentence: stems(sentence, options.stem_length, options.stem_ngrams)]


def stems(sentence: str, length: int, ngrams: int) -> list[str]:
    """The first `length` letters of each word, alone and joined with their neighbours."""
    words = [w[:length] for w in _WORD.findall(sentence)]
    return [
        "_".join(words[i : i + n]) for n in range(1, ngrams + 1) for i in range(len(words) - n + 1)
    ]


def _vectorise(sentences: list[str], options: Options) -> tuple[list[Features], sp.csr_matrix]:
    parts, matrices = [], []
    weights = (1.0, options.stem_weight)
    seen_twice = 2 if options.typos else 1  # a copy shows every n-gram that no slip has hit twice
    for analyze, weight in zip(_analyzers(options), weights, strict=True):
        vectoriser = TfidfVectorizer(
            analyzer=analyze, sublinear_tf=True, min_df=seen_twice, dtype=np.float32
        )
        matrices.append(vectoriser.fit_transform(sentences) * weight)
        columns = {term: int(column) for term, column in vectoriser.vocabulary_.items()}
        parts.append(Features(columns, vectoriser.idf_.astype(np.float32), weight))
    return parts, normalize(sp.hstack(matrices).tocsr(), copy=False)


def _fit(
    matrix: sp.csr_matrix, labels: np.ndarray, intents: int, options: Options
) -> tuple[np.ndarray, np.ndarray]:
    """One logistic regression per intent; each one's sentences weigh as much as all others'."""
    counts = np.bincount(labels, minlength=intents)
    balance = {i: (len(labels) - n) / max(1, n) for i, n in enumerate(counts)}
    regression = LogisticRegression(
        C=options.strength,
        solver="liblinear",
        dual=True,
        tol=options.tolerance,
        multi_class="ovr",
        class_weight=balance,
        random_state=0,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the last digits do not matter
        regression.fit(matrix, labels)
    weights, offsets = regression.coef_.T, regression.intercept_
    if intents == 2:  # scikit-learn keeps one boundary for two classes
        weights, offsets = np.hstack([-weights, weights]), np.concatenate([-offsets, offsets])
    return weights, offsets


def _calibrate(
    matrix: sp.csr_matrix, labels: np.ndarray, own: int, intents: int, options: Options
) -> tuple[np.ndarray, np.ndarray] | None:
    """Scores and labels of sentences that a model has not seen; None when there are too few."""
    rows = np.arange(len(labels))
    if own < len(labels):
        learned, held = rows[:own], rows[own:]
    elif np.bincount(labels).min() < 2 or len(labels) // 5 < intents:
        return None
    else:
        splitter = StratifiedShuffleSplit(1, test_size=0.2, random_state=0)
        learned, held = next(splitter.split(rows, labels))
    if len(held) < FEWEST_TO_CALIBRATE or len(set(labels[learned])) < intents:
        return None
    weights, offsets = _fit(matrix[learned], labels[learned], intents, options)
    return np.asarray(matrix[held] @ weights) + offsets, labels[held]


def _temperature(scores: np.ndarray, truth: np.ndarray) -> float:
    """The temperature that makes the labels likeliest."""
    rows = np.arange(len(truth))

    def surprise(temperature: float) -> float:
        return -float(np.log(softmax(scores * temperature)[rows, truth] + 1e-12).mean())

    return float(min(TEMPERATURES, key=surprise))


def _limits(rows: np.ndarray, truth: np.ndarray, names: list[str], options: Options) -> Limits:
    """Limits that refuse no more than the options allow."""
    limits = Limits()
    right = rows.argmax(axis=1) == truth
    known = right
    if OUT_OF_SCOPE in names:
        foreign = names.index(OUT_OF_SCOPE)
        own = truth != foreign
        limits.scope = float(np.quantile(_scope(rows, foreign)[own], options.refused_scope))
        known = right & own
    if known.any():
        best = rows.max(axis=1)[known]
        limits.confidence = float(np.quantile(best, options.refused_unsure))
    return limits


def _scope(rows: np.ndarray, foreign: int) -> np.ndarray:
    others = np.delete(rows, foreign, axis=1).max(axis=1)
    return others / (others + rows[:, foreign] + 1e-12)


def mistype(text: str, dice: random.Random) -> str:
    """One slip of the keyboard: a letter dropped, doubled, swapped or its neighbour hit."""
    letters = list(text)
    places = [i for i, letter in enumerate(letters[:-1]) if letter.isalpha()]
    if len(places) < 3:
        return text
    at, kind = dice.choice(places), dice.randrange(4)
    if kind == 0:
        del letters[at]
    elif kind == 1:
        letters.insert(at, letters[at])
    elif kind == 2:
        letters[at], letters[at + 1] = letters[at + 1], letters[at]
    else:
        row = next((r for r in _KEYS if letters[at].lower() in r), None)
        if row:
            place = row.index(letters[at].lower())
            letters[at] = row[place - 1 if place else 1]
    return "".join(letters)
