"""Calls over Asterisk's chan_websocket: it connects to us, and keeps a queue that can be flushed.

The queue takes minutes of sound, but whatever lies in it the caller has not heard: we send a fifth
of a second ahead, enough to bridge what stalls us, so that `played_ms` stays true.
"""

import asyncio
import hmac
import re
from base64 import b64encode
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import structlog
from aiohttp import WSMsgType, web

from frontline.lang import Language
from voice_gateway.audio.playout import Pace
from voice_gateway.transport import websocket_messages as messages
from voice_gateway.transport.codec import ENCODINGS, BadSoundError, Codec
from voice_gateway.transport.line import (
    FAREWELL_S,
    SENT_AHEAD,
    STALLED_S,
    Line,
    OnCall,
    notice_death,
)
from voice_gateway.transport.port import Next, Start

log = structlog.get_logger()

Admit = Callable[[UUID], Awaitable[Start | None]]
"""What is known of a call that was announced; None = it was not."""
SUBPROTOCOL = "media"
AHEAD_MS = 200.0
MOST_MESSAGE = 1 << 16
MOST_BAD = 10
"""Messages that were not understood, before we give up."""
_CODE = re.compile(r"[0-9]{6}")


def make_handler(
    on_call: OnCall, *, user: str, password: str, admit: Admit | None = None
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The handler of the address that `websocket_client.conf` names.

    The query says `call` (its UUID) and `format` (`slin16`, `slin`, `alaw`, `ulaw`; by default
    `slin16`), as sound may come before anything else, and may say `language` and `code`.

    Args:
        on_call: serves the call; see `Line.run`.
        user: of Basic authentication, as `websocket_client.conf` has it.
        password: likewise.
        admit: asked for what was announced of the call; what the query says is the rest.
    """
    expected = b"Basic " + b64encode(f"{user}:{password}".encode())

    async def handle(request: web.Request) -> web.StreamResponse:
        given = request.headers.get("Authorization", "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, expected):
            log.warning("websocket.refused", error="wrong user or password")
            raise web.HTTPUnauthorized(headers={"WWW-Authenticate": 'Basic realm="calls"'})
        start, codec = await _asked(request, admit)
        ws = web.WebSocketResponse(
            protocols=(SUBPROTOCOL,),
            max_msg_size=MOST_MESSAGE,
            timeout=FAREWELL_S,
            compress=False,
            writer_limit=SENT_AHEAD,
        )
        await ws.prepare(request)
        if request.transport:
            notice_death(request.transport.get_extra_info("socket"))
        with structlog.contextvars.bound_contextvars(call_id=start.call_id):
            connection = _Connection(ws, codec)
            line = Line(start, connection)
            await line.run(connection.read(line), on_call)
        return ws

    return handle


async def _asked(request: web.Request, admit: Admit | None) -> tuple[Start, Codec]:
    """What the address says of the call.

    Raises:
        web.HTTPBadRequest: it says nothing that could be served.
    """
    try:
        if SUBPROTOCOL not in request.headers.get("Sec-WebSocket-Protocol", ""):
            raise ValueError(f"the sub-protocol is not {SUBPROTOCOL}")
        codec = Codec(request.query.get("format", "slin16"))
        call = UUID(request.query["call"]) if "call" in request.query else uuid4()
    except (BadSoundError, ValueError) as error:
        log.warning("websocket.refused", error=str(error))
        raise web.HTTPBadRequest(text=str(error)) from None
    start = await admit(call) if admit else None
    return start or _start(call, request), codec


def _start(call: UUID, request: web.Request) -> Start:
    asked, code = request.query.get("language"), request.query.get("code", "")
    languages: dict[str | None, Language] = {"pl": "pl", "en": "en"}
    return Start(
        call_id=str(call),
        transport="websocket",
        language=languages.get(asked),
        code=code if _CODE.fullmatch(code) else None,
    )


class _Connection:
    """The wire of one call."""

    pace = Pace(ahead_ms=AHEAD_MS)
    tells_marks = True

    def __init__(self, ws: web.WebSocketResponse, codec: Codec) -> None:
        self._ws = ws
        self._codec = codec
        self._room = asyncio.Event()
        """Asterisk's queue takes more."""
        self._room.set()

    async def read(self, line: Line) -> str:
        """Tell the line what comes in, until nothing does."""
        bad = 0
        async for message in self._ws:
            try:
                if message.type is WSMsgType.BINARY:
                    line.inbox.sound(self._codec.decode(message.data))
                elif message.type is WSMsgType.TEXT:
                    self._take(messages.parse(message.data), line)
            except (messages.BadMessageError, BadSoundError) as error:
                bad += 1
                log.warning("websocket.bad_message", error=str(error))
                if bad >= MOST_BAD:
                    return "lost"
        broken = self._ws.exception() or self._ws.close_code not in (1000, 1001)
        return "lost" if broken else "caller"

    def _take(self, event: messages.Event, line: Line) -> None:
        match event:
            case messages.MediaStart():
                self._start(event)
            case messages.Key(digit):
                line.inbox.key(digit)
            case messages.Mark(number):
                line.reached(number)
            case messages.Off():
                self._room.clear()
            case messages.On():
                self._room.set()
            case messages.Other(name):
                log.debug("websocket.event", name=name)

    def _start(self, event: messages.MediaStart) -> None:
        if event.format == self._codec.encoding:
            return
        log.warning("websocket.format", address=self._codec.encoding, channel=event.format)
        if event.format not in ENCODINGS:
            raise BadSoundError(f"dial with c(slin16), not {event.format}")
        self._codec = Codec(event.format)

    async def frame(self, pcm: bytes) -> None:
        async with asyncio.timeout(STALLED_S):
            await self._room.wait()
            await self._ws.send_bytes(self._codec.encode(pcm))

    async def mark(self, name: str) -> None:
        await self._ws.send_str(messages.mark_media(name))

    async def flush(self) -> None:
        self._room.set()
        await self._ws.send_str(messages.flush_media())

    async def leave(self, to: Next) -> None:
        """Asterisk closes the connection itself; the dialplan asks where to go on."""
        await self._ws.send_str(messages.hang_up())

    async def close(self) -> None:
        await self._ws.close()
