"""The trained bot: named after what it was trained from, so it is trained once per content."""

import asyncio
import fcntl
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from frontline.settings import PROJECT, Settings, environment
from frontline.supervisor import run_program

BOT = PROJECT / "bot"
BOT_PYTHON = BOT / ".venv" / "bin" / "python"
MODELS = PROJECT / "var" / "models"
SOURCES = (
    PROJECT / "nlu_data",
    BOT / "domain",
    BOT / "config.yml",
    BOT / "components",
    BOT / "train.py",
    BOT / "uv.lock",
)
KEPT = 3
"""How many models stay on disk, the newest ones."""


def content_hash(sources: tuple[Path, ...] = SOURCES) -> str:
    """16 hexadecimal digits over names and contents of everything the bot is trained from."""
    digest = hashlib.sha256()
    for source in sources:
        for path in _files(source):
            name = path.relative_to(source.parent).as_posix().encode()
            content = path.read_bytes()
            digest.update(b"%d %s %d\n" % (len(name), name, len(content)))
            digest.update(content)
    return digest.hexdigest()[:16]


def model_path() -> Path:
    """Where the model of the present content is, or will be once trained."""
    return MODELS / f"{content_hash()}.tar.gz"


async def train(settings: Settings, *, force: bool = False) -> tuple[Path, bool]:
    """Train the bot unless the present content is trained already.

    Waits while another process trains; the finished file takes its place at the end, whole.

    Returns:
        The model, and whether it was trained just now.

    Raises:
        UnavailableError: training failed.
    """
    model = model_path()
    model.parent.mkdir(parents=True, exist_ok=True)
    with (model.parent / "training.lock").open("w") as lock:
        await _take(lock)
        if model.exists() and not force:
            os.utime(model)
            return model, False
        fresh = model.parent / "training" / model.name
        fresh.parent.mkdir(exist_ok=True)
        fresh.unlink(missing_ok=True)
        command = [str(BOT_PYTHON), "-m", "train", "--out", str(fresh)]
        log = settings.data_dir / "log" / "train.log"
        await run_program(command, log, cwd=BOT, env=environment(settings))
        fresh.replace(model)
        _drop_old(model.parent)
        return model, True


async def _take(lock: IO[str]) -> None:
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            await asyncio.sleep(0.5)
        else:
            return


def _files(source: Path) -> Iterator[Path]:
    if source.is_file():
        yield source
    elif source.is_dir():
        for path in sorted(source.rglob("*")):
            inner = path.relative_to(source).parts
            if path.is_file() and not any(p.startswith((".", "__pycache__")) for p in inner):
                yield path


def _drop_old(folder: Path) -> None:
    models = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    for old in models[:-KEPT]:
        old.unlink(missing_ok=True)
