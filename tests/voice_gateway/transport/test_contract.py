"""What a call may rely on, whatever brings it: the same tests over all transports."""

import asyncio
import time

import numpy as np
import pytest

from tests.common.lines import tone
from tests.voice_gateway.transport.conftest import Call, over_all_lines
from voice_gateway.audio.format import duration_ms
from voice_gateway.transport.port import HungUp, Sound

SLOW_MS = 120
"""What a busy machine may add."""


def likeness(heard: bytes, said: bytes) -> float:
    """The best correlation of the two at any delay up to 10 ms."""
    a, b = (np.frombuffer(pcm, "<i2").astype(float) for pcm in (heard, said))
    length = min(len(a), len(b)) - 160
    b = b[:length]
    return max(float(np.corrcoef(a[at : at + length], b)[0, 1]) for at in range(160))


@over_all_lines
async def test_the_call_says_what_is_known_of_it(call: Call) -> None:
    assert call.transport.start.call_id
    assert call.transport.start.language == "pl"


@over_all_lines
async def test_what_the_caller_says_is_heard_as_16_khz(call: Call) -> None:
    said = tone(600, 330)
    begun = time.monotonic()
    await call.caller.say(said)
    await call.when(lambda: len(call.sound()) >= len(said) - 3200)
    assert likeness(call.sound(), said) > 0.98
    at = [event.at for event in call.happened if isinstance(event, Sound)]
    assert at == sorted(at)
    assert begun <= at[0] <= at[-1] <= time.monotonic()


@over_all_lines
async def test_keys_are_told_between_the_sounds(call: Call) -> None:
    await call.caller.say(tone(60))
    for key in "12*0#":
        await call.caller.press(key)
    await call.caller.say(tone(60))
    await call.when(lambda: call.keys() == "12*0#")


@over_all_lines
async def test_sound_is_played_in_real_time_and_its_mark_told_then(call: Call) -> None:
    begun = time.monotonic()
    await call.transport.play(tone(500))
    await call.transport.mark("done")
    await call.played("done")
    took_ms = (time.monotonic() - begun) * 1000
    assert took_ms >= 440
    assert call.transport.played_ms() == pytest.approx(500, abs=60)
    await asyncio.sleep(0.1)
    assert call.caller.ear.voiced_ms() == pytest.approx(500, abs=45)
    first, *_, last = call.caller.ear.voiced()
    assert (last - first) * 1000 >= 400


@over_all_lines
async def test_marks_are_told_in_order_each_once(call: Call) -> None:
    for number in range(3):
        await call.transport.play(tone(100))
        await call.transport.mark(str(number))
    await call.transport.mark("3")
    await call.played("3")
    assert call.marks() == ["0", "1", "2", "3"]


@over_all_lines
async def test_a_mark_on_an_idle_line_is_told_at_once(call: Call) -> None:
    await call.transport.mark("now")
    await call.played("now")


@over_all_lines
async def test_a_mark_may_have_the_name_of_an_earlier_one(call: Call) -> None:
    for _ in range(2):
        await call.transport.play(tone(60))
        await call.transport.mark("again")
    await call.when(lambda: call.marks() == ["again", "again"])


@over_all_lines
async def test_a_flush_silences_the_line_at_once(call: Call) -> None:
    await call.transport.play(tone(1500))
    await call.transport.mark("never")
    await asyncio.sleep(0.4)
    await call.transport.flush()
    flushed = time.monotonic()
    played_ms = call.transport.played_ms()
    await asyncio.sleep(0.4)
    assert call.caller.ear.voiced()[-1] - flushed <= (40 + SLOW_MS) / 1000
    assert played_ms == pytest.approx(call.caller.ear.voiced_ms(), abs=40 + SLOW_MS)
    assert call.transport.played_ms() == pytest.approx(played_ms, abs=21)
    assert call.marks() == []


@over_all_lines
async def test_after_a_flush_the_next_sound_is_played(call: Call) -> None:
    await call.transport.play(tone(1500))
    await call.transport.mark("flushed")
    await asyncio.sleep(0.2)
    await call.transport.flush()
    before_ms = call.transport.played_ms()
    begun = time.monotonic()
    await call.transport.play(tone(300))
    await call.transport.mark("next")
    await call.played("next")
    assert time.monotonic() - begun >= 0.25
    assert call.marks() == ["next"]
    assert call.transport.played_ms() - before_ms == pytest.approx(300, abs=21)


