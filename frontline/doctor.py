"""`frontline doctor`: is this installation healthy, and if not, what to do."""

import asyncio
import ctypes
import json
import shutil
import sys
import time
from collections.abc import Awaitable, Callable
from enum import StrEnum
from itertools import product
from typing import NamedTuple

from alembic.config import Config
from alembic.script import ScriptDirectory
from rich.console import Console
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from frontline.database import Database
from frontline.errors import ConflictError, FrontlineError, UnavailableError
from frontline.live_model import live_path, models_folder
from frontline.live_record import read_record
from frontline.model import BOT_PYTHON, model_path
from frontline.redis import Redis
from frontline.runstate import Running, running, settings_of_run
from frontline.services import (
    answers,
    check_port,
    customer_url,
    desk_url,
    redis_server,
    voice_url,
)
from frontline.settings import PROJECT, Settings, environment
from frontline.speech_models import LANGUAGES, Kind, Origin, find

REDIS_VERSION = (6, 2)
"""The oldest Redis that has what our scripts use."""
DISK_WARN_BYTES = 2_000_000_000
DISK_FAIL_BYTES = 200_000_000
CLOCK_WARN_S = 2.0
CASES_TIMEOUT_S = 120.0
TIME_ERROR = 5
"""adjtimex(2): the clock is not synchronised."""
STYLES = {"ok": "green", "warn": "yellow", "fail": "bold red"}


class Verdict(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Finding(NamedTuple):
    """One thing looked at; where it is bad, `text` says what to do."""

    verdict: Verdict
    what: str
    text: str


Check = Callable[[Settings, Running | None], Awaitable[list[Finding]]]


async def examine(settings: Settings, console: Console | None = None) -> int:
    """Print all findings.

    Returns:
        The exit code: 1 when something fails.
    """
    console = console or Console(highlight=False, soft_wrap=True)
    found = running(settings.data_dir)
    now = settings_of_run(settings)
    results = await asyncio.gather(*(check(now, found) for check in CHECKS))
    findings = [finding for result in results for finding in result]
    for verdict, what, words in findings:
        style = STYLES[verdict]
        console.print(f"[{style}]{verdict:<5}[/{style}]", end="")
        console.print(f"{what:<10} {words}", markup=False)
    return 1 if any(finding.verdict is Verdict.FAIL for finding in findings) else 0


async def check_services(settings: Settings, found: Running | None) -> list[Finding]:
    """What runs answers; what does not run would find its port free."""
    if found is None:
        try:
            check_port(settings)
        except ConflictError as error:
            return [Finding(Verdict.FAIL, "services", str(error))]
        free = f"not running; port {settings.port} is free"
        return [Finding(Verdict.OK, "services", free)]
    urls = {
        "web": f"{customer_url(settings)}health",
        "rasa": f"{settings.rasa_url}/",
        "actions": f"{settings.actions_url}/health",
        "desk": f"{desk_url(settings)}health",
    }
    if settings.voice:
        urls["voice"] = f"{voice_url(settings)}health"
    return [await _check_answer(name, url) for name, url in urls.items()]


async def _check_answer(name: str, url: str) -> Finding:
    try:
        await asyncio.wait_for(answers(url)(), 3)
    except (UnavailableError, OSError, TimeoutError):
        advice = f"does not answer at {url}; see its log, the launcher starts it again"
        return Finding(Verdict.FAIL, name, advice)
    return Finding(Verdict.OK, name, f"answers at {url}")


async def check_redis(settings: Settings, _found: Running | None) -> list[Finding]:
    """Redis keeps what it is told and throws nothing away."""
    if not settings.redis_url:
        try:
            return [Finding(Verdict.OK, "redis", f"embedded, not running: {redis_server()}")]
        except FrontlineError as error:
            return [Finding(Verdict.FAIL, "redis", str(error))]
    kind = "embedded" if settings.redis_url.startswith("unix://") else "external"
    redis = Redis(settings.redis_url)
    try:
        async with redis.commands() as client:
            facts = await client.info()
    except UnavailableError:
        return [Finding(Verdict.FAIL, "redis", "does not answer; is FRONTLINE_REDIS_URL right?")]
    finally:
        await redis.close()
    return judge_redis(facts, kind)


def judge_redis(facts: dict[str, object], kind: str) -> list[Finding]:
    """What `INFO` says about version, persistence, eviction and time."""
    version = str(facts["redis_version"])
    findings = []
    if tuple(int(part) for part in version.split(".")[:2]) < REDIS_VERSION:
        findings.append(Finding(Verdict.FAIL, "redis", f"is {version}; 6.2 or later is needed"))
    else:
        findings.append(Finding(Verdict.OK, "redis", f"{kind}, version {version}"))
    if not facts["aof_enabled"]:
        advice = "does not write an append-only file: set `appendonly yes`, or a crash forgets"
        findings.append(Finding(Verdict.WARN, "redis", advice))
    elif facts.get("aof_last_write_status", "ok") != "ok":
        advice = "cannot write its append-only file; is its disk full?"
        findings.append(Finding(Verdict.FAIL, "redis", advice))
    else:
        findings.append(Finding(Verdict.OK, "redis", "append-only file on"))
    policy = facts.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        advice = (
            f"evicts ({policy}) and would lose conversations: set `maxmemory-policy noeviction`"
        )
        findings.append(Finding(Verdict.FAIL, "redis", advice))
    else:
        findings.append(Finding(Verdict.OK, "redis", "evicts nothing"))
    skew = abs(time.time() - int(str(facts["server_time_usec"])) / 1e6)
    if skew > CLOCK_WARN_S:
        advice = f"its clock and ours differ by {skew:.0f} s; leases will be wrong"
        findings.append(Finding(Verdict.WARN, "redis", advice))
    return findings


async def check_database(settings: Settings, _found: Running | None) -> list[Finding]:
    """The database answers and has the tables of this version."""
    script = ScriptDirectory.from_config(Config(str(PROJECT / "alembic.ini")))
    head = script.get_current_head()
    if not settings.database_url and not (settings.data_dir / "frontline.db").exists():
        return [Finding(Verdict.OK, "database", "SQLite, made at the first `frontline up`")]
    database = Database(settings.resolved_database_url)
    kind = database.engine.dialect.name
    try:
        async with database.read() as connection:
            rows = await connection.execute(text("SELECT version_num FROM alembic_version"))
            at = rows.scalar_one_or_none()
    except (SQLAlchemyError, UnavailableError) as error:
        if "alembic_version" in str(error.__cause__ or error):
            return [Finding(Verdict.FAIL, "database", "has no tables; run `frontline migrate`")]
        advice = f"{kind} does not answer; is FRONTLINE_DATABASE_URL right?"
        return [Finding(Verdict.FAIL, "database", advice)]
    finally:
        await database.close()
    if at != head:
        advice = f"{kind} is at {at}, this version needs {head}; run `frontline migrate`"
        return [Finding(Verdict.FAIL, "database", advice)]
    return [Finding(Verdict.OK, "database", f"{kind}, tables at {at}")]


async def check_model(settings: Settings, _found: Running | None) -> list[Finding]:
    """A model is live, and it is the one of the present content."""
    if not BOT_PYTHON.exists():
        advice = "the bot's environment is missing; run `make setup`"
        return [Finding(Verdict.FAIL, "model", advice)]
    live, present = live_path(settings), model_path(settings)
    refused = read_record(models_folder(settings)).refused
    if live and live.name == present.name:
        finding = Finding(Verdict.OK, "model", f"{live.name}, trained from the present content")
    elif live and present.name in refused:
        advice = f"{live.name} is live, for the present content was rolled back or refused"
        finding = Finding(Verdict.OK, "model", advice)
    elif live or present.exists():
        advice = "the content is not live yet; run `frontline train`"
        finding = Finding(Verdict.WARN, "model", advice)
    else:
        finding = Finding(Verdict.WARN, "model", "not trained yet; run `frontline train`")
    return [finding]


async def check_speech(settings: Settings, _found: Running | None) -> list[Finding]:
    """What hears and speaks on the phone line is there, and made for people."""
    if not settings.voice:
        return [Finding(Verdict.OK, "speech", "no phone line")]
    findings = []
    for kind, language in product(Kind, LANGUAGES):
        try:
            origin = find(settings, kind, language).origin
        except FrontlineError as error:
            findings.append(Finding(Verdict.FAIL, "speech", str(error)))
            continue
        if origin is Origin.DEMO:
            advice = f"demo model, for synthetic voices only; `frontline models fetch {language}`"
            findings.append(Finding(Verdict.WARN, "speech", f"{kind} {language}: {advice}"))
        else:
            findings.append(Finding(Verdict.OK, "speech", f"{kind} {language}: {origin}"))
    return findings


async def check_cases(settings: Settings, _found: Running | None) -> list[Finding]:
    """The cases and their sealed logs are sound; a program of the handoff looks."""
    if not settings.database_url and not (settings.data_dir / "frontline.db").exists():
        return []
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "handoff.check"),
        cwd=PROJECT,
        env=environment(settings),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(CASES_TIMEOUT_S):
            output, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        return [Finding(Verdict.WARN, "case log", f"not looked through in {CASES_TIMEOUT_S:.0f} s")]
    told = [json.loads(line) for line in output.decode().splitlines()]
    if not told:
        return [Finding(Verdict.FAIL, "case log", "could not be read; see the database's finding")]
    return [Finding(Verdict(one["verdict"]), one["what"], one["text"]) for one in told]


