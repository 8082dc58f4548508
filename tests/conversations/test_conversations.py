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
    async with ChatClient(stack.url, dialogue["language"]) as client:
        customer = Customer(client)
        for step in dialogue["steps"]:
            said = step.get("say") or step["choose"]
            answer = await (
                customer.say(said) if "say" in step else customer.choose(step["choose"])
            )
            for wanted in step.get("expect", []):
                assert re.search(wanted, answer, re.IGNORECASE), f"{said!r} → {answer!r}"
            for unwanted in step.get("never", []):
                assert not re.search(unwanted, answer, re.IGNORECASE), f"{said!r} → {answer!r}"
