from collections.abc import Callable
from pathlib import Path

import pytest

Edit = Callable[[str, str, str], None]
DOMAIN = "bot/domain/dialogue.yml"
WEB = "  - text: Dzień dobry, {name}\n  - text"
ENGLISH_WEB = "  - text: Hello {name}\n    condition"
ENGLISH_VOICE = "    channel: voice\n    condition"


def web(text: str) -> tuple[str, str]:
    return WEB, WEB.replace("Dzień dobry, {name}", text)


def button(payload: str, title: str = "Stop") -> tuple[str, str]:
    added = f"    buttons:\n    - title: {title}\n      payload: {payload}\n"
    return WEB, WEB.replace("\n", "\n" + added, 1)


MISTAKES = {
    "no English voice": (
        ENGLISH_VOICE, "    condition",
        f"{DOMAIN}:12: utter_dialogue_greet has no en text for voice; add it [variant]",
    ),
    "no text": (*web('""'), f"{DOMAIN}:12: utter_dialogue_greet has a variant without text"),
    "an unknown channel": (
        ENGLISH_VOICE, "    channel: fax\n    condition",
        f"{DOMAIN}:17: utter_dialogue_greet: nobody hears en for fax",
    ),
    "an unknown language": (
        "value: en}]\n  - text", "value: de}]\n  - text",
        f"{DOMAIN}:15: utter_dialogue_greet: nobody hears de for web",
    ),
    "different places": (
        ENGLISH_WEB, "  - text: Hello\n    condition",
        f"{DOMAIN}:15: utter_dialogue_greet: not every web text fills in name [places]",
    ),
    "an e-mail": (
        *web("'{name}, biuro@sklep.pl'"),
        f"{DOMAIN}:12: utter_dialogue_greet: personal data (email); let a place such as {{email}}",
    ),
    "a telephone": (
        *web("'{name}, 512 345 678'"), f"{DOMAIN}:12: utter_dialogue_greet: personal data (phone)",
    ),
    "a promise": (
        *web("'{name}, paczka NA PEWNO dotrze.'"),
        f"{DOMAIN}:12: utter_dialogue_greet says “na pewno dotrze”: the carrier decides",
    ),
    "a button to nowhere": (
        *button("/halt"), f"{DOMAIN}:14: button “Stop”: intent halt is not in nlu_data/intents.yml",
    ),
    "a button without slash": (*button("stop"), f"{DOMAIN}:14: button “Stop”: its payload begins"),
    "a button's entity": (
        *button("""'/stop{"thing": "1"}'"""),
        f"{DOMAIN}:14: button “Stop”: entity thing is not in bot/domain",
    ),
    "a button's braces": (
        *button("'/stop{thing}'"), f"{DOMAIN}:14: button “Stop”: its entities are written like",
    ),
    "no title": (*button("/stop", '""'), f"{DOMAIN}:14: button “”: it has no title"),
    "a button in one language": (
        *button("/stop"),
        f"{DOMAIN}:18: utter_dialogue_greet: the buttons here lead elsewhere than those in"
        f" {DOMAIN}:12",
    ),
    "a spoken button": (
        "    channel: voice\n  - text",
        "    channel: voice\n    buttons: [{title: Stop, payload: /stop}]\n  - text",
        f"{DOMAIN}:15: button “Stop”: a caller cannot see buttons",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found_in_its_line(
    edit: Edit, found: Callable[[], list[str]], name: str
) -> None:
    old, new, expected = MISTAKES[name]
    edit(DOMAIN, old, new)
    assert [line for line in found() if line.startswith(expected)], found()


@pytest.mark.parametrize("text", ["{name}: anna@example.com", "{name}: ZA-2026-104731, 00-950"])
def test_examples_in_a_response_are_no_personal_data(
    edit: Edit, found: Callable[[], list[str]], text: str
) -> None:
    edit(DOMAIN, *web(f'"{text}"'))
    assert found() == []


@pytest.mark.parametrize("text", ["Czy na pewno, {name}?", "{name}: na pewno dotrzemy"])
def test_only_the_whole_phrase_is_forbidden(
    edit: Edit, found: Callable[[], list[str]], text: str
) -> None:
    edit(DOMAIN, *web(f'"{text}"'))
    assert found() == []


def test_a_button_with_a_known_entity_in_both_languages_is_in_order(
    edit: Edit, found: Callable[[], list[str]]
) -> None:
    edit(DOMAIN, *button("""'/stop{"email": "a"}'"""))
    added = '    buttons: [{title: Stop, payload: \'/stop{"email": "a"}\'}]\n    condition'
    edit(DOMAIN, ENGLISH_WEB, ENGLISH_WEB.replace("    condition", added))
    assert found() == []


def test_a_forbidden_phrase_needs_a_reason(
    root: Path, edit: Edit, found: Callable[[], list[str]]
) -> None:
    edit("nlu_data/forbidden.yml", ", reason: the carrier decides", "")
    assert found()[0].startswith("nlu_data/forbidden.yml:2: a forbidden phrase has a phrase, a")
