"""Calls over Twilio Media Streams, and over providers that took over its form.

Twilio asks a webhook what to do with a call, opens a stream to us, and when we close it asks a
second webhook how the call goes on. It signs the webhooks and the stream's handshake.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from typing import Protocol
from urllib.parse import urlsplit

import structlog
from aiohttp import WSMsgType, web
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Connect, Dial, VoiceResponse

from frontline.errors import FrontlineError
from frontline.lang import Language
from handoff.calls import Next, Outcome
from voice_gateway.audio.playout import Pace
from voice_gateway.transport import port
from voice_gateway.transport import twilio_messages as messages
from voice_gateway.transport.codec import BadSoundError, Codec
from voice_gateway.transport.line import (
    FAREWELL_S,
    SENT_AHEAD,
    STALLED_S,
    Line,
    OnCall,
    notice_death,
)
from voice_gateway.transport.port import Start
from voice_gateway.transport.twilio_messages import BadMessageError, Provider

log = structlog.get_logger()

START_S = 5.0
"""A stream says at once which call it is."""
MOST_BAD = 10
HEARTBEAT_S = 20.0
AHEAD_MS = 400.0
"""The internet lies between us and the provider."""
_LANGUAGES: dict[str, Language] = {"pl": "pl", "en": "en"}
_RESULTS: dict[str, Outcome] = {
    "bridged": "answered",
    "completed": "answered",
    "answered": "answered",
    "hangup": "hung_up",
    "canceled": "hung_up",
}
"""What Twilio tells of a queue (`QueueResult`) or a dialled leg (`DialCallStatus`)."""


class Records(Protocol):
    """What is kept of calls; see `handoff.calls.Calls`."""

    async def register(
        self,
        call_id: str,
        caller: str | None = None,
        language: str | None = None,
        code: str | None = None,
    ) -> None:
        """Announce a call."""
        ...

    async def next_of(self, call_id: str) -> Next:
        """Where the call goes when the gateway has left it."""
        ...

    async def after_queue(self, call_id: str, outcome: Outcome) -> Next:
        """Where it goes when the queue has let go of it."""
        ...


class TwilioLine:
    """The webhooks and the stream of a Twilio number."""

    def __init__(
        self, on_call: OnCall, calls: Records, *, token: str, public_url: str, queue: str
    ) -> None:
        """A number whose voice webhook is `public_url` + `/twilio/voice?language=pl`.

        Args:
            on_call: serves a call; see `Line.run`.
            calls: announces calls and says where they go.
            token: the account's auth token, which signs everything.
            public_url: as Twilio reaches us, `https://…` without a path.
            queue: where callers wait for people: `sip:…` or a number that is dialled, else the
                name of a Twilio queue.
        """
        self._calls = calls
        self._validator = RequestValidator(token)
        self._url = public_url.rstrip("/")
        self._queue = queue
        self._stream = make_handler(on_call, allowed=self._is_signed_handshake)

    def add_to(self, app: web.Application) -> None:
        """Serve the webhooks and the stream."""
        app.router.add_post("/twilio/voice", self._voice)
        app.router.add_post("/twilio/after", self._after)
        app.router.add_post("/twilio/after-queue", self._after_queue)
        app.router.add_get("/twilio/stream", self._stream)

    async def _voice(self, request: web.Request) -> web.Response:
        """A call comes in."""
        form = await self._signed(request)
        call, caller = form.get("CallSid", ""), form.get("From")
        language: Language = "en" if request.query.get("language") == "en" else "pl"
        try:
            await self._calls.register(call, caller, language)
        except FrontlineError as error:
            log.warning("twilio.not_registered", call_id=call, error=str(error))
            return _answer(self._to_queue(None))
        return _answer(self._to_bot(language))

    async def _after(self, request: web.Request) -> web.Response:
        """The gateway has left a call."""
        form = await self._signed(request)
        return await self._on(self._calls.next_of(form.get("CallSid", "")))

    async def _after_queue(self, request: web.Request) -> web.Response:
        """The queue, or the number that was dialled, has let go of a call."""
        form = await self._signed(request)
        result = form.get("QueueResult") or form.get("DialCallStatus", "")
        outcome = _RESULTS.get(result, "unserved")
        return await self._on(self._calls.after_queue(form.get("CallSid", ""), outcome))

    async def _on(self, asked: Awaitable[Next]) -> web.Response:
        try:
            to = await asked
        except FrontlineError as error:  # no caller is lost
            log.warning("twilio.no_next", error=str(error))
            return _answer(self._to_queue(None))
        if to.to == "bot":
            return _answer(self._to_bot(to.language))
        if to.to == "queue":
            return _answer(self._to_queue(to.handoff_id))
        response = VoiceResponse()
        response.hangup()
        return _answer(response)

    def _to_bot(self, language: str) -> VoiceResponse:
        connect = Connect(action=f"{self._url}/twilio/after")
        stream = connect.stream(url=f"{self._socket_url}/twilio/stream")
        stream.parameter(name="language", value=language)
        response = VoiceResponse()
        response.append(connect)
        return response

    def _to_queue(self, handoff_id: str | None) -> VoiceResponse:
        response = VoiceResponse()
        action = f"{self._url}/twilio/after-queue"
        if not self._queue.startswith(("sip:", "+")):
            response.enqueue(self._queue, action=action)
            return response
        dial = Dial(action=action)
        if self._queue.startswith("sip:"):
            header = f"?X-Handoff-Id={handoff_id}" if handoff_id else ""
            dial.sip(self._queue + header)
        else:
            dial.number(self._queue)
        response.append(dial)
        return response

    @property
    def _socket_url(self) -> str:
        return self._url.replace("http", "ws", 1)

    async def _signed(self, request: web.Request) -> dict[str, str]:
        """The form of a request that Twilio has signed.

        Raises:
            web.HTTPForbidden: it has not.
        """
        form = {name: str(value) for name, value in (await request.post()).items()}
        signature = request.headers.get("X-Twilio-Signature", "")
        if not self._validator.validate(self._url + request.path_qs, form, signature):
            log.warning("twilio.bad_signature", path=request.path)
            raise web.HTTPForbidden
        return form

    def _is_signed_handshake(self, request: web.Request) -> bool:
        """Has Twilio signed it? It signs the address with or without a port and a closing slash."""
        signature = request.headers.get("X-Twilio-Signature", "").encode("utf-8", "replace")
        base = urlsplit(self._socket_url)
        ports = ("",) if base.port else ("", ":443" if base.scheme == "wss" else ":80")
        addresses = (
            f"{base.scheme}://{base.netloc}{port}{request.path}{slash}"
            for port in ports
            for slash in ("", "/")
        )
        signatures = (self._validator.compute_signature(address, {}) for address in addresses)
        return any(hmac.compare_digest(one.encode(), signature) for one in signatures)


def _answer(response: VoiceResponse) -> web.Response:
    return web.Response(text=str(response), content_type="text/xml")


def make_handler(
    on_call: OnCall,
    *,
    allowed: Callable[[web.Request], bool],
    provider: Provider = messages.TWILIO,
    announce: Callable[[Start], Awaitable[None]] | None = None,
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The handler of a provider's media stream.

    Args:
        on_call: serves the call; see `Line.run`.
        allowed: does the handshake come from the provider?
        provider: what it calls its fields.
        announce: told of the call, where no webhook was before.
    """

    async def handle(request: web.Request) -> web.StreamResponse:
        if not allowed(request):
            log.warning("twilio.bad_signature", path=request.path)
            raise web.HTTPForbidden
        ws = web.WebSocketResponse(
            max_msg_size=messages.MOST_MESSAGE,
            heartbeat=HEARTBEAT_S,
            timeout=FAREWELL_S,
            compress=False,
            writer_limit=SENT_AHEAD,
        )
        await ws.prepare(request)
        if request.transport:
            notice_death(request.transport.get_extra_info("socket"))
        connection = _Connection(ws, provider)
        try:
            start = await connection.start()
            if announce:
                await announce(start)
        except (FrontlineError, TimeoutError) as error:
            log.warning("twilio.refused", error=str(error) or repr(error))
            await ws.close(code=1008)
            return ws
        with structlog.contextvars.bound_contextvars(call_id=start.call_id):
            line = Line(start, connection)
            await line.run(connection.read(line), on_call)
        return ws

    return handle


