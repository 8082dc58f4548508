"""Training without Rasa's detours; each says what it saves of a training on 15 000 sentences.

Only for the process that trains: nothing is cached between trainings there, so the fingerprints
that Rasa computes for its cache are never read.
"""

from __future__ import annotations

import copy
import hashlib
import json
import pickle
from functools import cache
from types import SimpleNamespace
from typing import Any


@cache
def apply() -> None:
    """Put all of them in place; after Rasa is imported."""
    _merge_without_deep_copies()
    _compare_messages_by_a_cheap_key()
    _make_nothing_for_the_cache()
    _read_every_file_once()
    _validate_with_ready_schemas()
    _keep_the_domain_as_json()


def _merge_without_deep_copies() -> None:
    """5 s: sentences are copied deeply each time two sets are merged; they are never changed."""
    import rasa.shared.nlu.training_data.training_data as module

    module.copy = SimpleNamespace(deepcopy=copy.copy)


def _compare_messages_by_a_cheap_key() -> None:
    """3 s: to find doubles, Rasa hashes every value of every sentence by itself."""
    from rasa.shared.nlu.training_data.message import Message

    thorough = Message.fingerprint

    def fingerprint(self: Message) -> str:
        if self.features:
            return thorough(self)
        if self._cached_fingerprint is None:
            text = json.dumps(self.data, sort_keys=True, default=repr)
            self._cached_fingerprint = hashlib.md5(text.encode()).hexdigest()  # noqa: S324
        return self._cached_fingerprint

    Message.fingerprint = fingerprint


def _make_nothing_for_the_cache() -> None:
    """3 s: keys and copies for a cache of size 0."""
    from rasa.engine.training.hooks import TrainingHook

    TrainingHook.on_before_node = lambda *_args, **_kwargs: {}
    TrainingHook.on_after_node = lambda *_args, **_kwargs: None


def _read_every_file_once() -> None:
    """2 s: each file is read for its validation and then two or three times for its content."""
    import rasa.shared.utils.io as files

    read, known = files.read_yaml, dict[str, bytes]()

    def read_yaml(content: str, reader_type: str | list[str] = "safe") -> Any:
        if reader_type != "safe":
            return read(content, reader_type)
        if content not in known:
            known[content] = pickle.dumps(read(content))
        return pickle.loads(known[content])  # noqa: S301  a copy: some callers change it

    files.read_yaml = read_yaml


def _validate_with_ready_schemas() -> None:
    """5 s: every file is read with a slow reader that knows lines, and its schema anew.

    A file that is not valid is read again in Rasa's way, which then says the line.
    """
    import pkg_resources
    import rasa.shared.utils.io as files
    import rasa.shared.utils.validation as validation
    from pykwalify.core import Core

    by_the_book = validation.validate_yaml_schema

    @cache
    def schema(path: str) -> Any:
        names = (path, validation.RESPONSES_SCHEMA_FILE)
        found = [pkg_resources.resource_filename(validation.PACKAGE_NAME, name) for name in names]
        return dict(files.read_yaml_file(found[0]), **files.read_yaml_file(found[1]))

    extensions = [
        pkg_resources.resource_filename(validation.PACKAGE_NAME, validation.SCHEMA_EXTENSIONS_FILE)
    ]

    valid = set[tuple[str, str]]()

    def validate(content: str, schema_path: str, package_name: str = "rasa") -> None:
        if (content, schema_path) in valid:
            return
        try:
            data = files.read_yaml(content)
            rules = copy.deepcopy(schema(schema_path))
            Core(source_data=data, schema_data=rules, extensions=extensions).validate()
            valid.add((content, schema_path))
        except Exception:  # whatever it is, Rasa's own way says it better
            by_the_book(content, schema_path, package_name)

    validation.validate_yaml_schema = validate


def _keep_the_domain_as_json() -> None:
    """1 s: the model's copy of the domain, which nobody reads, is laid out by a slow YAML writer.

    JSON is YAML too (YAML 1.2, section 1.3).
    """
    from rasa.shared.constants import LATEST_TRAINING_DATA_FORMAT_VERSION
    from rasa.shared.core.domain import Domain

    def as_yaml(self: Domain) -> str:
        return json.dumps(
            {"version": LATEST_TRAINING_DATA_FORMAT_VERSION, **self.as_dict()}, ensure_ascii=False
        )

    Domain.as_yaml = as_yaml
