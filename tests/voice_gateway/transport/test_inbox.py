import asyncio

import pytest

from voice_gateway.audio.format import FRAME_BYTES
from voice_gateway.transport.inbox import MOST_KEYS, Inbox
from voice_gateway.transport.port import Event, HungUp, KeyPress, Played, Sound


class Clock:
    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def inbox(clock: Clock) -> Inbox:
    return Inbox(clock=clock)


def frame(number: int) -> bytes:
    return number.to_bytes(2, "little") * (FRAME_BYTES // 2)


async def taken(inbox: Inbox) -> list[Event]:
    """Everything that has happened on a call that is over."""
    inbox.hang_up("caller")
    async with asyncio.timeout(5):
        return [event async for event in inbox.events()]


async def test_events_come_in_order_and_end_with_the_hang_up(inbox: Inbox) -> None:
    inbox.sound(frame(1))
    inbox.key("5")
    inbox.played("m")
    inbox.sound(b"")
    inbox.hang_up("lost")
    inbox.hang_up("caller")
    inbox.sound(frame(2))
    inbox.key("6")
    assert await taken(inbox) == [
        Sound(frame(1), 50.0),
        KeyPress("5", 50.0),
        Played("m"),
        HungUp("lost"),
    ]


async def test_a_waiting_reader_is_woken(inbox: Inbox) -> None:
    reading = asyncio.create_task(anext(inbox.events()))  # type: ignore[arg-type]
    await asyncio.sleep(0)
    inbox.key("#")
    assert await reading == KeyPress("#", 50.0)


async def test_a_reader_that_is_behind_hears_the_last_second(inbox: Inbox, clock: Clock) -> None:
    for number in range(200):
        clock.now += 0.02
        inbox.sound(frame(number))
    sounds = [e for e in await taken(inbox) if isinstance(e, Sound)]
    assert [s.pcm for s in sounds] == [frame(n) for n in range(150, 200)]


async def test_sound_that_nobody_took_for_a_second_is_dropped(inbox: Inbox, clock: Clock) -> None:
    inbox.sound(frame(1))
    inbox.key("1")
    clock.now += 1.5
    assert await taken(inbox) == [KeyPress("1", 50.0), HungUp("caller")]


async def test_a_flood_of_keys_is_bounded(inbox: Inbox) -> None:
    for _ in range(1000):
        inbox.key("7")
    assert len(await taken(inbox)) == MOST_KEYS + 1
