import re
from datetime import date, time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from frontline.lang import Language
from frontline.lang.dates import spoken_day, spoken_time, written_day, written_time
from frontline.lang.money import spoken_money, written_money
from frontline.lang.numerals import LIMIT, cardinal
from frontline.lang.spelling import (
    spoken_address,
    spoken_code,
    spoken_digits,
    spoken_phone,
    written_phone,
)
from frontline.lang.text import words
from frontline.lang.written import MAX_CHARACTERS, Expected, written

settings.register_profile("patient", deadline=None)  # a busy machine is no failure
settings.load_profile("patient")

languages = st.sampled_from(["pl", "en"])
digits = st.text("0123456789", min_size=1, max_size=26)
letters = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=4)
NAMES = words("adam wrona lipa biuro hoff zagroda bergen smith")
MIXED = words(
    "sto dwa tysiące zero yyy myślnik małpa kropka com za zet a jak o pierwszej maja plus złotych "
    "i double oh hundred and at dot the first of may one forty nine am"
)


def heard(spoken: str) -> str:
    """As a recogniser gives it."""
    return spoken.replace(",", "").replace("-", " ").lower()


@given(st.integers(0, LIMIT - 1), languages)
def test_every_number_is_read_back(number: int, language: Language) -> None:
    assert written(cardinal(number, language), language, "digits") == str(number)
    assert written(heard(cardinal(number, language)), language, "digits") == str(number)


@given(st.integers(0, LIMIT - 1))
def test_feminine_numbers_are_read_back(number: int) -> None:
    assert written(cardinal(number, "pl", feminine=True), "pl", "digits") == str(number)


@given(st.integers(10, LIMIT - 1).filter(lambda n: n % 1000), languages)
def test_a_number_in_a_sentence_is_in_digits(number: int, language: Language) -> None:
    text = {"pl": "to jest {} w sumie", "en": "that is {} in all"}[language]
    assert written(text.format(cardinal(number, language)), language) == text.format(number)


@given(digits, languages, st.integers(1, 4))
def test_digits_in_any_grouping_are_read_back(code: str, language: Language, group: int) -> None:
    assert written(spoken_digits(code, language, group=group), language, "digits") == code


@given(digits, languages, st.integers(1, 4))
def test_no_digit_is_lost_when_nothing_is_expected(
    code: str, language: Language, group: int
) -> None:
    once = written(spoken_digits(code, language, group=group), language)
    again = written(once, language, "digits").replace("+48", "0048")
    assert re.sub(r"[ ,-]", "", again) == code


@given(st.from_regex(r"[1-9][0-9]{5}", fullmatch=True), st.integers(1, 3))
def test_an_order_number_is_read_back_in_a_sentence(code: str, group: int) -> None:
    polish = spoken_digits(code, "pl", group=group)
    assert written(f"gdzie jest {polish} proszę pani", "pl") == f"gdzie jest {code} proszę pani"
    english = heard(spoken_digits(code, "en", group=group))
    assert written(f"where is {english} please", "en") == f"where is {code} please"


@given(st.from_regex(r"ZA20[1-4][0-9]{7}", fullmatch=True), languages)
def test_a_whole_order_number_is_read_back(code: str, language: Language) -> None:
    order = f"ZA-{code[2:6]}-{code[6:]}"
    assert written(spoken_code(code, language), language) == order
    assert written(spoken_code(code, language), language, "spelled") == order


@given(
    st.lists(st.tuples(letters, digits), min_size=1, max_size=2).map(
        lambda parts: "".join(a + b for a, b in parts)
    ),
    languages,
)
@example("ZA2026", "pl")
def test_a_code_is_read_back(code: str, language: Language) -> None:
    if language == "en":
        code = code.replace("O", "X")  # which an English caller says for a zero
    read = written(spoken_code(code, language), language, "spelled")
    assert read.replace("-", "") == code


@given(st.from_regex(r"[1-9][0-9]{8}", fullmatch=True), languages)
def test_a_phone_number_is_read_back(number: str, language: Language) -> None:
    said = spoken_phone(f"+48{number}", language)
    assert written(said, language) == written_phone(f"+48{number}").removeprefix("+48 ")


@given(st.dates(), languages)
def test_a_day_is_read_back(day: date, language: Language) -> None:
    without_year = written_day(day, language).rsplit(" ", 1)[0]
    assert written(spoken_day(day, language), language) == without_year
    assert written(heard(spoken_day(day, language)), language) == without_year


@given(st.times(), languages)
def test_a_time_is_read_back(moment: time, language: Language) -> None:
    before = {"pl": "o", "en": "at"}[language]
    said = f"{before} {heard(spoken_time(moment, language))}"
    assert written(said, language) == f"{before} {written_time(moment)}"


@given(st.integers(0, 99_999_999), languages)
def test_a_sum_is_read_back(grosze: int, language: Language) -> None:
    said = spoken_money(grosze, language)
    assert written(said, language) == written_money(grosze, language)
    assert written(heard(said), language) == written_money(grosze, language)


@given(
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=3),
    st.sampled_from(".-_+"),
    st.sampled_from(["example.com", "firma.pl", "sklep-wrona.com.pl", "mail.firma.co.uk"]),
    languages,
)
def test_an_address_is_read_back(
    names: list[str], sign: str, host: str, language: Language
) -> None:
    address = f"{sign.join(names)}@{host}"
    said = spoken_address(address, language)
    assert written(said, language) == address
    assert written(said, language, "spelled") == address
    before = {"pl": "mój adres to", "en": "my address is"}[language]
    assert written(f"{before} {said}", language) == f"{before} {address}"
    assert written(spoken_address(host, language), language) == host


