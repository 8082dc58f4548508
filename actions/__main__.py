"""Start the action server."""

import argparse
import asyncio
import contextlib
import signal
from collections.abc import Sequence

import uvloop
from aiohttp import web

from actions.app import make_app
from actions.identity import Identity
from actions.shop.port import Shop
from actions.shop.sql import SqlShop
from frontline.logs import configure_logs
from frontline.settings import Settings, load_settings
from handoff.app_parts import Parts, open_parts

LOOPBACK = "127.0.0.1"


def make_shop(settings: Settings, parts: Parts) -> Shop:
    """The shop that the settings name."""
    if settings.shop == "http":
        from actions.shop.http import HttpShop

        url, token = settings.shop_api_url, settings.shop_api_token
        return HttpShop(url, token, clock=parts.clock)
    return SqlShop(parts.database, parts.clock)


async def serve(settings: Settings, port: int) -> None:
    """Serve on the loopback address until told to stop."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with open_parts(settings) as parts:
        shop = make_shop(settings, parts)
        identity = Identity(parts.database, shop, parts.clock)
        app = make_app(settings, shop, identity, parts.cases, parts.clock)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=3)
        await runner.setup()
        try:
            await web.TCPSite(runner, LOOPBACK, port).start()
            await stop.wait()
        finally:
            await runner.cleanup()


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    settings = load_settings()
    parser = argparse.ArgumentParser(prog="python -m actions", description="The action server.")
    named = settings.actions_url.rpartition(":")[2].strip("/")
    parser.add_argument("--port", type=int, default=int(named))
    port = parser.parse_args(arguments).port
    configure_logs(settings)
    with contextlib.suppress(KeyboardInterrupt):
        uvloop.run(serve(settings, port))


if __name__ == "__main__":
    main()
