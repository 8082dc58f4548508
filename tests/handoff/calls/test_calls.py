from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from frontline.clock import ManualClock
from frontline.database import Database
from frontline.errors import ConflictError, NotFoundError, RefusedError, UnavailableError
from frontline.turns import Author, Controller
from handoff import agents
from handoff.app_parts import Parts
from handoff.call_store import CallState
from handoff.call_tables import calls
from handoff.calls import CALLER_KEPT, EXPIRES, LONGEST, LOST_AFTER, Next
from handoff.case import CaseState, Reason
from handoff.case_log import events_of
from handoff.moves import Actor
from handoff.relay import LEASE_S
from handoff.reports.contacts import contact
from handoff.reports.proof import recompute
from tests.common.agents import hire
from tests.handoff.calls.conftest import CALL, CALLER, Ring


async def last_text(parts: Parts, conversation_id: str) -> str:
    return (await parts.conversations.turns(conversation_id))[-1].text


async def queued(parts: Parts, ring: Ring, **more: str | None) -> tuple[str, str]:
    """A caller who waits in the PBX's queue; ids of conversation and case."""
    conversation = await ring(**more)
    case = await parts.cases.open(conversation.id, reason="user_request")
    await parts.calls.leave(CALL, "queue")
    await parts.calls.end(CALL, "left")
    assert (await parts.calls.next_of(CALL)).to == "queue"
    return conversation.id, case.id


async def test_a_call_begins_with_a_greeting_made_for_the_ear(parts: Parts, ring: Ring) -> None:
    conversation = await ring(language="en")
    assert (conversation.channel, conversation.language) == ("voice", "en")
    [greeting] = await parts.conversations.turns(conversation.id)
    assert greeting.author == Author.BOT
    assert "program" in greeting.text
    assert "/" not in greeting.text


async def test_beginning_twice_is_one_conversation(parts: Parts, ring: Ring) -> None:
    first = await ring()
    assert (await parts.calls.begin(CALL)).id == first.id
    await parts.calls.register(CALL, CALLER)
    assert (await parts.calls.begin(CALL)).id == first.id


async def test_who_was_not_announced_in_time_is_not_let_in(
    parts: Parts, clock: ManualClock
) -> None:
    with pytest.raises(NotFoundError):
        await parts.calls.begin(CALL)
    await parts.calls.register(CALL)
    clock.advance(EXPIRES.total_seconds())
    with pytest.raises(NotFoundError):
        await parts.calls.begin(CALL)
    await parts.calls.register(CALL)
    await parts.calls.begin(CALL)


async def test_a_call_that_is_over_does_not_begin_again(parts: Parts, ring: Ring) -> None:
    await ring()
    await parts.calls.end(CALL, "caller")
    await parts.calls.end(CALL, "caller")
    with pytest.raises(NotFoundError):
        await parts.calls.begin(CALL)
    with pytest.raises(ConflictError):
        await parts.calls.register(CALL)
    assert (await parts.calls.next_of(CALL)).to == "hangup"


@pytest.mark.parametrize("call_id", ["", "short", "a" * 65, "1234 5678", "../../etc/x"])
async def test_an_id_that_no_pbx_makes_is_refused(parts: Parts, call_id: str) -> None:
    with pytest.raises(RefusedError):
        await parts.calls.register(call_id)


async def test_a_caller_without_a_number_is_a_caller(parts: Parts, ring: Ring) -> None:
    await ring(caller="anonymous")
    async with parts.database.read() as connection:
        row = (await connection.execute(select(calls))).one()
    assert (row.caller, row.caller_until) == (None, None)


async def test_the_number_is_kept_for_a_reason_and_forgotten(
    parts: Parts, ring: Ring, clock: ManualClock
) -> None:
    await ring()
    async with parts.database.read() as connection:
        row = (await connection.execute(select(calls))).one()
    assert (row.caller, row.caller_until) == (CALLER, clock.now() + CALLER_KEPT)
    assert row.caller_kept_for
    clock.advance(CALLER_KEPT.total_seconds())
    await parts.calls.sweep()
    async with parts.database.read() as connection:
        row = (await connection.execute(select(calls))).one()
    assert row.caller is None


