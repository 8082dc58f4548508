"""Two questions in one message: cut it into clauses and see whether two of them ask."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

MAX_CLAUSES = 6

ACTS = frozenset(
    {"greet", "goodbye", "thank", "affirm", "deny", "inform", "help", "bot_challenge", "repeat",
     "stop", "change_language", "out_of_scope", "angry", "nlu_fallback"}
)  # fmt: skip
"""Intents that are not a question of their own next to another one."""

LIKELY = 0.6
"""Share of the needed certainty that suffices between two questions that touch."""

COURTESIES = frozenset({"greet", "goodbye", "thank"})
"""Intents that give way to any question in the same message."""

_CUTS = re.compile(
    r"(?:[.?!;]+(?=\s|$))|\n+"
    r"|(?:\s*[,–-]\s+|\s+)(?=(?:i|oraz|a|and|also|plus)\s+"
    r"(?:czy|jak|jaki|jakie|jaka|kiedy|gdzie|ile|do\s+której|do\s+ktorej|od\s+której|od\s+ktorej|"
    r"o\s+której|o\s+ktorej|w\s+jakich|co|chcę|chce|chciał\w*|chcial\w*|proszę|prosze|potrzebuj\w*|"
    r"przy\s+okazji|poza\s+tym|jeszcze|także|takze|też|tez|na\s+którą|dlaczego|"
    r"when|where|what|how|which|who|why|can|could|do|does|is|are|i\s+want|i\s+need|i'd|please|"
    r"by\s+the\s+way|also)\b)"
    r"|,\s+(?=(?:a\s+przy\s+okazji|przy\s+okazji|poza\s+tym|oprócz\s+tego|oprocz\s+tego|"
    r"by\s+the\s+way|also|jeszcze)\b)",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^(?:i|oraz|a|and|also|plus)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Clause:
    """A part of a message that may be a question of its own."""

    text: str
    intent: str
    confidence: float
    asking: float = 0.0
    """Probability that it asks something at all, whichever of the questions it is."""

    def asks(self, sure: float) -> bool:
        """Whether it is a question: its intent is sure, or it is sure that it is some question."""
        likely = self.confidence >= sure * LIKELY and self.asking >= sure
        return self.intent not in ACTS and (self.confidence >= sure or likely)


def split(text: str) -> list[str]:
    """Clauses of a message with at least two words each; empty when there is only one."""
    parts = [_LEADING.sub("", p.strip(" ,.-–")) for p in _CUTS.split(text) if p]
    parts = [p for p in parts if len(p.split()) >= 2][:MAX_CLAUSES]
    return parts if len(parts) > 1 else []


def judge(
    ranking: list[dict[str, Any]], clauses: list[Clause], sure: float
) -> tuple[Clause | None, Clause | None]:
    """The clause that should replace the whole message's intent, and the second question.

    Args:
        ranking: intents of the whole message, best first.
        clauses: its clauses with their own best intent.
        sure: probability from which a clause is believed.
    """
    asks = [c for c in clauses if c.asks(sure)]
    if not asks:
        return None, None
    whole = ranking[0]
    attested = any(c.intent == whole["name"] for c in asks)
    if not attested and whole["name"] not in COURTESIES and whole["confidence"] >= sure:
        return None, None
    first = asks[0]
    second = next((c for c in asks if c.intent != first.intent), None)
    return (None if first.intent == whole["name"] else first), second
