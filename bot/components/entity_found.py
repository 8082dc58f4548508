"""What an entity rule finds, and the text as it looks when earlier rules have had their share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_TAKEN = "\0"


@dataclass(frozen=True)
class Found:
    """One entity: its kind, its normal form and its place in the text."""

    entity: str
    value: str
    start: int
    end: int


class Draft:
    """A message while rules go over it; what one has taken, the later ones do not see."""

    def __init__(self, text: str, folded: str) -> None:
        self.text = text
        self.folded = folded
        """Position for position the text, with taken places blacked out."""
        self.found: list[Found] = []

    def take(self, found: Iterable[Found]) -> None:
        """Keep those that no earlier one overlaps."""
        for one in list(found):
            if _TAKEN not in self.folded[one.start : one.end]:
                self.found.append(one)
                black = _TAKEN * (one.end - one.start)
                self.folded = self.folded[: one.start] + black + self.folded[one.end :]
