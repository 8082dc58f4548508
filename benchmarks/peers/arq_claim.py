"""Claims of a real arq worker; run by `benchmarks/queue.py` in an environment of its own.

A claim is what arq does until a job is its own: ZRANGEBYSCORE for the earliest job, then WATCH,
EXISTS, ZSCORE and MULTI … PSETEX for the mark that keeps others off. The job then runs to its end,
which is not in the time. The worker reads one job at a time, its cheapest way.

Arguments: socket of Redis, comma-separated numbers of waiting jobs, claims to measure for each.
Prints JSON: number of waiting jobs -> milliseconds of each claim.
"""

import asyncio
import json
import sys
import time
from typing import Any

import uvloop
from arq import create_pool  # type: ignore[import-not-found]
from arq.connections import RedisSettings  # type: ignore[import-not-found]
from arq.constants import default_queue_name, job_key_prefix  # type: ignore[import-not-found]
from arq.jobs import serialize_job  # type: ignore[import-not-found]
from arq.worker import Worker, func  # type: ignore[import-not-found]


async def take(_context: dict[str, Any]) -> None:
    """A job with nothing to do."""


async def add(pool: Any, first: int, last: int) -> None:
    """Jobs as `enqueue_job` writes them, many at a time."""
    now = int(time.time() * 1000)
    job = serialize_job("take", (), {}, None, now)
    for start in range(first, last, 5000):
        pipe = pool.pipeline(transaction=False)
        for number in range(start, min(last, start + 5000)):
            pipe.set(f"{job_key_prefix}{number:08d}", job)
            pipe.zadd(default_queue_name, {f"{number:08d}": now - 10_000_000 + number})
        await pipe.execute()


async def measure(socket: str, sizes: list[int], claims: int) -> dict[int, list[float]]:
    """Milliseconds of each claim, with so many waiting."""
    pool = await create_pool(RedisSettings(unix_socket_path=socket))
    worker = Worker(
        functions=[func(take, name="take", keep_result=0)],
        redis_pool=pool,
        handle_signals=False,
        queue_read_limit=1,
        max_jobs=1,
    )
    found: dict[int, list[float]] = {}
    known = 0
    for size in sizes:
        times = found[size] = []
        waiting = await pool.zcard(default_queue_name)
        await add(pool, known, known + size - waiting)
        known += size - waiting
        for number in range(claims + 100):
            start = time.perf_counter()
            await worker._poll_iteration()
            elapsed = (time.perf_counter() - start) * 1000
            if len(worker.tasks) != 1:
                raise RuntimeError("nothing was claimed")
            await asyncio.gather(*worker.tasks.values())
            worker.tasks.clear()
            await add(pool, known, known + 1)
            known += 1
            if number >= 100:
                times.append(elapsed)
    await pool.aclose()
    return found


if len(sys.argv) == 4:
    sizes = [int(size) for size in sys.argv[2].split(",")]
    print(json.dumps(uvloop.run(measure(sys.argv[1], sizes, int(sys.argv[3])))))
