"""Calls on the phone line, from their announcement to how they ended.

    registered → bot ⇄ queue → over

The voice gateway tells what happens on the line, and the PBX asks it where a caller goes next.
Every step may be told twice. When SQL does not answer each raises `UnavailableError`: the caller
then goes to the PBX's queue without a handoff id.
"""

import re
import secrets
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
import structlog
from sqlalchemy import Row, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.clock import Clock
from frontline.database import Database
from frontline.errors import ConflictError, NotFoundError, RefusedError
from handoff import agents, call_cases, call_store, store
from handoff.bell import Bell
from handoff.call_cases import PHONE, Changed
from handoff.call_store import CallState
from handoff.call_tables import calls
from handoff.case import TALKING, WAITING, Case
from handoff.cases import Cases
from handoff.codes import Codes, Way, forget_old
from handoff.handling import Handling
from handoff.moves import Actor
from handoff.notices import notice
from handoff.relay import LEASE_S, Relay
from handoff.routing import Routing
from handoff.switching import take_code
from handoff.turn_store import Conversation, load_conversation, open_conversation

log = structlog.get_logger()

EXPIRES = timedelta(seconds=60)
"""A call that was announced and has not come by then is not let in."""
CALLER_KEPT = timedelta(hours=24)
"""A caller's number is forgotten then; a call-back that was promised keeps its own."""
CALLER_KEPT_FOR = "calling back, limits on codes"
LOST_AFTER = timedelta(minutes=2)
"""A call that left the gateway and that nobody has asked about since is gone."""
LONGEST = timedelta(hours=4)
MOST_REGISTERED = 1000

_CALL_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_NUMBER = re.compile(r"\+?[0-9]{3,15}")

End = Literal["caller", "left", "lost"]
"""Who ended the gateway's part: the caller hung up, the gateway left the call, the line broke."""
Outcome = Literal["answered", "hung_up", "unserved"]
"""What came of the PBX's queue: an agent talked with the caller, the caller gave up, or nobody
could answer (no agents there, full, too long)."""


class Next(msgspec.Struct, frozen=True):
    """Where the PBX takes a caller when the gateway has left the call."""

    to: Literal["queue", "hangup", "bot"]
    """`bot`: back to the gateway, with the same call id."""
    handoff_id: str | None = None
    """For the agent's desk; says nothing by itself. None = nothing is known of this caller."""
    reason: str = ""
    """A value of `Reason`."""
    language: str = "pl"
    skill: str = "general"
    """The line of `routing.yml`; a PBX may have a queue for each."""
    priority: str = "normal"


class Call(msgspec.Struct, frozen=True):
    """A call as it is now."""

    id: str
    state: CallState
    conversation_id: str | None
    language: str
    handoff_id: str
    recording: bool
    """The caller has agreed, and has not taken it back."""


