"""The demo shop's page, with the chat and a button to call."""

from pathlib import Path
from typing import get_args

from aiohttp import web

from frontline.errors import SettingsError
from frontline.lang import Language
from frontline.settings import Settings
from frontline.speech_models import Kind, Origin, find


def add_demo(app: web.Application, settings: Settings, folder: Path) -> None:
    """Serve the built page at `/`, and what it needs below `/demo/`."""

    async def page(request: web.Request) -> web.StreamResponse:
        return web.FileResponse(folder / "index.html", headers={"Cache-Control": "no-cache"})

    async def call(request: web.Request) -> web.Response:
        """Where the call button finds the voice gateway: an address, else a port of this host.

        And the languages of which it knows synthetic voices only.
        """
        url = settings.voice_url and settings.voice_sockets[0]
        demo = [language for language in get_args(Language) if _is_demo(settings, language)]
        return web.json_response({"url": url, "port": settings.voice_port, "demo": demo})

    app.router.add_get("/", page)
    if settings.voice:
        app.router.add_get("/demo/call.json", call)
    app.router.add_static("/demo/", folder)


def _is_demo(settings: Settings, language: Language) -> bool:
    """Is the recogniser's model one that the project made itself?"""
    try:
        return find(settings, Kind.VOSK, language).origin is Origin.DEMO
    except SettingsError:  # then the gateway does not start, and says why
        return False
