"""The whole front line, started the way an operator starts it, in a folder of the test's own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from frontline.runstate import Running, running
from frontline.settings import PREFIX, PROJECT, Settings

START_LIMIT_S = 240
MARKS = {
    "redis": "redis-server",
    "rasa": "-m serve ",
    "actions": "-m actions ",
    "web": "-m web_chat",
    "desk": "-m handoff",
    "voice": "-m voice_gateway",
}
"""A part of each service's command line."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Stack:
    """A running front line."""

    def __init__(
        self, process: "subprocess.Popen[bytes]", data_dir: Path, port: int, desk_port: int
    ) -> None:
        self._process = process
        self.data_dir = data_dir
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.desk_port = desk_port
        self.desk_url = f"http://127.0.0.1:{desk_port}"

    @property
    def state(self) -> Running:
        found = running(self.data_dir)
        if found is None:
            raise RuntimeError("the stack is not running")
        return found

    def environment(self) -> dict[str, str]:
        """For a `frontline` command that is to talk to this stack."""
        others = {k: v for k, v in os.environ.items() if not k.startswith(PREFIX)}
        return {
            **others,
            "FRONTLINE_DATA_DIR": str(self.data_dir),
            "FRONTLINE_PORT": str(self.port),
            "FRONTLINE_DESK_PORT": str(self.desk_port),
        }

    @property
    def demo_password(self) -> str:
        """With which the demo agents log in."""
        return Settings(data_dir=self.data_dir).demo_password()

    def service(self, name: str) -> psutil.Process:
        """The process of a service."""
        for child in psutil.Process(self._process.pid).children():
            with contextlib.suppress(psutil.Error):
                if MARKS[name] in " ".join(child.cmdline()):
                    return child
        raise RuntimeError(f"no process of {name}")

    def kill(self, name: str) -> None:
        """`kill -9` one service; the launcher brings it back."""
        self.service(name).send_signal(signal.SIGKILL)

    def stop(self) -> int:
        """Ctrl-C; returns the exit code."""
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(40)

    def log(self, name: str) -> str:
        path = self.data_dir / "log" / f"{name}.log"
        return path.read_text(errors="replace")[-4000:] if path.exists() else ""


@contextlib.contextmanager
def running_stack(data_dir: Path, **settings: str) -> Iterator[Stack]:
    """Start a front line and wait until it is ready; end it afterwards."""
    port, desk_port = free_port(), free_port()
    output = data_dir / "up.log"
    data_dir.mkdir(parents=True, exist_ok=True)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(PREFIX)}
    # Tests run at any hour, and agents of tests work at any hour.
    environment |= {"FRONTLINE_DATA_DIR": str(data_dir), "FRONTLINE_ALWAYS_OPEN": "true"}
    environment |= {"FRONTLINE_DESK_PORT": str(desk_port), "FRONTLINE_VOICE": "false"}
    environment |= {f"{PREFIX}{name.upper()}": value for name, value in settings.items()}
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "frontline", "up", "--port", str(port)],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    stack = Stack(process, data_dir, port, desk_port)
    try:
        deadline = time.monotonic() + START_LIMIT_S
        while not ((state := running(data_dir)) and state.ready):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the stack did not start:\n{output.read_text()[-3000:]}")
            time.sleep(0.2)
        yield stack
    finally:
        if process.poll() is None:
            try:
                stack.stop()
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
