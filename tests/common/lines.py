"""The far sides of all transports, as their protocols have them: a PBX, a provider, a browser.

Each is a caller with a telephone: it speaks, presses keys, hears, and hangs up. They know the
protocols' documents and nothing of our modules, so both sides cannot err in the same way. Their
clock is real.
"""

import asyncio
import contextlib
import struct
import time
from collections.abc import AsyncIterator
from typing import Protocol
from uuid import UUID

import numpy as np

WIDE_FRAME = 640
"""Octets of 20 ms at 16 kHz, 16 bit."""
VOICED = 500
"""Loudness of a sample above which a frame is no silence."""


def tone(ms: int, hz: float = 440.0, loudness: int = 8000) -> bytes:
    """Sound as the gateway has it: 16 kHz, 16 bit."""
    at = np.arange(ms * 16) / 16_000
    return (loudness * np.sin(2 * np.pi * hz * at)).astype("<i2").tobytes()


def narrow(pcm: bytes) -> bytes:
    """From 16 kHz to 8 kHz; enough for the tones of tests."""
    return np.frombuffer(pcm, "<i2")[::2].tobytes()


def is_voiced(pcm: bytes) -> bool:
    return bool(len(pcm)) and int(np.abs(np.frombuffer(pcm, "<i2").astype(int)).max()) > VOICED


class Ear:
    """What the caller hears, with the moment of each piece; any 16-bit sound."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.pieces: list[tuple[float, bytes]] = []

    def hear(self, pcm: bytes) -> None:
        self.pieces.append((time.monotonic(), pcm))

    def voiced(self) -> list[float]:
        """When pieces with a voice began to be heard."""
        return [at for at, pcm in self.pieces if is_voiced(pcm)]

    def voiced_ms(self) -> float:
        octets = sum(len(pcm) for _, pcm in self.pieces if is_voiced(pcm))
        return octets / (self.rate * 2) * 1000

    def silent_ms_at_end(self) -> float:
        octets = 0
        for _, pcm in reversed(self.pieces):
            if is_voiced(pcm):
                break
            octets += len(pcm)
        return octets / (self.rate * 2) * 1000


class Caller(Protocol):
    """One call, seen from the caller's side."""

    ear: Ear
    left: asyncio.Event
    """The gateway has given the call back."""

    async def say(self, pcm: bytes) -> None:
        """Speak `pcm`, which is as the gateway has it, in real time."""

    async def pour(self, pcm: bytes) -> None:
        """Send `pcm` at once, as after a stall."""

    async def press(self, key: str) -> None: ...

    async def hang_up(self) -> None:
        """End the call as the protocol wants it."""

    async def cut(self) -> None:
        """The connection breaks."""

    def stall(self) -> None:
        """Take nothing any more."""


async def paced(count: int) -> AsyncIterator[int]:
    """Every 20 ms, by deadlines."""
    begun = time.monotonic()
    for number in range(count):
        yield number
        await asyncio.sleep(max(0.0, begun + (number + 1) * 0.02 - time.monotonic()))


class AudioSocketCaller:
    """Asterisk's application AudioSocket()."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.ear = Ear(8000)
        self.left = asyncio.Event()
        self.good_bye = False
        """The gateway said so by 0x00; it may also just close."""
        self.errors: list[str] = []
        """What Asterisk would have dropped the call for."""
        self._reader = reader
        self._writer = writer
        self._kind = 0x10
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def connect(cls, port: int, call: UUID) -> "AudioSocketCaller":
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"\x01\x00\x10" + call.bytes)
        return cls(reader, writer)

    async def _listen(self) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            while True:
                kind, length = struct.unpack(">BH", await self._reader.readexactly(3))
                payload = await self._reader.readexactly(length)
                if kind == 0x00:
                    self.good_bye = True
                    break
                if kind not in (0x10, 0x12):
                    self.errors.append(f"type {kind:#x}")
                    break
                self.ear.rate = 8000 if kind == 0x10 else 16_000
                self.ear.hear(payload)
        self.left.set()
        self._writer.close()

    def wide(self) -> None:
        """As if dialled with c(slin16)."""
        self._kind = 0x12

    def _frame(self, wide: bytes) -> bytes:
        pcm = wide if self._kind == 0x12 else narrow(wide)
        return struct.pack(">BH", self._kind, len(pcm)) + pcm

    async def say(self, pcm: bytes) -> None:
        async for number in paced(len(pcm) // WIDE_FRAME):
            self._writer.write(self._frame(pcm[number * WIDE_FRAME :][:WIDE_FRAME]))

    async def pour(self, pcm: bytes) -> None:
        for at in range(0, len(pcm), WIDE_FRAME):
            self._writer.write(self._frame(pcm[at : at + WIDE_FRAME]))
        await self._writer.drain()

    async def press(self, key: str) -> None:
        self._writer.write(b"\x03\x00\x01" + key.encode())

    async def send(self, octets: bytes) -> None:
        """Anything at all."""
        self._writer.write(octets)

    async def hang_up(self) -> None:
        """Asterisk closes the connection, without 0x00."""
        self._writer.close()

    async def cut(self) -> None:
        self._listening.cancel()
        self._writer.transport.abort()

    def stall(self) -> None:
        self._listening.cancel()
        self._writer.transport.pause_reading()  # type: ignore[attr-defined]
