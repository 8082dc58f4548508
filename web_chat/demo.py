"""The demo shop's page, with the chat and a button to call."""

from pathlib import Path

from aiohttp import web

from frontline.settings import Settings


def add_demo(app: web.Application, settings: Settings, folder: Path) -> None:
    """Serve the built page at `/`, and what it needs below `/demo/`."""

    async def page(request: web.Request) -> web.StreamResponse:
        return web.FileResponse(folder / "index.html", headers={"Cache-Control": "no-cache"})

    async def call(request: web.Request) -> web.Response:
        """Where the call button finds the voice gateway: an address, else a port of this host."""
        url = settings.voice_url and settings.voice_sockets[0]
        return web.json_response({"url": url, "port": settings.voice_port})

    app.router.add_get("/", page)
    if settings.voice:
        app.router.add_get("/demo/call.json", call)
    app.router.add_static("/demo/", folder)
