"""Sound that was made before: in memory whatever is said often, on disk only what is fixed.

What was said to one customer is never written to disk.
"""

import contextlib
import hashlib
import os
import tempfile
import threading
from collections import OrderedDict
from pathlib import Path

import structlog

log = structlog.get_logger()

MEMORY_BYTES = 48 * 2**20
"""About 25 minutes of speech."""
DISK_BYTES = 256 * 2**20
_DIGEST = hashlib.sha256().digest_size
_SUFFIX = ".pcm"


class MemoryCache:
    """Sounds by key, those that were used last; for one thread."""

    def __init__(self, most_bytes: int = MEMORY_BYTES) -> None:
        self._most = most_bytes
        self._held: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0

    @property
    def size(self) -> int:
        """Bytes of sound that are held."""
        return self._size

    def get(self, key: str) -> bytes | None:
        """The sound, or None."""
        if key in self._held:
            self._held.move_to_end(key)
        return self._held.get(key)

    def put(self, key: str, pcm: bytes) -> None:
        """Keep it, and forget what was not used for longest."""
        self._size -= len(self._held.pop(key, b""))
        if len(pcm) > self._most:
            return
        self._held[key] = pcm
        self._size += len(pcm)
        while self._size > self._most:
            _, old = self._held.popitem(last=False)
            self._size -= len(old)


class DiskCache:
    """Sounds by key in a folder that several processes may share.

    A file is the SHA-256 of its sound and then the sound; one that is damaged counts as missing.
    A folder that cannot be written is done without.
    """

    def __init__(self, folder: Path, most_bytes: int = DISK_BYTES) -> None:
        self._folder = folder
        self._most = most_bytes
        self._lock = threading.Lock()
        self._size: int | None = None
        self._failing = False

    def get(self, key: str) -> bytes | None:
        """The sound, or None."""
        path = self._path(key)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        pcm = data[_DIGEST:]
        if len(data) < _DIGEST or hashlib.sha256(pcm).digest() != data[:_DIGEST]:
            log.warning("tts.cache_file_broken", file=path.name)
            _remove(path)
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # the oldest go first
        return pcm

    def put(self, key: str, pcm: bytes) -> None:
        """Keep it, and remove the files that were not used for longest."""
        data = hashlib.sha256(pcm).digest() + pcm
        try:
            self._write(self._path(key), data)
        except OSError as error:
            if not self._failing:
                log.warning("tts.cache_not_written", error=error.strerror)
            self._failing = True
            return
        self._failing = False
        with self._lock:
            self._size = self._size + len(data) if self._size is not None else self._measure()
            if self._size > self._most:
                self._size = self._shrink()

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}{_SUFFIX}"

    def _write(self, path: Path, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        fd, name = tempfile.mkstemp(dir=self._folder)
        try:
            with os.fdopen(fd, "wb") as file:
                file.write(data)
            os.replace(name, path)
        except OSError:
            _remove(Path(name))
            raise

    def _files(self) -> list[tuple[float, int, Path]]:
        """Age, size and path of all, half-written ones among them, the oldest first."""
        found: list[tuple[float, int, Path]] = []
        with contextlib.suppress(OSError):
            for path in self._folder.iterdir():
                with contextlib.suppress(OSError):  # another process has removed it
                    stat = path.stat()
                    found.append((stat.st_mtime, stat.st_size, path))
        return sorted(found)

    def _measure(self) -> int:
        return sum(size for _, size, _ in self._files())

    def _shrink(self) -> int:
        files = self._files()
        total = sum(size for _, size, _ in files)
        for _, size, path in files:
            if total <= self._most * 9 // 10:
                break
            _remove(path)
            total -= size
        return total


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
