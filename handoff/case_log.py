"""The log of each case: append-only, every entry sealed with the hash of the one before.

Whoever changes, drops or inserts an entry later breaks the chain, and `verify` says where.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff.tables import case_events, cases

_encode = msgspec.json.Encoder(order="sorted").encode
BATCH = 2000


class CaseEvent(msgspec.Struct, frozen=True):
    """One entry."""

    case_id: str
    n: int
    """1, 2, 3 … within the case."""
    type: str
    """A value of `Move`, or `first_reply`, `note`, `identity_checked`, `legal_answered`, `csat`."""
    at: datetime
    actor: str
    """An agent's id, `customer`, `bot` or `system`."""
    data: dict[str, Any]
    prev_hash: str
    hash: str


async def record(
    connection: AsyncConnection,
    case_id: str,
    kind: str,
    *,
    actor: str,
    at: datetime,
    data: Mapping[str, Any],
) -> CaseEvent:
    """Append an entry inside the caller's transaction, which holds the case's row."""
    row = (
        await connection.execute(
            select(cases.c.log_length, cases.c.log_head).where(cases.c.id == case_id)
        )
    ).one()
    plain = msgspec.to_builtins(dict(data))
    event = sealed(case_id, row.log_length + 1, kind, at, actor, plain, row.log_head)
    await connection.execute(insert(case_events).values(**msgspec.structs.asdict(event)))
    await connection.execute(
        update(cases)
        .where(cases.c.id == case_id)
        .values(log_length=event.n, log_head=event.hash, rev=cases.c.rev + 1)
    )
    return event


def sealed(
    case_id: str, n: int, kind: str, at: datetime, actor: str, data: dict[str, Any], before: str
) -> CaseEvent:
    """The entry with its hash: SHA-256 over the hash before and the entry's canonical JSON."""
    moment = at.astimezone(UTC)
    body = _encode([before, case_id, n, kind, moment.isoformat(), actor, data])
    digest = hashlib.sha256(body).hexdigest()
    return CaseEvent(case_id, n, kind, moment, actor, data, before, digest)


async def events_of(connection: AsyncConnection, case_id: str) -> list[CaseEvent]:
    """A case's log, oldest first."""
    rows = await connection.execute(
        select(case_events).where(case_events.c.case_id == case_id).order_by(case_events.c.n)
    )
    return [CaseEvent(**row._mapping) for row in rows]


def broken(events: list[CaseEvent], length: int, head: str) -> str | None:
    """What is wrong with one case's log, given what its row says; None = it is whole."""
    before = ""
    for n, event in enumerate(events, 1):
        proper = sealed(event.case_id, n, event.type, event.at, event.actor, event.data, before)
        if event.n != n or event.prev_hash != before or event.hash != proper.hash:
            return f"entry {n} was changed, dropped or put in"
        before = event.hash
    if len(events) != length or before != head:
        return f"the last entries are missing: {len(events)} of {length}"
    return None


async def verify(connection: AsyncConnection) -> list[str]:
    """One line for each case whose log is not whole."""
    wrong: list[str] = []
    after = ""
    while True:
        rows = (
            await connection.execute(
                select(cases.c.id, cases.c.number, cases.c.log_length, cases.c.log_head)
                .where(cases.c.id > after)
                .order_by(cases.c.id)
                .limit(BATCH)
            )
        ).all()
        if not rows:
            return wrong
        logs = await connection.execute(
            select(case_events)
            .where(case_events.c.case_id > after, case_events.c.case_id <= rows[-1].id)
            .order_by(case_events.c.case_id, case_events.c.n)
        )
        by_case: dict[str, list[CaseEvent]] = {}
        for row in logs:
            by_case.setdefault(row.case_id, []).append(CaseEvent(**row._mapping))
        wrong += [
            f"{row.number}: {fault}"
            for row in rows
            if (fault := broken(by_case.get(row.id, []), row.log_length, row.log_head))
        ]
        after = rows[-1].id
