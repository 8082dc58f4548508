import joblib
import numpy as np
import pytest

from components.sparse_linear import FILE, ModelVersionError, SparseLinearClassifier
from components.sparse_model import Options, train

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
    return train(TEXTS, INTENTS, Options(folds=3))


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
    again = train(TEXTS, INTENTS, Options(folds=3))
    assert np.allclose(again.probabilities(TEXTS), model.probabilities(TEXTS), atol=1e-4)


def test_typo_copies_can_be_trained_with():
    noisy = train(TEXTS, INTENTS, Options(folds=2, typo_copies=1))
    assert best(noisy, "gdzie jest moja paczka") == "order_status"


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
    joblib.dump({"old": "layout"}, tmp_path / FILE)
    with pytest.raises(ModelVersionError, match="train it again"):
        SparseLinearClassifier.load({}, Folder(tmp_path), None, None)


def test_a_fitting_artefact_is_loaded(model, tmp_path):
    joblib.dump(model, tmp_path / FILE)
    assert SparseLinearClassifier.load({}, Folder(tmp_path), None, None) is not None
