"""The far sides of all transports, as their protocols have them: a PBX, a provider, a browser.

Each is a caller with a telephone: it speaks, presses keys, hears, and hangs up. They know the
protocols' documents and nothing of our modules, so both sides cannot err in the same way. Their
clock is real.
"""

import asyncio
import contextlib
import json
import socket
import struct
import time
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol
from uuid import UUID

import numpy as np
from aiohttp import ClientSession, ClientWebSocketResponse, WSMessage, WSMsgType

from frontline.tasks import end

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


def basic(user: str, password: str) -> str:
    """The Authorization header (RFC 7617)."""
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


class FarQueue:
    """A far side that keeps what it gets and plays it in real time, as PBX and provider do."""

    def __init__(self, ear: Ear, tell: Callable[[str], Awaitable[None]]) -> None:
        self.waiting: deque[bytes | str] = deque()
        self.most = 0
        """The longest the queue has been, in frames."""
        self._ear = ear
        self._tell = tell

    def put(self, item: bytes | str) -> None:
        """A frame of linear sound, or a mark."""
        self.waiting.append(item)
        self.most = max(self.most, len(self.waiting))

    async def play(self) -> None:
        async for _ in paced(10**6):
            await self._marks()
            if self.waiting:
                frame = self.waiting.popleft()
                assert isinstance(frame, bytes)
                self._ear.hear(frame)
            await self._marks()

    async def _marks(self) -> None:
        while self.waiting and isinstance(self.waiting[0], str):
            await self._tell(str(self.waiting.popleft()))


