"""Measure the bot on sentences it has not seen: `python -m evaluate FILE.tsv … [--json]`.

Lines are `intent<TAB>text<TAB>entities`, entities written `type=surface;type=surface`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
import urllib.request
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quiet import quieten, quieten_rasa

HERE = Path(__file__).resolve().parent
FALLBACK = "nlu_fallback"
OUT_OF_SCOPE = "out_of_scope"
OWN_ENTITIES = frozenset({"language", "language_chosen"})
REFUSED = 0.05
"""Share of real questions that may be refused when the recall of out-of-scope ones is taken."""

Parse = Callable[[str], dict[str, Any]]


class EvaluationError(Exception):
    """A file or the bot cannot be read; the message says which and why."""


@dataclass(frozen=True)
class Row:
    """One labelled sentence."""

    intent: str
    text: str
    entities: frozenset[tuple[str, str]]


@dataclass
class Outcome:
    """What the bot made of a file."""

    rows: list[Row]
    got: list[str] = field(default_factory=list)
    confidence: list[float] = field(default_factory=list)
    refused: list[bool] = field(default_factory=list)
    in_scope: list[float] = field(default_factory=list)
    """How clearly the best intent other than out_of_scope stands out; small = refuse."""
    entities: list[frozenset[tuple[str, str]]] = field(default_factory=list)


def read_rows(path: Path) -> list[Row]:
    """Read a file of labelled sentences.

    Raises:
        EvaluationError: the file is missing, empty, or a line has no intent and text.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path}: {error}") from None
    rows = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if number == 1 and cells[0].strip() == "intent":
            continue
        if len(cells) < 2 or not cells[0].strip():
            raise EvaluationError(f"{path}:{number}: not intent<TAB>text<TAB>entities")
        marks = cells[2].split(";") if len(cells) > 2 else []
        pairs = (mark.partition("=")[::2] for mark in marks if "=" in mark)
        entities = frozenset((kind.strip(), _plain(surface)) for kind, surface in pairs)
        rows.append(Row(cells[0].strip(), cells[1], entities))
    if not rows:
        raise EvaluationError(f"{path}: no sentences")
    return rows


def _plain(surface: str) -> str:
    return " ".join(surface.casefold().split()).strip(" .,:;!?()\"'")


def run(rows: list[Row], parse: Parse) -> Outcome:
    """Put every sentence to the bot."""
    outcome = Outcome(rows)
    for row in rows:
        data = parse(row.text)
        ranking = [r for r in data.get("intent_ranking") or [] if r["name"] != FALLBACK]
        scores = {r["name"]: r["confidence"] for r in ranking}
        best = ranking[0] if ranking else {"name": FALLBACK, "confidence": 0.0}
        real = max((s for n, s in scores.items() if n != OUT_OF_SCOPE), default=0.0)
        outcome.got.append(best["name"])
        outcome.confidence.append(best["confidence"])
        outcome.refused.append((data.get("intent") or {}).get("name") == FALLBACK)
        outcome.in_scope.append(real - scores.get(OUT_OF_SCOPE, 0.0))
        found = frozenset(
            (e["entity"], _plain(row.text[e["start"] : e["end"]]))
            for e in data.get("entities") or []
            if e["entity"] not in OWN_ENTITIES and e.get("start") is not None
        )
        outcome.entities.append(found)
    return outcome


def report(name: str, outcome: Outcome) -> dict[str, Any]:
    """The figures of one file."""
    expected = [r.intent for r in outcome.rows]
    right = [e == g for e, g in zip(expected, outcome.got, strict=True)]
    pairs = Counter((e, g) for e, g in zip(expected, outcome.got, strict=True) if e != g)
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
        "confusions": [{"expected": e, "got": g, "n": n} for (e, g), n in pairs.most_common(10)],
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


