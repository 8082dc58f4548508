import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontline.lang import Language
from voice_gateway.tts.pieces import MOST_CHARS, pieces, sentences


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("pl", "Dzień dobry. W czym mogę pomóc?", 2),
        ("pl", "Biuro jest przy ul. Długiej 5.", 1),
        ("pl", "Zamówienie nr. 104731 jest w drodze.", 1),
        ("pl", "Np. Kraków albo Łódź.", 1),
        ("pl", "Koszt to 15 zł. Płatność przy odbiorze.", 2),
        ("pl", "Koszt to 15 zł. z dostawą.", 1),
        ("pl", "Kurier przyjedzie o 10.30.", 1),
        ("pl", "Rok 2026. Zaczynamy.", 2),
        ("pl", "Dnia 24. listopada.", 1),
        ("pl", "Pisze J. Kowalski.", 1),
        ("pl", "OK. Dziękuję.", 2),
        ("pl", "Naprawdę?! Tak… Dobrze.", 3),
        ("pl", "Pani „Anna.” Tak.", 2),
        ("en", "Hello. How can I help?", 2),
        ("en", "Ask Mr. Smith. He knows.", 2),
        ("en", "It is No. 5.", 1),
        ("en", "The answer is no. Shall I go on?", 2),
        ("en", "We are open from 9 a.m. to 5 p.m. Come in.", 2),
        ("en", "Small things, e.g. Lamps.", 1),
        ("en", "One line\nAnother line", 2),
    ],
)
def test_where_sentences_end(language: Language, text: str, count: int) -> None:
    assert len(sentences(text, language)) == count, sentences(text, language)


def test_a_long_sentence_begins_with_a_short_piece() -> None:
    text = (
        "Dziękuję za zgłoszenie, zapisałem je i przekażę konsultantowi, "
        "który odpowie najpóźniej jutro do godziny dwunastej."
    )
    first, second = pieces(text, "pl")
    assert first == "Dziękuję za zgłoszenie,"
    assert second.startswith("zapisałem je i przekażę")


def test_a_sentence_without_clauses_is_one_piece_if_it_can_be_made_at_one_go() -> None:
    text = "Zamówienie zostało wczoraj nadane i jest już w drodze do wybranego punktu odbioru."
    assert pieces(text, "pl") == [text]


def test_a_sentence_without_an_end_is_cut_between_words() -> None:
    found = pieces("słowo " * 100, "pl")
    assert all(len(piece) <= MOST_CHARS for piece in found)
    assert all(word == "słowo" for piece in found for word in piece.split())


@settings(deadline=None)
@given(st.text(alphabet="aąB1 .,;:!?…„”\n-–0zł", max_size=400), st.sampled_from(["pl", "en"]))
def test_nothing_is_lost_and_nothing_is_long(text: str, language: Language) -> None:
    found = pieces(text, language)
    assert all(len(piece) <= MOST_CHARS for piece in found)
    letters = [sign for sign in text if sign.isalnum()]
    assert [sign for piece in found for sign in piece if sign.isalnum()] == letters
