import math

import pytest

from tools.speech.graph import UNKNOWN, word_ids
from tools.speech.language_model import back_off_model, count
from tools.speech.openfst import EPSILON, Fst

SENTENCES = [("where", "is", "it"), ("where", "is", "he"), ("is", "it", "here")]
WORDS = ["he", "here", "is", "it", "where", "never"]
IDS = word_ids(WORDS)


@pytest.fixture
def model() -> Fst:
    return back_off_model(count(SENTENCES, WORDS, 3), IDS)


def ways_on(model: Fst, state: int, word: str) -> list[tuple[float, int]]:
    """Costs and next states of a word, with any backing off before it."""
    found, back_off = [], 0.0
    while True:
        arcs = model.arcs[state]
        found += [(back_off + cost, to) for label, _, cost, to in arcs if label == IDS[word]]
        shorter = [(cost, to) for label, _, cost, to in arcs if label == EPSILON]
        if not shorter:
            return found
        back_off, state = back_off + shorter[0][0], shorter[0][1]


def test_probabilities_after_each_history_add_up_to_one(model: Fst) -> None:
    for state in range(len(model.arcs)):
        seen = {label: cost for label, _, cost, _ in model.arcs[state] if label != EPSILON}
        total = math.exp(-model.final.get(state, math.inf)) + sum(
            math.exp(-seen[IDS[word]]) if IDS[word] in seen else math.exp(-ways[0][0])
            for word in [*WORDS, UNKNOWN]
            if (ways := ways_on(model, state, word))
        )
        if state not in model.final:  # ending is reached by backing off
            continue
        assert total == pytest.approx(1.0, abs=0.02)


def test_what_was_seen_is_likelier_than_what_was_not(model: Fst) -> None:
    (cost, state), *_ = ways_on(model, model.start, "where")
    assert cost < ways_on(model, model.start, "he")[0][0]
    assert ways_on(model, state, "is")[0][0] < ways_on(model, state, "here")[0][0]


def test_every_word_and_the_unknown_one_can_follow_anything(model: Fst) -> None:
    for state in range(len(model.arcs)):
        assert all(ways_on(model, state, word) for word in [*WORDS, UNKNOWN])


def test_words_outside_of_the_vocabulary_are_gaps() -> None:
    counts = count([("where", "strange", "it")], ["where", "it"], 3)
    assert counts[("where",)] == {}
    assert counts[()]["it"] == 2


def test_arcs_are_sorted_and_the_grammar_is_an_acceptor(model: Fst) -> None:
    for arcs in model.arcs:
        labels = [arc[0] for arc in arcs]
        assert labels == sorted(labels)
        assert all(arc[0] == arc[1] for arc in arcs)
