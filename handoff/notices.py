"""What the front line itself says to customers, in their language."""

from functools import cache
from pathlib import Path

import msgspec

LANGUAGES = ("pl", "en")


@cache
def _notices() -> dict[str, dict[str, str]]:
    text = (Path(__file__).parent / "notices.yml").read_bytes()
    return msgspec.yaml.decode(text, type=dict[str, dict[str, str]])


def notice(name: str, language: str, /, **values: object) -> str:
    """The notice `name` in `language` (Polish when there is no such language), filled in.

    Raises:
        KeyError: an unknown notice, or a value it needs is missing.
    """
    texts = _notices()[name]
    return texts.get(language, texts["pl"]).format(**values)
