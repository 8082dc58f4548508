from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tools.check_content import problems

TODAY = date(2026, 7, 1)

GOOD = {
    "nlu_data/intents.yml": """\
intents:
- name: greet
  minimum: {pl: 2, en: 1}
- name: stop
  minimum: {pl: 1, en: 1}
""",
    "nlu_data/pl/dialogue/greet.yml": """\
version: "3.1"
nlu:
- intent: greet
  examples: |
    - Dzień dobry
    - cześć
""",
    "nlu_data/pl/dialogue/stop.yml": """\
nlu:
- intent: stop
  examples: |
    - nieważne
""",
    "nlu_data/en/dialogue.yml": """\
nlu:
- intent: greet
  examples: |
    - hello, write to [ann@example.com](email)
- intent: stop
  examples: |
    - never mind
""",
    "nlu_data/rules/dialogue.yml": """\
rules:
- rule: greet
  steps:
  - intent: greet
  - action: action_greet
- rule: stop
  steps:
  - intent: stop
  - action: action_stop
""",
    "bot/domain/dialogue.yml": """\
intents:
- greet
- stop
- nlu_fallback
actions: [action_greet, action_stop]
entities: [email, product]
slots:
  language:
    mappings: [{type: from_entity, entity: email}]
responses:
  utter_dialogue_greet:
  - text: Dzień dobry, {name}
  - text: Dzień dobry, {name}
    channel: voice
  - text: Hello {name}
    condition: [{type: slot, name: language, value: en}]
  - text: Hello {name}
    channel: voice
    condition: [{type: slot, name: language, value: en}]
""",
    "actions/dialogue.py": """\
def greet(talk):
    talk.say("utter_dialogue_greet", name="Jan")
""",
    "tests/nlu/pl/chat.tsv": "greet\tdobry wieczór\t\n",
    "nlu_data/legal.yml": """\
legal:
- name: withdrawal
  source: ustawa o prawach konsumenta, art. 27
  valid_from: 2014-12-25
  review_by: 2027-06-30
  responses:
  - utter_dialogue_greet
not_legal: []
""",
    "nlu_data/forbidden.yml": """\
forbidden:
- {phrase: na pewno dotrze, language: pl, reason: the carrier decides}
""",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project whose content is in order."""
    for name, text in GOOD.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.fixture
def edit(root: Path) -> Callable[[str, str, str], None]:
    """Replaces a text that a file of the project must hold."""

    def replace(name: str, old: str, new: str) -> None:
        text = (root / name).read_text()
        assert old in text
        (root / name).write_text(text.replace(old, new))

    return replace


@pytest.fixture
def found(root: Path) -> Callable[[], list[str]]:
    """Checks the project; its problems as they are printed."""
    return lambda: [str(problem) for problem in problems(root, TODAY)]
