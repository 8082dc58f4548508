import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontline.clock import ManualClock
from frontline.database import Database
from frontline.errors import RefusedError
from handoff.idempotency import (
    Answer,
    Idempotency,
    IdempotencyMismatchError,
    InProgressError,
    fingerprint,
)

DAY_S = 24 * 3600


class Work:
    """Something that must happen once."""

    def __init__(self) -> None:
        self.done = 0

    async def __call__(self) -> Answer:
        self.done += 1
        return Answer(201, f'{{"n": {self.done}}}')


@pytest.fixture
def idempotency(database: Database, clock: ManualClock) -> Idempotency:
    return Idempotency(database, clock)


async def test_the_same_request_is_done_once_and_answered_twice(idempotency: Idempotency) -> None:
    work = Work()
    first = await idempotency.once("a", "key", "request", work)
    again = await idempotency.once("a", "key", "request", work)
    assert (first.status, first.body, first.replayed) == (201, '{"n": 1}', False)
    assert (again.status, again.body, again.replayed) == (201, '{"n": 1}', True)


async def test_another_body_under_the_same_key_is_refused(idempotency: Idempotency) -> None:
    work = Work()
    await idempotency.once("a", "key", "request", work)
    with pytest.raises(IdempotencyMismatchError):
        await idempotency.once("a", "key", "another", work)
    assert work.done == 1


async def test_keys_of_two_agents_have_nothing_to_do_with_each_other(
    idempotency: Idempotency,
) -> None:
    work = Work()
    await idempotency.once("a", "key", "request", work)
    assert (await idempotency.once("b", "key", "another", work)).body == '{"n": 2}'


async def test_after_a_day_the_key_is_free(idempotency: Idempotency, clock: ManualClock) -> None:
    work = Work()
    await idempotency.once("a", "key", "request", work)
    clock.advance(DAY_S - 1)
    assert (await idempotency.once("a", "key", "request", work)).replayed
    clock.advance(1)
    assert not (await idempotency.once("a", "key", "another", work)).replayed


async def test_equal_requests_at_once_are_done_once(idempotency: Idempotency) -> None:
    work, started, may_go = Work(), asyncio.Event(), asyncio.Event()

    async def slow() -> Answer:
        started.set()
        await may_go.wait()
        return await work()

    first = asyncio.create_task(idempotency.once("a", "key", "request", slow))
    await started.wait()
    with pytest.raises(InProgressError):
        await idempotency.once("a", "key", "request", work)
    may_go.set()
    assert (await first).body == '{"n": 1}'
    assert (await idempotency.once("a", "key", "request", work)).replayed
    assert work.done == 1


async def test_work_that_fails_or_is_cancelled_leaves_the_key_free(
    idempotency: Idempotency,
) -> None:
    async def fails() -> Answer:
        raise RefusedError("no")

    async def hangs() -> Answer:
        started.set()
        await asyncio.Event().wait()
        raise AssertionError

    started = asyncio.Event()
    with pytest.raises(RefusedError, match="no"):
        await idempotency.once("a", "key", "request", fails)
    task = asyncio.create_task(idempotency.once("a", "key", "request", hangs))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not (await idempotency.once("a", "key", "request", Work())).replayed


async def test_what_a_killed_process_left_is_taken_over_later(
    idempotency: Idempotency, clock: ManualClock
) -> None:
    started, may_go = asyncio.Event(), asyncio.Event()

    async def slow() -> Answer:
        started.set()
        await may_go.wait()
        return Answer(200, "late")

    late = asyncio.create_task(idempotency.once("a", "key", "request", slow))
    await started.wait()
    clock.advance(61)
    assert (await idempotency.once("a", "key", "request", Work())).body == '{"n": 1}'
    may_go.set()
    assert (await late).body == "late"
    assert (await idempotency.once("a", "key", "request", Work())).body == '{"n": 1}'


@pytest.mark.parametrize("key", ["", "x" * 81, "a b", "ż", "a\n", "\x00"])
async def test_a_key_is_short_and_visible(idempotency: Idempotency, key: str) -> None:
    with pytest.raises(RefusedError):
        await idempotency.once("a", key, "request", Work())


async def test_a_key_is_first_once(idempotency: Idempotency, clock: ManualClock) -> None:
    shown = await asyncio.gather(*(idempotency.first("oidc", "state") for _ in range(5)))
    assert sorted(shown) == [False] * 4 + [True]
    assert await idempotency.first("oidc", "other")
    clock.advance(DAY_S + 1)
    assert await idempotency.sweep() == 2
    assert await idempotency.first("oidc", "state")


@given(st.tuples(st.text(), st.text(), st.binary()), st.tuples(st.text(), st.text(), st.binary()))
def test_different_requests_have_different_fingerprints(
    one: tuple[str, str, bytes], other: tuple[str, str, bytes]
) -> None:
    plain = [(m.replace("\n", ""), p.replace("\n", ""), b) for m, p, b in (one, other)]
    same = fingerprint(*plain[0]) == fingerprint(*plain[1])
    assert same == (plain[0] == plain[1])
