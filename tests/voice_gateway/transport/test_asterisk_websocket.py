import asyncio
from uuid import uuid4

import aiohttp
import pytest
from structlog.testing import capture_logs

from tests.common.lines import AsteriskCaller, basic, tone
from tests.voice_gateway.transport.conftest import Call, Gateway, web_server
from voice_gateway.audio.g711 import encode_alaw
from voice_gateway.transport.asterisk_websocket import MOST_BAD, make_handler

LOGIN = {"user": "pbx", "password": "s3cret"}


async def status(gateway: Gateway, query: str = "", protocol: str = "media", **headers: str) -> int:
    """What a handshake is answered with."""
    handler = make_handler(gateway.on_call, **LOGIN)
    async with web_server(gateway, "/asterisk", handler) as url, aiohttp.ClientSession() as session:
        headers = {"Authorization": basic(**LOGIN), **headers}
        try:
            async with session.ws_connect(url + query, protocols=(protocol,), headers=headers):
                return 101
        except aiohttp.WSServerHandshakeError as error:
            return error.status


async def test_the_handshake_asks_for_user_and_password(gateway: Gateway) -> None:
    assert await status(gateway) == 101
    for wrong in ("", "Basic", basic("pbx", "other"), basic("other", "s3cret"), "Bearer s3cret"):
        assert await status(gateway, Authorization=wrong) == 401
    assert await status(gateway, Authorization="Basic ąę") == 401


async def test_the_handshake_says_what_can_be_served(gateway: Gateway) -> None:
    assert await status(gateway, f"?call={uuid4()}&format=alaw") == 101
    assert await status(gateway, "?call=7") == 400
    assert await status(gateway, "?format=opus") == 400
    assert await status(gateway, protocol="ari") == 400


async def test_the_address_says_what_is_known(gateway: Gateway) -> None:
    handler = make_handler(gateway.on_call, **LOGIN)
    call = uuid4()
    query = f"?call={call}&language=en&code=123456"
    async with web_server(gateway, "/asterisk", handler) as url, aiohttp.ClientSession() as session:
        headers = {"Authorization": basic(**LOGIN)}
        async with session.ws_connect(url + query, protocols=("media",), headers=headers) as ws:
            assert ws.protocol == "media"
            start = (await gateway.calls.get()).start
    assert (start.call_id, start.language, start.code) == (str(call), "en", "123456")
    assert start.transport == "websocket"


class Line:
    """A call as `asterisk_websocket` serves it, and its far side."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway

    async def __aenter__(self) -> tuple[Call, AsteriskCaller]:
        handler = make_handler(self.gateway.on_call, admit=self.gateway.admit, **LOGIN)
        self._server = web_server(self.gateway, "/asterisk", handler)
        url = await self._server.__aenter__()
        self._caller = await AsteriskCaller.connect(url, call=uuid4(), **LOGIN)
        call = Call(await self.gateway.calls.get(), self._caller, self.gateway)
        self._collecting = asyncio.create_task(call.collect())
        return call, self._caller

    async def __aexit__(self, *_: object) -> None:
        await self._caller.cut()
        self.gateway.finish.set()
        await self._collecting
        await self._server.__aexit__(None, None, None)


async def test_the_queue_of_the_pbx_stays_short(gateway: Gateway) -> None:
    async with Line(gateway) as (call, caller):
        await call.transport.play(tone(1500))
        await call.transport.mark("end")
        await call.played("end")
        assert caller.queue.most <= 14


async def test_silence_flows_between_sounds(gateway: Gateway) -> None:
    async with Line(gateway) as (_, caller):
        await asyncio.sleep(0.6)
        assert len(caller.ear.pieces) >= 15
        assert caller.ear.voiced_ms() == 0


async def test_a_full_queue_is_given_time(gateway: Gateway) -> None:
    async with Line(gateway) as (call, caller):
        await caller.event("MEDIA_XOFF")
        await asyncio.sleep(0.1)
        await call.transport.play(tone(200))
        await asyncio.sleep(0.3)
        assert caller.ear.voiced_ms() == 0
        await caller.event("MEDIA_XON")
        await call.transport.mark("end")
        await call.played("end")
        await asyncio.sleep(0.1)
        assert caller.ear.voiced_ms() >= 180


async def test_the_channel_knows_its_format_best(gateway: Gateway) -> None:
    async with Line(gateway) as (call, caller):
        with capture_logs() as logs:
            await caller.event("MEDIA_START", format="alaw")
            await caller.press("1")
            await call.when(lambda: call.keys() == "1")
        assert [line["event"] for line in logs] == ["websocket.format"]
        await caller.ws.send_bytes(encode_alaw(tone(20)[::2][:320]))
        await call.when(lambda: len(call.sound()) == 640)


async def test_a_mark_that_is_never_told_of_counts_after_its_time(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voice_gateway.transport.line.MARK_LATE_S", 0.1)
    async with Line(gateway) as (call, caller):
        caller.stall()
        await call.transport.play(tone(100))
        await call.transport.mark("end")
        await call.played("end")


async def test_garbage_is_forgiven_for_a_while(gateway: Gateway) -> None:
    async with Line(gateway) as (call, caller):
        for garbage in ("{", "MEDIA_START x", '{"event":"DTMF_END","digit":"77"}'):
            await caller.ws.send_str(garbage)
        await caller.ws.send_bytes(b"odd")
        await caller.press("5")
        await call.when(lambda: call.keys() == "5")
        for _ in range(MOST_BAD):
            await caller.ws.send_str("{")
        assert await call.hung_up() == "lost"


async def test_a_message_that_is_too_long_ends_the_call(gateway: Gateway) -> None:
    async with Line(gateway) as (call, caller):
        await caller.ws.send_bytes(bytes(100_000))
        assert await call.hung_up() == "lost"