class _Connection:
    """The wire of one call."""

    pace = Pace(ahead_ms=AHEAD_MS, silence=False)
    tells_marks = True

    def __init__(self, ws: web.WebSocketResponse, provider: Provider) -> None:
        self._ws = ws
        self._provider = provider
        self._order = messages.Order()
        self._stream = ""
        self._codec = Codec("ulaw")

    async def start(self) -> Start:
        """What the provider tells of the call.

        Raises:
            BadMessageError: it tells something else first.
            TimeoutError: it tells nothing.
        """
        async with asyncio.timeout(START_S):
            while True:
                message = await self._ws.receive()
                if message.type is not WSMsgType.TEXT:
                    raise BadMessageError("the stream ended before it began")
                number, event = messages.parse(message.data, self._provider)
                self._order.put(number, event)
                if isinstance(event, messages.Began):
                    break
                if not isinstance(event, messages.Other):
                    raise BadMessageError(f"{type(event).__name__} before the start")
        self._stream, self._codec = event.stream, Codec(event.encoding)
        return Start(
            call_id=event.call,
            transport=self._provider.name,
            caller=event.caller,
            language=_LANGUAGES.get(event.parameters.get("language", "")),
        )

    async def read(self, line: Line) -> str:
        """Tell the line what comes in, until nothing does."""
        bad = 0
        async for message in self._ws:
            try:
                if message.type is not WSMsgType.TEXT:
                    raise BadMessageError("a message that is no text")
                for event in self._order.put(*messages.parse(message.data, self._provider)):
                    self._take(event, line)
            except (BadMessageError, BadSoundError) as error:
                bad += 1
                log.warning("twilio.bad_message", error=str(error))
                if bad >= MOST_BAD:
                    return "lost"
        return "lost"

    def _take(self, event: messages.Event, line: Line) -> None:
        match event:
            case messages.Media(data):
                line.inbox.sound(self._codec.decode(data))
            case messages.Key(digit):
                line.inbox.key(digit)
            case messages.Mark(name):
                line.reached(name)
            case messages.Began():
                raise BadMessageError("a second start")
            case messages.Ended():
                line.hung_up()
            case messages.Other(name):
                log.debug("twilio.event", name=name)

    async def frame(self, pcm: bytes) -> None:
        data = self._codec.encode(pcm)
        async with asyncio.timeout(STALLED_S):
            await self._ws.send_str(messages.media(self._stream, data, self._provider))

    async def mark(self, name: str) -> None:
        await self._ws.send_str(messages.mark(self._stream, name, self._provider))

    async def flush(self) -> None:
        await self._ws.send_str(messages.clear(self._stream, self._provider))

    async def leave(self, to: port.Next) -> None:
        """The provider asks how the call goes on when the stream ends."""
        await self._ws.close()

    async def close(self) -> None:
        await self._ws.close()
