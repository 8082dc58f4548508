import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from frontline.errors import UnavailableError
from frontline.ids import new_id
from handoff.app_parts import Parts
from handoff.files import MOST_BYTES, MOST_FILES
from tests.common.frames import until
from tests.common.pictures import PLACE, picture
from tests.common.servers import BotDoor
from web_chat import uploads
from web_chat.client import ChatClient

SHOP = "http://shop.example.com"


@asynccontextmanager
async def posted(
    server: TestServer, token: str | None, content: Any, **headers: str
) -> AsyncIterator[aiohttp.ClientResponse]:
    sent = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        aiohttp.ClientSession() as http,
        http.post(server.make_url("/chat/files"), data=content, headers=sent | headers) as answer,
    ):
        yield answer


async def test_a_photo_is_said_in_the_conversation_and_reaches_the_bot(
    customer: ChatClient, door: BotDoor
) -> None:
    file_id = await customer.send_file("Zdjęcie żółwia.JPG", picture(), "c1")
    turn = await until(customer, "turn", author="customer")
    assert turn["text"] == "[zdjęcie: Zdjęcie żółwia.jpg]"
    assert turn["client_id"] == "c1"
    [file] = turn["files"]
    assert (file["id"], file["name"], file["kind"]) == (
        file_id,
        "Zdjęcie żółwia.jpg",
        "image/jpeg",
    )
    await until(customer, "turn", author="bot", seq=3)
    assert door.asked[-1]["message"] == f'/inform{{"photo":"{file_id}"}}'
    content = await customer.fetch_file(file_id)
    assert len(content) == file["size"]
    assert PLACE not in content


async def test_a_photo_sent_again_after_a_lost_answer_is_said_once(
    customer: ChatClient, parts: Parts
) -> None:
    first = await customer.send_file("a.jpg", picture(), "c1")
    assert await customer.send_file("a.jpg", picture(), "c1") == first
    turns = await parts.conversations.turns(str(customer.conversation))
    assert sum(bool(turn.files) for turn in turns) == 1


async def test_files_come_back_after_a_reload(customer: ChatClient) -> None:
    await customer.send_file("faktura.pdf", b"%PDF-1.7\n%%EOF")
    await customer.hang_up()
    customer.seen = 0
    await customer.connect()
    turn = await until(customer, "turn", author="customer")
    assert (turn["text"], turn["files"][0]["name"]) == ("[plik: faktura.pdf]", "faktura.pdf")


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (picture() + bytes(MOST_BYTES), 413, "file_too_big"),
        (b"GIF89a", 415, "file_kind"),
        (b"", 415, "file_kind"),
        (b"<html><script>alert(1)</script>", 415, "file_kind"),
        (b"\x89PNG\r\n\x1a\n????", 422, "file_damaged"),
    ],
)
async def test_unusable_files_are_refused_with_a_reason(
    customer: ChatClient, server: TestServer, content: bytes, status: int, code: str
) -> None:
    headers = {"X-File-Name": "photo.jpg", "Content-Type": "image/jpeg", "Origin": SHOP}
    async with posted(server, customer.token, content, **headers) as answer:
        assert answer.status == status
        assert (await answer.json())["code"] == code
        assert answer.headers["Access-Control-Allow-Origin"] == SHOP


async def test_a_body_without_a_length_is_cut_off_at_the_limit(
    customer: ChatClient, server: TestServer
) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 20 * MOST_BYTES:
            sent += 65_536
            yield picture() if sent == 65_536 else bytes(65_536)

    try:
        async with posted(server, customer.token, endless()) as answer:
            assert answer.status == 413
    except aiohttp.ClientConnectionError:
        pass  # the server has hung up on us before we read its answer
    assert sent < 20 * MOST_BYTES


async def test_a_body_that_does_not_come_is_not_waited_for(
    customer: ChatClient, server: TestServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "UPLOAD_TIMEOUT_S", 0.2)

    async def slow() -> AsyncIterator[bytes]:
        yield picture()[:20]
        await asyncio.sleep(3)

    async with posted(server, customer.token, slow()) as answer:
        assert answer.status == 408


