"""A call's conversation and case in SQL, inside the caller's transaction.

Who waits in the PBX's queue is offered to nobody at the desk: the case carries the call's id while
its caller is there. Why: docs/decisions/0013-voice-queue.md.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.turns import Author, Controller, Turn
from handoff import store
from handoff.call_store import LIVE
from handoff.call_tables import calls
from handoff.case import TALKING, WAITING, Case, Move
from handoff.case_log import record
from handoff.moves import CUSTOMER, SYSTEM, Actor, move
from handoff.notices import notice
from handoff.routing import Routing
from handoff.tables import cases, conversations, outbox
from handoff.turn_store import append, take_control

PHONE, CHAT = "voice", "web"
"""Channels of a conversation. A case's are `voice` and `chat`."""
CALL_AGAIN_AFTER = timedelta(minutes=2)
"""A caller nobody answered may still be talking with the bot for so long."""


class Changed(msgspec.Struct):
    """What others have to be told of once the transaction is through."""

    cases: list[Case] = []
    turns: list[Turn] = []


async def attach(
    connection: AsyncConnection, call: Row[Any], conversation_id: str, now: datetime
) -> Changed:
    """A conversation from the chat goes on in this call, and so does its case."""
    conversation = await store.locked_conversation(connection, conversation_id)
    await connection.execute(
        update(conversations).where(conversations.c.id == conversation_id).values(channel=PHONE)
    )
    case = await store.open_case(connection, conversation_id)
    serving = case is not None and case.state in WAITING | TALKING
    told = "by_phone_queued" if serving else "by_phone"
    text = notice(told, conversation.language, PHONE)
    changed = Changed()
    if case and serving:
        changed.cases.append(await bind(connection, case, call.id, now))
    changed.turns.append(await append(connection, conversation_id, Author.SYSTEM, text, at=now))
    return changed


async def bind(connection: AsyncConnection, case: Case, call_id: str, now: datetime) -> Case:
    """From now on this case's customer is on the phone; its place in the line stays."""
    if case.call_id == call_id:
        return case
    if case.state in WAITING:  # no chat desk may be offered it, nor go on ringing with it
        return await move(
            connection, case.id, Move.TRANSFER, CUSTOMER, now, data={"why": "by_phone"},
            channel=PHONE, call_id=call_id,
        )  # fmt: skip
    await _set(connection, case, now, "by_phone", call_id=call_id)
    return await store.load(connection, case.id)


async def hung_up(
    connection: AsyncConnection, call: Row[Any], routing: Routing, now: datetime
) -> Changed:
    """The caller is gone: who waited has given up, and may be called back."""
    case = await _case_of(connection, call)
    if case is None:
        return Changed()
    if case.state in TALKING:
        return Changed([await _let_go(connection, call, case, now)])
    if case.state not in WAITING:
        return Changed()
    if call.in_chat:  # the chat window is still there to be answered in
        return Changed([
            await move(
                connection, case.id, Move.TRANSFER, SYSTEM, now, data={"why": "by_chat"},
                channel="chat", call_id=None,
            )
        ])  # fmt: skip
    case = await move(
        connection, case.id, Move.ABANDON, CUSTOMER, now, closed_at=now,
        outcome="hung up in the queue", data={"why": "hung_up"},
    )  # fmt: skip
    await take_control(connection, case.conversation_id, Controller.BOT, case_id=None)
    if call.caller and case.priority in routing.called_back():
        await move(connection, case.id, Move.REOPEN, SYSTEM, now, closed_at=None, outcome=None)
        case = await _call_back(connection, case, call.caller, routing, now)
    return Changed([case])


async def unserved(
    connection: AsyncConnection, call: Row[Any], routing: Routing, now: datetime
) -> Changed:
    """Nobody could answer: they are called back at their own place in the line."""
    case = await _case_of(connection, call)
    if case is None or case.state not in WAITING:
        return Changed()
    if call.caller:
        case = await _call_back(connection, case, call.caller, routing, now)
        told, keep = "nobody_answered", None
    else:
        wake = routing.opens_at(case.skill, PHONE, now) or now + CALL_AGAIN_AFTER
        case = await move(connection, case.id, Move.LEAVE_MESSAGE, SYSTEM, now, wake_at=wake)
        told, keep = "nobody_answered_no_number", case.id
    await take_control(connection, case.conversation_id, Controller.BOT, case_id=keep)
    text = notice(told, case.language, PHONE, number=case.number)
    turn = await append(connection, case.conversation_id, Author.SYSTEM, text, at=now)
    return Changed([case], [turn])


