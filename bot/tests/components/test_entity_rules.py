import time

import pytest

from components.entity_product import Products
from components.entity_rules import find_entities

GOODS = Products(
    {
        "pl": ["lodówka", "krzesło", "stół", "kocioł", "książka", "kurtka zimowa", "kurtka",
               "słuchawki", "telefon", "mata", "but", "robot", "hulajnoga", "sweter"],
        "en": ["kettle", "coffee machine", "pan", "garden hose", "chair", "watch", "knife",
               "tights", "phone", "shoes"],
    }
)  # fmt: skip
NUMBER = "ZA-2026-104731"


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
        ("ZA–2026–104731", NUMBER),
        ("ZA – 2026 – 104731", NUMBER),
        ("Z A 2026 104 731", NUMBER),
        ("ZA 104731", "104731"),
        ("ZA-104 731", "104731"),
        ("1O4731", "104731"),
        ("104.731", "104731"),
        ("zet a myślnik dwa zero dwa sześć myślnik jeden zero cztery siedem trzy jeden", NUMBER),
        ("zet jak zenon a jak adam dwadzieścia dwadzieścia sześć sto cztery 731", NUMBER),
        ("zeta dwa tysiące dwadzieścia sześć łamane na sto cztery 731", NUMBER),
        ("zed ay two zero two six one nought four seven three one", NUMBER),
        ("zulu alpha two thousand twenty six one oh four seven three one", NUMBER),
        ("z for zebra a for apple twenty twenty six one oh four seven three one", NUMBER),
        ("zee ay dash two oh two six slash one oh four seven three one", NUMBER),
        ("sto cztery yyy siedemset trzydzieści jeden", "104731"),
        ("sto cztery a dalej siedemset trzydzieści jeden", "104731"),
        ("a hundred and four thousand seven hundred and thirty one", "104731"),
        ("jedynka zero czwórka siódemka trójka jedynka", "104731"),
        ("jeden, zero, cztery, siedem, trzy, jeden", "104731"),
    ],
)
def test_an_order_number_is_read_in_every_shape(text, value):
    assert found(f"Chodzi o {text}, proszę") == [("order_number", value, text)]


@pytest.mark.parametrize(
    "text",
    ["00-950", "00 950", "00950", "0 0 9 5 0", "zero zero dziewięć pięć zero",
     "zero zero dziewięćset pięćdziesiąt", "00–950", "00 - 950", "00.950",
     "zero zero myślnik dziewięć pięć zero", "double oh dash nine five oh",
     "dwa zera kreska dziewięćset pięćdziesiąt", "oh oh nine hundred and fifty"],
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
        ("d.o'hara@example.com", "d.o'hara@example.com"),
        ("info+shop@example.com", "info+shop@example.com"),
        ("m.szulc [at] example.com", "m.szulc@example.com"),
        ("ewa osiemdziesiąt dwa małpa example kropka com", "ewa82@example.com"),
        ("ka jot nowak małpka example kropka com", "kjnowak@example.com"),
        ("sklep podłoga zosia małpa wu pe kropka pe el", "sklep_zosia@wp.pl"),
        ("krzysztof myślnik lis małpa o dwa kropka pl", "krzysztof-lis@o2.pl"),
        ("k o w a l at example dot co dot uk", "kowal@example.co.uk"),
        ("b as in bravo dot lewis at example dot com", "b.lewis@example.com"),
        ("s smith forty two at example dot com", "ssmith42@example.com"),
    ],
)
def test_an_email_is_read_typed_and_spoken(text, value):
    assert found(text) == [("email", value, text)]


@pytest.mark.parametrize(
    ("before", "sign"),
    [
        ("mój mail to", "małpa"),
        ("to będzie", "małpa"),
        ("proszę wysłać na", "małpa"),
        ("my email is", "at"),
        ("er it's under", "at"),
    ],
)
def test_the_sentence_before_an_email_is_no_part_of_it(before, sign):
    address = f"tomek {sign} example dot com"
    assert found(f"{before} {address}") == [("email", "tomek@example.com", address)]


