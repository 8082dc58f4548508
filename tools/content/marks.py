"""Checks of entities marked in training sentences, as in `czy jest [lampa](product)`."""

import importlib
import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from tools.content.read import MARK, Content, Sentence, fold

BOT = Path(__file__).resolve().parents[2] / "bot"


def check_marks(content: Content) -> None:
    """Mark-up is whole, names known entities, and marks the same words everywhere in a file."""
    by_file: dict[Path, list[Sentence]] = defaultdict(list)
    for sentence in content.all_sentences():
        by_file[sentence.where[0]].append(sentence)
    for sentences in by_file.values():
        marked: dict[str, tuple[str, Sentence]] = {}
        for sentence in sentences:
            for surface, entity in _marks(content, sentence):
                marked.setdefault(fold(surface), (entity, sentence))
        if marked:
            _check_unmarked(content, sentences, marked)


def _marks(content: Content, sentence: Sentence) -> list[tuple[str, str]]:
    if "[" not in sentence.text and "]" not in sentence.text:
        return []
    rest = MARK.sub("", sentence.text)
    if "[" in rest or "]" in rest:
        what = "a square bracket without its partner or name; an entity is [words](name)"
        content.problems.add(sentence.where, "mark-up", what)
    found = []
    for mark in MARK.finditer(sentence.text):
        surface, named, described = mark.groups()
        entity = _described(described) if described else named.split(":")[0].strip()
        if entity not in content.domain["entities"]:
            what = f"entity {entity or '?'} is not in bot/domain; mend the name or ask a developer"
            content.problems.add(sentence.where, "mark-up", what)
        found.append((surface, entity))
    return found


def _described(braces: str) -> str:
    try:
        return str(json.loads(braces).get("entity", ""))
    except ValueError:
        return ""


def _check_unmarked(
    content: Content, sentences: list[Sentence], marked: dict[str, tuple[str, Sentence]]
) -> None:
    """The bot learns from an unmarked surface that it is no entity: one of the two is wrong."""
    some = "|".join(re.escape(s) for s in sorted(marked, key=len, reverse=True))
    pattern = re.compile(rf"\b(?:{some})\b")
    for sentence in sentences:
        plain = MARK.sub(" ", sentence.text)
        for surface in dict.fromkeys(pattern.findall(fold(plain))):
            entity, other = marked[surface]
            if (entity, surface) not in _found_by_rules(plain):
                what = f"“{surface}” is not marked here, but is {entity} in"
                what += f" {content.problems.place(other.where)}; mark both or neither"
                content.problems.add(sentence.where, "unmarked", what)


def _found_by_rules(text: str) -> set[tuple[str, str]]:
    found = _rules()(text)
    return {(one.entity, fold(text[one.start : one.end])) for one in found}


def _rules() -> Callable[[str], list]:  # type: ignore[type-arg]
    """The bot's own rules; they need nothing of Rasa, so they also run in this environment."""
    if str(BOT) not in sys.path:
        sys.path.append(str(BOT))
    find: Callable[[str], list] = importlib.import_module(  # type: ignore[type-arg]
        "components.entity_rules"
    ).find_entities
    return find