async def check_disk(settings: Settings, _found: Running | None) -> list[Finding]:
    """There is room for databases and logs."""
    folder = settings.data_dir
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    words = f"{free / 1e9:.1f} GB free at {folder}"
    if free < DISK_FAIL_BYTES:
        return [Finding(Verdict.FAIL, "disk", f"{words}: too little, writing will fail soon")]
    verdict = Verdict.WARN if free < DISK_WARN_BYTES else Verdict.OK
    return [Finding(verdict, "disk", words)]


async def check_clock(_settings: Settings, _found: Running | None) -> list[Finding]:
    """The kernel knows that its clock follows a time server."""
    state = clock_state()
    if state is None:
        return [Finding(Verdict.OK, "clock", "not checked: this system does not tell")]
    if state == TIME_ERROR:
        advice = "follows no time server, deadlines may be wrong; set up NTP (chrony, timesyncd)"
        return [Finding(Verdict.WARN, "clock", advice)]
    return [Finding(Verdict.OK, "clock", "follows a time server")]


def clock_state() -> int | None:
    """What adjtimex(2) says of the clock without changing it; None where there is no such call."""
    if sys.platform != "linux":
        return None
    timex = ctypes.create_string_buffer(512)  # struct timex, with `modes` 0: only read
    state: int = ctypes.CDLL(None).adjtimex(timex)
    return None if state < 0 else state


CHECKS: tuple[Check, ...] = (
    check_services,
    check_redis,
    check_database,
    check_cases,
    check_model,
    check_speech,
    check_disk,
    check_clock,
)
