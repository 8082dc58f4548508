"""RTP as far as a telephone needs it: A-law sound and key presses (RFC 3550, 3551, 4733)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from voice_gateway.audio.g711 import decode_alaw

ALAW = 8
"""Payload type of A-law, RFC 3551 table 4."""
KEYS = 101
"""Payload type of key presses, as offered in the session description."""
FRAME_MS = 20
FRAME_SAMPLES = 160
SILENCE = b"\xd5" * FRAME_SAMPLES
"""20 ms of A-law zeros."""
KEY_EVENTS = "0123456789*#ABCD"
KEY_FRAMES = 6
"""A key is down for so many frames: 120 ms."""
END_REPEATS = 3
"""RFC 4733 2.5.1.4: the last packet of an event is sent three times."""

_HEADER = struct.Struct(">BBHII")
_EVENT = struct.Struct(">BBH")


@dataclass(frozen=True, slots=True)
class Packet:
    """One RTP packet without extensions."""

    payload_type: int
    sequence: int
    timestamp: int
    source: int
    """SSRC: the same for all packets of one stream."""
    payload: bytes
    marker: bool = False

    def encode(self) -> bytes:
        """As it goes over the wire."""
        kind = self.payload_type | (0x80 if self.marker else 0)
        sequence, timestamp = self.sequence & 0xFFFF, self.timestamp & 0xFFFFFFFF
        return _HEADER.pack(0x80, kind, sequence, timestamp, self.source) + self.payload


def decode(data: bytes) -> Packet | None:
    """The packet in a datagram; None = it is not RTP of a telephone (RTCP, SIP, anything)."""
    if len(data) < _HEADER.size or data[0] >> 6 != 2:
        return None
    first, kind, sequence, timestamp, source = _HEADER.unpack_from(data)
    payload_type = kind & 0x7F
    if 72 <= payload_type <= 76:  # RTCP, RFC 5761 section 4
        return None
    start = _HEADER.size + 4 * (first & 0x0F)
    if first & 0x10:  # an extension, RFC 3550 5.3.1
        if len(data) < start + 4:
            return None
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4])
    return Packet(payload_type, sequence, timestamp, source, data[start:], bool(kind & 0x80))


def key_payloads(key: str) -> Iterator[bytes]:
    """The event packets of one key press, 20 ms apart, all with the timestamp of its start.

    Args:
        key: one of 0-9, *, #, A-D.
    """
    event, volume = KEY_EVENTS.index(key), 10
    for frame in range(1, KEY_FRAMES + 1):
        yield _EVENT.pack(event, volume, frame * FRAME_SAMPLES)
    for _ in range(END_REPEATS):
        yield _EVENT.pack(event, 0x80 | volume, KEY_FRAMES * FRAME_SAMPLES)


def level(alaw: bytes) -> float:
    """Root mean square of a frame, in units of 16-bit samples."""
    if not alaw:
        return 0.0
    samples = np.frombuffer(decode_alaw(alaw), "<i2").astype(np.float64)
    return float(np.sqrt(np.mean(samples**2)))
