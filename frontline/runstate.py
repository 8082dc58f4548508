"""What is running: a lock held as long as `frontline up` lives, and a file with the addresses."""

import fcntl
from pathlib import Path
from typing import IO, Self

import msgspec

from frontline.errors import ConflictError
from frontline.settings import Settings


class Running(msgspec.Struct, frozen=True):
    """A front line that somebody started."""

    pid: int
    """The launcher's process."""
    url: str
    """Where customers find it."""
    started_at: str
    """ISO 8601, UTC."""
    settings: dict[str, str]
    """The settings that differ from the defaults in this run: addresses, mostly."""
    ready: bool = False


class RunLock:
    """The right to run a front line in a data folder; the kernel frees it when its holder ends."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "run"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        """Take the right.

        Raises:
            ConflictError: another launcher holds it.
        """
        file = (self._folder / "frontline.lock").open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise ConflictError("a front line is already running in this data folder") from None
        self._file = file
        return self

    def __exit__(self, *_: object) -> None:
        """Give it back and forget what was running."""
        _state_file(self._folder).unlink(missing_ok=True)
        if self._file:
            self._file.close()

    def write(self, running: Running) -> None:
        """Say what is running; readable by this user only, for an address may hold a password."""
        path = _state_file(self._folder)
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        fresh.write_bytes(msgspec.json.encode(running))
        fresh.replace(path)

    def left_behind(self) -> Running | None:
        """What a launcher that was killed had written here."""
        return _read(self._folder)


def running(data_dir: Path) -> Running | None:
    """What runs in this data folder now, if anything does and has said so."""
    folder = data_dir / "run"
    try:
        with (folder / "frontline.lock").open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return None
    except FileNotFoundError:
        return None
    except BlockingIOError:
        return _read(folder)


def settings_of_run(settings: Settings) -> Settings:
    """`settings` with the addresses of what runs in its data folder, or as they are."""
    found = running(settings.data_dir)
    return settings.model_validate(settings.model_dump() | found.settings) if found else settings


def _state_file(folder: Path) -> Path:
    return folder / "frontline.json"


def _read(folder: Path) -> Running | None:
    try:
        return msgspec.json.decode(_state_file(folder).read_bytes(), type=Running)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None
