"""Canned answers: what agents say often, called by `/shortcut` and filled from the case."""

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.clock import Clock
from frontline.database import Database
from frontline.errors import ConflictError, NotFoundError, RefusedError
from frontline.ids import new_id
from handoff.desk_tables import canned_answers
from handoff.places import PLACE, PLACES, fill

__all__ = ["Canned", "CannedAnswers", "Draft", "fill"]

TITLE_CHARS = 120
TEXT_CHARS = 2000
INTENTS = 20
KEPT = 1000
"""Canned answers in one shop."""
_SHORTCUT = re.compile(r"[a-z0-9-]{1,40}")
_INTENT = re.compile(r"[a-z][a-z0-9_]{0,59}")
_ID = re.compile(r"[0-9A-Za-z]{1,26}")
_LANGUAGES = ("pl", "en")


class Draft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A canned answer as an editor writes it."""

    shortcut: str
    language: str
    title: str
    text: str
    intents: list[str] = []
    """When it is suggested."""

    def checked(self) -> "Draft":
        """The draft with spaces at its ends removed.

        Raises:
            RefusedError: something is missing, too long, or a place cannot be filled.
        """
        title, text = " ".join(self.title.split()), self.text.strip()
        unknown = sorted(set(PLACE.findall(text)) - set(PLACES))
        faults = [
            (not _SHORTCUT.fullmatch(self.shortcut),
             "a shortcut has 1 to 40 small letters without accents, digits and hyphens"),
            (self.language not in _LANGUAGES, "the language is pl or en"),
            (not 1 <= len(title) <= TITLE_CHARS, f"a title has 1 to {TITLE_CHARS} characters"),
            (not 1 <= len(text) <= TEXT_CHARS, f"a text has 1 to {TEXT_CHARS} characters"),
            (not _is_clean(title + text), "there are control characters in it"),
            (len(self.intents) > INTENTS or not all(map(_INTENT.fullmatch, self.intents)),
             f"intents are up to {INTENTS} names of the bot's intents"),
            (bool(unknown),
             f"nothing can be filled into {', '.join(unknown)}; there are {', '.join(PLACES)}"),
        ]  # fmt: skip
        for wrong, message in faults:
            if wrong:
                raise RefusedError(message)
        return Draft(self.shortcut, self.language, title, text, sorted(set(self.intents)))


class Canned(msgspec.Struct, frozen=True):
    """A canned answer."""

    id: str
    shortcut: str
    language: str
    title: str
    text: str
    """May hold `{places}`."""
    intents: list[str]
    updated_at: datetime


def seeds() -> list[Draft]:
    """The answers that a new installation begins with."""
    text = Path(__file__).with_suffix(".yml").read_bytes()
    return [draft.checked() for draft in msgspec.yaml.decode(text, type=list[Draft])]


class CannedAnswers:
    """The canned answers of a shop."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def seed(self) -> int:
        """Put the first answers in when there are none; how many were put in."""
        try:
            async with self._database.write() as connection:
                if await connection.scalar(select(canned_answers.c.id).limit(1)):
                    return 0
                drafts = seeds()
                for draft in drafts:
                    await self._insert(connection, new_id(), draft)
                return len(drafts)
        except IntegrityError:
            return 0  # another process has just done so

    async def list(self, language: str | None = None) -> Sequence[Canned]:
        """All answers, or those in a language, by shortcut."""
        wanted = select(canned_answers).order_by(
            canned_answers.c.shortcut, canned_answers.c.language
        )
        if language:
            wanted = wanted.where(canned_answers.c.language == language)
        async with self._database.read() as connection:
            return [_canned_of(row) for row in await connection.execute(wanted.limit(KEPT))]

    async def get(self, canned_id: str) -> Canned:
        """One answer.

        Raises:
            NotFoundError: there is none with this id.
        """
        async with self._database.read() as connection:
            return await _load(connection, canned_id)

    async def save(self, draft: Draft, canned_id: str | None = None) -> Canned:
        """Write an answer; an id that is not known yet becomes a new one's.

        Raises:
            RefusedError: the draft or the id is not valid.
            ConflictError: another answer in this language has the shortcut.
        """
        draft, canned_id = draft.checked(), canned_id or new_id()
        if not _ID.fullmatch(canned_id):
            raise RefusedError("an id has up to 26 letters and digits")
        try:
            async with self._database.write() as connection:
                changed = await connection.execute(
                    update(canned_answers)
                    .where(canned_answers.c.id == canned_id)
                    .values(**msgspec.structs.asdict(draft), updated_at=self._clock.now())
                )
                if not changed.rowcount:
                    await self._insert(connection, canned_id, draft)
                return await _load(connection, canned_id)
        except IntegrityError as error:
            raise ConflictError(f"there is already a /{draft.shortcut}") from error

    async def delete(self, canned_id: str) -> None:
        """Remove an answer.

        Raises:
            NotFoundError: there is none with this id.
        """
        async with self._database.write() as connection:
            gone = await connection.execute(
                delete(canned_answers).where(canned_answers.c.id == canned_id)
            )
            if not gone.rowcount:
                raise NotFoundError("there is no such canned answer")

    async def _insert(self, connection: AsyncConnection, canned_id: str, draft: Draft) -> None:
        values = msgspec.structs.asdict(draft)
        await connection.execute(
            insert(canned_answers).values(id=canned_id, updated_at=self._clock.now(), **values)
        )


async def _load(connection: AsyncConnection, canned_id: str) -> Canned:
    wanted = select(canned_answers).where(canned_answers.c.id == canned_id)
    row = (await connection.execute(wanted)).one_or_none()
    if row is None:
        raise NotFoundError("there is no such canned answer")
    return _canned_of(row)


def _canned_of(row: Row[Any]) -> Canned:
    return Canned(**{name: getattr(row, name) for name in Canned.__struct_fields__})


def _is_clean(text: str) -> bool:
    return not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", text)
