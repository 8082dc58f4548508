"""Suggested replies: articles and canned answers that fit what the customer said last.

The NLU's ranking of the customer's last messages decides; how alike the texts are orders those
that it ranks alike. A suggestion is never sent by itself.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from frontline.turns import Author, Turn
from handoff.canned import Canned
from handoff.case import Case
from handoff.evidence import compact, intent_of, list_of, mapping_of, text_of
from handoff.knowledge import Knowledge
from handoff.lexical import Index
from handoff.places import fill, order_of, unfilled

SHOWN = 5
HEARD = 4
"""The customer's messages that count."""
FADING = 0.6
"""How much less each earlier message counts."""
NLU_WEIGHT = 0.7
NLU_WEIGHT_UNREAD = 0.5
LEAST_SCORE = 0.25
CLEARLY_ALIKE = 0.25
"""A likeness from here on is as good as any."""
_ACTS = frozenset(
    {"affirm", "deny", "inform", "nlu_fallback", "out_of_scope", "greet", "repeat", "stop", "help",
     "bot_challenge", "change_language"}
)  # fmt: skip
"""Intents that carry no matter of their own."""


class Suggestion(msgspec.Struct, frozen=True):
    """A reply the agent may take, change or leave."""

    source: Literal["article", "canned"]
    id: str
    title: str
    text: str
    """Filled in; no place is open."""
    score: float
    """0 to 1."""
    suggestion: Literal[True] = True


class _Candidate(msgspec.Struct, frozen=True):
    source: Literal["article", "canned"]
    id: str
    title: str
    text: str
    intents: Sequence[str]


def suggest(
    case: Case,
    turns: Sequence[Turn],
    knowledge: Knowledge,
    canned: Sequence[Canned],
    *,
    agent: str | None = None,
    limit: int = SHOWN,
) -> list[Suggestion]:
    """Replies in the customer's language, best first.

    Args:
        case: the case; its places are filled from it.
        turns: of its conversation.
        knowledge: the articles.
        canned: the canned answers, in any language.
        agent: the name of the agent who will send it; None = the case's.
        limit: at most so many.
    """
    heard = _heard(turns)
    meant = _meant(case, heard)
    candidates = _candidates(case, knowledge, canned, agent)
    said = _already_said(turns)
    candidates = [c for c in candidates if compact(c.text) not in said]
    alike = _alike([f"{c.title} {c.text}" for c in candidates], heard)
    # What is said to an agent does not pass the NLU, so that its words must tell more.
    share = NLU_WEIGHT if heard and heard[0][1].nlu else NLU_WEIGHT_UNREAD
    scored = [
        (round(share * _fit(c, meant) + (1 - share) * near, 3), -place, c)
        for place, (c, near) in enumerate(zip(candidates, alike, strict=True))
    ]
    best = sorted((s for s in scored if s[0] >= LEAST_SCORE), key=lambda s: s[:2], reverse=True)
    return [Suggestion(c.source, c.id, c.title, c.text, score) for score, _, c in best[:limit]]


def _heard(turns: Sequence[Turn]) -> list[tuple[float, Turn]]:
    """The customer's last messages with their weights, newest first.

    Bare answers to the bot ("yes", a number) take no place: the matter was named before them.
    """
    own = sorted((t for t in turns if t.author == Author.CUSTOMER), key=lambda t: -t.seq)
    telling = [t for t in own if intent_of(t) not in _ACTS or not t.nlu]
    return [(FADING**age, turn) for age, turn in enumerate(telling[:HEARD])]


def _meant(case: Case, heard: Sequence[tuple[float, Turn]]) -> dict[str, float]:
    """What the customer means: intents with 0 to 1, the likeliest having 1."""
    meant: dict[str, float] = {}
    for weight, turn in heard:
        nlu = mapping_of(turn.nlu)
        _add(meant, list_of(nlu.get("ranking")) or [nlu.get("intent")], weight)
    if not meant:
        intent = mapping_of(mapping_of(case.context).get("intent"))
        _add(meant, list_of(intent.get("ranking")), 1.0)
    slots = mapping_of(mapping_of(case.context).get("slots"))
    for name in (text_of(slots.get("form")), text_of(slots.get("topic"))):
        if name and name not in meant:
            meant[name] = 0.3 * max(meant.values(), default=1.0)
    top = max(meant.values(), default=0.0)
    return {name: weight / top for name, weight in meant.items()} if top > 0 else {}


def _add(meant: dict[str, float], ranking: Sequence[object], weight: float) -> None:
    for entry in ranking:
        pair = mapping_of(entry)
        name, confidence = text_of(pair.get("name")), pair.get("confidence")
        if name and name not in _ACTS and isinstance(confidence, int | float):
            meant[name] = meant.get(name, 0.0) + weight * max(0.0, min(1.0, confidence))


def _candidates(
    case: Case, knowledge: Knowledge, canned: Sequence[Canned], agent: str | None
) -> list[_Candidate]:
    """Ready texts whose places could all be filled."""
    # In the bot's responses that may be offered, {number} is the order's.
    order = {"number": order_of(case)}
    name = {"agent": agent} if agent else {}
    filled = [
        _Candidate("article", a.id, a.title, fill(a.text, case, order), a.intents)
        for a in knowledge.articles(case.language)
        if a.ready
    ]
    filled += [
        _Candidate("canned", c.id, c.title, fill(c.text, case, name), c.intents)
        for c in canned
        if c.language == case.language
    ]
    return [candidate for candidate in filled if not unfilled(candidate.text)]


def _already_said(turns: Sequence[Turn]) -> str:
    """What the bot and the agents have said; saying it again does not help."""
    return "|".join(compact(t.text) for t in turns if t.author != Author.CUSTOMER)


def _fit(candidate: _Candidate, meant: Mapping[str, float]) -> float:
    return max((meant.get(intent, 0.0) for intent in candidate.intents), default=0.0)


def _alike(texts: Sequence[str], heard: Sequence[tuple[float, Turn]]) -> list[float]:
    """How alike each text is to the customer's words, relative to the most alike: 0 to 1."""
    if not texts or not heard:
        return [0.0] * len(texts)
    index, sums = Index(texts), [0.0] * len(texts)
    for weight, turn in heard:
        sums = [s + weight * near for s, near in zip(sums, index.scores(turn.text), strict=True)]
    scale = max(max(sums), CLEARLY_ALIKE * sum(weight for weight, _ in heard))
    return [one / scale for one in sums]
