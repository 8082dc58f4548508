"""What the phone line itself says, in the caller's language."""

from functools import cache
from pathlib import Path

import msgspec

from frontline.lang import Language


@cache
def _texts() -> dict[str, dict[Language, str]]:
    raw = (Path(__file__).parent / "texts.yml").read_bytes()
    return msgspec.yaml.decode(raw, type=dict[str, dict[Language, str]])


def line_text(name: str, language: Language, /, **values: object) -> str:
    """The text `name`, filled in.

    Raises:
        KeyError: no such text, or a value that it needs is missing.
    """
    return _texts()[name][language].format(**values)


def fixed_texts(language: Language) -> list[str]:
    """All texts that are always the same, to be spoken ahead of time."""
    return [texts[language] for texts in _texts().values() if "{" not in texts[language]]
