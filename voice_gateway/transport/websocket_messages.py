"""The control messages of Asterisk's chan_websocket, in JSON; sound goes beside them as binary.

Asterisk tells events `{"event": NAME, …}` and takes commands `{"command": NAME, …}`, each in one
text message. Source: docs.asterisk.org, Configuration/Channel-Drivers/WebSocket (JSON since 20.18,
22.8 and 23.2).
"""

from typing import get_args

import msgspec

from frontline.errors import RefusedError
from voice_gateway.transport.inbox import KEYS

MOST_COMMAND = 128
"""Octets; Asterisk 22.10 ignores a longer text message without a word."""
MOST_EVENT = 65_535


class BadMessageError(RefusedError):
    """The peer does not speak this protocol."""

    code = "bad_message"


# Events.


class MediaStart(msgspec.Struct, frozen=True, tag_field="event", tag="MEDIA_START"):
    """The connection is ready. Sound may come before it (issue 1712)."""

    format: str
    """Asterisk's name of the encoding, such as `slin16`."""
    optimal_frame_size: int = 0
    """Octets of one frame."""
    ptime: int = 20
    """Milliseconds of one frame."""
    channel_id: str = ""


class Mark(msgspec.Struct, frozen=True, tag_field="event", tag="MEDIA_MARK_PROCESSED"):
    """What was sent before a `mark_media` has been played."""

    correlation_id: str = ""


class Key(msgspec.Struct, frozen=True, tag_field="event", tag="DTMF_END"):
    """The caller has let go of a key."""

    digit: str

    def __post_init__(self) -> None:
        if self.digit not in KEYS:
            raise ValueError("`digit` is no key")


class Off(msgspec.Struct, frozen=True, tag_field="event", tag="MEDIA_XOFF"):
    """Asterisk's queue is full: more would be dropped."""


class On(msgspec.Struct, frozen=True, tag_field="event", tag="MEDIA_XON"):
    """Asterisk's queue has room again."""


class Other(msgspec.Struct, frozen=True):
    """What we did not ask for, or do not know."""

    event: str


Event = MediaStart | Mark | Key | Off | On | Other
_Known = MediaStart | Mark | Key | Off | On
_KNOWN = frozenset(event.__struct_config__.tag for event in get_args(_Known))
_name = msgspec.json.Decoder(Other)
_events = msgspec.json.Decoder(_Known)


def parse(text: str) -> Event:
    """The event that a text message tells.

    Raises:
        BadMessageError: it is not JSON, or lacks what the event must have.
    """
    if text.startswith("MEDIA_"):
        raise BadMessageError("plain-text control messages: dial with f(json)")
    if len(text) > MOST_EVENT:
        raise BadMessageError(f"a message of {len(text)} characters")
    try:
        other = _name.decode(text)
        return _events.decode(text) if other.event in _KNOWN else other
    except msgspec.MsgspecError as error:
        raise BadMessageError(str(error)) from None


# Commands.


def mark_media(correlation_id: str) -> str:
    """Tell by `Mark` when everything sent so far has been played."""
    return _command("MARK_MEDIA", correlation_id=correlation_id)


def flush_media() -> str:
    """Forget everything that was sent and not yet played; its marks are not told of."""
    return _command("FLUSH_MEDIA")


def hang_up() -> str:
    """End the channel and the connection; the dialplan goes on."""
    return _command("HANGUP")


def _command(name: str, **fields: str) -> str:
    text = msgspec.json.encode({"command": name, **fields})
    if len(text) > MOST_COMMAND:
        raise ValueError(f"Asterisk would ignore a command of {len(text)} octets")
    return text.decode()
