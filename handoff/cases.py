"""Opening a case, serving it, and giving the conversation back to the bot.

SQL is written first and is the record; the Redis queue follows and is mended from SQL.
"""

from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.clock import Clock, local
from frontline.database import Database
from frontline.errors import ConflictError, NotFoundError, UnavailableError
from frontline.ids import CaseId, new_id
from frontline.turns import Author, Button, Controller, Turn
from handoff import store
from handoff.bell import Bell
from handoff.case import Case, CaseState, Reason, check_move
from handoff.conversations import append, take_control
from handoff.notices import notice
from handoff.queue import CaseQueue
from handoff.tables import cases

log = structlog.get_logger()

ANSWER_WITHIN = timedelta(minutes=10)
"""Target for the first human answer; gives the place in the queue."""
LEASE = timedelta(seconds=45)
"""An agent who gives no sign of life for this long has lost the case."""

PAYLOAD_LEAVE_QUEUE = "/leave_queue"


class StaleFenceError(ConflictError):
    """The case has passed into other hands meanwhile."""

    code = "stale_fence"


class Cases:
    """All that happens to cases."""

    def __init__(self, database: Database, queue: CaseQueue, bell: Bell, clock: Clock) -> None:
        self._database = database
        self._queue = queue
        self._bell = bell
        self._clock = clock

    async def open(
        self,
        conversation_id: str,
        *,
        reason: str,
        detail: str = "",
        context: dict[str, Any] | None = None,
        waits: bool = True,
        due_at: datetime | None = None,
    ) -> Case:
        """Open a case for a conversation and put it in the queue.

        Args:
            conversation_id: whose case.
            reason: a value of `Reason`.
            detail: one line for the agent.
            context: what is known; intents, entities and slots of the turns are added.
            waits: the customer waits for an agent and is told so. Idempotent: while the
                conversation has such a case, that one is returned. Otherwise nothing is said and
                the bot stays in control until an agent takes the case.
            due_at: when it should be answered; None = within `ANSWER_WITHIN`.

        Raises:
            NotFoundError: there is no such conversation.
            UnavailableError: SQL does not answer. (Redis may be down: the queue is mended later.)
        """
        now = self._clock.now()
        async with self._database.write() as connection:
            conversation = await store.locked_conversation(connection, conversation_id)
            if waits and (known := await store.open_case(connection, conversation_id)):
                return known
            number = await store.next_number(connection, local(now).year)
            case_id = CaseId(new_id())
            known_so_far = await store.understood(connection, conversation_id)
            await connection.execute(
                insert(cases).values(
                    id=case_id,
                    number=number,
                    conversation_id=conversation_id,
                    state=CaseState.QUEUED,
                    channel=conversation.channel,
                    language=conversation.language,
                    reason=Reason(reason),
                    detail=detail,
                    context=known_so_far | (context or {}),
                    created_at=now,
                    due_at=due_at or now + ANSWER_WITHIN,
                )
            )
            case = await store.load(connection, case_id)
            turn = None
            if waits:
                await take_control(connection, conversation_id, Controller.QUEUE, case_id=case_id)
                turn = await self._tell_queued(connection, case, "queued")
        log.info("case.opened", case_id=case.id, reason=case.reason)
        await self._enqueue(case)
        if turn:
            await self._bell.ring(conversation_id, turn=turn)
        return case

    async def remind(self, conversation_id: str, client_id: str) -> None:
        """Tell a waiting customer who asks again that the case is in the queue."""
        async with self._database.write() as connection:
            case = await store.open_case(connection, conversation_id)
            if case is None or case.state != CaseState.QUEUED:
                return
            turn = await self._tell_queued(connection, case, "still_queued", client_id=client_id)
        await self._bell.ring(conversation_id, turn=turn)

    async def place(self, case: Case) -> int:
        """The case's place in its line, from 1."""
        async with self._database.read() as connection:
            return await store.place(connection, case)

    async def waiting(self) -> list[Case]:
        """All queued cases from SQL, earliest due first."""
        return await self._in_state(CaseState.QUEUED)

    async def find(self, name: str) -> Case:
        """The case with this id or number.

        Raises:
            NotFoundError: there is none.
        """
        async with self._database.read() as connection:
            row = (
                await connection.execute(
                    select(cases).where((cases.c.id == name) | (cases.c.number == name.upper()))
                )
            ).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no case {name}")
        return store.case_of(row)

    async def open_case(self, conversation_id: str) -> Case | None:
        """The conversation's open case, if it has one."""
        async with self._database.read() as connection:
            return await store.open_case(connection, conversation_id)

    async def accept(self, case_id: str, agent: str) -> Case:
        """An agent takes a queued case; the conversation is theirs from now on.

        Raises:
            IllegalTransitionError: it is not waiting any more.
            BusyConversationError: the customer waits for or talks with an agent in another case.
        """
        now = self._clock.now()
        async with self._database.write() as connection:
            await store.check_free(connection, case_id)
            case = await self._move(
                connection,
                case_id,
                CaseState.ACTIVE,
                agent=agent,
                lease_until=now + LEASE,
                answered_at=func.coalesce(cases.c.answered_at, now),
            )
            await take_control(connection, case.conversation_id, Controller.AGENT, case_id=case.id)
            turn = await append(
                connection,
                case.conversation_id,
                Author.SYSTEM,
                notice("agent_joined", case.language, name=agent),
                at=now,
            )
        log.info("case.accepted", case_id=case.id, fence=case.fence)
        await self._dequeue(case)
        await self._bell.ring(case.conversation_id, turn=turn)
        return case

    async def heartbeat(self, case: Case) -> None:
        """The agent is still there.

        Raises:
            StaleFenceError: the case has passed on.
        """
        async with self._database.write() as connection:
            held = await connection.execute(
                update(cases)
                .where(
                    cases.c.id == case.id,
                    cases.c.fence == case.fence,
                    cases.c.state == CaseState.ACTIVE,
                )
                .values(lease_until=self._clock.now() + LEASE)
            )
            if held.rowcount != 1:
                raise StaleFenceError("this case has passed into other hands")

    async def agent_says(self, case: Case, text: str, client_id: str) -> Turn:
        """Append the agent's words to the conversation.

        Raises:
            StaleFenceError: the case has passed on; nothing was said.
        """
        async with self._database.write() as connection:
            await self._check_fence(connection, case)
            turn = await append(
                connection,
                case.conversation_id,
                Author.AGENT,
                text,
                at=self._clock.now(),
                client_id=client_id,
                name=case.agent,
            )
        await self._bell.ring(case.conversation_id, turn=turn)
        return turn

    async def finish(self, case: Case, state: CaseState, outcome: str) -> Case:
        """The agent has done their part; the bot is in control again and knows the outcome.

        Args:
            case: as the agent holds it.
            state: `RETURNED` (the bot goes on) or `CLOSED`.
            outcome: one line on what was agreed.

        Raises:
            StaleFenceError: the case has passed on.
        """
        async with self._database.write() as connection:
            await self._check_fence(connection, case)
            turn, done = await self._end(connection, case, state, outcome)
        log.info("case.finished", case_id=case.id, state=state)
        await self._bell.ring(case.conversation_id, turn=turn)
        return done

    async def leave(self, conversation_id: str) -> None:
        """The customer does not want to wait any longer; the bot is in control again."""
        async with self._database.write() as connection:
            case = await store.open_case(connection, conversation_id)
            if case is None or case.state != CaseState.QUEUED:
                return
            turn, case = await self._end(connection, case, CaseState.ABANDONED, "left the queue")
        log.info("case.abandoned", case_id=case.id)
        await self._dequeue(case)
        await self._bell.ring(conversation_id, turn=turn)

    async def put_back(self, case: Case) -> Case:
        """Back to the queue at its own place, because its agent vanished; the customer is told.

        Raises:
            StaleFenceError: the case has passed on.
        """
        async with self._database.write() as connection:
            await self._check_fence(connection, case)
            queued = await self._move(
                connection, case.id, CaseState.QUEUED, agent=None, lease_until=None
            )
            await take_control(connection, case.conversation_id, Controller.QUEUE)
            turn = await append(
                connection,
                case.conversation_id,
                Author.SYSTEM,
                notice("agent_lost", case.language, number=case.number),
                at=self._clock.now(),
            )
        log.warning("case.put_back", case_id=case.id, fence=queued.fence)
        await self._enqueue(queued)
        await self._bell.ring(case.conversation_id, turn=turn)
        return queued

    async def sweep(self) -> None:
        """Take cases from agents who vanished, and mend the Redis queue from SQL."""
        now = self._clock.now()
        for case in await self._in_state(CaseState.ACTIVE):
            if case.lease_until and case.lease_until < now:
                try:
                    await self.put_back(case)
                except StaleFenceError:
                    continue  # another process was first
        try:
            if mended := await self._queue.mend(await self.waiting()):
                log.warning("queue.mended", entries=mended)
        except UnavailableError:
            log.warning("queue.unreachable")

    async def _in_state(self, state: CaseState) -> list[Case]:
        async with self._database.read() as connection:
            rows = await connection.execute(
                select(cases).where(cases.c.state == state).order_by(cases.c.due_at, cases.c.id)
            )
            return [store.case_of(row) for row in rows]

    async def _move(
        self, connection: AsyncConnection, case_id: str, state: CaseState, **columns: Any
    ) -> Case:
        """Change the state by the table in `case.py`, with a new fence."""
        row = (
            await connection.execute(select(cases).where(cases.c.id == case_id).with_for_update())
        ).one()
        check_move(CaseState(row.state), state)
        await connection.execute(
            update(cases)
            .where(cases.c.id == case_id)
            .values(state=state, fence=cases.c.fence + 1, **columns)
        )
        return await store.load(connection, case_id)

    async def _end(
        self, connection: AsyncConnection, case: Case, state: CaseState, outcome: str
    ) -> tuple[Turn, Case]:
        now = self._clock.now()
        done = await self._move(
            connection, case.id, state, outcome=outcome, lease_until=None, closed_at=now
        )
        served = {"number": case.number, "state": state, "outcome": outcome}
        abandoned = state == CaseState.ABANDONED
        await take_control(
            connection,
            case.conversation_id,
            Controller.BOT,
            case_id=None,
            **({} if abandoned else {"served": served}),
        )
        name = "left_queue" if abandoned else str(state)
        text = notice(name, case.language, number=case.number)
        turn = await append(connection, case.conversation_id, Author.SYSTEM, text, at=now)
        return turn, done

    async def _check_fence(self, connection: AsyncConnection, case: Case) -> None:
        row = (
            await connection.execute(
                select(cases.c.fence, cases.c.state).where(cases.c.id == case.id).with_for_update()
            )
        ).one()
        if row.fence != case.fence or row.state != CaseState.ACTIVE:
            raise StaleFenceError("this case has passed into other hands")

    async def _tell_queued(
        self, connection: AsyncConnection, case: Case, name: str, client_id: str | None = None
    ) -> Turn:
        leave = Button(notice("button_leave_queue", case.language), PAYLOAD_LEAVE_QUEUE)
        position = await store.place(connection, case)
        return await append(
            connection,
            case.conversation_id,
            Author.SYSTEM,
            notice(name, case.language, number=case.number, position=position),
            at=self._clock.now(),
            buttons=[leave],
            client_id=client_id,
        )

    async def _enqueue(self, case: Case) -> None:
        try:
            await self._queue.put(case)
        except UnavailableError:
            log.warning("queue.unreachable", case_id=case.id)  # `sweep` mends it from SQL

    async def _dequeue(self, case: Case) -> None:
        try:
            await self._queue.remove(case)
        except UnavailableError:
            log.warning("queue.unreachable", case_id=case.id)
