"""What has happened on a call and was not yet taken."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from math import inf

import structlog

from voice_gateway.audio.format import duration_ms
from voice_gateway.transport.freshness import OLD_S, Freshness
from voice_gateway.transport.port import Event, HungUp, KeyPress, Played, Sound

log = structlog.get_logger()

KEYS = frozenset("0123456789*#ABCD")
MOST_KEYS = 64
"""Key presses that wait; a machine that dials on is not listened to."""
TELL_S = 10.0
"""Between two lines in the log about dropped sound."""


class Inbox:
    """The events of one call, for one reader."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._events: deque[Event] = deque()
        self._sound_ms = 0.0
        self._keys = 0
        self._freshness = Freshness()
        self._old_ms = 0.0
        self._told = -inf
        self._arrived = asyncio.Event()
        self.over = asyncio.Event()
        """The call has ended."""

    def sound(self, pcm: bytes) -> None:
        """The caller's side brought sound, as `audio.format`."""
        if self.over.is_set() or not pcm:
            return
        now, length_ms = self._clock(), duration_ms(pcm)
        if self._freshness.is_old(length_ms / 1000, now):
            self._old_ms += length_ms
            return
        self._tell_of_old()
        self._add(Sound(pcm, now))
        self._sound_ms += length_ms
        while self._sound_ms > OLD_S * 1000:
            self._drop_oldest_sound()

    def key(self, digit: str) -> None:
        """The caller pressed a key."""
        if self._keys < MOST_KEYS:
            self._keys += 1
            self._add(KeyPress(digit, self._clock()))

    def played(self, mark: str) -> None:
        """Everything before the mark has been played."""
        self._add(Played(mark))

    def hang_up(self, reason: str) -> None:
        """The call is over; only the first reason counts."""
        if not self.over.is_set():
            self._tell_of_old()
            self._add(HungUp(reason))
            self.over.set()

    async def events(self) -> AsyncIterator[Event]:
        """Everything in order, until the call is over."""
        while True:
            while not self._events:
                self._arrived.clear()
                await self._arrived.wait()
            event = self._events.popleft()
            if isinstance(event, Sound):
                self._sound_ms -= duration_ms(event.pcm)
                if self._clock() - event.at > OLD_S:
                    self._old_ms += duration_ms(event.pcm)
                    continue
            if isinstance(event, KeyPress):
                self._keys -= 1
            yield event
            if isinstance(event, HungUp):
                return

    def _add(self, event: Event) -> None:
        if not self.over.is_set():
            self._events.append(event)
            self._arrived.set()

    def _drop_oldest_sound(self) -> None:
        place, oldest = next((i, e) for i, e in enumerate(self._events) if isinstance(e, Sound))
        del self._events[place]
        self._sound_ms -= duration_ms(oldest.pcm)
        self._old_ms += duration_ms(oldest.pcm)

    def _tell_of_old(self) -> None:
        if self._old_ms and self._clock() >= self._told + TELL_S:
            log.warning("line.old_sound_dropped", ms=round(self._old_ms))
            self._old_ms, self._told = 0.0, self._clock()
