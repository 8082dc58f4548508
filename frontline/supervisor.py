"""One child process kept alive: started, probed, restarted with growing pauses, ended cleanly."""

import asyncio
import contextlib
import ctypes
import os
import shutil
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from frontline.errors import UnavailableError

PR_SET_PDEATHSIG = 1
"""prctl(2): the signal the kernel sends a child whose parent is gone."""

Probe = Callable[[], Awaitable[None]]
"""Returns when the service answers; raises `UnavailableError` or `OSError` when it does not."""


@dataclass(frozen=True, slots=True)
class Service:
    """A program that runs as long as the front line does."""

    name: str
    command: tuple[str, ...]
    probe: Probe
    after: tuple[str, ...] = ()
    """Steps and services that must be ready before this one is started."""
    cwd: Path | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    start_limit_s: float = 180
    stop_limit_s: float = 10


@dataclass(frozen=True, slots=True)
class Pauses:
    """How patient a supervisor is."""

    shortest_s: float = 0.5
    longest_s: float = 30
    healthy_s: float = 60
    """After this long alive, the next pause is the shortest one again."""
    probe_s: float = 0.1
    first_tries: int = 3
    """Deaths before it was ever ready, after which it is given up."""


class Supervisor:
    """Keeps one service alive."""

    def __init__(
        self,
        service: Service,
        log_path: Path,
        *,
        pauses: Pauses | None = None,
        say: Callable[[str], None] | None = None,
    ) -> None:
        self.service = service
        self.ready = asyncio.Event()
        """Set once the service has answered for the first time."""
        self.restarts = 0
        self.pid: int | None = None
        self._log_path = log_path
        self._pauses = pauses or Pauses()
        self._say = say or (lambda _line: None)
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = False

    async def run(self) -> None:
        """Keep the service alive until `stop`.

        Raises:
            UnavailableError: it never became ready; the message quotes the end of its log.
        """
        name, pause, deaths = self.service.name, self._pauses.shortest_s, 0
        while not self._stopping:
            born = time.monotonic()
            code = await self._live(born)
            if self._stopping:
                return
            lived, deaths = time.monotonic() - born, deaths + 1
            if not self.ready.is_set() and deaths >= self._pauses.first_tries:
                raise UnavailableError(
                    f"{name} does not start (exit code {code}); the end of {self._log_path}:\n"
                    + tail(self._log_path)
                )
            if lived >= self._pauses.healthy_s:
                pause = self._pauses.shortest_s
            self._say(f"{name} ended ({_cause(code)}); it is started again in {pause:g} s")
            await asyncio.sleep(pause)
            self.restarts += 1
            pause = min(pause * 2, self._pauses.longest_s)

    async def stop(self) -> None:
        """End the service: politely, then after its time limit at once."""
        self._stopping = True
        process = self._process
        if process is None:
            return
        if process.returncode is None:
            _signal_group(process.pid, signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), self.service.stop_limit_s)
        except TimeoutError:
            self._say(f"{self.service.name} does not end by itself and is killed")
        _signal_group(process.pid, signal.SIGKILL)
        await process.wait()

    def kill(self) -> None:
        """End the service at once."""
        self._stopping = True
        if self._process is not None:
            _signal_group(self._process.pid, signal.SIGKILL)

    async def _live(self, born: float) -> int:
        """One life of the process, from its start to its exit code."""
        self._log_path.parent.mkdir(parents=True, exist_ok=True)
        with self._log_path.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *self.service.command,
                cwd=self.service.cwd,
                env=dict(self.service.env) or None,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )
        self._process, self.pid = process, process.pid
        if self._stopping:  # asked to stop while the process was being made
            self.kill()
        ended = asyncio.create_task(process.wait())
        try:
            if await self._until_ready(ended, born + self.service.start_limit_s):
                if self.ready.is_set():
                    self._say(f"{self.service.name} is back, {time.monotonic() - born:.1f} s")
                self.ready.set()
            elif not ended.done():
                self._say(f"{self.service.name} does not answer and is killed")
                _signal_group(process.pid, signal.SIGKILL)
            return await ended
        finally:
            ended.cancel()
            if not self._stopping:
                _signal_group(process.pid, signal.SIGKILL)  # its own children, if any are left
            self.pid = None

    async def _until_ready(self, ended: asyncio.Task[int], deadline: float) -> bool:
        """Whether the service answers before it ends and before the deadline."""
        while not ended.done() and time.monotonic() < deadline:
            try:
                await asyncio.wait_for(self.service.probe(), 5)
            except (UnavailableError, OSError, TimeoutError):
                await asyncio.wait({ended}, timeout=self._pauses.probe_s)
            else:
                return not ended.done()
        return False


async def run_program(
    command: Sequence[str], log_path: Path, *, cwd: Path, env: Mapping[str, str]
) -> None:
    """Run a program to its end, its output going to a log. It dies with us.

    Raises:
        UnavailableError: it failed; the message quotes the end of its log.
    """
    log_path.parent.mkdir(parents=True, exist_ok=True)
    with log_path.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=cwd,
            env=dict(env),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=die_with_parent(),
        )
    try:
        code = await process.wait()
    finally:
        if process.returncode is None:
            _signal_group(process.pid, signal.SIGKILL)
    if code:
        raise UnavailableError(
            f"`{' '.join(command)}` failed (exit code {code}); the end of {log_path}:\n"
            + tail(log_path)
        )


def die_with_parent() -> Callable[[], None] | None:
    """What a child runs first so that it dies with us; None where the kernel cannot do that."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def in_child() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the call
            os._exit(1)

    return in_child


def tail(path: Path, lines: int = 15) -> str:
    """The last lines of a log."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 20_000))
        return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])


def rotate(path: Path, *, limit: int = 10_000_000, kept: int = 3) -> None:
    """Start a log file anew when it has grown over `limit` bytes, keeping `kept` older ones.

    Whoever appends to it goes on doing so: the file is copied and then emptied.
    """
    if not path.exists() or path.stat().st_size <= limit:
        return
    for number in range(kept - 1, 0, -1):
        older = path.with_name(f"{path.name}.{number}")
        if older.exists():
            older.replace(path.with_name(f"{path.name}.{number + 1}"))
    shutil.copyfile(path, path.with_name(f"{path.name}.1"))
    os.truncate(path, 0)


def _cause(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _signal_group(leader: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)
