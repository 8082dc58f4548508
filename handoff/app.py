"""The agents' desk: its API, its socket and its pages."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import msgspec
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from frontline.errors import UnavailableError
from frontline.limits import Doors, RateLimit
from frontline.settings import PROJECT, Settings
from frontline.tasks import end
from handoff import api_cases, api_desk, api_moves, api_supervisor
from handoff.annotations import Annotations
from handoff.app_parts import Parts
from handoff.canned import CannedAnswers
from handoff.desk import MAX_FRAME, DeskSocket
from handoff.desk_hub import DeskHub
from handoff.endpoints import (
    API,
    COOKIE,
    DESK,
    EVERYBODY,
    JSON,
    Desk,
    Endpoint,
    address_of,
    check_origin,
    language_of,
    route,
)
from handoff.files import Files
from handoff.idempotency import Idempotency
from handoff.knowledge import Knowledge
from handoff.login import make_login
from handoff.oidc import make_oidc
from handoff.openapi import document
from handoff.passwords import Passwords
from handoff.problems import tells_problems

log = structlog.get_logger()

SOCKETS = web.AppKey("sockets", DeskSocket)
DOORS = web.AppKey("doors", Doors)
DIST = PROJECT / "web" / "dist" / "desk"
MOST_BYTES = 64 * 1024
"""Of a request's body."""
REQUESTS_PER_10S = 200
"""Of one session."""
HOUR_S = 3600
CALLS_EVERY_S = 30
ENDPOINTS: tuple[Endpoint, ...] = tuple(
    endpoint
    for module in (api_desk, api_cases, api_moves, api_supervisor)
    for endpoint in module.endpoints.all
)
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
        " img-src 'self' blob: data:; font-src 'self'; worker-src 'self'; base-uri 'none';"
        " form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def make_app(
    settings: Settings, parts: Parts, dist: Path = DIST, passwords: Passwords | None = None
) -> web.Application:
    """The web application on these parts; `dist` is the built front end."""
    login = make_login(settings, parts.database, parts.clock, passwords or Passwords())
    oidc = make_oidc(settings, parts.database, parts.clock, login)
    app = web.Application(
        client_max_size=MOST_BYTES, middlewares=[tells_problems(oidc=oidc is not None)]
    )
    app[DESK] = Desk(
        settings=settings,
        parts=parts,
        login=login,
        idempotency=Idempotency(parts.database, parts.clock),
        annotations=Annotations(parts.database, parts.relay, parts.clock),
        knowledge=Knowledge(settings.content_dir),
        canned=CannedAnswers(parts.database, parts.clock),
        files=Files(parts.database, parts.clock),
        hub=DeskHub(parts),
        oidc=oidc,
        requests=RateLimit(REQUESTS_PER_10S, 10),
    )
    app[SOCKETS] = DeskSocket(parts, login, app[DESK].hub)
    app[DOORS] = Doors(settings.sockets_per_address)
    app[api_supervisor.DAY] = api_supervisor.Kept()
    app.cleanup_ctx.append(_services)
    app.on_response_prepare.append(_secure)
    for endpoint in ENDPOINTS:
        app.router.add_route(endpoint.method, _address(endpoint.path), route(endpoint))
    app.router.add_get(f"{API}/openapi.json", _openapi())
    app.router.add_get(f"{API}/socket", _socket)
    app.router.add_get("/health", _health)
    _add_pages(app, dist)
    return app


def _address(path: str) -> str:
    """The endpoint's address for the router: names are letters, digits and the like."""
    return API + path.replace("{id}", "{id:[0-9A-Za-z]{1,26}}").replace("{kpi}", "{kpi:[a-z0-9_]+}")


def _add_pages(app: web.Application, dist: Path) -> None:
    for address, name in (("/", "index.html"), ("/login", "index.html"), ("/wall", "wall.html")):
        app.router.add_get(address, _page(dist / name))
    if (dist / "assets").is_dir():
        app.router.add_static("/assets/", dist / "assets")
    for path in sorted(dist.glob("*.*")):
        if path.suffix != ".html":
            app.router.add_get(f"/{path.name}", _page(path))


def _page(path: Path) -> Handler:
    async def serve(request: web.Request) -> web.StreamResponse:
        return web.FileResponse(path, headers={"Cache-Control": "no-cache"})

    async def excuse(request: web.Request) -> web.StreamResponse:
        text = "The desk's pages are not built: run `make setup`."
        return web.Response(text=text, status=503)

    return serve if path.exists() else excuse


def _openapi() -> Handler:
    body = msgspec.json.encode(document(ENDPOINTS))

    async def serve(request: web.Request) -> web.StreamResponse:
        return web.Response(body=body, content_type=JSON)

    return serve


async def _socket(request: web.Request) -> web.StreamResponse:
    """The cookie says who it is, the first frame that it is our page."""
    desk, token, address = request.app[DESK], request.cookies.get(COOKIE), address_of(request)
    check_origin(request, desk.settings.desk_origins)
    session = await desk.login.session(token, touch=False)
    session.require(*EVERYBODY)
    doors = request.app[DOORS]
    doors.enter(address)
    try:
        ws = web.WebSocketResponse(max_msg_size=MAX_FRAME, heartbeat=30, compress=False)
        await ws.prepare(request)
        await request.app[SOCKETS].serve(ws, token, session, language_of(request))
        return ws
    finally:
        doors.leave(address)


async def _health(request: web.Request) -> web.Response:
    """Is this process able to serve agents?"""
    async with request.app[DESK].parts.database.read():
        return web.json_response({"status": "ok"})


async def _services(app: web.Application) -> AsyncIterator[None]:
    """Start what runs beside the requests, and end it."""
    desk = app[DESK]
    parts = desk.parts
    await desk.canned.seed()
    parts.bell.listen(desk.hub.on_ring)
    runs: list[Callable[[], Coroutine[Any, Any, None]]] = [
        parts.bell.run, desk.hub.run, parts.dispatcher.run, lambda: _tidy(desk),
        lambda: _end_lost_calls(desk),
    ]  # fmt: skip
    tasks = [asyncio.create_task(run()) for run in runs]
    app.on_shutdown.append(lambda _app: desk.hub.close())
    yield
    await end(tasks)
    if desk.oidc:
        await desk.oidc.close()


async def _tidy(desk: Desk) -> None:
    """Forget sessions and answers that are over."""
    while True:
        try:
            await desk.login.sweep()
            await desk.idempotency.sweep()
        except UnavailableError:
            log.warning("desk.tidy_unavailable")
        await asyncio.sleep(HOUR_S)


async def _end_lost_calls(desk: Desk) -> None:
    """Find out about callers of whose end neither the gateway nor the PBX has told."""
    while True:
        try:
            await desk.parts.calls.sweep()
        except UnavailableError:
            log.warning("desk.calls_unavailable")
        except Exception:
            log.exception("desk.calls_failed")
        await asyncio.sleep(CALLS_EVERY_S)


async def _secure(request: web.Request, response: web.StreamResponse) -> None:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith("/api/"):
        response.headers.setdefault("Cache-Control", "no-store")
    if request.app[DESK].settings.desk_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
