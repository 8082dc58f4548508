"""What each key figure is called, how it is counted, and what is printed beside it."""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from frontline.errors import NotFoundError

GroupBy = Literal["day", "skill", "channel", "agent", "reason"]
Unit = Literal["percent", "count", "seconds"]


class UnknownKpiError(NotFoundError):
    """There is no such key figure."""

    code = "unknown_kpi"


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """The values that definitions leave open."""

    voice_s: float = 20
    """Service level on the phone: answered within."""
    chat_s: float = 60
    """Service level in chat: answered within."""
    short_s: float = 5
    """Up to here an abandon is a short one."""
    days: int = 7
    """First contact resolution: no new contact for so long."""
    hours: int = 24
    """Containment: no return for so long."""
    least: int = 1
    """A figure that is no count is left open when it stands on less."""

    def target_s(self, channel: str) -> float:
        """Within how many seconds a customer on this channel should be answered."""
        return self.voice_s if channel == "voice" else self.chat_s


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text in both languages."""

    pl: str
    en: str

    def text(self, language: str) -> str:
        """In this language; Polish when it is none of ours."""
        return self.en if language == "en" else self.pl


class Definition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A key figure as `kpis.yml` has it; the file's head explains the fields."""

    name: Words
    unit: Unit
    shape: Literal["count", "ratio", "mean"]
    groups: tuple[GroupBy, ...]
    cases: Literal["counted", "missed", "all"]
    whole: tuple[GroupBy, ...] = ()
    """Groupings in which each group is set against the whole, not against its own part."""
    definition: Words

    def text(self, language: str, options: Options) -> str:
        """The definition to print, with the values in use."""
        values = {name: f"{getattr(options, name):g}" for name in Options.__struct_fields__}
        return self.definition.text(language).format(**values)


class Kpi(msgspec.Struct, frozen=True):
    """A key figure as it is listed."""

    id: str
    name: str
    definition: str
    unit: Unit
    groups: tuple[GroupBy, ...]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kpis: dict[str, Definition]
    small_talk: frozenset[str]
    labels: dict[str, dict[str, Words]]
    words: dict[str, Words]


@cache
def _file() -> _File:
    text = (Path(__file__).parent / "kpis.yml").read_bytes()
    return msgspec.yaml.decode(text, type=_File)


def definitions() -> dict[str, Definition]:
    """All key figures by id, in the order in which they are shown."""
    return _file().kpis


def definition(kpi: str) -> Definition:
    """The key figure with this id.

    Raises:
        UnknownKpiError: there is none.
    """
    known = _file().kpis.get(kpi)
    if known is None:
        raise UnknownKpiError(f"there is no key figure {kpi[:40]!r}")
    return known


def listed(language: str, options: Options | None = None) -> list[Kpi]:
    """All key figures as `GET /reports` shows them."""
    with_values = options or Options()
    return [
        Kpi(name, kpi.name.text(language), kpi.text(language, with_values), kpi.unit, kpi.groups)
        for name, kpi in definitions().items()
    ]


def small_talk() -> frozenset[str]:
    """Intents that no agent is needed for."""
    return _file().small_talk


def label(group_by: str, key: str, language: str) -> str:
    """A group's name; the key itself when the file has none."""
    if not key:
        return word("none", language)
    known = _file().labels.get(group_by, {}).get(key)
    return known.text(language) if known else key


def word(name: str, language: str) -> str:
    """A word for headings."""
    return _file().words[name].text(language)
