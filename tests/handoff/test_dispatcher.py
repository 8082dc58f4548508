import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from frontline.clock import ManualClock
from handoff import agents
from handoff.app_parts import Parts
from handoff.case import Case, CaseState
from handoff.moves import Actor
from handoff.relay import LEASE_S
from tests.common.servers import RedisServer

Open = Callable[[], Awaitable[Case]]


async def test_an_emptied_redis_is_filled_at_the_next_sweep(parts: Parts, opened: Open) -> None:
    case = await opened()
    for _ in range(3):
        await parts.dispatcher.sweep()
        await parts.dispatcher.carry()
    async with parts.redis.commands() as client:
        await client.flushdb()
    later = await opened()  # Redis is not empty any more, but it lacks the first
    await parts.dispatcher.sweep()
    await parts.dispatcher.carry()
    assert await parts.queue.waiting() == [case.id, later.id]


async def test_a_redis_that_was_away_is_compared_with_sql_when_it_is_back(
    parts: Parts, redis: RedisServer, opened: Open
) -> None:
    case = await opened()
    await parts.dispatcher.sweep()
    await parts.dispatcher.carry()
    redis.kill()
    await parts.dispatcher.sweep()
    await parts.dispatcher.carry()
    assert parts.dispatcher.degraded
    await redis.start()
    async with parts.redis.commands() as client:  # as if its last second was not on its disk
        await client.delete("{q:main}:cases", "{q:main}:routes")
    await parts.dispatcher.sweep()
    await parts.dispatcher.carry()
    assert not parts.dispatcher.degraded
    assert await parts.queue.waiting() == [case.id]


async def test_a_step_that_fails_does_not_keep_the_others_from_being_taken(
    parts: Parts, anna: Actor, opened: Open, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails() -> None:
        raise RuntimeError("one bad row")

    case = await parts.handling.claim((await opened()).id, anna)
    monkeypatch.setattr(parts.dispatcher, "_sign_off", fails)
    clock.advance(LEASE_S + 1)
    await parts.dispatcher.sweep()
    await parts.dispatcher.carry()
    assert (await parts.cases.find(case.id)).state == CaseState.QUEUED


async def test_two_processes_may_close_what_the_bot_had_back_for_long(
    parts: Parts, anna: Actor, opened: Open, clock: ManualClock
) -> None:
    cases = [await parts.handling.claim((await opened()).id, anna) for _ in range(5)]
    for case in cases:
        await parts.handling.give_back(case.id, anna, case.fence, "told")
    clock.advance(25 * 3600)
    day = timedelta(hours=24)
    closed = await asyncio.gather(*(parts.handling.expire_bot_cases(day) for _ in range(3)))
    assert sum(closed) == 5


async def test_who_has_no_room_is_offered_nothing_whatever_redis_has_forgotten(
    parts: Parts, anna: Actor, opened: Open, clock: ManualClock
) -> None:
    async with parts.database.write() as connection:
        await agents.set_presence(connection, anna.id, "available", clock.now())
        room = (await agents.get(connection, anna.id)).capacity["chat"]
    for _ in range(room):
        await parts.handling.claim((await opened()).id, anna)
    await opened()
    async with parts.redis.commands() as client:
        await client.delete("{q:main}:loads")
    assert await parts.dispatcher.match() == 0
    await parts.dispatcher.sweep()
    await parts.dispatcher.carry()
    async with parts.redis.commands() as client:
        assert await client.hgetall("{q:main}:loads") == {f"{anna.id}|chat": str(room)}


async def test_who_has_gone_during_a_long_round_of_offers_is_offered_nothing(
    parts: Parts, anna: Actor, opened: Open, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parts.database.write() as connection:
        await agents.set_presence(connection, anna.id, "available", clock.now())
        at_first = await agents.available(connection, clock.now())
        await agents.set_presence(connection, anna.id, "offline", clock.now())

    async def as_it_was(*_: object) -> list[agents.Agent]:
        return at_first

    monkeypatch.setattr(agents, "available", as_it_was)
    case = await opened()
    assert await parts.dispatcher.match() == 0
    await parts.dispatcher.sweep()
    await parts.dispatcher.carry()
    assert (await parts.cases.find(case.id)).state == CaseState.QUEUED
    assert await parts.queue.waiting() == [case.id]