async def talked(connection: AsyncConnection, call: Row[Any], now: datetime) -> Changed:
    """The talk with an agent is over; a case that nobody opened waits to be written up."""
    case = await _case_of(connection, call)
    if case is None:
        return Changed()
    if case.state not in WAITING:
        return Changed([await _let_go(connection, call, case, now)])
    case = await move(
        connection, case.id, Move.LEAVE_MESSAGE, SYSTEM, now, wake_at=now,
        data={"why": "answered_by_phone"},
    )  # fmt: skip
    await take_control(connection, case.conversation_id, Controller.BOT, case_id=None)
    return Changed([case])


async def back_to_chat(connection: AsyncConnection, conversation_id: str) -> None:
    """The call is over, the chat window is still there."""
    await connection.execute(
        update(conversations).where(conversations.c.id == conversation_id).values(channel=CHAT)
    )


async def shown(
    connection: AsyncConnection, call: Row[Any], agent: Actor, now: datetime
) -> Case | None:
    """A call rings at an agent's telephone: they may see its case, or the newest it led to."""
    case = await _case_of(connection, call)
    if case is None:
        newest = await store.earlier(connection, call.conversation_id or "")
        return await store.load(connection, newest[0]) if newest else None
    if case.agent_id is None and case.preferred_agent != agent.id:
        await _set(
            connection, case, now, "rang_by_phone", call_id=case.call_id, preferred_agent=agent.id
        )
    return await store.load(connection, case.id)


async def let_go_orphans(connection: AsyncConnection, now: datetime) -> list[Case]:
    """Cases that are kept for a call which is over, or goes on about something else."""
    live = select(calls.c.id).where(
        calls.c.state.in_(LIVE), calls.c.conversation_id == cases.c.conversation_id
    )
    found = await connection.execute(
        select(cases).where(cases.c.call_id.is_not(None), cases.c.call_id.not_in(live))
    )
    orphans = [store.case_of(row) for row in found]
    for case in orphans:
        await _set(connection, case, now, "call_over", call_id=None)
    return [await store.load(connection, case.id) for case in orphans]


async def _call_back(
    connection: AsyncConnection, case: Case, phone: str, routing: Routing, now: datetime
) -> Case:
    wake = routing.opens_at(case.skill, PHONE, now) or now + CALL_AGAIN_AFTER
    return await move(
        connection, case.id, Move.CALL_BACK, SYSTEM, now, callback={"phone": phone}, wake_at=wake,
        data={"wake_at": wake.isoformat(), "why": "phone_queue"},
    )  # fmt: skip


async def _case_of(connection: AsyncConnection, call: Row[Any]) -> Case | None:
    """The case that this call is about, whoever has it."""
    row = (
        await connection.execute(
            select(cases).where(
                cases.c.call_id == call.id, cases.c.conversation_id == call.conversation_id
            )
        )
    ).first()
    return store.case_of(row) if row else None


async def _let_go(connection: AsyncConnection, call: Row[Any], case: Case, now: datetime) -> Case:
    """The agent keeps the case when the caller is gone; with a chat open it goes on there."""
    channel = "chat" if call.in_chat else case.channel
    await _set(connection, case, now, "call_over", call_id=None, channel=channel)
    return await store.load(connection, case.id)


async def _set(
    connection: AsyncConnection, case: Case, now: datetime, entry: str, **columns: Any
) -> None:
    """Change what is no move: logged, and carried into the live queue."""
    await connection.execute(update(cases).where(cases.c.id == case.id).values(columns))
    data: Mapping[str, Any] = {name: columns[name] for name in sorted(columns)}
    await record(connection, case.id, entry, actor=SYSTEM.id, at=now, data=data)
    await connection.execute(insert(outbox).values(case_id=case.id, at=now))
