"""Six-digit codes that carry a conversation from chat to phone and back.

Six digits can be tried out, so a code lives ten minutes, works once, and whoever guesses is stopped
after a few wrong ones. SQL holds only a keyed hash; nothing logs or stores the code itself.
"""

import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

import msgspec
from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.errors import RefusedError, UnavailableError
from frontline.ids import new_id
from frontline.limits import TooManyError
from handoff.call_tables import code_tries, codes

DIGITS = 6
LIVES = timedelta(minutes=10)
TRIES = 5
"""Wrong codes in one call, or from one chat."""
TRIES_OF_CALLER = 10
"""Wrong codes of one telephone number in an hour: calling again does not help."""
TRIES_OF_ALL = 300
"""Wrong codes in an hour, of everybody: more is somebody who tries them all."""
WINDOW = timedelta(hours=1)
MOST_MADE = 5
"""Codes of one conversation within `LIVES`."""
MOST_LIVE = 2000
"""At this many codes a guess hits one in 500 times; no more are given out."""


class Way(StrEnum):
    """From where to where a code carries a conversation."""

    TO_PHONE = "to_phone"
    TO_CHAT = "to_chat"


class Code(msgspec.Struct, frozen=True):
    """A code, for the customer's eyes or ears only."""

    digits: str
    expires_at: datetime


class WrongCodeError(RefusedError):
    """Never given out, used before, or too old; which, is not said."""

    code = "wrong_code"

    def __init__(self, left: int) -> None:
        super().__init__(f"this code does not work; {left} more may be tried")
        self.left = left


class CodesLockedError(RefusedError):
    """Too many wrong codes: only a person can help now."""

    code = "codes_locked"


class Codes:
    """Makes codes and takes them, inside the caller's transaction."""

    def __init__(self, key: bytes) -> None:
        """`key` is the installation's secret; who has only the database cannot test codes."""
        self._key = hmac.digest(key, b"conversation codes", "sha256")

    def hash(self, way: Way, digits: str) -> str:
        """What SQL knows of a code; spaces and the like between the digits do not matter.

        Raises:
            RefusedError: not six digits.
        """
        plain = re.sub(r"[\s.,-]", "", digits)
        if not re.fullmatch(r"[0-9]{6}", plain):
            raise RefusedError("a code has six digits")
        return hmac.new(self._key, f"{way}:{plain}".encode(), sha256).hexdigest()

    async def make(
        self, connection: AsyncConnection, conversation_id: str, way: Way, now: datetime
    ) -> Code:
        """A new code for a conversation; an earlier one does not work any more.

        Raises:
            TooManyError: this conversation has had enough of them.
            UnavailableError: too many codes are out.
        """
        mine = (codes.c.conversation_id == conversation_id, codes.c.way == way)
        recent = await connection.scalar(
            select(func.count()).select_from(codes).where(*mine, codes.c.made_at > now - LIVES)
        )
        if (recent or 0) >= MOST_MADE:
            raise TooManyError(LIVES.total_seconds())
        live = (codes.c.way == way, codes.c.used_at.is_(None), codes.c.expires_at > now)
        await connection.execute(update(codes).where(*mine, *live).values(expires_at=now))
        known = set(await connection.scalars(select(codes.c.hash).where(*live)))
        if len(known) >= MOST_LIVE:
            raise UnavailableError("too many codes are out")
        while True:
            digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
            hashed = self.hash(way, digits)
            if hashed not in known:
                break
        await connection.execute(
            insert(codes).values(
                id=new_id(), way=way, hash=hashed, conversation_id=conversation_id,
                made_at=now, expires_at=now + LIVES,
            )
        )  # fmt: skip
        return Code(digits, now + LIVES)

    async def take(
        self,
        connection: AsyncConnection,
        way: Way,
        hashed: str,
        who: Mapping[str, int],
        now: datetime,
    ) -> str | int:
        """Use a code up. A wrong one is counted, so the transaction has to be committed.

        Args:
            connection: a writing transaction.
            way: what the code is for.
            hashed: what `hash` made of it.
            who: who tries, under several names, with how many wrong codes each may try.
            now: the moment.

        Returns:
            The conversation's id; or, the code being wrong, how many more may be tried.

        Raises:
            CodesLockedError: no more may be tried, right or wrong.
        """
        left = await tries_left(connection, who, now)
        if left <= 0:
            raise CodesLockedError("too many wrong codes")
        row = (
            await connection.execute(
                update(codes)
                .where(codes.c.way == way, codes.c.hash == hashed, codes.c.used_at.is_(None),
                       codes.c.expires_at > now)
                .values(used_at=now)
                .returning(codes.c.conversation_id)
            )
        ).one_or_none()  # fmt: skip
        if row is not None:
            return str(row.conversation_id)
        await connection.execute(
            insert(code_tries), [{"who": name, "at": now} for name in _with_all(who)]
        )
        return left - 1

    def pseudonym(self, name: str) -> str:
        """A telephone number or address as `who`: it can be counted and not be read."""
        return hmac.new(self._key, name.encode(), sha256).hexdigest()[:32]


def _with_all(who: Iterable[str]) -> list[str]:
    return [*who, "all"]


async def tries_left(connection: AsyncConnection, who: Mapping[str, int], now: datetime) -> int:
    """How many wrong codes may still be tried; the tightest of the limits counts."""
    limits = {**who, "all": TRIES_OF_ALL}
    rows = await connection.execute(
        select(code_tries.c.who, func.count())
        .where(code_tries.c.who.in_(list(limits)), code_tries.c.at > now - WINDOW)
        .group_by(code_tries.c.who)
    )
    made: dict[str, int] = {name: count for name, count in rows}
    return min(limit - int(made.get(name, 0)) for name, limit in limits.items())


async def forget_old(connection: AsyncConnection, now: datetime) -> None:
    """Drop codes and tries that matter no more."""
    await connection.execute(delete(code_tries).where(code_tries.c.at <= now - WINDOW))
    await connection.execute(
        delete(codes).where(
            or_(codes.c.expires_at <= now - WINDOW, codes.c.used_at <= now - WINDOW)
        )
    )
