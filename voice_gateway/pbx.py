"""What a PBX asks the gateway: may this call come, and where does it go now?

Answers are for a dialplan: one line of text, fields parted by `|`. Whatever is not `200` means the
queue, so that no caller is lost.
"""

import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from frontline.errors import ConflictError, NotFoundError, RefusedError, UnavailableError
from handoff.calls import Calls, Next
from voice_gateway.exchange import Exchange
from voice_gateway.turn_times import CALLS_REFUSED

log = structlog.get_logger()

OUTCOMES = ("answered", "hung_up", "unserved")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def is_allowed(request: web.Request, user: str, password: str) -> bool:
    """Does the request carry this name and password (RFC 7617)?"""
    scheme, _, told = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return False
    try:
        given = base64.b64decode(told, validate=True)
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(given, f"{user}:{password}".encode())


class Pbx:
    """The dialplan's questions."""

    def __init__(self, calls: Calls, exchange: Exchange, user: str, password: str) -> None:
        self._calls = calls
        self._exchange = exchange
        self._user = user
        self._password = password

    def add_to(self, app: web.Application) -> None:
        """Serve the questions."""
        app.router.add_post("/calls", self._guarded(self._announce))
        app.router.add_get("/next/{call}", self._guarded(self._next))
        app.router.add_post("/queue/{call}", self._guarded(self._after))
        app.router.add_post("/picked-up/{call}", self._guarded(self._picked_up))

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            if not is_allowed(request, self._user, self._password):
                headers = {"WWW-Authenticate": 'Basic realm="frontline"'}
                return web.Response(status=401, headers=headers)
            try:
                return await handler(request)
            except NotFoundError as error:
                return web.Response(status=404, text=str(error))
            except (RefusedError, ConflictError) as error:
                return web.Response(status=409, text=str(error))
            except UnavailableError as error:
                return web.Response(status=503, text=str(error))

        return guarded

    async def _announce(self, request: web.Request) -> web.Response:
        """A call is about to come in."""
        if self._exchange.is_full:
            CALLS_REFUSED.labels("busy").inc()
            return web.Response(status=503, text="busy")
        form = await request.post()
        told = {name: str(form[name]).strip() for name in form}
        await self._calls.register(
            told.get("call", ""), told.get("from") or None, told.get("language") or None,
            told.get("code") or None,
        )  # fmt: skip
        return web.Response(status=204)

    async def _next(self, request: web.Request) -> web.Response:
        call_id = request.match_info["call"]
        to = await self._calls.next_of(call_id)
        recorded = to.handoff_id is not None and (await self._calls.get(call_id)).recording
        return _line(to, recorded=recorded)

    async def _after(self, request: web.Request) -> web.Response:
        """What came of the PBX's queue."""
        outcome = str((await request.post()).get("outcome", ""))
        if outcome not in OUTCOMES:
            return web.Response(status=400, text=f"outcome is one of {', '.join(OUTCOMES)}")
        call = request.match_info["call"]
        return _line(await self._calls.after_queue(call, outcome))  # type: ignore[arg-type]

    async def _picked_up(self, request: web.Request) -> web.Response:
        """An agent of this log-in has answered."""
        login = str((await request.post()).get("agent", ""))
        taken = await self._calls.picked_up(request.match_info["call"], login)
        return web.Response(text="taken" if taken else "not taken")


def _line(to: Next, *, recorded: bool = False) -> web.Response:
    """Where to, and for the queue: what the agent's telephone is told, language, consent."""
    fields = (to.to, to.handoff_id or "", to.reason, to.language, "record" if recorded else "")
    return web.Response(text="|".join(fields))
