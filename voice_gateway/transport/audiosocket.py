"""Calls over AudioSocket, which Asterisk has had since 18: it connects, we keep the time.

The protocol knows no password and nothing to take sound back with: a call must have been announced,
and frames go out one by one, exactly when they are to be heard.
"""

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable, Iterable
from uuid import UUID

import structlog

from frontline.errors import FrontlineError
from voice_gateway.audio.playout import DIRECT
from voice_gateway.transport.audiosocket_frames import (
    BadFrameError,
    Frame,
    Kind,
    Parser,
    serialize,
)
from voice_gateway.transport.codec import Codec
from voice_gateway.transport.line import SENT_AHEAD, STALLED_S, Line, OnCall, notice_death
from voice_gateway.transport.port import Next, Start

log = structlog.get_logger()

Admit = Callable[[UUID], Awaitable[Start | None]]
"""What is known of a call that was announced; None = it was not."""
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
"""For `asyncio.start_server`."""

UUID_S = 5.0
"""A connection names its call at once."""
MOST_UNNAMED = 200
"""Connections that have not yet named their call."""
READ = 1 << 16


def make_handler(on_call: OnCall, admit: Admit, trusted: Iterable[Network] = ()) -> Handler:
    """What serves a connection.

    Args:
        on_call: serves the call; see `Line.run`.
        admit: asked about the UUID that a connection brings.
        trusted: peers from these networks may bring calls that were not announced.
    """
    networks = tuple(trusted)
    unnamed = 0

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal unnamed
        connection = _Connection(reader, writer)
        try:
            if unnamed >= MOST_UNNAMED:
                raise BadFrameError("too many connections that name no call")
            unnamed += 1
            try:
                call = await connection.call()
            finally:
                unnamed -= 1
            start = await admit(call)
            if start is None and _is_in(writer, networks):
                start = Start(call_id=str(call), transport="audiosocket")
            if start is None:
                raise BadFrameError(f"call {call} was not announced")
            with structlog.contextvars.bound_contextvars(call_id=start.call_id):
                line = Line(start, connection)
                await line.run(connection.read(line), on_call)
        except (FrontlineError, OSError, TimeoutError) as error:
            log.warning("audiosocket.refused", error=str(error) or repr(error))
        finally:
            writer.close()

    return handle


class _Connection:
    """The wire of one call."""

    pace = DIRECT
    tells_marks = False

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._parser = Parser()
        self._ahead: list[Frame] = []
        """What came together with the UUID."""
        self._kind = Kind.SLIN
        self._codec = Codec("slin")
        self._said_good_bye = False
        writer.transport.set_write_buffer_limits(high=SENT_AHEAD)
        notice_death(writer.get_extra_info("socket"))

    async def call(self) -> UUID:
        """The call that this connection is for.

        Raises:
            BadFrameError: it says something else first, or nothing.
        """
        try:
            async with asyncio.timeout(UUID_S):
                frames: list[Frame] = []
                while not frames:
                    data = await self._reader.read(READ)
                    if not data:
                        raise BadFrameError("the connection ended before it named a call")
                    frames = self._parser.feed(data)
        except TimeoutError:
            raise BadFrameError(f"no UUID within {UUID_S:.0f} s") from None
        first, *self._ahead = frames
        if first.kind is not Kind.UUID:
            raise BadFrameError(f"the first frame is {first.kind.name}, not UUID")
        return first.call

    async def read(self, line: Line) -> str:
        """Tell the line what comes in, until nothing does."""
        frames = self._ahead
        try:
            while True:
                for frame in frames:
                    if reason := self._take(frame, line):
                        return reason
                data = await self._reader.read(READ)
                if not data:
                    return self._at_end(line)
                frames = self._parser.feed(data)
        except BadFrameError as error:
            log.warning("audiosocket.bad_frame", error=str(error))
            return "lost"
        except ConnectionResetError:  # Asterisk hung up while sound was on its way to it
            return "caller"

    def _take(self, frame: Frame, line: Line) -> str | None:
        """Tell of one frame; the reason if it is the last one."""
        match frame.kind:
            case Kind.SLIN | Kind.SLIN16:
                if frame.kind is not self._kind:
                    self._kind = frame.kind
                    self._codec = Codec("slin" if frame.kind is Kind.SLIN else "slin16")
                line.inbox.sound(self._codec.decode(frame.payload))
            case Kind.KEY:
                line.inbox.key(frame.key)
            case Kind.HANGUP:
                return "caller"
            case Kind.ERROR:
                raise BadFrameError(f"the peer tells of error {frame.payload.hex() or 'none'}")
            case Kind.UUID:
                raise BadFrameError("a second UUID")
        return None

    def _at_end(self, line: Line) -> str:
        """Asterisk says no good-bye: the end of the stream is the caller's."""
        if self._parser.unfinished and not line.inbox.over.is_set():
            log.warning("audiosocket.truncated", octets=self._parser.unfinished)
            return "lost"
        return "caller"

    async def frame(self, pcm: bytes) -> None:
        if self._said_good_bye:
            return
        self._writer.write(serialize(Frame(self._kind, self._codec.encode(pcm))))
        async with asyncio.timeout(STALLED_S):
            await self._writer.drain()

    async def mark(self, name: str) -> None:
        """The protocol has none; the line tells of them by its own clock."""

    async def flush(self) -> None:
        """Asterisk holds nothing that could be taken back."""

    async def leave(self, to: Next) -> None:
        """The dialplan goes on, and asks where to."""
        await self.close()

    async def close(self) -> None:
        """Say good-bye; the dialplan goes on."""
        if not self._said_good_bye and not self._writer.is_closing():
            self._said_good_bye = True
            self._writer.write(serialize(Frame(Kind.HANGUP)))
            self._writer.write_eof()


def _is_in(writer: asyncio.StreamWriter, networks: tuple[Network, ...]) -> bool:
    peer = ipaddress.ip_address(writer.get_extra_info("peername")[0])
    return any(peer in network for network in networks)
