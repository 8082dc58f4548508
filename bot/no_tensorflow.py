"""Runs Rasa without TensorFlow when nothing in `config.yml` needs it.

Rasa imports TensorFlow wherever one of its networks is defined, used or not: 10 of 16 seconds of
start-up and 300 MB of memory. Our pipeline has no network, so a stand-in takes its name: anything
may be imported from it, subclassed and named in annotations, and the first real use raises.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

NAMES = frozenset({"tensorflow", "keras", "tensorflow_addons", "tensorflow_hub", "tensorflow_text"})
NETWORKS = (
    "DIETClassifier", "TEDPolicy", "UnexpecTEDIntentPolicy", "ResponseSelector",
    "ConveRTFeaturizer", "LanguageModelFeaturizer",
)  # fmt: skip
"""Components that do need it."""


class NoTensorFlowError(RuntimeError):
    """Something wants TensorFlow although no component of the configuration is a network."""


class _Named(type):
    """Metaclass whose classes have any attribute, each such a class again."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Named(name, (), {})

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and callable(args[0]) and not kwargs:
            return args[0]  # a decorator
        if cls.__module__ == __name__:
            raise NoTensorFlowError(f"{cls.__name__} needs TensorFlow; see no_tensorflow.py")
        return super().__call__(*args, **kwargs)


class _StandIn(ModuleType):
    __path__: ClassVar[list[str]] = []
    __version__ = "0"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Named(name, (), {})


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.split(".")[0] in NAMES:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""


def without_tensorflow(config: Path) -> bool:
    """Put the stand-in in place if the configuration allows; before Rasa is imported."""
    text = config.read_text(encoding="utf-8")
    if "tensorflow" in sys.modules or any(name in text for name in NETWORKS):
        return False
    sys.meta_path.insert(0, _Finder())
    return True
