"""The frames of the chat socket; docs/protocol.md says what they mean."""

from typing import Annotated, Any, Literal

import msgspec

from frontline.errors import RefusedError
from frontline.turns import Author, Controller, Turn

MAX_TEXT = 2000
"""Characters in one message of a customer."""
MAX_FRAME = 64 * 1024
"""Bytes in one frame; more closes the socket with 1009 (RFC 6455, 7.4.1)."""


class BadFrameError(RefusedError):
    """A frame that is not JSON text of a known type."""

    code = "bad_frame"


class Hello(msgspec.Struct, frozen=True, tag="hello"):
    """First frame: who is there, and what it has seen."""

    token: str
    after_seq: int = 0


class Say(msgspec.Struct, frozen=True, tag="say"):
    """The customer's words."""

    client_id: str
    text: str


class Choose(msgspec.Struct, frozen=True, tag="choose"):
    """A button of turn `seq`."""

    client_id: str
    seq: int
    payload: str


class Human(msgspec.Struct, frozen=True, tag="human"):
    """The 'talk to a person' button."""

    client_id: str


class Language(msgspec.Struct, frozen=True, tag="language"):
    """The language switch."""

    language: Literal["pl", "en"]


class TypingFrame(msgspec.Struct, frozen=True, tag="typing"):
    """Somebody is typing; from the customer without `author`."""

    on: bool
    author: Author = Author.CUSTOMER


class Rate(msgspec.Struct, frozen=True, tag="rate"):
    """How it was with the person, 1 to 5, asked by a `csat` frame."""

    client_id: str
    case: str
    score: Annotated[int, msgspec.Meta(ge=1, le=5)]
    comment: Annotated[str, msgspec.Meta(max_length=MAX_TEXT)] = ""


class Ping(msgspec.Struct, frozen=True, tag="ping"):
    """Are you there?"""


FromCustomer = Hello | Say | Choose | Human | Language | TypingFrame | Rate | Ping
_decoder: msgspec.json.Decoder[FromCustomer] = msgspec.json.Decoder(FromCustomer)


def read_frame(data: str) -> FromCustomer:
    """The frame in `data`.

    Raises:
        BadFrameError: not JSON, an unknown type, or a field is missing or of another type.
    """
    try:
        frame = _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeEncodeError) as error:
        raise BadFrameError(str(error)[:200]) from None
    client_id = getattr(frame, "client_id", "-")
    if not 1 <= len(client_id) <= 64:
        raise BadFrameError("client_id has 1 to 64 characters")
    return frame


def write_frame(kind: str, **fields: Any) -> str:
    """A frame of type `kind` as JSON text."""
    return msgspec.json.encode({"type": kind, **fields}).decode()


def turn_frame(turn: Turn) -> str:
    """A turn as the customer may see it: without what the bot understood."""
    return write_frame(
        "turn",
        seq=turn.seq,
        id=turn.id,
        author=turn.author,
        text=turn.text,
        buttons=turn.buttons,
        client_id=turn.client_id if turn.author == Author.CUSTOMER else None,
        at=turn.at,
        name=turn.name,
        language=turn.language,
        files=turn.files,
    )


def controller_frame(controller: Controller, name: str | None) -> str:
    """Who may speak now."""
    return write_frame("controller", controller=controller, name=name)
