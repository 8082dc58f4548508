import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.sentiment import of_texts, of_turns, polarity
from tests.handoff.summary.samples import turn


@pytest.mark.parametrize(
    "text",
    [
        "To skandal!", "jestem wściekły", "Nie jestem zadowolony", "mam dość", "fatalna obsługa",
        "oszuści", "ile można czekać", "This is terrible", "I'm not happy at all", "I am fed up",
        "worst shop ever", "to nie jest dobrze, jestem rozczarowana", "bardzo zła obsługa",
    ],
)  # fmt: skip
def test_displeasure_is_negative(text: str) -> None:
    assert polarity(text) <= -0.4


@pytest.mark.parametrize(
    "text", ["Dziękuję bardzo!", "super obsługa", "jestem zadowolona", "thanks, that is great",
             "nie, dziękuję", "not bad", "świetnie"],
)  # fmt: skip
def test_praise_and_thanks_are_positive(text: str) -> None:
    assert polarity(text) >= 0.2


@pytest.mark.parametrize(
    "text",
    ["Gdzie jest moje zamówienie 104731?", "Dzień dobry", "good morning", "00-950", "", "🙂",
     "chcę zwrócić buty", "tak", "mój nip to 1234563218", "milion złotych", "proszę o fakturę",
     "złamany obcas",
     "the goods arrived later", "gładki materiał", "chcę złożyć skargę"],
)  # fmt: skip
def test_matters_of_fact_are_neither(text: str) -> None:
    assert polarity(text) == 0


def test_only_the_customers_turns_count() -> None:
    turns = [
        turn(1, "bot", "Fatalny dzień, przepraszam"),
        turn(2, "customer", "Gdzie paczka?"),
        turn(3, "agent", "Dziękuję, super"),
        turn(4, "customer", "To skandal"),
    ]
    mood = of_turns(turns)
    assert (mood.label, mood.trend, mood.turns) == ("negative", "steady", [4])


def test_the_newest_message_gives_the_direction() -> None:
    falling = of_texts([(1, "dziękuję"), (3, "to skandal, oszuści")])
    assert (falling.label, falling.trend) == ("negative", "falling")
    rising = of_texts([(1, "to skandal"), (3, "dobrze, dziękuję bardzo, super")])
    assert (rising.trend, rising.turns) == ("rising", [1, 3])


def test_silence_is_neutral() -> None:
    mood = of_texts([])
    assert (mood.label, mood.score, mood.trend, mood.turns) == ("neutral", 0.0, "steady", [])


@given(st.lists(st.text(max_size=80), max_size=6))
def test_any_text_has_a_score_in_range(texts: list[str]) -> None:
    mood = of_texts(enumerate(texts))
    assert -1 <= mood.score <= 1
    assert mood.label in ("negative", "neutral", "positive")
    assert mood.trend in ("falling", "steady", "rising")