@over_all_lines
async def test_play_holds_back_what_is_more_than_two_seconds_ahead(call: Call) -> None:
    playing = asyncio.create_task(call.transport.play(tone(2600)))
    await asyncio.sleep(0.1)
    assert not playing.done()
    async with asyncio.timeout(10):
        await playing
    assert call.transport.played_ms() >= 500
    await call.transport.flush()


@over_all_lines
async def test_leaving_plays_to_the_end_and_a_tail(call: Call) -> None:
    begun = time.monotonic()
    await call.transport.play(tone(300))
    await call.transport.leave("queue")
    async with asyncio.timeout(10):
        await call.caller.left.wait()
    assert time.monotonic() - begun >= 0.55
    assert await call.hung_up() == "left"
    assert call.caller.ear.voiced_ms() == pytest.approx(300, abs=45)


@over_all_lines
async def test_sound_that_comes_after_leaving_holds_nobody_up(call: Call) -> None:
    leaving = asyncio.create_task(call.transport.leave("queue"))
    await asyncio.sleep(0)
    await call.transport.play(tone(1900))
    await leaving
    assert call.caller.ear.voiced_ms() == 0


@over_all_lines
async def test_closing_gives_the_call_back_at_once(call: Call) -> None:
    await call.transport.play(tone(1900))
    await call.transport.close()
    await call.transport.close()
    async with asyncio.timeout(10):
        await call.caller.left.wait()
    assert await call.hung_up() == "left"
    assert call.caller.ear.voiced_ms() <= 500 + SLOW_MS


@over_all_lines
async def test_a_call_that_ends_by_itself_is_given_back(call: Call) -> None:
    call.gateway.finish.set()
    async with asyncio.timeout(10):
        await call.caller.left.wait()


@pytest.mark.parametrize("moment", ["at_once", "speaking", "playing", "waiting", "leaving"])
@over_all_lines
async def test_the_caller_hangs_up_at_any_moment(call: Call, moment: str) -> None:
    tasks = []
    if moment == "speaking":
        tasks.append(asyncio.create_task(call.caller.say(tone(200))))
        await tasks[0]
    if moment == "playing":
        await call.transport.play(tone(1000))
        await call.transport.mark("never")
    if moment == "waiting":
        tasks.append(asyncio.create_task(call.transport.play(tone(8000))))
        await asyncio.sleep(0.05)
    if moment == "leaving":
        await call.transport.play(tone(1000))
        tasks.append(asyncio.create_task(call.transport.leave("hangup")))
        await asyncio.sleep(0.05)
    await call.caller.hang_up()
    assert await call.hung_up() == "caller"
    async with asyncio.timeout(5):
        await asyncio.gather(*tasks)
        await call.transport.play(tone(9000))
        await call.transport.mark("nobody")
        await call.transport.flush()
        await call.transport.leave("queue")
        await call.transport.close()
    assert call.marks() == []
    assert [event for event in call.happened if isinstance(event, HungUp)] == [HungUp("caller")]


@over_all_lines
async def test_a_broken_connection_ends_the_call(call: Call) -> None:
    await call.transport.play(tone(500))
    await call.caller.cut()
    assert await call.hung_up() in {"lost", "caller"}


@over_all_lines
async def test_what_waited_on_its_way_for_20_s_is_dropped(call: Call) -> None:
    await call.caller.say(tone(100))
    await asyncio.sleep(1.3)
    await call.caller.pour(tone(20_000))
    await call.caller.press("9")
    await call.when(lambda: call.keys() == "9")
    assert duration_ms(call.sound()) <= 100 + 1_500
    before = len(call.sound())
    await call.caller.say(tone(300))
    await asyncio.sleep(0.2)
    assert duration_ms(call.sound()[before:]) >= 200


@over_all_lines
async def test_a_far_side_that_takes_nothing_blocks_nobody(call: Call) -> None:
    call.caller.stall()
    await call.transport.play(tone(1500))
    await asyncio.sleep(0.3)
    begun = time.monotonic()
    await call.transport.flush()
    await call.transport.close()
    assert time.monotonic() - begun <= 4
    assert await call.hung_up() in {"left", "lost"}
