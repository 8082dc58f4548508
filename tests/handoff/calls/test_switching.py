import pytest
from sqlalchemy import select

from frontline.clock import ManualClock
from frontline.errors import NotFoundError, RefusedError
from frontline.limits import TooManyError
from frontline.turns import Controller
from handoff.app_parts import Parts
from handoff.call_tables import calls, codes
from handoff.case import CaseState
from handoff.codes import (
    LIVES,
    MOST_MADE,
    TRIES,
    TRIES_OF_CALLER,
    Code,
    CodesLockedError,
    WrongCodeError,
)
from handoff.moves import Actor
from handoff.switching import code_text
from handoff.turn_store import Conversation
from tests.handoff.calls.conftest import CALL, Ring

WRONG = "000000"


@pytest.fixture
async def chat(parts: Parts) -> Conversation:
    return await parts.conversations.create("web", "pl", "Dzień dobry")


def other(digits: str) -> str:
    """Another code than this."""
    return f"{(int(digits) + 1) % 1_000_000:06}"


async def test_a_chat_goes_on_by_phone(parts: Parts, ring: Ring, chat: Conversation) -> None:
    code = await parts.switching.phone_code(chat.id)
    conversation = await ring(code=code.digits)
    assert (conversation.id, conversation.channel) == (chat.id, "voice")
    last = (await parts.conversations.turns(chat.id))[-1]
    assert last.seq == conversation.last_seq
    assert "nie trzeba niczego powtarzać" in last.text
    await parts.calls.end(CALL, "caller")
    assert (await parts.conversations.get(chat.id)).channel == "web"


async def test_no_code_stands_anywhere(parts: Parts, ring: Ring, chat: Conversation) -> None:
    code = await parts.switching.phone_code(chat.id)
    await parts.calls.register(CALL, code=code.digits)
    async with parts.database.read() as connection:
        stored = [
            *(await connection.execute(select(codes))),
            *(await connection.execute(select(calls))),
        ]
    assert code.digits not in repr(stored)


async def test_a_code_works_once_and_in_time(
    parts: Parts, ring: Ring, chat: Conversation, clock: ManualClock
) -> None:
    code = await parts.switching.phone_code(chat.id)
    await ring()
    assert (await parts.switching.to_phone(CALL, code.digits)).id == chat.id
    with pytest.raises(WrongCodeError):
        await parts.switching.to_phone(CALL, code.digits)
    late = await parts.switching.phone_code(chat.id)
    clock.advance(LIVES.total_seconds())
    with pytest.raises(WrongCodeError):
        await parts.switching.to_phone(CALL, late.digits)


async def test_only_the_newest_code_works(parts: Parts, ring: Ring, chat: Conversation) -> None:
    first = await parts.switching.phone_code(chat.id)
    second = await parts.switching.phone_code(chat.id)
    await ring()
    if first.digits != second.digits:
        with pytest.raises(WrongCodeError):
            await parts.switching.to_phone(CALL, first.digits)
    spoken = f"{second.digits[:3]} {second.digits[3:]}"
    assert (await parts.switching.to_phone(CALL, spoken)).id == chat.id


async def test_after_five_wrong_codes_only_a_person_helps(
    parts: Parts, ring: Ring, chat: Conversation
) -> None:
    code = await parts.switching.phone_code(chat.id)
    wrong = other(code.digits)
    await ring()
    for left in range(TRIES - 1, 0, -1):
        with pytest.raises(WrongCodeError) as refused:
            await parts.switching.to_phone(CALL, wrong)
        assert refused.value.left == left
    with pytest.raises(CodesLockedError):
        await parts.switching.to_phone(CALL, wrong)
    with pytest.raises(CodesLockedError):
        await parts.switching.to_phone(CALL, code.digits)


async def test_calling_again_does_not_give_a_caller_more_tries(
    parts: Parts, ring: Ring, chat: Conversation
) -> None:
    code = await parts.switching.phone_code(chat.id)
    wrong, tried = other(code.digits), 0
    for n in range(3):
        await ring(f"{CALL[:-1]}{n}")
        for _ in range(TRIES):
            with pytest.raises((WrongCodeError, CodesLockedError)) as refused:
                await parts.switching.to_phone(f"{CALL[:-1]}{n}", wrong)
            tried += isinstance(refused.value, WrongCodeError)
    assert tried < TRIES_OF_CALLER
    await ring(caller="+48700700700")
    assert (await parts.switching.to_phone(CALL, code.digits)).id == chat.id


async def test_a_wrong_code_from_the_dial_plan_is_said_in_the_greeting(
    parts: Parts, ring: Ring, chat: Conversation
) -> None:
    code = await parts.switching.phone_code(chat.id)
    conversation = await ring(code=other(code.digits))
    assert conversation.id != chat.id
    assert "nie działa" in (await parts.conversations.turns(conversation.id))[-1].text


