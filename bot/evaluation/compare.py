"""What changed between two bots, and whether one fell below what it has to reach."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from evaluation.figures import intent_scores
from evaluation.rows import EvaluationError, Outcome

ENOUGH = 10
"""On fewer sentences a figure says too little to be held against a default floor."""


def compare(name: str, before: Outcome, after: Outcome) -> dict[str, Any]:
    """Sentences that are read differently now, and each intent's F1 before and after.

    `better`: wrong before and right now; `worse`: the other way round; `other`: wrong in another
    way.
    """
    changed: dict[str, list[dict[str, Any]]] = {"better": [], "worse": [], "other": []}
    for row, old, new in zip(after.rows, before.got, after.got, strict=True):
        if old != new:
            kind = "better" if new == row.intent else "worse" if old == row.intent else "other"
            changed[kind].append(
                {"text": row.text, "expected": row.intent, "before": old, "after": new}
            )
    expected = [row.intent for row in after.rows]
    old_scores = intent_scores(expected, before.got)
    new_scores = intent_scores(expected, after.got)
    intents = {}
    for intent in sorted(old_scores | new_scores):
        was = old_scores.get(intent, {"f1": 0.0})["f1"]
        now = new_scores.get(intent, {"f1": 0.0})["f1"]
        if was != now:
            intents[intent] = {"before": was, "after": now, "delta": round(now - was, 4)}
    count = len(expected)
    return {
        "model": name,
        "accuracy_before": round(sum(before.right) / count, 4),
        "accuracy_after": round(sum(after.right) / count, 4),
        **changed,
        "intents": intents,
    }


def read_floors(path: Path) -> dict[str, Any]:
    """The floors: for each file, named as seen from the floors' own folder, what it must reach.

    `{"pl/chat.tsv": {"accuracy": 0.9, "out_of_scope": 0.5, "entities": {"date": 0.9}}}`; under
    `default` is what holds for files that are not named.

    Raises:
        EvaluationError: there is no such file, or it is not of this form.
    """
    try:
        floors = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EvaluationError(f"{path}: {error}") from None
    if not isinstance(floors, dict) or not all(isinstance(f, dict) for f in floors.values()):
        raise EvaluationError(f"{path}: not an object of objects")
    return floors


def below(floors: dict[str, Any], folder: Path, reports: list[dict[str, Any]]) -> list[str]:
    """A sentence for each figure that is below its floor, or that has a floor and is missing."""
    found = []
    for one in reports:
        name = _seen_from(folder, Path(one["file"]))
        named = name in floors
        for key, least in _flat(floors.get(name, floors.get("default", {}))).items():
            value, count = _figure(one, key)
            if named and value is None:
                found.append(f"{name}: no {key} to measure, but it has a floor of {least:.1%}")
            elif value is not None and value < least and (named or count >= ENOUGH):
                found.append(f"{name}: {key} {value:.1%} is below {least:.1%}")
    return found


def _flat(floor: dict[str, Any]) -> dict[str, float]:
    entities = {f"F1 of {kind}": least for kind, least in floor.get("entities", {}).items()}
    return {key: value for key, value in floor.items() if key != "entities"} | entities


def _figure(report: dict[str, Any], key: str) -> tuple[float | None, int]:
    """A figure of a report, and on how many sentences or entities it rests."""
    if key == "accuracy":
        return report["accuracy"], report["n"]
    if key == "out_of_scope":
        return report["out_of_scope"]["recall_at_5pct_refused"], report["out_of_scope"]["n"]
    score = report["entities"].get(key.removeprefix("F1 of "), {})
    return score.get("f1"), score.get("n", 0)


def _seen_from(folder: Path, path: Path) -> str:
    try:
        return path.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        return path.name
