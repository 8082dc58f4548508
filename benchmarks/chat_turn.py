"""A customer's turn on the web chat: from the browser's socket to the bot's reply and back.

Starts a front line of its own and talks to it as browsers do. Side by side, in the same run: Rasa's
default pipeline and policies behind its REST channel (`--no-peer` leaves it out; training it once
takes some minutes).
"""

import asyncio
import contextlib
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
from aiohttp import web

from actions.shop.demo import CONTACT
from benchmarks.peer import measure_peer, running_peer
from benchmarks.report import percentile, report
from tests.common.dialogue import Customer
from tests.common.stack import Stack, free_port, running_stack
from web_chat.client import ChatClient

DIALOGUE = (
    "Gdzie jest moja paczka?",
    "ZA-2026-104731",
    "00-950",
    "O której jutro otwieracie?",
    "Dziękuję",
    "Jaki jest status zamówienia 104731?",
)
STATUS = DIALOGUE[-1]
SLOW = "Jaki jest wasz adres?"


async def _timed(customer: Customer, text: str) -> float:
    """Milliseconds from sending `text` to the first word of the bot's answer."""
    start = time.perf_counter()
    client_id = await customer.client.say(text)
    await customer.hear("turn", client_id=client_id)
    await customer.hear("turn", author="bot")
    elapsed = (time.perf_counter() - start) * 1000
    await customer.hear("typing", author="bot", on=False)
    return elapsed


async def _one_customer(stack: Stack, rounds: int) -> tuple[list[float], list[float]]:
    """Times of all turns, and of the order status told from SQL."""
    turns: list[float] = []
    status: list[float] = []
    for _ in range(rounds):
        async with ChatClient(stack.url) as client:
            customer = Customer(client)
            await customer.hear("turn", author="bot")
            turns += [await _timed(customer, text) for text in DIALOGUE]
            status += [await _timed(customer, STATUS) for _ in range(4)]
    return turns, status


async def _many_customers(stack: Stack, customers: int, rounds: int) -> tuple[list[float], int]:
    times: list[float] = []
    errors = 0

    async def converse() -> None:
        nonlocal errors
        for _ in range(rounds):
            async with ChatClient(stack.url) as client:
                customer = Customer(client)
                await customer.hear("turn", author="bot")
                times.extend([await _timed(customer, text) for text in DIALOGUE])
                errors += sum("kłopot techniczny" in turn["text"] for turn in customer.turns)

    await asyncio.gather(*(converse() for _ in range(customers)))
    return times, errors


async def _long_conversations(stack: Stack, rounds: int = 5) -> tuple[float, float]:
    """Medians, over some conversations, of their turn 1 and their turn 60."""
    firsts, lasts = [], []
    for _ in range(rounds):
        async with ChatClient(stack.url) as client:
            customer = Customer(client)
            await customer.hear("turn", author="bot")
            times = [await _timed(customer, "O której otwieracie?") for _ in range(60)]
        firsts.append(times[0])
        lasts.append(times[-1])
    return statistics.median(firsts), statistics.median(lasts)


@contextlib.asynccontextmanager
async def _slow_shop(port: int) -> AsyncIterator[None]:
    """A shop's API that takes 100 ms to tell its address (docs/dev/shop-api.md)."""

    async def contact(_request: web.Request) -> web.Response:
        await asyncio.sleep(0.1)
        return web.Response(body=msgspec.json.encode(CONTACT), content_type="application/json")

    app = web.Application()
    app.router.add_get("/contact", contact)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield
    finally:
        await runner.cleanup()


async def measure_slow_action(stack: Stack, shop_port: int, rounds: int = 8) -> dict[str, float]:
    """Milliseconds until two messages sent at the same moment are answered by a 100 ms action."""
    times = []
    async with _slow_shop(shop_port):
        for _ in range(rounds):
            async with ChatClient(stack.url) as client:
                customer = Customer(client)
                await customer.hear("turn", author="bot")
                await _timed(customer, SLOW)
                start = time.perf_counter()
                for _ in range(2):
                    await customer.client.say(SLOW)
                for _ in range(2):
                    await customer.hear("typing", author="bot", on=False)
                times.append((time.perf_counter() - start) * 1000)
                if sum(CONTACT.street in turn["text"] for turn in customer.turns) != 3:
                    raise RuntimeError(f"not answered by the slow shop: {customer.turns}")
    return {"two_at_once_p50_ms": percentile(times, 50), "two_at_once_worst_ms": max(times)}


async def measure(stack: Stack) -> dict[str, float]:
    """All figures of one front line."""
    await _one_customer(stack, 2)  # warm
    turns, status = await _one_customer(stack, 8)
    first, last = await _long_conversations(stack)
    crowd, errors = await _many_customers(stack, 16, 3)
    return {
        "p50_ms": percentile(status, 50),
        "p95_ms": percentile(status, 95),
        "all_turns_p50_ms": percentile(turns, 50),
        "all_turns_p95_ms": percentile(turns, 95),
        "c16_p50_ms": percentile(crowd, 50),
        "c16_p95_ms": percentile(crowd, 95),
        "c16_errors": errors,
        "turn_1_ms": first,
        "turn_60_ms": last,
        "turn_60_over_turn_1": last / first,
        "rss_mb": stack.service("rasa").memory_info().rss / 2**20,
    }


def main() -> None:
    """Measure and print."""
    peer: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="fl-") as name:
        folder = Path(name)
        with running_stack(folder / "data", messages_per_10s="200") as stack:
            metrics = asyncio.run(measure(stack))
            if "--no-peer" not in sys.argv[1:]:
                port = free_port()
                with running_peer(folder, port, stack.state.settings["actions_url"]) as process:
                    peer = asyncio.run(measure_peer(port, process, DIALOGUE))
        shop_port = free_port()
        slow = {"shop": "http", "shop_api_url": f"http://127.0.0.1:{shop_port}"}
        with running_stack(folder / "slow", **slow) as stack:
            metrics |= asyncio.run(measure_slow_action(stack, shop_port))
    notes = "peer: rasa init's pipeline and policies, its REST channel, our actions, memory stores"
    report("chat_turn", metrics, peer, notes)


if __name__ == "__main__":
    main()
