import time

import pytest

from components.entity_rules import find_entities


def found(text: str) -> list[tuple[str, str, str]]:
    return [(f.entity, f.value, text[f.start : f.end]) for f in find_entities(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ZA-2026-104731", "ZA-2026-104731"),
        ("za 2026 104731", "ZA-2026-104731"),
        ("ZA/2026/104731", "ZA-2026-104731"),
        ("ZA2026104731", "ZA-2026-104731"),
        ("2026-104731", "ZA-2026-104731"),
        (
            "za dwa tysiące dwadzieścia sześć sto cztery siedemset trzydzieści jeden",
            "ZA-2026-104731",
        ),
        ("104731", "104731"),
        ("104 731", "104731"),
        ("1 0 4 7 3 1", "104731"),
        ("sto cztery siedemset trzydzieści jeden", "104731"),
        ("sto cztery siedemset trzydziesci jeden", "104731"),
        ("jeden zero cztery siedem trzy jeden", "104731"),
        ("one oh four seven three one", "104731"),
    ],
)
def test_an_order_number_is_read_in_every_shape(text, value):
    assert found(f"Chodzi o {text}, proszę") == [("order_number", value, text)]


@pytest.mark.parametrize(
    "text",
    ["00-950", "00 950", "00950", "0 0 9 5 0", "zero zero dziewięć pięć zero",
     "zero zero dziewięćset pięćdziesiąt"],
)  # fmt: skip
def test_a_postcode_is_read_in_every_shape(text):
    assert found(f"kod {text}") == [("postal_code", "00-950", text)]


@pytest.mark.parametrize(
    "text", ["104731 00-950", "104731, 00950", "104731 00 950", "104 731 00 950"]
)
def test_an_order_number_and_a_postcode_in_one_breath_are_told_apart(text):
    assert [(kind, value) for kind, value, _ in found(text)] == [
        ("order_number", "104731"),
        ("postal_code", "00-950"),
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Jan.Kowalski@Example.PL", "jan.kowalski@example.pl"),
        ("jan kropka kowalski małpa gmail kropka com", "jan.kowalski@gmail.com"),
        ("jan.kowalski małpa wp.pl", "jan.kowalski@wp.pl"),
        ("jan podkreślnik k małpa wp kropka pl", "jan_k@wp.pl"),
        ("jan at example dot com", "jan@example.com"),
    ],
)
def test_an_email_is_read_typed_and_spoken(text, value):
    assert ("email", value, text) in found(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("600 700 800", "+48600700800"),
        ("600700800", "+48600700800"),
        ("+48 600-700-800", "+48600700800"),
        ("48 600 700 800", "+48600700800"),
        ("+44 20 7946 0958", "+442079460958"),
        ("sześćset siedemset osiemset", "+48600700800"),
    ],
)
def test_a_phone_number_becomes_international(text, value):
    assert found(text) == [("phone", value, text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("129,99 zł", "129.99 PLN"),
        ("1 299 zł", "1299.00 PLN"),
        ("12000 zł", "12000.00 PLN"),
        ("€20", "20.00 EUR"),
        ("sto dwadzieścia złotych", "120.00 PLN"),
    ],
)
def test_an_amount_is_no_order_number_and_no_postcode(text, value):
    assert found(text) == [("amount", value, text)]


@pytest.mark.parametrize(
    "text",
    ["12 marca", "12.03.2026", "2026-03-12", "wczoraj", "March 12th", "12th of March", "Monday"],
)
def test_a_date_keeps_its_wording(text):
    assert found(text) == [("date", text, text)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "mam jeden problem",
        "za dwa dni",
        "see you at home",
        "3 pary po 2 sztuki",
        "😀",
        "-",
    ],
)
def test_ordinary_words_hold_no_entity(text):
    assert found(text) == []


def test_a_place_fits_the_text_as_it_was_written():
    text = "Żółć ŁĄKA: zamówienie ZA-2026-104731!"
    (entity,) = find_entities(text)
    assert text[entity.start : entity.end] == "ZA-2026-104731"


@pytest.mark.parametrize(
    "piece", ["1 ", "1.", "a@", "a-", "za 20", "at ", "a kropka ", "sto ", "-", "1/"]
)
def test_a_hostile_message_costs_little_time(piece):
    began = time.perf_counter()
    find_entities(piece * 10_000)
    assert time.perf_counter() - began < 1.0
