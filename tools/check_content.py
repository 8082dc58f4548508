"""Check what editors write: training sentences, responses, rules. Mistakes come with file and line.

    frontline validate [FOLDER]     FOLDER: the project's root, for tests

Checked: YAML; the intents against nlu_data/intents.yml; a sentence in two intents, too few of them,
one that is also held out for measuring, personal data in one; responses in both languages for web
and voice, used and defined; rules. Ends with exit code 1 when there is a mistake.
"""

import ast
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

from frontline.redact import find_personal_data

LANGUAGES = ("pl", "en")
CHANNELS = ("web", "voice")
BUILT_IN_INTENTS = {"nlu_fallback", "session_start", "restart", "back"}
BUILT_IN_ACTIONS = {"action_listen", "action_restart", "action_session_start"}
ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")
PLACE = re.compile(r"\{(\w+)\}")
EXAMPLE_DOMAINS = re.compile(r"@(?:[\w-]+\.)*example\.(?:com|org|net)$", re.IGNORECASE)
NEVER_ALLOWED = {"pesel", "card"}


class Problem(NamedTuple):
    """A mistake and where it is."""

    path: Path
    line: int
    text: str


class Sentence(NamedTuple):
    """A sentence labelled with an intent."""

    path: Path
    line: int
    intent: str
    text: str

    @property
    def folded(self) -> str:
        """Small letters without diacritics, punctuation and annotations."""
        plain = unicodedata.normalize("NFKD", ANNOTATION.sub(r"\1", self.text).casefold())
        letters = "".join(c for c in plain.replace("ł", "l") if not unicodedata.combining(c))
        return " ".join(re.findall(r"\w+", letters)) or self.text.strip()


class Response(NamedTuple):
    """One variant of a response."""

    name: str
    path: Path
    line: int
    text: str
    language: str
    channel: str


