"""A small desk server that speaks the contract: what the pages are tried against."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from tests.desk_ui import fake_agents_side, fake_office_side
from tests.desk_ui.fake_state import DESK, FakeDesk, guard

PAGES = Path(__file__).parents[2] / "web" / "dist" / "desk"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' blob: data:; font-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


async def page(request: web.Request) -> web.FileResponse:
    name = "wall.html" if request.path == "/wall" else "index.html"
    return web.FileResponse(PAGES / name, headers={"Content-Security-Policy": CSP})


def make_app(desk: FakeDesk) -> web.Application:
    app = web.Application(middlewares=[guard])
    app[DESK] = desk
    app.add_routes(fake_agents_side.routes)
    app.add_routes(fake_office_side.routes)
    app.router.add_get("/", page)
    app.router.add_get("/wall", page)
    app.router.add_static("/", PAGES)
    return app


@asynccontextmanager
async def running_desk() -> AsyncIterator[tuple[FakeDesk, str]]:
    """A desk on a port of its own."""
    if not (PAGES / "index.html").exists():
        raise RuntimeError("the pages are not built: npm run build in web/")
    desk = FakeDesk()
    runner = web.AppRunner(make_app(desk), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        host, port = runner.addresses[0][:2]
        yield desk, f"http://{host}:{port}"
    finally:
        for socket in list(desk.sockets):
            await asyncio.wait_for(socket.close(), 5)
        await runner.cleanup()
