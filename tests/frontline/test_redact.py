import pytest

from frontline.redact import is_pesel, redact


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("piszę z jan.kowalski+sklep@poczta.example.pl.", "piszę z <email>."),
        ("tel. 600 700 800 albo +48 600-700-800", "tel. <phone> albo <phone>"),
        ("call +44 20 7946 0958 please", "call <phone> please"),
        ("PESEL 44051401359", "PESEL <pesel>"),
        ("karta 4111 1111 1111 1111", "karta <card>"),
        ("kod 00-950, Warszawa", "kod <postcode>, Warszawa"),
        ("a@example.com i b@example.com", "<email> i <email>"),
    ],
)
def test_personal_data_is_masked(text: str, masked: str) -> None:
    assert redact(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "zamówienie ZA-2026-104731",
        "za 2026 104731 za 249,99 zł",
        "dnia 2026-11-24 o 12:30",
        "44051401358 ma złą cyfrę kontrolną",
        "R-2026-000123",
        "",
    ],
)
def test_what_names_nobody_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    ("digits", "valid"),
    [
        ("44051401359", True),
        ("02070803628", True),
        ("44051401350", False),
        ("44131401352", False),
        ("4405140135", False),
        ("4405140135a", False),
    ],
)
def test_a_pesel_has_a_check_digit_and_a_birthday(digits: str, valid: bool) -> None:
    assert is_pesel(digits) is valid
