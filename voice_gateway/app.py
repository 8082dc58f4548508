"""The voice gateway: calls come in, the PBX asks where they go, the operator asks how it is."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from frontline.errors import NotFoundError, UnavailableError
from frontline.lang import Language
from frontline.settings import Settings
from frontline.speech_models import Kind, find
from frontline.tasks import end
from handoff.app_parts import Parts
from handoff.rasa_client import RasaClient
from handoff.switchboard import Switchboard
from voice_gateway import turn_times
from voice_gateway.audio.vad import new_vad
from voice_gateway.exchange import Exchange
from voice_gateway.follower import Followers
from voice_gateway.pbx import Pbx
from voice_gateway.recorder import FOLDER, path_of
from voice_gateway.shared import Shared
from voice_gateway.stt.recognisers import VoskRecognisers
from voice_gateway.texts import fixed_texts
from voice_gateway.transport import asterisk_websocket, audiosocket
from voice_gateway.transport.port import Start
from voice_gateway.transport.public import add_public_lines
from voice_gateway.tts.piper import PiperVoices
from voice_gateway.tts.prompts import bot_prompts

log = structlog.get_logger()

LANGUAGES: tuple[Language, ...] = ("pl", "en")
LOOPBACK = "127.0.0.1"
MOST_BYTES = 4096
"""Of a PBX's question."""
SWEEP_EVERY_S = 30.0


class Gateway:
    """Everything that takes calls, on the parts of the handoff."""

    def __init__(self, settings: Settings, parts: Parts) -> None:
        self.settings = settings
        self.parts = parts
        self.bot = RasaClient(settings.rasa_url, timeout_s=settings.bot_timeout_s)
        self.switchboard = Switchboard(parts.conversations, parts.cases, self.bot, parts.bell)
        self.followers = Followers(parts.conversations)
        self.recognisers = VoskRecognisers(settings)
        voices = {language: find(settings, Kind.PIPER, language).path for language in LANGUAGES}
        self.voices = PiperVoices(voices, settings.data_dir / "voice-cache")
        shared = Shared(
            calls=parts.calls,
            conversations=parts.conversations,
            switchboard=self.switchboard,
            switching=parts.switching,
            followers=self.followers,
            recognisers=self.recognisers,
            voice=self.voices,
            make_activity=new_vad,
            recordings=parts.recordings,
            folder=settings.data_dir / FOLDER,
            keep=timedelta(days=settings.voice_recording_days)
            if settings.voice_recording
            else None,
        )
        self.exchange = Exchange(shared, settings.voice_calls)

    async def admit(self, call: UUID) -> Start | None:
        """What is known of a call that comes in by its id alone."""
        try:
            known = await self.parts.calls.get(str(call))
        except NotFoundError:
            return None
        language: Language = "en" if known.language == "en" else "pl"
        return Start(str(call), "audiosocket", language=language)

    async def sweep(self) -> None:
        """End calls that nobody told the end of, and delete recordings whose time is over."""
        while True:
            try:
                await self.parts.calls.sweep()
                for call_id in await self.parts.recordings.over():
                    path_of(self.settings.data_dir / FOLDER, call_id).unlink(missing_ok=True)
                    await self.parts.recordings.deleted(call_id)
            except UnavailableError:
                log.warning("gateway.sweep_unavailable")
            await asyncio.sleep(SWEEP_EVERY_S)

    async def warm(self) -> None:
        """Make the sound of what is always said the same."""
        for language in LANGUAGES:
            await self.voices.warm(fixed_texts(language), language)
            prompts = await asyncio.to_thread(bot_prompts, self.settings.content_dir, language)
            await self.voices.warm(prompts, language)


def make_app(settings: Settings, gateway: Gateway) -> web.Application:
    """The web application of the gateway."""
    app = web.Application(client_max_size=MOST_BYTES)
    secret = settings.voice_secret()
    Pbx(gateway.parts.calls, gateway.exchange, settings.voice_user, secret).add_to(app)
    asterisk = asterisk_websocket.make_handler(
        gateway.exchange.serve, user=settings.voice_user, password=secret
    )
    app.router.add_get("/asterisk", asterisk)
    add_public_lines(app, settings, gateway.exchange.serve, gateway.parts.calls)
    app.router.add_get("/health", _health)
    app.router.add_get("/metrics", _metrics)

    async def services(app: web.Application) -> AsyncIterator[None]:
        async for _ in _services(app, settings, gateway):
            yield

    app.cleanup_ctx.append(services)
    return app


async def _services(
    app: web.Application, settings: Settings, gateway: Gateway
) -> AsyncIterator[None]:
    """Start what runs beside the requests, and end it."""
    parts = gateway.parts
    for language in LANGUAGES:
        await gateway.recognisers.load(language)
    parts.bell.listen(gateway.followers.on_ring)
    handler = audiosocket.make_handler(gateway.exchange.serve, gateway.admit)
    server = await asyncio.start_server(handler, LOOPBACK, settings.audiosocket_port)
    runs = (parts.bell.run, gateway.followers.run, gateway.switchboard.run, gateway.warm,
            gateway.sweep)  # fmt: skip
    tasks = [asyncio.create_task(run()) for run in runs]
    yield
    server.close()
    await end(tasks)
    await gateway.switchboard.close()
    await gateway.bot.close()
    await gateway.recognisers.close()
    gateway.voices.close()


async def _health(request: web.Request) -> web.Response:
    """Is this process able to take calls?"""
    return web.json_response({"status": "ok"})


async def _metrics(request: web.Request) -> web.Response:
    """For Prometheus."""
    turn_times.TASKS.set(len(asyncio.all_tasks()))
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
