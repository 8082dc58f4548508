from hypothesis import given
from hypothesis import strategies as st

from actions.shop.checks import LONGEST_WISH, order_number, wish_key, wish_text
from frontline.errors import RefusedError


def test_numbers_are_tidied() -> None:
    assert order_number(" za-2026-104731\n") == "ZA-2026-104731"
    assert order_number("ZA2026104731") == "ZA-2026-104731"
    assert order_number("104731") == "104731"
    assert order_number("2026-104731") is None


@given(st.text())
def test_any_text_is_a_tidy_number_or_none(text: str) -> None:
    number = order_number(text)
    assert number is None or order_number(number) == number


def test_a_wishs_key_depends_on_order_and_words_alone() -> None:
    key = wish_key("ZA-2026-104731", "Inny  adres ")
    assert key == wish_key("104731", "inny adres")
    assert key != wish_key("104732", "inny adres")
    assert key != wish_key("104731", "inny kolor")


@given(st.text(st.characters()))
def test_a_wish_is_kept_short_and_storable_or_refused(text: str) -> None:
    try:
        tidy = wish_text(text)
    except RefusedError:
        return
    assert 1 <= len(tidy) <= LONGEST_WISH
    assert "\0" not in tidy
    assert tidy.encode("utf-8")
    assert wish_text(tidy) == tidy
