import asyncio
import contextlib
from collections.abc import AsyncIterator
from xml.etree import ElementTree as ET

import aiohttp
import pytest
from aiohttp import web
from twilio.request_validator import RequestValidator

from frontline.errors import NotFoundError, UnavailableError
from handoff.calls import Next
from tests.common.lines import TwilioCaller, tone
from tests.voice_gateway.transport.conftest import Gateway, Records, web_server
from voice_gateway.transport import twilio
from voice_gateway.transport.port import Start
from voice_gateway.transport.twilio import TwilioLine, make_handler
from voice_gateway.transport.twilio_messages import TELNYX

PUBLIC = "https://voice.example.com"
TOKEN = "12345"
CALL = "CA5ef8732a3c49700934481addd5ce1659"


class Twilio:
    """Twilio's side: it signs what it asks."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session = session
        self.url = url
        self.sign = RequestValidator(TOKEN).compute_signature

    async def ask(self, path: str, signature: str | None = None, **form: str) -> ET.Element | int:
        """The TwiML it is told, or the status of a refusal."""
        form = {"CallSid": CALL, "From": "+48221234567", **form}
        headers = {"X-Twilio-Signature": signature or self.sign(PUBLIC + path, form)}
        async with self.session.post(self.url + path, data=form, headers=headers) as answer:
            if answer.status != 200:
                return answer.status
            assert answer.content_type == "text/xml"
            return ET.fromstring(await answer.text())  # noqa: S314  we wrote it

    async def stream(self, signed_url: str) -> TwilioCaller:
        signature = self.sign(signed_url, {})
        url = self.url.replace("http", "ws", 1) + "/twilio/stream"
        return await TwilioCaller.connect(url, call=CALL, **{"X-Twilio-Signature": signature})


@contextlib.asynccontextmanager
async def number(
    gateway: Gateway, records: Records, queue: str = "complaints"
) -> AsyncIterator[Twilio]:
    """A number that Twilio serves."""
    app = web.Application()
    TwilioLine(gateway.on_call, records, token=TOKEN, public_url=PUBLIC + "/", queue=queue).add_to(
        app
    )
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as session:
        yield Twilio(session, f"http://127.0.0.1:{runner.addresses[0][1]}")
    gateway.finish.set()
    await runner.cleanup()


async def test_a_call_is_announced_and_connected(gateway: Gateway, records: Records) -> None:
    async with number(gateway, records) as phone:
        told = await phone.ask("/twilio/voice?language=en")
        assert isinstance(told, ET.Element)
        connect = told.find("Connect")
        stream = told.find("Connect/Stream")
        parameter = told.find("Connect/Stream/Parameter")
        assert connect is not None
        assert stream is not None
        assert parameter is not None
        assert connect.attrib == {"action": f"{PUBLIC}/twilio/after"}
        assert stream.attrib == {"url": "wss://voice.example.com/twilio/stream"}
        assert parameter.attrib == {"name": "language", "value": "en"}
        assert records.registered == [(CALL, "+48221234567", "en")]


async def test_the_published_signature_is_the_one_we_check() -> None:
    """The example of Twilio's page on security."""
    form = {"CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234",
            "From": "+14158675309", "To": "+18005551212"}  # fmt: skip
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert RequestValidator(TOKEN).validate(url, form, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")


@pytest.mark.parametrize("path", ["/twilio/voice", "/twilio/after", "/twilio/after-queue"])
async def test_what_twilio_did_not_sign_is_refused(
    gateway: Gateway, records: Records, path: str
) -> None:
    async with number(gateway, records) as phone:
        assert await phone.ask(path, signature="x") == 403
        assert await phone.ask(path, signature=phone.sign(PUBLIC + path, {"CallSid": CALL})) == 403
        other = RequestValidator("other token").compute_signature(PUBLIC + path, {"CallSid": CALL})
        assert await phone.ask(path, signature=other) == 403
    assert records.registered == []


@pytest.mark.parametrize(
    "signed",
    [
        "wss://voice.example.com/twilio/stream",
        "wss://voice.example.com/twilio/stream/",
        "wss://voice.example.com:443/twilio/stream",
        "wss://voice.example.com:443/twilio/stream/",
    ],
)
async def test_a_signed_stream_is_a_call(gateway: Gateway, records: Records, signed: str) -> None:
    async with number(gateway, records) as phone:
        caller = await phone.stream(signed)
        async with asyncio.timeout(10):
            transport = await gateway.calls.get()
        assert transport.start == Start(call_id=CALL, transport="twilio", language="pl")
        await transport.leave("queue")
        await caller.cut()


async def test_a_stream_that_is_not_signed_is_refused(gateway: Gateway, records: Records) -> None:
    async with number(gateway, records) as phone:
        for url in ("wss://evil.example/twilio/stream", "https://voice.example.com/twilio/stream"):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await phone.stream(url)
            assert refused.value.status == 403
    assert gateway.calls.empty()


async def test_after_the_call_twilio_is_told_where_it_goes(
    gateway: Gateway, records: Records
) -> None:
    async with number(gateway, records) as phone:
        told = await phone.ask("/twilio/after")
        assert isinstance(told, ET.Element)
        assert [part.tag for part in told] == ["Hangup"]

        records.next = Next("queue", handoff_id="h1")
        told = await phone.ask("/twilio/after")
        assert isinstance(told, ET.Element)
        assert told[0].text == "complaints"
        assert told[0].attrib == {"action": f"{PUBLIC}/twilio/after-queue"}

        records.next = Next("bot", language="en")
        told = await phone.ask("/twilio/after-queue", QueueResult="queue-full")
        assert isinstance(told, ET.Element)
        assert told.find("Connect/Stream") is not None
        await phone.ask("/twilio/after-queue", QueueResult="bridged")
        await phone.ask("/twilio/after-queue", QueueResult="hangup")
        await phone.ask("/twilio/after-queue", DialCallStatus="no-answer")
        assert records.outcomes == ["unserved", "answered", "hung_up", "unserved"]


async def test_a_pbx_may_be_dialled_with_the_handoff_id(gateway: Gateway, records: Records) -> None:
    records.next = Next("queue", handoff_id="9f86d081")
    async with number(gateway, records, queue="sip:queue@pbx.example.com") as phone:
        told = await phone.ask("/twilio/after")
        assert isinstance(told, ET.Element)
        assert told.findtext("Dial/Sip") == "sip:queue@pbx.example.com?X-Handoff-Id=9f86d081"
    async with number(gateway, records, queue="+48229876543") as phone:
        told = await phone.ask("/twilio/after")
        assert isinstance(told, ET.Element)
        assert told.findtext("Dial/Number") == "+48229876543"


async def test_no_caller_is_lost_when_the_records_fail(gateway: Gateway, records: Records) -> None:
    records.full = True
    async with number(gateway, records) as phone:
        told = await phone.ask("/twilio/voice")
        assert isinstance(told, ET.Element)
        assert told.findtext("Enqueue") == "complaints"
        for error in (NotFoundError("no such call"), UnavailableError("SQL")):
            records.next = error
            told = await phone.ask("/twilio/after")
            assert isinstance(told, ET.Element)
            assert told.findtext("Enqueue") == "complaints"


async def test_other_providers_announce_the_call_themselves(gateway: Gateway) -> None:
    announced: list[Start] = []

    async def announce(start: Start) -> None:
        announced.append(start)

    handler = make_handler(
        gateway.on_call, allowed=lambda _: True, provider=TELNYX, announce=announce
    )
    async with (
        web_server(gateway, "/telnyx", handler) as url,
        aiohttp.ClientSession() as session,
        session.ws_connect(url) as ws,
    ):
        shape = {"encoding": "PCMU", "sample_rate": 8000, "channels": 1}
        start = {"call_session_id": "ff55a038", "from": "+1312", "media_format": shape}
        message = {"event": "start", "sequence_number": "1", "stream_id": "s", "start": start}
        await ws.send_json(message)
        async with asyncio.timeout(10):
            transport = await gateway.calls.get()
        assert announced == [transport.start]
        assert transport.start == Start("ff55a038", "telnyx", caller="+1312")
        await transport.play(tone(20))
        told = await ws.receive_json(timeout=10)
        assert (told["event"], told["stream_id"]) == ("media", "s")


@pytest.mark.parametrize("first", ["{", '{"event":"stop"}', None])
async def test_a_stream_that_does_not_start_is_closed(
    gateway: Gateway, first: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twilio, "START_S", 0.2)
    handler = make_handler(gateway.on_call, allowed=lambda _: True)
    async with (
        web_server(gateway, "/stream", handler) as url,
        aiohttp.ClientSession() as session,
        session.ws_connect(url) as ws,
    ):
        if first:
            await ws.send_str(first)
        message = await ws.receive(timeout=10)
        assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 1008)
    assert gateway.calls.empty()
