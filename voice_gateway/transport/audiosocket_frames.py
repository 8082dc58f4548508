"""AudioSocket's frames.

      0        1                3
     +--------+----------------+---------------
     | type   | payload length | payload …
     +--------+----------------+---------------

Type 1 octet, length 2 octets big-endian. A connection brings the call's UUID first, then sound and
key presses. Source: docs.asterisk.org, Configuration/Channel-Drivers/AudioSocket.
"""

import struct
from enum import IntEnum
from typing import NamedTuple
from uuid import UUID

from frontline.errors import RefusedError
from voice_gateway.transport.inbox import KEYS

_HEADER = struct.Struct(">BH")


class Kind(IntEnum):
    """The types of frames that we take; of these we send `HANGUP`, `SLIN` and `SLIN16`.

    Asterisk drops the call on any other type that it is sent.
    """

    HANGUP = 0x00
    UUID = 0x01
    KEY = 0x03
    """Payload: the key in ASCII."""
    SLIN = 0x10
    """Payload: signed linear 16-bit little-endian PCM, mono, 8 kHz."""
    SLIN16 = 0x12
    """The same at 16 kHz."""
    ERROR = 0xFF
    """Payload: an error code of the application, or none."""


_OTHER_RATES = {0x11: 12, 0x13: 24, 0x14: 32, 0x15: 44, 0x16: 48, 0x17: 96, 0x18: 192}
"""Sound that we do not take, and its kHz."""
MOST_SOUND = {Kind.SLIN: 16_000, Kind.SLIN16: 32_000}
"""Octets of sound in one frame: a second. Asterisk sends 20 ms."""


class BadFrameError(RefusedError):
    """The peer does not speak AudioSocket, or not the kind that we do."""

    code = "bad_frame"


class Frame(NamedTuple):
    """One message."""

    kind: Kind
    payload: bytes = b""

    @property
    def call(self) -> UUID:
        """The call that a `UUID` frame names."""
        return UUID(bytes=self.payload)

    @property
    def key(self) -> str:
        """The key of a `KEY` frame."""
        return self.payload.decode("ascii")


def check(frame: Frame) -> None:
    """Refuse what no frame may be.

    Raises:
        BadFrameError: the payload does not fit the type.
    """
    kind, length = frame.kind, len(frame.payload)
    fits = {
        Kind.HANGUP: length == 0,
        Kind.UUID: length == 16,
        Kind.KEY: length == 1 and chr(frame.payload[0]) in KEYS,
    }
    if not fits.get(kind, kind is Kind.ERROR or length % 2 == 0):
        raise BadFrameError(
            f"a {kind.name} frame with a payload of {length} octets that does not fit"
        )


def serialize(frame: Frame) -> bytes:
    """The octets of a frame.

    Raises:
        BadFrameError: see `check`, or more sound than one frame takes.
    """
    check(frame)
    _kind(frame.kind, len(frame.payload))
    return _HEADER.pack(frame.kind, len(frame.payload)) + frame.payload


class Parser:
    """Takes octets as they come and gives whole frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that `data` completes.

        Raises:
            BadFrameError: the stream cannot be followed from here on.
        """
        self._buffer += data
        frames = []
        while (frame := self._next()) is not None:
            frames.append(frame)
        return frames

    def _next(self) -> Frame | None:
        if len(self._buffer) < _HEADER.size:
            return None
        number, length = _HEADER.unpack_from(self._buffer)
        kind = _kind(number, length)
        whole = _HEADER.size + length
        if len(self._buffer) < whole:
            return None
        frame = Frame(kind, bytes(self._buffer[_HEADER.size : whole]))
        del self._buffer[:whole]
        check(frame)
        return frame

    @property
    def unfinished(self) -> int:
        """Octets of a frame that has begun."""
        return len(self._buffer)


def _kind(number: int, length: int) -> Kind:
    """The type of a frame, as soon as its header is known: nobody waits for what is refused."""
    if number in _OTHER_RATES:
        rate = _OTHER_RATES[number]
        raise BadFrameError(f"sound at {rate} kHz: dial with c(slin) or c(slin16)")
    try:
        kind = Kind(number)
    except ValueError:
        raise BadFrameError(f"0x{number:02x} is no type of AudioSocket") from None
    most = MOST_SOUND.get(kind, 16)
    if length > most:
        raise BadFrameError(f"a {kind.name} frame of {length} octets; {most} are the most")
    return kind
