import asyncio
import time

import pytest
from rasa.core.lock_store import LockError
from redis.exceptions import RedisError

import lock_store
from lock_store import PREFIX, RedisLockStore


async def test_messages_of_one_conversation_follow_each_other_in_order(redis_server):
    store = RedisLockStore(url=redis_server.url)
    order = []

    async def message(number):
        async with store.lock("c1"):
            order.append((number, "in"))
            await asyncio.sleep(0)
            order.append((number, "out"))

    await asyncio.gather(*(message(n) for n in range(5)))
    assert order == [(n, way) for n in range(5) for way in ("in", "out")]
    assert store._waiting == {} == store._unsure


async def test_conversations_do_not_wait_for_each_other(redis_server):
    store = RedisLockStore(url=redis_server.url)
    async with store.lock("c1"), store.lock("c2"):
        assert await store._redis.exists(PREFIX + "c1", PREFIX + "c2") == 2
    assert await store._redis.exists(PREFIX + "c1", PREFIX + "c2") == 0


async def test_another_process_waits_no_longer_than_it_must(redis_server):
    ours, theirs = RedisLockStore(url=redis_server.url), RedisLockStore(url=redis_server.url)
    released = asyncio.Event()

    async def other():
        async with theirs.lock("c1"):
            assert released.is_set()
            return time.monotonic()

    async with ours.lock("c1"):
        waiting = asyncio.create_task(other())
        await asyncio.sleep(0.05)
        released.set()
    freed = time.monotonic()
    assert await waiting - freed < 0.2


async def test_a_busy_conversation_is_refused_in_the_end(redis_server, monkeypatch):
    monkeypatch.setattr(lock_store, "WAIT_S", 0.05)
    ours, theirs = RedisLockStore(url=redis_server.url), RedisLockStore(url=redis_server.url)
    async with ours.lock("c1"):
        with pytest.raises(LockError):
            async with theirs.lock("c1"):
                pytest.fail("two held the lock")
        with pytest.raises(LockError):
            async with ours.lock("c1"):
                pytest.fail("two held the lock")


async def test_a_lock_of_a_killed_process_expires(redis_server, monkeypatch):
    monkeypatch.setattr(lock_store, "LIFE_S", 0.1)
    store = RedisLockStore(url=redis_server.url)
    await store._redis.set(PREFIX + "c1", "somebody", px=100)
    async with store.lock("c1"):
        assert await store._redis.get(PREFIX + "c1") != b"somebody"


async def test_the_lock_of_another_is_never_given_back(redis_server):
    store = RedisLockStore(url=redis_server.url)
    async with store.lock("c1"):
        await store._redis.set(PREFIX + "c1", "somebody")
    assert await store._redis.get(PREFIX + "c1") == b"somebody"


async def test_a_lock_taken_without_an_answer_is_given_back_first(redis_server):
    store = RedisLockStore(url=redis_server.url)
    store._unsure[PREFIX + "c1"] = "token"
    await store._redis.set(PREFIX + "c1", "token")
    async with store.lock("c1"):
        assert await store._redis.get(PREFIX + "c1") != b"token"


async def test_an_error_inside_frees_the_conversation(redis_server):
    store = RedisLockStore(url=redis_server.url)
    with pytest.raises(ZeroDivisionError):
        async with store.lock("c1"):
            raise ZeroDivisionError
    assert await store._redis.exists(PREFIX + "c1") == 0


async def test_an_outage_is_an_error_and_ends_by_itself(redis_server):
    store = RedisLockStore(url=redis_server.url)
    redis_server.stop()
    with pytest.raises((RedisError, OSError)):
        async with store.lock("c1"):
            pytest.fail("held without Redis")
    redis_server.start()
    async with store.lock("c1"):
        assert await store._redis.exists(PREFIX + "c1") == 1
