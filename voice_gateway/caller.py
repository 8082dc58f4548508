"""A caller without a telephone: the far side of AudioSocket, as a PBX would be."""

import asyncio
import time
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from frontline.tasks import end
from voice_gateway.audio.resample import resample
from voice_gateway.transport.audiosocket_frames import Frame, Kind, Parser, serialize

LINE_HZ = 8_000
FRAME_S = 0.02
FRAME_BYTES = 320
VOICED = 200.0
"""Root mean square of a frame, of 32 768, above which the other side is speaking."""


def telephone_band(samples: NDArray[np.int16], rate: int) -> bytes:
    """Sound as a telephone line carries it: 8 kHz, 16 bit."""
    wave = resample(samples.astype(np.float32) / np.float32(32768), rate, LINE_HZ)
    return (np.clip(wave, -1, 1) * 32767).astype("<i2").tobytes()


class Caller:
    """One call: speaks, presses keys, and knows when the other side has finished."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._to_say = bytearray()
        self._said = asyncio.Event()
        self._tasks = [asyncio.create_task(run()) for run in (self._send, self._receive)]
        self.began = time.monotonic()
        self.heard = bytearray()
        """All that came, 8 kHz."""
        self.last_voiced = 0.0
        """When the other side was last heard to speak, and …"""
        self.first_voiced: float | None = None
        """… for the first time since we spoke."""
        self.spoke_until = self.began
        self.gone = asyncio.Event()

    @classmethod
    async def connect(cls, host: str, port: int, call: UUID) -> "Caller":
        """Bring the call `call`, which was announced.

        Raises:
            OSError: nobody listens there.
        """
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(serialize(Frame(Kind.UUID, call.bytes)))
        return cls(reader, writer)

    async def say(self, pcm: bytes) -> None:
        """Speak; returns when it has been spoken. 8 kHz, 16 bit."""
        self._said.clear()
        self._to_say += pcm
        await self._said.wait()
        self.first_voiced = None
        self.spoke_until = time.monotonic()

    async def press(self, keys: str) -> None:
        """Press keys, as fast as people do."""
        for key in keys:
            self._writer.write(serialize(Frame(Kind.KEY, key.encode())))
            await asyncio.sleep(0.25)
        self.first_voiced = None
        self.spoke_until = time.monotonic()

    async def wait_answer(self, quiet_s: float, patience_s: float) -> bool:
        """Wait until the other side has spoken and is quiet; False when it never did."""
        until = time.monotonic() + patience_s
        while not self.gone.is_set() and time.monotonic() < until:
            spoken = self.first_voiced is not None
            if spoken and time.monotonic() - self.last_voiced >= quiet_s:
                return True
            await asyncio.sleep(FRAME_S)
        return self.first_voiced is not None

    async def hang_up(self) -> None:
        """End the call."""
        self._writer.close()
        await end(self._tasks)

    async def _send(self) -> None:
        due = time.monotonic()
        while not self.gone.is_set():
            frame = bytes(self._to_say[:FRAME_BYTES])
            del self._to_say[:FRAME_BYTES]
            if not self._to_say:
                self._said.set()
            self._writer.write(serialize(Frame(Kind.SLIN, frame.ljust(FRAME_BYTES, b"\0"))))
            due += FRAME_S
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def _receive(self) -> None:
        parser = Parser()
        try:
            while data := await self._reader.read(1 << 16):
                for frame in parser.feed(data):
                    if frame.kind is Kind.HANGUP:
                        return
                    self._hear(frame.payload)
        except OSError:
            return
        finally:
            self.gone.set()
            self._said.set()

    def _hear(self, pcm: bytes) -> None:
        self.heard += pcm
        samples = np.frombuffer(pcm, "<i2").astype(np.float32)
        if len(samples) and float(np.sqrt((samples**2).mean())) > VOICED:
            self.last_voiced = time.monotonic()
            if self.first_voiced is None:
                self.first_voiced = self.last_voiced
