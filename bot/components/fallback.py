"""Fallback component: below the limits that the classifier learned, ask back."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME as FALLBACK
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from components.sparse_linear import RANKING, SCOPE
from components.sparse_model import OUT_OF_SCOPE


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class LimitFallback(IntentClassifier, GraphComponent):
    """Turns an unsure reading into `nlu_fallback`; must stand after all that may be sure.

    Unlike Rasa's FallbackClassifier it has no threshold to guess: a message is asked back about
    when it is likelier to be out of scope than the in-scope sentences of the calibration were, or
    less sure than those that were read rightly. What is out_of_scope beyond doubt stays that.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LimitFallback:
        """The component; it has no settings and nothing to load."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Replace the intent of each message that is beyond the limits."""
        for message in messages:
            scope, intent = message.get(SCOPE), message.get(INTENT) or {}
            if scope is None or intent.get("name") in (None, OUT_OF_SCOPE):
                continue
            confidence = float(intent.get("confidence") or 0.0)
            if confidence >= 1.0:
                continue  # a rule was sure
            if scope["in_scope"] < scope["scope"] or confidence < scope["confidence"]:
                doubt = {"name": FALLBACK, "confidence": 1.0 - confidence}
                message.set(INTENT, doubt, add_to_output=True)
                ranking = [dict(doubt), *(message.get(RANKING) or [])]
                message.set(RANKING, ranking, add_to_output=True)
        return messages
