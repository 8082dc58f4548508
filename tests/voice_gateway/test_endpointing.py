import pytest

from frontline.lang import Language
from voice_gateway.endpointing import (
    AT_ONCE_MS,
    DIGITS_MS,
    LONG_MS,
    OPEN,
    POSTCODE_MS,
    SHORT_MS,
    STEADY_MS,
    YES_NO,
    Expectation,
    Kind,
    expectation,
    is_over,
    pause_ms,
    says_something,
)

SIX = Expectation(Kind.DIGITS, 6)


@pytest.mark.parametrize(
    ("text", "written", "expected", "language", "pause"),
    [
        ("", "", OPEN, "pl", LONG_MS),
        ("gdzie jest moja paczka", "", OPEN, "pl", SHORT_MS),
        ("mam problem z", "", OPEN, "pl", LONG_MS),
        ("chciałabym", "", OPEN, "pl", LONG_MS),
        ("where is my", "", OPEN, "en", LONG_MS),
        ("where is my parcel", "", OPEN, "en", SHORT_MS),
        ("tak", "tak", YES_NO, "pl", AT_ONCE_MS),
        ("no tak", "no tak", YES_NO, "pl", AT_ONCE_MS),
        ("hm nie wiem", "hm nie wiem", YES_NO, "pl", SHORT_MS),
        ("sto cztery", "104", SIX, "pl", DIGITS_MS),
        ("sto cztery siedemset trzydzieści jeden", "104731", SIX, "pl", AT_ONCE_MS),
        ("sto cztery siedemset", "104700", SIX, "pl", LONG_MS),
        ("ten four seven thirty", "104730", SIX, "en", LONG_MS),
        ("nie mam numeru", "nie mam numeru", SIX, "pl", SHORT_MS),
        ("zero zero dziewięć pięć zero", "00-950", Expectation(Kind.SPELLED), "pl", SHORT_MS),
        ("zero zero dziewięć pięć zero", "00950", Expectation(Kind.SPELLED), "pl", POSTCODE_MS),
        ("zero zero dziewięćset pięćdziesiąt", "00950", Expectation(Kind.SPELLED), "pl", LONG_MS),
        ("pięćset jeden sto dwa", "501102", Expectation(Kind.SPELLED), "pl", LONG_MS),
        ("… trzysta trzy", "501202303", Expectation(Kind.SPELLED), "pl", SHORT_MS),
        ("jan małpa demo kropka pl", "jan@demo.pl", Expectation(Kind.SPELLED), "pl", SHORT_MS),
        ("jan kropka", "jan.", Expectation(Kind.SPELLED), "pl", DIGITS_MS),
    ],
)
def test_the_words_say_how_long_a_pause_may_be(
    text: str, written: str, expected: Expectation, language: Language, pause: float
) -> None:
    assert pause_ms(text, written or text, expected, language) == pause


def test_it_is_over_when_it_is_still_and_the_text_stands() -> None:
    assert is_over(SHORT_MS, STEADY_MS, SHORT_MS)
    assert not is_over(SHORT_MS - 1, 999, SHORT_MS)
    assert not is_over(999, STEADY_MS - 1, SHORT_MS)


def test_questions_say_what_they_wait_for() -> None:
    assert expectation("order_number") == SIX
    assert expectation("confirm") == YES_NO
    assert expectation(None, ("/affirm", "/deny")) == YES_NO
    assert expectation(None) == OPEN


@pytest.mark.parametrize(("text", "something"), [("", False), ("mhm", False), ("aha tak", True)])
def test_a_sound_of_listening_says_nothing(text: str, something: bool) -> None:
    assert says_something(text) is something
