"""Logs of cases written as a table, and put into a database."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.clock import LOCAL_ZONE
from handoff.case import CaseState, Move, Route, after
from handoff.case_log import CaseEvent, sealed
from handoff.reports.contacts import contact
from handoff.tables import case_events, cases, conversations

DAY = "2026-11-24"


def at(time: str, day: str = DAY) -> datetime:
    """A moment by the wall clock in Poland."""
    return datetime.fromisoformat(f"{day} {time}").replace(tzinfo=LOCAL_ZONE)


def read(table: str, day: str = DAY) -> dict[str, list[CaseEvent]]:
    """Case → log. Columns: case, local time, type, actor, then `name=value`.

    Routes stay as they are until a `route=` says otherwise.
    """
    logs: dict[str, list[CaseEvent]] = {}
    state: dict[str, CaseState] = {}
    route: dict[str, str] = {}
    for line in table.strip().splitlines():
        case_id, time, kind, actor, *pairs = line.split()
        data: dict[str, object] = dict(pair.split("=") for pair in pairs)
        route[case_id] = str(data.get("route", route.get(case_id)))
        if kind == Move.OPEN:
            language, _, channel, _ = route[case_id].split("|")
            given = {"kind": "question", "reason": "user_request", "conversation_id": case_id}
            data = given | {"channel": channel, "language": language} | data
            data["waits"] = data.get("waits") != "no"
            state[case_id] = CaseState.QUEUED
        elif kind in set(Move):
            state[case_id] = after(state[case_id], Move(kind))
        if kind == "csat":
            data["score"] = int(str(data["score"]))
        if kind == "offered":
            data["agent_id"] = actor
        log = logs.setdefault(case_id, [])
        before = log[-1].hash if log else ""
        entry = {"route": route[case_id], **data}
        log.append(sealed(case_id, len(log) + 1, kind, at(time, day), actor, entry, before))
    return logs


async def store(connection: AsyncConnection, logs: Iterable[list[CaseEvent]]) -> None:
    """Conversations, cases and their logs, with the columns that belong to them."""
    made: set[str] = set()
    for log in logs:
        known = contact(log)
        opening = log[0].data
        if known.conversation_id not in made:
            made.add(known.conversation_id)
            await connection.execute(
                insert(conversations).values(
                    id=known.conversation_id, channel=opening["channel"], language="pl",
                    controller="bot", created_at=log[0].at, updated_at=log[-1].at,
                )
            )  # fmt: skip
        route = Route.parse(log[-1].data["route"])
        await connection.execute(
            insert(cases).values(
                id=known.case_id, number=f"R-{known.case_id}",
                conversation_id=known.conversation_id,
                state=known.state, kind=known.kind, channel=route.channel, language=route.language,
                reason=known.reason, context={}, skill=route.skill, level=route.level,
                priority="normal", priority_reasons=[], agent_id=known.agent_id,
                created_at=known.opened_at, queued_at=known.queued_at, due_at=known.opened_at,
                answered_at=known.answered_at, first_reply_at=known.first_reply_at,
                closed_at=known.closed_at, csat=known.csat, linked=[], log_length=len(log),
                log_head=log[-1].hash, legal={"due": due} if (due := opening.get("due")) else None,
            )
        )  # fmt: skip
        for event in log:
            await connection.execute(
                insert(case_events).values(
                    **{name: getattr(event, name) for name in CaseEvent.__struct_fields__}
                )
            )
