import asyncio
import time
from collections.abc import AsyncIterator, Sequence

import pytest

from frontline.errors import UnavailableError
from frontline.lang import Language
from frontline.tasks import end
from voice_gateway.audio.format import BYTES_PER_MS, FRAME_BYTES
from voice_gateway.ear import MOST_SILENCE_MS, Ear
from voice_gateway.stt.port import Heard

SOUND = b"\1\0" * (FRAME_BYTES // 2)


class Listener:
    """Tells how much it was given, instead of what was said."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.given = bytearray()
        self.closed = False
        self.fails = False

    async def feed(self, pcm: bytes) -> str:
        if self.fails:
            raise UnavailableError("behind")
        self.given += pcm
        return f"{len(self.given) // BYTES_PER_MS} ms"

    async def finish(self) -> Heard:
        return Heard(f"{len(self.given) // BYTES_PER_MS} ms", confidence=1.0)

    async def expect(self, phrases: Sequence[str] | None) -> None: ...

    async def close(self) -> None:
        self.closed = True


class Listeners:
    def __init__(self) -> None:
        self.opened: list[Listener] = []

    async def open(self, language: Language) -> Listener:
        self.opened.append(Listener(language))
        return self.opened[-1]


class Loudness:
    """A voice is whatever is not silent."""

    speaking = False

    def hear(self, pcm: bytes, at: float) -> None:
        self.speaking = any(pcm)

    def silence_ms(self, now: float) -> float:
        return 0.0 if self.speaking else 1.0


class Room:
    def __init__(self) -> None:
        self.now = time.monotonic()
        self.listeners = Listeners()
        self.failures = 0
        self.ear = Ear(self.listeners, Loudness(), "pl", self.now, self._fail)

    def _fail(self) -> None:
        self.failures += 1

    def hear(self, ms: int) -> list[bool]:
        """Frames as a line brings them."""
        began = []
        for _ in range(ms // 20):
            self.now += 0.02
            began.append(self.ear.hear(SOUND, self.now))
        return began


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    room = Room()
    running = asyncio.create_task(room.ear.run())
    yield room
    await end([running])
    await room.ear.close()
    assert all(listener.closed for listener in room.listeners.opened)


async def test_sound_is_brought_whole(room: Room) -> None:
    await room.ear.open()
    assert room.hear(200) == [True, *[False] * 9]
    await asyncio.sleep(0.05)
    assert room.ear.text.endswith("ms")
    heard = await room.ear.finish()
    assert heard.text == "200 ms"
    assert room.ear.text == ""


async def test_what_a_line_leaves_out_is_silence(room: Room) -> None:
    await room.ear.open()
    room.hear(100)
    room.now += 0.5  # a key was pressed, or the sender saves
    room.hear(100)
    assert (await room.ear.finish()).text == "700 ms"
    room.ear.pass_time(room.now + 60)
    heard = int((await room.ear.finish()).text.removesuffix(" ms"))
    assert heard == 700 + MOST_SILENCE_MS


async def test_words_have_their_place_in_the_call(room: Room) -> None:
    room.hear(300)  # before there is a recogniser
    await room.ear.open()
    room.hear(60)
    assert room.ear.call_ms(0.5) == 800


async def test_another_language_is_another_recogniser(room: Room) -> None:
    await room.ear.open()
    room.hear(100)
    await room.ear.switch("pl")
    await room.ear.switch("en")
    assert [listener.language for listener in room.listeners.opened] == ["pl", "en"]
    assert room.listeners.opened[0].closed
    room.hear(100)
    assert (await room.ear.finish()).text == "100 ms"


async def test_a_recogniser_that_fails_is_told_of(room: Room) -> None:
    await room.ear.open()
    room.listeners.opened[0].fails = True
    room.hear(100)
    await asyncio.sleep(0.05)
    assert room.failures == 1
