"""Says one thing after the other into a call, and knows how much of each was heard."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from frontline.errors import UnavailableError
from frontline.lang import Language
from frontline.tasks import end
from voice_gateway.audio.format import BYTES_PER_MS, duration_ms
from voice_gateway.transport.port import Transport
from voice_gateway.tts.port import Voice

log = structlog.get_logger()

AHEAD_MS = 240.0
"""Sound that has left for the line can be flushed, but not known to be unheard."""
CHUNK_BYTES = 60 * BYTES_PER_MS
REWIND_MS = 400.0
"""After a false alarm the voice goes on a little before where it was stopped."""
LETTERS_PER_S = 14.0
"""How fast a voice is, for what was not made to its end."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A turn that was not said to its end."""

    turn_id: str
    text: str
    """What was heard of it."""
    heard_ms: int


@dataclass(slots=True)
class _Utterance:
    text: str
    language: Language
    turn_id: str | None
    firm: bool
    pcm: bytearray = field(default_factory=bytearray)
    made: bool = False
    making: asyncio.Task[None] | None = None
    offset: int = 0
    """Bytes given to the line."""
    at_ms: float = 0.0
    """Place in what the line plays …"""
    at_offset: int = 0
    """… of this byte."""

    @property
    def handed(self) -> bool:
        """Has the line all of it?"""
        return self.made and self.offset >= len(self.pcm)

    def heard_bytes(self, played_ms: float) -> int:
        """How much of it the line has played."""
        if self.offset == self.at_offset:
            return self.offset
        played = int((played_ms - self.at_ms) * BYTES_PER_MS)
        return min(self.offset, self.at_offset + max(0, played))

    def heard_text(self, heard: int) -> str:
        """The words that were heard, going by time."""
        whole = len(self.pcm) if self.made else len(self.text) / LETTERS_PER_S * 1000 * BYTES_PER_MS
        spoken = self.text.split()
        return " ".join(spoken[: int(len(spoken) * min(1.0, heard / max(1.0, whole)))])


class Mouth:
    """One call's voice.

    Args:
        transport: the line.
        voice: what makes the sound.
        on_spoken: told when everything has been said.
        on_step: told `voice` for each sound that is made, `wire` for each that leaves.
        on_failure: told when the voice fails.
    """

    def __init__(
        self,
        transport: Transport,
        voice: Voice,
        on_spoken: Callable[[], None],
        on_step: Callable[[str], None],
        on_failure: Callable[[], None],
    ) -> None:
        self._transport = transport
        self._voice = voice
        self._on_spoken = on_spoken
        self._on_step = on_step
        self._on_failure = on_failure
        self._items: list[_Utterance] = []
        self._heard: dict[str, tuple[str, float]] = {}
        """Turns of which a part was played: its text and milliseconds."""
        self._put_ms = 0.0
        self._held = False
        self._changed = asyncio.Event()
        self._handing = asyncio.Lock()
        self._mark = 0
        self._marked = False
        self._quiet = asyncio.Event()
        self._quiet.set()

    @property
    def firm(self) -> bool:
        """Is what the caller hears now to be heard to its end?"""
        return bool(self._items) and self._items[0].firm

    def say(
        self, text: str, language: Language, turn_id: str | None = None, *, firm: bool = False
    ) -> None:
        """Put a text behind what is to be said."""
        self._items.append(_Utterance(text, language, turn_id, firm))
        self._marked = False
        self._quiet.clear()
        self._changed.set()

    async def hold(self) -> None:
        """Be silent at once, and remember where."""
        self._held = True
        async with self._handing:
            played = self._transport.played_ms()
            await self._transport.flush()
        self._settle(played)
        for item in self._items:
            heard = item.heard_bytes(played)
            item.offset = item.at_offset = heard
        self._put_ms = played
        self._marked = False

    def resume(self) -> None:
        """Go on a little before where it was held."""
        if self._items:
            first = self._items[0]
            back = max(0, first.offset - int(REWIND_MS * BYTES_PER_MS))
            first.offset = first.at_offset = back - back % 2
        self._held = False
        self._changed.set()

    async def drop(self) -> list[Cut]:
        """Forget what is not said yet; which turns were cut, and where."""
        if not self._held:
            await self.hold()
        cuts: dict[str, Cut] = {}
        for item in self._items:
            if item.making:
                item.making.cancel()
            if item.turn_id is None:
                continue
            said, said_ms = self._heard.pop(item.turn_id, ("", 0.0))
            before = cuts.get(item.turn_id, Cut(item.turn_id, said, round(said_ms)))
            text = f"{before.text} {item.heard_text(item.offset)}".strip()
            heard = before.heard_ms + round(item.offset / BYTES_PER_MS)
            cuts[item.turn_id] = Cut(item.turn_id, text, heard)
        self._items.clear()
        self._held = False
        self._quiet.set()
        return list(cuts.values())

    async def wait_quiet(self) -> None:
        """Wait until everything has been said."""
        await self._quiet.wait()

    def played(self, mark: str) -> None:
        """The line has told of a mark."""
        if self._marked and mark == str(self._mark):
            self._finish()

    async def run(self) -> None:
        """Give the line what is to be said; runs until cancelled."""
        try:
            while True:
                self._changed.clear()
                await self._step()
        finally:
            await end([item.making for item in self._items if item.making])

    async def _step(self) -> None:
        played = self._transport.played_ms()
        self._settle(played)
        item = next((one for one in self._items if not one.handed), None)
        if self._held or item is None:
            if item is None and self._items and not self._marked:
                await self._end_here()
            await self._wait(None)
            return
        if item.making is None:
            item.making = asyncio.create_task(self._make(item))
        if item.offset >= len(item.pcm):
            await self._wait(None)
        elif self._put_ms - played > AHEAD_MS:
            await self._wait(0.02)
        else:
            await self._hand(item)

    async def _wait(self, seconds: float | None) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()

    async def _hand(self, item: _Utterance) -> None:
        async with self._handing:
            if self._held or item not in self._items:
                return
            if item.offset == item.at_offset:
                item.at_ms = self._put_ms
            chunk = bytes(item.pcm[item.offset : item.offset + CHUNK_BYTES])
            item.offset += len(chunk)
            self._put_ms += duration_ms(chunk)
            await self._transport.play(chunk)
        self._on_step("wire")

    async def _end_here(self) -> None:
        """Everything is handed: the line is to tell when it has been played."""
        self._mark += 1
        self._marked = True
        await self._transport.mark(str(self._mark))

    def _settle(self, played_ms: float) -> None:
        """Take away what was played to its end."""
        while self._items and self._items[0].handed and len(self._items) > 1:
            item = self._items[0]
            if item.heard_bytes(played_ms) < len(item.pcm):
                return
            self._note(item)
            del self._items[0]

    def _note(self, item: _Utterance) -> None:
        if item.turn_id is not None:
            said, ms = self._heard.get(item.turn_id, ("", 0.0))
            told = f"{said} {item.text}".strip()
            self._heard[item.turn_id] = (told, ms + len(item.pcm) / BYTES_PER_MS)

    def _finish(self) -> None:
        self._marked = False
        self._items.clear()
        self._heard.clear()
        self._quiet.set()
        self._changed.set()
        self._on_spoken()

    async def _make(self, item: _Utterance) -> None:
        try:
            async for piece in self._voice.speak(item.text, item.language):
                item.pcm += piece
                self._on_step("voice")
                self._changed.set()
        except UnavailableError:
            log.exception("mouth.voice_failed")
            self._on_failure()
        finally:
            item.made = True
            self._changed.set()
