"""Hears one call: whether a voice sounds, since when it is still, and what was understood."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from typing import Protocol

import structlog

from frontline.errors import UnavailableError
from frontline.lang import Language
from voice_gateway.audio.format import BYTES_PER_MS, duration_ms
from voice_gateway.stt.port import Heard, Recogniser, Recognisers
from voice_gateway.stt.results import UNKNOWN, later

log = structlog.get_logger()

GAP_MS = 60.0
"""Senders are silent without saying so (DTX, key presses): what is missing longer is silence."""
MOST_SILENCE_MS = 1000.0
AGAIN_BYTES = 12_000 * BYTES_PER_MS
"""So much sound can be heard a second time."""
SURE = 0.6
"""What is heard by few words and less surely is heard again by all."""


class VoiceActivity(Protocol):
    """Tells voices from other sounds."""

    @property
    def speaking(self) -> bool:
        """Does a voice sound now?"""
        ...

    def hear(self, pcm: bytes, at: float) -> object:
        """Take in sound that ended at this moment."""
        ...

    def silence_ms(self, now: float) -> float:
        """Since the last sound of a voice; 0 while it sounds."""
        ...


class Ear:
    """One call's hearing."""

    def __init__(
        self,
        recognisers: Recognisers,
        activity: VoiceActivity,
        language: Language,
        began: float,
        on_failure: Callable[[], None],
    ) -> None:
        self._recognisers = recognisers
        self._activity = activity
        self._language = language
        self._began = began
        self._on_failure = on_failure
        self._recogniser: Recogniser | None = None
        self._opened_ms = 0.0
        """Since the call began; the recogniser counts from there."""
        self._fed_bytes = 0
        """To this recogniser."""
        self._narrow = False
        """It hears but few words, and so the sound is kept …"""
        self._utterance = bytearray()
        """… until the utterance is over."""
        self._until = began
        self._waiting = bytearray()
        self._fed = asyncio.Event()
        self._busy = asyncio.Lock()
        self._changed_at = began
        self.text = ""
        """What was understood of this utterance, as it may still change."""

    async def open(self) -> None:
        """Make it able to hear.

        Raises:
            UnavailableError: the machine serves as many calls as it can.
        """
        self._recogniser = await self._recognisers.open(self._language)

    def hear(self, pcm: bytes, at: float) -> bool:
        """Take in sound; whether a voice has begun with it."""
        before = self._activity.speaking
        self.pass_time(at - duration_ms(pcm) / 1000)
        self._activity.hear(pcm, at)
        self._take(pcm)
        self._until = max(self._until, at)
        return self._activity.speaking and not before

    def pass_time(self, now: float) -> None:
        """Nothing came for longer than the line takes between frames: that was silence."""
        missing = (now - self._until) * 1000
        if missing > GAP_MS:
            silence = bytes(int(min(missing, MOST_SILENCE_MS)) * BYTES_PER_MS)
            self._take(silence)
            self._until = now

    def _take(self, pcm: bytes) -> None:
        if self._recogniser is None:
            self._opened_ms += duration_ms(pcm)
            return
        self._waiting += pcm
        self._fed.set()

    def silent_ms(self, now: float) -> float:
        """Since the last sound of a voice; 0 while it sounds."""
        return self._activity.silence_ms(now)

    def steady_ms(self, now: float) -> float:
        """Since the text last changed."""
        return (now - self._changed_at) * 1000

    def call_ms(self, recogniser_s: float) -> int:
        """A moment of the recogniser's sound, as milliseconds since the call began."""
        return round(self._opened_ms + recogniser_s * 1000)

    async def run(self) -> None:
        """Bring sound to the recogniser; runs until cancelled."""
        while True:
            await self._fed.wait()
            self._fed.clear()
            async with self._busy:
                await self._feed()

    async def _feed(self) -> None:
        pcm = bytes(self._waiting)
        self._waiting.clear()
        if not pcm or self._recogniser is None:
            return
        self._fed_bytes += len(pcm)
        if self._narrow:
            self._utterance = (self._utterance + pcm)[-AGAIN_BYTES:]
        try:
            text = await self._recogniser.feed(pcm)
        except UnavailableError as error:
            log.warning("ear.failed", error=str(error))
            await self.close()  # who hears badly passes the caller on, and once
            self._on_failure()
            return
        if text != self.text:
            self.text, self._changed_at = text, time.monotonic()

    async def finish(self) -> Heard:
        """The utterance is over: what it was.

        Raises:
            UnavailableError: the recogniser has failed.
        """
        async with self._busy:
            heard = await self._end()
            return await self._heard_by_all(heard) if self._narrow else heard

    async def forget(self) -> None:
        """What was heard matters no more. Errors as `finish`."""
        async with self._busy:
            await self._end()
            self._utterance.clear()

    async def _end(self) -> Heard:
        await self._feed()
        heard = await self._recogniser.finish() if self._recogniser else Heard()
        self.text = ""
        return heard

    async def expect(self, phrases: Sequence[str] | None) -> None:
        """Hear best what is made of these words from now on; None = everything alike.

        Whoever says something else is understood, too, a moment later. Errors as `finish`.
        """
        async with self._busy:
            if self._recogniser:
                await self._recogniser.expect(phrases)
                self._narrow = phrases is not None
                self._utterance.clear()

    async def _heard_by_all(self, narrow: Heard) -> Heard:
        """What few words do not explain is heard once more by all that the model knows."""
        sound = bytes(self._utterance)
        self._utterance.clear()
        known = all(word.text != UNKNOWN for word in narrow.words)
        if narrow.text and known and narrow.confidence >= SURE:
            return narrow
        try:
            wide = await self._recognisers.open(self._language)
        except UnavailableError:  # there are too many calls for a second look
            return narrow
        try:
            await wide.feed(sound)
            again = await wide.finish()
        finally:
            await wide.close()
        before_ms = (self._fed_bytes - len(sound)) / BYTES_PER_MS
        return later(again, before_ms / 1000) if again.text else narrow

    async def switch(self, language: Language) -> None:
        """Hear another language from now on. Errors as `open`."""
        if language == self._language:
            return
        async with self._busy:
            old, self._recogniser = self._recogniser, await self._recognisers.open(language)
            self._language, self.text = language, ""
            self._narrow, self._fed_bytes = False, 0
            self._utterance.clear()
            self._waiting.clear()
            self._opened_ms = (time.monotonic() - self._began) * 1000
        if old:
            await old.close()

    async def close(self) -> None:
        """Give the recogniser back."""
        recogniser, self._recogniser = self._recogniser, None
        if recogniser:
            with contextlib.suppress(UnavailableError):
                await recogniser.close()
