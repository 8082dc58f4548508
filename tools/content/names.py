"""Checks of names: intents, actions, slots, entities and responses exist, and are used."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from tools.content.read import Content, Place
from tools.content.yaml_tree import child, items, line_of, scalar, tree

BUILT_IN_INTENTS = {"nlu_fallback", "session_start", "restart", "back"}
BUILT_IN_ACTIONS = {"action_listen", "action_restart", "action_session_start"}
BUILT_IN_SLOTS = {"requested_slot", "session_started_metadata"}


def check_use(content: Content) -> None:
    """Responses used by actions exist, and those that exist are used."""
    used: set[str] = set()
    for path in sorted((content.root / "actions").rglob("*.py")):
        for line, pattern in response_names(path):
            fitting = {name for name in content.responses if re.fullmatch(pattern, name)}
            if not fitting and pattern.startswith("utter_"):
                shown = pattern.replace(".+", "…")
                content.problems.add((path, line), "unknown", f"no response {shown} in bot/domain")
            used |= fitting
    used |= {scalar(child(step, "action")) for _, step in rule_steps(content)}
    for name, variants in content.responses.items():
        if name not in used and variants:
            what = f"no action uses {name}; delete it, or ask a developer"
            content.problems.add(variants[0].where, "unused", what)


def response_names(path: Path) -> Iterator[tuple[int, str]]:
    """Names of responses in a module, as regular expressions: f-strings have gaps.

    One that begins with a gap, as in `f"{response}_some_day"`, may name something else altogether.
    """
    module = ast.parse(path.read_text("utf-8"))
    inside = {id(p) for n in ast.walk(module) if isinstance(n, ast.JoinedStr) for p in n.values}
    for node in ast.walk(module):
        pattern = ""
        if isinstance(node, ast.JoinedStr):
            fixed = (p.value if isinstance(p, ast.Constant) else None for p in node.values)
            pattern = "".join(".+" if p is None else re.escape(str(p)) for p in fixed)
        elif isinstance(node, ast.Constant) and id(node) not in inside:
            pattern = re.escape(node.value) if isinstance(node.value, str) else ""
        if isinstance(node, ast.expr) and re.match(r"(utter|\.\+)_[a-z_.+]+$", pattern):
            yield node.lineno, pattern


def check_rules(content: Content) -> None:
    """Rules name known intents, actions and slots, and every intent has one."""
    known = {
        "intent": content.intents.keys() | BUILT_IN_INTENTS,
        "action": content.domain["actions"].keys()
        | content.responses.keys()
        | content.domain["forms"].keys()
        | BUILT_IN_ACTIONS,
    }
    at = {"intent": "nlu_data/intents.yml", "action": "bot/domain"}
    ruled: set[str] = set()
    for path, step in rule_steps(content):
        where = (path, line_of(step))
        for key, names in known.items():
            name = scalar(child(step, key))
            if name and name not in names:
                content.problems.add(where, "unknown", f"{key} {name} is not in {at[key]}")
        for entity in items(child(step, "entities")):
            _know(content, "entities", scalar(entity), where)
        for slot in items(child(step, "slot_was_set")):
            _know(content, "slots", scalar(slot), where)
        ruled.add(scalar(child(step, "intent")))
    for intent, where in content.intents.items():
        if intent not in ruled:
            what = f"no rule answers {intent}; add one in nlu_data/rules"
            content.problems.add(where, "no-rule", what)


def rule_steps(content: Content) -> Iterator[tuple[Path, yaml.Node]]:
    """Every step and condition of every rule and story."""
    for folder, key in (("rules", "rules"), ("stories", "stories")):
        for path in sorted((content.root / "nlu_data" / folder).rglob("*.yml")):
            for rule in items(child(tree(path, content.problems), key)):
                for part in ("condition", "steps"):
                    for step in items(child(rule, part)):
                        yield path, step


def check_domain(content: Content) -> None:
    """The domain has the intents of the contract, no more and no fewer; its names fit together."""
    for intent, where in content.intents.items():
        if intent not in content.domain["intents"]:
            content.problems.add(where, "unknown", f"intent {intent} is not in bot/domain; add it")
    for intent, where in content.domain["intents"].items():
        if intent not in content.intents.keys() | BUILT_IN_INTENTS:
            what = f"intent {intent} is not in nlu_data/intents.yml; describe it there"
            content.problems.add(where, "unknown", what)
    for intent, where in content.confused:
        if intent not in content.intents:
            content.problems.add(where, "unknown", f"confused_with names no intent: {intent}")
    for entity, where in content.mapped_entities:
        _know(content, "entities", entity, where)
    for variant in content.all_responses():
        for slot in variant.slots:
            _know(content, "slots", slot, variant.where)


def _know(content: Content, key: str, name: str, where: Place) -> None:
    """Complain of an unknown entity or slot."""
    if name not in content.domain[key] and name not in BUILT_IN_SLOTS:
        what = {"entities": "entity", "slots": "slot"}[key]
        content.problems.add(where, "unknown", f"{what} {name} is not in bot/domain; mend the name")
