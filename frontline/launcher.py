"""Starting everything, keeping it alive, and ending it: `frontline up`."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from frontline.errors import ConflictError
from frontline.runstate import RunLock, Running, running
from frontline.screen import Screen
from frontline.services import (
    Job,
    Step,
    check_port,
    customer_url,
    desk_url,
    jobs,
    make_socket_folder,
    remove_socket_folder,
    with_addresses,
)
from frontline.settings import Settings
from frontline.supervisor import Pauses, Supervisor, rotate

PORT_PATIENCE_S = 2.0
"""The port of a front line that was just killed becomes free within this time."""
ADDRESSES = (
    *("data_dir", "content_dir", "host", "port", "desk_port"),
    *("voice", "voice_port", "audiosocket_port"),
    *("redis_url", "rasa_url", "actions_url"),
)
DEMO_LOGINS = "ania, bartek, celina (agents), sonia (supervisor), edek (editor)"


class Launcher:
    """Runs steps and services, each as soon as what it needs is ready.

    As a context manager: entered when all is ready, left when all has ended. Only one launcher
    at a time works in a data folder.
    """

    def __init__(
        self,
        settings: Settings,
        work: Sequence[Job],
        *,
        screen: Screen | None = None,
        pauses: Pauses | None = None,
    ) -> None:
        self.settings = settings
        self.started = False
        logs = settings.data_dir / "log"
        self._screen = screen or Screen(log_path=logs / "launcher.log")
        self._work = work
        self.supervisors = {
            job.name: Supervisor(job, logs / f"{job.name}.log", pauses=pauses, say=self._screen.say)
            for job in work
            if not isinstance(job, Step)
        }
        self._ready = {job.name: asyncio.Event() for job in work}
        self._lives: list[asyncio.Task[None]] = []
        self._chores: asyncio.Task[None] | None = None
        self._lock = RunLock(settings.data_dir)

    async def __aenter__(self) -> Self:
        """Start everything.

        Raises:
            ConflictError: a front line already runs in this data folder, or the port is taken.
            UnavailableError: a step failed or a service does not start.
        """
        with contextlib.ExitStack() as stack:
            self._forget_leftovers(stack.enter_context(self._lock))
            await self._wait_for_port()
            make_socket_folder(self.settings.redis_url)
            self._write_state(ready=False)
            self._chores = asyncio.create_task(self._do_chores())
            try:
                with self._screen:
                    await self._bring_all()
            except BaseException:
                await self._end_all()
                raise
            self._write_state(ready=True)
            self.started = True
            stack.pop_all()
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        """End everything, the last started first."""
        await self._end_all()
        self._lock.__exit__()

    def kill(self) -> None:
        """End all services at once."""
        for supervisor in self.supervisors.values():
            supervisor.kill()

    async def _bring_all(self) -> None:
        tasks = [asyncio.create_task(self._bring(job)) for job in self._work]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _bring(self, job: Job) -> None:
        """Do a step, or start a service and wait until it is ready."""
        for name in job.after:
            await self._ready[name].wait()
        if isinstance(job, Step):
            self._screen.begin(job.name, job.text)
            self._screen.done(job.name, await job.run())
        else:
            self._screen.begin(job.name, "starts")
            await self._until_ready(self.supervisors[job.name])
            self._screen.done(job.name, "ready")
        self._ready[job.name].set()

    async def _until_ready(self, supervisor: Supervisor) -> None:
        life = asyncio.create_task(supervisor.run())
        self._lives.append(life)
        ready = asyncio.create_task(supervisor.ready.wait())
        await asyncio.wait({life, ready}, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if life.done():
            life.result()

    async def _end_all(self) -> None:
        if self._chores:
            self._chores.cancel()
        for supervisor in reversed(self.supervisors.values()):
            await supervisor.stop()
        for life in self._lives:
            life.cancel()
        await asyncio.gather(*self._lives, return_exceptions=True)
        remove_socket_folder(self.settings.redis_url)

    async def _do_chores(self) -> None:
        while True:
            await asyncio.sleep(5)
            self._screen.still()
            for path in (self.settings.data_dir / "log").glob("*.log"):
                rotate(path)

    async def _wait_for_port(self) -> None:
        deadline = time.monotonic() + PORT_PATIENCE_S
        while True:
            try:
                check_port(self.settings)
            except ConflictError:
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(0.2)
            else:
                return

    def _forget_leftovers(self, lock: RunLock) -> None:
        """Remove what a launcher that was killed could not."""
        left = lock.left_behind()
        if left:
            remove_socket_folder(left.settings.get("redis_url", ""))

    def _write_state(self, *, ready: bool) -> None:
        addresses = {name: str(getattr(self.settings, name)) for name in ADDRESSES}
        addresses["database_url"] = self.settings.resolved_database_url
        self._lock.write(
            Running(
                pid=os.getpid(),
                url=customer_url(self.settings),
                started_at=datetime.now(UTC).isoformat(timespec="seconds"),
                settings=addresses,
                ready=ready,
            )
        )


async def up(given: Settings) -> int:
    """Start the front line and keep it running until Ctrl-C or SIGTERM.

    Returns:
        The exit code: 1 when something else runs in its place, which is then said.

    Raises:
        FrontlineError: it cannot be started; the message says why.
    """
    screen = Screen(log_path=given.data_dir / "log" / "launcher.log")
    found = running(given.data_dir)
    if found:
        return _say_running(screen, found, given)
    begun = time.monotonic()
    settings = with_addresses(given)
    launcher = Launcher(settings, jobs(given, settings), screen=screen)
    asked = asyncio.Event()

    async def serve() -> None:
        async with launcher:
            screen.say(f"\nReady after {time.monotonic() - begun:.0f} s.\n{_welcome(settings)}")
            if settings.demo:
                screen.show(f"  Log in with  {settings.demo_password()}")
            await asked.wait()
            screen.say("Ending …")
        screen.say("Ended.")

    serving = asyncio.create_task(serve())

    def on_signal() -> None:
        if asked.is_set():
            launcher.kill()
        elif not launcher.started:
            serving.cancel()
        asked.set()

    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(name, on_signal)
    try:
        await serving
    except asyncio.CancelledError:
        screen.say("Ended before everything was ready.")
    return 0


def _say_running(screen: Screen, found: Running, given: Settings) -> int:
    state = "already running" if found.ready else "starting"
    screen.say(
        f"Frontline is {state}: {found.url} (process {found.pid}, since {found.started_at})."
    )
    screen.say("End it with Ctrl-C in its terminal, or with: kill " + str(found.pid))
    return 0 if customer_url(given) == found.url else 1


def _welcome(settings: Settings) -> str:
    url = customer_url(settings)
    lines = [f"  Web chat     {url}"]
    if settings.demo:
        lines = [
            f"  Demo shop    {url}",
            "  Try          “Gdzie jest moja paczka?” or “Where is my parcel?”",
            "               order ZA-2026-104731, postcode 00-950",
        ]
    desk = settings.desk_url or desk_url(settings)
    lines += [
        "  In terminal  uv run frontline chat --lang pl",
        *(
            ['               uv run frontline call --say "Gdzie jest moja paczka?"']
            if settings.voice
            else []
        ),
        f"  Logs         {settings.data_dir / 'log'}",
        "  End          Ctrl-C",
        f"  Desk         {desk}",
    ]
    if settings.demo:
        lines.append(f"               {DEMO_LOGINS}")
    else:
        lines.append("               the first log-in: uv run frontline agents")
    return "\n".join(lines)
