"""SQL decides: whatever Redis lost or invented, it agrees afterwards."""

from typing import Any

import msgspec
import pytest

from frontline.redis import Redis
from handoff.case import CaseState
from handoff.queue import CaseQueue, Offer
from tests.handoff.queue.made import CHAT, COMPLAINTS, held, later, made, seat


async def test_a_wiped_redis_is_filled_again(queue: CaseQueue) -> None:
    waiting = [made(n) for n in range(3)]
    ringing = held(made(), "ania", CaseState.OFFERED)
    talking = held(made(), "bartek", CaseState.ON_HOLD)
    with_bot = made(state=CaseState.BOT)
    everything = [*waiting, ringing, talking, with_bot]
    assert await queue.mend(everything) == 5
    assert await queue.waiting() == [case.id for case in waiting]
    assert await queue.loads() == {"ania": {"chat": 1}, "bartek": {"chat": 1}}
    assert await queue.mend(everything) == 0


async def test_what_sql_does_not_have_open_is_forgotten(queue: CaseQueue) -> None:
    over, moved = made(), made()
    await queue.put(over)
    await queue.put(moved)
    assert await queue.mend([later(moved, skill="complaints")], grace_s=0) == 2
    assert await queue.waiting() == [moved.id]
    assert [line.route for line in await queue.lines()] == [COMPLAINTS]


async def test_what_is_newer_than_the_reading_of_sql_is_left_alone(queue: CaseQueue) -> None:
    old, offered = made(1), made(2)
    await queue.put(later(old, skill="complaints"))
    await queue.put(offered)
    await queue.put(made(3))
    assert await queue.offer(seat("ania", CHAT)) == Offer(offered.id, 1)
    assert await queue.mend([old, offered]) == 0
    assert len(await queue.waiting()) == 2
    assert await queue.mend([old, offered], grace_s=0) == 3
    assert await queue.waiting() == [old.id, offered.id]


async def test_an_offer_that_sql_refused_is_taken_back(queue: CaseQueue) -> None:
    case = made()
    await queue.put(case)
    await queue.offer(seat("ania"))
    assert await queue.mend_one(case)
    assert await queue.waiting() == [case.id]
    assert await queue.loads() == {}


async def test_one_case_is_mended_even_if_redis_has_a_newer_one(queue: CaseQueue) -> None:
    case = made()
    await queue.put(msgspec.structs.replace(case, rev=9, state=CaseState.CLOSED))
    assert not await queue.put(case)
    assert await queue.mend_one(case)
    assert await queue.waiting() == [case.id]


@pytest.mark.parametrize(
    "damage",
    [
        ("zrem", "r:pl|general|chat|1", "waiting"),
        ("zrem", "leases", "talking"),
        ("hdel", "cases", "waiting"),
        ("hdel", "cases", "talking"),
        ("hset", "loads", "ania|chat", 7),
        ("hset", "loads", "nobody|chat", 1),
        ("srem", "routes", "pl|general|chat|1"),
        ("zadd", "offers", {"waiting": 1}),
        ("zadd", "r:pl|general|chat|1", {"waiting": 1}),
        ("zadd", "r:pl|general|chat|1", {"talking": 1}),
        ("zadd", "leases", {"nothing": 1}),
        ("flush",),
    ],
    ids=str,
)
async def test_every_damage_is_mended(
    live: Redis, queue: CaseQueue, damage: tuple[str, ...]
) -> None:
    waiting = made(id="waiting")
    talking = held(made(id="talking"), "ania")
    for case in (waiting, talking):
        await queue.put(case, hold_s=3600)
    before = await everything(live, queue)
    async with live.commands() as client:
        if damage[0] == "flush":
            await client.delete(*before)
        else:
            await getattr(client, damage[0])(*key_of(queue, damage))
    assert await queue.mend([waiting, talking]) >= 1
    assert await everything(live, queue) == before
    assert await queue.mend([waiting, talking]) == 0


def key_of(queue: CaseQueue, damage: tuple[str, ...]) -> list[object]:
    return [queue._key(damage[1]), *damage[2:]]


async def everything(live: Redis, queue: CaseQueue) -> dict[str, Any]:
    """What is in Redis, but for times and tombstones."""
    cases, loads, offers, leases, line, routes = (
        queue._key(name)
        for name in ("cases", "loads", "offers", "leases", "r:pl|general|chat|1", "routes")
    )
    async with live.commands() as client:
        rows: Any = await client.hgetall(cases)
        records = {case_id: msgspec.json.decode(raw) for case_id, raw in rows.items()}
        return {
            cases: {
                case_id: record | {"at": 0, "prefer_until": 0}
                for case_id, record in records.items()
                if record["state"] != "gone"
            },
            loads: await client.hgetall(loads),
            offers: set(await client.zrange(offers, 0, -1)),
            leases: set(await client.zrange(leases, 0, -1)),
            line: await client.zrange(line, 0, -1, withscores=True),
            routes: await client.smembers(routes),
        }
