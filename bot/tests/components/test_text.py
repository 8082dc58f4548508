import pytest

from components.text import fold, normalise


def test_case_and_diacritics_do_not_matter():
    assert normalise("Zażółć GĘŚLĄ jaźń") == normalise("zazolc gesla jazn") == "zazolc gesla jazn"


def test_a_letter_typed_as_two_marks_is_the_same_letter():
    assert normalise("zamo\u0301wienie") == "zamowienie"


@pytest.mark.parametrize(
    "text",
    [
        "zamówienie 104731",
        "zamówienie 104 731",
        "zamówienie sto cztery siedemset trzydzieści jeden",
        "zamówienie jeden zero cztery siedem trzy jeden",
        "zamówienie one hundred and four",
        "zamówienie one oh four",
    ],
)
def test_every_number_is_one_word(text):
    assert normalise(text) == "zamowienie 000"


def test_folding_keeps_every_position():
    text = "İstanbul ŻÓŁW ẞ"
    assert len(fold(text)) == len(text)


def test_empty_text_stays_empty():
    assert normalise("") == "" == normalise("  \n ")
