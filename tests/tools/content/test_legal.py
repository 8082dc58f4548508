from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from frontline.settings import PROJECT
from tools.check_content import problems
from tools.content.legal import STATEMENT

Edit = Callable[[str, str, str], None]
LEGAL = "nlu_data/legal.yml"
DOMAIN = "bot/domain/dialogue.yml"
ENTRY = f"{LEGAL}:2: withdrawal "

MISTAKES = {
    "no source": (
        "  source: ustawa o prawach konsumenta, art. 27\n", "", f"{ENTRY}has no source [legal]",
    ),
    "no date": ("  review_by: 2027-06-30\n", "", f"{ENTRY}has no review_by [legal]"),
    "a false date": ("2027-06-30", "30.06.2027", f"{LEGAL}:5: “30.06.2027” is no date; write 2026"),
    "not valid yet": ("2014-12-25", "2026-07-02", f"{ENTRY}is valid from 2026-07-02 only"),
    "not looked at": ("2027-06-30", "2026-06-30", f"{ENTRY}was to be looked at by 2026-06-30"),
    "soon": (
        "2027-06-30", "2026-07-01",
        f"{LEGAL}:2: warning: withdrawal is to be looked at by 2026-07-01",
    ),
    "an unknown response": ("dialogue_greet", "greet", f"{LEGAL}:7: no response utter_greet in"),
    "no response": (
        "  responses:\n  - utter_dialogue_greet\n", "", f"{LEGAL}:2: the entry names no response",
    ),
    "no reason": (
        "not_legal: []", "not_legal:\n- response: utter_dialogue_greet",
        f"{LEGAL}:9: say in `reason` why it is no legal text",
    ),
    "harmless, but unknown": (
        "not_legal: []", "not_legal:\n- {response: utter_wave, reason: a name}",
        f"{LEGAL}:9: no response utter_wave in bot/domain",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found_in_its_line(
    edit: Edit, found: Callable[[], list[str]], name: str
) -> None:
    old, new, expected = MISTAKES[name]
    edit(LEGAL, old, new)
    assert [line for line in found() if line.startswith(expected)], found()


def test_both_days_are_included(root: Path) -> None:
    assert problems(root, date(2014, 12, 25)) == []
    assert [p.is_error for p in problems(root, date(2027, 6, 30))] == [False]
    assert [p.is_error for p in problems(root, date(2027, 7, 1))] == [True]


def test_a_legal_statement_has_an_entry(
    root: Path, edit: Edit, found: Callable[[], list[str]]
) -> None:
    edit(
        DOMAIN,
        "{name}\n    channel: voice\n  -",
        "{name}, zwrot do 14 dni\n    channel: voice\n  -",
    )
    assert found() == []
    (root / LEGAL).write_text("legal: []\n")
    what = "utter_dialogue_greet states the law (“14 dni”); name it in nlu_data/legal.yml [legal]"
    assert found() == [f"{DOMAIN}:13: {what}"]


@pytest.mark.parametrize(
    "text",
    [
        "w ciągu 14 dni",
        "z art. 27",
        "Ustawa mówi",
        "na mocy ustawy",
        "ustawowy termin",
        "z rękojmi",
        "niezgodność towaru",
        "Gwarancja",
        "RODO",
        "under the GDPR",
        "statutory",
        "odstąpienie",
        "14 days",
        "you may withdraw",
        "czternaście dni na zwrot",
    ],
)
def test_the_law_is_recognised(text: str) -> None:
    assert STATEMENT.search(text)


@pytest.mark.parametrize(
    "text", ["Zaraz wystartuj. Potem ustawienia", "ustawić", "rodowód", "114 dni"]
)
def test_other_words_are_no_law(text: str) -> None:
    assert STATEMENT.search(text) is None


def test_the_projects_registry_is_in_order_until_its_first_review() -> None:
    found = problems(PROJECT, date(2026, 11, 1))
    assert [str(p) for p in found if p.path == Path(LEGAL)] == []
