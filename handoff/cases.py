"""Cases as the customer and the bot see them: opened, waited in, left, and rated.

SQL is written first and is the record; the live queue follows through the relay.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.clock import Clock, local
from frontline.database import Database
from frontline.errors import RefusedError
from frontline.ids import CaseId, new_id
from frontline.lang import Language
from frontline.turns import Author, Button, Controller, FileRef, Turn
from handoff import receipts, store
from handoff.call_cases import PHONE, hung_up
from handoff.call_store import CallState, live_call, newest_call
from handoff.case import WAITING, Case, CaseState, Kind, Move, Reason
from handoff.case_log import record
from handoff.moves import BOT, CUSTOMER, SYSTEM, log_move, move
from handoff.notices import moment_text, notice
from handoff.relay import Relay
from handoff.routing import Routing
from handoff.tables import cases, conversations
from handoff.turn_store import append, take_control
from handoff.wait import wait_now
from handoff.waiting_words import ahead_text, wait_text

log = structlog.get_logger()

PAYLOAD_LEAVE_QUEUE = "/leave_queue"
PAYLOAD_CALLBACK = "/callback_request"
CALLABLE = (*WAITING, CaseState.LEFT_MESSAGE, CaseState.CALLBACK_SCHEDULED)
"""A call for such a case is agreed on instead of opening another."""
SCORES = range(1, 6)
LONGEST_COMMENT = 1000


class Cases:
    """Opens cases, and finds them."""

    def __init__(self, database: Database, relay: Relay, routing: Routing, clock: Clock) -> None:
        self._database = database
        self._relay = relay
        self._routing = routing
        self._clock = clock

    async def open(
        self,
        conversation_id: str,
        *,
        reason: str,
        kind: str = Kind.QUESTION,
        detail: str = "",
        context: Mapping[str, Any] | None = None,
        waits: bool = True,
        due_at: datetime | None = None,
        callback: Mapping[str, str] | None = None,
        receipt: Mapping[str, Any] | None = None,
    ) -> Case:
        """Open a case for a conversation and put it in the queue.

        Args:
            conversation_id: whose case.
            reason: a value of `Reason`.
            kind: a value of `Kind`; some kinds start a statutory clock.
            detail: one line for the agent.
            context: what is known; intents, entities and slots of the turns are added.
            waits: the customer waits for an agent and is told so. Idempotent: while the
                conversation has such a case, that one is returned (the bot's own goes back to the
                queue; one that was left for the same reason is waited in). Outside
                opening hours it becomes a left message and the bot goes on.
                Without waiting nothing is said and the bot stays in control.
            due_at: when it should be answered; None = as the routing says.
            callback: `phone`, and `from` and maybe `to` as ISO moments: the agent calls then. A
                customer who waits keeps the place: their case is the one that is called back for.
            receipt: `title` and `rows` of a numbered confirmation, which the customer is given.

        Raises:
            NotFoundError: there is no such conversation.
            UnavailableError: SQL does not answer. (Redis may be down: the queue is mended later.)
        """
        now = self._clock.now()
        turns: list[Turn] = []
        async with self._database.write() as connection:
            await store.locked_conversation(connection, conversation_id)
            known = await store.open_case(connection, conversation_id)
            asked = known or await store.promised(connection, conversation_id)
            if asked and callback and asked.state in CALLABLE:
                case = await self._call_back(connection, asked, callback, now)
            elif known and waits and known.state != CaseState.LEFT_MESSAGE:
                if known.state != CaseState.BOT:
                    return known
                case, turns = await self._again(connection, known, detail, now)
            elif waits and (left := await store.left_case(connection, conversation_id, reason)):
                case, turns = await self._wait(connection, left, now)
            else:
                facts = await store.understood(connection, conversation_id)
                case = await self._insert(
                    connection, conversation_id, Reason(reason), Kind(kind), detail,
                    facts | dict(context or {}), due_at, now, waits,
                )  # fmt: skip
                if receipt:
                    turns += await self._give_receipt(connection, case, receipt, now)
                if callback:
                    case = await self._call_back(connection, case, callback, now)
                elif waits:
                    case, told = await self._wait(connection, case, now)
                    turns += told
        log.info("case.opened", case_id=case.id, reason=case.reason, state=case.state)
        await self._relay.push(case, *turns)
        return case

    async def _insert(
        self,
        connection: AsyncConnection,
        conversation_id: str,
        reason: Reason,
        kind: Kind,
        detail: str,
        context: dict[str, Any],
        due_at: datetime | None,
        now: datetime,
        waits: bool,
    ) -> Case:
        conversation = await store.locked_conversation(connection, conversation_id)
        channel = "voice" if conversation.channel == "voice" else "chat"
        placement = self._routing.place(
            kind=kind, reason=reason, channel=channel, language=conversation.language,
            context=context, now=now, due_at=due_at,
        )  # fmt: skip
        call = await newest_call(connection, conversation_id)
        if call and call.caller and channel == PHONE:  # whoever serves the case may have to call
            context["caller"] = call.caller
        case_id = CaseId(new_id())
        linked = await store.earlier(connection, conversation_id)
        await connection.execute(
            insert(cases).values(
                id=case_id,
                number=await store.next_number(connection, local(now).year),
                conversation_id=conversation_id,
                state=CaseState.QUEUED,
                kind=kind,
                channel=channel,
                language=conversation.language,
                reason=reason,
                detail=detail,
                context=context,
                skill=placement.skill,
                level=placement.level,
                priority=placement.priority,
                priority_reasons=placement.priority_reasons,
                legal=placement.legal,
                linked=linked,
                created_at=now,
                queued_at=now,
                due_at=placement.due_at,
                wake_at=placement.widen_at,
            )
        )
        case = await store.load(connection, case_id)
        opened = {
            "kind": kind, "reason": reason, "channel": channel, "language": case.language,
            "conversation_id": conversation_id, "waits": waits, "from": None,
        }  # fmt: skip
        await log_move(connection, case, Move.OPEN, BOT, now, opened)
        return await store.load(connection, case_id)

    async def _wait(
        self, connection: AsyncConnection, case: Case, now: datetime
    ) -> tuple[Case, list[Turn]]:
        """The customer waits; when nobody works now, a message is left instead."""
        conversation = await store.locked_conversation(connection, case.conversation_id)
        call = await newest_call(connection, case.conversation_id)
        by_phone = call is not None and conversation.channel == PHONE
        if call and by_phone and case.call_id != call.id:
            case = await store.on_phone(connection, case, call.id)
        if call and by_phone and call.state == CallState.OVER:  # while the bot was answering
            return (await hung_up(connection, call, self._routing, now)).cases[0], []
        call = call if by_phone else None
        opens = self._routing.opens_at(case.skill, case.channel, now)
        if opens is None:
            await take_control(connection, case.conversation_id, Controller.QUEUE, case_id=case.id)
            return case, [await self._tell_queued(connection, case, "queued")]
        callback = {"phone": call.caller} if call and call.caller else case.callback
        case = await move(
            connection, case.id, Move.LEAVE_MESSAGE, CUSTOMER, now, wake_at=opens,
            callback=callback,
        )  # fmt: skip
        await take_control(connection, case.conversation_id, Controller.BOT, case_id=case.id)
        told = "left_message_no_number" if call and not callback else "left_message"
        button = Button(notice("button_callback", case.language), PAYLOAD_CALLBACK)
        turn = await append(
            connection,
            case.conversation_id,
            Author.SYSTEM,
            notice(told, case.language, case.channel, number=case.number,
                   opens=moment_text(opens, now, case.language),
                   due=moment_text(case.due_at, now, case.language)),
            at=now,
            buttons=[button] if case.channel == "chat" else [],
        )  # fmt: skip
        return case, [turn]

    async def _again(
        self, connection: AsyncConnection, case: Case, detail: str, now: datetime
    ) -> tuple[Case, list[Turn]]:
        """The bot had it back, and the customer wants a person once more: best the same one."""
        case = await move(
            connection, case.id, Move.QUEUE, BOT, now, queued_at=now,
            detail=detail or case.detail,
            preferred_until=now + timedelta(seconds=self._routing.preferred_s()),
        )  # fmt: skip
        return await self._wait(connection, case, now)

    async def _call_back(
        self, connection: AsyncConnection, case: Case, callback: Mapping[str, str], now: datetime
    ) -> Case:
        """The agent calls at a time; the place in the line (`due_at`) stays."""
        wake = datetime.fromisoformat(callback["from"]) if callback.get("from") else None
        opens = self._routing.opens_at(case.skill, case.channel, max(wake or now, now))
        wake = opens or wake or now
        waited = case.state != CaseState.QUEUED or await store.is_served(connection, case)
        case = await move(
            connection, case.id, Move.CALL_BACK, CUSTOMER, now,
            data={"wake_at": wake.isoformat()}, callback=dict(callback), wake_at=wake,
            kind=Kind.CALLBACK if case.kind == Kind.QUESTION else case.kind,
        )  # fmt: skip
        if waited:
            await take_control(connection, case.conversation_id, Controller.BOT, case_id=None)
        return case

    async def _give_receipt(
        self, connection: AsyncConnection, case: Case, receipt: Mapping[str, Any], now: datetime
    ) -> list[Turn]:
        file: FileRef = await receipts.issue(connection, case, receipt, now)
        await record(
            connection, case.id, "receipt_issued", actor=SYSTEM.id, at=now,
            data={"number": case.number, "file_id": file.id},
        )  # fmt: skip
        if case.channel == "voice":  # an agent sends it
            return []
        text = notice("receipt", case.language, number=case.number)
        return [
            await append(
                connection, case.conversation_id, Author.SYSTEM, text, at=now, files=[file]
            )
        ]

    async def remind(self, conversation_id: str, client_id: str) -> None:
        """Tell a waiting customer who asks again that the case is in the queue."""
        async with self._database.write() as connection:
            case = await store.open_case(connection, conversation_id)
            if case is None or case.state not in WAITING:
                return
            turn = await self._tell_queued(connection, case, "still_queued", client_id=client_id)
        await self._relay.push(case, turn)

    async def leave(self, conversation_id: str) -> None:
        """The customer does not want to wait any longer; the bot is in control again."""
        now = self._clock.now()
        async with self._database.write() as connection:
            await store.locked_conversation(connection, conversation_id)
            case = await store.open_case(connection, conversation_id)
            if case is None or case.state not in WAITING:
                return
            case = await move(
                connection, case.id, Move.ABANDON, CUSTOMER, now, closed_at=now,
                outcome="left the queue",
            )  # fmt: skip
            await take_control(connection, conversation_id, Controller.BOT, case_id=None)
            turn = await append(
                connection, conversation_id, Author.SYSTEM,
                notice("left_queue", case.language, case.channel, number=case.number), at=now,
            )  # fmt: skip
        log.info("case.abandoned", case_id=case.id)
        await self._relay.push(case, turn)

    async def rate(self, conversation_id: str, case_id: str, score: int, comment: str = "") -> None:
        """The customer says how it was, once.

        Raises:
            RefusedError: no score from 1 to 5, or not this customer's finished case.
        """
        if score not in SCORES:
            raise RefusedError("a score is a number from 1 to 5")
        now = self._clock.now()
        async with self._database.write() as connection:
            rated = await connection.execute(
                update(cases)
                .where(cases.c.id == case_id, cases.c.conversation_id == conversation_id,
                       cases.c.answered_at.is_not(None), cases.c.csat.is_(None))
                .values(csat=score, csat_comment=comment[:LONGEST_COMMENT] or None)
            )  # fmt: skip
            if rated.rowcount != 1:
                raise RefusedError("there is nothing to rate")
            await record(
                connection, case_id, "csat", actor=CUSTOMER.id, at=now, data={"score": score}
            )

    async def csat_due(self, conversation_id: str) -> str | None:
        """The case to ask the customer about now; it is asked for once."""
        async with self._database.write() as connection:
            case_id: str | None = await connection.scalar(
                select(cases.c.id)
                .join(conversations, conversations.c.id == cases.c.conversation_id)
                .where(
                    cases.c.conversation_id == conversation_id,
                    conversations.c.controller == Controller.BOT,
                    cases.c.answered_at.is_not(None),
                    cases.c.csat.is_(None),
                    cases.c.csat_asked_at.is_(None),
                    cases.c.state.in_([CaseState.BOT, CaseState.WRAP_UP, CaseState.CLOSED]),
                )
                .order_by(cases.c.id.desc())
                .limit(1)
            )
            if case_id:
                await connection.execute(
                    update(cases).where(cases.c.id == case_id)
                    .values(csat_asked_at=self._clock.now())
                )  # fmt: skip
        return case_id

    async def caller(self, conversation_id: str) -> str | None:
        """The number from which the customer is calling now; None = not on the phone, or not told.

        Raises:
            UnavailableError: SQL does not answer.
        """
        async with self._database.read() as connection:
            call = await live_call(connection, conversation_id)
        return call.caller if call else None

    async def place(self, case: Case) -> int:
        """The case's place in its line, from 1."""
        async with self._database.read() as connection:
            return await store.place(connection, case)

    async def waiting(self) -> list[Case]:
        """All queued cases from SQL, earliest due first."""
        return await self.in_states([CaseState.QUEUED])

    async def in_states(self, states: Sequence[CaseState]) -> list[Case]:
        """All cases in one of these states, earliest due first."""
        async with self._database.read() as connection:
            rows = await connection.execute(
                select(cases).where(cases.c.state.in_(states)).order_by(cases.c.due_at, cases.c.id)
            )
            return [store.case_of(row) for row in rows]

    async def find(self, name: str) -> Case:
        """The case with this id or number.

        Raises:
            NotFoundError: there is none.
        """
        async with self._database.read() as connection:
            return await store.find(connection, name)

    async def open_case(self, conversation_id: str) -> Case | None:
        """The open case in which the customer waits or is served."""
        async with self._database.read() as connection:
            return await store.open_case(connection, conversation_id)

    async def _tell_queued(
        self, connection: AsyncConnection, case: Case, name: str, client_id: str | None = None
    ) -> Turn:
        leave = Button(notice("button_leave_queue", case.language), PAYLOAD_LEAVE_QUEUE)
        position, now = await store.place(connection, case), self._clock.now()
        values: dict[str, object] = {"number": case.number, "position": position}
        if case.channel == "voice":
            language: Language = "en" if case.language == "en" else "pl"
            wait = await wait_now(connection, case, self._routing, now)
            values |= {"ahead": ahead_text(position - 1, language),
                       "wait": wait_text(wait, language)}  # fmt: skip
        return await append(
            connection,
            case.conversation_id,
            Author.SYSTEM,
            notice(name, case.language, case.channel, **values),
            at=now,
            buttons=[leave] if case.channel == "chat" else [],
            client_id=client_id,
        )