def entity_scores(outcome: Outcome) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 of each kind of entity; kind and surface must agree."""
    want, have, hits = Counter[str](), Counter[str](), Counter[str]()
    for row, found in zip(outcome.rows, outcome.entities, strict=True):
        want.update(kind for kind, _ in row.entities)
        have.update(kind for kind, _ in found)
        hits.update(kind for kind, _ in row.entities & found)
    return {
        kind: {
            "n": want[kind],
            "precision": round(hits[kind] / have[kind], 4) if have[kind] else 0.0,
            "recall": round(hits[kind] / want[kind], 4) if want[kind] else 0.0,
            "f1": round(2 * hits[kind] / (want[kind] + have[kind]), 4),
        }
        for kind in sorted(want | have)
    }


def table(reports: list[dict[str, Any]]) -> str:
    """The figures for people."""
    lines = [f"{'file':32} {'n':>5} {'accuracy':>9} {'macro F1':>9} {'refused':>8} {'OOS@5%':>7}"]
    for one in reports:
        recall = one["out_of_scope"]["recall_at_5pct_refused"]
        shown = "-" if recall is None else f"{recall:.1%}"
        lines.append(
            f"{one['file'][-32:]:32} {one['n']:5} {one['accuracy']:9.1%} {one['macro_f1']:9.1%} "
            f"{one['refused']:8.1%} {shown:>7}"
        )
    for one in reports:
        lines.append(f"\n{one['file']}: entities (precision, recall, F1)")
        for kind, score in one["entities"].items():
            figures = f"{score['precision']:6.1%} {score['recall']:6.1%} {score['f1']:6.1%}"
            lines.append(f"  {kind:14} {figures}  of {score['n']}")
        lines.extend(f"  {c['expected']} taken for {c['got']}: {c['n']}" for c in one["confusions"])
    return "\n".join(lines)


def running_bot(url: str) -> Parse:
    """Parse through a running bot's `/model/parse`.

    Raises:
        EvaluationError: the URL is not http.
    """
    if not url.startswith(("http://", "https://")):
        raise EvaluationError(f"{url}: not an http URL")

    def parse(text: str) -> dict[str, Any]:
        body = json.dumps({"text": text}).encode()
        request = urllib.request.Request(url.rstrip("/") + "/model/parse", data=body)  # noqa: S310
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return json.loads(answer.read())
        except OSError as error:
            raise EvaluationError(f"{url}: {error}") from None

    return parse


def trained_bot(model: Path) -> Parse:
    """Parse in this process with a trained model.

    Raises:
        EvaluationError: there is no such model, or it cannot be loaded.
    """
    if not model.is_file():
        raise EvaluationError(f"{model} does not exist: train the bot first")
    quieten(logging.ERROR)
    sys.path.insert(0, str(HERE))
    from no_tensorflow import without_tensorflow

    without_tensorflow(HERE / "config.yml")
    import rasa.core.agent
    from rasa.core.channels.channel import UserMessage
    from rasa.shared.exceptions import RasaException

    import patches

    quieten_rasa(logging.ERROR)
    patches.apply()
    try:
        agent = rasa.core.agent.Agent.load(model)
    except RasaException as error:
        raise EvaluationError(f"{model}: {error}") from None
    loop = asyncio.new_event_loop()
    return lambda text: loop.run_until_complete(agent.processor.parse_message(UserMessage(text)))


def main(arguments: list[str] | None = None) -> int:
    """Evaluate the files and print the figures; 1 when that was not possible."""
    parser = argparse.ArgumentParser(prog="evaluate", description="Measure the bot on TSV files.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.tsv")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--url", help="a running bot, for example http://127.0.0.1:5005")
    parser.add_argument("--model", type=Path, default=HERE / "models" / "frontline.tar.gz")
    chosen = parser.parse_args(arguments)
    try:
        files = [(str(path), read_rows(path)) for path in chosen.files]
        parse = running_bot(chosen.url) if chosen.url else trained_bot(chosen.model)
        reports = [report(name, run(rows, parse)) for name, rows in files]
    except EvaluationError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 1
    print(json.dumps({"files": reports}, ensure_ascii=False) if chosen.json else table(reports))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
