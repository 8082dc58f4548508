"""A call as the front line has recorded it: looked up in SQL, because a caller hears only sound."""

import contextlib
import sqlite3
import time
from pathlib import Path
from typing import Any, NamedTuple


class Turn(NamedTuple):
    """Something that was said."""

    seq: int
    author: str
    text: str


class CallRecord:
    """The newest call in a front line's database."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "frontline.db"
        self.id = str(self._ask("SELECT id FROM calls ORDER BY registered_at DESC LIMIT 1")[0][0])

    def value(self, column: str) -> Any:
        """A column of the call's row."""
        return self._ask(f"SELECT {column} FROM calls WHERE id = ?", self.id)[0][0]  # noqa: S608

    @property
    def turns(self) -> list[Turn]:
        """All that was said, in order."""
        rows = self._ask(
            "SELECT seq, author, text FROM turns WHERE conversation_id = ? ORDER BY seq",
            self.value("conversation_id"),
        )
        return [Turn(*row) for row in rows]

    def said_by(self, author: str, *, after: int = 0) -> str:
        """All texts of one author, joined."""
        return " ".join(t.text for t in self.turns if t.author == author and t.seq > after)

    @property
    def case(self) -> dict[str, Any]:
        """The case of this conversation; empty = none."""
        names = ("state", "reason", "channel", "agent")
        query = "SELECT state, reason, channel, agent FROM cases WHERE conversation_id = ?"
        rows = self._ask(query, self.value("conversation_id"))
        return dict(zip(names, rows[-1], strict=True)) if rows else {}

    def wait_for(self, what: str, wanted: Any, limit_s: float = 15.0) -> None:
        """Wait until a column has a value."""
        deadline = time.monotonic() + limit_s
        while (found := self.value(what)) != wanted:
            assert time.monotonic() < deadline, f"{what} of the call is {found!r}, not {wanted!r}"
            time.sleep(0.1)

    def _ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=10)
        with contextlib.closing(connection):
            return connection.execute(query, values).fetchall()
