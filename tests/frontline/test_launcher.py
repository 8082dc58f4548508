import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from frontline.errors import ConflictError, UnavailableError
from frontline.launcher import Launcher
from frontline.runstate import running, settings_of_run
from frontline.screen import Screen
from frontline.services import Step, answers, embedded_redis, free_ports, with_addresses
from frontline.settings import Settings
from frontline.supervisor import Pauses, Service

FAKE = Path(__file__).with_name("fake_service.py")
QUICK = Pauses(shortest_s=0.05, longest_s=0.2, probe_s=0.02)


class Lines(Screen):
    """A screen that remembers."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def say(self, text: str) -> None:
        self.lines.append(text)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    port, desk_port = free_ports(2)
    return Settings(data_dir=tmp_path / "var", port=port, desk_port=desk_port)


@pytest.fixture
def fake(tmp_path: Path) -> Callable[..., Service]:
    def make(name: str, *flags: str, after: tuple[str, ...] = (), **limits: float) -> Service:
        port = free_ports(1)[0]
        command = (sys.executable, str(FAKE), str(port), str(tmp_path / "journal"), *flags)
        url = f"http://127.0.0.1:{port}/health"
        return Service(name, command, answers(url), after, **limits)

    return make


def journal(tmp_path: Path) -> list[list[str]]:
    return [line.split() for line in (tmp_path / "journal").read_text().splitlines()]


async def eventually(condition: Callable[[], bool], limit_s: float = 20) -> None:
    async with asyncio.timeout(limit_s):
        while not condition():  # noqa: ASYNC110 - real processes send no event
            await asyncio.sleep(0.01)


async def test_services_start_after_what_they_need_and_end_in_reverse_order(
    tmp_path: Path, settings: Settings, fake: Callable[..., Service]
) -> None:
    first, second = fake("first", after=("step",)), fake("second", after=("first",))

    async def prepare() -> str:
        (tmp_path / "journal").write_text("step 0 0\n")
        return "prepared"

    work = [Step("step", "prepares", prepare), first, second]
    async with Launcher(settings, work, screen=Lines(), pauses=QUICK) as launcher:
        assert launcher.supervisors["second"].pid is not None
    ports = [first.command[2], second.command[2]]
    assert [line[:2] for line in journal(tmp_path)] == [
        ["step", "0"],
        ["began", ports[0]],
        ["began", ports[1]],
        ["ended", ports[1]],
        ["ended", ports[0]],
    ]


async def test_a_killed_service_is_started_again_on_the_same_port(
    tmp_path: Path, settings: Settings, fake: Callable[..., Service]
) -> None:
    service, screen = fake("web"), Lines()
    async with Launcher(settings, [service], screen=screen, pauses=QUICK) as launcher:
        supervisor = launcher.supervisors["web"]
        for killed in (1, 2):
            pid = supervisor.pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            back = killed
            await eventually(lambda back=back: sum("back" in li for li in screen.lines) == back)
            await service.probe()
        assert supervisor.restarts == 2
    assert any("signal 9" in line for line in screen.lines)
    assert {line[1] for line in journal(tmp_path)} == {service.command[2]}


async def test_pauses_between_restarts_double_up_to_a_limit(
    settings: Settings, fake: Callable[..., Service]
) -> None:
    screen = Lines()
    async with Launcher(settings, [fake("web")], screen=screen, pauses=QUICK) as launcher:
        supervisor = launcher.supervisors["web"]
        for killed in range(1, 5):
            os.kill(supervisor.pid or 0, signal.SIGKILL)
            back = killed
            await eventually(lambda back=back: sum("back" in li for li in screen.lines) == back)
    pauses = [line.split()[-2] for line in screen.lines if "started again" in line]
    assert pauses == ["0.05", "0.1", "0.2", "0.2"]


async def test_a_service_that_cannot_start_is_given_up_and_its_log_quoted(
    settings: Settings, fake: Callable[..., Service]
) -> None:
    launcher = Launcher(
        settings, [fake("good"), fake("bad", "--die-early")], screen=Lines(), pauses=QUICK
    )
    with pytest.raises(UnavailableError, match=r"bad does not start .*(?s:.*)reason is written"):
        await launcher.__aenter__()
    assert launcher.supervisors["good"].pid is None
    assert running(settings.data_dir) is None


async def test_a_service_that_never_answers_is_killed_and_given_up(
    settings: Settings, fake: Callable[..., Service]
) -> None:
    silent = fake("silent", "--silent", "--deaf", start_limit_s=0.5)
    with pytest.raises(UnavailableError, match="silent does not start"):
        await Launcher(settings, [silent], screen=Lines(), pauses=QUICK).__aenter__()


async def test_a_service_that_ignores_the_request_to_end_is_killed_in_time(
    settings: Settings, fake: Callable[..., Service]
) -> None:
    screen = Lines()
    deaf = fake("deaf", "--deaf", stop_limit_s=0.3)
    async with Launcher(settings, [deaf], screen=screen, pauses=QUICK) as launcher:
        pid = launcher.supervisors["deaf"].pid
    assert pid is not None
    assert not psutil.pid_exists(pid)
    assert "deaf does not end by itself and is killed" in screen.lines


async def test_children_of_a_service_end_with_it(
    tmp_path: Path, settings: Settings, fake: Callable[..., Service]
) -> None:
    async with Launcher(settings, [fake("parent", "--child")], screen=Lines(), pauses=QUICK):
        child = int((tmp_path / "journal.child").read_text())
        assert psutil.pid_exists(child)
    await eventually(lambda: not _alive(child))


async def test_a_step_that_fails_ends_everything(
    settings: Settings, fake: Callable[..., Service]
) -> None:
    async def fail() -> str:
        raise UnavailableError("the database is on holiday")

    work = [fake("web"), Step("database", "fails", fail)]
    with pytest.raises(UnavailableError, match="on holiday"):
        await Launcher(settings, work, screen=Lines(), pauses=QUICK).__aenter__()


async def test_only_one_launcher_works_in_a_data_folder(
    settings: Settings, fake: Callable[..., Service]
) -> None:
    async with Launcher(settings, [fake("web")], screen=Lines(), pauses=QUICK):
        found = running(settings.data_dir)
        assert found is not None
        assert found.ready
        assert found.url == f"http://127.0.0.1:{settings.port}/"
        second = Launcher(settings, [fake("other")], screen=Lines(), pauses=QUICK)
        with pytest.raises(ConflictError, match="already running"):
            await second.__aenter__()
    assert running(settings.data_dir) is None


async def test_a_taken_port_is_said_before_anything_starts(
    tmp_path: Path, settings: Settings, fake: Callable[..., Service]
) -> None:
    async def close(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(close, "127.0.0.1", settings.port)
    with pytest.raises(ConflictError, match=rf"port {settings.port} .* is in use"):
        await Launcher(settings, [fake("web")], screen=Lines()).__aenter__()
    server.close()
    assert not (tmp_path / "journal").exists()


async def test_tools_find_the_addresses_of_what_runs(
    tmp_path: Path, fake: Callable[..., Service]
) -> None:
    asked_for = Settings(data_dir=tmp_path / "var")
    moved = asked_for.model_copy(
        update={"port": free_ports(1)[0], "redis_url": "unix:///nowhere/redis.sock"}
    )
    async with Launcher(moved, [fake("web")], screen=Lines(), pauses=QUICK):
        assert settings_of_run(asked_for).port == moved.port
        assert settings_of_run(asked_for).redis_url == moved.redis_url
        state = tmp_path / "var" / "run" / "frontline.json"
        assert state.stat().st_mode & 0o777 == 0o600
    assert settings_of_run(asked_for) == asked_for


async def test_the_embedded_redis_keeps_what_it_was_told_through_a_kill(tmp_path: Path) -> None:
    deep = tmp_path / ("long-" * 20) / "var"
    settings = with_addresses(Settings(data_dir=deep, port=free_ports(1)[0]))
    from frontline.redis import Redis

    redis = Redis(settings.redis_url)
    screen = Lines()
    async with Launcher(settings, [embedded_redis(settings)], screen=screen, pauses=QUICK) as up:
        async with redis.commands() as client:
            await client.set("case", "R-2026-000001")
            policy = await client.config_get("maxmemory-policy")
            assert policy["maxmemory-policy"] == "noeviction"
        folder = Path(settings.redis_url.removeprefix("unix://")).parent
        assert folder.stat().st_mode & 0o777 == 0o700
        os.kill(up.supervisors["redis"].pid or 0, signal.SIGKILL)
        await eventually(lambda: any("back" in line for line in screen.lines))
        async with redis.commands() as client:
            assert await client.get("case") == "R-2026-000001"
        await redis.close()
    assert not folder.exists()


def test_nothing_is_left_behind_when_the_launcher_is_killed(tmp_path: Path) -> None:
    port = free_ports(1)[0]
    script = f"""
import asyncio, sys
from pathlib import Path
from frontline.launcher import Launcher
from frontline.services import answers
from frontline.settings import Settings
from frontline.supervisor import Service

async def main():
    command = (sys.executable, {str(FAKE)!r}, "{port}", {str(tmp_path / "journal")!r})
    service = Service("web", command, answers("http://127.0.0.1:{port}/health"))
    settings = Settings(data_dir=Path({str(tmp_path / "var")!r}), port={free_ports(1)[0]})
    async with Launcher(settings, [service]) as launcher:
        print(launcher.supervisors["web"].pid, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as up:
        assert up.stdout is not None
        child = next(int(line) for line in up.stdout if line.strip().isdigit())
        assert _alive(child)
        up.kill()
    deadline = time.monotonic() + 10
    while _alive(child):
        assert time.monotonic() < deadline
    assert running(tmp_path / "var") is None


def _alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