async def test_who_is_not_known_goes_to_the_queue(parts: Parts) -> None:
    assert await parts.calls.next_of("never-heard-of-it") == Next("queue")
    await parts.calls.register(CALL, language="en")  # the gateway never answered
    assert await parts.calls.next_of(CALL) == Next("queue", language="en")


async def test_a_caller_who_asks_for_a_person_goes_to_the_queue_with_the_case(
    parts: Parts, ring: Ring
) -> None:
    conversation = await ring()
    case = await parts.cases.open(conversation.id, reason="complaint", kind="complaint")
    await parts.calls.leave(CALL, "queue")
    await parts.calls.end(CALL, "left")
    answer = await parts.calls.next_of(CALL)
    assert await parts.calls.next_of(CALL) == answer
    assert (answer.to, answer.reason, answer.language) == ("queue", "complaint", "pl")
    assert (answer.skill, answer.priority) == ("complaints", "high")
    assert answer.handoff_id is not None
    assert case.id not in answer.handoff_id
    assert (await parts.calls.of_handoff(answer.handoff_id)).conversation_id == conversation.id
    found = await parts.cases.find(case.id)
    assert (found.channel, found.call_id, found.state) == ("voice", CALL, CaseState.QUEUED)


async def test_a_good_bye_is_the_end(parts: Parts, ring: Ring) -> None:
    await ring()
    await parts.calls.leave(CALL, "hangup")
    await parts.calls.end(CALL, "left")
    assert (await parts.calls.next_of(CALL)).to == "hangup"
    assert (await parts.calls.get(CALL)).state == CallState.OVER


async def test_a_gateway_that_died_leaves_a_case_behind(parts: Parts, ring: Ring) -> None:
    conversation = await ring()
    answer = await parts.calls.next_of(CALL)
    case = await parts.cases.open_case(conversation.id)
    assert answer.to == "queue"
    assert case is not None
    assert (case.reason, case.call_id) == (Reason.TOOL_ERROR, CALL)


async def test_without_sql_the_gateway_is_told_so(parts: Parts, tmp_path: Path) -> None:
    parts.calls._database = Database(f"sqlite+aiosqlite:///{tmp_path / 'no' / 'where.db'}")
    with pytest.raises(UnavailableError):
        await parts.calls.next_of(CALL)
    with pytest.raises(UnavailableError):
        await parts.calls.register(CALL)


async def test_who_waits_in_the_pbx_is_offered_to_no_desk(
    parts: Parts, ring: Ring, anna: Actor
) -> None:
    _, case_id = await queued(parts, ring)
    async with parts.database.write() as connection:
        await agents.set_presence(connection, anna.id, "available", parts.clock.now())
    assert await parts.queue.waiting() == [case_id]
    assert await parts.dispatcher.match() == 0
    await parts.relay.mend()
    assert await parts.dispatcher.match() == 0
    with pytest.raises(ConflictError):
        await parts.handling.offer(case_id, anna, capacity={"chat": 1, "voice": 1})
    taken = await parts.handling.claim(case_id, anna)
    assert (taken.state, taken.call_id) == (CaseState.ACTIVE, CALL)


async def test_a_desk_without_redis_is_not_offered_it_either(
    parts: Parts, ring: Ring, anna: Actor
) -> None:
    await queued(parts, ring)
    async with parts.database.write() as connection:
        agent = await agents.set_presence(connection, anna.id, "available", parts.clock.now())
    seat = parts.dispatcher._seat(agent)
    assert not await parts.dispatcher._offer_from_sql(agent, seat)


async def test_an_agent_who_answers_has_the_case(
    parts: Parts, ring: Ring, clock: ManualClock
) -> None:
    conversation_id, case_id = await queued(parts, ring)
    anna = await hire(parts, "anna")
    assert not await parts.calls.picked_up(CALL, "nobody")
    clock.advance(LEASE_S + 1)  # whose desk is closed would lose the case at once
    assert not await parts.calls.picked_up(CALL, "anna")
    anna = await hire(parts, "anna")
    assert await parts.calls.picked_up(CALL, "anna")
    assert not await parts.calls.picked_up(CALL, "anna")
    case = await parts.cases.find(case_id)
    assert (case.state, case.agent_id) == (CaseState.ACTIVE, anna.id)
    assert case.first_reply_at == case.answered_at
    assert (await parts.conversations.get(conversation_id)).controller == Controller.AGENT
    await parts.calls.after_queue(CALL, "answered")
    case = await parts.cases.find(case_id)
    assert (case.state, case.call_id) == (CaseState.ACTIVE, None)
    assert (await parts.calls.get(CALL)).state == CallState.OVER


