import pytest

from frontline.lang.spelling import (
    spoken_address,
    spoken_code,
    spoken_digits,
    spoken_phone,
    written_phone,
)


@pytest.mark.parametrize(
    ("digits", "polish", "english"),
    [
        ("104731", "sto cztery, siedemset trzydzieści jeden", "one zero four, seven three one"),
        ("004010", "zero zero cztery, zero dziesięć", "zero zero four, zero one zero"),
        ("000", "zero zero zero", "zero zero zero"),
        ("7", "siedem", "seven"),
        ("1234", "dwanaście, trzydzieści cztery", "one two, three four"),
        ("12345", "sto dwadzieścia trzy, czterdzieści pięć", "one two three, four five"),
    ],
)
def test_digits_are_said_in_groups(digits: str, polish: str, english: str) -> None:
    assert spoken_digits(digits, "pl") == polish
    assert spoken_digits(digits, "en") == english


def test_a_code_is_spelled_where_it_has_letters() -> None:
    assert spoken_code("ZA-12", "pl") == "Z A, dwanaście"


def test_a_telephone_number_keeps_its_usual_groups() -> None:
    expected = "dwadzieścia dwa, sto dwadzieścia trzy, czterdzieści pięć, sześćdziesiąt siedem"
    assert spoken_phone("+48221234567", "pl") == expected
    assert spoken_phone("+49301234", "en") == "four nine three, zero one, two three four".replace(
        "zero one, two three four", "zero one two, three four"
    )
    assert written_phone("+48221234567") == "+48 22 123 45 67"
    assert written_phone("+4930123") == "+4930123"


def test_an_address_is_said_sign_by_sign() -> None:
    assert spoken_address("bok@za.example", "pl") == "bok małpa za kropka example"
    assert spoken_address("a_b@za.example", "en") == "a underscore b at za dot example"
