import numpy as np
import pytest

from tools.speech.voice_context import (
    PLACE_FEATURES,
    REACH,
    SLOTS,
    clauses,
    one_hot,
    places,
    slot_starts,
    slots,
    width,
)

SENTENCE = "^tˈa,dˈob.$"
IDS = {symbol: number for number, symbol in enumerate("_^$taˈ,dob.")}


def test_a_mark_ends_the_clause_it_is_in() -> None:
    found = clauses(SENTENCE)
    assert found.first.tolist() == [0, 0, 0, 0, 0, 5, 5, 5, 5, 5, 10]
    assert found.last.tolist() == [4, 4, 4, 4, 4, 9, 9, 9, 9, 9, 10]


def test_a_sentence_without_marks_is_one_clause() -> None:
    assert clauses("^ta$").last.tolist() == [3, 3, 3, 3]


def test_a_symbol_knows_its_neighbours_the_end_of_its_clause_and_its_stresses() -> None:
    rows = slots(SENTENCE, IDS) - slot_starts(len(IDS))
    vowel = SENTENCE.index("a")
    names = "".join(list(IDS)[number] for number in rows[vowel, : 2 * REACH + 2])
    assert names == "_^tˈa,dˈo,"
    assert rows[vowel, -2:].tolist() == [0, 1]
    assert rows[SENTENCE.index("d"), -2:].tolist() == [1, 0]
    assert rows[0, -2:].tolist() == [1, 0]


def test_more_stresses_than_are_told_apart_count_as_many() -> None:
    rows = slots("^" + "ˈa" * 9 + "$", IDS) - slot_starts(len(IDS))
    assert rows[:, -2].max() == rows[:, -1].max() == 4


def test_each_slot_has_numbers_of_its_own() -> None:
    rows = slots(SENTENCE, IDS)
    inputs = one_hot(rows, len(IDS))
    assert inputs.shape == (len(SENTENCE), width(len(IDS)))
    assert (inputs.sum(1) == SLOTS).all()


def test_symbols_are_spread_over_frames() -> None:
    durations = np.array([2, 0, 3, 1])
    symbol, place = places(durations, clauses("a,ba"))
    assert symbol.tolist() == [0, 0, 2, 2, 2, 3]
    assert place.shape == (6, PLACE_FEATURES)
    assert place[:, 0] == pytest.approx([0.25, 0.75, 1 / 6, 0.5, 5 / 6, 0.5])
    assert place[:, -1] == pytest.approx([0, 0.5, 0, 0.25, 0.5, 0.75])
