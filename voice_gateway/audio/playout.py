"""What is still to be played, and the clock that plays it.

Whoever takes sound in real time hears a burst as a click and a gap as a gap, so frames go out on
deadlines: the next one is due 20 ms after the one before was due, not after it was sent.
"""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from math import inf

from voice_gateway.audio.format import BYTES_PER_MS, FRAME_BYTES, FRAME_MS, duration_ms

MOST_MS = 2000.0
"""So much may wait to be played; `play` waits with the rest."""
SILENCE = bytes(FRAME_BYTES)
_FRAME_S = FRAME_MS / 1000
_EARLY_S = 0.001
"""Timers of the event loop fire up to a millisecond early."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a line wants its sound."""

    ahead_ms: float = 0.0
    """So much sound the far side may hold, as it can drop it again; 0 = it plays it at once."""
    silence: bool = True
    """It wants frames between sounds, too; none ahead, for the next sound would wait behind."""


DIRECT = Pace()
"""The far side plays each frame as it comes."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the sound that somebody wants to be told of."""

    name: str


class Schedule:
    """Which frame goes out when, decided without a clock; moments are in seconds."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._waiting: deque[bytearray | Mark] = deque()
        self._waiting_bytes = 0
        self._far: deque[tuple[float, float]] = deque()
        """When each sound that was sent will have been played, and its milliseconds."""
        self._played_ms = 0.0
        self._ends = -inf
        """When all that was sent will have been played."""

    def put(self, pcm: bytes) -> None:
        """Play this behind everything else."""
        sound = self._waiting[-1] if self._waiting else None
        if not isinstance(sound, bytearray):
            sound = bytearray()
            self._waiting.append(sound)
        sound += pcm
        self._waiting_bytes += len(pcm)

    def mark(self, name: str) -> None:
        """Set a mark behind everything else."""
        self._waiting.append(Mark(name))

    def flush(self, now: float) -> None:
        """Forget everything but the frame that is being played."""
        self._waiting.clear()
        self._waiting_bytes = 0
        self._count(now)
        while self._far and self._far[-1][0] - _FRAME_S > now:
            self._far.pop()
        self._ends = min(self._ends, now + _FRAME_S)

    def next(self, now: float) -> bytes | Mark | float:
        """The frame to be sent now, or the mark that is reached; else when to ask again.

        `inf` = not before something is put in.
        """
        if not self._waiting and not self._pace.silence:
            return inf
        due = self._due(now)
        if due - now > _EARLY_S:
            return due
        head = self._waiting[0] if self._waiting else b""
        if isinstance(head, Mark):
            self._waiting.popleft()
            return head
        frame = self._take(head)
        self._ends += _FRAME_S
        if frame:
            self._far.append((self._ends, duration_ms(frame)))
        self._count(now)
        return frame.ljust(FRAME_BYTES, b"\0")

    def _due(self, now: float) -> float:
        """When the next frame is to be sent.

        What is late by more than a frame is not made up for: on a line that plays at once two
        frames in a row are the most, and a far side that has run dry begins anew.
        """
        ahead_ms = self._ahead_ms()
        anew = ahead_ms or self._ends == -inf
        self._ends = max(self._ends, now if anew else now - _FRAME_S)
        return self._ends - max(ahead_ms - FRAME_MS, 0.0) / 1000

    def _ahead_ms(self) -> float:
        if not self._waiting:
            return 0.0
        if len(self._waiting) == 1 and self._waiting_bytes < FRAME_BYTES:
            return min(self._pace.ahead_ms, 2.0 * FRAME_MS)  # the rest of the frame may yet come
        return self._pace.ahead_ms

    def _take(self, sound: bytearray | bytes) -> bytes:
        """The next frame of `sound`, which is the first of those that wait, or of silence."""
        frame = bytes(sound[:FRAME_BYTES])
        if isinstance(sound, bytearray):
            del sound[:FRAME_BYTES]
            self._waiting_bytes -= len(frame)
            if not sound:
                self._waiting.popleft()
        return frame

    def _count(self, now: float) -> None:
        while self._far and self._far[0][0] <= now:
            self._played_ms += self._far.popleft()[1]

    def played_ms(self, now: float) -> float:
        """How much sound has been played, without silence and what was flushed."""
        self._count(now)
        return self._played_ms

    def pending_ms(self, now: float) -> float:
        """How much sound, here and on the far side, is still to be played."""
        far_s = max(self._far[-1][0] - now, 0.0) if self._far else 0.0
        return self._waiting_bytes / BYTES_PER_MS + far_s * 1000

    def is_empty(self, now: float) -> bool:
        """Has everything been played and every mark been reached?"""
        return not self._waiting and self.pending_ms(now) <= 0


class Playout:
    """A schedule on the real clock."""

    def __init__(
        self,
        *,
        send: Callable[[bytes], Awaitable[None]],
        reached: Callable[[str], Awaitable[None]],
        pace: Pace = DIRECT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing goes out before `run`.

        Args:
            send: takes a frame; waits while the far side takes no more.
            reached: takes the name of a mark when everything before it was sent.
            pace: how the line wants its sound.
            clock: tells seconds.
        """
        self._send = send
        self._reached = reached
        self._schedule = Schedule(pace)
        self._clock = clock
        self._flushes = 0
        self._stopped = False
        self._changed = asyncio.Event()
        """Something was put in, or taken back."""
        self._moved = asyncio.Event()
        """Something has gone out."""

    async def run(self) -> None:
        """Send until stopped; errors of `send` and `reached` come through."""
        while not self._stopped:
            match self._schedule.next(self._clock()):
                case Mark(name):
                    await self._reached(name)
                case bytes() as frame:
                    await self._send(frame)
                case float() as due:
                    await self._rest(due)
            self._moved.set()

    async def _rest(self, due: float) -> None:
        self._changed.clear()
        loop = asyncio.get_running_loop()
        timer = None
        if due < inf:
            timer = loop.call_later(max(due - self._clock(), 0), self._changed.set)
        try:
            await self._changed.wait()
        finally:
            if timer:
                timer.cancel()

    async def play(self, pcm: bytes) -> None:
        """Put sound behind what is still to be played; waits while more than `MOST_MS` are.

        What is still to be put in when `flush` comes is forgotten with the rest.
        """
        flushes = self._flushes
        left = memoryview(pcm)
        while left and not self._stopped and flushes == self._flushes:
            room_ms = MOST_MS - self._schedule.pending_ms(self._clock())
            if room_ms < FRAME_MS:
                self._moved.clear()
                await self._moved.wait()
                continue
            piece = int(room_ms) * BYTES_PER_MS
            self._schedule.put(bytes(left[:piece]))
            left = left[piece:]
            self._changed.set()

    def mark(self, name: str) -> None:
        """Have `reached` told when everything put in so far has been sent."""
        self._schedule.mark(name)
        self._changed.set()

    def flush(self) -> None:
        """Forget what is still to be played, and its marks."""
        self._flushes += 1
        self._schedule.flush(self._clock())
        self._changed.set()
        self._moved.set()

    def played_ms(self) -> float:
        """How much of what was put in has been played, without silence and the flushed."""
        return self._schedule.played_ms(self._clock())

    def pending_ms(self) -> float:
        """How much of what was put in is still to be played."""
        return self._schedule.pending_ms(self._clock())

    async def drained(self) -> None:
        """Wait until everything put in has been played, or the playout was stopped."""
        while not self._stopped and not self._schedule.is_empty(self._clock()):
            self._moved.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_FRAME_S):
                    await self._moved.wait()

    def stop(self) -> None:
        """Play nothing any more; whoever waits goes on."""
        self._stopped = True
        self._changed.set()
        self._moved.set()
