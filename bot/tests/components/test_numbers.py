import pytest

from components.numbers import runs
from components.text import fold


def said(text: str) -> list[list[str]]:
    return [[g.digits for g in run.groups] for run in runs(fold(text))]


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("sto cztery siedemset trzydzieści jeden", ["104", "731"]),
        ("jeden zero cztery siedem trzy jeden", ["1", "0", "4", "7", "3", "1"]),
        ("sto cztery tysiące siedemset trzydzieści jeden", ["104731"]),
        ("dziesięć czterdzieści siedem trzydzieści jeden", ["10", "47", "31"]),
        ("zero zero dziewięćset pięćdziesiąt", ["0", "0", "950"]),
        ("zero jeden dwa", ["0", "1", "2"]),
        ("one oh four seven three one", ["1", "0", "4", "7", "3", "1"]),
        ("one hundred and four seven hundred thirty-one", ["104", "731"]),
        ("one hundred and four thousand seven hundred and thirty-one", ["104731"]),
        ("ten forty-seven thirty-one", ["10", "47", "31"]),
        ("double four one", ["44", "1"]),
        ("sto cztery 731", ["104", "731"]),
        ("dwa tysiące dwadzieścia sześć", ["2026"]),
        ("dwa tysiące dwudziesty szósty", ["2026"]),
        ("a hundred and seventeen thousand four hundred and six", ["117406"]),
        ("six hundred two hundred and ten", ["600", "210"]),
        ("nine hundred two six one", ["900", "2", "6", "1"]),
        ("nine hundred and two six one", ["902", "6", "1"]),
        ("seventy dash one", ["70", "1"]),
        ("sto dwadzieścia yyy osiem", ["128"]),
        ("sto dziesięć a potem zero cztery", ["110", "0", "4"]),
        ("dwa zera dziewięć trzy siódemki", ["00", "9", "777"]),
        ("double oh nine five", ["00", "9", "5"]),
        ("podwójne zero nought", ["00", "0"]),
        ("1O7713", ["107713"]),
        ("20 tysięcy", ["20000"]),
    ],
)
def test_spoken_numbers_become_the_groups_that_were_said(text, groups):
    assert said(text) == [groups]


def test_words_between_numbers_end_a_run():
    assert said("jeden kot i dwa psy") == [["1"], ["2"]]


def test_a_place_is_that_of_the_words():
    text = "numer sto cztery siedemset trzydzieści jeden proszę"
    run = next(runs(fold(text)))
    assert (
        text[run.groups[0].start : run.groups[-1].end] == "sto cztery siedemset trzydzieści jeden"
    )


@pytest.mark.parametrize("text", ["", "yyy", "hundred", "double", "and", "oh oh", "double double"])
def test_halves_of_numbers_are_no_numbers(text):
    assert said(text) == []
