import time
from collections.abc import Callable
from pathlib import Path

import pytest

from frontline.settings import PROJECT
from tools.check_content import main, problems

Edit = Callable[[str, str, str], None]

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
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in GOOD.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.fixture
def edit(root: Path) -> Edit:
    def replace(name: str, old: str, new: str) -> None:
        text = (root / name).read_text()
        assert old in text
        (root / name).write_text(text.replace(old, new))

    return replace


def found(root: Path) -> list[str]:
    return [f"{p.path}:{p.line}: {p.text}" for p in problems(root)]


def test_good_content_has_no_mistake(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert found(root) == []
    assert main([str(root)]) == 0
    assert capsys.readouterr().out == "the content is in order\n"


def test_a_mistake_is_printed_with_file_and_line_and_fails(
    root: Path, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    edit("nlu_data/pl/dialogue/stop.yml", "nieważne", "CZESC!")
    assert main([str(root)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "nlu_data/pl/dialogue/stop.yml:4: “CZESC!” is also greet"
        " in nlu_data/pl/dialogue/greet.yml:6",
        "1 mistakes in the content",
    ]


MISTAKES = {
    "yaml": (
        "nlu_data/pl/dialogue/stop.yml",
        "nlu:",
        "nlu: [",
        "nlu_data/pl/dialogue/stop.yml:2: invalid YAML",
    ),
    "no hyphen": (
        "nlu_data/pl/dialogue/greet.yml",
        "- cześć",
        "- cześć\n    hejka",
        "nlu_data/pl/dialogue/greet.yml:7: a sentence begins with a hyphen",
    ),
    "unknown intent": (
        "nlu_data/en/dialogue.yml",
        "intent: stop",
        "intent: halt",
        "nlu_data/en/dialogue.yml:7: intent halt is not in intents.yml",
    ),
    "too few": (
        "nlu_data/pl/dialogue/greet.yml",
        "cześć",
        "dzien dobry!",
        "nlu_data/intents.yml:2: greet has 1 different sentences in pl, needs 2",
    ),
    "real e-mail": (
        "nlu_data/en/dialogue.yml",
        "ann@example.com",
        "ann@gmail.com",
        "nlu_data/en/dialogue.yml:4: personal data in a sentence (email)",
    ),
    "PESEL": (
        "nlu_data/en/dialogue.yml",
        "never mind",
        "never mind 44051401359",
        "nlu_data/en/dialogue.yml:7: personal data in a sentence (pesel)",
    ),
    "held out": (
        "tests/nlu/pl/chat.tsv",
        "dobry wieczór",
        "Cześć!",
        "nlu_data/pl/dialogue/greet.yml:6: “cześć” is held out for measuring",
    ),
    "held-out label": (
        "tests/nlu/pl/chat.tsv",
        "greet",
        "great",
        "tests/nlu/pl/chat.tsv:1: intent great is not in intents.yml",
    ),
    "no English voice": (
        "bot/domain/dialogue.yml",
        "    channel: voice\n    condition",
        "    condition",
        "bot/domain/dialogue.yml:8: utter_dialogue_greet has no en text for voice",
    ),
    "places": (
        "bot/domain/dialogue.yml",
        "Hello {name}\n    condition",
        "Hello\n    condition",
        "bot/domain/dialogue.yml:11: utter_dialogue_greet: only one language fills in name",
    ),
    "used, not defined": (
        "actions/dialogue.py",
        "talk.say",
        'talk.say("utter_dialogue_wave")\n    talk.say',
        "actions/dialogue.py:2: no response utter_dialogue_wave in bot/domain",
    ),
    "pattern, not defined": (
        "actions/dialogue.py",
        "talk.say",
        'talk.say(f"utter_orders_{talk}")\n    talk.say',
        "actions/dialogue.py:2: no response utter_orders_… in bot/domain",
    ),
    "defined, not used": (
        "actions/dialogue.py",
        "utter_dialogue_greet",
        "greet",
        "bot/domain/dialogue.yml:8: no action uses utter_dialogue_greet",
    ),
    "rule's intent": (
        "nlu_data/rules/dialogue.yml",
        "intent: stop",
        "intent: halt",
        "nlu_data/rules/dialogue.yml:8: intent halt is not in intents.yml",
    ),
    "rule's action": (
        "nlu_data/rules/dialogue.yml",
        "action_stop",
        "action_halt",
        "nlu_data/rules/dialogue.yml:9: no action_halt in bot/domain",
    ),
    "no rule": (
        "nlu_data/rules/dialogue.yml",
        "intent: stop",
        "intent: nlu_fallback",
        "nlu_data/intents.yml:4: no rule answers stop",
    ),
    "domain": (
        "bot/domain/dialogue.yml",
        "- stop",
        "- halt",
        "bot/domain/dialogue.yml:3: intent halt is not in nlu_data/intents.yml",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_each_kind_of_mistake_is_found(root: Path, edit: Edit, name: str) -> None:
    path, old, new, expected = MISTAKES[name]
    edit(path, old, new)
    lines = found(root)
    assert [line for line in lines if line.startswith(expected)], lines


def test_names_with_gaps_count_as_used(root: Path, edit: Edit) -> None:
    edit("actions/dialogue.py", '"utter_dialogue_greet"', 'f"utter_dialogue_{talk}"')
    assert found(root) == []


def test_the_projects_content_is_checked_within_five_seconds() -> None:
    began = time.monotonic()
    problems(PROJECT)
    assert time.monotonic() - began < 5
