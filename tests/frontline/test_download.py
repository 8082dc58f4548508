import errno
import hashlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from frontline import download as module
from frontline.download import File, download
from frontline.errors import RefusedError, UnavailableError

CONTENT = bytes(range(256)) * 1_000
SUM = hashlib.sha256(CONTENT).hexdigest()
SOON = aiohttp.ClientTimeout(sock_connect=5, sock_read=0.3)


class Shelf:
    """A web server with one file, which misbehaves on demand."""

    def __init__(self) -> None:
        self.cut_after: int | None = None
        """Bytes of each answer after which the connection is cut."""
        self.ranges = True
        self.wrong_range = False
        self.statuses: list[int] = []
        """Of the next answers."""
        self.content = CONTENT
        self.asked: list[str] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        wanted = request.headers.get("Range", "")
        self.asked.append(wanted)
        if self.statuses:
            return web.Response(status=self.statuses.pop(0))
        begin = int(wanted.removeprefix("bytes=").rstrip("-") or 0) if self.ranges else 0
        if begin >= len(self.content):
            return web.Response(status=416)
        body = self.content[begin:]
        response = web.StreamResponse(status=206 if wanted and self.ranges else 200)
        said = begin + self.wrong_range
        response.headers["Content-Range"] = f"bytes {said}-/{len(self.content)}"
        response.content_length = len(body)
        await response.prepare(request)
        cut = self.cut_after if self.cut_after is not None else len(body)
        await response.write(body[:cut])
        if cut < len(body):
            assert request.transport is not None
            request.transport.close()
        return response


class Served(NamedTuple):
    shelf: Shelf
    file: File


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    shelf = Shelf()
    app = web.Application()
    app.router.add_get("/model.zip", shelf.answer)
    async with TestServer(app) as server:
        url = str(server.make_url("/model.zip"))
        yield Served(shelf, File(url, "model.zip", len(CONTENT), SUM))


def nothing(_there: int) -> None:
    pass


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def get(file: File, folder: Path, told: Callable[[int], None] = nothing) -> Path:
    return await download(file, folder, told, wait_s=0, timeout=SOON)


async def test_a_file_comes_whole_and_progress_is_told(served: Served, tmp_path: Path) -> None:
    told: list[int] = []
    path = await get(served.file, tmp_path / "new", told.append)
    assert path.read_bytes() == CONTENT
    assert told == sorted(told)
    assert told[-1] == len(CONTENT)
    assert names(path.parent) == ["model.zip"]


async def test_a_cut_connection_goes_on_from_there(served: Served, tmp_path: Path) -> None:
    served.shelf.cut_after = 100_000
    path = await get(served.file, tmp_path)
    assert path.read_bytes() == CONTENT
    assert served.shelf.asked[0] == ""
    assert all(asked.startswith("bytes=") for asked in served.shelf.asked[1:])
    assert len(served.shelf.asked) >= 3


async def test_a_part_from_before_is_continued(served: Served, tmp_path: Path) -> None:
    (tmp_path / "model.zip.part").write_bytes(CONTENT[:1_000])
    assert (await get(served.file, tmp_path)).read_bytes() == CONTENT
    assert served.shelf.asked == ["bytes=1000-"]


async def test_a_complete_part_needs_only_its_checksum(served: Served, tmp_path: Path) -> None:
    (tmp_path / "model.zip.part").write_bytes(CONTENT)
    assert (await get(served.file, tmp_path)).read_bytes() == CONTENT


async def test_a_server_without_ranges_sends_it_anew(served: Served, tmp_path: Path) -> None:
    served.shelf.ranges = False
    (tmp_path / "model.zip.part").write_bytes(b"other bytes")
    assert (await get(served.file, tmp_path)).read_bytes() == CONTENT


async def test_another_part_than_asked_for_is_not_taken(served: Served, tmp_path: Path) -> None:
    (tmp_path / "model.zip.part").write_bytes(CONTENT[:1_000])
    served.shelf.wrong_range = True
    assert (await get(served.file, tmp_path)).read_bytes() == CONTENT
    assert served.shelf.asked == ["bytes=1000-", ""]


async def test_a_file_without_a_checksum_always_begins_anew(served: Served, tmp_path: Path) -> None:
    (tmp_path / "model.zip.part").write_bytes(b"old")
    assert (await get(served.file._replace(sha256=""), tmp_path)).read_bytes() == CONTENT


async def test_a_wrong_checksum_is_refused_and_nothing_is_kept(
    served: Served, tmp_path: Path
) -> None:
    served.shelf.content = CONTENT[:-1] + b"!"
    with pytest.raises(RefusedError, match=f"not {SUM}"):
        await get(served.file, tmp_path)
    assert names(tmp_path) == []


async def test_more_than_it_should_be_is_refused(served: Served, tmp_path: Path) -> None:
    served.shelf.content = CONTENT * 2
    with pytest.raises(RefusedError, match="more than"):
        await get(served.file, tmp_path)
    assert names(tmp_path) == []


async def test_a_busy_server_is_asked_again(served: Served, tmp_path: Path) -> None:
    served.shelf.statuses = [503, 429, 500]
    assert (await get(served.file, tmp_path)).read_bytes() == CONTENT


async def test_a_server_that_always_fails_is_given_up_and_the_part_kept(
    served: Served, tmp_path: Path
) -> None:
    (tmp_path / "model.zip.part").write_bytes(CONTENT[:1_000])
    served.shelf.statuses = [503] * 9
    with pytest.raises(UnavailableError, match="goes on from 1,000 bytes"):
        await get(served.file, tmp_path)
    assert (tmp_path / "model.zip.part").stat().st_size == 1_000


async def test_a_missing_file_is_not_asked_for_again(served: Served, tmp_path: Path) -> None:
    served.shelf.statuses = [404]
    with pytest.raises(UnavailableError, match="answers 404"):
        await get(served.file, tmp_path)
    assert len(served.shelf.asked) == 1


async def test_a_dead_server_is_said(tmp_path: Path) -> None:
    file = File("http://127.0.0.1:9/model.zip", "model.zip", 5, SUM)
    with pytest.raises(UnavailableError, match="the same command goes on"):
        await get(file, tmp_path)


async def test_too_small_a_disk_is_said_before_anything_is_fetched(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: Usage(50_000_000))
    with pytest.raises(UnavailableError, match="lacks 50 MB"):
        await get(served.file, tmp_path)
    assert served.shelf.asked == []


async def test_a_disk_that_fills_up_keeps_the_part(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.open

    def full(self: Path, mode: str = "r", *args: Any, **keywords: Any) -> Any:
        opened = real(self, mode, *args, **keywords)
        if "b" in mode and mode[0] in "aw":
            opened.close()
            raise OSError(errno.ENOSPC, "No space left on device")
        return opened

    (tmp_path / "model.zip.part").write_bytes(CONTENT[:1_000])
    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(UnavailableError, match="is full"):
        await get(served.file, tmp_path)
    assert (tmp_path / "model.zip.part").stat().st_size == 1_000
