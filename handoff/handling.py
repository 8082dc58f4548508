"""What agents do with cases: take, answer, hold, pass on, give back, finish.

Each step is a compare-and-set on state and fence in SQL, so that of two who try one succeeds.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.clock import Clock
from frontline.database import Database
from frontline.errors import ConflictError
from frontline.turns import Author, Controller, Turn
from handoff import saying, store
from handoff.case import TALKING, Case, CaseState, Move
from handoff.moves import SYSTEM, Actor, ChangedError, held, locked, move
from handoff.notices import moment_text, notice
from handoff.relay import LEASE_S, Relay
from handoff.room import check_room
from handoff.routing import Routing
from handoff.tables import cases, conversations
from handoff.turn_store import append, take_control

log = structlog.get_logger()


class Handling:
    """The agents' side of cases."""

    def __init__(self, database: Database, relay: Relay, routing: Routing, clock: Clock) -> None:
        self._database = database
        self._relay = relay
        self._routing = routing
        self._clock = clock

    async def offer(
        self,
        case_id: str,
        agent: Actor,
        fence: int | None = None,
        capacity: Mapping[str, int] | None = None,
    ) -> Case:
        """Let a queued case ring at an agent's desk.

        Args:
            case_id: which.
            agent: at whose desk.
            fence: as the queue knew it before the offer; None = whatever it is.
            capacity: how many cases of each channel the agent serves; None = they ask for this one.

        Raises:
            IllegalTransitionError, StaleFenceError: somebody else was first.
            NotThereError, NoRoomError: the agent has gone, or holds as much as they can.
            BusyConversationError: the customer is in another case.
        """
        now = self._clock.now()
        async with self._database.write() as connection:
            await store.check_free(connection, case_id)
            row = await locked(connection, case_id)
            if capacity is not None and row.call_id:
                raise ConflictError("this caller waits in the PBX's queue")
            if capacity is not None:
                await check_room(connection, agent.id, row.channel, capacity, now)
            case = await move(
                connection, case_id, Move.OFFER, agent, now, fence=fence, agent_id=agent.id,
                agent=agent.name,
                lease_until=now + timedelta(seconds=self._routing.ring_s(row.channel)),
            )  # fmt: skip
        log.info("case.offered", case_id=case.id, agent_id=agent.id, fence=case.fence)
        await self._relay.push(case)
        return case

    async def accept(self, case_id: str, agent: Actor, fence: int) -> Case:
        """The agent takes the offer; the conversation is theirs from now on.

        Raises:
            StaleFenceError: it rings here no more.
        """
        now = self._clock.now()
        async with self._database.write() as connection:
            await held(connection, case_id, agent.id, fence)
            case = await move(
                connection, case_id, Move.ACCEPT, agent, now, fence=fence,
                lease_until=now + timedelta(seconds=LEASE_S), wake_at=None,
                answered_at=func.coalesce(cases.c.answered_at, now), preferred_agent=agent.id,
            )  # fmt: skip
            await take_control(connection, case.conversation_id, Controller.AGENT, case_id=case.id)
            turn = await self._tell(connection, case, "agent_joined", name=agent.name)
            if case.call_id and case.first_reply_at is None:  # on the phone they talk already
                case = await saying.first_reply(connection, case, agent, now)
        log.info("case.accepted", case_id=case.id, agent_id=agent.id, fence=case.fence)
        await self._relay.push(case, turn)
        return case

    async def claim(self, case_id: str, agent: Actor) -> Case:
        """The agent takes a waiting case from the list, without its ringing.

        Raises:
            IllegalTransitionError: it does not wait any more.
            BusyConversationError: the customer waits for or talks with an agent in another case.
        """
        async with self._database.read() as connection:
            state = (await store.find(connection, case_id)).state
        if state in (CaseState.CALLBACK_SCHEDULED, CaseState.LEFT_MESSAGE, CaseState.BOT):
            await self.wake(case_id, agent)
        offered = await self.offer(case_id, agent)
        return await self.accept(case_id, agent, offered.fence)

    async def decline(self, case_id: str, agent: Actor, fence: int) -> Case:
        """Not this agent, not now: back to its own place in the line.

        Raises:
            StaleFenceError: it rings here no more.
        """
        return await self._requeue(case_id, agent.id, fence, Move.DECLINE, agent)

    async def ring_out(self, case_id: str, agent_id: str, fence: int) -> Case:
        """Nobody took the offer in time. Errors as `decline`."""
        return await self._requeue(case_id, agent_id, fence, Move.RING_OUT, SYSTEM)

    async def lose(self, case_id: str, agent_id: str, fence: int) -> Case:
        """The agent has vanished: back to its own place, and a customer who talked is told.

        What was only to be written up is closed. Errors as `decline`.
        """
        async with self._database.read() as connection:
            state = (await store.find(connection, case_id)).state
        if state == CaseState.WRAP_UP:
            return await self._close(case_id, agent_id, fence, None, "", SYSTEM)
        return await self._requeue(case_id, agent_id, fence, Move.LOSE, SYSTEM)

    async def _requeue(
        self, case_id: str, agent_id: str, fence: int, what: Move, actor: Actor
    ) -> Case:
        now = self._clock.now()
        said: list[Turn] = []
        async with self._database.write() as connection:
            before = await held(connection, case_id, agent_id, fence)
            case = await move(
                connection, case_id, what, actor, now, fence=fence, data={"agent_id": agent_id}
            )
            if before.state in TALKING:
                await take_control(connection, case.conversation_id, Controller.QUEUE)
                said.append(await self._tell(connection, case, "agent_lost", number=case.number))
        log.info("case.requeued", case_id=case.id, why=what, fence=case.fence)
        await self._relay.push(case, *said)
        return case

    async def wake(self, case_id: str, actor: Actor = SYSTEM) -> Case:
        """Queue what slept: its time has come, the queue has opened, or the bot cannot go on.

        Raises:
            IllegalTransitionError: it does not sleep.
        """
        now = self._clock.now()
        async with self._database.write() as connection:
            row = await locked(connection, case_id)
            case = await move(
                connection, case_id, Move.QUEUE, actor, now,
                wake_at=self._routing.widens_at(row.skill, row.level, row.channel, now),
                preferred_until=self._preferred(now),
            )  # fmt: skip
        await self._relay.push(case)
        return case

    async def says(
        self, case_id: str, agent: Actor, fence: int, text: str, client_id: str,
        last_seen_seq: int | None = None,
    ) -> Turn:  # fmt: skip
        """Append the agent's words to the conversation; the same `client_id` twice is one turn.

        Args:
            case_id: which case.
            agent: who speaks.
            fence: under which the agent holds it.
            text: what the customer reads.
            client_id: made by the desk.
            last_seen_seq: the newest turn that the agent has read; None = do not compare.

        Raises:
            StaleFenceError: the case has passed on; nothing was said.
            MissedError: the customer has written meanwhile; nothing was said.
        """
        now = self._clock.now()
        async with self._database.write() as connection:
            case = await held(connection, case_id, agent.id, fence)
            if case.state not in TALKING:
                raise ChangedError("the talk is over")
            if known := await saying.said_before(connection, case, client_id):
                return known
            if last_seen_seq is not None:
                await saying.check_seen(connection, case, last_seen_seq)
            turn = await append(
                connection, case.conversation_id, Author.AGENT, text, at=now,
                client_id=client_id, name=agent.name,
            )  # fmt: skip
            if first := case.first_reply_at is None:
                case = await saying.first_reply(connection, case, agent, now)
        await (self._relay.push if first else self._relay.ring)(case, turn)
        return turn

    async def hold(self, case_id: str, agent: Actor, fence: int) -> Case:
        """The agent waits for somebody else; the customer is told. Errors as `decline`."""
        return await self._step(case_id, agent, fence, Move.HOLD, "on_hold")

    async def resume(self, case_id: str, agent: Actor, fence: int) -> Case:
        """The agent is back. Errors as `decline`."""
        return await self._step(case_id, agent, fence, Move.RESUME, "resumed")

    async def _step(self, case_id: str, agent: Actor, fence: int, what: Move, told: str) -> Case:
        async with self._database.write() as connection:
            await held(connection, case_id, agent.id, fence)
            case = await move(connection, case_id, what, agent, self._clock.now(), fence=fence)
            turn = await self._tell(connection, case, told)
        await self._relay.push(case, turn)
        return case

    async def transfer(
        self,
        case_id: str,
        agent: Actor,
        fence: int,
        *,
        skill: str | None = None,
        language: str | None = None,
        to_agent: str | None = None,
        note: str = "",
    ) -> Case:
        """To another skill, language or person; the case keeps its due time.

        Raises:
            StaleFenceError: the case has passed on.
        """
        now = self._clock.now()
        async with self._database.write() as connection:
            before = await held(connection, case_id, agent.id, fence)
            case = await move(
                connection, case_id, Move.TRANSFER, agent, now, fence=fence,
                data={"why": "transfer", "note": note, "agent_id": agent.id},
                skill=skill or before.skill, language=language or before.language,
                level=1 if skill else before.level, preferred_agent=to_agent,
                preferred_until=self._preferred(now, 6) if to_agent else None,
                wake_at=self._routing.widens_at(
                    skill or before.skill, 1 if skill else before.level, before.channel, now
                ),
            )  # fmt: skip
            await take_control(connection, case.conversation_id, Controller.QUEUE)
            turn = await self._tell(connection, case, "transferred", number=case.number)
        await self._relay.push(case, turn)
        return case

    async def reroute(
        self, case_id: str, actor: Actor, why: str, *, rev: int | None = None, **columns: Any
    ) -> Case:
        """Another route or preferred agent for a waiting case; whoever it rings at loses it.

        Raises:
            ChangedError: it has changed since revision `rev`.
            IllegalTransitionError: it does not wait.
        """
        async with self._database.write() as connection:
            row = await locked(connection, case_id)
            if rev is not None and row.rev != rev:
                raise ChangedError("this case has changed meanwhile")
            case = await move(
                connection, case_id, Move.TRANSFER, actor, self._clock.now(),
                data={"why": why}, **columns,
            )  # fmt: skip
            talked = CaseState(row.state) in TALKING
            turn = None
            if talked:
                await take_control(connection, case.conversation_id, Controller.QUEUE)
                turn = await self._tell(connection, case, "transferred", number=case.number)
        await self._relay.push(case, *([turn] if turn else []))
        return case

    async def give_back(
        self, case_id: str, agent: Actor, fence: int, outcome: str, instruction: str = ""
    ) -> Case:
        """Back to the bot, which knows the outcome and what it should do. Errors as `decline`."""
        now = self._clock.now()
        async with self._database.write() as connection:
            await held(connection, case_id, agent.id, fence)
            case = await move(
                connection, case_id, Move.RETURN, agent, now, fence=fence,
                data={"outcome": outcome, "instruction": instruction, "agent_id": agent.id},
                outcome=outcome, instruction=instruction or None, preferred_agent=agent.id,
            )  # fmt: skip
            turn = await self._to_bot(connection, case, "returned", case.id)
        log.info("case.returned", case_id=case.id)
        await self._relay.push(case, turn)
        return case

    async def wrap_up(self, case_id: str, agent: Actor, fence: int, outcome: str = "") -> Case:
        """The talk is over; the bot answers again while the agent writes down what came of it."""
        now = self._clock.now()
        async with self._database.write() as connection:
            before = await held(connection, case_id, agent.id, fence)
            seconds = self._routing.wrap_up_s(before.channel)
            case = await move(
                connection, case_id, Move.WRAP, agent, now, fence=fence,
                lease_until=now + timedelta(seconds=seconds),
                outcome=outcome or cases.c.outcome,
            )  # fmt: skip
            turn = await self._to_bot(connection, case, "wrapped", None)
        await self._relay.push(case, turn)
        return case

    async def close(
        self, case_id: str, agent: Actor, fence: int, disposition: str | None, note: str = ""
    ) -> Case:
        """The agent is done with it. From a talk it goes through wrap-up. Errors as `decline`."""
        async with self._database.read() as connection:
            state = (await store.find(connection, case_id)).state
        if state in TALKING:
            await self.wrap_up(case_id, agent, fence, note)
        return await self._close(case_id, agent.id, fence, disposition, note, agent)

    async def _close(
        self, case_id: str, agent_id: str, fence: int, disposition: str | None, note: str,
        actor: Actor,
    ) -> Case:  # fmt: skip
        now = self._clock.now()
        async with self._database.write() as connection:
            before = await held(connection, case_id, agent_id, fence)
            case = await move(
                connection, case_id, Move.CLOSE, actor, now, fence=fence, closed_at=now,
                data={"disposition": disposition, "note": note, "agent_id": agent_id},
                disposition=disposition, outcome=note or before.outcome,
            )  # fmt: skip
            await self._know(connection, case)
        log.info("case.closed", case_id=case.id, disposition=disposition)
        await self._relay.push(case)
        return case

    async def reopen(self, case_id: str, actor: Actor, rev: int | None = None) -> Case:
        """A finished case is needed again; its customer waits when the bot is in control.

        Raises:
            ChangedError: it has changed since revision `rev`.
            IllegalTransitionError: it is not finished.
        """
        now = self._clock.now()
        async with self._database.write() as connection:
            row = await locked(connection, case_id)
            if rev is not None and row.rev != rev:
                raise ChangedError("this case has changed meanwhile")
            case = await move(
                connection, case_id, Move.REOPEN, actor, now, closed_at=None, queued_at=now
            )
        await self._relay.push(case)
        return case

    async def call_back(
        self, case_id: str, agent: Actor, fence: int, callback: dict[str, str], when: Any
    ) -> Case:
        """The agent has agreed on a call with the customer. Errors as `decline`.

        Args:
            case_id: which case.
            agent: who agreed on it, and is offered it then.
            fence: under which the agent holds it.
            callback: `phone`, `from`, `to`.
            when: the moment of `from`.
        """
        now = self._clock.now()
        async with self._database.write() as connection:
            await held(connection, case_id, agent.id, fence)
            case = await move(
                connection, case_id, Move.CALL_BACK, agent, now, fence=fence, callback=callback,
                wake_at=when, preferred_agent=agent.id,
                data={"wake_at": when.isoformat(), "agent_id": agent.id},
            )  # fmt: skip
            text = moment_text(when, now, case.language)
            turn = await self._to_bot(connection, case, "callback_agreed", None, when=text)
        await self._relay.push(case, turn)
        return case

    async def expire_bot_cases(self, older_than: timedelta) -> int:
        """Close what the bot has had back for so long without a word; returns how many."""
        now = self._clock.now()
        async with self._database.read() as connection:
            rows = await connection.execute(
                select(cases.c.id)
                .join(conversations, conversations.c.id == cases.c.conversation_id)
                .where(cases.c.state == CaseState.BOT,
                       conversations.c.updated_at < now - older_than)
            )  # fmt: skip
            quiet = list(rows.scalars())
        closed = 0
        for case_id in quiet:
            try:
                async with self._database.write() as connection:
                    case = await move(connection, case_id, Move.CLOSE, SYSTEM, now, closed_at=now)
                    await self._forget(connection, case)
            except ConflictError:
                continue  # another process was first, or the customer is back
            await self._relay.push(case)
            closed += 1
        return closed

    async def _to_bot(
        self, connection: AsyncConnection, case: Case, told: str, keep: str | None, **values: str
    ) -> Turn:
        """The bot is in control again and knows what came of the case."""
        await take_control(connection, case.conversation_id, Controller.BOT, case_id=keep)
        await self._know(connection, case)
        return await self._tell(connection, case, told, number=case.number, **values)

    def _preferred(self, now: datetime, times: int = 1) -> datetime:
        """Until when the preferred agent alone is offered the case."""
        return now + timedelta(seconds=self._routing.preferred_s() * times)

    async def _know(self, connection: AsyncConnection, case: Case) -> None:
        state = "returned" if case.state == CaseState.BOT else "closed"
        served = {"number": case.number, "state": state, "outcome": case.outcome or ""}
        if case.instruction:
            served["instruction"] = case.instruction
        await connection.execute(
            update(conversations)
            .where(conversations.c.id == case.conversation_id)
            .values(served=served)
        )

    async def _forget(self, connection: AsyncConnection, case: Case) -> None:
        await connection.execute(
            update(conversations)
            .where(conversations.c.id == case.conversation_id, conversations.c.case_id == case.id)
            .values(case_id=None)
        )

    async def _tell(
        self, connection: AsyncConnection, case: Case, told: str, /, **values: str
    ) -> Turn:
        return await append(
            connection,
            case.conversation_id,
            Author.SYSTEM,
            notice(told, case.language, **values),
            at=self._clock.now(),
        )
