from collections.abc import Callable

import pytest

from tools.content.speech import faults

TWENTY_FIVE = "tak " * 24 + "koniec."


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        ("Tak jest. " * 31, "too-long", "310 characters, at most 300"),
        ("i " + TWENTY_FIVE, "too-long", "a sentence of 26 words, at most 25: “i tak tak"),
        ("Proszę wejść na sklep.pl", "not-spoken", "nobody remembers “sklep.pl”"),
        ("Adres: https://a.example/x", "not-spoken", "nobody remembers “https://a.example/x”"),
        ("Numer 104 731", "not-spoken", "“104 731” is read as one great number"),
        ("To „zwrot”, koszt/cena", "not-spoken", "„ ” / cannot be spoken"),
        ("Dziś – jutro (albo nie)", "not-spoken", "– ( ) cannot be spoken"),
        ("Rabat 10%", "not-spoken", "% cannot be spoken"),
        ("Dziś - jutro", "not-spoken", "- cannot be spoken"),
    ],
)
def test_what_is_hard_to_say_or_to_listen_to_is_named(text: str, kind: str, what: str) -> None:
    assert [(k, w[: len(what)]) for k, w in faults(text)] == [(kind, what)]


@pytest.mark.parametrize(
    "text",
    [
        TWENTY_FIVE,
        TWENTY_FIVE + " " + TWENTY_FIVE,
        "Zamówienie {number} wiezie {carrier}; koszt: {total}, dni: 14.",
        "Adres e-mail, np. z potwierdzenia. What's next?",
    ],
)
def test_what_is_easy_to_say_is_in_order(text: str) -> None:
    assert list(faults(text)) == []


def test_the_line_of_the_voice_text_is_told(
    edit: Callable[[str, str, str], None], found: Callable[[], list[str]]
) -> None:
    domain = "bot/domain/dialogue.yml"
    edit(domain, "{name}\n    channel: voice\n  -", "{name} (ma 100)\n    channel: voice\n  -")
    where = f"{domain}:13: utter_dialogue_greet, voice: "
    assert found() == [
        f"{where}( ) cannot be spoken; write it in words or leave it out [not-spoken]",
        f"{where}“100” is read as one great number; write words or a place {{…}} [not-spoken]",
    ]


def test_what_is_read_on_a_screen_may_be_long_and_hold_signs(
    edit: Callable[[str, str, str], None], found: Callable[[], list[str]]
) -> None:
    edit(
        "bot/domain/dialogue.yml", "{name}\n  - text", "{name} (100%) " + "tak " * 90 + "\n  - text"
    )
    assert found() == []