async def test_a_talk_that_nobody_opened_waits_to_be_written_up(parts: Parts, ring: Ring) -> None:
    conversation_id, case_id = await queued(parts, ring)
    await parts.calls.after_queue(CALL, "answered")
    case = await parts.cases.find(case_id)
    assert (case.state, case.call_id) == (CaseState.LEFT_MESSAGE, None)
    await parts.dispatcher.sweep()
    assert (await parts.cases.find(case_id)).state == CaseState.QUEUED
    assert (await parts.conversations.get(conversation_id)).controller == Controller.BOT


async def test_whom_nobody_answers_keeps_the_place_and_is_called_back(
    parts: Parts, ring: Ring, clock: ManualClock
) -> None:
    conversation_id, case_id = await queued(parts, ring)
    before = await parts.cases.find(case_id)
    clock.advance(90)
    assert (await parts.calls.after_queue(CALL, "unserved")).to == "bot"
    case = await parts.cases.find(case_id)
    assert case.state == CaseState.CALLBACK_SCHEDULED
    assert case.callback == {"phone": CALLER}
    assert case.due_at == before.due_at
    again = await parts.calls.begin(CALL)
    assert (again.id, again.controller) == (conversation_id, Controller.BOT)
    assert "oddzwoni" in await last_text(parts, conversation_id)
    await parts.calls.end(CALL, "caller")
    clock.advance(180)
    await parts.dispatcher.sweep()
    case = await parts.cases.find(case_id)
    assert (case.state, case.due_at, case.call_id) == (CaseState.QUEUED, before.due_at, None)


async def test_coming_back_from_the_queue_says_by_itself_that_nobody_answered(
    parts: Parts, ring: Ring
) -> None:
    conversation_id, case_id = await queued(parts, ring)
    await parts.calls.begin(CALL)
    assert (await parts.cases.find(case_id)).state == CaseState.CALLBACK_SCHEDULED
    assert "oddzwoni" in await last_text(parts, conversation_id)


async def test_another_number_for_the_call_back_is_the_same_case(parts: Parts, ring: Ring) -> None:
    conversation_id, case_id = await queued(parts, ring)
    await parts.calls.after_queue(CALL, "unserved")
    changed = await parts.cases.open(
        conversation_id, reason="user_request", kind="callback", waits=False,
        callback={"phone": "+48500500500"},
    )  # fmt: skip
    assert changed.id == case_id
    assert changed.callback == {"phone": "+48500500500"}


async def test_a_caller_without_a_number_is_asked_for_one(parts: Parts, ring: Ring) -> None:
    conversation_id, case_id = await queued(parts, ring, caller=None)
    await parts.calls.after_queue(CALL, "unserved")
    case = await parts.cases.find(case_id)
    assert case.state == CaseState.LEFT_MESSAGE
    assert "numer" in await last_text(parts, conversation_id)
    agreed = await parts.cases.open(
        conversation_id, reason="user_request", kind="callback", waits=False,
        callback={"phone": "+48500500500"},
    )  # fmt: skip
    assert (agreed.id, agreed.state) == (case_id, CaseState.CALLBACK_SCHEDULED)
    assert agreed.due_at == case.due_at


async def test_who_hangs_up_in_the_queue_has_given_up(parts: Parts, ring: Ring) -> None:
    conversation_id, case_id = await queued(parts, ring)
    await parts.calls.after_queue(CALL, "hung_up")
    case = await parts.cases.find(case_id)
    assert (case.state, case.call_id) == (CaseState.ABANDONED, None)
    assert (await parts.conversations.get(conversation_id)).controller == Controller.BOT
    assert (await parts.calls.after_queue(CALL, "hung_up")).to == "hangup"