@given(st.text(max_size=200), languages, st.sampled_from([None, "digits", "spelled"]))
def test_no_text_breaks_it(text: str, language: Language, expect: Expected | None) -> None:
    assert isinstance(written(text, language, expect), str)


@given(
    st.lists(
        st.sampled_from(MIXED),
        max_size=14,
    ),
    languages,
    st.sampled_from([None, "digits", "spelled"]),
)
def test_no_mixture_of_its_words_breaks_it(
    said: list[str], language: Language, expect: Expected | None
) -> None:
    text = " ".join(said)
    once = written(text, language, expect)
    assert isinstance(written(once, language, expect), str)


@pytest.mark.parametrize(
    "text",
    [
        "trzy stosy książek",
        "jeden z kurierów był miły",
        "mam dwa trzy pytania",
        "pierwszy raz dzwonię",
        "od pierwszej chwili",
        "po drugiej stronie",
        "za chwilę",
        "moja żona i ja",
        "małpa w zoo",
        "chcę kupić setkę",
        "pięć tysięcy",
        "w maju",
        "pisał do mnie jan kowalski małpa example kropka com",
        "",
        "   ",
    ],
)
def test_polish_that_only_looks_like_numbers_is_left_alone(text: str) -> None:
    assert written(text, "pl") == text


@pytest.mark.parametrize(
    "text",
    [
        "one of the couriers",
        "i need two one litre bottles",
        "oh well",
        "are you at home",
        "a second time",
        "it may be the first",
        "i am at the shop",
        "the one i ordered",
        "for a while",
        "er b as in bravo dot lewis at example dot com",
        "I need news of the second one, 2026-141993.",
        "Call me on +48 511 907 266.",
    ],
)
def test_english_that_only_looks_like_numbers_is_left_alone(text: str) -> None:
    assert written(text, "en") == text


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("sto cztery siedemset trzydzieści jeden", "104731"),
        ("jeden zero cztery siedem trzy jeden", "104731"),
        ("dziesięć czterdzieści siedem trzydzieści jeden", "104731"),
        ("sto cztery tysiące siedemset trzydzieści jeden", "104731"),
        ("sto cztery yyy siedemset trzydzieści jeden", "104731"),
        ("zero zero dziewięćset pięćdziesiąt", "00-950"),
        ("kod zero zero myślnik dziewięć pięć zero", "kod 00-950"),
        ("dwa zera dziewięćset pięćdziesiąt", "00-950"),
        ("zet jak zenon a jak adam dwa zero dwa sześć sto cztery sto jeden", "ZA-2026-104101"),
        ("sześćset sto dwieście", "600 100 200"),
        ("plus czterdzieści osiem sześćset sto dwieście", "+48 600 100 200"),
        ("nip pięćset dwadzieścia pięć dwa sześć siedem cztery siedem sto", "nip 52526747100"),
        ("dwudziestego czwartego listopada", "24 listopada"),
        ("piętnasty sierpnia dwa tysiące dwudziestego szóstego roku", "15 sierpnia 2026 roku"),
        ("o siedemnastej trzydzieści", "o 17:30"),
        ("od dziewiątej do siedemnastej", "od 9:00 do 17:00"),
        ("za sto dwadzieścia złotych", "za 120,00\u00a0zł"),
        ("jan kropka kowalski małpa przykład kropka pl", "jan.kowalski@przyklad.pl"),
        ("ka o wu a el małpa firma kropka pl", "kowal@firma.pl"),
        ("mail to ewa osiemdziesiąt dwa małpa example kropka com", "mail to ewa82@example.com"),
    ],
)  # fmt: skip
def test_polish_as_it_is_said(said: str, read: str) -> None:
    assert written(said, "pl") == read


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("one oh four seven three one", "104731"),
        ("ten forty seven thirty one", "104731"),
        ("one zero four seven double three", "104733"),
        ("one hundred and four seven three one", "104731"),
        ("zed a twenty twenty six one oh four seven three one", "ZA-2026-104731"),
        ("double oh nine five oh", "00-950"),
        ("on the twenty fourth of november", "on 24 November"),
        ("november the second twenty twenty six", "2 November 2026"),
        ("at nine oh five p m", "at 21:05"),
        ("one hundred zlotys and fifty groszy", "PLN\u00a0100.50"),
        ("john dot smith at example dot com", "john.smith@example.com"),
        ("it was in twenty twenty six", "it was in 2026"),
    ],
)  # fmt: skip
def test_english_as_it_is_said(said: str, read: str) -> None:
    assert written(said, "en") == read


@pytest.mark.parametrize(
    ("said", "expect", "read"),
    [
        ("jeden", "digits", "1"),
        ("jeden dwa", "digits", "12"),
        ("pięć tysięcy", "digits", "5000"),
        ("el o el o jeden", "spelled", "LOLO1"),
        ("nie wiem", "spelled", "nie wiem"),
        ("a", "spelled", "a"),
        ("jan kowalski małpa example kropka com", "spelled", "jankowalski@example.com"),
    ],
)
def test_what_was_asked_for_decides(said: str, expect: Expected, read: str) -> None:
    assert written(said, "pl", expect) == read


def test_too_long_a_text_is_left_alone() -> None:
    text = "sto " * MAX_CHARACTERS
    assert written(text, "pl") == text
