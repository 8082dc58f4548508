"""A Debian with Asterisk and SIP phones in a folder, beside the system: nothing of it is installed.

Asterisk 22 is in Debian's unstable suite only, so the tests bring it by debootstrap, once.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from frontline.errors import UnavailableError
from frontline.settings import load_settings

SUITE = "sid"
PBX = ("asterisk", "asterisk-core-sounds-en-wav", "ca-certificates", "curl")
PHONES = ("baresip-core", "sip-tester", "tcpdump")
HOST = ("debootstrap", "debian-archive-keyring")
MADE = "made-of"
"""In the chroot: what it was made of. Without it the chroot is made again."""
SAY_EVERY_S = 5.0
LIMIT_S = 1200.0


def chroot_folder() -> Path:
    """Where it is, or will be."""
    return load_settings().data_dir.resolve() / "telephony" / "chroot"


def is_made(folder: Path) -> bool:
    """Is it there, and of what we ask for now?"""
    try:
        return (folder / MADE).read_text(encoding="utf-8") == _contents()
    except OSError:
        return False


def refuse_without_root() -> None:
    """Raises `UnavailableError` for everybody else: debootstrap and chroot are root's."""
    if os.geteuid() != 0:
        raise UnavailableError(
            "the tests with a real Asterisk need root, for debootstrap and chroot: run them as"
            " root, best in a container"
        )


def make_chroot(folder: Path) -> None:
    """Make it, unless it is there; takes a minute or two and 520 MB.

    Raises:
        UnavailableError: not root, a program is missing, or the packages cannot be had.
    """
    refuse_without_root()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _alone(folder.with_suffix(".lock")):
        if is_made(folder):
            return
        _bring_debootstrap()
        fresh = folder.with_suffix(".new")
        for old in (fresh, folder):
            shutil.rmtree(old, ignore_errors=True)
        included = f"--include={','.join(PBX)}"
        command = ["debootstrap", "--variant=minbase", included, SUITE, str(fresh), *_mirror()]
        run("Debian with Asterisk", command)
        # Apart, because debootstrap does not choose between alternative packages.
        install = ["apt-get", "install", "-y", "--no-install-recommends", *PHONES]
        run("SIP phones", ["chroot", str(fresh), *install])
        run("room", ["chroot", str(fresh), "apt-get", "clean"])
        (fresh / MADE).write_text(_contents(), encoding="utf-8")
        fresh.rename(folder)


def run(what: str, command: Sequence[str]) -> None:
    """Run a program; every few seconds its last line is shown.

    Raises:
        UnavailableError: it fails, or takes too long; with the last of what it said.
    """
    started = said = time.monotonic()
    lines: list[str] = []
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            lines = [*lines[-20:], line.rstrip()]
            if time.monotonic() > started + LIMIT_S:
                process.kill()
            if time.monotonic() > said + SAY_EVERY_S:
                said = time.monotonic()
                print(f"  {what}: {said - started:.0f} s, {line.strip()[:70]}", file=sys.stderr)
    if process.returncode:
        told = "\n".join(lines)
        raise UnavailableError(f"{' '.join(command[:2])} failed:\n{told}")
    print(f"  {what}: done in {time.monotonic() - started:.0f} s", file=sys.stderr)


def _contents() -> str:
    return f"{SUITE} {' '.join((*PBX, *PHONES))}\n"


def _bring_debootstrap() -> None:
    if shutil.which("debootstrap"):
        return
    if not shutil.which("apt-get"):
        raise UnavailableError("debootstrap is missing: install it with your package manager")
    install = ["apt-get", "install", "-y", "--no-install-recommends", *HOST]
    try:
        run("debootstrap", install)
    except UnavailableError:
        run("package lists", ["apt-get", "update"])
        run("debootstrap", install)


def _mirror() -> list[str]:
    """The Debian mirror that this system uses; none = debootstrap's own."""
    for path in (Path("/etc/apt/sources.list.d/debian.sources"), Path("/etc/apt/sources.list")):
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
            words = line.split()
            mirrors = [word for word in words if word.endswith(("/debian", "/debian/"))]
            if mirrors and words[0] in ("URIs:", "deb"):
                return mirrors[:1]
    return []


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One process at a time."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
