"""Nothing is left of calls that are over, and nothing outside disturbs those that are not."""

import asyncio
import gc
import random
from uuid import uuid4

import psutil
import pytest

from tests.common.lines import AudioSocketCaller, tone
from tests.voice_gateway.transport.conftest import (
    LINES,
    Gateway,
    audiosocket_server,
    calling,
)
from voice_gateway.transport.port import HungUp


def held() -> tuple[int, int]:
    """Tasks and open files of this process."""
    gc.collect()
    return len(asyncio.all_tasks()), psutil.Process().num_fds()


@pytest.mark.parametrize("name", LINES)
async def test_nothing_is_left_of_calls_that_are_over(name: str) -> None:
    async def some(count: int) -> None:
        for number in range(count):
            async with calling(LINES[name], Gateway()) as call:
                await call.transport.play(tone(1000))
                await call.transport.mark("m")
                if number % 2:
                    await call.caller.hang_up()

    await some(2)
    tasks, files = held()
    await some(10)
    assert held() <= (tasks, files + 2)


async def test_garbage_beside_a_call_does_not_disturb_it(gateway: Gateway) -> None:
    lots = random.Random(5)

    async def throw(port: int) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(lots.randbytes(lots.randrange(1, 4000)))
        await asyncio.sleep(0.01)
        writer.close()

    async with audiosocket_server(gateway) as port:
        caller = await AudioSocketCaller.connect(port, uuid4())
        transport = await gateway.calls.get()
        await transport.play(tone(400))
        await asyncio.gather(*(throw(port) for _ in range(40)))
        await transport.leave("queue")
        async with asyncio.timeout(10):
            await caller.left.wait()
        assert caller.ear.voiced_ms() == pytest.approx(400, abs=45)
        assert caller.errors == []
        events = [event async for event in transport.events()]
        assert events[-1] == HungUp("left")
