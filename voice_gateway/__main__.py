"""Start the voice gateway."""

import asyncio
import contextlib
import signal

import uvloop
from aiohttp import web

from frontline.logs import configure_logs
from frontline.settings import Settings, load_settings
from handoff.app_parts import open_parts
from voice_gateway.app import Gateway, make_app


async def serve(settings: Settings) -> None:
    """Serve until told to stop."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with open_parts(settings) as parts:
        runner = web.AppRunner(
            make_app(settings, Gateway(settings, parts)), access_log=None, shutdown_timeout=3
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, settings.host, settings.voice_port).start()
            await stop.wait()
        finally:
            await runner.cleanup()


if __name__ == "__main__":
    loaded = load_settings()
    configure_logs(loaded)
    with contextlib.suppress(KeyboardInterrupt):
        uvloop.run(serve(loaded))
