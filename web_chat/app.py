"""The customers' web server: session, chat socket, widget and demo page."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from frontline.errors import FrontlineError, RefusedError, UnavailableError
from frontline.limits import Doors, RateLimit, TooManyError
from frontline.settings import PROJECT, Settings
from frontline.tasks import end
from handoff.app_parts import Parts
from handoff.files import Files
from handoff.rasa_client import RasaClient
from handoff.switchboard import Switchboard
from handoff.turn_store import Conversation
from web_chat.demo import add_demo
from web_chat.hub import Hub
from web_chat.messages import MAX_FRAME
from web_chat.phone import PARTS, Phone
from web_chat.sessions import BadTokenError, Sessions
from web_chat.socket import ChatSocket
from web_chat.uploads import Uploads, files_preflight
from web_chat.visitors import SESSIONS, SETTINGS, address, allow_origin, preflight, shared_with
from web_chat.waiting import Waits

log = structlog.get_logger()

SWITCHBOARD = web.AppKey("switchboard", Switchboard)
CHAT = web.AppKey("chat", ChatSocket)
DOORS = web.AppKey("doors", Doors)
UPLOADS = web.AppKey("uploads", Uploads)
NEW_SESSIONS = web.AppKey("new_sessions", RateLimit)

DIST = PROJECT / "web" / "dist"
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src {connect}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
SHARED = {"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*"}
"""Of the widget: a script of any page, and a module, which is fetched with CORS."""


class SessionRequest(msgspec.Struct, frozen=True):
    """What a browser asks a session with."""

    language: str = "pl"
    token: str | None = None


def make_app(settings: Settings, parts: Parts, dist: Path = DIST) -> web.Application:
    """The web application on these parts; `dist` is the built front end."""
    app = web.Application(client_max_size=8192, middlewares=[_errors])
    app[SETTINGS] = settings
    app[PARTS] = parts
    app[SESSIONS] = Sessions(settings.secret_key(), hours=settings.session_hours)
    app[DOORS] = Doors(settings.sockets_per_address)
    app[NEW_SESSIONS] = RateLimit(settings.sessions_per_minute, 60)
    app.cleanup_ctx.append(_services)
    app.on_response_prepare.append(_secure)
    app.router.add_get("/health", _health)
    app.router.add_post("/chat/session", _session)
    app.router.add_options("/chat/session", _session_preflight)
    app.router.add_get("/chat/socket", _socket)
    app.router.add_post("/chat/files", _take_file)
    app.router.add_options("/chat/files", files_preflight)
    app.router.add_get("/chat/files/{id}", _give_file, allow_head=False)
    app.router.add_options("/chat/files/{id}", files_preflight)
    Phone(parts.switching).add_to(app)
    for name in ("widget.js", "widget-extras.js"):
        if (dist / name).exists():
            app.router.add_get(f"/{name}", _file(dist / name, SHARED))
    if settings.demo and (dist / "demo").is_dir():
        add_demo(app, settings, dist / "demo")
    return app


async def _services(app: web.Application) -> AsyncIterator[None]:
    """Start what runs beside the requests, and end it."""
    settings, parts = app[SETTINGS], app[PARTS]
    bot = RasaClient(settings.rasa_url, timeout_s=settings.bot_timeout_s)
    switchboard = Switchboard(parts.conversations, parts.cases, bot, parts.bell)
    waits = Waits(parts.database, parts.routing, parts.clock)
    hub = Hub(parts.conversations, parts.cases, waits)
    parts.bell.listen(hub.on_ring)
    app[SWITCHBOARD] = switchboard
    app[CHAT] = ChatSocket(
        sessions=app[SESSIONS],
        conversations=parts.conversations,
        switchboard=switchboard,
        cases=parts.cases,
        hub=hub,
        bell=parts.bell,
        messages=RateLimit(settings.messages_per_10s, 10),
    )
    files = Files(parts.database, parts.clock, scan_command=settings.scan_command)
    app[UPLOADS] = Uploads(parts.conversations, files, switchboard)
    tasks = [asyncio.create_task(run()) for run in (parts.bell.run, hub.run, switchboard.run)]
    app.on_shutdown.append(lambda _app: hub.close())
    yield
    await end(tasks)
    await switchboard.close()
    await bot.close()


def _file(path: Path, headers: Mapping[str, str] = MappingProxyType({})) -> Handler:
    async def serve(request: web.Request) -> web.StreamResponse:
        return web.FileResponse(path, headers={"Cache-Control": "no-cache", **headers})

    return serve


async def _health(request: web.Request) -> web.Response:
    """Is this process able to take messages?"""
    async with request.app[PARTS].database.read():
        return web.json_response({"status": "ok"})


async def _session_preflight(request: web.Request) -> web.Response:
    return preflight(request, "content-type")


async def _session(request: web.Request) -> web.Response:
    """A token for a new conversation, or a fresh one for a conversation that goes on."""
    headers = allow_origin(request)
    try:
        wanted = msgspec.json.decode(await request.read(), type=SessionRequest)
    except msgspec.MsgspecError as error:
        raise RefusedError(str(error)) from None
    sessions = request.app[SESSIONS]
    if wanted.token:
        conversation = await _known(request, wanted.token)
    else:
        request.app[NEW_SESSIONS].take(address(request))
        language = "en" if wanted.language == "en" else "pl"
        conversation = await request.app[SWITCHBOARD].begin("web", language)
    expires = request.app[PARTS].clock.now().timestamp() + sessions.seconds
    answer = {
        "token": sessions.issue(conversation.id),
        "conversation": conversation.id,
        "expires_at": int(expires),
    }
    return web.json_response(answer, headers={**headers, "Cache-Control": "no-store"})


async def _known(request: web.Request, token: str) -> Conversation:
    return await request.app[PARTS].conversations.get(request.app[SESSIONS].read(token))


async def _take_file(request: web.Request) -> web.Response:
    return await request.app[UPLOADS].take(request)


async def _give_file(request: web.Request) -> web.Response:
    return await request.app[UPLOADS].give(request)


async def _socket(request: web.Request) -> web.StreamResponse:
    allow_origin(request)
    doors, who = request.app[DOORS], address(request)
    doors.enter(who)
    try:
        ws = web.WebSocketResponse(max_msg_size=MAX_FRAME, heartbeat=30, compress=False)
        await ws.prepare(request)
        await request.app[CHAT].serve(ws)
        return ws
    finally:
        doors.leave(who)


STATUS = {
    "bad_token": 401,
    "not_found": 401,
    "bad_origin": 403,
    "no_such_file": 404,
    "no_phone": 404,
    "too_slow": 408,
    "too_many_files": 409,
    "file_too_big": 413,
    "file_kind": 415,
    "file_damaged": 422,
    "file_refused": 422,
    "wrong_code": 422,
    "codes_locked": 423,
    "too_many": 429,
}


@web.middleware
async def _errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Our errors as JSON with a stable code."""
    try:
        return await handler(request)
    except FrontlineError as error:
        status = STATUS.get(error.code, 503 if isinstance(error, UnavailableError) else 400)
        headers = {}
        if isinstance(error, TooManyError):
            headers["Retry-After"] = str(max(1, round(error.retry_after_s)))
        origin = request.headers.get("Origin", "").rstrip("/")
        if origin in request.app[SETTINGS].origins:
            headers |= shared_with(origin)
        code = BadTokenError.code if status == 401 else error.code
        body = {"code": code, "message": str(error)}
        return web.json_response(body, status=status, headers=headers)


async def _secure(request: web.Request, response: web.StreamResponse) -> None:
    settings = request.app[SETTINGS]
    calls = settings.voice_sockets if settings.demo and settings.voice else ()
    policy = CONTENT_SECURITY_POLICY.format(connect=" ".join(("'self'", *calls)))
    response.headers.setdefault("Content-Security-Policy", policy)
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
