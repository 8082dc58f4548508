import sqlite3
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from frontline.clock import ManualClock
from frontline.settings import Settings
from frontline.turns import Controller
from handoff.app_parts import Parts
from tests.common.agents import hire
from tests.common.frames import until
from tests.common.servers import BotDoor, done, reply
from web_chat.client import ChatClient
from web_chat.messages import MAX_FRAME
from web_chat.sessions import Sessions


async def test_a_customer_is_greeted_by_a_machine_and_answered(customer: ChatClient) -> None:
    welcome = await until(customer, "welcome")
    assert welcome["controller"] == "bot"
    greeting = await until(customer, "turn", seq=1)
    assert "automatyczny asystent" in str(greeting["text"])
    client_id = await customer.say("Gdzie jest paczka?")
    own = await until(customer, "turn", author="customer")
    assert own["client_id"] == client_id
    answer = await until(customer, "turn", author="bot")
    assert answer["text"] == "echo: Gdzie jest paczka?"
    assert "nlu" not in answer


async def test_a_lost_connection_resumes_where_it_was(customer: ChatClient, parts: Parts) -> None:
    await until(customer, "turn", seq=1)
    await customer.hang_up()
    assert customer.conversation
    conversation = await parts.conversations.get(customer.conversation)
    await parts.conversations.bot_says(
        conversation.id, conversation.epoch, "meanwhile", client_id="x"
    )
    await customer.connect()
    assert (await until(customer, "turn"))["text"] == "meanwhile"


async def test_a_message_sent_again_after_a_lost_connection_is_one_message(
    customer: ChatClient, parts: Parts
) -> None:
    client_id = await customer.say("halo")
    await until(customer, "ack", client_id=client_id)
    await customer.hang_up()
    await customer.connect()
    await customer.say("halo", client_id)
    ack = await until(customer, "ack", client_id=client_id)
    assert ack["seq"] == 2
    assert customer.conversation
    said = await parts.conversations.turns(customer.conversation)
    assert [turn.text for turn in said if turn.client_id == client_id] == ["halo"]


async def test_two_tabs_of_one_conversation_hear_the_same(
    customer: ChatClient, server: TestServer
) -> None:
    second = ChatClient(str(server.make_url("/")))
    second.token = customer.token
    await second.connect()
    await customer.say("halo")
    assert (await until(second, "turn", author="bot", seq=3))["text"] == "echo: halo"
    await second.close()


async def test_only_offered_buttons_can_be_chosen(customer: ChatClient, door: BotDoor) -> None:
    async def offering(question: dict[str, object]) -> list[dict[str, object]]:
        return [reply("Tak czy nie?", ("Tak", "/affirm")), done()]

    door.script = offering
    await customer.say("halo")
    offer = await until(customer, "turn", author="bot", seq=3)
    await customer.send("choose", client_id="1", seq=offer["seq"], payload="/restart")
    assert (await until(customer, "error"))["code"] == "not_offered"
    await customer.send("choose", client_id="2", seq=offer["seq"], payload="/affirm")
    assert (await until(customer, "turn", author="customer"))["text"] == "Tak"
    await until(customer, "turn", author="bot")
    assert door.asked[-1]["message"] == "/affirm"


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty_text"), ("   \n\u0000", "empty_text"), ("x" * 20_000, "text_too_long")],
)
async def test_unusable_messages_are_refused_with_a_reason(
    customer: ChatClient, text: str, code: str
) -> None:
    client_id = await customer.say(text)
    error = await until(customer, "error", client_id=client_id)
    assert error["code"] == code
    assert error["retryable"] is False


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "😀😀", "Guten Tag, wo ist mein Paket?"]
)
async def test_strange_messages_are_stored_as_they_are_and_answered(
    customer: ChatClient, text: str
) -> None:
    await customer.say(text)
    assert (await until(customer, "turn", author="customer"))["text"] == text
    assert (await until(customer, "turn", author="bot"))["text"] == f"echo: {text}"


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "{",
        "[]",
        '"say"',
        '{"type":"say"}',
        '{"type":"drop_tables"}',
        '{"type":"say","client_id":"","text":"x"}',
    ],
)
async def test_malformed_frames_get_an_error_and_the_socket_lives_on(
    customer: ChatClient, frame: str
) -> None:
    assert customer._ws is not None
    await customer._ws.send_str(frame)
    assert (await until(customer, "error"))["code"] == "bad_frame"
    await customer.send("ping")
    await until(customer, "pong")


async def test_binary_frames_are_refused_and_ten_bad_ones_end_the_socket(
    customer: ChatClient,
) -> None:
    ws = customer._ws
    assert ws is not None
    for _ in range(10):
        await ws.send_bytes(b"\x00\xff")
    errors = [frame async for frame in customer.frames() if frame["type"] == "error"]
    assert len(errors) == 10
    assert ws.close_code == 1008


async def test_an_oversized_frame_ends_the_socket(customer: ChatClient) -> None:
    ws = customer._ws
    assert ws is not None
    await ws.send_str("x" * (MAX_FRAME + 1))
    async for _ in customer.frames():
        pass
    assert ws.close_code == 1009


