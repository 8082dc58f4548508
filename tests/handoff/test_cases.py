import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from frontline.clock import ManualClock
from frontline.errors import NotFoundError, RefusedError
from frontline.turns import Author, Controller
from handoff import agents
from handoff.app_parts import Parts
from handoff.case import NEXT, Case, CaseState, IllegalTransitionError, Move, after
from handoff.moves import Actor, ChangedError, MissedError, StaleFenceError
from handoff.relay import LEASE_S
from handoff.store import BusyConversationError
from tests.common.agents import hire
from tests.common.servers import RedisServer

Open = Callable[[], Awaitable[Case]]


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


async def test_a_request_is_not_taken_while_its_customer_is_in_another_case(
    parts: Parts, anna: Actor
) -> None:
    conversation_id = await conversation_of(parts)
    left = await parts.cases.open(conversation_id, reason="policy", waits=False)
    waiting = await parts.cases.open(conversation_id, reason="user_request")
    with pytest.raises(BusyConversationError):
        await parts.handling.claim(left.id, anna)
    served = await parts.handling.claim(waiting.id, anna)
    await parts.handling.give_back(served.id, anna, served.fence, "told")
    taken = await parts.handling.claim(left.id, anna)
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


async def test_two_agents_cannot_take_the_same_case(parts: Parts, opened: Open) -> None:
    case = await opened()
    rivals = [await hire(parts, f"Demo {n}") for n in range(3)]
    results = await asyncio.gather(
        *(parts.handling.claim(case.id, agent) for agent in rivals), return_exceptions=True
    )
    refused = [r for r in results if isinstance(r, IllegalTransitionError | StaleFenceError)]
    assert len(refused) == 2


async def test_an_agent_answers_and_gives_back_to_a_bot_that_knows_the_outcome(
    parts: Parts, anna: Actor, opened: Open
) -> None:
    waiting = await opened()
    case = await parts.handling.claim(waiting.id, anna)
    turn = await parts.handling.says(case.id, anna, case.fence, "Dzień dobry", "1")
    assert (turn.author, turn.name) == (Author.AGENT, "Demo Anna")
    await parts.handling.give_back(case.id, anna, case.fence, "parcel found", "return_start")
    conversation = await parts.conversations.get(case.conversation_id)
    assert conversation.controller == Controller.BOT
    assert conversation.served == {
        "number": case.number,
        "state": "returned",
        "outcome": "parcel found",
        "instruction": "return_start",
    }
    with pytest.raises(StaleFenceError):
        await parts.handling.says(case.id, anna, case.fence, "late", "2")


async def test_the_same_words_sent_twice_are_one_turn(
    parts: Parts, anna: Actor, opened: Open
) -> None:
    case = await parts.handling.claim((await opened()).id, anna)
    first = await parts.handling.says(case.id, anna, case.fence, "Już sprawdzam", "x")
    again = await parts.handling.says(case.id, anna, case.fence, "Już sprawdzam", "x")
    assert first.seq == again.seq


async def test_an_agent_is_stopped_when_the_customer_has_written_meanwhile(
    parts: Parts, anna: Actor, opened: Open
) -> None:
    case = await parts.handling.claim((await opened()).id, anna)
    seen = (await parts.conversations.turns(case.conversation_id))[-1].seq
    await parts.conversations.said(case.conversation_id, "c1", "jednak nie")
    with pytest.raises(MissedError) as error:
        await parts.handling.says(case.id, anna, case.fence, "Wysyłam", "a1", seen)
    assert [turn.text for turn in error.value.missed] == ["jednak nie"]
    missed = error.value.missed[-1].seq
    assert await parts.handling.says(case.id, anna, case.fence, "Wstrzymuję", "a2", missed)


async def test_a_case_returns_to_its_own_place_when_the_agent_vanishes(
    parts: Parts, clock: ManualClock, anna: Actor, opened: Open
) -> None:
    first = await opened()
    clock.advance(5)
    second = await opened()
    held = await parts.handling.claim(first.id, anna)
    clock.advance(LEASE_S + 1)
    await parts.dispatcher.sweep()
    await parts.dispatcher.carry()
    assert await parts.queue.waiting() == [first.id, second.id]
    with pytest.raises(StaleFenceError):
        await parts.handling.says(held.id, anna, held.fence, "late", "1")
    last = (await parts.conversations.turns(first.conversation_id))[-1]
    assert "przerwane" in last.text


async def test_a_sign_of_life_keeps_the_case(
    parts: Parts, clock: ManualClock, anna: Actor, opened: Open
) -> None:
    held = await parts.handling.claim((await opened()).id, anna)
    clock.advance(LEASE_S - 1)
    async with parts.database.write() as connection:
        await agents.touch(connection, anna.id, clock.now())
    clock.advance(LEASE_S - 1)
    await parts.dispatcher.sweep()
    await parts.dispatcher.carry()
    assert (await parts.cases.find(held.number)).state == CaseState.ACTIVE


async def test_a_case_to_write_up_is_closed_when_the_time_is_over(
    parts: Parts, clock: ManualClock, anna: Actor, opened: Open
) -> None:
    held = await parts.handling.claim((await opened()).id, anna)
    await parts.handling.wrap_up(held.id, anna, held.fence, "label sent")
    conversation = await parts.conversations.get(held.conversation_id)
    assert conversation.controller == Controller.BOT
    clock.advance(3600)
    await parts.dispatcher.sweep()
    await parts.dispatcher.carry()
    closed = await parts.cases.find(held.id)
    assert (closed.state, closed.outcome) == (CaseState.CLOSED, "label sent")


