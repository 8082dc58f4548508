"""The extractor as a part of Rasa: it learns the names of goods and keeps them."""

from contextlib import contextmanager

import pytest
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.entities import RuleEntityExtractor, product_names


class Storage:
    def __init__(self, folder):
        self.folder = folder

    @contextmanager
    def write_to(self, resource):
        yield self.folder

    @contextmanager
    def read_from(self, resource):
        yield self.folder


LOOKUPS = [
    {"name": "product_pl", "elements": ["lodówka"]},
    {"name": "product_pl", "elements": ["czajnik"]},
    {"name": "product_en", "elements": ["kettle"]},
    {"name": "city", "elements": ["Łódź"]},
]


def test_lookups_of_one_language_are_put_together():
    assert product_names(LOOKUPS) == {"pl": ["lodówka", "czajnik"], "en": ["kettle"]}


@pytest.mark.parametrize("text", ["zepsuta lodówka", "nie działa czajnik", "my kettle is broken"])
def test_a_loaded_extractor_knows_what_was_trained(tmp_path, text):
    storage = Storage(tmp_path)
    trainer = RuleEntityExtractor.create({}, storage, Resource("goods"), None)
    trainer.train(TrainingData(lookup_tables=LOOKUPS))
    loaded = RuleEntityExtractor.load({}, storage, Resource("goods"), None)
    message = Message(data={"text": text})
    loaded.process([message])
    assert [e["entity"] for e in message.get("entities")] == ["product"]


def test_an_untrained_extractor_finds_the_other_kinds():
    message = Message(data={"text": "lodówka z 104731"})
    RuleEntityExtractor().process([message])
    assert [e["entity"] for e in message.get("entities")] == ["order_number"]
