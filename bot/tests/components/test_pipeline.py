"""The three components one after the other, on Rasa's own messages."""

import pytest
from rasa.shared.nlu.training_data.message import Message

from components.entities import RuleEntityExtractor
from components.language import Trigrams
from components.language_identifier import LanguageIdentifier
from components.sparse_linear import SparseLinearClassifier
from components.sparse_model import Options, train

SENTENCES = {
    "order_status": ["gdzie jest moja paczka", "kiedy przyjdzie zamówienie", "where is my parcel"],
    "opening_hours": ["do której macie otwarte", "godziny otwarcia", "when do you open"],
    "greet": ["dzień dobry", "cześć", "hello"],
    "inform": ["mój numer to 104731", "my postcode is 00-950", "to jest mój mail"],
    "change_language": ["in english please", "po polsku proszę", "switch the language"],
}


@pytest.fixture(scope="module")
def pipeline():
    texts = [t for some in SENTENCES.values() for t in some]
    intents = [name for name, some in SENTENCES.items() for _ in some]
    model = train(texts, intents, Options())
    model.temperature = 8.0  # so few sentences give no sure scores
    return [
        RuleEntityExtractor(),
        SparseLinearClassifier({"clause_threshold": 0.5}, None, None, model),
        LanguageIdentifier(None, None, Trigrams.learn(texts)),
    ]


def parse(pipeline, text, **metadata):
    message = Message(data={"text": text, "metadata": metadata or None})
    for component in pipeline:
        component.process([message])
    return message.as_dict(only_output_properties=True)


def entities(data):
    return {e["entity"]: e["value"] for e in data["entities"]}


@pytest.mark.parametrize(
    "text", ["", "   ", "😀", "?!", "/", "/affirm", '/inform{"order_number": "1"}']
)
def test_empty_and_payload_messages_pass_through(pipeline, text):
    data = parse(pipeline, text)
    assert "order_number" not in entities({"entities": [], **data})


def test_a_bare_answer_is_data(pipeline):
    for text in ("104731", "00-950", "104 731.", "sto cztery siedemset trzydzieści jeden"):
        assert parse(pipeline, text)["intent"] == {"name": "inform", "confidence": 1.0}


def test_two_questions_are_both_reported(pipeline):
    data = parse(pipeline, "Gdzie jest moja paczka i do której macie otwarte?")
    assert data["intent"]["name"] == "order_status"
    assert data["second_intent"]["name"] == "opening_hours"
    assert data["second_intent"]["text"] == "do której macie otwarte"
    assert "opening_hours" not in [r["name"] for r in data["intent_ranking"]]


def test_one_question_has_no_second(pipeline):
    assert parse(pipeline, "gdzie jest moja paczka").get("second_intent") is None


def test_the_language_sticks_until_it_is_clear(pipeline):
    assert entities(parse(pipeline, "hello", language="pl"))["language"] == "pl"
    assert entities(parse(pipeline, "where is my parcel now", language="pl"))["language"] == "en"
    kept = parse(pipeline, "where is my parcel now", language="pl", language_chosen=True)
    assert entities(kept)["language"] == "pl"
    assert kept["language"]["name"] == "en"


def test_an_explicit_wish_changes_the_language_for_good(pipeline):
    data = parse(pipeline, "In English, please", language="pl", language_chosen=True)
    assert entities(data) == {"language": "en", "language_chosen": "yes"}
    assert data["intent"] == {"name": "change_language", "confidence": 1.0}


def test_another_language_is_reported_and_changes_nothing(pipeline):
    data = parse(pipeline, "Wo ist meine Bestellung?", language="pl")
    assert data["language"]["name"] == "other"
    assert entities(data)["language"] == "pl"


def test_a_very_long_message_is_answered(pipeline):
    data = parse(pipeline, "gdzie jest moja paczka " * 1_000)
    assert data["intent"]["name"] == "order_status"