async def test_hold_and_resume_are_told_and_keep_the_agent(
    parts: Parts, anna: Actor, opened: Open
) -> None:
    held = await parts.handling.claim((await opened()).id, anna)
    waits = await parts.handling.hold(held.id, anna, held.fence)
    assert waits.state == CaseState.ON_HOLD
    back = await parts.handling.resume(held.id, anna, waits.fence)
    assert (back.state, back.agent_id) == (CaseState.ACTIVE, anna.id)
    texts = [turn.text for turn in await parts.conversations.turns(held.conversation_id)]
    assert any("wróci do tej rozmowy" in text for text in texts)


async def test_a_transfer_keeps_the_due_time_and_goes_to_the_other_skill(
    parts: Parts, anna: Actor, opened: Open
) -> None:
    held = await parts.handling.claim((await opened()).id, anna)
    passed = await parts.handling.transfer(
        held.id, anna, held.fence, skill="returns", note="etykieta"
    )
    assert (passed.state, passed.skill, passed.due_at) == (
        CaseState.QUEUED, "returns", held.due_at,
    )  # fmt: skip
    assert (await parts.conversations.get(held.conversation_id)).controller == Controller.QUEUE
    with pytest.raises(StaleFenceError):
        await parts.handling.hold(held.id, anna, held.fence)


async def test_a_customer_who_comes_back_gets_the_same_case(
    parts: Parts, anna: Actor, opened: Open
) -> None:
    held = await parts.handling.claim((await opened()).id, anna)
    await parts.handling.give_back(held.id, anna, held.fence, "sent")
    again = await parts.cases.open(held.conversation_id, reason="user_request")
    assert (again.id, again.state, again.preferred_agent) == (held.id, CaseState.QUEUED, anna.id)


async def test_a_callback_keeps_the_place_of_a_customer_who_waits(
    parts: Parts, clock: ManualClock, opened: Open
) -> None:
    case = await opened()
    at = clock.now() + timedelta(hours=1)
    callback = {"phone": "+48500100200", "from": at.isoformat()}
    called = await parts.cases.open(
        case.conversation_id, reason="user_request", kind="callback", waits=False, callback=callback
    )
    assert (called.id, called.state) == (case.id, CaseState.CALLBACK_SCHEDULED)
    assert called.due_at == case.due_at
    assert (await parts.conversations.get(case.conversation_id)).controller == Controller.BOT
    assert await parts.queue.waiting() == []
    clock.advance(3601)
    await parts.dispatcher.sweep()
    await parts.dispatcher.carry()
    assert await parts.queue.waiting() == [case.id]


async def test_a_customer_may_leave_the_queue(parts: Parts, opened: Open) -> None:
    case = await opened()
    await parts.cases.leave(case.conversation_id)
    assert (await parts.cases.find(case.id)).state == CaseState.ABANDONED
    assert (await parts.conversations.get(case.conversation_id)).controller == Controller.BOT
    assert await parts.queue.waiting() == []


async def test_a_wiped_redis_is_filled_again_from_sql(parts: Parts, opened: Open) -> None:
    case = await opened()
    async with parts.redis.commands() as client:
        await client.flushdb()
    await parts.dispatcher.sweep()
    await parts.dispatcher.carry()
    assert await parts.queue.waiting() == [case.id]


async def test_a_case_opened_while_redis_is_down_is_carried_over_later(
    parts: Parts, redis: RedisServer, opened: Open
) -> None:
    redis.kill()
    case = await opened()
    await redis.start()
    await parts.relay.drain()
    assert await parts.queue.waiting() == [case.id]


async def test_a_reopened_case_waits_again_and_a_stale_revision_is_refused(
    parts: Parts, anna: Actor, opened: Open
) -> None:
    held = await parts.handling.claim((await opened()).id, anna)
    closed = await parts.handling.close(held.id, anna, held.fence, "solved", "done")
    with pytest.raises(ChangedError):
        await parts.handling.reopen(closed.id, anna, closed.rev - 1)
    again = await parts.handling.reopen(closed.id, anna, closed.rev)
    assert again.state == CaseState.QUEUED


async def test_a_customer_is_asked_once_how_it_was(parts: Parts, anna: Actor, opened: Open) -> None:
    held = await parts.handling.claim((await opened()).id, anna)
    assert await parts.cases.csat_due(held.conversation_id) is None
    await parts.handling.close(held.id, anna, held.fence, "solved", "done")
    assert await parts.cases.csat_due(held.conversation_id) == held.id
    assert await parts.cases.csat_due(held.conversation_id) is None
    await parts.cases.rate(held.conversation_id, held.id, 4)
    assert (await parts.cases.find(held.id)).csat == 4
    for score in (0, 6, 5):
        with pytest.raises(RefusedError):
            await parts.cases.rate(held.conversation_id, held.id, score)


@pytest.mark.parametrize("current", list(CaseState))
@pytest.mark.parametrize("what", list(Move))
def test_only_moves_of_the_table_are_legal(current: CaseState, what: Move) -> None:
    if what in NEXT[current]:
        assert after(current, what) == NEXT[current][what]
    else:
        with pytest.raises(IllegalTransitionError):
            after(current, what)
