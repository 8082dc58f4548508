"""Conversations and their turns in SQL, read and appended inside the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.errors import NotFoundError
from frontline.ids import ConversationId, TurnId, new_id
from frontline.turns import Author, Button, Controller, FileRef, Speech, Turn
from handoff.tables import conversations, turns

UNANSWERED = ("asking", "waiting")
"""What `answer` says of a customer's turn that the bot still owes something."""


class Conversation(msgspec.Struct, frozen=True):
    """One customer's contact over one channel."""

    id: ConversationId
    channel: str
    language: str
    language_chosen: bool
    controller: Controller
    epoch: int
    """Grows each time the controller changes; what was said for an older one is not shown."""
    last_seq: int
    case_id: str | None
    served: dict[str, Any] | None
    """Number, state and outcome of the last case that a person finished."""


async def open_conversation(
    connection: AsyncConnection, channel: str, language: str, greeting: str, at: datetime
) -> Conversation:
    """A new conversation that opens with the bot's `greeting`."""
    conversation_id = ConversationId(new_id())
    await connection.execute(
        insert(conversations).values(
            id=conversation_id,
            channel=channel,
            language=language,
            language_chosen=False,
            controller=Controller.BOT,
            created_at=at,
            updated_at=at,
        )
    )
    await append(connection, conversation_id, Author.BOT, greeting, at=at)
    return await load_conversation(connection, conversation_id)


async def append(
    connection: AsyncConnection,
    conversation_id: str,
    author: Author,
    text: str,
    *,
    at: datetime,
    client_id: str | None = None,
    buttons: Sequence[Button] = (),
    files: Sequence[FileRef] = (),
    speech: Speech | None = None,
    only_if: Sequence[ColumnElement[bool]] = (),
    **columns: Any,
) -> Turn:
    """Append a turn inside a transaction.

    Raises:
        NotFoundError: there is no such conversation, or it is not as `only_if` wants it.
    """
    numbered = (
        await connection.execute(
            update(conversations)
            .where(conversations.c.id == conversation_id, *only_if)
            .values(last_seq=conversations.c.last_seq + 1, updated_at=at)
            .returning(conversations.c.last_seq, conversations.c.epoch, conversations.c.language)
        )
    ).one_or_none()
    if numbered is None:
        raise NotFoundError("no such conversation")
    turn = Turn(
        id=TurnId(new_id()),
        conversation_id=ConversationId(conversation_id),
        seq=numbered.last_seq,
        author=author,
        text=text,
        language=numbered.language,
        at=at,
        buttons=tuple(buttons),
        client_id=client_id,
        name=columns.get("name"),
        files=tuple(files),
        speech=speech,
    )
    await connection.execute(
        insert(turns).values(
            id=turn.id,
            conversation_id=conversation_id,
            seq=turn.seq,
            author=author,
            text=text,
            language=turn.language,
            buttons=msgspec.to_builtins(turn.buttons) or None,
            files=msgspec.to_builtins(turn.files) or None,
            speech=msgspec.to_builtins(speech),
            client_id=client_id,
            epoch=numbered.epoch,
            at=at,
            **columns,
        )
    )
    return turn


async def take_control(
    connection: AsyncConnection, conversation_id: str, controller: Controller, **columns: Any
) -> None:
    """Change who may speak, inside a transaction: a new epoch, and the bot owes nothing more."""
    await connection.execute(
        update(conversations)
        .where(conversations.c.id == conversation_id)
        .values(controller=controller, epoch=conversations.c.epoch + 1, **columns)
    )
    await connection.execute(
        update(turns)
        .where(turns.c.conversation_id == conversation_id, turns.c.answer.in_(UNANSWERED))
        .values(answer="done", answer_lease=None)
    )


async def hold(connection: AsyncConnection, conversation_id: str) -> None:
    """Let nobody else write to this conversation until the transaction ends."""
    if connection.dialect.name != "sqlite":  # where a writing transaction is alone anyway
        await connection.execute(
            select(conversations.c.id)
            .where(conversations.c.id == conversation_id)
            .with_for_update()
        )


async def load_conversation(connection: AsyncConnection, conversation_id: str) -> Conversation:
    """The conversation as it is now.

    Raises:
        NotFoundError: there is none with this id.
    """
    row = (
        await connection.execute(select(conversations).where(conversations.c.id == conversation_id))
    ).one_or_none()
    if row is None:
        raise NotFoundError("no such conversation")
    return conversation_of(row)


def conversation_of(row: Row[Any]) -> Conversation:
    """A row of `conversations` as a conversation."""
    return Conversation(
        id=ConversationId(row.id),
        channel=row.channel,
        language=row.language,
        language_chosen=row.language_chosen,
        controller=Controller(row.controller),
        epoch=row.epoch,
        last_seq=row.last_seq,
        case_id=row.case_id,
        served=row.served,
    )


def turn_of(row: Row[Any]) -> Turn:
    """A row of `turns` as a turn."""
    return Turn(
        id=TurnId(row.id),
        conversation_id=ConversationId(row.conversation_id),
        seq=row.seq,
        author=Author(row.author),
        text=row.text,
        language=row.language,
        at=row.at,
        buttons=tuple(Button(**button) for button in row.buttons or ()),
        client_id=row.client_id,
        name=row.name,
        nlu=row.nlu,
        files=tuple(FileRef(**file) for file in row.files or ()),
        speech=msgspec.convert(row.speech, Speech) if row.speech else None,
    )
