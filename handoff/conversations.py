"""The conversation log: every turn in SQL, numbered per conversation."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.clock import Clock
from frontline.database import Database
from frontline.errors import NotFoundError
from frontline.turns import Author, Button, Controller, FileRef, Speech, Turn
from handoff.tables import conversations, turns
from handoff.turn_store import (
    UNANSWERED,
    Conversation,
    append,
    conversation_of,
    hold,
    load_conversation,
    open_conversation,
    turn_of,
)


class Said(msgspec.Struct, frozen=True):
    """What became of something the customer said."""

    turn: Turn
    fresh: bool
    """False when the same `client_id` was stored before."""
    ask: bool
    """The bot is to be asked now, by the caller."""
    conversation: Conversation


class Conversations:
    """Reads and appends conversations and their turns."""

    def __init__(self, database: Database, clock: Clock, *, lease_s: float) -> None:
        """Args as named; `lease_s` is how long one process may take to get the bot's answer."""
        self._database = database
        self._clock = clock
        self._lease = timedelta(seconds=lease_s)

    async def create(self, channel: str, language: str, greeting: str) -> Conversation:
        """A new conversation that opens with the bot's `greeting`.

        The greeting tells that it is a machine (EU AI Act, Regulation 2024/1689, art. 50(1)).
        """
        async with self._database.write() as connection:
            return await open_conversation(
                connection, channel, language, greeting, self._clock.now()
            )

    async def get(self, conversation_id: str) -> Conversation:
        """The conversation as it is now.

        Raises:
            NotFoundError: there is none with this id.
        """
        async with self._database.read() as connection:
            return await load_conversation(connection, conversation_id)

    async def turns(self, conversation_id: str, after_seq: int = 0, limit: int = 200) -> list[Turn]:
        """Up to `limit` turns with `seq` above `after_seq`, in order."""
        async with self._database.read() as connection:
            rows = await connection.execute(
                select(turns)
                .where(turns.c.conversation_id == conversation_id, turns.c.seq > after_seq)
                .order_by(turns.c.seq)
                .limit(limit)
            )
            return [turn_of(row) for row in rows]

    async def last_seqs(self, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
        """`last_seq` and `epoch` of each of these conversations."""
        async with self._database.read() as connection:
            rows = await connection.execute(
                select(conversations.c.id, conversations.c.last_seq, conversations.c.epoch).where(
                    conversations.c.id.in_(ids)
                )
            )
            return {row.id: (row.last_seq, row.epoch) for row in rows}

    async def said(
        self,
        conversation_id: str,
        client_id: str,
        text: str,
        payload: str | None = None,
        files: Sequence[FileRef] = (),
        speech: Speech | None = None,
    ) -> Said:
        """Store what the customer said; the same `client_id` twice is one turn.

        When the bot is in control the turn is to be answered: at once (`ask`), or after the
        ones before it.
        """
        now = self._clock.now()
        mine = turns.c.conversation_id == conversation_id
        looked = select(
            conversations,
            select(turns.c.seq).where(mine, turns.c.client_id == client_id).scalar_subquery(),
            select(turns.c.seq).where(mine, turns.c.answer.in_(UNANSWERED)).exists(),
        ).where(conversations.c.id == conversation_id)
        async with self._database.write() as connection:
            await hold(connection, conversation_id)
            row = (await connection.execute(looked)).one_or_none()
            if row is None:
                raise NotFoundError("no such conversation")
            conversation, (known, busy) = conversation_of(row), row[-2:]
            if known is not None:
                stored = await connection.execute(select(turns).where(mine, turns.c.seq == known))
                turn = turn_of(stored.one())
                return Said(turn, fresh=False, ask=False, conversation=conversation)
            answer = None
            if conversation.controller == Controller.BOT:
                answer = "waiting" if busy else "asking"
            turn = await append(
                connection,
                conversation_id,
                Author.CUSTOMER,
                text,
                at=now,
                client_id=client_id,
                payload=payload,
                files=files,
                speech=speech,
                answer=answer,
                answer_lease=now + self._lease if answer == "asking" else None,
            )
        return Said(turn, fresh=True, ask=answer == "asking", conversation=conversation)

    async def cut(
        self, turn_id: str, heard_text: str, heard_ms: int, *, from_ms: int | None = None
    ) -> Turn:
        """The caller broke in: of what was said to them, only this was heard.

        The log keeps nothing else; an ellipsis stands where the voice was stopped.

        Args:
            turn_id: of a turn of the bot, or of the front line itself.
            heard_text: its beginning, as far as it was spoken; empty when nothing was.
            heard_ms: how much of its sound was played.
            from_ms: when its sound began, since the call did.

        Raises:
            NotFoundError: there is no such turn, or the customer said it.
        """
        speech = Speech(from_ms=from_ms, heard_ms=max(0, heard_ms))
        async with self._database.write() as connection:
            row = (
                await connection.execute(
                    update(turns)
                    .where(turns.c.id == turn_id, turns.c.author != Author.CUSTOMER)
                    .values(
                        text=f"{heard_text.rstrip()} …".lstrip(),
                        speech=msgspec.to_builtins(speech),
                    )
                    .returning(turns)
                )
            ).one_or_none()
            if row is None:
                raise NotFoundError("no such turn to cut")
            return turn_of(row)

    async def claim_unanswered(self, conversation_id: str) -> tuple[Turn, str | None] | None:
        """Take the oldest turn that the bot still owes an answer, with its payload.

        None when there is none, or another process is at it.
        """
        async with self._database.write() as connection:
            return await self._claim(connection, conversation_id)

    async def _claim(
        self, connection: AsyncConnection, conversation_id: str
    ) -> tuple[Turn, str | None] | None:
        now = self._clock.now()
        oldest = (
            await connection.execute(
                select(turns)
                .where(turns.c.conversation_id == conversation_id, turns.c.answer.in_(UNANSWERED))
                .order_by(turns.c.seq)
                .limit(1)
                .with_for_update()
            )
        ).one_or_none()
        if oldest is None or (oldest.answer == "asking" and oldest.answer_lease > now):
            return None
        await connection.execute(
            update(turns)
            .where(turns.c.conversation_id == conversation_id, turns.c.seq == oldest.seq)
            .values(answer="asking", answer_lease=now + self._lease)
        )
        return turn_of(oldest), oldest.payload

    async def owed(self) -> list[str]:
        """Conversations with a turn that no process is answering."""
        late = self._clock.now() - timedelta(seconds=1)
        async with self._database.read() as connection:
            rows = await connection.execute(
                select(turns.c.conversation_id)
                .where(
                    or_(
                        (turns.c.answer == "waiting") & (turns.c.at < late),
                        (turns.c.answer == "asking") & (turns.c.answer_lease < self._clock.now()),
                    )
                )
                .distinct()
            )
            return list(rows.scalars())

    async def bot_says(
        self,
        conversation_id: str,
        epoch: int,
        text: str,
        *,
        client_id: str,
        buttons: Sequence[Button] = (),
    ) -> Turn | None:
        """Append the bot's words, if the bot is still in control under the same `epoch`.

        Returns:
            The turn, or None when control has passed on or these words are there already.
        """
        stored = select(turns.c.seq).where(
            turns.c.conversation_id == conversation_id, turns.c.client_id == client_id
        )
        still = (
            conversations.c.epoch == epoch,
            conversations.c.controller == Controller.BOT,
            ~stored.exists(),
        )
        try:
            async with self._database.write() as connection:
                return await append(
                    connection,
                    conversation_id,
                    Author.BOT,
                    text,
                    at=self._clock.now(),
                    buttons=buttons,
                    client_id=client_id,
                    only_if=still,
                )
        except NotFoundError:
            return None

    async def settle(
        self,
        turn: Turn,
        answer: str,
        nlu: dict[str, Any] | None = None,
        language: tuple[str, bool] | None = None,
    ) -> tuple[Turn, str | None] | None:
        """The bot owes nothing more for `turn`: keep what it understood.

        Args:
            turn: the customer's.
            answer: `done` or `refused`.
            nlu: intent, ranking, entities and slots.
            language: the conversation's from now on, and whether it was asked for.

        Returns:
            The next turn to answer, claimed, as `claim_unanswered`.
        """
        async with self._database.write() as connection:
            await connection.execute(
                update(turns)
                .where(turns.c.conversation_id == turn.conversation_id, turns.c.seq == turn.seq)
                .values(answer=answer, answer_lease=None, nlu=nlu)
            )
            if language:
                await connection.execute(
                    update(conversations)
                    .where(conversations.c.id == turn.conversation_id)
                    .values(language=language[0], language_chosen=language[1])
                )
            return await self._claim(connection, turn.conversation_id)

    async def choose_language(self, conversation_id: str, language: str) -> None:
        """The customer picked a language; it stays until another is asked for."""
        async with self._database.write() as connection:
            await connection.execute(
                update(conversations)
                .where(conversations.c.id == conversation_id)
                .values(language=language, language_chosen=True)
            )

    async def offered_button(self, conversation_id: str, seq: int, payload: str) -> Button | None:
        """The button with this payload that turn `seq` really offered."""
        async with self._database.read() as connection:
            buttons = await connection.scalar(
                select(turns.c.buttons).where(
                    turns.c.conversation_id == conversation_id,
                    turns.c.seq == seq,
                    turns.c.author != Author.CUSTOMER,
                )
            )
        for button in buttons or ():
            if button["payload"] == payload:
                return Button(**button)
        return None
