import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from frontline.clock import ManualClock
from frontline.turns import Author, Controller, Turn
from handoff.app_parts import Parts
from handoff.bell import Ring
from handoff.case import CaseState
from handoff.rasa_client import RasaClient
from handoff.switchboard import PAYLOAD_HUMAN, Switchboard
from tests.common.servers import BotDoor, RedisServer, done, reply


@pytest.fixture
async def switchboard(parts: Parts, door: BotDoor) -> AsyncIterator[Switchboard]:
    bot = RasaClient(door.url, timeout_s=2)
    board = Switchboard(parts.conversations, parts.cases, bot, parts.bell)
    yield board
    await board.close()
    await bot.close()


async def transcript(parts: Parts, conversation: str) -> list[tuple[Author, str]]:
    return [(turn.author, turn.text) for turn in await parts.conversations.turns(conversation)]


async def test_the_first_turn_says_that_it_is_a_machine(
    parts: Parts, switchboard: Switchboard
) -> None:
    for language, word in (("pl", "automatyczny asystent"), ("en", "automatic assistant")):
        conversation = await switchboard.begin("web", language)
        [(author, text)] = await transcript(parts, conversation.id)
        assert author == Author.BOT
        assert word in text


async def test_a_message_is_stored_and_answered(parts: Parts, switchboard: Switchboard) -> None:
    conversation = await switchboard.begin("web", "pl")
    await switchboard.say(conversation.id, "a", "Gdzie jest paczka?")
    await switchboard.close()
    assert (await transcript(parts, conversation.id))[1:] == [
        (Author.CUSTOMER, "Gdzie jest paczka?"),
        (Author.BOT, "echo: Gdzie jest paczka?"),
    ]


async def test_the_same_message_twice_is_stored_and_asked_once(
    parts: Parts, switchboard: Switchboard, door: BotDoor
) -> None:
    conversation = await switchboard.begin("web", "pl")
    first = await switchboard.say(conversation.id, "a", "halo")
    again = await switchboard.say(conversation.id, "a", "halo")
    await switchboard.close()
    assert again.turn == first.turn
    assert len(door.asked) == 1


async def test_messages_of_one_customer_are_answered_one_at_a_time_and_in_order(
    parts: Parts, switchboard: Switchboard, door: BotDoor
) -> None:
    running = 0

    async def slow(question: dict[str, Any]) -> list[dict[str, Any]]:
        nonlocal running
        running += 1
        assert running == 1
        await asyncio.sleep(0)
        running -= 1
        return [reply(question["message"]), done()]

    door.script = slow
    conversation = await switchboard.begin("web", "pl")
    await asyncio.gather(
        *(switchboard.say(conversation.id, str(n), f"pytanie {n}") for n in range(5))
    )
    while len(door.asked) < 5:
        await switchboard.close()
    await switchboard.close()
    said = await transcript(parts, conversation.id)
    order = [text for author, text in said if author == Author.CUSTOMER]
    assert sorted(order) == [f"pytanie {n}" for n in range(5)]
    assert [question["message"] for question in door.asked] == order
    assert [text for author, text in said if author == Author.BOT][1:] == order


async def test_typed_text_never_reaches_the_bot_as_a_command(
    switchboard: Switchboard, door: BotDoor
) -> None:
    conversation = await switchboard.begin("web", "pl")
    await switchboard.say(conversation.id, "a", "/restart")
    await switchboard.close()
    assert door.asked[0]["message"] == "restart"


async def test_a_late_bot_does_not_talk_over_the_queue(
    parts: Parts, switchboard: Switchboard, door: BotDoor
) -> None:
    conversation = await switchboard.begin("web", "pl")

    async def escalating(question: dict[str, Any]) -> list[dict[str, Any]]:
        await parts.cases.open(conversation.id, reason="user_request")
        return [reply("too late"), done()]

    door.script = escalating
    await switchboard.say(conversation.id, "a", "konsultant")
    await switchboard.close()
    said = await transcript(parts, conversation.id)
    assert "too late" not in [text for _, text in said]
    assert said[-1][0] == Author.SYSTEM
    assert (await parts.conversations.get(conversation.id)).controller == Controller.QUEUE


