"""A real Asterisk of the test's own, with the project's dialplan, on loopback."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from frontline.errors import UnavailableError
from tools.telephony.chroot import chroot_folder, is_made, refuse_without_root
from tools.telephony.pbx_config import RTP_PORTS, Door, Ports, write_config

START_LIMIT_S = 60.0
READY = "Asterisk Ready"


class Pbx:
    """A running Asterisk."""

    def __init__(
        self, process: "subprocess.Popen[bytes]", chroot: Path, place: str, door: Door
    ) -> None:
        self._process = process
        self.chroot = chroot
        self.place = place
        """Its folder as programs in the chroot see it."""
        self.door = door
        self.ports = door.ports

    @property
    def folder(self) -> Path:
        """Its folder as everybody else sees it."""
        return self.chroot / self.place.lstrip("/")

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def ask(self, command: str) -> str:
        """What its console answers to a command."""
        settings = f"{self.place}/etc/asterisk.conf"
        done = subprocess.run(
            ["chroot", str(self.chroot), "asterisk", "-C", settings, "-rx", command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        return done.stdout

    def log(self) -> str:
        """All it has logged."""
        path = self.folder / "log" / "full"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def wait_for(self, text: str, *, limit_s: float = 20.0, after: int = 0) -> None:
        """Wait until `text` is in the log, behind its first `after` characters.

        Raises:
            UnavailableError: it does not come; with the log's end.
        """
        deadline = time.monotonic() + limit_s
        while text not in self.log()[after:]:
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise UnavailableError(f"{text!r} is not in the log:\n{self.log()[-3000:]}")
            time.sleep(0.1)


@contextlib.contextmanager
def running_pbx(door: Door) -> Iterator[Pbx]:
    """Start an Asterisk and wait until it is ready; end it and remove its folder afterwards.

    Raises:
        UnavailableError: not root, the chroot is not made, or it does not start.
    """
    refuse_without_root()
    chroot = chroot_folder()
    if not is_made(chroot):
        raise UnavailableError("there is no Asterisk to test with: `make test-telephony` brings it")
    place = f"/srv/frontline-{secrets.token_hex(4)}"
    folder = chroot / place.lstrip("/")
    for name in ("etc", "run", "log", "spool", "db"):
        (folder / name).mkdir(parents=True)
    write_config(folder / "etc", place, door)
    subprocess.run(
        ["chroot", chroot, "chown", "-R", "asterisk:asterisk", place], check=True, timeout=30
    )
    output = folder / "output"
    command = ["chroot", str(chroot), "/usr/sbin/asterisk", "-f", "-U", "asterisk"]
    command += ["-G", "asterisk", "-C", f"{place}/etc/asterisk.conf", "-vvvv"]
    with output.open("wb") as file:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT
        )
    pbx = Pbx(process, chroot, place, door)
    try:
        _wait(process, output)
        yield pbx
    finally:
        end(process)
        shutil.rmtree(folder, ignore_errors=True)


def end(process: "subprocess.Popen[bytes]", *, patience_s: float = 5.0) -> None:
    """End a program that we started."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(patience_s)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


def _wait(process: "subprocess.Popen[bytes]", output: Path) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while READY not in (said := output.read_text(encoding="utf-8", errors="replace")):
        if process.poll() is not None or time.monotonic() > deadline:
            raise UnavailableError(f"Asterisk does not start:\n{said[-3000:]}")
        time.sleep(0.1)


def free_ports(gateway_http: int | None = None, audiosocket: int | None = None) -> Ports:
    """Ports that are free now; the gateway's, where none are given, are nobody's."""
    return Ports(
        sip=_free(socket.SOCK_DGRAM),
        rtp=_free_range(),
        http=gateway_http or _free(socket.SOCK_STREAM),
        audiosocket=audiosocket or _free(socket.SOCK_STREAM),
    )


def _free(kind: int) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _free_range() -> int:
    """The first of `RTP_PORTS` even-aligned ports of which a sample is free."""
    start = 20_000 + os.getpid() % 20 * RTP_PORTS
    for first in range(start, start + 10_000, RTP_PORTS):
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            for port in range(first, first + RTP_PORTS, 10):
                probe = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                probe.bind(("127.0.0.1", port))
            return first
    raise UnavailableError("no free UDP ports from 20000 on")