async def test_half_a_body_is_not_a_file(
    customer: ChatClient, server: TestServer, parts: Parts
) -> None:
    assert server.port
    for head in ("Content-Length: 500", "Transfer-Encoding: chunked"):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(
            f"POST /chat/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {customer.token}\r\n"
            f"{head}\r\n\r\nzz\r\n".encode()
        )
        await writer.drain()
        writer.write_eof()
        async with asyncio.timeout(5):
            answer = await reader.read()
        assert b" 201 " not in answer
        assert b" 500 " not in answer
        writer.close()
    turns = await parts.conversations.turns(str(customer.conversation))
    assert not any(turn.files for turn in turns)


async def test_the_eleventh_file_is_refused(customer: ChatClient, server: TestServer) -> None:
    for n in range(MOST_FILES):
        await customer.send_file(f"{n}.jpg", picture(size=(8 + n, 8)))
    async with posted(server, customer.token, picture(size=(90, 9))) as answer:
        assert answer.status == 409
        assert (await answer.json())["code"] == "too_many_files"


async def test_too_many_tries_are_slowed_down(customer: ChatClient, server: TestServer) -> None:
    statuses = []
    for _ in range(uploads.PER_MINUTE + 3):
        async with posted(server, customer.token, b"GIF89a") as answer:
            statuses.append(answer.status)
            retry_after = answer.headers.get("Retry-After")
    assert statuses[-1] == 429
    assert retry_after


async def test_without_a_token_of_ours_nothing_is_taken_and_nothing_given(
    customer: ChatClient, server: TestServer
) -> None:
    file_id = await customer.send_file("a.jpg", picture())
    for headers in (
        {},
        {"Authorization": "Bearer forged"},
        {"Authorization": str(customer.token)},
        {"Authorization": f"Basic {customer.token}"},
    ):
        async with aiohttp.ClientSession(headers=headers) as http:
            async with http.post(server.make_url("/chat/files"), data=picture()) as answer:
                assert (answer.status, (await answer.json())["code"]) == (401, "bad_token")
            url = server.make_url(f"/chat/files/{file_id}")
            async with http.get(url, params={"token": str(customer.token)}) as answer:
                assert answer.status == 401


async def test_nobody_gets_a_file_of_another_conversation(
    customer: ChatClient, server: TestServer
) -> None:
    file_id = await customer.send_file("a.jpg", picture())
    async with ChatClient(str(server.make_url("/"))) as other:
        for forged in (file_id, new_id(), "..%2f..%2fetc%2fpasswd", quote("' OR 1=1 --")):
            headers = {"Authorization": f"Bearer {other.token}"}
            async with (
                aiohttp.ClientSession(headers=headers) as http,
                http.get(server.make_url(f"/chat/files/{forged}")) as answer,
            ):
                assert (answer.status, (await answer.json())["code"]) == (404, "no_such_file")
        with pytest.raises(UnavailableError):
            await other.fetch_file(file_id)


async def test_a_file_is_saved_and_never_shown_by_the_browser(
    customer: ChatClient, server: TestServer
) -> None:
    file_id = await customer.send_file("żółw; a=b.png", picture("PNG"))
    headers = {"Authorization": f"Bearer {customer.token}", "Origin": SHOP}
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.get(server.make_url(f"/chat/files/{file_id}")) as answer,
    ):
        assert answer.status == 200
        assert answer.content_type == "image/png"
        name = quote("żółw_ a=b.png".replace("=", "_"))
        assert answer.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{name}"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["Access-Control-Allow-Origin"] == SHOP


async def test_only_pages_that_embed_the_chat_may_send(
    customer: ChatClient, server: TestServer
) -> None:
    url = server.make_url("/chat/files")
    async with aiohttp.ClientSession() as http:
        async with http.options(url, headers={"Origin": SHOP}) as answer:
            assert answer.status == 204
            assert "authorization" in answer.headers["Access-Control-Allow-Headers"]
        for origin in ("http://evil.example.com", "null"):
            async with http.options(url, headers={"Origin": origin}) as answer:
                assert answer.status == 403
            async with posted(server, customer.token, picture(), Origin=origin) as answer:
                assert answer.status == 403


async def test_a_database_that_does_not_answer_takes_the_same_photo_later(
    customer: ChatClient, server: TestServer, tmp_path: Path
) -> None:
    blocker = sqlite3.connect(tmp_path / "test.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    async with posted(server, customer.token, picture(), **{"X-Client-Id": "c1"}) as answer:
        assert (answer.status, (await answer.json())["code"]) == (503, "unavailable")
    blocker.execute("ROLLBACK")
    blocker.close()
    await customer.send_file("a.jpg", picture(), "c1")
    await until(customer, "turn", author="customer", client_id="c1")
