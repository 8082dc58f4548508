from collections.abc import Callable

import pytest

Edit = Callable[[str, str, str], None]
DOMAIN = "bot/domain/dialogue.yml"
RULES = "nlu_data/rules/dialogue.yml"
INTENTS = "nlu_data/intents.yml"
ACTION = "actions/dialogue.py"

MISTAKES = {
    "a response used, not defined": (
        ACTION, "talk.say", 'talk.say("utter_dialogue_wave")\n    talk.say',
        f"{ACTION}:2: no response utter_dialogue_wave in bot/domain",
    ),
    "a pattern used, not defined": (
        ACTION, "talk.say", 'talk.say(f"utter_orders_{talk}")\n    talk.say',
        f"{ACTION}:2: no response utter_orders_… in bot/domain",
    ),
    "a response defined, not used": (
        ACTION, "utter_dialogue_greet", "greet",
        f"{DOMAIN}:12: no action uses utter_dialogue_greet; delete it",
    ),
    "a rule's intent": (
        RULES, "intent: stop", "intent: halt",
        f"{RULES}:8: intent halt is not in nlu_data/intents.yml",
    ),
    "a rule's action": (
        RULES, "action_stop", "action_halt", f"{RULES}:9: action action_halt is not in bot/domain",
    ),
    "a rule's slot": (
        RULES, "- action: action_stop", "- slot_was_set: [{colour: red}]",
        f"{RULES}:9: slot colour is not in bot/domain",
    ),
    "a rule's entity": (
        RULES, "- intent: stop", "- intent: stop\n    entities: [{colour: red}]",
        f"{RULES}:8: entity colour is not in bot/domain",
    ),
    "an intent without rule": (
        RULES, "intent: stop", "intent: nlu_fallback", f"{INTENTS}:4: no rule answers stop",
    ),
    "an intent of the domain alone": (
        DOMAIN, "- stop", "- halt", f"{DOMAIN}:3: intent halt is not in nlu_data/intents.yml",
    ),
    "an intent of the contract alone": (
        DOMAIN, "- stop", "- halt", f"{INTENTS}:4: intent stop is not in bot/domain",
    ),
    "a border with nobody": (
        INTENTS, "- name: stop", "- name: stop\n  confused_with:\n  - intent: halt",
        f"{INTENTS}:6: confused_with names no intent: halt",
    ),
    "a slot's entity": (
        DOMAIN, "entity: email", "entity: mail", f"{DOMAIN}:9: entity mail is not in bot/domain",
    ),
    "a condition's slot": (
        DOMAIN, "type: slot, name: language", "type: slot, name: lang",
        f"{DOMAIN}:15: slot lang is not in bot/domain",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found_in_its_line(
    edit: Edit, found: Callable[[], list[str]], name: str
) -> None:
    path, old, new, expected = MISTAKES[name]
    edit(path, old, new)
    assert [line for line in found() if line.startswith(expected)], found()


def test_names_with_gaps_count_as_used(edit: Edit, found: Callable[[], list[str]]) -> None:
    edit(ACTION, '"utter_dialogue_greet"', 'f"utter_dialogue_{talk}"')
    assert found() == []


def test_a_response_that_only_a_rule_says_is_used(
    edit: Edit, found: Callable[[], list[str]]
) -> None:
    edit(ACTION, "utter_dialogue_greet", "greet")
    edit(RULES, "action_greet", "utter_dialogue_greet")
    assert found() == []
