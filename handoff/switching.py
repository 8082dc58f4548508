"""One conversation, from chat to phone and from phone to chat, by a six-digit code.

It stays the same conversation with the same case, so nothing has to be said twice, and who was
identified in it stays so.
"""

from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.clock import Clock
from frontline.database import Database
from frontline.ids import ConversationId
from frontline.lang import Language
from frontline.lang.numerals import cardinal
from frontline.turns import Author, Turn
from handoff import call_cases, call_store
from handoff.bell import Bell
from handoff.call_cases import CHAT, PHONE, Changed
from handoff.call_store import CallState
from handoff.codes import (
    TRIES,
    TRIES_OF_CALLER,
    Code,
    Codes,
    CodesLockedError,
    Way,
    WrongCodeError,
)
from handoff.notices import notice
from handoff.relay import Relay
from handoff.turn_store import Conversation, append, load_conversation

log = structlog.get_logger()

TRIES_OF_ADDRESS = 20
"""Wrong codes from one network address in an hour."""


class Switching:
    """Gives codes out and takes them."""

    def __init__(
        self, database: Database, relay: Relay, bell: Bell, codes: Codes, clock: Clock
    ) -> None:
        self._database = database
        self._relay = relay
        self._bell = bell
        self._codes = codes
        self._clock = clock

    async def phone_code(self, conversation_id: str) -> Code:
        """A code to be shown in the chat, with which its customer calls.

        Raises:
            TooManyError: this conversation has had enough of them.
            NotFoundError: there is no such conversation.
        """
        async with self._database.write() as connection:
            await load_conversation(connection, conversation_id)
            return await self._codes.make(
                connection, conversation_id, Way.TO_PHONE, self._clock.now()
            )

    async def chat_code(self, call_id: str) -> Code:
        """A code to be spoken, with which the caller goes on in the chat; see `code_text`.

        Raises:
            TooManyError: this caller has had enough of them.
            NotFoundError: the call is not in the gateway.
        """
        async with self._database.write() as connection:
            row = await call_store.known(connection, call_id, CallState.BOT)
            return await self._codes.make(
                connection, row.conversation_id, Way.TO_CHAT, self._clock.now()
            )

    async def to_phone(self, call_id: str, digits: str) -> Conversation:
        """The caller gives the code from their chat: that conversation goes on in this call.

        What was said in the call before stays where it is. The newest turn is what the caller is
        told now; when the bot is not in control, they wait for an agent already.

        Raises:
            WrongCodeError: it does not work; `left` says how many more may be tried.
            CodesLockedError: too many were wrong; only a person can help.
            RefusedError: not six digits.
            NotFoundError: the call is not in the gateway.
        """
        now, hashed = self._clock.now(), self._codes.hash(Way.TO_PHONE, digits)
        changed, conversation = Changed(), None
        async with self._database.write() as connection:
            row = await call_store.known(connection, call_id, CallState.BOT)
            found = await take_code(connection, self._codes, row, hashed, now)
            if isinstance(found, str):
                changed = await call_cases.attach(connection, row, found, now)
                values = {"conversation_id": found, "in_chat": True}
                await call_store.change(connection, call_id, **values)
                conversation = await load_conversation(connection, found)
        if conversation is None:  # raised only now, so that the wrong try stays counted
            raise _wrong(found)
        for case in changed.cases:
            await self._relay.push(case)
        for turn in changed.turns:
            await self._bell.ring(turn.conversation_id, turn=turn)
        log.info("call.continues_chat", call_id=call_id, conversation_id=conversation.id)
        return conversation

    async def to_chat(self, digits: str, conversation_id: str, address: str) -> ConversationId:
        """A chat customer gives the code from their call: that conversation goes on in the chat.

        Args:
            digits: the code.
            conversation_id: of the chat in which it is typed; it is left behind.
            address: where it comes from on the network, to count wrong codes.

        Returns:
            The id of the call's conversation.

        Raises:
            WrongCodeError, CodesLockedError, RefusedError: as `to_phone`.
        """
        now, hashed = self._clock.now(), self._codes.hash(Way.TO_CHAT, digits)
        who = {
            f"chat:{conversation_id}": TRIES,
            f"address:{self._codes.pseudonym(address)}": TRIES_OF_ADDRESS,
        }
        turn = None
        async with self._database.write() as connection:
            found = await self._codes.take(connection, Way.TO_CHAT, hashed, who, now)
            if isinstance(found, str):
                turn = await _join(connection, found, now)
        if turn is None:
            raise _wrong(found)
        await self._bell.ring(turn.conversation_id, turn=turn)
        log.info("chat.continues_call", conversation_id=turn.conversation_id)
        return turn.conversation_id


def code_text(code: Code, language: Language) -> str:
    """The sentence that tells a caller a code, twice and in two groups. Not to be stored."""
    digits = [cardinal(int(digit), language) for digit in code.digits]
    spoken = f"{' '.join(digits[:3])}, {' '.join(digits[3:])}"
    return notice("chat_code", language, PHONE, code=spoken)


async def _join(connection: AsyncConnection, conversation_id: str, now: datetime) -> Turn:
    """The call's conversation is open in a chat window too; while the call lasts, it stays one."""
    call = await call_store.live_call(connection, conversation_id)
    if call is None:
        await call_cases.back_to_chat(connection, conversation_id)
    else:
        await call_store.change(connection, call.id, in_chat=True)
    conversation = await load_conversation(connection, conversation_id)
    text = notice("by_chat", conversation.language, CHAT)
    return await append(connection, conversation_id, Author.SYSTEM, text, at=now)


async def take_code(
    connection: AsyncConnection, codes: Codes, call: Row[Any], hashed: str, now: datetime
) -> str | int:
    """Use up a code that was given in a call; answers as `Codes.take`, and 0 when locked."""
    who = {f"call:{call.id}": TRIES}
    if call.caller:
        who[f"caller:{codes.pseudonym(call.caller)}"] = TRIES_OF_CALLER
    try:
        return await codes.take(connection, Way.TO_PHONE, hashed, who, now)
    except CodesLockedError:
        return 0


def _wrong(left: str | int) -> WrongCodeError | CodesLockedError:
    return WrongCodeError(int(left)) if int(left) > 0 else CodesLockedError("too many wrong codes")
