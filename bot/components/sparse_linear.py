"""Intent classifier component: which of our intents a message means, and a second one if any."""

from __future__ import annotations

import pickle
import zlib
from dataclasses import asdict, fields
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components import clauses
from components.sparse_model import VERSION, Options, SparseModel, train
from components.text import MAX_CHARS

FILE = "sparse_linear.pickle"
UNREADABLE = (
    AttributeError, ModuleNotFoundError, TypeError, EOFError, zlib.error, pickle.UnpicklingError,
)  # fmt: skip
"""What reading a damaged artefact, or one of another version, may raise."""
RANKING = "intent_ranking"
SECOND = "second_intent"
SCOPE = "scope"
CALIBRATION = "calibration"
"""`use` of sentences, in the metadata of their block, that the calibration needs unseen."""


class ModelVersionError(RasaException):
    """The model was trained by another version of this component; train it again."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SparseLinearClassifier(IntentClassifier, GraphComponent):
    """Classifies by words and letter n-grams; see `components.sparse_model`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Defaults; every name may be set in `config.yml`."""
        return {
            **asdict(Options()),
            "ranking_length": 6,
            "data_intent": "inform",  # what a message is that holds nothing but entities
            "clause_threshold": 0.75,  # a clause asks something when it is at least so sure
        }

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: SparseModel | None = None,
    ) -> None:
        self._config = {**self.get_default_config(), **config}
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SparseLinearClassifier:
        """An untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SparseLinearClassifier:
        """The trained component.

        Raises:
            ModelVersionError: the artefact is of another version, now and not at the first message.
        """
        with model_storage.read_from(resource) as folder:
            try:
                model = pickle.loads(zlib.decompress((folder / FILE).read_bytes()))  # noqa: S301
            except UNREADABLE as error:
                raise ModelVersionError(f"the intent model cannot be read: {error}") from None
        version = getattr(model, "version", None)
        if version != VERSION:
            raise ModelVersionError(
                f"the intent model has version {version}, this bot needs {VERSION}: train it again"
            )
        return cls(config, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on all sentences that have an intent, and store the model."""
        examples = [m for m in training_data.intent_examples if m.get(TEXT)]
        options = Options(**{f.name: self._config[f.name] for f in fields(Options)})
        own = [m for m in examples if not _kept_out(m)]
        out = [m for m in examples if _kept_out(m)]
        self._model = train(*_pairs(own), options, _pairs(out) if out else None)
        with self._storage.write_to(self._resource) as folder:
            (folder / FILE).write_bytes(packed(self._model))
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training data pass through unchanged."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking, second intent and scope of each message.

        `scope`: `in_scope`, the probability that the shop has to do with it at all, and the
        limits for it and for the `confidence` of the best intent below which to ask back.
        """
        for message in messages:
            text = (message.get(TEXT) or "")[:MAX_CHARS]
            if any(c.isalnum() for c in text) and self._model is not None:
                self._classify(message, text)
            else:
                _put(message, {"name": None, "confidence": 0.0}, [], None, None)
        return messages

    def _classify(self, message: Message, text: str) -> None:
        model = self._model
        assert model is not None  # noqa: S101
        parts = [] if text.startswith("/") else clauses.split(text)
        rows = model.probabilities([text, *parts])
        ranking, row = model.ranking(rows[0], self._config["ranking_length"]), rows[0]
        in_scope = model.in_scope(row)
        if _only_data(text, message.get(ENTITIES) or []):
            ranking, in_scope = _promote(ranking, self._config["data_intent"], 1.0), 1.0
        second = None
        if parts:
            judged = [self._clause(part, row) for part, row in zip(parts, rows[1:], strict=True)]
            main, other = clauses.judge(ranking, judged, self._config["clause_threshold"])
            if main is not None:
                ranking = _promote(ranking, main.intent, main.confidence)
                in_scope = model.in_scope(rows[1 + judged.index(main)])
            if other is not None:
                second = {"name": other.intent, "confidence": other.confidence, "text": other.text}
                # two questions are no doubt about one
                ranking = [r for r in ranking if r["name"] != other.intent]
        scope = {"in_scope": in_scope, **asdict(model.limits)}
        _put(message, ranking[0], ranking, second, scope)

    def _clause(self, text: str, row: Any) -> clauses.Clause:
        assert self._model is not None  # noqa: S101
        best = self._model.ranking(row, 1)[0]
        known = zip(self._model.intents, row, strict=True)
        asking = float(sum(p for name, p in known if name not in clauses.ACTS))
        return clauses.Clause(text, best["name"], best["confidence"], asking)


def packed(model: SparseModel) -> bytes:
    """A compressed pickle; the pickler of joblib takes ten times as long."""
    return zlib.compress(pickle.dumps(model, protocol=5), 3)


def _put(
    message: Message,
    intent: dict[str, Any],
    ranking: list[dict[str, Any]],
    second: dict[str, Any] | None,
    scope: dict[str, float] | None,
) -> None:
    message.set(INTENT, dict(intent), add_to_output=True)
    message.set(RANKING, ranking, add_to_output=True)
    message.set(SECOND, second, add_to_output=True)
    message.set(SCOPE, scope, add_to_output=True)


def _kept_out(message: Message) -> bool:
    described = (message.get("metadata") or {}).get("intent") or {}
    return isinstance(described, dict) and described.get("use") == CALIBRATION


def _pairs(messages: list[Message]) -> tuple[list[str], list[str]]:
    return [m.get(TEXT) for m in messages], [m.get(INTENT) for m in messages]


def _promote(ranking: list[dict[str, Any]], name: str, confidence: float) -> list[dict[str, Any]]:
    rest = [r for r in ranking if r["name"] != name]
    return [{"name": name, "confidence": confidence}, *rest]


def _only_data(text: str, entities: list[dict[str, Any]]) -> bool:
    """Nothing but entities, apart from signs: a bare answer such as "00-950"."""
    if not entities:
        return False
    rest = list(text)
    for entity in entities:
        if entity["entity"] != "date":
            rest[entity["start"] : entity["end"]] = " " * (entity["end"] - entity["start"])
    return not any(c.isalnum() for c in rest)
