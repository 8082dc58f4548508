"""Live talk: customers' words to the agent's browser, the agent's back, and an escalation's offer.

Web server and desk are processes of their own on one SQLite file and one Redis, as `frontline up`
runs them; every customer and every agent is a real socket. The bot is a scripted one behind the
real door: how fast it thinks is measured by chat_turn. Side by side, in the same run: a desk that
asks for new messages once a second, as desks without a socket do.
"""

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.report import percentile, report
from frontline.clock import SystemClock
from frontline.database import Database
from frontline.settings import PREFIX, PROJECT, Settings
from handoff import agents
from handoff.login import make_login
from handoff.passwords import Passwords
from tests.common.desk_browser import PASSWORD, DeskBrowser, Tab
from tests.common.servers import bot_door, done, redis_server
from tests.common.stack import free_port
from web_chat.client import ChatClient

TALKS = 100
AGENTS = 10
ROUNDS = 8
PAUSE_S = 3.0
"""Between two messages of one customer: 100 talks have 33 messages a second each way."""
POLL_S = 1.0
NOTES = (
    f"{TALKS} live talks, {AGENTS} agents, a message each way in each talk every {PAUSE_S:g} s;"
    " peer: the same desk asked for new messages once a second instead of being told"
)
PATIENCE_S = 60


@dataclass
class Times:
    """When what was said, and how long it took, in ms."""

    said: dict[str, float] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)
    waiters: dict[str, asyncio.Event] = field(default_factory=dict)

    def start(self, text: str) -> asyncio.Event:
        """It is said now."""
        self.said[text] = time.perf_counter()
        return self.waiters.setdefault(text, asyncio.Event())

    def arrived(self, text: str) -> None:
        """It is there now."""
        begun = self.said.pop(text, None)
        if begun is not None:
            self.took.append((time.perf_counter() - begun) * 1000)
            self.waiters.pop(text).set()


@dataclass
class Talk:
    """A customer and the agent who serves them."""

    customer: ChatClient
    browser: DeskBrowser
    case_id: str
    fence: int
    last_seq: int


class Room:
    """All customers and agents."""

    def __init__(self, web_url: str, desk_url: str) -> None:
        self.web_url = web_url
        self.desk_url = desk_url
        self.browsers: list[DeskBrowser] = []
        self.customers: list[ChatClient] = []
        self.talks: dict[str, Talk] = {}
        self.there, self.back = Times(), Times()
        self.offered: list[float] = []
        self._offers: asyncio.Queue[tuple[DeskBrowser, dict[str, Any], float]] = asyncio.Queue()
        self._listening: list[asyncio.Task[None]] = []

    async def open_agents(self, count: int) -> None:
        """Agents log in, open the desk and are available."""
        for n in range(count):
            browser = DeskBrowser(self.desk_url, origin=self.desk_url)
            answer = await browser.log_in(f"agent-{n}")
            if answer.status != 200:
                raise RuntimeError(f"no log-in: {answer.body}")
            tab = await browser.tab()
            self._listening.append(asyncio.create_task(self._hear_agent(browser, tab)))
            self._listening.append(asyncio.create_task(self._beat(browser, tab)))
            await browser.put("/me/presence", {"presence": "available"})
            self.browsers.append(browser)

    async def escalate(self) -> None:
        """A customer comes, asks for a person, and the agent at whose desk it rings accepts."""
        customer = ChatClient(self.web_url)
        await customer.connect()
        self.customers.append(customer)
        self._listening.append(asyncio.create_task(self._hear_customer(customer)))
        begun = time.perf_counter()
        await customer.say("Chcę rozmawiać z człowiekiem")
        async with asyncio.timeout(PATIENCE_S):
            browser, row, at = await self._offers.get()
        self.offered.append((at - begun) * 1000)
        taken = await browser.post(f"/cases/{row['id']}/accept", {"fence": row["fence"]})
        seen = (await browser.get(f"/cases/{row['id']}/turns"))["turns"][-1]["seq"]
        self.talks[row["id"]] = Talk(customer, browser, row["id"], taken["fence"], seen)

    async def converse(self, talk: Talk, n: int, rounds: int, *, answered: bool) -> None:
        """The customer says something, the agent's desk shows it, the agent answers; and again."""
        await asyncio.sleep(PAUSE_S * n / TALKS)
        for number in range(rounds):
            text = f"Pytanie {number} z rozmowy {n} {'' if answered else 'bez gniazda'}".strip()
            shown = self.there.start(text)
            await talk.customer.say(text)
            await self._soon(shown.wait())
            if answered:
                await asyncio.sleep(PAUSE_S / 2)
                reply = f"Odpowiedź {number} w rozmowie {n}"
                heard = self.back.start(reply)
                body = {"fence": talk.fence, "client_id": f"a-{number}", "text": reply}
                await talk.browser.post(f"/cases/{talk.case_id}/messages", body)
                await self._soon(heard.wait())
            await asyncio.sleep(PAUSE_S / 2)

    async def _soon(self, waited: Awaitable[object]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            await waited

    async def poll(self, talk: Talk) -> None:
        """What a desk without a socket does."""
        while True:
            await asyncio.sleep(POLL_S)
            path = f"/cases/{talk.case_id}/turns"
            for turn in (await talk.browser.get(path, after=talk.last_seq))["turns"]:
                talk.last_seq = turn["seq"]
                self.there.arrived(turn["text"])

    async def _hear_agent(self, browser: DeskBrowser, tab: Tab) -> None:
        async for message in tab.ws:
            if message.type != aiohttp.WSMsgType.TEXT:
                continue
            frame = message.json()
            if frame["type"] == "turn":
                self.there.arrived(frame["data"]["turn"]["text"])
            elif frame["type"] == "offer.created":
                self._offers.put_nowait((browser, frame["data"]["case"], time.perf_counter()))

    async def _beat(self, browser: DeskBrowser, tab: Tab) -> None:
        while True:
            await asyncio.sleep(10)
            held = {t.case_id: t.fence for t in self.talks.values() if t.browser is browser}
            await tab.say("heartbeat", cases=held)

    async def _hear_customer(self, customer: ChatClient) -> None:
        async for frame in customer.frames():
            if frame["type"] == "turn" and frame["author"] == "agent":
                self.back.arrived(frame["text"])

    async def deafen(self) -> None:
        """No agent's desk listens any more."""
        for task in self._listening:
            task.cancel()
        await asyncio.gather(*self._listening, return_exceptions=True)
        self._listening.clear()

    async def close(self) -> None:
        """Everybody leaves."""
        await self.deafen()
        for customer in self.customers:
            await customer.close()
        for browser in self.browsers:
            await browser.close()


async def _hire(settings: Settings, count: int) -> None:
    database, passwords, clock = (
        Database(settings.resolved_database_url),
        Passwords(),
        SystemClock(),
    )
    login = make_login(settings, database, clock, passwords)
    for n in range(count):
        async with database.write() as connection:
            made = await agents.create(
                connection, login=f"agent-{n}", name=f"Demo {n}", now=clock.now(),
                capacity={"chat": TALKS // AGENTS},
            )  # fmt: skip
        await login.set_password(made.id, PASSWORD)
    passwords.close()
    await database.close()


async def _until_healthy(url: str, process: "subprocess.Popen[bytes]") -> None:
    async with asyncio.timeout(PATIENCE_S), aiohttp.ClientSession() as http:
        while True:
            if process.poll() is not None:
                raise RuntimeError(f"{url} did not start")
            with contextlib.suppress(aiohttp.ClientError):
                async with http.get(f"{url}/health") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.1)


def _start(module: str, env: dict[str, str], folder: Path) -> "subprocess.Popen[bytes]":
    with (folder / f"{module}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", module], cwd=PROJECT, env=env, stdout=log, stderr=log
        )


