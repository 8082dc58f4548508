"""`kill -9` of Redis, of a desk and of agents' browsers, and Redis wiped, amid 300 live cases.

Two real desk processes on one SQLite file and one real Redis; agents are HTTP and socket clients.
"""

import asyncio
import contextlib
import itertools
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from sqlalchemy import func, select, text

from frontline.clock import SystemClock
from frontline.database import Database, metadata
from frontline.redis import Redis
from frontline.settings import PREFIX, PROJECT, Settings
from handoff import agents, store
from handoff.app_parts import Parts, make_parts
from handoff.case import NEXT, OPEN, TALKING, WITH_AGENT, Case, CaseState, Move
from handoff.case_log import CaseEvent, verify
from handoff.login import keep_password
from handoff.passwords import Passwords
from handoff.routing import load_routing
from handoff.tables import case_events, cases, turns
from tests.common.desk_agent import DeskClient, DeskRefusedError
from tests.common.redis_servers import Node, OneRedis, folder_of_nodes
from tests.common.stack import free_port

CASES = 300
AGENTS = 24
ROOM = 8
LEASE_S = 8.0
RING_S = 4
WRAP_UP_S = 4
TOO_LATE_S = LEASE_S + 5
PASSWORD = "brzoza-klon-lipa-42"


class DeskProcess:
    """One desk, which can be killed and started again."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"desk-{self.port}.log"
        others = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        self._environment = others | {
            f"{PREFIX}DATA_DIR": str(settings.data_dir),
            f"{PREFIX}REDIS_URL": settings.redis_url,
            f"{PREFIX}ROUTING_FILE": settings.routing_file,
            f"{PREFIX}ALWAYS_OPEN": "true",
            f"{PREFIX}SOCKETS_PER_ADDRESS": "1000",
            f"{PREFIX}DESK_PORT": str(self.port),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.common.desk_process", str(LEASE_S)],
                cwd=PROJECT,
                env=self._environment,
                stdout=log,
                stderr=log,
            )

    async def ready(self) -> None:
        async with asyncio.timeout(40), aiohttp.ClientSession() as session:
            while True:
                with contextlib.suppress(aiohttp.ClientError):
                    async with session.get(f"{self.url}/health") as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.1)

    def kill(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None


class Worker:
    """An agent who works as agents do, and whose browser finds another desk when one is gone."""

    def __init__(self, name: str, desks: list[DeskProcess], seed: int) -> None:
        self.name = name
        self.client = DeskClient(*(desk.url for desk in desks))
        if seed % 2:
            self.client.next_desk()
        self.said: dict[str, str] = {}
        """Client ids of answers that the desk has taken → case."""
        self.mood = "work"
        """`work`; `rest`: keeps what it has and touches nothing; `finish`: closes everything."""
        self._choose = random.Random(seed)
        self._tasks: list[asyncio.Task[None]] = []
        self.faults: list[str] = []

    async def start(self) -> None:
        await self.client.log_in(self.name, PASSWORD)
        await self.client.presence("available")
        self._tasks = [asyncio.create_task(run()) for run in (self._listen, self._work)]

    async def vanish(self, *, silently: bool) -> None:
        """The browser is gone; `silently`: the machine is, and its sockets stay open."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if not silently:
            await self.client.close()

    async def _listen(self) -> None:
        while True:
            beating = None
            try:
                await self.client.connect()
                beating = asyncio.create_task(self._beat())
                while True:
                    await self.client.frame()
            except (aiohttp.ClientError, ConnectionError, TimeoutError):
                self.client.next_desk()
                await asyncio.sleep(0.3)
            finally:
                if beating:
                    beating.cancel()

    async def _beat(self) -> None:
        with contextlib.suppress(aiohttp.ClientError, ConnectionError):
            while True:
                await asyncio.sleep(LEASE_S / 4)
                await self.client.heartbeat()

    async def _work(self) -> None:
        while True:
            await asyncio.sleep(
                self._choose.uniform(0.1, 0.5) * (0.4 if self.mood == "finish" else 1)
            )
            try:
                await self._step()
            except DeskRefusedError as refused:
                if refused.status >= 500 and refused.status != 503:
                    self.faults.append(str(refused))
            except (aiohttp.ClientError, ConnectionError, TimeoutError):
                continue

    async def _step(self) -> None:
        if self.mood == "rest":
            return
        for case in list(self.client.offers.values()):
            chance = self._choose.random()
            self.client.offers.pop(case["id"], None)
            if chance < 0.05 and self.mood == "work":
                continue  # not at the desk: it rings out
            what = "decline" if chance < 0.12 and self.mood == "work" else "accept"
            self.client.take(await self.client.do(case, what))
        if not self.client.held:
            return
        case = self._choose.choice(list(self.client.held.values()))
        await (self._finish(case) if self.mood == "finish" else self._serve(case))

    async def _serve(self, case: dict[str, Any]) -> None:
        chance = self._choose.random()
        if case["state"] == "wrap_up":
            await self._do(case, "close", disposition=None, note="done")
        elif case["state"] == "on_hold":
            await self._do(case, "resume")
        elif chance < 0.6:
            client_id = f"{self.name}-{len(self.said)}-{self._choose.random()}"
            body = {"fence": case["fence"], "client_id": client_id, "text": f"Answer {client_id}"}
            await self.client.ask("POST", f"/cases/{case['id']}/messages", body)
            self.said[client_id] = case["id"]
        elif chance < 0.85:
            await self._do(case, "hold")
        elif chance < 0.95:
            await self._do(case, "transfer", to={"skill": "general"}, note="")
        else:
            await self._do(case, "wrap-up")

    async def _finish(self, case: dict[str, Any]) -> None:
        await self._do(case, "close", disposition=None, note="")

    async def _do(self, case: dict[str, Any], what: str, **body: Any) -> None:
        self.client.take(await self.client.do(case, what, **body))