class Calls:
    """Registers, begins and ends calls, and says where they go."""

    def __init__(
        self,
        database: Database,
        cases: Cases,
        handling: Handling,
        relay: Relay,
        bell: Bell,
        routing: Routing,
        codes: Codes,
        clock: Clock,
    ) -> None:
        self._database = database
        self._cases = cases
        self._handling = handling
        self._relay = relay
        self._bell = bell
        self._routing = routing
        self._codes = codes
        self._clock = clock

    async def register(
        self,
        call_id: str,
        caller: str | None = None,
        language: str | None = None,
        code: str | None = None,
    ) -> None:
        """Announce a call: it may come in within 60 s. Announcing it again begins that time anew.

        Args:
            call_id: made by the PBX; 8 to 64 letters, digits, `.`, `_` and `-`.
            caller: the number, if told; what is no number counts as not told.
            language: `pl` or `en`; None = Polish.
            code: six digits that continue a chat. Whether they work, `begin` finds out.

        Raises:
            RefusedError: a malformed id, or too many calls are announced.
            ConflictError: this call is over.
        """
        if not _CALL_ID.fullmatch(call_id):
            raise RefusedError("a call id has 8 to 64 letters, digits, dots and dashes")
        now, number = self._clock.now(), caller if _NUMBER.fullmatch(caller or "") else None
        known = {
            "expires_at": now + EXPIRES,
            "language": language if language in ("pl", "en") else "pl",
            "caller": number,
            "caller_kept_for": CALLER_KEPT_FOR if number else None,
            "caller_until": now + CALLER_KEPT if number else None,
            "code_hash": self._code_hash(code) if code else None,
        }
        async with self._database.write() as connection:
            row = await call_store.find(connection, call_id)
            if row is None:
                await _check_room(connection, now)
                await connection.execute(
                    insert(calls).values(
                        id=call_id, state=CallState.REGISTERED, registered_at=now,
                        handoff_id=secrets.token_hex(12), **known,
                    )
                )  # fmt: skip
            elif row.state == CallState.REGISTERED:
                await call_store.change(connection, call_id, **known)
            elif row.state == CallState.OVER:
                raise ConflictError("this call is over")

    def _code_hash(self, code: str) -> str:
        """What is no code at all is a wrong one: the caller is let in and told so."""
        try:
            return self._codes.hash(Way.TO_PHONE, code)
        except RefusedError:
            return "malformed"

    async def begin(self, call_id: str, transport: str = "") -> Conversation:
        """The call has come in, or back from the PBX's queue.

        Its newest turn is what the caller is told first. When the bot is not in control the caller
        waits for an agent already, in the chat: tell them, and leave for the queue.

        Args:
            call_id: as it was registered.
            transport: which protocol, for the record.

        Raises:
            NotFoundError: not registered, more than 60 s ago, or over.
        """
        now = self._clock.now()
        changed = Changed()
        async with self._database.write() as connection:
            row = await call_store.find(connection, call_id)
            if row is None or row.state == CallState.OVER:
                raise NotFoundError("no such call")
            if row.state == CallState.QUEUE:  # nobody could answer, or it would not come back
                changed = await self._back(connection, row, now)
            elif row.state == CallState.REGISTERED:
                if row.expires_at <= now:
                    raise NotFoundError("this call was announced too long ago")
                changed = await self._first(connection, row, transport, now)
            row = await call_store.known(connection, call_id)
            conversation = await load_conversation(connection, row.conversation_id)
        await self._tell(changed)
        log.info("call.begun", call_id=call_id, conversation_id=conversation.id)
        return conversation

    async def _first(
        self, connection: AsyncConnection, row: Row[Any], transport: str, now: datetime
    ) -> Changed:
        changed, began = Changed(), "greeting"
        found: str | int = 0
        if row.code_hash:
            found = await take_code(connection, self._codes, row, row.code_hash, now)
            began = "greeting_wrong_code"
        if isinstance(found, str):
            changed = await call_cases.attach(connection, row, found, now)
            conversation_id = found
        else:
            greeting = notice(began, row.language, PHONE)
            opened = await open_conversation(connection, PHONE, row.language, greeting, now)
            conversation_id = opened.id
        await call_store.change(
            connection, row.id, state=CallState.BOT, began_at=now, transport=transport[:16],
            conversation_id=conversation_id, in_chat=isinstance(found, str), code_hash=None,
        )  # fmt: skip
        return changed

    async def leave(self, call_id: str, to: Literal["queue", "hangup"]) -> None:
        """The gateway is about to leave the call: what `next_of` is to answer."""
        async with self._database.write() as connection:
            await call_store.change(connection, call_id, next=to)

    async def next_of(self, call_id: str) -> Next:
        """Where the PBX takes the caller now. Never nowhere: who is not known goes to the queue.

        Of a caller for the queue the case is there afterwards, also when the gateway died before it
        could open one.
        """
        async with self._database.read() as connection:
            row = await call_store.find(connection, call_id)
        if row is None or row.conversation_id is None:
            return Next("queue", language=row.language if row else "pl")
        if row.next == "hangup" or row.state == CallState.OVER:
            return Next("hangup", language=row.language)
        case = await self._cases.open_case(row.conversation_id)
        if case is None:
            detail = "the caller was passed on without a case"
            case = await self._cases.open(row.conversation_id, reason="tool_error", detail=detail)
        now = self._clock.now()
        async with self._database.write() as connection:
            row = await call_store.known(connection, call_id)
            if row.state == CallState.OVER:
                return Next("hangup", language=row.language)
            case = await store.load(connection, case.id)
            before = case.call_id
            if case.state in WAITING | TALKING:
                case = await call_cases.bind(connection, case, call_id, now)
            await call_store.change(
                connection, call_id, state=CallState.QUEUE, left_at=row.left_at or now,
                next="queue",
            )  # fmt: skip
        if case.call_id != before:
            await self._relay.push(case)
        return Next("queue", row.handoff_id, case.reason, case.language, case.skill, case.priority)

    async def after_queue(self, call_id: str, outcome: Outcome) -> Next:
        """What came of the PBX's queue, and where the caller goes then.

        Nobody could answer: the caller keeps the place in the line and is called back, or leaves a
        number with the bot; `begin` with the same id says so.

        Raises:
            NotFoundError: no such call.
        """
        now, steps = self._clock.now(), Changed()
        async with self._database.write() as connection:
            row = await call_store.known(connection, call_id)
            if row.state == CallState.OVER or row.conversation_id is None:
                return Next("hangup", language=row.language)
            if outcome == "unserved":
                steps = await self._back(connection, row, now)
            elif outcome == "answered":
                steps = await call_cases.talked(connection, row, now)
                await self._over(connection, row, "left", now)
            else:
                steps = await call_cases.hung_up(connection, row, self._routing, now)
                await self._over(connection, row, "caller", now)
        await self._tell(steps)
        log.info("call.after_queue", call_id=call_id, outcome=outcome)
        return Next("bot" if outcome == "unserved" else "hangup", language=row.language)

    async def _back(self, connection: AsyncConnection, row: Row[Any], now: datetime) -> Changed:
        """Out of the queue and with the bot again."""
        changed = Changed()
        if row.state == CallState.QUEUE:
            changed = await call_cases.unserved(connection, row, self._routing, now)
        await call_store.change(connection, row.id, state=CallState.BOT, next=None, left_at=None)
        return changed

    async def picked_up(self, call_id: str, login: str) -> bool:
        """An agent has answered the call: the case is theirs, as if they had taken it at the desk.

        Returns:
            False when there is nothing to take, or nobody of that log-in at an open desk: whoever
            talks takes it by its id.
        """
        since = self._clock.now() - timedelta(seconds=LEASE_S)
        async with self._database.read() as connection:
            row = await call_store.known(connection, call_id)
            agent = await agents.find(connection, login)
            if agent is None or agent.id in await agents.lost(connection, since):
                return False
        case = await self._cases.open_case(row.conversation_id) if row.conversation_id else None
        if case is None or case.state not in WAITING:
            return False
        try:
            await self._handling.claim(case.id, Actor(agent.id, agent.name))
        except ConflictError:
            return False  # somebody has opened it by its id
        return True

    async def end(self, call_id: str, how: End) -> None:
        """The gateway's part is over. A caller who only left it is still on the line."""
        now, changed = self._clock.now(), Changed()
        async with self._database.write() as connection:
            row = await call_store.find(connection, call_id)
            if row is None or row.state in (CallState.OVER, CallState.QUEUE):
                return
            if how == "caller" or row.next == "hangup" or row.conversation_id is None:
                if row.conversation_id is not None:
                    changed = await call_cases.hung_up(connection, row, self._routing, now)
                await self._over(connection, row, how, now)
            else:
                await call_store.change(connection, call_id, left_at=now)
        await self._tell(changed)
        log.info("call.ended", call_id=call_id, how=how)

    async def _over(
        self, connection: AsyncConnection, row: Row[Any], how: str, now: datetime
    ) -> None:
        await call_store.change(connection, row.id, state=CallState.OVER, ended_at=now, ended=how)
        if row.in_chat:
            await call_cases.back_to_chat(connection, row.conversation_id)

    async def _tell(self, changed: Changed) -> None:
        for case in changed.cases:
            await self._relay.push(case)
        for turn in changed.turns:
            await self._bell.ring(turn.conversation_id, turn=turn)

    async def get(self, call_id: str) -> Call:
        """The call as it is now.

        Raises:
            NotFoundError: there is none.
        """
        async with self._database.read() as connection:
            return _call_of(await call_store.known(connection, call_id))

    async def of_handoff(self, handoff_id: str) -> Call:
        """The call that an agent's telephone names in `X-Handoff-Id`. Errors as `get`."""
        wanted = select(calls).where(calls.c.handoff_id == handoff_id)
        async with self._database.read() as connection:
            row = (await connection.execute(wanted)).one_or_none()
        if row is None:
            raise NotFoundError("no such handoff")
        return _call_of(row)

    async def show(self, handoff_id: str, agent: Actor) -> Case:
        """The case of the call that an agent's telephone was given; they may see it from now on.

        Seeing is not taking: a queue may ring at several telephones, and who answers takes it.

        Raises:
            NotFoundError: there is no such handoff, or no case of it.
        """
        async with self._database.write() as connection:
            wanted = select(calls).where(calls.c.handoff_id == handoff_id)
            row = (await connection.execute(wanted)).one_or_none()
            case = (
                await call_cases.shown(connection, row, agent, self._clock.now()) if row else None
            )
        if case is None:
            raise NotFoundError("no such handoff")
        await self._relay.push(case)
        return case

    async def sweep(self) -> int:
        """End what nobody told the end of, and forget what need not be known any more; how many."""
        now = self._clock.now()
        gone = or_(
            (calls.c.state == CallState.BOT) & (calls.c.left_at < now - LOST_AFTER),
            calls.c.state.in_([CallState.BOT, CallState.QUEUE])
            & (calls.c.began_at < now - LONGEST),
        )
        async with self._database.write() as connection:
            late = (calls.c.state == CallState.REGISTERED) & (
                calls.c.expires_at < now - CALLER_KEPT
            )
            await connection.execute(delete(calls).where(late))
            await connection.execute(
                update(calls).where(calls.c.caller_until <= now)
                .values(caller=None, caller_kept_for=None, caller_until=None)
            )  # fmt: skip
            await forget_old(connection, now)
            lost = list(await connection.scalars(select(calls.c.id).where(gone)))
        for call_id in lost:
            await self._lost(call_id, now)
        async with self._database.write() as connection:
            orphans = await call_cases.let_go_orphans(connection, now)
        await self._tell(Changed(orphans))
        return len(lost)

    async def _lost(self, call_id: str, now: datetime) -> None:
        async with self._database.write() as connection:
            row = await call_store.known(connection, call_id)
            changed = Changed()
            if row.state != CallState.OVER:
                changed = await call_cases.hung_up(connection, row, self._routing, now)
                await self._over(connection, row, "lost", now)
        await self._tell(changed)
        log.warning("call.lost", call_id=call_id)


async def _check_room(connection: AsyncConnection, now: datetime) -> None:
    waiting = (calls.c.state == CallState.REGISTERED) & (calls.c.expires_at > now)
    if (await connection.scalar(select(func.count()).where(waiting)) or 0) >= MOST_REGISTERED:
        raise RefusedError("too many calls are announced")


def _call_of(row: Row[Any]) -> Call:
    recording = row.recording_from is not None and row.recording_revoked_at is None
    return Call(
        row.id, CallState(row.state), row.conversation_id, row.language, row.handoff_id, recording
    )
