import asyncio

import pytest

from frontline.errors import SettingsError, UnavailableError
from frontline.redis import Redis, Script
from tests.common.servers import RedisServer


@pytest.mark.parametrize(
    "url",
    [
        "redis+cluster://localhost",
        "redis+cluster://localhost:a",
        "redis+sentinel://:26379/frontline",
        "redis+sentinel://localhost:26379",
        "redis+sentinel://localhost:26379,/frontline",
    ],
)
def test_a_url_without_a_host_port_or_service_is_refused(url: str) -> None:
    with pytest.raises(SettingsError):
        Redis(url)


def test_credentials_hosts_and_database_of_a_sentinel_url() -> None:
    redis = Redis("rediss+sentinel://desk:p%40ss@one:1,[::1]:2/frontline/3")
    options = redis.client.connection_pool.connection_kwargs
    assert (options["username"], options["password"], options["db"]) == ("desk", "p@ss", 3)
    hosts = [
        tuple(sentinel.connection_pool.connection_kwargs[name] for name in ("host", "port"))
        for sentinel in redis._closing
    ]
    assert hosts == [("one", 1), ("::1", 2)]


async def test_a_script_runs_on_a_server_that_has_never_seen_it(redis: RedisServer) -> None:
    client = Redis(redis.url)
    script = Script("return {KEYS[1], ARGV[1]}")
    assert await client.run(script, ["{a}"], [1.5]) == ["{a}", "1.5"]
    async with client.commands() as commands:
        await commands.script_flush()
    assert await client.run(script, ["{a}"], [2]) == ["{a}", "2"]
    await client.close()


async def test_a_script_that_fails_is_unavailable(redis: RedisServer) -> None:
    client = Redis(redis.url)
    with pytest.raises(UnavailableError):
        await client.run(Script("return redis.call('GET')"), [], [])
    await client.close()


async def test_wakes_come_on_their_own_channels(redis: RedisServer) -> None:
    client = Redis(redis.url)
    heard: list[tuple[str, str]] = []

    async def listen(kind: str) -> None:
        messages = client.wakes() if kind == "wake" else client.queue_wakes()
        async for message in messages:
            heard.append((kind, message))  # noqa: PERF401  it never ends

    listeners = [asyncio.create_task(listen(kind)) for kind in ("wake", "queue")]
    async with asyncio.timeout(5):
        while len({kind for kind, _ in heard}) < 2:
            await client.wake("turn")
            await client.wake_queue("pl|general|chat|1")
            await asyncio.sleep(0.01)
    for listener in listeners:
        listener.cancel()
    await asyncio.gather(*listeners, return_exceptions=True)
    assert set(heard) == {("wake", "turn"), ("queue", "pl|general|chat|1")}
    await client.close()