class Floor:
    """Everything that runs, and what SQL says about it."""

    def __init__(self, parts: Parts, node: Node, desks: list[DeskProcess]) -> None:
        self.parts = parts
        self.node = node
        self.desks = desks
        self.workers: list[Worker] = []
        self.gone: dict[str, float] = {}
        """Agents who vanished, and when."""
        self.stuck: Counter[str] = Counter()

    async def in_state(self, *states: CaseState) -> list[Case]:
        async with self.parts.database.read() as connection:
            found = select(cases).where(cases.c.state.in_(states))
            return [store.case_of(row) for row in await connection.execute(found)]

    async def count(self, *states: CaseState) -> int:
        async with self.parts.database.read() as connection:
            found = select(func.count()).where(cases.c.state.in_(states))
            return int(await connection.scalar(found) or 0)

    async def events(self) -> list[CaseEvent]:
        async with self.parts.database.read() as connection:
            rows = await connection.execute(
                select(case_events).order_by(case_events.c.case_id, case_events.c.n)
            )
            return [CaseEvent(**row._mapping) for row in rows]

    async def until(self, what: str, within_s: float, true: Any) -> float:
        """Wait until `await true()`; how long it took."""
        began = time.monotonic()
        while not await true():
            assert time.monotonic() - began < within_s, f"{what}: not within {within_s} s"
            await asyncio.sleep(0.3)
        sys.stderr.write(f"{what}: {time.monotonic() - began:.1f} s\n")
        return time.monotonic() - began

    async def watch(self) -> None:
        """Note every case whose time with an agent has been over for more than 5 s."""
        while True:
            now = self.parts.clock.now().timestamp()
            for case in await self.in_state(*WITH_AGENT):
                left_at = self.gone.get(case.agent_id or "")
                if left_at and now > left_at + TOO_LATE_S:
                    self.stuck[f"{case.number} {case.state} with {case.agent}, who is gone"] += 1
                timed = case.state in (CaseState.OFFERED, CaseState.WRAP_UP) and case.lease_until
                if timed and now > timed.timestamp() + 5:
                    self.stuck[f"{case.number} {case.state} beyond its time"] += 1
            await asyncio.sleep(0.5)

    async def wrong_in_redis(self) -> list[str]:
        """In what Redis differs from SQL: each waiting case is in the queue once, no other is."""
        waiting = sorted(case.id for case in await self.in_state(CaseState.QUEUED))
        queued = sorted(await self.parts.queue.waiting())
        raw: list[str] = []
        for key in self.node.client.keys("{q:main}:r:*"):
            raw += self.node.client.zrange(key, 0, -1)
        wrong = [f"{name} twice" for name, times in Counter(raw).items() if times > 1]
        wrong += [f"{name} not in the queue" for name in set(waiting) - set(raw)]
        wrong += [f"{name} does not wait" for name in set(raw) - set(waiting)]
        wrong += [] if queued == sorted(raw) else ["unnamed lines"]
        records = self.node.client.hgetall("{q:main}:cases")
        for case in await self.in_state(*WITH_AGENT):
            known = msgspec.json.decode(records.get(case.id, "{}"))
            if (known.get("agent"), known.get("fence")) != (case.agent_id, case.fence):
                wrong.append(f"{case.number} {case.state}: {known}")
        return wrong