async def test_who_hangs_up_with_an_urgent_case_is_called_back_and_counts_as_abandoned(
    parts: Parts, ring: Ring, clock: ManualClock
) -> None:
    conversation = await ring()
    case = await parts.cases.open(conversation.id, reason="vulnerable", detail="vulnerable")
    await parts.calls.next_of(CALL)
    clock.advance(60)
    await parts.calls.after_queue(CALL, "hung_up")
    case = await parts.cases.find(case.id)
    assert (case.state, case.callback) == (CaseState.CALLBACK_SCHEDULED, {"phone": CALLER})
    async with parts.database.read() as connection:
        first, second = contact(await events_of(connection, case.id)).queueings
        assert await recompute(connection) == []
    assert (first.live, first.end) == (True, "abandoned")
    assert not second.counts


async def test_who_hangs_up_before_the_queue_has_given_up_too(parts: Parts, ring: Ring) -> None:
    conversation = await ring()
    case = await parts.cases.open(conversation.id, reason="user_request")
    await parts.calls.end(CALL, "caller")
    assert (await parts.cases.find(case.id)).state == CaseState.ABANDONED


async def test_who_hung_up_while_the_bot_was_answering_waits_for_nobody(
    parts: Parts, ring: Ring
) -> None:
    conversation = await ring()
    await parts.calls.end(CALL, "caller")
    case = await parts.cases.open(conversation.id, reason="user_request")
    assert (case.state, case.call_id) == (CaseState.ABANDONED, None)
    urgent = await parts.cases.open(
        conversation.id, reason="vulnerable", detail="vulnerable", waits=True
    )
    assert (urgent.state, urgent.callback) == (CaseState.CALLBACK_SCHEDULED, {"phone": CALLER})
    assert (await parts.conversations.get(conversation.id)).controller == Controller.BOT


async def test_a_case_whose_caller_went_on_with_another_conversation_is_not_forgotten(
    parts: Parts, ring: Ring
) -> None:
    conversation = await ring()
    case = await parts.cases.open(conversation.id, reason="user_request")
    chat = await parts.conversations.create("web", "pl", "Dzień dobry")
    code = await parts.switching.phone_code(chat.id)
    await parts.switching.to_phone(CALL, code.digits)
    await parts.calls.sweep()
    assert (await parts.cases.find(case.id)).call_id is None


async def test_a_message_left_outside_opening_hours_has_the_number_to_call(
    parts: Parts, ring: Ring, clock: ManualClock
) -> None:
    clock.advance(timedelta(hours=12).total_seconds())
    conversation = await ring()
    case = await parts.cases.open(conversation.id, reason="user_request")
    assert (case.state, case.callback, case.call_id) == (
        CaseState.LEFT_MESSAGE, {"phone": CALLER}, None,
    )  # fmt: skip
    assert "oddzwonią" in await last_text(parts, conversation.id)
    assert (await parts.conversations.get(conversation.id)).controller == Controller.BOT
    await parts.calls.end(CALL, "caller")
    assert (await parts.cases.find(case.id)).state == CaseState.LEFT_MESSAGE


async def test_a_line_that_broke_is_ended_when_nobody_asks_about_it(
    parts: Parts, ring: Ring, clock: ManualClock
) -> None:
    conversation = await ring()
    case = await parts.cases.open(conversation.id, reason="user_request")
    await parts.calls.end(CALL, "lost")
    assert (await parts.calls.get(CALL)).state == CallState.BOT
    assert await parts.calls.sweep() == 0
    clock.advance(LOST_AFTER.total_seconds() + 1)
    assert await parts.calls.sweep() == 1
    assert (await parts.cases.find(case.id)).state == CaseState.ABANDONED


async def test_a_queue_that_never_reports_is_not_waited_for_all_day(
    parts: Parts, ring: Ring, clock: ManualClock
) -> None:
    _, case_id = await queued(parts, ring)
    clock.advance(LONGEST.total_seconds() + 1)
    assert await parts.calls.sweep() == 1
    assert (await parts.cases.find(case_id)).call_id is None
