import pytest

from frontline.lang.numerals import cardinal


@pytest.mark.parametrize(
    ("number", "polish", "english"),
    [
        (0, "zero", "zero"),
        (1, "jeden", "one"),
        (12, "dwanaście", "twelve"),
        (22, "dwadzieścia dwa", "twenty-two"),
        (100, "sto", "one hundred"),
        (731, "siedemset trzydzieści jeden", "seven hundred thirty-one"),
        (1000, "tysiąc", "one thousand"),
        (2019, "dwa tysiące dziewiętnaście", "two thousand nineteen"),
        (5_000, "pięć tysięcy", "five thousand"),
        (22_000, "dwadzieścia dwa tysiące", "twenty-two thousand"),
        (1_000_001, "milion jeden", "one million one"),
        (3_100_000, "trzy miliony sto tysięcy", "three million one hundred thousand"),
    ],
)
def test_a_number_is_said_in_both_languages(number: int, polish: str, english: str) -> None:
    assert cardinal(number, "pl") == polish
    assert cardinal(number, "en") == english


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "jedna"), (2, "dwie"), (21, "dwadzieścia jeden"), (32, "trzydzieści dwie")],
)
def test_feminine_nouns_change_one_and_two(number: int, words: str) -> None:
    assert cardinal(number, "pl", feminine=True) == words


@pytest.mark.parametrize("number", [-1, 1_000_000_000])
def test_numbers_without_words_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="no words"):
        cardinal(number, "pl")