@contextlib.contextmanager
def routing_file(folder: Path) -> Iterator[Path]:
    """The packaged routing, but nothing rings or is written up for long."""
    path = folder / "routing.yml"
    packaged = files("handoff").joinpath("routing.yml").read_text("utf-8")
    line = "chat: {ring_s: 20, wrap_up_s: 120, preferred_s: 30}"
    assert line in packaged
    short = f"chat: {{ring_s: {RING_S}, wrap_up_s: {WRAP_UP_S}, preferred_s: 3}}"
    path.write_text(packaged.replace(line, short), "utf-8")
    yield path


@pytest.fixture
async def floor(tmp_path: Path) -> AsyncIterator[Floor]:
    import handoff.desk_tables  # noqa: F401  its tables are in `metadata`

    with folder_of_nodes() as folder, routing_file(tmp_path) as routing:
        redis = OneRedis(folder)
        settings = Settings(
            data_dir=tmp_path, redis_url=redis.url, routing_file=str(routing), always_open=True
        )
        database = Database(settings.resolved_database_url)
        async with database.engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
        client = Redis(redis.url)
        parts = make_parts(
            SystemClock(), database, client, load_routing(str(routing), always_open=True),
            key=settings.secret_key(),
        )  # fmt: skip
        desks = [DeskProcess(settings, tmp_path) for _ in range(2)]
        made = Floor(parts, redis.nodes[0], desks)
        try:
            for desk in desks:
                desk.start()
            await hire(parts)
            for _ in range(CASES):
                conversation = await parts.conversations.create("web", "pl", "Dzień dobry")
                await parts.cases.open(conversation.id, reason="user_request")
            await asyncio.gather(*(desk.ready() for desk in desks))
            made.workers = [Worker(f"agent{n}", desks, n) for n in range(AGENTS)]
            yield made
        finally:
            for worker in made.workers:
                await worker.vanish(silently=False)
            for desk in desks:
                desk.kill()
            await parts.bell.close()
            await client.close()
            await database.close()


async def hire(parts: Parts) -> None:
    """Agents with one password, whose hash is only made once."""
    passwords = Passwords()
    secret = await passwords.hash(PASSWORD)
    passwords.close()
    async with parts.database.write() as connection:
        for n in range(AGENTS):
            agent = await agents.create(
                connection, login=f"agent{n}", name=f"Agent {n}", now=parts.clock.now(),
                capacity={"chat": ROOM, "voice": 0},
            )  # fmt: skip
            await keep_password(connection, agent.id, secret)


@pytest.mark.alone
@pytest.mark.timeout(400)
async def test_nothing_is_lost_doubled_or_stuck_whatever_dies(floor: Floor) -> None:
    watching = asyncio.create_task(floor.watch())
    await asyncio.gather(*(worker.start() for worker in floor.workers))

    async def busy() -> bool:
        return await floor.count(*TALKING) >= AGENTS * ROOM // 4

    await floor.until("agents at work", 120, busy)
    await kill_redis(floor)
    await kill_a_desk(floor)
    await lose_agents(floor)
    await wipe_redis(floor)
    await come_to_rest(floor)
    await finish(floor)
    watching.cancel()
    assert floor.stuck == {}
    assert [fault for worker in floor.workers for fault in worker.faults] == []
    await check_the_record(floor)


async def kill_redis(floor: Floor) -> None:
    """While it is down, agents get cases from SQL."""
    floor.node.kill()
    await asyncio.sleep(1)
    before = sum(event.type == Move.OFFER for event in await floor.events())

    async def goes_on() -> bool:
        return sum(event.type == Move.OFFER for event in await floor.events()) >= before + 5

    await floor.until("offers without Redis", 10, goes_on)
    floor.node.start()
    await asyncio.sleep(2)


