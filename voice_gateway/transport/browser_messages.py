"""Messages of a call from a browser; see docs/protocol.md.

Texts are JSON objects with a `type`; binary messages are sound as `audio.format`, of any length.
"""

from typing import Literal

import msgspec

from frontline.errors import RefusedError
from frontline.lang import Language
from voice_gateway.audio.format import FRAME_MS, RATE
from voice_gateway.transport.inbox import KEYS

MOST_MESSAGE = 16_384
"""Octets: half a second of sound."""


class BadMessageError(RefusedError):
    """The page does not speak this protocol."""

    code = "bad_message"


# What the page tells.


class Start(msgspec.Struct, frozen=True, tag="start"):
    """The first message: somebody calls."""

    language: Language = "pl"
    code: str | None = None
    """Six digits that continue a chat."""

    def __post_init__(self) -> None:
        code = self.code
        if code is not None and not (len(code) == 6 and code.isascii() and code.isdigit()):
            raise ValueError("`code` is not six digits")


class Key(msgspec.Struct, frozen=True, tag="key"):
    """The caller pressed a key."""

    digit: str

    def __post_init__(self) -> None:
        if self.digit not in KEYS:
            raise ValueError("`digit` is no key")


class Played(msgspec.Struct, frozen=True, tag="played"):
    """What was sent before the mark has been heard."""

    mark: str


class Bye(msgspec.Struct, frozen=True, tag="bye"):
    """The caller hangs up."""


FromPage = Start | Key | Played | Bye
_from_page: msgspec.json.Decoder[FromPage] = msgspec.json.Decoder(FromPage)


def parse(text: str) -> FromPage:
    """The message of the page.

    Raises:
        BadMessageError: it is none.
    """
    try:
        return _from_page.decode(text)
    except msgspec.MsgspecError as error:
        raise BadMessageError(str(error)) from None


# What the page is told.


def hello(call: str) -> str:
    """The call has begun; what shape sound has in both directions."""
    return _message("hello", call=call, rate_hz=RATE, frame_ms=FRAME_MS)


def mark(name: str) -> str:
    """Tell by `played` when everything sent so far has been heard."""
    return _message("mark", mark=name)


def flush() -> str:
    """Forget the sound that was sent and not yet heard, and its marks."""
    return _message("flush")


def caption(who: Literal["caller", "bot"], text: str) -> str:
    """What was understood, or is being said."""
    return _message("caption", who=who, text=text)


def bye(why: Literal["queue", "hangup", "busy", "refused"]) -> str:
    """The last message: the call goes to the queue, is over, or was not taken."""
    return _message("bye", why=why)


def _message(name: str, **fields: object) -> str:
    return msgspec.json.encode({"type": name, **fields}).decode()
