"""The demo speech models for tests, made when they are missing."""

from functools import cache
from pathlib import Path

from frontline.settings import PROJECT
from tools.speech.make import make_demo_models, parts


@cache
def demo_models() -> Path:
    """The folder with `vosk-pl`, `vosk-en`, `piper-pl` and `piper-en`.

    `make test` has made them already; alone, a test waits for them once, a minute or two.
    """
    store = PROJECT / "var" / "models" / "speech"
    return make_demo_models(store, "ci", parts(), lambda _name, _done: None)
