import asyncio
import random
from collections.abc import Awaitable, Callable
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_gateway.audio.format import BYTES_PER_MS, FRAME_BYTES
from voice_gateway.audio.playout import DIRECT, MOST_MS, SILENCE, Mark, Pace, Playout, Schedule

AHEAD = Pace(ahead_ms=200)
QUIET = Pace(ahead_ms=200, silence=False)


def sound(ms: int) -> bytes:
    return b"\x01\x02" * (ms * BYTES_PER_MS // 2)


class Run:
    """A schedule on a simulated clock whose timers are late by what `late_s` tells."""

    def __init__(self, pace: Pace, late_s: Callable[[], float] = lambda: 0.0) -> None:
        self.schedule = Schedule(pace)
        self.late_s = late_s
        self.now = 100.0
        self.sent: list[tuple[float, bytes | str]] = []

    def until(self, end: float) -> None:
        while self.now < end:
            match self.schedule.next(self.now):
                case Mark(name):
                    self.sent.append((self.now, name))
                case bytes() as frame:
                    self.sent.append((self.now, frame))
                case float() as due:
                    self.now = min(due + self.late_s(), end)

    def of_sound(self) -> list[float]:
        """When frames of sound went out."""
        return [at for at, what in self.sent if isinstance(what, bytes) and what != SILENCE]


def test_silence_goes_out_every_20_ms_while_nothing_is_to_be_played() -> None:
    run = Run(DIRECT)
    run.until(101)
    assert all(frame == SILENCE for _, frame in run.sent)
    assert len(run.sent) == pytest.approx(50, abs=2)


def test_late_timers_do_not_add_up() -> None:
    lots = random.Random(7)
    run = Run(DIRECT, lambda: lots.uniform(0, 0.015))
    run.until(160)
    assert len(run.sent) == pytest.approx(60 * 50, abs=3)


def test_after_a_stall_two_frames_at_once_are_the_most() -> None:
    run = Run(DIRECT)
    run.until(101)
    run.now = 103  # nothing ran for two seconds
    before = len(run.sent)
    run.until(103.019)
    assert len(run.sent) - before == 2
    run.until(104)
    assert len(run.sent) - before == pytest.approx(51, abs=1)


@given(st.lists(st.floats(0, 0.3), max_size=60))
def test_never_more_than_two_at_once_and_never_faster_than_time(lateness: list[float]) -> None:
    late = iter(lateness)
    run = Run(DIRECT, lambda: next(late, 0.0))
    run.until(103)
    moments = [at for at, _ in run.sent]
    assert all(moments.count(at) <= 2 for at in moments)
    assert len(moments) <= 3 * 50 + 2


def test_sound_goes_out_in_order_and_the_last_frame_is_filled_up() -> None:
    run = Run(DIRECT)
    run.schedule.put(sound(20))
    run.schedule.put(sound(25))
    run.until(100.2)
    frames = [what for _, what in run.sent if isinstance(what, bytes)]
    assert frames[:2] == [sound(20), sound(20)]
    assert frames[2] == sound(5).ljust(FRAME_BYTES, b"\0")
    assert frames[3] == SILENCE


def test_pieces_that_come_in_time_are_joined() -> None:
    run = Run(AHEAD)
    run.schedule.put(sound(50))
    run.until(100.005)
    assert len(run.of_sound()) == 3 - 1  # half a frame waits for its other half
    run.schedule.put(sound(30))
    run.until(100.2)
    assert [w for _, w in run.sent if w != SILENCE] == [sound(20)] * 4


def test_a_mark_is_reached_when_what_stands_before_it_was_played() -> None:
    run = Run(DIRECT)
    run.schedule.put(sound(100))
    run.schedule.mark("one")
    run.schedule.put(sound(100))
    run.schedule.mark("two")
    run.until(101)
    marks = {what: at for at, what in run.sent if isinstance(what, str)}
    assert marks["one"] == pytest.approx(run.of_sound()[0] + 0.1, abs=0.021)
    assert marks["two"] == pytest.approx(run.of_sound()[0] + 0.2, abs=0.021)


def test_the_far_side_holds_no_more_than_it_may() -> None:
    run = Run(AHEAD)
    run.until(101)
    run.sent.clear()
    run.schedule.put(sound(1000))
    run.until(101.001)
    assert len(run.of_sound()) == pytest.approx(10, abs=1)
    run.until(102)
    sent = run.of_sound()
    assert all((n + 1) * 0.02 - (at - 101) <= 0.241 for n, at in enumerate(sent))


def test_a_far_side_that_ran_dry_begins_anew() -> None:
    run = Run(AHEAD)
    run.schedule.put(sound(1000))
    run.until(100.1)
    run.now = 105
    before = len(run.sent)
    run.until(105.001)
    assert len(run.sent) - before == pytest.approx(10, abs=1)


def test_nothing_goes_out_between_sounds_where_nobody_wants_it() -> None:
    run = Run(QUIET)
    assert run.schedule.next(run.now) == inf
    run.schedule.put(sound(60))
    run.until(100.5)
    assert len(run.sent) == 3
    assert run.schedule.next(run.now) == inf


def test_what_was_played_is_told_without_silence() -> None:
    run = Run(DIRECT)
    run.until(100.5)
    assert run.schedule.played_ms(run.now) == 0
    run.schedule.put(sound(110))
    run.until(100.56)
    assert run.schedule.played_ms(run.now) == pytest.approx(40, abs=21)
    assert run.schedule.pending_ms(run.now) == pytest.approx(70, abs=21)
    run.until(101)
    assert run.schedule.played_ms(run.now) == pytest.approx(110)
    assert run.schedule.is_empty(run.now)


@pytest.mark.parametrize("pace", [DIRECT, AHEAD, QUIET])
def test_what_is_flushed_does_not_count_and_is_not_sent(pace: Pace) -> None:
    run = Run(pace)
    run.schedule.put(sound(1000))
    run.schedule.mark("never")
    run.until(100.3)
    run.schedule.flush(run.now)
    sent = len(run.of_sound())
    run.until(101)
    assert len(run.of_sound()) == sent
    assert "never" not in [what for _, what in run.sent]
    assert run.schedule.played_ms(run.now) == pytest.approx(300, abs=21)
    assert run.schedule.pending_ms(run.now) == 0


def test_sound_after_a_flush_goes_out_at_once() -> None:
    run = Run(AHEAD)
    run.schedule.put(sound(1000))
    run.until(100.3)
    run.schedule.flush(run.now)
    run.schedule.put(sound(500))
    before = len(run.sent)
    run.until(100.301)
    assert len(run.sent) - before >= 8


@given(st.lists(st.sampled_from(["put", "mark", "flush", "wait"]), max_size=40))
def test_nothing_is_lost_between_flushes(deeds: list[str]) -> None:
    run = Run(AHEAD)
    put = flushed = 0.0
    for deed in deeds:
        if deed == "put":
            run.schedule.put(sound(50))
            put += 50
        elif deed == "mark":
            run.schedule.mark("m")
        elif deed == "flush":
            run.schedule.flush(run.now)
            flushed = put
        else:
            run.until(run.now + 0.07)
    run.until(run.now + 5)
    played = run.schedule.played_ms(run.now)
    assert put - flushed <= played <= put
    assert run.schedule.is_empty(run.now)


class Far:
    """Takes what a playout sends."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.marks: list[str] = []
        self.open = asyncio.Event()
        self.open.set()

    async def send(self, frame: bytes) -> None:
        await self.open.wait()
        self.frames.append(frame)

    async def reached(self, name: str) -> None:
        self.marks.append(name)


async def with_playout(pace: Pace, use: Callable[[Playout, Far], Awaitable[None]]) -> None:
    far = Far()
    playout = Playout(send=far.send, reached=far.reached, pace=pace)
    task = asyncio.create_task(playout.run())
    try:
        async with asyncio.timeout(20):
            await use(playout, far)
    finally:
        playout.stop()
        await task


async def test_the_real_clock_plays_all_and_tells_marks() -> None:
    async def use(playout: Playout, far: Far) -> None:
        begun = asyncio.get_running_loop().time()
        await playout.play(sound(200))
        playout.mark("end")
        await playout.drained()
        assert asyncio.get_running_loop().time() - begun >= 0.17
        assert far.marks == ["end"]
        assert far.frames.count(sound(20)) == 10
        assert playout.played_ms() == pytest.approx(200)

    await with_playout(DIRECT, use)


async def test_play_waits_while_more_than_two_seconds_are_to_be_played() -> None:
    async def use(playout: Playout, far: Far) -> None:
        far.open.clear()
        playing = asyncio.create_task(playout.play(sound(6000)))
        await asyncio.sleep(0.1)
        assert not playing.done()
        assert playout.pending_ms() <= MOST_MS
        playout.flush()
        far.open.set()
        await playing  # the rest was forgotten, too
        assert playout.pending_ms() <= 20

    await with_playout(DIRECT, use)


async def test_who_waits_goes_on_when_the_playout_stops() -> None:
    async def use(playout: Playout, far: Far) -> None:
        far.open.clear()
        playing = asyncio.create_task(playout.play(sound(6000)))
        draining = asyncio.create_task(playout.drained())
        await asyncio.sleep(0.05)
        playout.stop()
        far.open.set()
        await playing
        await draining
        await playout.play(sound(6000))

    await with_playout(DIRECT, use)
