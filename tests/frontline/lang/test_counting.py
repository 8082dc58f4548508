import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontline.lang.counting import Number, in_words, locative, number, year
from frontline.lang.numerals import LIMIT
from frontline.lang.units import UNITS


@pytest.mark.parametrize(
    ("text", "whole", "fraction"),
    [
        ("7", 7, ""),
        ("1234", 1234, ""),
        ("1 234", 1234, ""),
        ("1 234,50", 1234, "50"),
        ("1.234,50", 1234, "50"),
        ("1,234.50", 1234, "50"),
        ("1 234 567", 1234567, ""),
        ("2,5", 2, "5"),
        ("0.05", 0, "05"),
    ],
)
def test_a_written_number_is_read(text: str, whole: int, fraction: str) -> None:
    assert number(text) == (whole, fraction)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (Number(1), "jednego"),
        (Number(5), "pięciu"),
        (Number(21), "dwudziestu jeden"),
        (Number(100), "stu"),
        (Number(1000), "tysiąca"),
        (Number(2022), "dwóch tysięcy dwudziestu dwóch"),
        (Number(0), "zera"),
    ],
)
def test_after_od_and_do(count: Number, words: str) -> None:
    assert in_words(count, "pl", genitive=True) == words


@pytest.mark.parametrize(
    ("count", "polish", "english"),
    [
        (Number(2, "5"), "dwa i pół", "two point five"),
        (Number(0, "5"), "zero przecinek pięć", "zero point five"),
        (Number(2, "05"), "dwa przecinek zero pięć", "two point zero five"),
        (Number(2, "25"), "dwa przecinek dwadzieścia pięć", "two point two five"),
        (Number(2, "00"), "dwa", "two"),
    ],
)
def test_fractions(count: Number, polish: str, english: str) -> None:
    assert in_words(count, "pl") == polish
    assert in_words(count, "en") == english


@settings(deadline=None)
@given(st.integers(0, LIMIT - 1), st.booleans())
def test_every_number_has_a_genitive(count: int, feminine: bool) -> None:
    words = in_words(Number(count), "pl", genitive=True, feminine=feminine).split()
    assert words
    assert all(word.isalpha() for word in words)


def test_a_number_that_is_too_great_is_refused() -> None:
    with pytest.raises(ValueError, match="no words"):
        in_words(Number(LIMIT), "pl", genitive=True)


@pytest.mark.parametrize(
    ("number", "polish", "english"),
    [
        (2026, "dwa tysiące dwudziestego szóstego", "twenty twenty-six"),
        (2001, "dwa tysiące pierwszego", "two thousand one"),
        (2000, "dwutysięcznego", "two thousand"),
        (1999, "tysiąc dziewięćset dziewięćdziesiątego dziewiątego", "nineteen ninety-nine"),
        (1905, "tysiąc dziewięćset piątego", "nineteen oh five"),
        (1900, "tysiąc dziewięćsetnego", "nineteen hundred"),
    ],
)
def test_years(number: int, polish: str, english: str) -> None:
    assert year(number, "pl") == polish
    assert year(number, "en") == english


def test_in_a_year() -> None:
    assert locative(year(2023, "pl")) == "dwa tysiące dwudziestym trzecim"
    assert locative(year(2022, "pl")) == "dwa tysiące dwudziestym drugim"


@pytest.mark.parametrize(
    ("count", "unit", "polish", "english"),
    [
        ("1", "kg", "kilogram", "kilogram"),
        ("2", "kg", "kilogramy", "kilograms"),
        ("5", "kg", "kilogramów", "kilograms"),
        ("2,5", "kg", "kilograma", "kilograms"),
        ("22", "szt", "sztuki", "pieces"),
        ("3", "m²", "metry kwadratowe", "square metres"),
        ("5", "%", "procent", "per cent"),
    ],
)
def test_units_go_with_their_number(count: str, unit: str, polish: str, english: str) -> None:
    assert UNITS[unit].after(number(count), "pl") == polish
    assert UNITS[unit].after(number(count), "en") == english
