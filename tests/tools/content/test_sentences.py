from collections.abc import Callable

import pytest

Edit = Callable[[str, str, str], None]
GREET = "nlu_data/pl/dialogue/greet.yml"
STOP = "nlu_data/pl/dialogue/stop.yml"
ENGLISH = "nlu_data/en/dialogue.yml"
LONG = "dzień dobry, piszę w sprawie paczki od kuriera"

MISTAKES = {
    "a label that does not exist": (
        ENGLISH, "intent: stop", "intent: halt",
        f"{ENGLISH}:7: intent halt is not in nlu_data/intents.yml",
    ),
    "the same in two intents": (
        STOP, "nieważne", "CZESC!",
        f"{STOP}:4: “CZESC!” is also greet in {GREET}:6",
    ),
    "the same in two languages and intents": (
        ENGLISH, "never mind", "cześć",
        f"{ENGLISH}:7: “cześć” is also greet in {GREET}:6",
    ),
    "the same twice in one intent": (
        GREET, "- cześć", "- cześć\n    - hej\n    - Cześć!!",
        f"{GREET}:8: “Cześć!!” stands already in {GREET}:6; delete one [twice]",
    ),
    "almost the same in one intent": (
        GREET, "- cześć", f"- cześć\n    - {LONG}\n    - {LONG}ów",
        f"{GREET}:8: warning: “{LONG}ów” is almost the sentence in {GREET}:7",
    ),
    "too few": (
        GREET, "cześć", "dzien dobry!",
        "nlu_data/intents.yml:2: greet has 1 different sentences in pl, needs 2 [too-few]",
    ),
    "a real e-mail": (
        ENGLISH, "ann@example.com", "ann@gmail.com",
        f"{ENGLISH}:4: personal data in a sentence (email)",
    ),
    "a PESEL": (
        ENGLISH, "never mind", "never mind 44051401359",
        f"{ENGLISH}:7: personal data in a sentence (pesel)",
    ),
    "a card": (
        ENGLISH, "never mind", "never mind 4111 1111 1111 1111",
        f"{ENGLISH}:7: personal data in a sentence (card)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found_in_its_line(
    edit: Edit, found: Callable[[], list[str]], name: str
) -> None:
    path, old, new, expected = MISTAKES[name]
    edit(path, old, new)
    assert [line for line in found() if line.startswith(expected)], found()


def test_almost_the_same_in_two_intents_shows_both_places(
    edit: Edit, found: Callable[[], list[str]]
) -> None:
    edit(GREET, "- cześć", f"- cześć\n    - {LONG}")
    edit(STOP, "nieważne", LONG.replace("paczki", "paczek"))
    assert found() == [
        f"{STOP}:4: “{LONG.replace('paczki', 'paczek')}” is almost “{LONG}”, which is greet in"
        f" {GREET}:7; reword or delete one [near-intents]"
    ]


def test_short_sentences_may_resemble_one_another(
    edit: Edit, found: Callable[[], list[str]]
) -> None:
    edit(GREET, "- cześć", "- dzień dobry wszystkim\n    - dzień dobry wszystkimi")
    assert found() == []


def test_both_languages_may_have_the_same_sentence_of_one_intent(
    edit: Edit, found: Callable[[], list[str]]
) -> None:
    edit(ENGLISH, "never mind", "nieważne")
    assert found() == []
