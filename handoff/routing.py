"""STUB; replaced by the real routing."""
# mypy: ignore-errors
# ruff: noqa

from datetime import timedelta, datetime
from typing import Any
import msgspec
from handoff.case import Priority, Route


class Placement(msgspec.Struct, frozen=True):
    """Stub."""

    skill: str
    level: int
    priority: Priority
    priority_reasons: list[str]
    due_at: datetime
    widen_at: datetime | None
    legal: dict[str, Any] | None


class Routing:
    """Stub."""

    def place(self, *, kind, reason, channel, language, context, now, due_at=None):
        return Placement(
            "complaints" if kind == "complaint" else "general",
            1,
            Priority.NORMAL,
            [],
            due_at or now + timedelta(minutes=10),
            None,
            None,
        )

    def widened(self, case, now):
        return None

    def is_open(self, skill, channel, now):
        return True

    def opens_at(self, skill, channel, now):
        return None

    def routes_of(self, languages, skills, channels):
        return tuple(
            Route(l, s, c, n)
            for l in languages
            for s, top in {"general": 1, **skills}.items()
            for c in channels
            for n in range(1, top + 1)
        )

    def ring_s(self, channel):
        return 20.0

    def wrap_up_s(self, channel):
        return 120.0

    def preferred_s(self):
        return 20.0


def load_routing(path=None, always_open=False):
    return Routing()
