import random

import numpy as np
import pytest

from components.sparse_linear import FILE, ModelVersionError, SparseLinearClassifier, packed
from components.sparse_model import Options, mistype, stems, train

SENTENCES = {
    "order_status": ["gdzie jest moja paczka", "kiedy przyjdzie zamówienie",
                     "status zamówienia 104731", "where is my parcel", "when will my order arrive",
                     "order status please"],
    "opening_hours": ["do której macie otwarte", "godziny otwarcia sklepu",
                      "czy w sobotę jest otwarte", "when do you open",
                      "what are your opening hours",
                      "are you open on saturday"],
    "greet": ["dzień dobry", "cześć", "witam serdecznie", "hello", "hi there", "good morning"],
}  # fmt: skip
TEXTS = [t for texts in SENTENCES.values() for t in texts]
INTENTS = [name for name, texts in SENTENCES.items() for _ in texts]


@pytest.fixture(scope="module")
def model():
    return train(TEXTS, INTENTS, Options())


def best(model, text):
    return model.ranking(model.probabilities([text])[0], 1)[0]["name"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Gdzie jest moja PACZKA?!", "order_status"),
        ("gdzie jst moja paczak", "order_status"),
        ("godziny otwarcia", "opening_hours"),
        ("czesc", "greet"),
        ("status zamówienia sto cztery siedemset trzydzieści jeden", "order_status"),
    ],
)
def test_case_typos_and_spoken_numbers_do_not_change_the_intent(model, text, intent):
    assert best(model, text) == intent


def test_probabilities_lie_between_nothing_and_certainty(model):
    rows = model.probabilities(["", "paczka", "😀", "x" * 20_000])
    assert rows.shape == (4, 3)
    assert np.all((rows >= 0) & (rows <= 1))


def test_training_twice_gives_the_same_model(model):
    again = train(TEXTS, INTENTS, Options())
    assert np.allclose(again.probabilities(TEXTS), model.probabilities(TEXTS), atol=1e-4)


def test_a_model_may_do_without_typo_copies():
    plain = train(TEXTS, INTENTS, Options(typos=False))
    assert best(plain, "gdzie jest moja paczka") == "order_status"


def test_a_mistyped_word_differs_by_one_slip():
    dice = random.Random(3)  # noqa: S311
    for text in TEXTS:
        slip = mistype(text, dice)
        assert abs(len(slip) - len(text)) <= 1
        assert sum(a != b for a, b in zip(sorted(slip), sorted(text), strict=False)) <= len(text)
    assert mistype("ok", dice) == "ok"


def test_stems_are_the_first_letters_of_words_and_of_neighbours():
    assert stems("zwroty butow ?", 5, 2) == ["zwrot", "butow", "?", "zwrot_butow", "butow_?"]


def test_probabilities_of_a_text_sum_to_one(model):
    assert np.allclose(model.probabilities(["paczka", "hello there"]).sum(axis=1), 1)


def test_eight_bit_weights_are_those_of_the_solver_within_half_a_step(model):
    assert model.weights.dtype == np.int8
    assert np.abs(model.weights).max(axis=0).min() == 127


FOREIGN = ["jaka jutro pogoda", "opowiedz dowcip", "kto wygrał mecz", "tell me a joke",
           "weather tomorrow", "who won the match"]  # fmt: skip


def test_kept_out_sentences_set_the_limits():
    texts, intents = TEXTS + FOREIGN, INTENTS + ["out_of_scope"] * len(FOREIGN)
    pairs = [(word, i) for t, i in zip(texts, intents, strict=True) for word in t.split()]
    unseen = ([word for word, _ in pairs], [i for _, i in pairs])
    sure = train(texts, intents, Options(refused_scope=0.0, refused_unsure=0.0), unseen)
    strict = train(texts, intents, Options(refused_scope=0.5, refused_unsure=0.5), unseen)
    assert strict.limits.scope > sure.limits.scope
    assert strict.limits.confidence > sure.limits.confidence
    rows = strict.probabilities(["gdzie jest moja paczka", "opowiedz dowcip"])
    assert strict.in_scope(rows[0]) > 0.5 > strict.in_scope(rows[1])


def test_the_ranking_always_says_how_likely_it_is_out_of_scope():
    texts, intents = TEXTS + FOREIGN, INTENTS + ["out_of_scope"] * len(FOREIGN)
    model = train(texts, intents, Options())
    ranking = model.ranking(model.probabilities(["gdzie jest moja paczka"])[0], 1)
    assert [entry["name"] for entry in ranking] == ["order_status", "out_of_scope"]


def test_a_calibrated_model_is_about_as_sure_as_it_is_right():
    dice = random.Random(1)  # noqa: S311
    texts = [f"{dice.choice('abcd')}{dice.choice('xyz')} słowo {n}" for n in range(400)]
    intents = ["first" if t[0] in "ab" or dice.random() < 0.2 else "second" for t in texts]
    model = train(texts[:300], intents[:300], Options(), (texts[300:], intents[300:]))
    rows = model.probabilities(texts[300:])
    right = np.array(model.intents)[rows.argmax(axis=1)] == np.array(intents[300:])
    assert abs(rows.max(axis=1).mean() - right.mean()) < 0.12


def test_one_intent_cannot_be_trained():
    with pytest.raises(ValueError, match="two intents"):
        train(["a", "b"], ["greet", "greet"], Options())


class Folder:
    """As much of Rasa's model storage as loading needs."""

    def __init__(self, path):
        self._path = path

    def read_from(self, resource):
        return self

    def __enter__(self):
        return self._path

    def __exit__(self, *error):
        return None


def test_an_artefact_of_another_version_is_refused_when_it_is_loaded(model, tmp_path):
    (tmp_path / FILE).write_bytes(packed({"old": "layout"}))
    with pytest.raises(ModelVersionError, match="train it again"):
        SparseLinearClassifier.load({}, Folder(tmp_path), None, None)


def test_a_fitting_artefact_is_loaded(model, tmp_path):
    (tmp_path / FILE).write_bytes(packed(model))
    assert SparseLinearClassifier.load({}, Folder(tmp_path), None, None) is not None


@pytest.mark.parametrize("damage", [b"", b"garbage", packed({"old": "layout"})[:-4]])
def test_a_damaged_artefact_is_refused_when_it_is_loaded(damage, tmp_path):
    (tmp_path / FILE).write_bytes(damage)
    with pytest.raises(ModelVersionError):
        SparseLinearClassifier.load({}, Folder(tmp_path), None, None)