async def test_what_is_no_code_from_the_dial_plan_is_a_wrong_one(parts: Parts, ring: Ring) -> None:
    conversation = await ring(code="1234")
    assert "nie działa" in (await parts.conversations.turns(conversation.id))[-1].text


async def test_a_code_is_spoken_twice_in_two_groups(parts: Parts, clock: ManualClock) -> None:
    text = code_text(Code("482913", clock.now()), "pl")
    assert text.count("cztery osiem dwa, dziewięć jeden trzy") == 2


@pytest.mark.parametrize("digits", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦"])
async def test_what_is_no_code_is_refused(parts: Parts, ring: Ring, digits: str) -> None:
    await ring()
    with pytest.raises(RefusedError):
        await parts.switching.to_phone(CALL, digits)


async def test_codes_are_not_given_out_without_end(parts: Parts, chat: Conversation) -> None:
    for _ in range(MOST_MADE):
        await parts.switching.phone_code(chat.id)
    with pytest.raises(TooManyError):
        await parts.switching.phone_code(chat.id)
    with pytest.raises(NotFoundError):
        await parts.switching.phone_code("no-such-chat")


async def test_a_case_that_waits_in_the_chat_keeps_its_place_on_the_phone(
    parts: Parts, ring: Ring, chat: Conversation, anna: Actor
) -> None:
    case = await parts.cases.open(chat.id, reason="user_request")
    await parts.handling.offer(case.id, anna)
    code = await parts.switching.phone_code(chat.id)
    conversation = await ring(code=code.digits)
    assert conversation.controller == Controller.QUEUE
    moved = await parts.cases.find(case.id)
    assert (moved.state, moved.channel, moved.call_id) == (CaseState.QUEUED, "voice", CALL)
    assert (moved.due_at, moved.queued_at) == (case.due_at, case.queued_at)
    answer = await parts.calls.next_of(CALL)
    assert (answer.to, answer.reason) == ("queue", case.reason)
    await parts.calls.after_queue(CALL, "hung_up")
    back = await parts.cases.find(case.id)
    assert (back.state, back.channel, back.call_id) == (CaseState.QUEUED, "chat", None)
    assert back.due_at == case.due_at
    assert (await parts.conversations.get(chat.id)).controller == Controller.QUEUE


async def test_an_agent_who_has_the_chat_keeps_the_case(
    parts: Parts, ring: Ring, chat: Conversation, anna: Actor
) -> None:
    case = await parts.cases.open(chat.id, reason="user_request")
    held = await parts.handling.claim(case.id, anna)
    code = await parts.switching.phone_code(chat.id)
    await ring(code=code.digits)
    assert (await parts.calls.next_of(CALL)).to == "queue"
    now = await parts.cases.find(case.id)
    assert (now.state, now.agent_id, now.fence) == (CaseState.ACTIVE, anna.id, held.fence)
    assert now.call_id == CALL


async def test_a_call_goes_on_in_the_chat(parts: Parts, ring: Ring, chat: Conversation) -> None:
    conversation = await ring()
    code = await parts.switching.chat_code(CALL)
    joined = await parts.switching.to_chat(code.digits, chat.id, "192.0.2.1")
    assert joined == conversation.id
    assert (await parts.conversations.get(joined)).channel == "voice"
    await parts.calls.end(CALL, "caller")
    assert (await parts.conversations.get(joined)).channel == "web"


async def test_a_call_that_is_over_goes_on_in_the_chat_too(
    parts: Parts, ring: Ring, chat: Conversation
) -> None:
    conversation = await ring()
    code = await parts.switching.chat_code(CALL)
    await parts.calls.end(CALL, "caller")
    joined = await parts.switching.to_chat(code.digits, chat.id, "192.0.2.1")
    assert joined == conversation.id
    assert (await parts.conversations.get(joined)).channel == "web"


async def test_a_code_for_the_phone_does_not_open_a_chat(
    parts: Parts, ring: Ring, chat: Conversation
) -> None:
    code = await parts.switching.phone_code(chat.id)
    with pytest.raises(WrongCodeError):
        await parts.switching.to_chat(code.digits, chat.id, "192.0.2.1")


async def test_a_chat_may_not_try_for_ever(parts: Parts, chat: Conversation) -> None:
    for _ in range(TRIES - 1):
        with pytest.raises(WrongCodeError):
            await parts.switching.to_chat(WRONG, chat.id, "192.0.2.1")
    with pytest.raises(CodesLockedError):
        await parts.switching.to_chat(WRONG, chat.id, "192.0.2.2")
