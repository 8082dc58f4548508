"""Language component: says what language a message is in and which one to answer in."""

from __future__ import annotations

import json
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.language import Trigrams, decide, identify, wish

FILE = "trigrams.json"
CHANGE = "change_language"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class LanguageIdentifier(GraphComponent):
    """Sets `language` of the parse and the entities `language` and `language_chosen`.

    The conversation's language so far arrives in the message's metadata: `language` and
    `language_chosen`. Must stand after the intent classifier, before the fallback.
    """

    def __init__(self, storage: ModelStorage, resource: Resource, trigrams: Trigrams) -> None:
        self._storage = storage
        self._resource = resource
        self._trigrams = trigrams

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageIdentifier:
        """An untrained component, which knows function words and scripts only."""
        return cls(model_storage, resource, Trigrams())

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguageIdentifier:
        """The trained component."""
        with model_storage.read_from(resource) as folder:
            odds = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return cls(model_storage, resource, Trigrams(odds))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the trigrams of both languages from the training sentences."""
        texts = [m.get(TEXT) for m in training_data.intent_examples if m.get(TEXT)]
        self._trigrams = Trigrams.learn(texts)
        with self._storage.write_to(self._resource) as folder:
            rounded = {t: round(v, 3) for t, v in self._trigrams.odds.items()}
            (folder / FILE).write_text(json.dumps(rounded), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training data pass through unchanged."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Identify each message's language and add the entities."""
        for message in messages:
            text = message.get(TEXT) or ""
            if text.startswith("/"):
                continue
            metadata = message.get("metadata") or {}
            guess = identify(text, self._trigrams)
            language = {"name": guess.name or None, "confidence": round(guess.confidence, 3)}
            message.set("language", language, add_to_output=True)
            wanted = wish(text, asked=_asks_for_language(message))
            chosen = bool(metadata.get("language_chosen"))
            name = wanted or decide(guess, metadata.get("language"), chosen=chosen)
            found = list(message.get(ENTITIES) or [])
            if name:
                found.append(_entity("language", name))
            if wanted:
                found.append(_entity("language_chosen", "yes"))
                sure = {"name": CHANGE, "confidence": 1.0}
                rest = [r for r in message.get("intent_ranking") or [] if r["name"] != CHANGE]
                message.set(INTENT, sure, add_to_output=True)
                message.set("intent_ranking", [dict(sure), *rest], add_to_output=True)
            message.set(ENTITIES, found, add_to_output=True)
        return messages


def _asks_for_language(message: Message) -> bool:
    """The first intent, however unsure, is the change of language."""
    return (message.get(INTENT) or {}).get("name") == CHANGE


def _entity(kind: str, value: str) -> dict[str, Any]:
    return {"entity": kind, "value": value, "extractor": "LanguageIdentifier", "confidence": 1.0}
