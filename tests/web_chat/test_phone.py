from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from frontline.settings import Settings
from handoff.app_parts import Parts
from handoff.codes import TRIES
from tests.common.frames import until
from web_chat.app import make_app
from web_chat.client import ChatClient

CALL = "6f1c0d8e-aaaa-4bbb-8ccc-0123456789ab"
SHOP = "http://shop.example.com"


async def asked(
    server: TestServer, token: str | None, path: str = "", body: Any = None, method: str = "POST"
) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        aiohttp.ClientSession() as http,
        http.request(
            method, server.make_url(f"/chat/phone{path}"), json=body, headers=headers
        ) as answer,
    ):
        return answer.status, await answer.json()


async def test_a_customer_calls_with_the_code_that_the_chat_shows(
    server: TestServer, customer: ChatClient, parts: Parts
) -> None:
    status, shown = await asked(server, customer.token)
    assert status == 200
    assert shown["number"] == "demo"
    await parts.calls.register(CALL, "+48600100200", code=shown["code"])
    conversation = await parts.calls.begin(CALL)
    assert conversation.id == customer.conversation
    turn = await until(customer, "turn", author="system")
    assert "ten sam co na czacie" in turn["text"]


async def test_a_caller_goes_on_in_the_chat(
    server: TestServer, customer: ChatClient, parts: Parts
) -> None:
    await parts.calls.register(CALL)
    call = await parts.calls.begin(CALL)
    code = (await parts.switching.chat_code(CALL)).digits
    status, session = await asked(
        server, customer.token, "/code", {"code": f"{code[:3]} {code[3:]}"}
    )
    assert (status, session["conversation"]) == (200, call.id)
    phoned = ChatClient(str(server.make_url("/")))
    phoned.token = session["token"]
    async with phoned:
        turn = await until(phoned, "turn", author="system")
        assert "dalej na czacie" in turn["text"]


async def test_a_wrong_code_is_refused_and_then_locked(
    server: TestServer, customer: ChatClient
) -> None:
    codes = []
    for _ in range(TRIES + 1):
        status, problem = await asked(server, customer.token, "/code", {"code": "000000"})
        codes.append((status, problem["code"]))
    assert codes[0] == (422, "wrong_code")
    assert codes[-1] == (423, "codes_locked")


@pytest.mark.parametrize("body", [None, [], {}, {"code": 1}, {"code": "1" * 21}, {"code": "abc"}])
async def test_what_is_no_code_is_refused(
    server: TestServer, customer: ChatClient, body: Any
) -> None:
    status, problem = await asked(server, customer.token, "/code", body)
    assert (status, problem["code"]) == (400, "refused")


async def test_only_who_has_a_session_is_given_a_code(server: TestServer) -> None:
    for token in (None, "forged"):
        assert (await asked(server, token))[0] == 401
        assert (await asked(server, token, "/code", {"code": "000000"}))[0] == 401


async def test_codes_are_not_tried_without_end(server: TestServer, customer: ChatClient) -> None:
    statuses = [(await asked(server, customer.token))[0] for _ in range(12)]
    assert statuses[0] == 200
    assert statuses[-1] == 429


async def test_another_page_is_given_nothing(server: TestServer, customer: ChatClient) -> None:
    headers = {"Origin": "http://evil.example.com", "Authorization": f"Bearer {customer.token}"}
    async with (
        aiohttp.ClientSession() as http,
        http.post(server.make_url("/chat/phone"), headers=headers) as answer,
    ):
        assert answer.status == 403
    async with (
        aiohttp.ClientSession() as http,
        http.options(server.make_url("/chat/phone/code"), headers={"Origin": SHOP}) as answer,
    ):
        assert answer.status == 204
        assert "authorization" in answer.headers["Access-Control-Allow-Headers"]


async def test_without_a_phone_line_the_chat_does_not_speak_of_one(
    settings: Settings, parts: Parts, customer: ChatClient
) -> None:
    quiet = settings.model_copy(update={"demo": False})
    server = TestServer(make_app(quiet, parts))
    await server.start_server()
    try:
        assert await asked(server, None, method="GET") == (200, {"number": None})
        assert (await asked(server, customer.token))[0] == 404
    finally:
        await server.close()
