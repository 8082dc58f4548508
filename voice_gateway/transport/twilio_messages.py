"""Messages of Twilio Media Streams and of the providers that took over its form.

All are JSON texts `{"event": NAME, …}` with the sound in base64; the providers differ in the names
of a few fields. Sources: twilio.com/docs/voice/media-streams/websocket-messages;
developers.telnyx.com/api-reference/websockets/stream-call-media-over-websocket;
developer.exotel.com/docs/agentstream/websocket-protocol.
"""

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

import msgspec

from frontline.errors import RefusedError
from voice_gateway.transport.inbox import KEYS

MOST_MESSAGE = 1 << 16
"""Octets; a provider's message holds 20 to 200 ms of sound."""
_ENCODINGS = {"audio/x-mulaw": "ulaw", "PCMU": "ulaw", "PCMA": "alaw", "audio/x-raw": "slin"}
"""The provider's name of an encoding, and ours; all at 8 kHz."""
_NAME = 128


class BadMessageError(RefusedError):
    """The peer does not speak this protocol."""

    code = "bad_message"


@dataclass(frozen=True, slots=True)
class Provider:
    """What a provider calls the fields."""

    name: str
    stream: str
    call: str
    sequence: str
    format: str
    rate: str
    parameters: str


TWILIO = Provider(
    "twilio", "streamSid", "callSid", "sequenceNumber", "mediaFormat", "sampleRate",
    "customParameters",
)  # fmt: skip
TELNYX = Provider(
    "telnyx", "stream_id", "call_session_id", "sequence_number", "media_format", "sample_rate",
    "custom_parameters",
)  # fmt: skip
EXOTEL = Provider(
    "exotel", "stream_sid", "call_sid", "sequence_number", "media_format", "sample_rate",
    "custom_parameters",
)  # fmt: skip


# What the provider tells.


@dataclass(frozen=True, slots=True)
class Began:
    """The stream begins."""

    stream: str
    call: str
    encoding: str
    """See `codec.ENCODINGS`."""
    parameters: dict[str, str]
    caller: str | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """Sound of the caller, in the stream's encoding."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Key:
    """A key was pressed."""

    digit: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What was sent before `mark` has been played, or was cleared."""

    name: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The call, or its stream, is over."""


@dataclass(frozen=True, slots=True)
class Other:
    """What we did not ask for, or do not know."""

    event: str


Event = Began | Media | Key | Mark | Ended | Other


def parse(text: str, provider: Provider = TWILIO) -> tuple[int | None, Event]:
    """The event that a message tells, and its place in the order of events if it says so.

    Raises:
        BadMessageError: it is not JSON, or lacks what the event must have.
    """
    try:
        message = msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.MsgspecError as error:
        raise BadMessageError(str(error)) from None
    return _sequence(message, provider), _event(message, provider)


def _sequence(message: dict[str, Any], provider: Provider) -> int | None:
    told = str(message.get(provider.sequence, ""))
    return int(told) if told.isascii() and told.isdigit() and len(told) < 19 else None


def _event(message: dict[str, Any], provider: Provider) -> Event:
    match name := _text(message, "event"):
        case "start":
            return _began(message, provider)
        case "media":
            return _media(_part(message, "media"))
        case "dtmf":
            return Key(_key(_part(message, "dtmf")))
        case "mark":
            return Mark(_text(_part(message, "mark"), "name"))
        case "stop":
            return Ended()
        case _:
            return Other(name)


def _began(message: dict[str, Any], provider: Provider) -> Began:
    start = _part(message, "start")
    shape = _part(start, provider.format)
    encoding = _text(shape, "encoding")
    rate, channels = str(shape.get(provider.rate)), str(shape.get("channels", 1))
    if encoding not in _ENCODINGS or (rate, channels) != ("8000", "1"):
        raise BadMessageError(f"sound as {encoding!r} with {channels} × {rate} samples/s")
    told = start.get(provider.parameters) or {}
    if not isinstance(told, dict):
        raise BadMessageError(f"{provider.parameters} is no object")
    parameters = {str(name): str(value)[:_NAME] for name, value in list(told.items())[:32]}
    caller = start.get("from")
    stream = message if provider.stream in message else start
    return Began(
        stream=_text(stream, provider.stream),
        call=_text(start, provider.call),
        encoding=_ENCODINGS[encoding],
        parameters=parameters,
        caller=caller[:_NAME] if isinstance(caller, str) else None,
    )


def _media(media: dict[str, Any]) -> Event:
    if media.get("track", "inbound") != "inbound":
        return Other("media of the other track")
    try:
        payload = media["payload"]
        return Media(b64decode(payload, validate=True))
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise BadMessageError("media without a payload in base64") from None


def _key(dtmf: dict[str, Any]) -> str:
    if (digit := _text(dtmf, "digit")) not in KEYS:
        raise BadMessageError("a digit that is no key")
    return digit


def _part(message: dict[str, Any], name: str) -> dict[str, Any]:
    if not isinstance(part := message.get(name), dict):
        raise BadMessageError(f"no {name}")
    return part


def _text(message: dict[str, Any], name: str) -> str:
    if not isinstance(text := message.get(name), str) or not 0 < len(text) <= _NAME:
        raise BadMessageError(f"no {name}")
    return text


# What the provider is told.


def media(stream: str, data: bytes, provider: Provider = TWILIO) -> str:
    """Play this behind everything that was sent."""
    return _told("media", stream, provider, {"payload": b64encode(data).decode()})


def mark(stream: str, name: str, provider: Provider = TWILIO) -> str:
    """Tell by `Mark` when everything sent so far has been played."""
    return _told("mark", stream, provider, {"name": name})


def clear(stream: str, provider: Provider = TWILIO) -> str:
    """Forget everything that was sent and not yet played; its marks are told of at once."""
    return _told("clear", stream, provider, None)


def _told(event: str, stream: str, provider: Provider, part: dict[str, str] | None) -> str:
    message: dict[str, object] = {"event": event, provider.stream: stream}
    if part is not None:
        message[event] = part
    return msgspec.json.encode(message).decode()


MOST_HELD = 10
"""Events that wait for one that is missing: 200 ms of sound."""


class Order:
    """Puts events in order by their numbers, where a provider does not promise it."""

    def __init__(self) -> None:
        self._next: int | None = None
        self._held: dict[int, Event] = {}

    def put(self, number: int | None, event: Event) -> list[Event]:
        """The events whose turn it is now.

        One that comes when its turn is over, or that has no number, has its turn at once.
        """
        if number is None:
            return [event]
        if self._next is None:
            self._next = number
        if number < self._next:
            return [event]
        self._held[number] = event
        if len(self._held) > MOST_HELD:
            self._next = min(self._held)
        ready = []
        while self._next in self._held:
            ready.append(self._held.pop(self._next))
            self._next += 1
        return ready
