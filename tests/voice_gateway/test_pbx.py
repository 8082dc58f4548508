"""The dialplan's questions, on the real record."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import cast

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from handoff.app_parts import Parts
from voice_gateway.exchange import Exchange
from voice_gateway.pbx import Pbx

CALL = "11111111-2222-4333-8444-555555555555"


class Lines:
    """As many lines as a test says."""

    is_full = False


@pytest.fixture
def lines() -> Lines:
    return Lines()


@pytest.fixture
async def pbx(parts: Parts, lines: Lines) -> AsyncIterator[TestServer]:
    app = web.Application()
    Pbx(parts.calls, cast(Exchange, lines), "pbx", "secret").add_to(app)
    server = TestServer(app)
    await server.start_server()
    yield server
    await server.close()


async def ask(server: TestServer, method: str, path: str, **form: str) -> tuple[int, str]:
    told = aiohttp.encode_basic_auth("pbx", "secret")
    async with (
        aiohttp.ClientSession(headers={"Authorization": told}) as http,
        http.request(method, server.make_url(path), data=form or None) as answer,
    ):
        return answer.status, await answer.text()


async def test_a_call_is_announced_and_asked_about(pbx: TestServer, parts: Parts) -> None:
    assert (await ask(pbx, "POST", "/calls", call=CALL, language="en"))[0] == 204
    assert (await parts.calls.get(CALL)).language == "en"
    await parts.calls.begin(CALL, "test")
    status, text = await ask(pbx, "GET", f"/next/{CALL}")
    to, handoff, reason, language, recorded = text.split("|")
    assert (status, to, reason, language, recorded) == (200, "queue", "tool_error", "en", "")
    assert (await parts.calls.of_handoff(handoff)).id == CALL


async def test_an_unknown_call_goes_to_the_queue(pbx: TestServer) -> None:
    status, text = await ask(pbx, "GET", f"/next/{CALL}")
    assert status == 200
    assert text.startswith("queue||")


async def test_a_caller_who_agreed_may_be_recorded_in_the_queue_too(
    pbx: TestServer, parts: Parts
) -> None:
    await ask(pbx, "POST", "/calls", call=CALL)
    await parts.calls.begin(CALL, "test")
    await parts.recordings.agree(CALL, timedelta(days=1))
    assert (await ask(pbx, "GET", f"/next/{CALL}"))[1].endswith("|record")


async def test_what_came_of_the_queue_is_told(pbx: TestServer, parts: Parts) -> None:
    await ask(pbx, "POST", "/calls", call=CALL)
    await parts.calls.begin(CALL, "test")
    await ask(pbx, "GET", f"/next/{CALL}")
    status, text = await ask(pbx, "POST", f"/queue/{CALL}", outcome="unserved")
    assert (status, text.split("|")[0]) == (200, "bot")
    assert (await ask(pbx, "POST", f"/queue/{CALL}", outcome="nonsense"))[0] == 400
    assert (await ask(pbx, "POST", "/queue/unknown-call", outcome="answered"))[0] == 404


async def test_full_lines_and_bad_questions(pbx: TestServer, lines: Lines) -> None:
    assert (await ask(pbx, "POST", "/calls", call="x"))[0] == 409
    assert (await ask(pbx, "POST", "/calls", call=CALL, code="12"))[0] in (204, 409)
    lines.is_full = True
    assert await ask(pbx, "POST", "/calls", call=CALL) == (503, "busy")


@pytest.mark.parametrize(
    "told", ["", "Basic", "Basic !!!", "Bearer cGJ4OnNlY3JldA==", "Basic eDp5"]
)
async def test_who_does_not_know_the_password_learns_nothing(pbx: TestServer, told: str) -> None:
    for method, path in (
        ("POST", "/calls"), ("GET", "/next/x"), ("POST", "/queue/x"), ("POST", "/picked-up/x"),
    ):  # fmt: skip
        async with (
            aiohttp.ClientSession() as http,
            http.request(
                method, pbx.make_url(path), headers={"Authorization": told} if told else {}
            ) as answer,
        ):
            assert answer.status == 401


async def test_sql_being_down_is_an_honest_503(pbx: TestServer, parts: Parts) -> None:
    async with parts.database.write() as connection:
        await connection.exec_driver_sql("alter table calls rename to gone")
    status, _ = await ask(pbx, "GET", f"/next/{CALL}")
    assert status == 503
