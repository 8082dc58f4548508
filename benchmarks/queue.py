"""Claiming the earliest due case of 24 lines, with 1,000 to 100,000 waiting.

A claim is `CaseQueue.offer` as the dispatcher calls it: one script over a Unix socket, with AOF as
in production. Side by side, on the same Redis: claims of a real arq worker, which has a single
queue and neither lines, capacity nor fences (`benchmarks/peers/arq_claim.py`; uv brings arq into an
environment of its own; `--no-peer` leaves it out).
"""

import asyncio
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import uvloop

from benchmarks.report import percentile, report
from frontline.redis import Redis
from frontline.settings import PROJECT
from handoff.case import Case, Route
from handoff.queue import CaseQueue, Seat
from tests.common.servers import redis_server
from tests.handoff.queue.made import made

ROUTES = tuple(
    Route(language, skill, channel, 1)
    for language in ("pl", "en")
    for skill in ("general", "complaints", "returns", "payments", "technical", "privacy")
    for channel in ("chat", "voice")
)
CHATS = tuple(route for route in ROUTES if route.channel == "chat")
SIZES = {1_000: "1k", 10_000: "10k", 100_000: "100k"}
CLAIMS = 2_000
WARM_UP = 100
ARQ = "arq==0.28.0"
EVERYTHING = {"chat": 10**9, "voice": 1}


class Filler:
    """Keeps a number of cases waiting, spread over the lines and over an hour."""

    def __init__(self, queue: CaseQueue) -> None:
        self._queue = queue
        self.made = 0

    def case(self) -> Case:
        """The next one."""
        self.made += 1
        due_s = (self.made * 7919) % 3600
        return made(due_s, CHATS[self.made % 12] if self.made % 2 else ROUTES[self.made % 24])

    async def add(self, count: int) -> None:
        """So many more."""
        left = iter(range(count))

        async def worker() -> None:
            for _ in left:
                await self._queue.put(self.case())

        await asyncio.gather(*(worker() for _ in range(16)))


async def _claims(queue: CaseQueue, filler: Filler, count: int) -> tuple[list[float], list[float]]:
    """Milliseconds of offers and of puts; as many wait afterwards as before."""
    offers: list[float] = []
    puts: list[float] = []
    for number in range(count + WARM_UP):
        seat = Seat(f"agent {number % 60}", ROUTES, EVERYTHING)
        start = time.perf_counter()
        offer = await queue.offer(seat)
        offered = time.perf_counter()
        if offer is None:
            raise RuntimeError("nothing was offered")
        await queue.put(filler.case())
        if number >= WARM_UP:
            offers.append((offered - start) * 1000)
            puts.append((time.perf_counter() - offered) * 1000)
    return offers, puts


async def _ours(url: str) -> dict[str, float]:
    redis = Redis(url)
    queue = CaseQueue(redis)
    filler = Filler(queue)
    metrics: dict[str, float] = {}
    for size, name in SIZES.items():
        await filler.add(size - len(await queue.waiting()))
        offers, puts = await _claims(queue, filler, CLAIMS)
        metrics[f"claim_{name}_p50_ms"] = percentile(offers, 50)
        metrics[f"claim_{name}_p99_ms"] = percentile(offers, 99)
        metrics[f"put_{name}_p50_ms"] = percentile(puts, 50)
    metrics["growth"] = metrics["claim_100k_p50_ms"] / metrics["claim_1k_p50_ms"]
    metrics["claims_per_s_60_agents"] = await _crowd(queue, 10_000)
    async with redis.commands() as client:
        await client.flushall()
    await redis.close()
    return metrics


async def _crowd(queue: CaseQueue, count: int) -> float:
    """Claims per second by 60 agents at once."""
    left = iter(range(count))

    async def agent(number: int) -> None:
        seat = Seat(f"crowd {number}", ROUTES, EVERYTHING)
        for _ in left:
            await queue.offer(seat)

    start = time.perf_counter()
    await asyncio.gather(*(agent(number) for number in range(60)))
    return count / (time.perf_counter() - start)


def _arq(socket: str) -> dict[str, float]:
    uv = shutil.which("uv") or str(PROJECT / ".tools" / "uv" / "bin" / "uv")
    sizes = ",".join(map(str, SIZES))
    done = subprocess.run(
        [
            *(uv, "run", "--no-project", "--isolated", "--python", sys.executable),
            *("--with", ARQ, "--with", "hiredis", "--with", "uvloop", "python"),
            *(str(Path(__file__).with_name("peers") / "arq_claim.py"), socket, sizes, str(CLAIMS)),
        ],
        stdout=subprocess.PIPE,
        check=True,
    )
    metrics: dict[str, float] = {}
    for size, times in json.loads(done.stdout).items():
        metrics[f"claim_{SIZES[int(size)]}_p50_ms"] = percentile(times, 50)
        metrics[f"claim_{SIZES[int(size)]}_p99_ms"] = percentile(times, 99)
    metrics["growth"] = metrics["claim_100k_p50_ms"] / metrics["claim_1k_p50_ms"]
    return metrics


async def main() -> None:
    """Measure and print."""
    async with redis_server() as server:
        metrics = await _ours(server.url)
        peer = {}
        if "--no-peer" not in sys.argv:
            peer = await asyncio.to_thread(_arq, server.socket)
    notes = (
        f"24 lines, {CLAIMS} claims each, Redis 6.2 with AOF, Unix socket; peer: {ARQ}, one queue"
    )
    report("queue", metrics, peer, notes)


if __name__ == "__main__":
    uvloop.run(main())
