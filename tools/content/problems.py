"""What can be wrong with the content, and the list in which it is gathered."""

from pathlib import Path
from typing import NamedTuple

WARNINGS = {
    "near-same": "two sentences of one intent are almost the same",
    "unmarked": "an entity is marked in one sentence and not in another",
    "review-soon": "a legal text must be looked at again soon",
}
"""Kinds that a person must judge; they do not fail the check."""

ERRORS = {
    "yaml": "a file cannot be read",
    "twice": "a sentence stands twice in one intent, or a name is defined twice",
    "two-intents": "a sentence stands in two intents",
    "near-intents": "almost the same sentence stands in two intents",
    "too-few": "an intent has too few sentences",
    "unknown": "a name that does not exist",
    "no-rule": "no rule answers an intent",
    "unused": "a response that no action says",
    "personal-data": "a real e-mail, telephone, PESEL or card number",
    "mark-up": "an entity's mark-up is broken or names an unknown entity",
    "held-out": "a sentence kept for measuring is trained on",
    "variant": "a language or channel of a response is missing",
    "places": "the variants of a response differ in what they fill in",
    "buttons": "a button leads nowhere, or the languages have different buttons",
    "too-long": "a spoken text is too long to listen to",
    "not-spoken": "a spoken text holds what cannot be said",
    "forbidden": "a promise that we do not make",
    "legal": "a legal text is not in the registry, or its entry is incomplete",
    "legal-date": "a legal text is not yet, or no longer, known to be valid",
}
"""Kinds that fail the check."""


class Problem(NamedTuple):
    """Something wrong and where it is."""

    path: Path
    line: int
    kind: str
    """A key of `ERRORS` or `WARNINGS`; the editors' guide explains each."""
    text: str

    @property
    def is_error(self) -> bool:
        """Whether it fails the check."""
        return self.kind in ERRORS

    def __str__(self) -> str:
        warning = "" if self.is_error else "warning: "
        return f"{self.path}:{self.line}: {warning}{self.text} [{self.kind}]"


class Problems:
    """What was found so far below a project's root."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._found: set[Problem] = set()

    def add(self, where: tuple[Path, int], kind: str, text: str) -> None:
        """Remember a problem; `where` is file and line."""
        if kind not in ERRORS and kind not in WARNINGS:
            raise KeyError(kind)
        path, line = where
        self._found.add(Problem(path.relative_to(self.root), line, kind, text))

    def place(self, where: tuple[Path, int]) -> str:
        """File and line as a person reads them."""
        path, line = where
        return f"{path.relative_to(self.root)}:{line}"

    def sorted(self) -> list[Problem]:
        """All problems in the order of files and lines."""
        return sorted(self._found)
