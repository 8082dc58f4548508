"""Calls from a button on a web page, over a WebSocket; the protocol is our own.

Anybody may call, so everything is counted: pages, calls per address, messages, sound.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal
from uuid import uuid4

import structlog
from aiohttp import WSMsgType, web

from frontline.errors import FrontlineError, RefusedError
from frontline.limits import Doors, RateLimit, TooManyError
from voice_gateway.audio.playout import Pace
from voice_gateway.transport import browser_messages as messages
from voice_gateway.transport.codec import BadSoundError, Codec
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

PATH = "/voice/call"
START_S = 5.0
"""A page says at once that somebody calls."""
MOST_MESSAGES = 1500
MESSAGES_S = 15
"""So many in this time: a page sends 50 of sound a second, and after a stall what had waited."""
MOST_BAD = 10
HEARTBEAT_S = 20.0
AHEAD_MS = 300.0
"""The internet lies between us and the page."""
_BUSY, _REFUSED = 1013, 1008


class BadOriginError(RefusedError):
    """The page is not on the list of those that may call."""

    code = "bad_origin"


class BrowserLine(Line):
    """A line that can also show what is said."""

    def __init__(self, start: Start, wire: "_Connection") -> None:
        super().__init__(start, wire)
        self._page = wire

    async def caption(self, who: Literal["caller", "bot"], text: str) -> None:
        """Show the caller what was understood, or what is being said."""
        if not self.inbox.over.is_set():
            await self._send(self._page.caption(who, text))


def make_handler(
    on_call: OnCall,
    *,
    origins: frozenset[str],
    announce: Callable[[Start], Awaitable[None]],
    doors: Doors,
    address: Callable[[web.Request], str] = lambda request: request.remote or "?",
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The handler of `PATH`.

    Args:
        on_call: serves the call; see `Line.run`. It is given a `BrowserLine`.
        origins: of pages that may call, such as `https://shop.example`.
        announce: told of the call before it begins; what it raises refuses the call.
        doors: how many calls one address may have.
        address: the caller's, for `doors`.
    """

    async def handle(request: web.Request) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if origin is not None and origin.rstrip("/") not in origins:
            raise web.HTTPForbidden(text=str(BadOriginError("this page may not call")))
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
        who = address(request)
        try:
            doors.enter(who)
        except TooManyError:
            return await _refuse(ws, "busy")
        try:
            await _serve(ws, on_call, announce)
        finally:
            doors.leave(who)
        return ws

    return handle


async def _serve(
    ws: web.WebSocketResponse, on_call: OnCall, announce: Callable[[Start], Awaitable[None]]
) -> None:
    try:
        start = await _started(ws)
    except (messages.BadMessageError, TimeoutError, TypeError) as error:
        log.warning("browser.refused", error=str(error) or repr(error))
        await _refuse(ws, "refused")
        return
    with structlog.contextvars.bound_contextvars(call_id=start.call_id):
        try:
            await announce(start)
        except FrontlineError as error:
            log.warning("browser.refused", error=str(error))
            await _refuse(ws, "busy" if error.retryable else "refused")
            return
        connection = _Connection(ws)
        line = BrowserLine(start, connection)
        await ws.send_str(messages.hello(start.call_id))
        await line.run(connection.read(line), on_call)


async def _started(ws: web.WebSocketResponse) -> Start:
    """What the page tells of the call.

    Raises:
        BadMessageError, TypeError: it tells something else first.
        TimeoutError: it tells nothing.
    """
    first = messages.parse(await ws.receive_str(timeout=START_S))
    if not isinstance(first, messages.Start):
        raise messages.BadMessageError("the first message is start")
    return Start(str(uuid4()), "browser", language=first.language, code=first.code)


async def _refuse(
    ws: web.WebSocketResponse, why: Literal["busy", "refused"]
) -> web.WebSocketResponse:
    try:
        await ws.send_str(messages.bye(why))
    except OSError:
        return ws
    await ws.close(code=_BUSY if why == "busy" else _REFUSED)
    return ws


class _Connection:
    """The wire of one call."""

    pace = Pace(ahead_ms=AHEAD_MS, silence=False)
    tells_marks = True

    def __init__(self, ws: web.WebSocketResponse) -> None:
        self._ws = ws
        self._codec = Codec("slin16")
        self._said_good_bye = False

    async def read(self, line: Line) -> str:
        """Tell the line what comes in, until nothing does."""
        bad, pace = 0, RateLimit(MOST_MESSAGES, MESSAGES_S)
        async for message in self._ws:
            try:
                pace.take("")
                if message.type is WSMsgType.BINARY:
                    line.inbox.sound(self._codec.decode(message.data))
                elif message.type is WSMsgType.TEXT:
                    self._take(message.data, line)
            except TooManyError:
                log.warning("browser.flood")
                return "lost"
            except (messages.BadMessageError, BadSoundError) as error:
                bad += 1
                log.warning("browser.bad_message", error=str(error))
                if bad >= MOST_BAD:
                    return "lost"
        gone = self._ws.close_code in (1000, 1001)  # 1001: the page was left
        return "caller" if gone else "lost"

    def _take(self, text: str, line: Line) -> None:
        match messages.parse(text):
            case messages.Key(digit):
                line.inbox.key(digit)
            case messages.Played(name):
                line.reached(name)
            case messages.Bye():
                line.hung_up()
            case messages.Start():
                raise messages.BadMessageError("start comes once")

    async def frame(self, pcm: bytes) -> None:
        async with asyncio.timeout(STALLED_S):
            await self._ws.send_bytes(pcm)

    async def mark(self, name: str) -> None:
        await self._ws.send_str(messages.mark(name))

    async def flush(self) -> None:
        await self._ws.send_str(messages.flush())

    async def caption(self, who: Literal["caller", "bot"], text: str) -> None:
        """Show what was said."""
        await self._ws.send_str(messages.caption(who, text))

    async def leave(self, to: Next) -> None:
        await self._say_good_bye(to)
        await self._ws.close()

    async def close(self) -> None:
        await self._say_good_bye("hangup")
        await self._ws.close()

    async def _say_good_bye(self, to: Next) -> None:
        if not self._said_good_bye and not self._ws.closed:
            self._said_good_bye = True
            await self._ws.send_str(messages.bye(to))