class SocketCaller:
    """What the far sides on a WebSocket have in common; `serve` takes what comes."""

    rate = 8000

    def __init__(self, session: ClientSession, ws: ClientWebSocketResponse) -> None:
        self.ear = Ear(self.rate)
        self.left = asyncio.Event()
        self.errors: list[str] = []
        self.queue = FarQueue(self.ear, self.tell_mark)
        self.session = session
        self.ws = ws
        self.close_code: int | None = None
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._play())]

    async def tell_mark(self, name: str) -> None:
        raise NotImplementedError

    async def serve(self, message: WSMessage) -> None:
        raise NotImplementedError

    async def send_sound(self, pcm: bytes) -> None:
        raise NotImplementedError

    async def _listen(self) -> None:
        async for message in self.ws:
            await self.serve(message)
        self.close_code = self.ws.close_code
        self.left.set()

    async def _play(self) -> None:
        with contextlib.suppress(OSError):
            await self.queue.play()

    async def say(self, pcm: bytes) -> None:
        async for number in paced(len(pcm) // WIDE_FRAME):
            await self.send_sound(pcm[number * WIDE_FRAME :][:WIDE_FRAME])

    async def pour(self, pcm: bytes) -> None:
        for at in range(0, len(pcm), WIDE_FRAME):
            await self.send_sound(pcm[at : at + WIDE_FRAME])

    async def hang_up(self) -> None:
        await self.ws.close()

    async def cut(self) -> None:
        connection = self.ws.get_extra_info("socket")
        if connection and not self.ws.closed:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        await end(self._tasks)
        await self.session.close()

    def stall(self) -> None:
        for task in self._tasks:
            task.cancel()


class AsteriskCaller(SocketCaller):
    """Asterisk's chan_websocket with JSON control messages."""

    rate = 16_000
    MOST = 900
    """Frames at which it says MEDIA_XOFF."""

    @classmethod
    async def connect(cls, url: str, *, user: str, password: str, call: UUID) -> "AsteriskCaller":
        session = ClientSession()
        ws = await session.ws_connect(
            f"{url}?call={call}&format=slin16&language=pl",
            protocols=("media",),
            headers={"Authorization": basic(user, password)},
        )
        caller = cls(session, ws)
        start = {"event": "MEDIA_START", "connection_id": "gw", "channel": "WebSocket/gw/0x1",
                 "channel_id": "1761245643.1", "format": "slin16", "optimal_frame_size": 640,
                 "ptime": 20, "channel_variables": {"EXTEN": "100"}}  # fmt: skip
        await ws.send_json(start)
        return caller

    async def tell_mark(self, name: str) -> None:
        await self.event("MEDIA_MARK_PROCESSED", correlation_id=name)

    async def event(self, name: str, **fields: str) -> None:
        await self.ws.send_json({"event": name, "channel_id": "1761245643.1", **fields})

    async def serve(self, message: WSMessage) -> None:
        if message.type is WSMsgType.BINARY:
            if len(message.data) % WIDE_FRAME:
                self.errors.append(f"{len(message.data)} octets are no whole frames")
            for at in range(0, len(message.data), WIDE_FRAME):
                self.queue.put(message.data[at : at + WIDE_FRAME])
            return
        if len(message.data.encode()) > 128:
            self.errors.append("a command that 22.10 ignores")
            return
        command = json.loads(message.data)
        match command["command"]:
            case "FLUSH_MEDIA":
                self.queue.waiting.clear()
            case "MARK_MEDIA":
                self.queue.put(command["correlation_id"])
            case "HANGUP":
                await self.ws.close()
                self.left.set()
            case other:
                self.errors.append(other)

    async def send_sound(self, pcm: bytes) -> None:
        await self.ws.send_bytes(pcm)

    async def press(self, key: str) -> None:
        await self.event("DTMF_END", digit=key)


def mu_law(pcm: bytes) -> bytes:
    """G.711 mu-law of 16-bit samples, by the formula (ITU-T G.711, table 2a)."""
    sample = np.frombuffer(pcm, "<i2").astype(int) / 4
    size = np.minimum(np.abs(sample), 8158).astype(int) + 33
    chord = np.floor(np.log2(size)).astype(int) - 5
    step = (size >> (chord + 1)) & 15
    return (~(np.where(sample < 0, 0x80, 0) | chord << 4 | step) & 0xFF).astype("u1").tobytes()


def of_mu_law(data: bytes) -> bytes:
    octet = ~np.frombuffer(data, "u1").astype(int) & 0xFF
    size = ((2 * (octet & 15) + 33) << (octet >> 4 & 7)) - 33
    return (np.where(octet & 0x80, -size, size) * 4).astype("<i2").tobytes()


class TwilioCaller(SocketCaller):
    """Twilio Media Streams; a signature is the business of who connects."""

    STREAM = "MZ18ad3ab5a668481ce02b83e7395059f0"

    def __init__(self, session: ClientSession, ws: ClientWebSocketResponse) -> None:
        self.sequence = 0
        self.chunk = 0
        super().__init__(session, ws)

    @classmethod
    async def connect(cls, url: str, *, call: str, **headers: str) -> "TwilioCaller":
        session = ClientSession()
        caller = cls(session, await session.ws_connect(url, headers=headers))
        await caller.ws.send_json({"event": "connected", "protocol": "Call", "version": "1.0.0"})
        shape = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
        start = {"streamSid": cls.STREAM, "accountSid": "AC1", "callSid": call,
                 "tracks": ["inbound"], "mediaFormat": shape,
                 "customParameters": {"language": "pl"}}  # fmt: skip
        await caller.event("start", start)
        return caller

    async def event(self, name: str, part: dict[str, object]) -> None:
        self.sequence += 1
        await self.ws.send_json(
            {"event": name, "sequenceNumber": str(self.sequence), "streamSid": self.STREAM,
             name: part}
        )  # fmt: skip

    async def tell_mark(self, name: str) -> None:
        await self.event("mark", {"name": name})

    async def serve(self, message: WSMessage) -> None:
        told = json.loads(message.data)
        if told.get("streamSid") != self.STREAM:
            self.errors.append("a message for no stream")
        match told["event"]:
            case "media":
                data = b64decode(told["media"]["payload"], validate=True)
                self.queue.put(of_mu_law(data))
            case "mark":
                self.queue.put(told["mark"]["name"])
            case "clear":
                marks = [item for item in self.queue.waiting if isinstance(item, str)]
                self.queue.waiting.clear()
                for name in marks:
                    await self.tell_mark(name)
            case other:
                self.errors.append(other)

    async def send_sound(self, pcm: bytes) -> None:
        self.chunk += 1
        payload = b64encode(mu_law(narrow(pcm))).decode()
        media = {"track": "inbound", "chunk": str(self.chunk), "payload": payload,
                 "timestamp": str(self.chunk * 20)}  # fmt: skip
        await self.event("media", media)

    async def press(self, key: str) -> None:
        await self.event("dtmf", {"track": "inbound_track", "digit": key})

    async def hang_up(self) -> None:
        with contextlib.suppress(OSError):
            await self.event("stop", {"accountSid": "AC1", "callSid": "CA1"})
        await self.ws.close()


class BrowserCaller(SocketCaller):
    """The call button of a page."""

    rate = 16_000

    def __init__(self, session: ClientSession, ws: ClientWebSocketResponse) -> None:
        self.told: list[dict[str, object]] = []
        super().__init__(session, ws)

    @classmethod
    async def connect(cls, url: str, **headers: str) -> "BrowserCaller":
        session = ClientSession()
        caller = cls(session, await session.ws_connect(url, headers=headers))
        await caller.ws.send_json({"type": "start", "language": "pl"})
        return caller

    async def tell_mark(self, name: str) -> None:
        await self.ws.send_json({"type": "played", "mark": name})

    async def serve(self, message: WSMessage) -> None:
        if message.type is WSMsgType.BINARY:
            self.queue.put(message.data)
            return
        told = json.loads(message.data)
        self.told.append(told)
        match told["type"]:
            case "mark":
                self.queue.put(told["mark"])
            case "flush":
                self.queue.waiting.clear()
            case "bye":
                self.left.set()
            case "hello" | "caption":
                pass
            case other:
                self.errors.append(other)

    async def send_sound(self, pcm: bytes) -> None:
        await self.ws.send_bytes(pcm)

    async def press(self, key: str) -> None:
        await self.ws.send_json({"type": "key", "digit": key})

    async def hang_up(self) -> None:
        with contextlib.suppress(OSError):
            await self.ws.send_json({"type": "bye"})
        await self.ws.close()
