"""Everything that editors write, read once, with file and line."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import yaml

from tools.content.near import NearIndex
from tools.content.problems import Problems
from tools.content.yaml_tree import child, entries, items, line_of, scalar, tree

LANGUAGES = ("pl", "en")
CHANNELS = ("web", "voice")
LEAST = 1
"""How many sentences an intent needs for which intents.yml names no number."""

NEAR = 0.75
"""From this resemblance on two sentences are almost the same."""

MARK = re.compile(r"\[([^\[\]]+)\](?:\(([^()]*)\)|(\{[^{}]*\}))")
"""An entity marked in a sentence: `[text](name)`, `[text](name:value)` or `[text]{…}`."""

Place = tuple[Path, int]
"""File and line."""


def fold(text: str) -> str:
    """Small letters without diacritics and punctuation: what counts as the same sentence."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in plain.replace("ł", "l") if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", letters)) or text.strip()


class Sentence:
    """A sentence labelled with an intent."""

    def __init__(self, path: Path, line: int, intent: str, text: str) -> None:
        self.where: Place = (path, line)
        self.intent = intent
        self.text = text

    @cached_property
    def folded(self) -> str:
        """Without mark-up, and folded."""
        return fold(MARK.sub(r"\1", self.text) if "[" in self.text else self.text)


class Button:
    """One button below an answer."""

    def __init__(self, node: yaml.Node, path: Path) -> None:
        self.where: Place = (path, line_of(node))
        self.title = scalar(child(node, "title"))
        self.payload = scalar(child(node, "payload"))


class Response:
    """One variant of a response."""

    def __init__(self, name: str, node: yaml.Node, path: Path) -> None:
        self.name = name
        self.where: Place = (path, line_of(node))
        self.text = scalar(child(node, "text"))
        self.channel = scalar(child(node, "channel")) or "web"
        self.buttons = [Button(button, path) for button in items(child(node, "buttons"))]
        conditions = items(child(node, "condition"))
        self.slots = {scalar(child(c, "name")): scalar(child(c, "value")) for c in conditions}
        """Slots that its condition asks for, and their values."""

    @property
    def language(self) -> str:
        """The language it is for: the condition on the slot, else Polish."""
        return self.slots.get("language", "pl")


class Content:
    """What is checked."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems = Problems(root)
        self.intents: dict[str, Place] = {}
        """The contract, nlu_data/intents.yml."""
        self.minimum: dict[str, dict[str, int]] = {}
        self.confused: list[tuple[str, Place]] = []
        self.sentences: dict[str, list[Sentence]] = {language: [] for language in LANGUAGES}
        self.responses: dict[str, list[Response]] = defaultdict(list)
        self.domain: dict[str, dict[str, Place]] = defaultdict(dict)
        """Names under `intents`, `actions`, `entities`, `slots` and `forms` of bot/domain."""
        self.mapped_entities: list[tuple[str, Place]] = []
        """Entities that fill slots."""
        self._read_contract()
        for language in LANGUAGES:
            for path in sorted((root / "nlu_data" / language).rglob("*.yml")):
                self.sentences[language] += self._sentences(path)
        for path in sorted((root / "bot" / "domain").rglob("*.yml")):
            self._read_domain(path)

    def all_sentences(self) -> list[Sentence]:
        """Those of all languages, in the order of files and lines."""
        return [sentence for language in LANGUAGES for sentence in self.sentences[language]]

    @cached_property
    def near(self) -> NearIndex:
        """Finds those of `all_sentences` that resemble one."""
        return NearIndex([sentence.folded for sentence in self.all_sentences()], NEAR)

    def all_responses(self) -> Iterator[Response]:
        """Every variant of every response."""
        for variants in self.responses.values():
            yield from variants

    def _read_contract(self) -> None:
        path = self.root / "nlu_data" / "intents.yml"
        for item in items(child(tree(path, self.problems), "intents")):
            name, where = scalar(child(item, "name")), (path, line_of(item))
            if name in self.intents:
                self.problems.add(where, "twice", f"intent {name} is described twice; keep one")
            self.intents[name] = where
            self.minimum[name] = {
                language: int(scalar(number) or LEAST)
                for language, _, number in entries(child(item, "minimum"))
            }
            for pair in items(child(item, "confused_with")):
                self.confused.append((scalar(child(pair, "intent")), (path, line_of(pair))))

    def _sentences(self, path: Path) -> Iterator[Sentence]:
        for block in items(child(tree(path, self.problems), "nlu")):
            intent, examples = child(block, "intent"), child(block, "examples")
            if intent is None:
                continue  # synonyms, look-ups and regular expressions hold no sentences
            if not isinstance(examples, yaml.ScalarNode) or examples.style != "|":
                what = "the sentences of an intent stand below the line `examples: |`"
                self.problems.add((path, line_of(block)), "yaml", what)
                continue
            for offset, line in enumerate(str(examples.value).split("\n")):
                at = examples.start_mark.line + 2 + offset
                if line.startswith("- "):
                    yield Sentence(path, at, scalar(intent), line[2:].strip())
                elif line.strip():
                    what = "a sentence begins with a hyphen and a space, and fills one line"
                    self.problems.add((path, at), "yaml", what)

    def _read_domain(self, path: Path) -> None:
        domain = tree(path, self.problems)
        for key in ("intents", "actions", "entities"):
            for item in items(child(domain, key)):
                self.domain[key][scalar(item)] = (path, line_of(item))
        for key in ("slots", "forms"):
            for name, node, value in entries(child(domain, key)):
                self.domain[key][name] = (path, line_of(node))
                for mapping in items(child(value, "mappings")):
                    entity = child(mapping, "entity")
                    if entity is not None:
                        self.mapped_entities.append((scalar(entity), (path, line_of(mapping))))
        for name, node, variants in entries(child(domain, "responses")):
            if name in self.responses:
                what = f"{name} is defined twice; the bot would keep only one of them"
                self.problems.add((path, line_of(node)), "twice", what)
            self.responses[name] += [Response(name, v, path) for v in items(variants)]
