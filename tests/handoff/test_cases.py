import asyncio

import pytest

from frontline.clock import ManualClock
from frontline.errors import NotFoundError
from frontline.turns import Author, Controller
from handoff.app_parts import Parts
from handoff.case import NEXT, CaseState, IllegalTransitionError, check_move
from handoff.cases import LEASE, StaleFenceError
from handoff.store import BusyConversationError


async def conversation_of(parts: Parts) -> str:
    return (await parts.conversations.create("web", "pl", "Dzień dobry")).id


async def test_opening_a_case_tells_the_customer_and_stops_the_bot(parts: Parts) -> None:
    conversation_id = await conversation_of(parts)
    case = await parts.cases.open(conversation_id, reason="user_request")
    conversation = await parts.conversations.get(conversation_id)
    assert conversation.controller == Controller.QUEUE
    assert conversation.epoch == 2
    assert await parts.queue.waiting() == [case.id]
    last = (await parts.conversations.turns(conversation_id))[-1]
    assert case.number in last.text
    assert "kolejce: 1" in last.text
    said = await parts.conversations.bot_says(conversation_id, 1, "late", client_id="x")
    assert said is None


async def test_a_conversation_has_one_open_case_even_when_opened_at_the_same_moment(
    parts: Parts,
) -> None:
    conversation_id = await conversation_of(parts)
    opened = await asyncio.gather(
        *(parts.cases.open(conversation_id, reason="user_request") for _ in range(5))
    )
    assert len({case.id for case in opened}) == 1


async def test_a_request_left_without_waiting_leaves_the_word_to_the_bot(parts: Parts) -> None:
    conversation_id = await conversation_of(parts)
    before = len(await parts.conversations.turns(conversation_id))
    left = await parts.cases.open(conversation_id, reason="policy", waits=False)
    conversation = await parts.conversations.get(conversation_id)
    assert conversation.controller == Controller.BOT
    assert len(await parts.conversations.turns(conversation_id)) == before
    assert await parts.queue.waiting() == [left.id]
    waiting = await parts.cases.open(conversation_id, reason="user_request")
    assert waiting.id != left.id
    assert await parts.cases.open_case(conversation_id) == waiting


async def test_a_request_is_not_taken_while_its_customer_is_in_another_case(parts: Parts) -> None:
    conversation_id = await conversation_of(parts)
    left = await parts.cases.open(conversation_id, reason="policy", waits=False)
    waiting = await parts.cases.open(conversation_id, reason="user_request")
    with pytest.raises(BusyConversationError):
        await parts.cases.accept(left.id, "agent")
    served = await parts.cases.accept(waiting.id, "agent")
    await parts.cases.finish(served, CaseState.RETURNED, "told")
    taken = await parts.cases.accept(left.id, "agent")
    conversation = await parts.conversations.get(conversation_id)
    assert (conversation.controller, conversation.case_id) == (Controller.AGENT, taken.id)


async def test_case_numbers_run_without_gaps(parts: Parts) -> None:
    numbers = [
        (await parts.cases.open(await conversation_of(parts), reason="user_request")).number
        for _ in range(3)
    ]
    assert numbers == ["R-2026-000001", "R-2026-000002", "R-2026-000003"]


async def test_an_unknown_conversation_gets_no_case(parts: Parts) -> None:
    with pytest.raises(NotFoundError):
        await parts.cases.open("nobody", reason="user_request")


async def test_two_agents_cannot_take_the_same_case(parts: Parts) -> None:
    case = await parts.cases.open(await conversation_of(parts), reason="user_request")
    results = await asyncio.gather(
        *(parts.cases.accept(case.id, f"agent {n}") for n in range(3)), return_exceptions=True
    )
    assert sum(isinstance(r, IllegalTransitionError) for r in results) == 2


async def test_an_agent_answers_and_gives_back_to_a_bot_that_knows_the_outcome(
    parts: Parts,
) -> None:
    conversation_id = await conversation_of(parts)
    await parts.cases.open(conversation_id, reason="user_request")
    [waiting] = await parts.cases.waiting()
    case = await parts.cases.accept(waiting.id, "Demo Agent")
    turn = await parts.cases.agent_says(case, "Dzień dobry", "1")
    assert (turn.author, turn.name) == (Author.AGENT, "Demo Agent")
    await parts.cases.finish(case, CaseState.RETURNED, "parcel found")
    conversation = await parts.conversations.get(conversation_id)
    assert conversation.controller == Controller.BOT
    assert conversation.served == {
        "number": case.number,
        "state": "returned",
        "outcome": "parcel found",
    }
    with pytest.raises(StaleFenceError):
        await parts.cases.agent_says(case, "late", "2")


async def test_a_case_returns_to_its_own_place_when_the_agent_vanishes(
    parts: Parts, clock: ManualClock
) -> None:
    first = await parts.cases.open(await conversation_of(parts), reason="user_request")
    clock.advance(5)
    second = await parts.cases.open(await conversation_of(parts), reason="user_request")
    held = await parts.cases.accept(first.id, "Demo Agent")
    clock.advance(LEASE.total_seconds() + 1)
    await parts.cases.sweep()
    assert await parts.queue.waiting() == [first.id, second.id]
    with pytest.raises(StaleFenceError):
        await parts.cases.agent_says(held, "late", "1")
    last = (await parts.conversations.turns(first.conversation_id))[-1]
    assert "przerwane" in last.text


async def test_a_heartbeat_keeps_the_case(parts: Parts, clock: ManualClock) -> None:
    case = await parts.cases.open(await conversation_of(parts), reason="user_request")
    held = await parts.cases.accept(case.id, "Demo Agent")
    clock.advance(LEASE.total_seconds() - 1)
    await parts.cases.heartbeat(held)
    clock.advance(LEASE.total_seconds() - 1)
    await parts.cases.sweep()
    assert (await parts.cases.find(case.number)).state == CaseState.ACTIVE


async def test_a_customer_may_leave_the_queue(parts: Parts) -> None:
    conversation_id = await conversation_of(parts)
    case = await parts.cases.open(conversation_id, reason="user_request")
    await parts.cases.leave(conversation_id)
    assert (await parts.cases.find(case.id)).state == CaseState.ABANDONED
    assert (await parts.conversations.get(conversation_id)).controller == Controller.BOT
    assert await parts.queue.waiting() == []


async def test_a_wiped_redis_is_filled_again_from_sql(parts: Parts) -> None:
    case = await parts.cases.open(await conversation_of(parts), reason="user_request")
    async with parts.redis.commands() as client:
        await client.flushdb()
    await parts.cases.sweep()
    assert await parts.queue.waiting() == [case.id]


@pytest.mark.parametrize("current", list(CaseState))
@pytest.mark.parametrize("wanted", list(CaseState))
def test_only_moves_of_the_table_are_legal(current: CaseState, wanted: CaseState) -> None:
    if wanted in NEXT[current]:
        check_move(current, wanted)
    else:
        with pytest.raises(IllegalTransitionError):
            check_move(current, wanted)
