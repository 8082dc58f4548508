"""Cases in SQL, read and numbered inside the caller's transaction."""

from typing import Any

import msgspec
from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.errors import ConflictError, NotFoundError
from handoff.case import OPEN, TALKING, WAITING, Case, CaseState
from handoff.tables import case_numbers, cases, conversations, turns


class BusyConversationError(ConflictError):
    """The customer is being served, or waits, in another case; take that one first."""

    code = "busy_conversation"


async def locked_conversation(connection: AsyncConnection, conversation_id: str) -> Row[Any]:
    """The conversation's row, locked.

    Raises:
        NotFoundError: there is none.
    """
    row = (
        await connection.execute(
            select(conversations).where(conversations.c.id == conversation_id).with_for_update()
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError("no such conversation")
    return row


LINKED = 10


async def open_case(connection: AsyncConnection, conversation_id: str) -> Case | None:
    """The open case in which the customer waits or is served."""
    row = (
        await connection.execute(
            select(cases)
            .join(conversations, conversations.c.case_id == cases.c.id)
            .where(conversations.c.id == conversation_id, cases.c.state.in_(sorted(OPEN)))
        )
    ).one_or_none()
    return case_of(row) if row else None


async def check_free(connection: AsyncConnection, case_id: str) -> None:
    """A case that was left without waiting must not push away the one that is being served."""
    conversation_id = await connection.scalar(
        select(cases.c.conversation_id).where(cases.c.id == case_id)
    )
    if conversation_id is None:
        raise NotFoundError(f"there is no case {case_id}")
    await locked_conversation(connection, conversation_id)  # locks it
    serving = await open_case(connection, conversation_id)
    if serving and serving.id != case_id and serving.state in WAITING | TALKING:
        raise BusyConversationError(f"this customer is in case {serving.number}; take that one")


async def find(connection: AsyncConnection, name: str) -> Case:
    """The case with this id or number.

    Raises:
        NotFoundError: there is none.
    """
    wanted = select(cases).where((cases.c.id == name) | (cases.c.number == name.upper()))
    row = (await connection.execute(wanted)).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no case {name}")
    return case_of(row)


async def load(connection: AsyncConnection, case_id: str) -> Case:
    """The case with this id, which exists."""
    return case_of((await connection.execute(select(cases).where(cases.c.id == case_id))).one())


async def place(connection: AsyncConnection, case: Case) -> int:
    """The case's place in its line, from 1."""
    before = await connection.scalar(
        select(func.count())
        .select_from(cases)
        .where(
            cases.c.state.in_(sorted(WAITING)),
            cases.c.language == case.language,
            cases.c.channel == case.channel,
            cases.c.skill == case.skill,
            (cases.c.due_at < case.due_at)
            | ((cases.c.due_at == case.due_at) & (cases.c.id < case.id)),
        )
    )
    return (before or 0) + 1


async def next_number(connection: AsyncConnection, year: int) -> str:
    """`R-<year>-<running number>`; the row lock makes numbers unique and without gaps."""
    raised = (
        await connection.execute(
            update(case_numbers)
            .where(case_numbers.c.year == year)
            .values(last=case_numbers.c.last + 1)
            .returning(case_numbers.c.last)
        )
    ).scalar_one_or_none()
    if raised is None:
        await connection.execute(insert(case_numbers).values(year=year, last=1))
        raised = 1
    return f"R-{year}-{raised:06}"


async def understood(connection: AsyncConnection, conversation_id: str) -> dict[str, Any]:
    """What the bot understood so far: intents, entities and the latest slots."""
    rows = await connection.execute(
        select(turns.c.seq, turns.c.nlu)
        .where(turns.c.conversation_id == conversation_id, turns.c.nlu.is_not(None))
        .order_by(turns.c.seq)
    )
    intents: list[dict[str, Any]] = []
    entities: list[dict[str, Any]] = []
    slots: dict[str, Any] = {}
    for seq, nlu in rows:
        if not nlu:
            continue
        intents.append({"seq": seq, **nlu.get("intent", {})})
        entities += [{"seq": seq, **entity} for entity in nlu.get("entities", [])]
        slots = nlu.get("slots", slots)
    return {"intents": intents, "entities": entities, "slots": slots}


def case_of(row: Row[Any]) -> Case:
    """A row of the table as a case."""
    values = {name: getattr(row, name) for name in Case.__struct_fields__}
    return msgspec.convert(values, Case)


async def on_phone(connection: AsyncConnection, case: Case, call_id: str) -> Case:
    """The case's customer waits in this call; to be followed by a move, or by its opening."""
    columns = {"call_id": call_id, "channel": "voice"}
    await connection.execute(update(cases).where(cases.c.id == case.id).values(columns))
    return await load(connection, case.id)


async def earlier(connection: AsyncConnection, conversation_id: str) -> list[str]:
    """Ids of the conversation's earlier cases, newest first."""
    rows = await connection.execute(
        select(cases.c.id)
        .where(cases.c.conversation_id == conversation_id)
        .order_by(cases.c.id.desc())
        .limit(LINKED)
    )
    return list(rows.scalars())


async def left_case(connection: AsyncConnection, conversation_id: str, reason: str) -> Case | None:
    """The queued case that the customer left for this reason, without waiting."""
    row = (
        await connection.execute(
            select(cases)
            .where(cases.c.conversation_id == conversation_id, cases.c.reason == reason,
                   cases.c.state == CaseState.QUEUED)
            .order_by(cases.c.id.desc())
            .limit(1)
        )
    ).one_or_none()  # fmt: skip
    return case_of(row) if row else None


async def promised(connection: AsyncConnection, conversation_id: str) -> Case | None:
    """The case for which the conversation's customer is to be called already."""
    row = (
        await connection.execute(
            select(cases)
            .where(cases.c.conversation_id == conversation_id,
                   cases.c.state == CaseState.CALLBACK_SCHEDULED)
            .order_by(cases.c.id.desc())
            .limit(1)
        )
    ).one_or_none()  # fmt: skip
    return case_of(row) if row else None


async def is_served(connection: AsyncConnection, case: Case) -> bool:
    """Whether the customer waits or talks in this very case."""
    return case.id == await connection.scalar(
        select(conversations.c.case_id).where(conversations.c.id == case.conversation_id)
    )
