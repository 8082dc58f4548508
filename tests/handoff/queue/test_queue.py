import asyncio
from datetime import timedelta

import pytest

from frontline.clock import ManualClock
from frontline.redis import Redis
from handoff.case import Case, CaseState
from handoff.queue import CaseQueue, Expired, Line, Offer
from tests.handoff.queue.made import CALLS, CHAT, COMPLAINTS, NOW, held, later, made, seat

HOUR = 3600


async def put_all(queue: CaseQueue, *cases: Case) -> None:
    for case in cases:
        assert await queue.put(case)


async def offers(queue: CaseQueue, agent: str = "ania", count: int = 3) -> list[str]:
    found = [await queue.offer(seat(agent, CHAT, COMPLAINTS, chat=99)) for _ in range(count)]
    return [offer.case_id for offer in found if offer]


async def test_the_earliest_due_is_offered_first_in_whichever_line_it_waits(
    queue: CaseQueue,
) -> None:
    third, first, second = made(30), made(10), made(20, COMPLAINTS)
    await put_all(queue, third, first, second)
    assert await queue.waiting() == [first.id, second.id, third.id]
    assert await offers(queue) == [first.id, second.id, third.id]


async def test_of_equally_due_the_one_that_came_first_is_offered_first(queue: CaseQueue) -> None:
    first, second, third = made(), made(route=COMPLAINTS), made()
    await put_all(queue, third, second, first)
    assert await offers(queue) == [first.id, second.id, third.id]


async def test_an_offer_carries_the_next_fence_and_is_made_once(queue: CaseQueue) -> None:
    case = made(fence=6)
    await queue.put(case)
    assert await queue.offer(seat("ania")) == Offer(case.id, 7)
    assert await queue.offer(seat("bartek")) is None
    assert await queue.waiting() == []
    assert await queue.loads() == {"ania": {"chat": 1}}


async def test_only_lines_of_the_seat_are_looked_at(queue: CaseQueue) -> None:
    await queue.put(made(route=COMPLAINTS))
    assert await queue.offer(seat("ania", CHAT)) is None


async def test_nobody_gets_more_than_they_have_room_for(queue: CaseQueue) -> None:
    await put_all(queue, *(made() for _ in range(4)))
    got = [await queue.offer(seat(chat=2)) for _ in range(4)]
    assert [offer is not None for offer in got] == [True, True, False, False]
    assert await queue.offer(seat(chat=0, voice=0)) is None


async def test_a_case_that_is_over_makes_room_again(queue: CaseQueue) -> None:
    first, second = made(1), made(2)
    await put_all(queue, first, second)
    await queue.offer(seat(chat=1))
    await put_all(queue, held(first, "ania"))
    assert await queue.offer(seat(chat=1)) is None
    await put_all(queue, later(held(first, "ania"), state=CaseState.CLOSED))
    assert await queue.offer(seat(chat=1)) == Offer(second.id, 1)


async def test_with_a_call_an_agent_holds_nothing_else(queue: CaseQueue) -> None:
    call, chat = made(1, CALLS), made(2)
    await put_all(queue, call, chat)
    both = seat("ania", CALLS, CHAT)
    assert await queue.offer(both) == Offer(call.id, 1)
    assert await queue.offer(both) is None


async def test_no_call_while_anything_else_is_held(queue: CaseQueue) -> None:
    chat, call, second = made(1), made(2, CALLS), made(3)
    await put_all(queue, chat, call, second)
    both = seat("ania", CALLS, CHAT)
    assert await queue.offer(both) == Offer(chat.id, 1)
    assert await queue.offer(both) == Offer(second.id, 1)
    assert await queue.offer(both) is None


async def test_who_declined_is_offered_the_next_case_and_others_the_declined_one(
    queue: CaseQueue,
) -> None:
    first, second = made(1), made(2)
    await put_all(queue, first, second)
    await queue.offer(seat("ania"))
    await put_all(queue, later(first, fence=2))
    await queue.exclude(first.id, "ania", HOUR)
    assert await queue.waiting() == [first.id, second.id]
    assert await queue.offer(seat("ania")) == Offer(second.id, 1)
    assert await queue.offer(seat("bartek")) == Offer(first.id, 3)


async def test_an_exclusion_ends(queue: CaseQueue) -> None:
    case = made()
    await queue.put(case)
    await queue.exclude(case.id, "ania", HOUR)
    await queue.exclude(case.id, "ania", 0)
    assert await queue.offer(seat("ania")) == Offer(case.id, 1)


async def test_a_preferred_agent_has_the_case_to_themselves_for_a_while(live: Redis) -> None:
    clock = ManualClock(NOW)
    queue = CaseQueue(live, tenant=made().id, clock=clock)
    case = made(1, preferred_agent="ania", preferred_until=NOW + timedelta(seconds=20))
    other = made(2)
    await put_all(queue, case, other)
    assert await queue.offer(seat("bartek")) == Offer(other.id, 1)
    assert await queue.offer(seat("ania")) == Offer(case.id, 1)
    again = later(case, fence=2)
    clock.advance(20)
    await put_all(queue, again)
    assert await queue.offer(seat("bartek")) == Offer(case.id, 3)


async def test_back_at_its_own_place(queue: CaseQueue) -> None:
    cases = [made(n) for n in range(5)]
    await put_all(queue, *cases)
    await queue.offer(seat())
    await put_all(queue, held(cases[0], "ania"))
    await put_all(queue, later(held(cases[0], "ania"), state=CaseState.QUEUED, agent_id=None))
    assert await queue.waiting() == [case.id for case in cases]
    assert await queue.loads() == {}


