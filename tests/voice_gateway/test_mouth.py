import asyncio
from collections.abc import AsyncIterator

import pytest

from frontline.errors import UnavailableError
from frontline.tasks import end
from voice_gateway.audio.format import BYTES_PER_MS
from voice_gateway.mouth import AHEAD_MS, REWIND_MS, Cut, Mouth
from voice_gateway.transport.port import Start

WORD_MS = 500
"""How long the voice of these tests needs for a word."""


class SlowLine:
    """A line whose clock is moved by hand."""

    def __init__(self) -> None:
        self.start = Start("call", "test")
        self.put = bytearray()
        self.now_ms = 0.0
        self.marks: list[str] = []
        self.flushed = 0

    async def play(self, pcm: bytes) -> None:
        self.put += pcm

    async def mark(self, name: str) -> None:
        self.marks.append(name)

    async def flush(self) -> None:
        self.flushed += 1
        del self.put[int(self.played_ms()) * BYTES_PER_MS :]

    def played_ms(self) -> float:
        return min(self.now_ms, len(self.put) / BYTES_PER_MS)


class WordVoice:
    """Says each word as so much of its own sign."""

    async def speak(self, text: str, language: str) -> AsyncIterator[bytes]:
        if text == "broken":
            raise UnavailableError("no voice")
        for word in text.split():
            await asyncio.sleep(0)
            yield word[0].encode() * (WORD_MS * BYTES_PER_MS)


class Stage:
    def __init__(self) -> None:
        self.line = SlowLine()
        self.spoken = 0
        self.failures = 0
        self.steps: list[str] = []
        self.mouth = Mouth(
            self.line,  # type: ignore[arg-type]
            WordVoice(),
            self._speak,
            self.steps.append,
            self._fail,
        )

    def _speak(self) -> None:
        self.spoken += 1

    def _fail(self) -> None:
        self.failures += 1

    async def play_until(self, ms: float) -> None:
        """Let time go by on the line, as a caller hears it."""
        while self.line.now_ms < ms:
            self.line.now_ms += 20
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.05)

    async def end(self) -> None:
        for _ in range(400):
            self.line.now_ms += 100
            if self.line.marks and self.line.played_ms() == len(self.line.put) / BYTES_PER_MS:
                self.mouth.played(self.line.marks[-1])
            if self.spoken:
                return
            await asyncio.sleep(0.005)
        raise AssertionError("it never ended")


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    stage = Stage()
    running = asyncio.create_task(stage.mouth.run())
    yield stage
    await end([running])


async def test_what_is_said_is_played_in_order_and_its_end_is_told(stage: Stage) -> None:
    stage.mouth.say("ab cd", "pl", "t1")
    stage.mouth.say("ef", "pl", "t2")
    await stage.end()
    one = WORD_MS * BYTES_PER_MS
    assert bytes(stage.line.put) == b"a" * one + b"c" * one + b"e" * one
    assert stage.spoken == 1
    assert stage.steps[:2] == ["voice", "wire"]
    await asyncio.wait_for(stage.mouth.wait_quiet(), 1)
    assert await stage.mouth.drop() == []


async def test_little_is_given_ahead_of_what_is_heard(stage: Stage) -> None:
    stage.mouth.say("a b c d e f", "pl", "t1")
    await asyncio.sleep(0.2)
    assert len(stage.line.put) / BYTES_PER_MS <= AHEAD_MS + 60


async def test_a_false_alarm_goes_on_a_little_before_where_it_was(stage: Stage) -> None:
    stage.mouth.say("a b c", "pl", "t1")
    await stage.play_until(800)
    await stage.mouth.hold()
    silent = len(stage.line.put)
    await asyncio.sleep(0.1)
    assert len(stage.line.put) == silent
    assert stage.line.flushed == 1
    stage.mouth.resume()
    await stage.end()
    total = 3 * WORD_MS + REWIND_MS
    assert len(stage.line.put) / BYTES_PER_MS == pytest.approx(total, abs=70)


async def test_a_cut_keeps_the_words_that_were_heard(stage: Stage) -> None:
    stage.mouth.say("one two three four", "en", "t1")
    stage.mouth.say("five", "en", "t2")
    stage.mouth.say("only the line", "en")
    await stage.play_until(1100)
    first, second = await stage.mouth.drop()
    assert (first.turn_id, first.text) == ("t1", "one two")
    assert first.heard_ms == pytest.approx(1100, abs=30)
    assert second == Cut("t2", "", 0)
    put = len(stage.line.put)
    await asyncio.sleep(0.1)
    assert len(stage.line.put) == put


async def test_a_turn_in_two_parts_is_cut_as_one(stage: Stage) -> None:
    stage.mouth.say("one two", "en", "t1", firm=True)
    stage.mouth.say("three four", "en", "t1")
    await stage.play_until(300)
    assert stage.mouth.firm
    await stage.play_until(1600)
    assert not stage.mouth.firm
    (cut,) = await stage.mouth.drop()
    assert (cut.text, cut.heard_ms) == ("one two three", pytest.approx(1600, abs=30))


async def test_a_drop_after_a_hold_counts_from_the_hold(stage: Stage) -> None:
    stage.mouth.say("one two three four", "en", "t1")
    await stage.play_until(1100)
    await stage.mouth.hold()
    stage.line.now_ms += 5000
    (cut,) = await stage.mouth.drop()
    assert cut.heard_ms == pytest.approx(1100, abs=30)
    stage.mouth.say("next", "en", "t2")
    await stage.end()
    assert bytes(stage.line.put).endswith(b"n" * (WORD_MS * BYTES_PER_MS))


async def test_a_voice_that_fails_is_told_of_and_ends(stage: Stage) -> None:
    stage.mouth.say("broken", "pl", "t1")
    await stage.end()
    assert stage.failures == 1


async def test_nothing_to_say_is_said_at_once(stage: Stage) -> None:
    stage.mouth.say("", "pl", "t1")
    await stage.end()
    assert stage.spoken == 1
