"""What the front line itself says to customers, in their language."""

from datetime import datetime
from functools import cache
from pathlib import Path

import msgspec

from frontline.clock import local
from frontline.lang.dates import written_day, written_time

LANGUAGES = ("pl", "en")


@cache
def _notices() -> dict[str, dict[str, str]]:
    text = (Path(__file__).parent / "notices.yml").read_bytes()
    return msgspec.yaml.decode(text, type=dict[str, dict[str, str]])


def notice(name: str, language: str, channel: str = "chat", /, **values: object) -> str:
    """The notice `name` in `language` (Polish when there is no such language), filled in.

    On the channel `voice` it is the notice `name_voice`, where there is one.

    Raises:
        KeyError: an unknown notice, or a value it needs is missing.
    """
    spoken = _notices().get(f"{name}_voice") if channel == "voice" else None
    texts = spoken or _notices()[name]
    return texts.get(language, texts["pl"]).format(**values)


def moment_text(moment: datetime, now: datetime, language: str) -> str:
    """A moment as a customer reads it: the time, and the day unless it is today."""
    there = local(moment)
    clock = written_time(there.time())
    if there.date() == local(now).date():
        return clock
    return f"{written_day(there.date(), 'en' if language == 'en' else 'pl')}, {clock}"
