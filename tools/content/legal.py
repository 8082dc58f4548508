"""Checks of nlu_data/legal.yml: which responses state the law, since when, until when to look."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import yaml

from tools.content.read import Content, Place
from tools.content.yaml_tree import child, items, line_of, scalar, tree

SOON = timedelta(days=30)
"""So long before its date a review is announced."""

STATEMENT = re.compile(
    r"\b14 dni|\b14 days|\bczternaście dni|\bfourteen days|\bart\.|\bustaw(?:[aęąy]?\b|ie\b|ow)"
    r"|rękojmi|niezgodno|gwarancj|\bRODO\b|\bGDPR\b|\bstatutory|odstąp|\bwithdraw",
    re.IGNORECASE,
)
"""What a legal statement sounds like. “Ustawienia” are settings and no “ustawa”."""

REQUIRED = ("name", "source", "valid_from", "review_by")


class _Reader(NamedTuple):
    content: Content
    path: Path
    today: date

    def complain(self, where: Place, kind: str, text: str) -> None:
        self.content.problems.add(where, kind, text)


def check_legal(content: Content, today: date) -> None:
    """Every legal statement has an entry, and every entry is valid and looked at in time."""
    path = content.root / "nlu_data" / "legal.yml"
    reader = _Reader(content, path, today)
    registry = tree(path, content.problems)
    named: set[str] = set()
    for entry in items(child(registry, "legal")):
        _check_entry(reader, entry)
        named |= _responses(reader, items(child(entry, "responses")), entry)
    harmless = items(child(registry, "not_legal"))
    for item in harmless:
        if not scalar(child(item, "reason")):
            reader.complain(
                (path, line_of(item)), "legal", "say in `reason` why it is no legal text"
            )
        node = child(item, "response")
        named |= _responses(reader, [node] if node else [], item)
    for name, variants in content.responses.items():
        for variant in variants:
            found = STATEMENT.search(variant.text)
            if found and name not in named:
                what = f"{name} states the law (“{found.group()}”); name it in nlu_data/legal.yml"
                reader.complain(variant.where, "legal", what)
                break


def _check_entry(reader: _Reader, entry: yaml.Node) -> None:
    where = (reader.path, line_of(entry))
    values = {key: scalar(child(entry, key)) for key in REQUIRED}
    for key in (key for key, value in values.items() if not value):
        reader.complain(where, "legal", f"{values['name'] or 'an entry'} has no {key}")
    dates = {key: _date(reader, entry, key) for key in ("valid_from", "review_by")}
    name, valid_from, review_by = values["name"], dates["valid_from"], dates["review_by"]
    if valid_from and valid_from > reader.today:
        what = f"{name} is valid from {valid_from} only; the bot says it already"
        reader.complain(where, "legal-date", what)
    if review_by and review_by < reader.today:
        what = f"{name} was to be looked at by {review_by}; check the law, then move review_by"
        reader.complain(where, "legal-date", what)
    elif review_by and review_by - SOON < reader.today:
        what = f"{name} is to be looked at by {review_by}; check the law, then move review_by"
        reader.complain(where, "review-soon", what)


def _date(reader: _Reader, entry: yaml.Node, key: str) -> date | None:
    node = child(entry, key)
    if node is None or not scalar(node):
        return None
    try:
        return date.fromisoformat(scalar(node))
    except ValueError:
        where = (reader.path, line_of(node))
        reader.complain(where, "legal", f"“{scalar(node)}” is no date; write 2026-12-31")
        return None


def _responses(reader: _Reader, nodes: list[yaml.Node], entry: yaml.Node) -> set[str]:
    if not nodes:
        reader.complain((reader.path, line_of(entry)), "legal", "the entry names no response")
    for node in nodes:
        if scalar(node) not in reader.content.responses:
            what = f"no response {scalar(node)} in bot/domain; mend or delete the name"
            reader.complain((reader.path, line_of(node)), "unknown", what)
    return {scalar(node) for node in nodes}