@pytest.mark.parametrize("failure", ["failed", "silent", "cut", "garbage"])
async def test_a_bot_that_cannot_answer_is_excused_and_a_person_is_offered(
    parts: Parts, switchboard: Switchboard, door: BotDoor, failure: str
) -> None:
    lines = {
        "failed": [{"type": "failed", "error": "RasaException"}],
        "silent": [done()],
        "cut": [reply("half an answer")],
        "garbage": [{"type": "nonsense"}],
    }[failure]

    async def broken(question: dict[str, Any]) -> list[dict[str, Any]]:
        return lines

    door.script = broken
    conversation = await switchboard.begin("web", "pl")
    await switchboard.say(conversation.id, "a", "halo")
    await switchboard.close()
    last: Turn = (await parts.conversations.turns(conversation.id))[-1]
    assert last.author == Author.BOT
    assert "kłopot techniczny" in last.text
    assert [button.payload for button in last.buttons] == [PAYLOAD_HUMAN]
    assert await parts.conversations.claim_unanswered(conversation.id) is None


async def test_a_person_is_reached_even_when_the_bot_is_down(
    parts: Parts, switchboard: Switchboard, door: BotDoor
) -> None:
    async def broken(question: dict[str, Any]) -> list[dict[str, Any]]:
        return [{"type": "failed", "error": "down"}]

    door.script = broken
    conversation = await switchboard.begin("web", "pl")
    await switchboard.ask_for_human(conversation.id, "a")
    await switchboard.close()
    [case] = await parts.cases.waiting()
    assert case.conversation_id == conversation.id
    assert case.state == CaseState.QUEUED


async def test_a_turn_left_by_a_dead_process_is_answered_by_another(
    parts: Parts, switchboard: Switchboard, clock: ManualClock
) -> None:
    conversation = await switchboard.begin("web", "pl")
    await parts.conversations.said(conversation.id, "a", "halo")  # its process dies here
    await switchboard.sweep()
    await switchboard.close()
    assert len(await parts.conversations.turns(conversation.id)) == 2
    clock.advance(13)
    await switchboard.sweep()
    await switchboard.close()
    assert (await transcript(parts, conversation.id))[-1] == (Author.BOT, "echo: halo")


async def test_an_answer_stored_before_a_crash_is_not_doubled(
    parts: Parts, switchboard: Switchboard, clock: ManualClock
) -> None:
    conversation = await switchboard.begin("web", "pl")
    said = await parts.conversations.said(conversation.id, "a", "halo")
    await parts.conversations.bot_says(
        conversation.id, conversation.epoch, "echo: halo", client_id=f"{said.turn.id}:1"
    )
    clock.advance(13)
    await switchboard.sweep()
    await switchboard.close()
    assert [text for _, text in await transcript(parts, conversation.id)][1:] == [
        "halo",
        "echo: halo",
    ]


async def test_redis_down_loses_no_message_and_no_case(
    parts: Parts, switchboard: Switchboard, redis: RedisServer
) -> None:
    conversation = await switchboard.begin("web", "pl")
    redis.kill()
    await switchboard.say(conversation.id, "a", "halo")
    await switchboard.close()
    case = await parts.cases.open(conversation.id, reason="user_request")
    assert [c.id for c in await parts.cases.waiting()] == [case.id]
    await redis.start()
    await parts.dispatcher.sweep()
    await parts.dispatcher.carry()
    assert await parts.queue.waiting() == [case.id]


async def test_the_language_that_the_bot_found_sticks_to_the_conversation(
    parts: Parts, switchboard: Switchboard, door: BotDoor
) -> None:
    async def english(question: dict[str, Any]) -> list[dict[str, Any]]:
        return [reply("Hello"), done("en")]

    door.script = english
    conversation = await switchboard.begin("web", "pl")
    await switchboard.say(conversation.id, "a", "hello my friend")
    await switchboard.close()
    assert (await parts.conversations.get(conversation.id)).language == "en"


async def test_every_listener_hears_of_each_turn_once(
    parts: Parts, switchboard: Switchboard
) -> None:
    heard: list[str] = []

    async def listener(ring: Ring) -> None:
        if ring.turn:
            heard.append(ring.turn.text)

    parts.bell.listen(listener)
    conversation = await switchboard.begin("web", "pl")
    await switchboard.say(conversation.id, "a", "halo")
    await switchboard.close()
    assert heard == ["halo", "echo: halo"]