async def test_putting_again_changes_nothing(queue: CaseQueue) -> None:
    case = made()
    await put_all(queue, case, case)
    assert await queue.waiting() == [case.id]
    await queue.offer(seat(), ring_s=HOUR)
    await put_all(queue, case)
    assert await queue.waiting() == []
    active = held(case, "ania")
    await queue.put(active, hold_s=HOUR)
    await queue.put(active, hold_s=0)
    assert await queue.expired() == []
    assert await queue.loads() == {"ania": {"chat": 1}}


async def test_a_late_put_does_not_undo_a_newer_one_nor_revive_what_is_over(
    queue: CaseQueue,
) -> None:
    waiting = made()
    active = held(waiting, "ania")
    closed = later(active, state=CaseState.CLOSED)
    await put_all(queue, active)
    assert not await queue.put(waiting)
    assert await queue.waiting() == []
    await put_all(queue, closed)
    assert not await queue.put(active)
    assert await queue.loads() == {}
    assert await queue.put(later(closed, state=CaseState.QUEUED))
    assert await queue.waiting() == [waiting.id]


async def test_a_tombstone_is_dropped_in_the_end(live: Redis) -> None:
    queue = CaseQueue(live, tenant=made().id, tombstone_s=0)
    closed = made(rev=7, state=CaseState.CLOSED)
    await put_all(queue, closed)
    await queue.put(made())
    async with live.commands() as client:
        assert await client.hexists(queue._key("cases"), closed.id) is False
    assert await queue.mend([]) == 0


async def test_a_case_that_moves_to_another_line_waits_in_one(queue: CaseQueue) -> None:
    case = made(5)
    await put_all(queue, case, later(case, skill="complaints"))
    due_ms = round(case.due_at.timestamp() * 1000)
    assert await queue.lines() == [Line(COMPLAINTS, 1, due_ms)]
    assert await queue.offer(seat("ania", CHAT)) is None
    assert await queue.offer(seat("ania", COMPLAINTS)) == Offer(case.id, 1)
    assert await queue.lines() == []


async def test_a_case_that_goes_from_hand_to_hand_counts_once(queue: CaseQueue) -> None:
    case = held(made(), "ania")
    await put_all(queue, case)
    await put_all(queue, later(case, state=CaseState.ON_HOLD))
    await put_all(queue, later(later(case), state=CaseState.ACTIVE, agent_id="bartek", fence=2))
    assert await queue.loads() == {"bartek": {"chat": 1}}


@pytest.mark.parametrize("state", [CaseState.ACTIVE, CaseState.ON_HOLD, CaseState.WRAP_UP])
async def test_time_that_has_run_out_is_told_until_somebody_decides(
    queue: CaseQueue, state: CaseState
) -> None:
    ringing, talking = made(), held(made(), "bartek", state)
    await put_all(queue, ringing)
    await queue.offer(seat("ania"), ring_s=0)
    await queue.put(talking, hold_s=0)
    over = [
        Expired(ringing.id, 1, "ania", "offer"),
        Expired(talking.id, 1, "bartek", "lease"),
    ]
    assert await queue.expired() == over
    assert await queue.expired() == over
    await put_all(queue, later(ringing, fence=2))
    assert await queue.expired() == over[1:]


async def test_a_sign_of_life_prolongs_what_is_held_under_the_newest_fence(
    queue: CaseQueue,
) -> None:
    mine, given_away, unknown = held(made(), "ania"), held(made(), "ania"), made()
    for case in (mine, given_away):
        await queue.put(case, hold_s=0)
    await queue.put(later(given_away, agent_id="bartek", fence=2), hold_s=0)
    lost = await queue.heartbeat("ania", {mine.id: 1, given_away.id: 1, unknown.id: 1})
    assert lost == {given_away.id, unknown.id}
    assert [gone.case_id for gone in await queue.expired()] == [given_away.id]
    assert await queue.heartbeat("bartek", {given_away.id: 1}) == {given_away.id}
    assert len(await queue.expired()) == 1
    assert await queue.heartbeat("bartek", {given_away.id: 2}) == set()
    assert await queue.expired() == []
    assert await queue.heartbeat("celina", {}) == set()


async def test_a_sign_of_life_prolongs_neither_ringing_nor_wrap_up(queue: CaseQueue) -> None:
    ringing = made()
    wrap_up = held(made(), "ania", CaseState.WRAP_UP)
    await put_all(queue, ringing)
    await queue.offer(seat("ania"), ring_s=0)
    await queue.put(wrap_up, hold_s=0)
    assert await queue.heartbeat("ania", {ringing.id: 1, wrap_up.id: 1}) == set()
    assert len(await queue.expired()) == 2


async def test_processes_are_woken_when_a_case_waits(live: Redis, queue: CaseQueue) -> None:
    woken: list[str] = []

    async def listen() -> None:
        async for route in live.queue_wakes():
            woken.append(route)  # noqa: PERF401

    listener = asyncio.create_task(listen())
    try:
        async with asyncio.timeout(5):
            number = 0
            while not woken:
                number += 1
                await queue.put(made(number))
                await asyncio.sleep(0.01)
    finally:
        listener.cancel()
    assert woken[0] == str(CHAT)


async def test_tenants_do_not_see_each_other(live: Redis, queue: CaseQueue) -> None:
    await queue.put(made())
    other = CaseQueue(live, tenant="other" + made().id)
    assert await other.waiting() == []
    assert await other.offer(seat()) is None
