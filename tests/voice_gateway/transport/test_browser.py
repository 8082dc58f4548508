import asyncio
import contextlib
from collections.abc import AsyncIterator

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontline.errors import RefusedError, UnavailableError
from tests.common.lines import BrowserCaller, tone
from tests.voice_gateway.transport.conftest import Call, Gateway, browser_server
from voice_gateway.transport import browser
from voice_gateway.transport import browser_messages as messages
from voice_gateway.transport.port import Start

ORIGIN = "https://shop.example"
FROM_PAGE = {
    '{"type":"start","language":"en","code":"123456"}': messages.Start("en", "123456"),
    '{"type":"start"}': messages.Start("pl"),
    '{"type":"key","digit":"#"}': messages.Key("#"),
    '{"type":"played","mark":"7"}': messages.Played("7"),
    '{"type":"bye"}': messages.Bye(),
}


@pytest.mark.parametrize(("text", "message"), FROM_PAGE.items())
def test_what_a_page_tells(text: str, message: messages.FromPage) -> None:
    assert messages.parse(text) == message


def test_what_a_page_is_told() -> None:
    told = '{"type":"hello","call":"c1","rate_hz":16000,"frame_ms":20}'
    assert messages.hello("c1") == told
    assert messages.mark("7") == '{"type":"mark","mark":"7"}'
    assert messages.flush() == '{"type":"flush"}'
    assert messages.caption("bot", "Dzień dobry") == (
        '{"type":"caption","who":"bot","text":"Dzień dobry"}'
    )
    assert messages.bye("queue") == '{"type":"bye","why":"queue"}'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"type":"hello"}',
        '{"type":"key"}',
        '{"type":"key","digit":"10"}',
        '{"type":"start","language":"de"}',
        '{"type":"start","code":"12345"}',
        '{"type":"start","code":"١٢٣٤٥٦"}',
    ],
)
def test_what_no_page_may_tell(text: str) -> None:
    with pytest.raises(messages.BadMessageError):
        messages.parse(text)


@given(st.text(max_size=100))
def test_garbage_is_refused(text: str) -> None:
    with contextlib.suppress(messages.BadMessageError):
        messages.parse(text)


async def test_pages_elsewhere_may_not_call(gateway: Gateway) -> None:
    async with browser_server(gateway) as url:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await BrowserCaller.connect(url, Origin="https://evil.example")
        assert refused.value.status == 403


async def bye(caller: BrowserCaller) -> object:
    """Why the call was not taken."""
    async with asyncio.timeout(10):
        await caller.left.wait()
    await caller.cut()
    return caller.told[-1]["why"]


async def test_one_address_has_so_many_calls(gateway: Gateway) -> None:
    async with browser_server(gateway, most=1) as url:
        first = await BrowserCaller.connect(url)
        await gateway.calls.get()
        assert await bye(await BrowserCaller.connect(url)) == "busy"
        await first.hang_up()
        gateway.finish.set()
        await gateway.ended.wait()
        await first.cut()
        again = await BrowserCaller.connect(url)
        await gateway.calls.get()
        await again.cut()


@pytest.mark.parametrize(("error", "why"), [(UnavailableError, "busy"), (RefusedError, "refused")])
async def test_a_call_that_is_not_let_in(
    gateway: Gateway, error: type[Exception], why: str
) -> None:
    async def refuse(start: Start) -> None:
        raise error("no")

    gateway.announce = refuse  # type: ignore[method-assign]
    async with browser_server(gateway) as url:
        assert await bye(await BrowserCaller.connect(url)) == why
    assert gateway.calls.empty()


@pytest.mark.parametrize("first", ["{", '{"type":"key","digit":"1"}', None])
async def test_a_page_that_does_not_start_is_refused(
    gateway: Gateway, first: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "START_S", 0.2)
    async with (
        browser_server(gateway) as url,
        aiohttp.ClientSession() as session,
        session.ws_connect(url) as ws,
    ):
        if first:
            await ws.send_str(first)
        assert '"why":"refused"' in await ws.receive_str(timeout=10)
    assert gateway.calls.empty()


@contextlib.asynccontextmanager
async def calling(gateway: Gateway) -> AsyncIterator[tuple[Call, BrowserCaller]]:
    async with browser_server(gateway) as url:
        caller = await BrowserCaller.connect(url, Origin=ORIGIN)
        call = Call(await gateway.calls.get(), caller, gateway)
        collecting = asyncio.create_task(call.collect())
        yield call, caller
        await caller.cut()
        gateway.finish.set()
        await collecting


async def test_captions_are_shown(gateway: Gateway) -> None:
    async with calling(gateway) as (call, caller):
        assert isinstance(call.transport, browser.BrowserLine)
        await call.transport.caption("caller", "gdzie jest paczka")
        await call.transport.leave("queue")
        async with asyncio.timeout(10):
            await caller.left.wait()
        hello, caption, end = caller.told
        assert (hello["type"], hello["call"]) == ("hello", call.transport.start.call_id)
        assert caption == {"type": "caption", "who": "caller", "text": "gdzie jest paczka"}
        assert end == {"type": "bye", "why": "queue"}


async def test_nothing_is_sent_while_nothing_is_played(gateway: Gateway) -> None:
    async with calling(gateway) as (call, caller):
        await asyncio.sleep(0.2)
        await call.transport.play(tone(100))
        await call.transport.mark("end")
        await call.played("end")
        await asyncio.sleep(0.2)
        assert len(caller.ear.pieces) == 5


async def test_a_flood_ends_the_call(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "MOST_MESSAGES", 20)
    async with calling(gateway) as (call, caller):
        for _ in range(50):
            await caller.press("1")
        assert await call.hung_up() == "lost"


async def test_a_page_that_is_left_has_hung_up(gateway: Gateway) -> None:
    async with calling(gateway) as (call, caller):
        await caller.ws.close(code=1001)
        assert await call.hung_up() == "caller"
