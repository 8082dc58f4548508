import asyncio
import time
from collections.abc import Callable

import pytest

from frontline.errors import UnavailableError
from frontline.ids import new_id
from frontline.redis import Redis
from handoff.case import Case
from handoff.queue import CaseQueue
from tests.common.redis_servers import OneRedis, RedisWithSentinels, folder_of_nodes
from tests.handoff.queue.made import CALLS, CHAT, COMPLAINTS, made, seat


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110  tasks of the test make it true
            await asyncio.sleep(0.01)


class Producers:
    """Write cases to SQL (a list) and then to Redis, until told to stop."""

    def __init__(self, queue: CaseQueue) -> None:
        self.queue = queue
        self.sql: list[Case] = []
        self.told: list[Case] = []
        self.unavailable = 0
        self._stopped = False

    async def produce(self) -> None:
        while not self._stopped:
            route = (CHAT, COMPLAINTS, CALLS)[len(self.sql) % 3]
            case = made(len(self.sql), route)
            self.sql.append(case)
            try:
                await self.queue.put(case)
                self.told.append(case)
            except UnavailableError:
                self.unavailable += 1
                await asyncio.sleep(0.05)

    async def start(self) -> list[asyncio.Task[None]]:
        tasks = [asyncio.create_task(self.produce()) for _ in range(8)]
        await until(lambda: len(self.told) >= 300)
        return tasks

    async def stop(self, tasks: list[asyncio.Task[None]]) -> None:
        self._stopped = True
        await asyncio.gather(*tasks)


async def test_killed_in_the_middle_of_puts_redis_loses_nothing_it_has_taken() -> None:
    with folder_of_nodes() as folder:
        server = OneRedis(folder)
        redis = Redis(server.url)
        producers = Producers(CaseQueue(redis, new_id()))
        tasks = await producers.start()
        server.nodes[0].kill()
        await until(lambda: producers.unavailable >= 8)
        await producers.stop(tasks)
        server.nodes[0].start()
        kept = await producers.queue.waiting()
        assert {case.id for case in producers.told} <= set(kept)
        missing = len(producers.sql) - len(kept)
        assert missing > 0
        assert await producers.queue.mend(producers.sql) == missing
        assert await producers.queue.waiting() == [case.id for case in producers.sql]
        assert await producers.queue.offer(seat("ania", CHAT, COMPLAINTS, CALLS))
        await redis.close()


async def test_through_a_failover_nothing_is_lost_that_sql_has() -> None:
    with folder_of_nodes() as folder:
        servers = RedisWithSentinels(folder)
        redis = Redis(servers.url)
        producers = Producers(CaseQueue(redis, new_id()))
        tasks = await producers.start()
        servers.kill_master()
        told = len(producers.told)
        await asyncio.to_thread(servers.wait_for_new_master)
        await until(lambda: len(producers.told) >= told + 100)
        await producers.stop(tasks)
        await producers.queue.mend(producers.sql, grace_s=0)
        assert producers.unavailable > 0
        assert await producers.queue.waiting() == [case.id for case in producers.sql]
        await redis.close()


@pytest.mark.parametrize(
    "url",
    [
        "redis://127.0.0.1:9",
        "unix:///nonexistent/redis.sock",
        "redis+cluster://127.0.0.1:9,127.0.0.1:13",
        "redis+sentinel://127.0.0.1:9,127.0.0.1:13/frontline",
    ],
)
async def test_that_redis_is_down_is_known_at_once(url: str) -> None:
    redis = Redis(url)
    queue = CaseQueue(redis)
    start = time.monotonic()
    calls = (
        queue.put(made()),
        queue.offer(seat()),
        queue.heartbeat("ania", {"case": 1}),
        queue.exclude("case", "ania", 1),
        queue.expired(),
        queue.waiting(),
        queue.lines(),
        queue.loads(),
        queue.mend_one(made()),
        queue.mend([]),
    )
    for call in calls:
        with pytest.raises(UnavailableError):
            await call
    assert time.monotonic() - start < 0.5 * len(calls)
    await redis.close()
