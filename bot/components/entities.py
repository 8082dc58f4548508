"""Entity extractor component over the rules of `components.entity_rules`."""

from __future__ import annotations

import json
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.entity_product import Products
from components.entity_rules import find_entities

FILE = "products.json"
LOOKUP = "product_"
"""Lookups are called `product_pl` and `product_en`."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class RuleEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Finds order numbers, postcodes, e-mails, phones, amounts, dates and names of goods."""

    def __init__(
        self,
        storage: ModelStorage | None = None,
        resource: Resource | None = None,
        products: Products | None = None,
    ) -> None:
        self._storage = storage
        self._resource = resource
        self._products = products

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RuleEntityExtractor:
        """An untrained component, which knows no names of goods."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> RuleEntityExtractor:
        """The trained component."""
        with model_storage.read_from(resource) as folder:
            names = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return cls(model_storage, resource, Products(names))

    def train(self, training_data: TrainingData) -> Resource:
        """Keep the names of goods from the lookups of the training data."""
        assert self._storage is not None  # noqa: S101
        assert self._resource is not None  # noqa: S101
        names = product_names(training_data.lookup_tables)
        self._products = Products(names)
        with self._storage.write_to(self._resource) as folder:
            text = json.dumps(names, ensure_ascii=False, sort_keys=True)
            (folder / FILE).write_text(text, encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training data pass through unchanged."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities of each message to those it already has."""
        for message in messages:
            text = message.get(TEXT) or ""
            if text.startswith("/"):
                continue
            found = [
                {
                    "entity": f.entity,
                    "value": f.value,
                    "start": f.start,
                    "end": f.end,
                    "extractor": "RuleEntityExtractor",
                }
                for f in find_entities(text, self._products)
            ]
            message.set(ENTITIES, (message.get(ENTITIES) or []) + found, add_to_output=True)
        return messages


def product_names(lookups: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Names of goods by language, from the lookup tables of the training data."""
    names: dict[str, list[str]] = {}
    for table in lookups:
        name, elements = table.get("name", ""), table.get("elements", [])
        if name.startswith(LOOKUP) and isinstance(elements, list):
            names.setdefault(name.removeprefix(LOOKUP), []).extend(elements)
    return names
