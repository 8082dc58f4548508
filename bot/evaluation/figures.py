"""The figures of one file."""

from __future__ import annotations

from collections import Counter
from typing import Any

from evaluation.rows import OUT_OF_SCOPE, Outcome

REFUSED = 0.05
"""Share of real questions that may be refused when the recall of out-of-scope ones is taken."""
BINS = 10
EXAMPLES = 2
CONFUSIONS = 20


def report(name: str, outcome: Outcome) -> dict[str, Any]:
    """The figures of one file, as `--json` prints them."""
    expected = [r.intent for r in outcome.rows]
    right = outcome.right
    count = len(right)
    known = [n for n, e in enumerate(expected) if e != OUT_OF_SCOPE]
    return {
        "file": name,
        "n": count,
        "accuracy": round(sum(right) / count, 4),
        "macro_f1": round(macro_f1(expected, outcome.got), 4),
        "refused": round(sum(outcome.refused[n] for n in known) / max(1, len(known)), 4),
        "out_of_scope": {
            "n": count - len(known),
            "recall_at_5pct_refused": out_of_scope_recall(expected, outcome.in_scope),
        },
        "entities": entity_scores(outcome),
        "intents": intent_scores(expected, outcome.got),
        "calibration": calibration(outcome.confidence, right),
        "parse_ms": parse_times(outcome.seconds),
        "confusions": confusions(outcome),
        "wrong": [
            {"text": row.text, "expected": row.intent, "got": got, "confidence": round(sure, 3)}
            for row, got, sure, ok in zip(
                outcome.rows, outcome.got, outcome.confidence, right, strict=True
            )
            if not ok
        ],
    }


def macro_f1(expected: list[str], got: list[str]) -> float:
    """Mean F1 over the intents that the file expects."""
    hits = Counter(e for e, g in zip(expected, got, strict=True) if e == g)
    want, have = Counter(expected), Counter(got)
    return sum(2 * hits[n] / (want[n] + have[n]) for n in want) / len(want)


def out_of_scope_recall(expected: list[str], in_scope: list[float]) -> float | None:
    """Share of out-of-scope sentences refused at the score that refuses 5 % of the others."""
    foreign = [s for e, s in zip(expected, in_scope, strict=True) if e == OUT_OF_SCOPE]
    own = sorted(s for e, s in zip(expected, in_scope, strict=True) if e != OUT_OF_SCOPE)
    if not foreign or not own:
        return None
    threshold = own[int(len(own) * REFUSED)]
    return round(sum(s < threshold for s in foreign) / len(foreign), 4)


def scores(want: Counter[str], have: Counter[str], hits: Counter[str]) -> dict[str, Any]:
    """Precision, recall and F1 of each name."""
    return {
        name: {
            "n": want[name],
            "precision": round(hits[name] / have[name], 4) if have[name] else 0.0,
            "recall": round(hits[name] / want[name], 4) if want[name] else 0.0,
            "f1": round(2 * hits[name] / (want[name] + have[name]), 4),
        }
        for name in sorted(want | have)
    }


def intent_scores(expected: list[str], got: list[str]) -> dict[str, Any]:
    """Precision, recall and F1 of each intent."""
    hits = Counter(e for e, g in zip(expected, got, strict=True) if e == g)
    return scores(Counter(expected), Counter(got), hits)


def entity_scores(outcome: Outcome) -> dict[str, Any]:
    """Precision, recall and F1 of each kind of entity; kind and surface must agree."""
    want, have, hits = Counter[str](), Counter[str](), Counter[str]()
    for row, found in zip(outcome.rows, outcome.entities, strict=True):
        want.update(kind for kind, _ in row.entities)
        have.update(kind for kind, _ in found)
        hits.update(kind for kind, _ in row.entities & found)
    return scores(want, have, hits)


def confusions(outcome: Outcome) -> list[dict[str, Any]]:
    """The pairs of intents that are mistaken most, with sentences to look at."""
    texts: dict[tuple[str, str], list[str]] = {}
    for row, got in zip(outcome.rows, outcome.got, strict=True):
        if row.intent != got:
            texts.setdefault((row.intent, got), []).append(row.text)
    ordered = sorted(texts.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        {"expected": expected, "got": got, "n": len(found), "examples": found[:EXAMPLES]}
        for (expected, got), found in ordered[:CONFUSIONS]
    ]


def calibration(confidence: list[float], right: list[bool]) -> dict[str, Any]:
    """Whether 70 % sure means right in 7 of 10 cases: expected calibration error, and its bins."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for sure, ok in zip(confidence, right, strict=True):
        bins[min(BINS - 1, max(0, int(sure * BINS)))].append((sure, ok))
    rows, error = [], 0.0
    for number, inside in enumerate(bins):
        n = len(inside)
        mean = sum(sure for sure, _ in inside) / n if n else 0.0
        share = sum(ok for _, ok in inside) / n if n else 0.0
        error += abs(mean - share) * n / max(1, len(right))
        rows.append(
            {
                "from": number / BINS,
                "to": (number + 1) / BINS,
                "n": n,
                "confidence": round(mean, 4),
                "accuracy": round(share, 4),
            }
        )
    return {"ece": round(error, 4), "bins": rows}


def parse_times(seconds: list[float]) -> dict[str, float]:
    """Milliseconds of one sentence."""
    ordered = sorted(seconds)

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000, 2)

    return {"p50": at(0.5), "p95": at(0.95)}
