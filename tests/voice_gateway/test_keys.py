from hypothesis import given
from hypothesis import strategies as st

from voice_gateway.keys import (
    KEYS_S,
    MOST_KEYS,
    STAR_S,
    Again,
    ChatCode,
    Choice,
    Digits,
    Keypad,
    Meaning,
    Person,
)


def pressed(keys: str, *, collects: bool = True, wanted: int = 0) -> list[Meaning | None]:
    keypad = Keypad()
    return [keypad.press(key, 10.0, collects=collects, wanted=wanted) for key in keys]


def test_digits_are_an_answer_when_they_are_enough_or_ended() -> None:
    assert pressed("104731", wanted=6) == [*[None] * 5, Digits("104731")]
    assert pressed("00950#") == [*[None] * 5, Digits("00950")]


def test_a_star_takes_digits_back_or_begins_a_code() -> None:
    assert pressed("10*") == [None, None, Again()]
    assert pressed("*123456") == [*[None] * 6, ChatCode("123456")]
    assert pressed("*123456", collects=False) == [*[None] * 6, ChatCode("123456")]
    assert pressed("*12#")[-1] == ChatCode("12")
    assert pressed("**") == [None, Again()]
    assert pressed("*#") == [None, Again()]


def test_without_a_question_for_digits_a_key_is_a_choice() -> None:
    assert pressed("10", collects=False) == [Choice("1"), Choice("0")]


def test_time_ends_what_nobody_ends() -> None:
    keypad = Keypad()
    keypad.press("*", 10.0, collects=True)
    assert keypad.wait(10 + STAR_S / 2) is None
    assert keypad.wait(10 + STAR_S) == Again()
    assert keypad.wait(10 + STAR_S * 2) is None
    keypad.press("4", 20.0, collects=True)
    assert keypad.wait(20 + KEYS_S) == Digits("4")
    keypad.press("0", 30.0, collects=True)
    assert keypad.wait(30 + KEYS_S) == Person()


@given(st.text(alphabet="0123456789*#", max_size=200), st.booleans(), st.integers(0, 9))
def test_a_flood_of_keys_is_bounded_and_ends(keys: str, collects: bool, wanted: int) -> None:
    keypad = Keypad()
    for key in keys:
        keypad.press(key, 1.0, collects=collects, wanted=wanted)
        assert len(keypad.pressed) <= MOST_KEYS
    keypad.wait(1.0 + KEYS_S)
    assert not keypad.is_busy
