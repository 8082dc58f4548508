"""Whether the columns of `cases` say what the log says; if not, one of them was tampered with."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff.case import IllegalTransitionError
from handoff.case_log import CaseEvent
from handoff.reports.contacts import BrokenLogError, contact
from handoff.reports.sources import logs
from handoff.tables import case_events, cases

BATCH = 1000
COMPARED = ("state", "agent_id", "answered_at", "first_reply_at", "closed_at", "csat")


async def recompute(connection: AsyncConnection) -> list[str]:
    """One line for each column of a case that is not as its log has it.

    Entries written after the row was read are left out, so it may run while agents work; that the
    log itself is whole is for `case_log.verify` to say.
    """
    wrong: list[str] = []
    after = ""
    while rows := await _rows(connection, after):
        last = rows[-1].id
        kept: dict[str, list[CaseEvent]] = {}
        chosen = (case_events.c.case_id > after) & (case_events.c.case_id <= last)
        async for events in logs(connection, chosen):
            kept[events[0].case_id] = events
        for row in rows:
            known = [event for event in kept.get(row.id, []) if event.n <= row.log_length]
            wrong += [f"{row.number}: {fault}" for fault in faults(row._asdict(), known)]
        after = last
    return wrong


async def _rows(connection: AsyncConnection, after: str) -> Sequence[Row[Any]]:
    found = await connection.execute(
        select(cases.c.id, cases.c.number, cases.c.log_length, *(cases.c[c] for c in COMPARED))
        .where(cases.c.id > after)
        .order_by(cases.c.id)
        .limit(BATCH)
    )
    return found.all()


def faults(row: Mapping[str, Any], events: Sequence[CaseEvent]) -> list[str]:
    """Where a case's columns differ from its log."""
    try:
        read = contact(events)
    except (BrokenLogError, IllegalTransitionError) as error:
        return [f"its log makes no sense: {error}"]
    except (KeyError, ValueError) as error:
        return [f"an entry of its log lacks something: {error!r}"]
    return [
        f"{column} is {_shown(row[column])}, by its log {_shown(getattr(read, column))}"
        for column in COMPARED
        if row[column] != getattr(read, column)
    ]


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return "empty" if value is None else str(value)