@pytest.mark.parametrize("text", ["we met at the shop. Come on", "I looked at example.com"])
def test_a_plain_at_makes_no_email(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("600 700 800", "+48600700800"),
        ("600700800", "+48600700800"),
        ("+48 600-700-800", "+48600700800"),
        ("48 600 700 800", "+48600700800"),
        ("+44 20 7946 0958", "+442079460958"),
        ("sześćset siedemset osiemset", "+48600700800"),
        ("(22) 555 41 41", "+48225554141"),
        ("07700 900 731", "+447700900731"),
        ("plus czterdzieści osiem sześćset yyy siedemset osiemset", "+48600700800"),
        ("oh oh four eight six double oh seven double oh eight double oh", "+48600700800"),
        ("plus four four seven seven double oh nine hundred two six one", "+447700900261"),
        ("pięćdziesiąt osiem a dalej pięćset pięćdziesiąt pięć 32 10", "+48585553210"),
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
        ("199 zlotys", "199.00 PLN"),
        ("1.299,00 zł", "1299.00 PLN"),
        ("tysiąc złotych", "1000.00 PLN"),
        ("półtora tysiąca złotych", "1500.00 PLN"),
        ("dwustu złotych", "200.00 PLN"),
        ("sixty five zlotys fifty", "65.50 PLN"),
        ("a hundred and eighty nine zlotys", "189.00 PLN"),
        ("20 tys. zł", "20000.00 PLN"),
        ("3k", "3000.00 PLN"),
        ("50 groszy", "0.50 PLN"),
        ("£1,200.50", "1200.50 GBP"),
    ],
)
def test_an_amount_is_no_order_number_and_no_postcode(text, value):
    assert found(text) == [("amount", value, text)]


@pytest.mark.parametrize(
    "text",
    [
        "12 marca",
        "12.03.2026",
        "2026-03-12",
        "wczoraj",
        "March 12th",
        "12th of March",
        "Monday",
        "pierwszego maja",
        "dwudziestego siódmego stycznia",
        "31.12",
        "the fourth of october",
        "february the second",
        "the 3rd of August",
        "3-go maja",
        "21/08/2026",
        "2moro",
        "boxing day",
        "piętnasty sierpnia dwa tysiące dwudziestego szóstego",
        "May 5th, 2026",
    ],
)
def test_a_date_keeps_its_wording(text):
    assert found(text) == [("date", text, text)]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("czynne w sobotę?", ["sobotę"]),
        ("czynne w soboty?", []),
        ("do soboty", ["soboty"]),
        ("promised for last Tuesday", ["Tuesday"]),
        ("coś na Black Friday", []),
        ("w niedz. albo w pn", ["niedz", "pn"]),
        ("it may be 5", []),
    ],
)
def test_a_habit_is_no_date(text, date):
    assert [surface for _, _, surface in found(text)] == date


@pytest.mark.parametrize(
    "text",
    [
        "NIP 525-224-84-81", "PESEL 85010112345", "rozmiary 36, 38, 40", "bateria 20000 mAh",
        "konto 61 1090 1014 0000 0712 1981 2874", "1 0 4 7 3 1 0 0 9 5 0", "2026 12", "1234567",
        "a hundred and seventeen thousand", "50 444 12 12 3",
    ],
)  # fmt: skip
def test_digits_that_can_be_read_in_two_ways_are_not_read(text):
    kinds = {kind for kind, _, _ in found(text)}
    assert not kinds & {"order_number", "postal_code", "phone"}


@pytest.mark.parametrize(
    ("text", "goods"),
    [
        ("czy macie lodówek więcej, tę lodówkę? o lodówce", ["lodówek", "lodówkę", "lodówce"]),
        ("sześć krzeseł do stołu i części do kotła", ["krzeseł", "stołu", "kotła"]),
        ("czytam o książkach w swetrze", ["książkach", "swetrze"]),
        ("szukam kurtki zimowej na hulajnodze", ["kurtki zimowej", "hulajnodze"]),
        ("nie działają słuchawki zimowe", ["słuchawki zimowe"]),
        ("proszę o telefon, macie matę?", ["matę"]),
        ("czy jesteś robotem?", []),
        ("is my coffee machine's lid here, the pan, the garden chairs", ["coffee machine", "pan",
                                                                    "garden chairs"]),
        ("do you sell knives and tights, these are tight", ["knives", "tights"]),
        ("can you watch my order, I want a watch", ["watch"]),
        ("but tell the pan to call by phone", ["pan"]),
        ("proszę, czy pan może mi to wysłać", []),
        ("kettle", ["kettle"]),
    ],
)  # fmt: skip
def test_goods_are_found_in_every_form_and_only_in_their_language(text, goods):
    found_goods = [f for f in find_entities(text, GOODS) if f.entity == "product"]
    assert [text[f.start : f.end] for f in found_goods] == goods


def test_goods_have_their_basic_form_as_value():
    (one,) = find_entities("mam problem z kurtkami zimowymi", GOODS)
    assert one.value == "kurtka zimowa"


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
    "piece",
    ["1 ", "1.", "a@", "a-", "za 20", "at ", "a kropka ", "sto ", "-", "1/", "@", "o", "o1", "yyy ",
     "double ", "a at b dot ", "1 000 ", "the ", "kettle ", "dwudziestego ", "zet jak ", "(", "+"],
)  # fmt: skip
def test_a_hostile_message_costs_little_time(piece):
    began = time.perf_counter()
    find_entities(piece * 10_000, GOODS)
    assert time.perf_counter() - began < 1.0
