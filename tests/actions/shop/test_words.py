import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.shop.demo import PRODUCTS
from actions.shop.words import WordIndex, alike, fold, grams

INDEX = WordIndex({code: (polish, english) for code, polish, english, *_ in PRODUCTS})


def test_folding_leaves_plain_letters() -> None:
    assert fold("Zażółć GĘŚLĄ jaźń") == "zazolc gesla jazn"


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ("słuchawek", ["SD-011", "SD-012"]),
        ("sluhawki", ["SD-011", "SD-012"]),
        ("czy macie sluchawki bezprzewodowe", ["SD-011"]),
        ("headphone", ["SD-011", "SD-012"]),
        ("czajniki", ["SD-001", "SD-002"]),
        ("lampkę na biurko", ["SD-017"]),
        ("kubki", ["SD-022"]),
        ("hulajnogą", ["SD-025"]),
        ("power banki", ["SD-019"]),
        ("ładowarkę do telefonu", ["SD-020"]),
        ("what is the price of the coffee machine", ["SD-003"]),
        ("bezprzewodowy odkurzacz", ["SD-009"]),
        ("myszka", ["SD-015"]),
        ("keyboards", ["SD-014"]),
    ],
)
def test_words_as_people_write_them(asked: str, codes: list[str]) -> None:
    assert sorted(INDEX.find(asked, 3)) == codes


@pytest.mark.parametrize(
    "asked", ["rower", "kurtka zimowa", "jaka pogoda jutro", "do you have laptops", "buty", "dla"]
)
def test_what_is_not_sold_is_not_found(asked: str) -> None:
    assert INDEX.find(asked, 3) == []


def test_an_empty_catalogue_and_a_nameless_product_find_nothing() -> None:
    assert WordIndex({}).find("kubek", 3) == []
    assert WordIndex({"X": ("", "–")}).find("kubek", 3) == []


@given(st.text(max_size=300), st.integers(-1, 30))
def test_any_text_gives_at_most_the_limit_of_known_products(asked: str, limit: int) -> None:
    found = INDEX.find(asked, limit)
    assert len(found) <= max(limit, 0)
    assert len(set(found)) == len(found)
    assert set(found) <= {product[0] for product in PRODUCTS}


@given(st.from_regex(r"[a-z0-9]{2,12}", fullmatch=True))
def test_a_word_is_wholly_like_itself(word: str) -> None:
    assert alike(grams(word), grams(word)) == 1