async def test_too_many_messages_are_slowed_down(customer: ChatClient) -> None:
    # Many more than the burst: on a slow machine the allowance grows back while they are read.
    for n in range(60):
        await customer.say(f"wiadomość {n}")
    error = await until(customer, "error")
    assert error["code"] == "too_many"
    assert error["retryable"] is True


async def test_an_address_holds_only_so_many_sockets(server: TestServer) -> None:
    url = str(server.make_url("/"))
    clients = [ChatClient(url) for _ in range(4)]
    for client in clients[:3]:
        await client.connect()
        await until(client, "welcome")
    async with aiohttp.ClientSession() as http, http.get(server.make_url("/chat/socket")) as answer:
        assert answer.status == 429
        assert answer.headers["Retry-After"]
    for client in clients:
        await client.close()


async def test_a_page_elsewhere_may_not_embed_the_chat(server: TestServer) -> None:
    async with aiohttp.ClientSession() as http:
        for origin, status in (("http://evil.example.com", 403), ("http://shop.example.com", 200)):
            headers = {"Origin": origin}
            async with http.post(server.make_url("/chat/session"), json={}, headers=headers) as a:
                assert a.status == status
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await http.ws_connect(
                server.make_url("/chat/socket"), headers={"Origin": "http://evil.example.com"}
            )


async def test_forged_and_expired_tokens_are_refused(
    server: TestServer, settings: Settings, customer: ChatClient
) -> None:
    expired = Sessions(settings.secret_key(), hours=-1).issue("x")
    foreign = Sessions(b"another key", hours=1).issue(str(customer.conversation))
    async with aiohttp.ClientSession() as http:
        for token in (foreign, str(customer.token)[:-2], "x" * 600, expired):
            body = {"token": token}
            async with http.post(server.make_url("/chat/session"), json=body) as answer:
                assert answer.status == 401
                assert (await answer.json())["code"] == "bad_token"
            async with http.ws_connect(server.make_url("/chat/socket")) as ws:
                await ws.send_json({"type": "hello", "token": token})
                assert (await ws.receive_json())["code"] == "bad_token"
                await ws.receive()
                assert ws.close_code == 4401


async def test_a_person_is_asked_for_answers_and_gives_back(
    customer: ChatClient, parts: Parts
) -> None:
    await until(customer, "controller", controller="bot")
    assert customer.conversation
    case = await parts.cases.open(customer.conversation, reason="user_request")
    await until(customer, "controller", controller="queue")
    assert (await until(customer, "queue"))["position"] == 1
    await customer.say("to pilne")
    agent = await hire(parts, "Demo Agent")
    held = await parts.handling.claim(case.id, agent)
    joined = await until(customer, "controller", controller="agent")
    assert joined["name"] == "Demo Agent"
    await parts.handling.says(held.id, agent, held.fence, "Już pomagam", "1")
    turn = await until(customer, "turn", author="agent")
    assert (turn["text"], turn["name"]) == ("Już pomagam", "Demo Agent")
    await parts.handling.give_back(held.id, agent, held.fence, "done")
    await until(customer, "controller", controller="bot")
    conversation = await parts.conversations.get(customer.conversation)
    assert conversation.controller == Controller.BOT


async def test_what_another_process_wrote_appears_without_a_ring(
    customer: ChatClient, parts: Parts
) -> None:
    await until(customer, "turn", seq=1)
    assert customer.conversation
    await parts.conversations.bot_says(customer.conversation, 1, "from afar", client_id="z")
    assert (await until(customer, "turn", seq=2))["text"] == "from afar"


async def test_the_language_switch_is_kept(customer: ChatClient, door: BotDoor) -> None:
    await customer.send("language", language="en")
    await customer.say("halo")
    await until(customer, "turn", author="bot", seq=3)
    assert (door.asked[0]["language"], door.asked[0]["language_chosen"]) == ("en", True)


async def test_pages_carry_a_strict_content_policy(server: TestServer) -> None:
    async with (
        aiohttp.ClientSession() as http,
        http.get(server.make_url("/widget.js")) as answer,
    ):
        assert answer.status == 200
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


async def test_a_database_that_does_not_answer_refuses_and_takes_the_same_message_later(
    customer: ChatClient, tmp_path: Path
) -> None:
    await until(customer, "turn", seq=1)
    blocker = sqlite3.connect(tmp_path / "test.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    client_id = await customer.say("halo")
    error = await until(customer, "error", client_id=client_id)
    assert error["code"] == "unavailable"
    assert error["retryable"] is True
    blocker.execute("ROLLBACK")
    blocker.close()
    await customer.say("halo", client_id)
    await until(customer, "ack", client_id=client_id)
    assert (await until(customer, "turn", author="bot", seq=3))["text"] == "echo: halo"


async def test_the_place_in_the_queue_moves_up(customer: ChatClient, parts: Parts) -> None:
    other = await parts.conversations.create("web", "pl", "Dzień dobry")
    first = await parts.cases.open(other.id, reason="user_request")
    assert isinstance(parts.clock, ManualClock)
    parts.clock.advance(1)
    assert customer.conversation
    await parts.cases.open(customer.conversation, reason="user_request")
    assert (await until(customer, "queue"))["position"] == 2
    await parts.handling.claim(first.id, await hire(parts, "Demo Agent"))
    assert (await until(customer, "queue"))["position"] == 1
