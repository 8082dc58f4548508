"""Five hundred calls, one after the other and a few at once: what does the gateway keep of them?

Callers hang up at every stage: before the first word, amid the greeting, while they speak, while
the bot thinks or answers, after a key, on the way to the queue. Memory is compared after the first
calls (models loaded, caches warm) and after the last. `--calls N` places fewer.
"""

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import psutil

from benchmarks.report import report
from frontline.runstate import settings_of_run
from frontline.settings import Settings
from handoff.app_parts import open_parts
from tests.common.phone import Phone, PhoneCall, eventually, voice_settings
from tests.common.speech import demo_models
from tests.common.stack import running_stack

CALLS = 500
AT_ONCE = 4
WARM = 100
"""Calls after which memory is looked at first: the allocator has seen every size by then."""
EVERY_S = 2.0
AROUND = 10
"""Samples whose median counts, at each end."""
SAID = ("gdzie jest moja paczka", "o której jutro otwieracie", "chcę rozmawiać z konsultantem")

Life = Callable[[PhoneCall, random.Random], Awaitable[None]]


async def says_nothing(call: PhoneCall, dice: random.Random) -> None:
    """Hangs up at once, or in the greeting."""
    await asyncio.sleep(dice.uniform(0, 4))


async def speaks(call: PhoneCall, dice: random.Random) -> None:
    """Interrupts the greeting and hangs up somewhere between question and answer."""
    await call.until_speaking()
    await asyncio.sleep(3.0)
    await call.say(dice.choice(SAID))
    await asyncio.sleep(dice.uniform(0, 3))


async def presses(call: PhoneCall, dice: random.Random) -> None:
    """A flood of keys, and gone."""
    await call.until_speaking()
    await call.caller.press("".join(dice.choices("123456789*", k=12)))
    await asyncio.sleep(dice.uniform(0, 1))


async def wants_a_person(call: PhoneCall, dice: random.Random) -> None:
    """Goes to the queue."""
    await call.until_speaking()
    await call.caller.press("0")
    await asyncio.sleep(dice.uniform(0, 6))


LIVES: tuple[Life, ...] = (says_nothing, speaks, speaks, presses, wants_a_person)


async def open_things(phone: Phone) -> dict[str, float]:
    """The gateway's own count of its calls, tasks and files."""
    url = f"http://127.0.0.1:{phone.settings.voice_port}/metrics"
    async with aiohttp.ClientSession() as http, http.get(url) as answer:
        lines = (await answer.text()).splitlines()
    pairs = [line.rsplit(" ", 1) for line in lines if line and not line.startswith("#")]
    values = {name: float(value) for name, value in pairs}
    return {
        "calls": sum(v for name, v in values.items() if name.startswith("frontline_phone_calls{")),
        "tasks": values["frontline_voice_tasks"],
        "files": values["process_open_fds"],
    }


async def soak(phone: Phone, gateway: psutil.Process, count: int) -> dict[str, float]:
    """Place the calls."""
    before = await open_things(phone)
    samples: list[tuple[int, float]] = []
    done, failed, slots, began = 0, 0, asyncio.Semaphore(AT_ONCE), time.monotonic()

    async def one(number: int) -> None:
        nonlocal done, failed
        dice = random.Random(number)
        async with slots:
            try:
                async with phone.call() as call:
                    await LIVES[number % len(LIVES)](call, dice)
            except (AssertionError, TimeoutError, OSError) as error:
                failed += 1
                print(f"call {number}: {error!r}", file=sys.stderr)
            done += 1

    async def look() -> None:
        while True:
            samples.append((done, gateway.memory_info().rss / 2**20))
            await asyncio.sleep(EVERY_S)

    looking = asyncio.create_task(look())
    await asyncio.gather(*(one(number) for number in range(count)))
    took = time.monotonic() - began

    async def is_quiet() -> bool:
        now = await open_things(phone)
        return now["calls"] == 0 and now["tasks"] <= before["tasks"]

    try:
        await eventually(is_quiet, 60)
    except TimeoutError:
        print("tasks are left", file=sys.stderr)
    await asyncio.sleep(AROUND * EVERY_S)
    looking.cancel()
    after = await open_things(phone)
    warm = [rss for calls, rss in samples if calls >= min(WARM, count // 2)]
    first, last = statistics.median(warm[:AROUND]), statistics.median(warm[-AROUND:])
    return {
        "calls": count,
        "failed": failed,
        "seconds": took,
        "rss_warm_mb": first,
        "rss_end_mb": last,
        "rss_growth_percent": 100 * (last / first - 1),
        "calls_left": after["calls"],
        "tasks_left": after["tasks"] - before["tasks"],
        "files_left": after["files"] - before["files"],
    }


async def measure(settings: Settings, gateway: psutil.Process, count: int) -> dict[str, float]:
    """The figures of a run."""
    async with open_parts(settings) as parts:
        phone = Phone(settings, parts)
        async with phone.call() as call:  # everything has been used once
            await call.until_speaking()
        await asyncio.sleep(3)
        return await soak(phone, gateway, count)


def main() -> None:
    """Run the calls."""
    arguments = sys.argv[1:]
    count = int(arguments[arguments.index("--calls") + 1]) if "--calls" in arguments else CALLS
    given = voice_settings(demo_models())
    with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder), **given) as stack:
        settings = settings_of_run(Settings(data_dir=stack.data_dir))
        metrics = asyncio.run(measure(settings, stack.service("voice"), count))
    notes = f"{AT_ONCE} at once; memory from call {WARM} on; files: descriptors and sockets"
    report("phone_soak", metrics, {}, notes)


if __name__ == "__main__":
    main()