class Content:
    """Everything that is checked, read once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.minimum: dict[str, dict[str, int]] = {}
        self.contract: dict[str, tuple[Path, int]] = {}
        self.sentences: dict[str, list[Sentence]] = {language: [] for language in LANGUAGES}
        self.responses: dict[str, list[Response]] = defaultdict(list)
        self.domain_intents: dict[str, tuple[Path, int]] = {}
        self.domain_actions: dict[str, tuple[Path, int]] = {}
        self._read_contract()
        for language in LANGUAGES:
            for path in sorted((root / "nlu_data" / language).rglob("*.yml")):
                self.sentences[language] += self._sentences(path)
        for path in sorted((root / "bot" / "domain").rglob("*.yml")):
            self._read_domain(path)

    def complain(self, path: Path, line: int, text: str) -> None:
        """Remember a mistake."""
        self.problems.append(Problem(path.relative_to(self.root), line, text))

    def tree(self, path: Path) -> yaml.Node | None:
        """A file's YAML with positions; None, and a complaint, when there is none."""
        try:
            node: yaml.Node | None = yaml.compose(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            self.complain(path, line, f"invalid YAML: {error.problem or error.context}")
            return None
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            self.complain(path, 1, f"invalid YAML: {str(error).splitlines()[0]}")
            return None
        if node is None:
            self.complain(path, 1, "the file is empty")
        return node

    def _read_contract(self) -> None:
        path = self.root / "nlu_data" / "intents.yml"
        if not path.exists():
            self.complain(path, 1, "the contract of all intents is missing")
            return
        for item in items(child(self.tree(path), "intents")):
            name = scalar(child(item, "name"))
            if name in self.contract:
                self.complain(path, line_of(item), f"intent {name} is described twice")
            self.contract[name] = (path, line_of(item))
            least = child(item, "minimum")
            self.minimum[name] = {k: int(scalar(v)) for k, _, v in entries(least)}

    def _sentences(self, path: Path) -> Iterator[Sentence]:
        for block in items(child(self.tree(path), "nlu")):
            intent, examples = child(block, "intent"), child(block, "examples")
            if intent is None or not isinstance(examples, yaml.ScalarNode):
                continue  # synonyms, look-ups and regular expressions hold no sentences
            for offset, line in enumerate(str(examples.value).split("\n")):
                if line.startswith("- "):
                    at = examples.start_mark.line + 2 + offset
                    yield Sentence(path, at, scalar(intent), line[2:].strip())
                elif line.strip():
                    at = examples.start_mark.line + 2 + offset
                    self.complain(path, at, "a sentence begins with a hyphen and a space")

    def _read_domain(self, path: Path) -> None:
        tree = self.tree(path)
        for known, key in ((self.domain_intents, "intents"), (self.domain_actions, "actions")):
            for item in items(child(tree, key)):
                known[scalar(item)] = (path, line_of(item))
        for name, key_node, variants in entries(child(tree, "responses")):
            if name in self.responses:
                self.complain(path, line_of(key_node), f"{name} is defined twice")
            for variant in items(variants):
                channel = scalar(child(variant, "channel")) or "web"
                text = scalar(child(variant, "text"))
                where = (name, path, line_of(variant), text)
                self.responses[name].append(Response(*where, language_of(variant), channel))


def check_sentences(content: Content) -> None:
    """Labels known and complete, no sentence under two labels, no personal data."""
    labels: dict[str, Sentence] = {}
    for language, sentences in content.sentences.items():
        enough: dict[str, set[str]] = defaultdict(set)
        for sentence in sentences:
            complain_at = (sentence.path, sentence.line)
            if sentence.intent not in content.contract:
                content.complain(*complain_at, f"intent {sentence.intent} is not in intents.yml")
            first = labels.setdefault(sentence.folded, sentence)
            if first.intent != sentence.intent:
                where = f"{first.path.relative_to(content.root)}:{first.line}"
                other = f"“{sentence.text}” is also {first.intent} in {where}"
                content.complain(*complain_at, other)
            enough[sentence.intent].add(sentence.folded)
            check_personal_data(content, sentence)
        for intent, (path, line) in content.contract.items():
            have, need = len(enough[intent]), content.minimum[intent].get(language, 1)
            if have < need:
                what = f"{intent} has {have} different sentences in {language}, needs {need}"
                content.complain(path, line, what)


def check_personal_data(content: Content, sentence: Sentence) -> None:
    """A sentence names nobody: invented addresses are under example.com, no PESEL, no cards."""
    for finding in find_personal_data(sentence.text):
        found = sentence.text[finding.start : finding.end]
        is_real_email = finding.kind == "email" and not EXAMPLE_DOMAINS.search(found)
        if is_real_email or finding.kind in NEVER_ALLOWED:
            what = f"personal data in a sentence ({finding.kind}); use invented ones, @example.com"
            content.complain(sentence.path, sentence.line, what)


def check_held_out(content: Content) -> None:
    """Sentences kept for measuring have known labels and are not trained on."""
    trained = {s.folded: s for sentences in content.sentences.values() for s in sentences}
    for path in sorted((content.root / "tests" / "nlu").rglob("*.tsv")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if not line.strip():
                continue
            intent, text = (*line.split("\t"), "")[:2]
            if intent not in content.contract:
                content.complain(path, number, f"intent {intent} is not in intents.yml")
            found = trained.get(Sentence(path, number, intent, text).folded)
            if found:
                where = f"{path.relative_to(content.root)}:{number}"
                what = f"“{found.text}” is held out for measuring in {where}"
                content.complain(found.path, found.line, what)


def check_responses(content: Content) -> None:
    """Each response in both languages for web and voice, with the same places to fill."""
    for name, variants in content.responses.items():
        first = variants[0]
        for channel in CHANNELS:
            places = {}
            for language in LANGUAGES:
                fitting = [v for v in variants if (v.language, v.channel) == (language, channel)]
                if not fitting:
                    what = f"{name} has no {language} text for {channel}"
                    content.complain(first.path, first.line, what)
                for variant in fitting:
                    places[language] = (variant, set(PLACE.findall(variant.text)))
            if len(places) == len(LANGUAGES) and places["pl"][1] != places["en"][1]:
                variant, differing = places["en"][0], places["pl"][1] ^ places["en"][1]
                what = f"{name}: only one language fills in {', '.join(sorted(differing))}"
                content.complain(variant.path, variant.line, what)


def check_use(content: Content) -> None:
    """Responses used by actions exist, and those that exist are used."""
    used: set[str] = set()
    for path in sorted((content.root / "actions").rglob("*.py")):
        for line, pattern in response_names(path):
            fitting = {name for name in content.responses if re.fullmatch(pattern, name)}
            if not fitting and pattern.startswith("utter_"):
                shown = pattern.replace(".+", "…")
                content.complain(path, line, f"no response {shown} in bot/domain")
            used |= fitting
    for name, variants in content.responses.items():
        if name not in used:
            content.complain(variants[0].path, variants[0].line, f"no action uses {name}")


def response_names(path: Path) -> Iterator[tuple[int, str]]:
    """Names of responses in a module, as regular expressions: f-strings have gaps.

    One that begins with a gap, as in `f"{response}_some_day"`, may name something else altogether.
    """
    tree = ast.parse(path.read_text("utf-8"))
    inside = {id(p) for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) for p in n.values}
    for node in ast.walk(tree):
        pattern = ""
        if isinstance(node, ast.JoinedStr):
            fixed = (p.value if isinstance(p, ast.Constant) else None for p in node.values)
            pattern = "".join(".+" if p is None else re.escape(str(p)) for p in fixed)
        elif isinstance(node, ast.Constant) and id(node) not in inside:
            pattern = re.escape(node.value) if isinstance(node.value, str) else ""
        if isinstance(node, ast.expr) and re.match(r"(utter|\.\+)_[a-z_.+]+$", pattern):
            yield node.lineno, pattern


def check_rules(content: Content) -> None:
    """Rules name known intents and actions, and every intent has one."""
    intents = content.contract.keys() | BUILT_IN_INTENTS
    actions = content.domain_actions.keys() | content.responses.keys() | BUILT_IN_ACTIONS
    ruled: set[str] = set()
    for path, step in rule_steps(content):
        intent, action = scalar(child(step, "intent")), scalar(child(step, "action"))
        if intent and intent not in intents:
            content.complain(path, line_of(step), f"intent {intent} is not in intents.yml")
        if action and action not in actions:
            content.complain(path, line_of(step), f"no {action} in bot/domain")
        ruled.add(intent)
    for intent, (path, line) in content.contract.items():
        if intent not in ruled:
            content.complain(path, line, f"no rule answers {intent}")


def rule_steps(content: Content) -> Iterator[tuple[Path, yaml.Node]]:
    """Every step of every rule."""
    for path in sorted((content.root / "nlu_data" / "rules").rglob("*.yml")):
        for rule in items(child(content.tree(path), "rules")):
            for step in items(child(rule, "steps")):
                yield path, step


def check_domain(content: Content) -> None:
    """The domain has the intents of the contract, no more and no fewer."""
    for intent, (path, line) in content.contract.items():
        if intent not in content.domain_intents:
            content.complain(path, line, f"intent {intent} is not in bot/domain")
    for intent, (path, line) in content.domain_intents.items():
        if intent not in content.contract.keys() | BUILT_IN_INTENTS:
            content.complain(path, line, f"intent {intent} is not in nlu_data/intents.yml")


CHECKS = (
    check_sentences,
    check_held_out,
    check_responses,
    check_use,
    check_rules,
    check_domain,
)


def entries(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
    """Key, its node and its value's node of each entry of a mapping."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield scalar(key), key, value


def items(node: yaml.Node | None) -> list[yaml.Node]:
    """The items of a list, none of anything else."""
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def child(node: yaml.Node | None, name: str) -> yaml.Node | None:
    """The value under a key."""
    return next((value for key, _, value in entries(node) if key == name), None)


def scalar(node: yaml.Node | None) -> str:
    """A node's text; a mapping stands for its only key, as `- greet: {…}` does in a domain."""
    if isinstance(node, yaml.MappingNode) and node.value:
        return scalar(node.value[0][0])
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def line_of(node: yaml.Node) -> int:
    """The line a node begins on, from 1."""
    return int(node.start_mark.line) + 1


def language_of(variant: yaml.Node) -> str:
    """The language a response's variant is for: the condition on the slot, else Polish."""
    for condition in items(child(variant, "condition")):
        if scalar(child(condition, "name")) == "language":
            return scalar(child(condition, "value"))
    return "pl"


def problems(root: Path) -> list[Problem]:
    """All mistakes below a project's root, in the order of files and lines."""
    content = Content(root)
    for check in CHECKS:
        check(content)
    return sorted(set(content.problems))


def main(arguments: list[str]) -> int:
    """Print the mistakes; 1 if there are any."""
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parent.parent
    found = problems(root.resolve())
    for problem in found:
        print(f"{problem.path}:{problem.line}: {problem.text}")
    print(f"{len(found)} mistakes in the content" if found else "the content is in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
