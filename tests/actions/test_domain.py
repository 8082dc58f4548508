import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.registry import DECLINED, HANDLERS, PERSON_INTENTS, SECOND, SETTLE, action_names
from actions.state import FORMS, State
from actions.wording import INTENT_TITLES

ROOT = Path(__file__).parents[2]


def used_responses() -> set[str]:
    used: set[str] = set()
    for path in (ROOT / "actions").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                used |= set(re.findall(r"^utter_\w+$", node.value))
    closed = {f"utter_orders_status_{s}" for s in ("cancelled", "returned", "refunded")}
    return used | {f"{name}_some_day" for name in closed} | {
        "utter_orders_where_number", "utter_identity_where_proof"
    }  # fmt: skip


def test_every_response_that_is_used_exists_and_every_one_is_used(domain: dict[str, Any]) -> None:
    assert used_responses() == set(domain["responses"])


def test_every_response_has_polish_and_english_for_web_and_voice(domain: dict[str, Any]) -> None:
    english = [{"type": "slot", "name": "language", "value": "en"}]
    for name, variants in domain["responses"].items():
        kinds = [(v.get("condition"), v.get("channel")) for v in variants]
        assert len(kinds) == 4, name
        for kind in ((None, None), (None, "voice"), (english, None), (english, "voice")):
            assert kind in kinds, (name, kind)


def test_speech_has_no_addresses_buttons_or_long_numbers(domain: dict[str, Any]) -> None:
    for name, variants in domain["responses"].items():
        for variant in variants:
            if variant.get("channel") == "voice":
                assert not re.search(r"https?:|www\.|\d{3}|\{website\}|[–„”“]", variant["text"]), (
                    name
                )
                assert "buttons" not in variant, name


def test_polish_avoids_gendered_past_tense(domain: dict[str, Any]) -> None:
    gendered = re.compile(r"\b\w+(?:łem|łam|łeś|łaś)\b|\bPan(?:ie|u|em)? \w+ł\b", re.IGNORECASE)
    for name, variants in domain["responses"].items():
        for variant in variants:
            assert not gendered.search(variant["text"]), name


def test_payloads_name_known_intents(domain: dict[str, Any]) -> None:
    for name, variants in domain["responses"].items():
        for variant in variants:
            for button in variant.get("buttons", []):
                intent = button["payload"].removeprefix("/").partition("{")[0]
                assert intent in domain["intents"], name


def test_actions_and_slots_of_the_domain_are_those_of_the_code(domain: dict[str, Any]) -> None:
    assert sorted(domain["actions"]) == sorted(action_names())
    own = set(domain["slots"]) - {"language", "language_chosen"}
    assert own == set(State.__dataclass_fields__)
    assert not any(slot["influence_conversation"] for slot in domain["slots"].values())


@pytest.mark.parametrize(
    "path", sorted((ROOT / "nlu_data/rules").glob("*.yml")), ids=lambda p: p.stem
)
def test_every_rule_leads_an_intent_to_its_action(path: Path, domain: dict[str, Any]) -> None:
    for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
        (intent, action) = (rule["steps"][0]["intent"], rule["steps"][1]["action"])
        assert action == f"action_{intent}"
        assert intent in domain["intents"]


def test_all_intents_have_one_rule(domain: dict[str, Any]) -> None:
    ruled = [
        rule["steps"][0]["intent"]
        for path in (ROOT / "nlu_data/rules").glob("*.yml")
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
    ]
    assert sorted(ruled) == sorted(domain["intents"])
    assert set(ruled) == set(HANDLERS)
    assert set(INTENT_TITLES) | SECOND | PERSON_INTENTS <= set(ruled)
    assert SETTLE.keys() == DECLINED.keys() <= FORMS
