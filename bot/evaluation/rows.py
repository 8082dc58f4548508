"""Labelled sentences, and what a bot made of them.

Lines are `intent<TAB>text<TAB>entities`, entities written `type=surface;type=surface`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FALLBACK = "nlu_fallback"
OUT_OF_SCOPE = "out_of_scope"
OWN_ENTITIES = frozenset({"language", "language_chosen"})

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
    """How surely the shop has to do with it; small = refuse. By the bot's own word, or else by how
    clearly the best intent other than out_of_scope stands out."""
    entities: list[frozenset[tuple[str, str]]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    """How long each answer took."""

    @property
    def right(self) -> list[bool]:
        """Whether each sentence was taken for what it is."""
        return [row.intent == got for row, got in zip(self.rows, self.got, strict=True)]


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
        began = time.perf_counter()
        data = parse(row.text)
        outcome.seconds.append(time.perf_counter() - began)
        ranking = [r for r in data.get("intent_ranking") or [] if r["name"] != FALLBACK]
        scores = {r["name"]: r["confidence"] for r in ranking}
        best = ranking[0] if ranking else {"name": FALLBACK, "confidence": 0.0}
        real = max((s for n, s in scores.items() if n != OUT_OF_SCOPE), default=0.0)
        outcome.got.append(best["name"])
        outcome.confidence.append(best["confidence"])
        outcome.refused.append((data.get("intent") or {}).get("name") == FALLBACK)
        # how many times likelier than out of scope: a difference would say the same of two near
        # certainties that are a thousand times apart
        outcome.in_scope.append(real / (real + scores.get(OUT_OF_SCOPE, 0.0) + 1e-12))
        found = frozenset(
            (e["entity"], _plain(row.text[e["start"] : e["end"]]))
            for e in data.get("entities") or []
            if e["entity"] not in OWN_ENTITIES and e.get("start") is not None
        )
        outcome.entities.append(found)
    return outcome
