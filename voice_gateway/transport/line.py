"""What all transports share: a call's way in and out on top of what one protocol can do."""

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol

import structlog

from frontline.tasks import end
from voice_gateway.audio.playout import Pace, Playout
from voice_gateway.transport.inbox import Inbox
from voice_gateway.transport.port import Event, Next, Start, Transport

log = structlog.get_logger()

OnCall = Callable[[Transport], Awaitable[None]]
"""Serves one call, from its beginning to its end."""
TAIL_S = 0.3
"""Silence before a line is left: what the caller's phone still holds is lost otherwise."""
STALLED_S = 20.0
"""A far side that takes nothing for so long has gone."""
SENT_AHEAD = 16_000
"""Octets that wait to be sent: half a second at 16 kHz. What the peer does not take is not piled
up for it."""
FAREWELL_S = 1.0
"""So long the far side may take to close the connection itself."""
MARK_LATE_S = 2.0
"""A mark that the far side has not told of for so long after its time was played, too."""


class Wire(Protocol):
    """What one protocol does. Each may raise OSError, or wait while the far side takes nothing."""

    pace: Pace
    tells_marks: bool
    """The far side says itself when a mark was reached; `Line.reached` is to be called then."""

    async def frame(self, pcm: bytes) -> None:
        """Send 20 ms of sound, as `audio.format`."""
        ...

    async def mark(self, name: str) -> None:
        """Send a mark, if the far side tells of them."""
        ...

    async def flush(self) -> None:
        """Take back what the far side has not yet played, if it holds any."""
        ...

    async def leave(self, to: Next) -> None:
        """Say that the call is given back, so that the far side closes the connection."""
        ...

    async def close(self) -> None:
        """End the connection."""
        ...


class Line:
    """A `Transport` on a wire."""

    def __init__(self, start: Start, wire: Wire) -> None:
        self.start = start
        self.inbox = Inbox()
        self._wire = wire
        self._playout = Playout(send=wire.frame, reached=self._mark_sent, pace=wire.pace)
        self._numbers = itertools.count(1)
        self._marks: dict[str, tuple[str, asyncio.TimerHandle]] = {}
        """On the far side: our number → the name we were given, and the end of our patience."""
        self._leaving = False
        self._closed = False
        self._silent = asyncio.Event()
        """The far side has closed its side."""

    # What the call asks for; see `Transport`.

    def events(self) -> AsyncIterator[Event]:
        """See `Transport.events`."""
        return self.inbox.events()

    async def play(self, pcm: bytes) -> None:
        """See `Transport.play`; what comes after `leave` is too late."""
        if not self._leaving:
            await self._playout.play(pcm)

    async def mark(self, name: str) -> None:
        """See `Transport.mark`."""
        if not self.inbox.over.is_set():
            self._playout.mark(name)

    async def flush(self) -> None:
        """See `Transport.flush`."""
        if self.inbox.over.is_set():
            return
        self._playout.flush()
        self._forget_marks()
        await self._send(self._wire.flush())

    def played_ms(self) -> float:
        """See `Transport.played_ms`."""
        return self._playout.played_ms()

    async def leave(self, to: Next) -> None:
        """See `Transport.leave`."""
        self._leaving = True
        await self._playout.drained()
        await self._wait_over(TAIL_S)
        if not self.inbox.over.is_set():
            self._end("left")
            await self._send(self._wire.leave(to))
            await self._linger()
        await self.close()

    async def close(self) -> None:
        """See `Transport.close`."""
        self._end("left")
        if self._closed:
            return
        self._closed = True
        await self._send(self._wire.close())

    async def _mark_sent(self, name: str) -> None:
        if not self._wire.tells_marks:
            self.inbox.played(name)
            return
        number = str(next(self._numbers))
        patience_s = self._playout.pending_ms() / 1000 + MARK_LATE_S
        timer = asyncio.get_running_loop().call_later(patience_s, self.reached, number)
        self._marks[number] = (name, timer)
        await self._wire.mark(number)

    # What the protocol's reader tells.

    def reached(self, number: str) -> None:
        """The far side has played everything before this mark."""
        if number in self._marks:
            name, timer = self._marks.pop(number)
            timer.cancel()
            self.inbox.played(name)

    def hung_up(self) -> None:
        """The caller has hung up, though the connection is still there."""
        self._end("caller")

    async def run(self, read: Awaitable[str], on_call: OnCall) -> None:
        """Carry the call until `on_call` has ended.

        Args:
            read: tells everything that comes in to the line, and returns when nothing comes any
                more: the reason of `HungUp`.
            on_call: the call. It is to end soon after `HungUp`.
        """
        tasks = [asyncio.create_task(self._play()), asyncio.create_task(self._read(read))]
        log.info("call.begun", transport=self.start.transport)
        try:
            await on_call(self)
        except asyncio.CancelledError:
            self._end("lost")
            raise
        except Exception:
            log.exception("call.failed")
        finally:
            await self.close()
            await self._linger()
            await end(tasks)
            log.info("call.ended")

    async def _play(self) -> None:
        try:
            await self._playout.run()
        except TimeoutError:
            log.warning("line.stalled")
        except OSError:
            await self._linger()  # the reader knows better why
        self._end("lost")

    async def _read(self, read: Awaitable[str]) -> None:
        reason = "lost"
        try:
            reason = await read
        except OSError as error:
            log.warning("line.lost", error=repr(error))
        except Exception:
            log.exception("line.failed")
        finally:
            self._end(reason)
            self._silent.set()

    async def _send(self, sending: Awaitable[None]) -> None:
        """Send what is not sound; a far side that does not take it is lost."""
        try:
            async with asyncio.timeout(FAREWELL_S):
                await sending
        except (OSError, TimeoutError):
            self._end("lost")

    def _end(self, reason: str) -> None:
        self.inbox.hang_up(reason)
        self._playout.stop()
        self._forget_marks()

    def _forget_marks(self) -> None:
        for _, timer in self._marks.values():
            timer.cancel()
        self._marks.clear()

    async def _wait_over(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.inbox.over.wait()
        except TimeoutError:
            pass

    async def _linger(self) -> None:
        """Read on until the far side closes: it would take data that nobody read for a failure."""
        try:
            async with asyncio.timeout(FAREWELL_S):
                await self._silent.wait()
        except TimeoutError:
            pass


def notice_death(connection: socket.socket) -> None:
    """A peer whose machine has gone says nothing: TCP finds out, if it is told to look."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SENT_AHEAD)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux
        milliseconds = int(STALLED_S * 1000)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
