"""The trained bot: named after what it was trained from, so it is trained once per content."""

import asyncio
import contextlib
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

from frontline.errors import SettingsError
from frontline.live_record import read_record
from frontline.settings import PROJECT, Settings, environment
from frontline.supervisor import run_program

BOT = PROJECT / "bot"
BOT_PYTHON = BOT / ".venv" / "bin" / "python"
MODELS = PROJECT / "var" / "models"
"""What was trained from the project's own content, for every data folder."""
KEPT = 3
"""How many models stay on disk, the newest ones; those that are or were just live stay anyway."""
NOT_TRAINED_FROM = frozenset({"intents.yml", "legal.yml", "forbidden.yml"})
"""Files among the content that only `frontline validate` reads."""
NEVER_CONTENT = shutil.ignore_patterns(".*", "__pycache__")

Trainer = Callable[[Path, Path], Awaitable[None]]
"""Trains from a folder with content into a file."""


def content_sources(folder: Path = PROJECT) -> tuple[Path, ...]:
    """What editors change, in a folder laid out like the project."""
    return (folder / "nlu_data", folder / "bot" / "domain", folder / "bot" / "config.yml")


def code_sources() -> tuple[Path, ...]:
    """What else the bot is made from."""
    return (BOT / "components", BOT / "train.py", BOT / "uv.lock")


def content_hash(sources: tuple[Path, ...] | None = None) -> str:
    """16 hexadecimal digits over names and contents of everything the bot is trained from."""
    digest = hashlib.sha256()
    for source in sources or (*content_sources(), *code_sources()):
        for path in content_files(source):
            if path.name in NOT_TRAINED_FROM or path.suffix == ".md":
                continue
            name = path.relative_to(source.parent).as_posix().encode()
            content = path.read_bytes()
            digest.update(b"%d %s %d\n" % (len(name), name, len(content)))
            digest.update(content)
    return digest.hexdigest()[:16]


def content_files(source: Path) -> Iterator[Path]:
    """The files of a source, without hidden ones such as an editor's."""
    if source.is_file():
        yield source
    elif source.is_dir():
        for path in sorted(source.rglob("*")):
            inner = path.relative_to(source).parts
            if path.is_file() and not any(p.startswith((".", "__pycache__")) for p in inner):
                yield path


def model_path(settings: Settings | None = None) -> Path:
    """Where the model of the present content is, or will be once trained."""
    folder = settings.content_dir if settings else PROJECT
    return _model_of(folder, _store(settings))


@contextlib.contextmanager
def snapshot(settings: Settings) -> Iterator[Path]:
    """A copy of the content as it is now, laid out like the project, while an editor goes on.

    The rest of the project is linked there, for `frontline validate` looks at some of it.

    Raises:
        SettingsError: there is no content.
    """
    nlu, domain, config = content_sources(settings.content_dir)
    if not (nlu.is_dir() and domain.is_dir() and config.is_file()):
        raise SettingsError(f"{settings.content_dir} has no {nlu.name}, bot/domain or config.yml")
    with tempfile.TemporaryDirectory(prefix="frontline-content-") as name:
        folder = Path(name)
        (folder / "bot").mkdir()
        shutil.copytree(nlu, folder / "nlu_data", ignore=NEVER_CONTENT)
        shutil.copytree(domain, folder / "bot" / "domain", ignore=NEVER_CONTENT)
        shutil.copyfile(config, folder / "bot" / "config.yml")
        _link_rest(settings.content_dir, folder)
        _link_rest(PROJECT, folder)
        yield folder


def _link_rest(source: Path, folder: Path) -> None:
    for inner in (Path(), Path("bot")):
        for path in (source / inner).iterdir() if (source / inner).is_dir() else ():
            link = folder / inner / path.name
            if not path.name.startswith(".") and path.name != "var" and not link.exists():
                link.symlink_to(path)


async def train(
    settings: Settings,
    *,
    force: bool = False,
    trainer: Trainer | None = None,
    content: Path | None = None,
) -> tuple[Path, bool]:
    """Train the bot unless the present content is trained already.

    Waits while another process trains; the finished file takes its place at the end, whole.

    Args:
        settings: whose content it is about.
        force: train also what is trained already.
        trainer: who trains; a process of its own unless given.
        content: a snapshot to train from, if one was made already.

    Returns:
        The model, and whether it was trained just now.

    Raises:
        UnavailableError: training failed.
    """
    folder = _store(settings)
    async with locked(folder / "training.lock"):
        model = _model_of(content or settings.content_dir, folder)
        if model.exists() and not force:
            os.utime(model)
            return model, False
        with contextlib.nullcontext(content) if content else snapshot(settings) as source:
            model = _model_of(source, folder)
            fresh = folder / "training" / model.name
            fresh.parent.mkdir(exist_ok=True)
            fresh.unlink(missing_ok=True)
            await (trainer or _cold_trainer(settings))(source, fresh)
        fresh.replace(model)
        drop_old(folder)
        return model, True


def _cold_trainer(settings: Settings) -> Trainer:
    """Training in a process of its own, that is started and ends."""

    async def run(content: Path, out: Path) -> None:
        nlu, domain, config = content_sources(content)
        sources = ("--data", str(nlu), "--domain", str(domain), "--config", str(config))
        command = [str(BOT_PYTHON), "-m", "train", "--out", str(out), *sources]
        log = settings.data_dir / "log" / "train.log"
        await run_program(command, log, cwd=BOT, env=environment(settings))

    return run


@contextlib.asynccontextmanager
async def locked(path: Path) -> AsyncIterator[None]:
    """Hold a lock file for the length of the block; waits while another process does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await asyncio.sleep(0.1)
        yield


def drop_old(folder: Path) -> None:
    """Remove old models, never one that is live or was before it."""
    record = read_record(folder)
    models = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    for old in models[:-KEPT]:
        if old.name not in (record.live, record.previous):
            old.unlink(missing_ok=True)


def _store(settings: Settings | None) -> Path:
    """Models of foreign content stay in the data folder that they were trained for."""
    own = settings is None or settings.content_dir == PROJECT
    return MODELS if settings is None or own else settings.data_dir / "models"


def _model_of(content: Path, folder: Path) -> Path:
    return folder / f"{content_hash((*content_sources(content), *code_sources()))}.tar.gz"
