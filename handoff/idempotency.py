"""The same request twice has one effect and one answer: `Idempotency-Key`.

A row is made before the work begins, so that of two equal requests at the same moment one works
and the other is told to wait. A process that dies in between leaves its row behind; after
`WORK_S` the key is free again.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec
from sqlalchemy import ColumnElement, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from frontline.clock import Clock
from frontline.database import Database
from frontline.errors import ConflictError, RefusedError
from handoff.desk_tables import idempotency

KEPT_H = 24
WORK_S = 60
"""Longer than any request takes."""
AT_WORK = 0
"""The status of a request that has no answer yet."""
_KEY = re.compile(r"[\x21-\x7e]{1,80}")


class IdempotencyMismatchError(RefusedError):
    """The key was used for another request."""

    code = "idempotency_mismatch"


class InProgressError(ConflictError):
    """The same request is being worked on."""

    code = "in_progress"
    retryable = True


class Answer(msgspec.Struct, frozen=True):
    """What a request was answered with."""

    status: int
    body: str
    replayed: bool = False
    """Given before; nothing was done this time."""


def fingerprint(method: str, path: str, body: bytes) -> str:
    """What tells one request from another."""
    head = f"{method}\n{path}\n".encode()
    return sha256(head + body).hexdigest()


class Idempotency:
    """Answers by agent and key, for a day."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def once(
        self, agent_id: str, key: str, request: str, work: Callable[[], Awaitable[Answer]]
    ) -> Answer:
        """Do the work, or give the answer that it had before.

        Work that raises has had no effect, so its key stays free.

        Args:
            agent_id: whose request; keys of others do not matter.
            key: what the client sent as `Idempotency-Key`.
            request: its `fingerprint`.
            work: does it.

        Raises:
            RefusedError: not a key.
            IdempotencyMismatchError: the key belongs to another request.
            InProgressError: the same request is being worked on.
        """
        if not _KEY.fullmatch(key):
            raise RefusedError("an idempotency key has 1 to 80 visible ASCII characters")
        begun = self._clock.now()
        known = await self._begin(agent_id, key, request, begun)
        if known is not None:
            return known
        mine = and_(_is(agent_id, key), idempotency.c.at == begun, idempotency.c.status == AT_WORK)
        try:
            answer = await work()
        except BaseException:
            async with self._database.write() as connection:
                await connection.execute(delete(idempotency).where(mine))
            raise
        async with self._database.write() as connection:
            values = {"status": answer.status, "body": answer.body}
            await connection.execute(update(idempotency).where(mine).values(values))
        return answer

    async def first(self, owner: str, key: str) -> bool:
        """Is the key shown for the first time in a day? Of several processes, one hears yes."""
        values = {"agent_id": owner, "key": key, "request": "", "status": 204, "body": ""}
        try:
            async with self._database.write() as connection:
                await connection.execute(insert(idempotency).values(at=self._clock.now(), **values))
        except IntegrityError:
            return False
        return True

    async def sweep(self) -> int:
        """Forget what is older than a day; returns how many."""
        old = idempotency.c.at < self._clock.now() - timedelta(hours=KEPT_H)
        async with self._database.write() as connection:
            return (await connection.execute(delete(idempotency).where(old))).rowcount

    async def _begin(self, agent_id: str, key: str, request: str, now: datetime) -> Answer | None:
        """The answer given before; None = there is none, and the key is ours now."""
        async with self._database.write() as connection:
            wanted = select(idempotency).where(_is(agent_id, key)).with_for_update()
            row = (await connection.execute(wanted)).one_or_none()
            if row is not None and row.at > now - timedelta(hours=KEPT_H):
                if row.request != request:
                    raise IdempotencyMismatchError("this key was used for another request")
                if row.status != AT_WORK:
                    return Answer(row.status, row.body, replayed=True)
                if row.at > now - timedelta(seconds=WORK_S):
                    raise InProgressError("the same request is being worked on")
            await connection.execute(delete(idempotency).where(_is(agent_id, key)))
            values = {"request": request, "status": AT_WORK, "body": "", "at": now}
            try:
                async with connection.begin_nested():
                    await connection.execute(
                        insert(idempotency).values(agent_id=agent_id, key=key, **values)
                    )
            except IntegrityError:  # PostgreSQL: another process at the same moment
                raise InProgressError("the same request is being worked on") from None
        return None


def _is(agent_id: str, key: str) -> ColumnElement[bool]:
    return (idempotency.c.agent_id == agent_id) & (idempotency.c.key == key)