async def kill_a_desk(floor: Floor) -> None:
    """Its agents go on at the other one, with what they hold."""
    floor.desks[0].kill()
    await asyncio.sleep(2)
    floor.desks[0].start()
    await floor.desks[0].ready()


async def lose_agents(floor: Floor) -> None:
    """Six are gone; what they held is back within lease + 5 s."""
    lost, floor.workers = floor.workers[:6], floor.workers[6:]
    for n, worker in enumerate(lost):
        await worker.vanish(silently=n % 2 == 0)
        floor.gone[worker.client.agent["id"]] = floor.parts.clock.now().timestamp()

    async def freed() -> bool:
        return not [
            case for case in await floor.in_state(*WITH_AGENT) if case.agent_id in floor.gone
        ]

    assert not await freed()
    await floor.until("lost agents' cases are back", TOO_LATE_S, freed)
    for worker in lost:
        await worker.client.close()


async def wipe_redis(floor: Floor) -> None:
    floor.node.client.flushall()
    await asyncio.sleep(1)


async def come_to_rest(floor: Floor) -> None:
    """Nobody takes or does anything: soon Redis knows exactly what SQL knows."""
    for worker in floor.workers:
        worker.mood = "rest"
        await worker.client.presence("busy")

    async def calm() -> bool:
        timed = await floor.in_state(CaseState.OFFERED, CaseState.WRAP_UP)
        return not timed and not await floor.wrong_in_redis()

    await floor.until("Redis agrees with SQL", TOO_LATE_S, calm)
    open_cases = await floor.in_state(*OPEN)
    assert await floor.parts.queue.mend(open_cases) == 0
    held = Counter(case.agent_id for case in await floor.in_state(*TALKING))
    assert held
    assert max(held.values()) <= ROOM
    for worker in floor.workers:
        assert len(worker.client.held) == held[worker.client.agent["id"]], worker.name


async def finish(floor: Floor) -> None:
    """Every case comes to its end."""
    for worker in floor.workers:
        worker.mood = "finish"
        await worker.client.presence("available")

    async def done() -> bool:
        return await floor.count(CaseState.CLOSED) == CASES

    await floor.until("all cases are closed", 120, done)
    assert not await floor.wrong_in_redis()


async def check_the_record(floor: Floor) -> None:
    """The log of each case is whole and legal, and nobody ever had a case that another had."""
    async with floor.parts.database.read() as connection:
        assert await verify(connection) == []
        said = Counter((await connection.execute(select(turns.c.client_id))).scalars())
        assert (await connection.execute(text("PRAGMA integrity_check"))).scalar() == "ok"
    taken = [client_id for worker in floor.workers for client_id in worker.said]
    assert taken
    assert [(one, said[one]) for one in taken if said[one] != 1] == []
    by_case = itertools.groupby(await floor.events(), lambda event: event.case_id)
    wrong = [fault for _, log in by_case for fault in faults_in(list(log))]
    assert wrong == []


def faults_in(log: list[CaseEvent]) -> list[str]:
    """Moves that the table does not have, fences that go back, acceptances without an offer."""
    faults = []
    state, fence, holder = CaseState.QUEUED, -1, None
    moves = [event for event in log if "to" in event.data]
    for event in moves:
        move, data = Move(event.type), event.data
        if move != Move.OPEN and NEXT[state].get(move) != data["to"]:
            faults.append(f"{event.case_id} {event.n}: {move} from {state} to {data['to']}")
        if data["fence"] < fence:
            faults.append(f"{event.case_id} {event.n}: fence {data['fence']} after {fence}")
        if move == Move.OFFER and (holder or data["fence"] == fence):
            faults.append(f"{event.case_id} {event.n}: offered while {holder} has it")
        if move == Move.ACCEPT and (holder != data["agent_id"] or data["fence"] != fence):
            faults.append(f"{event.case_id} {event.n}: accepted, but offered to {holder}")
        state, fence = CaseState(data["to"]), data["fence"]
        holder = data["agent_id"] if state in WITH_AGENT else None
    return faults
