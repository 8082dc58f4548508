from hypothesis import given
from hypothesis import strategies as st

from tools.content.near import MIN_WORDS, NearIndex, grams

WORDS = st.sampled_from(
    ["kiedy", "gdzie", "moja", "moje", "paczka", "paczki", "przyjdzie", "dotrze", "order"]
)
SENTENCES = st.lists(st.lists(WORDS, min_size=1, max_size=8).map(" ".join), max_size=30)


def resemblance(one: str, other: str) -> float:
    a, b = grams(one), grams(other)
    return len(a & b) / len(a | b)


def test_four_letters_and_the_ends_are_compared() -> None:
    assert grams("abc") == {" abc", "abc "}


def test_the_most_alike_comes_first() -> None:
    index = NearIndex(["gdzie jest moja paczka teraz", "gdzie jest moja paczka"], 0.6)
    assert index.like("gdzie jest moja paczka") == [1, 0]


def test_only_earlier_ones_are_found_when_asked() -> None:
    index = NearIndex(["gdzie jest moja paczka"] * 3, 0.8)
    assert index.like("gdzie jest moja paczka", before=1) == [0]


def test_short_sentences_resemble_none() -> None:
    assert NearIndex(["moja paczka"], 0.8).like("moja paczka") == []


@given(SENTENCES, st.sampled_from([0.5, 0.8, 0.85]))
def test_nothing_is_missed_that_comparing_all_would_find(
    sentences: list[str], least: float
) -> None:
    index = NearIndex(sentences, 0.5)
    long = {n: s for n, s in enumerate(sentences) if len(s.split()) >= MIN_WORDS}
    for sentence in long.values():
        alike = {n for n, other in long.items() if resemblance(sentence, other) >= least}
        assert set(index.like(sentence, least)) == alike
