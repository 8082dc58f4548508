import random
from pathlib import Path

import pytest

from frontline.lang import Language
from tools.speech.patterns import SENTENCES, Caller, said_by_chance
from tools.speech.texts import Texts, normal

POLISH = """\
version: "3.1"
nlu:
- intent: order_status
  examples: |
    - Gdzie jest moje zamówienie?
    - gdzie jest moje zamowienie 104731
    - mój e-mail to jan@example.com
    - pisze bez znakow
"""
ENGLISH = """\
version: "3.1"
nlu:
- intent: order_status
  examples: |
    - Where's my order ZA-2026-104731?
    - it cost 49,99 and came at 9:30
"""
DOMAIN = """\
responses:
  utter_a:
  - text: Tylko na ekranie.
  - text: Zamówienie {number} jest gotowe. Kurier przyjedzie {day}.
    channel: voice
  - text: Order {number} is ready.
    channel: voice
    condition: [{type: slot, name: language, value: en}]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in (("pl", POLISH), ("en", ENGLISH)):
        place = tmp_path / "nlu_data" / name / "orders"
        place.mkdir(parents=True)
        (place / "order_status.yml").write_text(text, "utf-8")
    (tmp_path / "nlu_data/intents.yml").write_text("intents: []\n")
    (tmp_path / "bot/domain").mkdir(parents=True)
    (tmp_path / "bot/domain/orders.yml").write_text(DOMAIN, "utf-8")
    return tmp_path


def test_words_are_lower_case_without_signs() -> None:
    assert normal("Dzień dobry: e-mail, o'clock… forty-two!") == (
        *("dzień", "dobry", "email", "o'clock", "forty", "two"),
    )


def test_polish_words_get_their_signs_back(root: Path) -> None:
    sentences = Texts("pl", root).sentences
    assert sentences[0] == ("gdzie", "jest", "moje", "zamówienie")
    assert sentences[1] == ("mój", "email", "to", "jan", "małpa", "example", "kropka", "com")
    assert sentences[2][:4] == sentences[0]


def test_digits_become_words(root: Path) -> None:
    for language in ("pl", "en"):
        said = " ".join(" ".join(words) for words in Texts(language, root).sentences)
        assert not any(sign.isdigit() for sign in said)


def test_responses_are_those_of_the_voice_with_their_places_filled(root: Path) -> None:
    responses = [" ".join(words) for words in Texts("pl", root).responses]
    assert "tylko na ekranie" not in responses
    assert any(r.startswith("zamówienie ") and r.endswith(" jest gotowe") for r in responses)
    assert any(r.startswith("kurier przyjedzie ") for r in responses)


def test_the_vocabulary_has_numbers_names_and_well_written_words(root: Path) -> None:
    words = set(Texts("pl", root).vocabulary())
    assert {"zamówienie", "siedemset", "igrek", "małpa", "października", "kowalski"} <= words
    assert "znakow" not in words
    assert {"double", "oh", "q", "thirtieth", "where's"} <= set(Texts("en", root).vocabulary())


@pytest.mark.parametrize("language", ["pl", "en"])
def test_callers_say_words_only(language: Language) -> None:
    caller = Caller(language, random.Random(1))
    for sentence in SENTENCES[language] * 20:
        said = said_by_chance(caller, sentence)
        assert said
        assert not set(said) & set("{}0123456789")


def test_the_same_seed_says_the_same(root: Path) -> None:
    assert Texts("en", root).sentences == Texts("en", root).sentences


def test_digits_are_said_in_several_ways() -> None:
    caller = Caller("en", random.Random(3))
    ways = {caller.number("104733") for _ in range(60)}
    assert "one zero four, seven three three" in ways
    assert "ten forty-seven thirty-three" in ways
    assert any("double three" in way for way in ways)
    assert any(way.startswith("one hundred four thousand") for way in ways)
