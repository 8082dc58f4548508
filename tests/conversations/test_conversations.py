"""Plays the dialogues of the YAML files beside this one through the whole running front line."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.common.dialogue import Customer
from tests.common.stack import Stack
from web_chat.client import ChatClient

pytestmark = pytest.mark.stack

DIALOGUES = [
    pytest.param(dialogue, id=f"{path.stem}: {dialogue['name']}")
    for path in sorted(Path(__file__).parent.glob("*.yml"))
    for dialogue in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("dialogue", DIALOGUES)
async def test_the_dialogue_goes_as_written(stack: Stack, dialogue: dict[str, Any]) -> None:
    known: dict[str, str] = {}  # what a named group of an earlier step matched, for {name}
    async with ChatClient(stack.url, dialogue["language"]) as client:
        customer = Customer(client)
        for step in dialogue["steps"]:
            said, answer = await _step(customer, step)
            for wanted in step.get("expect", []):
                for name, value in known.items():
                    wanted = wanted.replace(f"{{{name}}}", value)
                found = re.search(wanted, answer, re.IGNORECASE)
                assert found, f"{said!r} → {answer!r}"
                known |= found.groupdict()
            for unwanted in step.get("never", []):
                assert not re.search(unwanted, answer, re.IGNORECASE), f"{said!r} → {answer!r}"


async def _step(customer: Customer, step: dict[str, str]) -> tuple[str, str]:
    """What the customer says, chooses or sends, and what is answered."""
    if "say" in step:
        return step["say"], await customer.say(step["say"])
    if "choose" in step:
        return step["choose"], await customer.choose(step["choose"])
    return step["send"], await customer.send_photo()
