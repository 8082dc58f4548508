import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import TypeVar

import msgspec

from handoff.case import Case, CaseState
from handoff.queue import CaseQueue
from tests.handoff.queue.made import CHAT, COMPLAINTS, held, later, made, seat

CASES = int(os.environ.get("FRONTLINE_QUEUE_CASES", "5000"))
AGENTS = 60
STALE = 500
T = TypeVar("T")


async def shared(work: Iterable[T], do: Callable[[T], Awaitable[object]]) -> None:
    left = iter(work)

    async def worker(left: Iterator[T]) -> None:
        for item in left:
            await do(item)

    await asyncio.gather(*(worker(left) for _ in range(32)))


async def test_racing_agents_get_each_case_once_and_reapers_put_each_back_once(
    queue: CaseQueue,
) -> None:
    cases = [made(n % 97, (CHAT, COMPLAINTS)[n % 2]) for n in range(CASES)]
    sql = {case.id: case for case in cases}
    await shared(cases, queue.put)
    assert len(await queue.waiting()) == CASES

    taken: list[tuple[str, str, int]] = []

    async def agent(name: str) -> None:
        own = seat(name, CHAT, COMPLAINTS, chat=CASES)
        while offer := await queue.offer(own, ring_s=0):
            taken.append((offer.case_id, name, offer.fence))

    await asyncio.gather(*(agent(f"agent {n}") for n in range(AGENTS)))
    assert sorted(case_id for case_id, _, _ in taken) == sorted(sql)
    assert {fence for _, _, fence in taken} == {1}
    assert sum(load["chat"] for load in (await queue.loads()).values()) == CASES

    put_back: list[str] = []

    async def reaper() -> None:
        """Decides in SQL, which lets one of them; then tells the queue."""
        while over := await queue.expired(100):
            for lost in over:
                case = sql[lost.case_id]
                if case.fence < lost.fence:
                    sql[case.id] = later(case, fence=lost.fence + 1)
                    put_back.append(case.id)
                await queue.put(sql[case.id])

    await asyncio.gather(*(reaper() for _ in range(3)))
    assert sorted(put_back) == sorted(sql)
    in_order = sorted(sql.values(), key=lambda case: (case.due_at, case.id))
    assert await queue.waiting() == [case.id for case in in_order]
    assert await queue.loads() == {}
    assert await queue.mend(sql.values()) == 0


async def test_who_has_lost_a_case_changes_nothing_any_more(queue: CaseQueue) -> None:
    owned = [held(made(n), "ania") for n in range(STALE)]
    passed_on = [later(case, agent_id="bartek", fence=2) for case in owned]

    async def pass_on(case: Case) -> None:
        await queue.put(case, hold_s=0)

    await shared([*owned, *passed_on], pass_on)
    accepted = 0

    async def stale(case: Case) -> None:
        nonlocal accepted
        lost = await queue.heartbeat("ania", {case.id: case.fence})
        lost_by_name = await queue.heartbeat("ania", {case.id: case.fence + 1})
        closed = msgspec.structs.replace(case, state=CaseState.CLOSED)
        accepted += (not lost) + (not lost_by_name) + await queue.put(closed)

    await shared(owned, stale)
    assert accepted == 0
    assert len(await queue.expired(2 * STALE)) == STALE
    assert await queue.loads() == {"bartek": {"chat": STALE}}