@contextlib.asynccontextmanager
async def running() -> AsyncIterator[Room]:
    """Web server and desk on stores of their own."""
    async with redis_server() as redis, bot_door() as door:

        async def asks_for_person(_question: dict[str, Any]) -> list[dict[str, Any]]:
            return [done(intent="human_agent")]

        door.script = asks_for_person
        with tempfile.TemporaryDirectory(prefix="fl-relay-") as folder:
            settings = Settings(
                data_dir=Path(folder), redis_url=redis.url, rasa_url=door.url, port=free_port(),
                desk_port=free_port(), always_open=True, sockets_per_address=2 * TALKS,
                sessions_per_minute=10 * TALKS,
            )  # fmt: skip
            env = {k: v for k, v in os.environ.items() if not k.startswith(PREFIX)}
            env |= {f"{PREFIX}{k.upper()}": str(v) for k, v in settings if v != ""}
            command = [sys.executable, "-m", "alembic", "upgrade", "head"]
            await asyncio.to_thread(
                subprocess.run, command, cwd=PROJECT, env=env, check=True, capture_output=True
            )
            await _hire(settings, AGENTS)
            urls = [f"http://127.0.0.1:{port}" for port in (settings.port, settings.desk_port)]
            processes = []
            try:
                for module, url in zip(("web_chat", "handoff"), urls, strict=True):
                    processes.append(_start(module, env, Path(folder)))
                    await _until_healthy(url, processes[-1])
                yield Room(*urls)
            finally:
                for process in processes:
                    process.terminate()
                for process in processes:
                    process.wait(20)


async def run() -> None:
    """Measure and print."""
    async with running() as room:
        try:
            await room.open_agents(AGENTS)
            for _ in range(TALKS):
                await room.escalate()
            talks = list(room.talks.values())
            await asyncio.gather(
                *(room.converse(talk, n, ROUNDS, answered=True) for n, talk in enumerate(talks))
            )
            pushed, room.there = room.there.took, Times()
            await room.deafen()
            polling = [asyncio.create_task(room.poll(talk)) for talk in talks]
            await asyncio.gather(
                *(room.converse(talk, n, 3, answered=False) for n, talk in enumerate(talks))
            )
            polled = room.there.took
            for task in polling:
                task.cancel()
            await asyncio.gather(*polling, return_exceptions=True)
        finally:
            await room.close()
    metrics = {
        "p50_ms": percentile(pushed, 50),
        "p95_ms": percentile(pushed, 95),
        "back_p50_ms": percentile(room.back.took, 50),
        "back_p95_ms": percentile(room.back.took, 95),
        "offered_p95_ms": percentile(room.offered, 95),
    }
    peer = {"p50_ms": percentile(polled, 50), "p95_ms": percentile(polled, 95)}
    report("relay", metrics, peer, NOTES)


if __name__ == "__main__":
    asyncio.run(run())
