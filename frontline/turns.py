"""A turn: what one side says until it is the other's right to speak."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from frontline.ids import ConversationId, TurnId


class Author(StrEnum):
    """Who said it. An agent is always a person; the bot is never one."""

    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


class Controller(StrEnum):
    """Who may speak to the customer now."""

    BOT = "bot"
    QUEUE = "queue"
    AGENT = "agent"
    NONE = "none"


class Button(msgspec.Struct, frozen=True):
    """A quick reply; choosing it says `payload` to the bot and shows `title`."""

    title: str
    payload: str


class FileRef(msgspec.Struct, frozen=True):
    """A file that a turn carries; its content is fetched by id."""

    id: str
    name: str
    kind: str
    """Media type."""
    size: int
    """Bytes."""


UNSURE_BELOW = 0.65
"""A word that was heard with less confidence is marked for whoever reads it."""


class SpokenWord(msgspec.Struct, frozen=True):
    """A word of a caller as it was heard."""

    text: str
    start_ms: int
    """Since the call began."""
    end_ms: int
    confidence: float
    """0 to 1."""


class Speech(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a spoken turn has besides its text."""

    from_ms: int | None = None
    """When its sound began, since the call did."""
    to_ms: int | None = None
    """When it ended."""
    words: tuple[SpokenWord, ...] = ()
    """A caller's, numbers still in words."""
    heard_ms: int | None = None
    """Of what was said to a caller who broke in: how much of it was played. None = all."""


class Turn(msgspec.Struct, frozen=True):
    """One entry of a conversation's log."""

    id: TurnId
    conversation_id: ConversationId
    seq: int
    """1, 2, 3 … within the conversation, without gaps."""
    author: Author
    text: str
    language: str
    at: datetime
    buttons: tuple[Button, ...] = ()
    client_id: str | None = None
    """Made by the sender; the same one is never stored twice in a conversation."""
    name: str | None = None
    """An agent's display name."""
    nlu: dict[str, Any] | None = None
    """What the bot understood: intent, ranking, entities."""
    files: tuple[FileRef, ...] = ()
    speech: Speech | None = None
    """None = it was written."""
