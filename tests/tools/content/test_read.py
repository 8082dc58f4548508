from collections.abc import Callable
from pathlib import Path

import pytest

from tools.content.read import fold

Edit = Callable[[str, str, str], None]
GREET = "nlu_data/pl/dialogue/greet.yml"
STOP = "nlu_data/pl/dialogue/stop.yml"

MISTAKES = {
    "broken YAML": (STOP, "nlu:", "nlu: [", f"{STOP}:2: invalid YAML"),
    "no hyphen": (GREET, "- cześć", "- cześć\n    hejka", f"{GREET}:7: a sentence begins with a"),
    "another block": (STOP, "|", ">", f"{STOP}:2: the sentences of an intent stand below"),
    "a list": (STOP, "|", "", f"{STOP}:2: the sentences of an intent stand below"),
    "an intent twice": (
        "nlu_data/intents.yml", "name: stop", "name: greet",
        "nlu_data/intents.yml:4: intent greet is described twice",
    ),
    "a response twice": (
        "bot/domain/dialogue.yml", "responses:\n",
        "responses:\n  utter_dialogue_greet:\n  - text: A\n",
        "bot/domain/dialogue.yml:13: utter_dialogue_greet is defined twice",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found_in_its_line(
    edit: Edit, found: Callable[[], list[str]], name: str
) -> None:
    path, old, new, expected = MISTAKES[name]
    edit(path, old, new)
    assert [line for line in found() if line.startswith(expected)], found()


@pytest.mark.parametrize(
    ("text", "what"), [("", "the file is empty"), ("a: \x01", "invalid YAML"), (None, "missing")]
)
def test_a_file_without_content_is_told(
    root: Path, found: Callable[[], list[str]], text: str | None, what: str
) -> None:
    contract = root / "nlu_data" / "intents.yml"
    contract.unlink() if text is None else contract.write_text(text)
    assert [
        line for line in found() if line.startswith("nlu_data/intents.yml:1: ") and what in line
    ]


def test_folding_forgets_capitals_accents_and_punctuation() -> None:
    assert fold("Zażółć, GĘŚLĄ  jaźń!") == "zazolc gesla jazn"


def test_a_sentence_of_signs_alone_stays() -> None:
    assert fold(" 🍕? ") == "🍕?"
