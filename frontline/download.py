"""Large files from the web: resumed where they were cut, checked before they are used."""

import asyncio
import errno
import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import aiohttp

from frontline.errors import RefusedError, UnavailableError

TRIES = 5
"""In a row without a single new byte."""
TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=15, sock_read=30)
CHUNK = 1 << 16
SPARE_BYTES = 100_000_000
"""What stays free on the disk."""
_OK, _PARTIAL, _BEYOND = 200, 206, 416

Progress = Callable[[int], None]
"""Told how many bytes are there."""


class File(NamedTuple):
    """A file to be fetched."""

    url: str
    name: str
    size: int
    """Bytes, as far as known; a quarter more is refused."""
    sha256: str = ""
    """Empty = not known."""


async def download(
    file: File,
    folder: Path,
    told: Progress,
    *,
    wait_s: float = 1.0,
    timeout: aiohttp.ClientTimeout = TIMEOUT,
) -> Path:
    """Fetch a file into `folder`; a part that is there from before is continued.

    Args:
        file: what and from where; without a checksum it always begins anew.
        folder: is made when missing.
        told: called as it goes on.
        wait_s: after the first failure; twice as long after each further one.
        timeout: for connecting and for each read.

    Raises:
        UnavailableError: the server does not answer or cuts again and again, or the disk is full;
            the same call later goes on from there.
        RefusedError: the file is not the one it should be; it is not kept.
    """
    part = _begin(file, folder)
    tries = 0
    async with aiohttp.ClientSession(timeout=timeout) as session:
        while True:
            before = _size(part)
            try:
                await _fetch(session, file, part, told)
                break
            except (aiohttp.ClientError, TimeoutError) as error:
                tries = 1 if _size(part) > before else tries + 1
                if tries >= TRIES:
                    why = str(error) or type(error).__name__
                    raise UnavailableError(
                        f"{file.url}: {why}; the same command goes on from {_size(part):,} bytes"
                    ) from None
                await asyncio.sleep(wait_s * 2 ** (tries - 1))
    await asyncio.to_thread(_check_sum, file, part)
    whole = folder / file.name
    part.replace(whole)
    return whole


def sha256_of(path: Path) -> str:
    """The checksum of a file, in hexadecimal."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _begin(file: File, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{file.name}.part"
    if not file.sha256:
        _delete(part)
    _check_disk(folder, file.size - _size(part))
    return part


def _delete(path: Path) -> None:
    path.unlink(missing_ok=True)


async def _fetch(session: aiohttp.ClientSession, file: File, part: Path, told: Progress) -> None:
    """One attempt; leaves what came in `part`."""
    begun = _size(part)
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={begun}-"} if begun else {})
    async with session.get(file.url, headers=headers) as response:
        if response.status == _BEYOND:  # all of it is there, or too much: the checksum will tell
            return
        if response.status not in (_OK, _PARTIAL):
            if response.status >= 500 or response.status == 429:
                raise aiohttp.ClientError(f"answers {response.status}")
            raise UnavailableError(f"{file.url} answers {response.status}")
        goes_on = response.status == _PARTIAL and _starts_at(response, begun)
        if response.status == _PARTIAL and not goes_on:
            _delete(part)
            raise aiohttp.ClientError("sends another part than was asked for")
        await _write(response, file, part, told, begun if goes_on else 0)


def _starts_at(response: aiohttp.ClientResponse, begun: int) -> bool:
    return response.headers.get("Content-Range", "").startswith(f"bytes {begun}-")


async def _write(
    response: aiohttp.ClientResponse, file: File, part: Path, told: Progress, begun: int
) -> None:
    most = file.size + file.size // 4
    there = begun
    try:
        with part.open("ab" if begun else "wb") as out:
            async for chunk in response.content.iter_chunked(CHUNK):
                there += len(chunk)
                if there > most:
                    break
                out.write(chunk)
                told(there)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise UnavailableError(f"the disk of {part.parent} is full; make room and go on") from None
    if there > most:
        _delete(part)
        raise RefusedError(f"{file.url} sends more than {most:,} bytes")


def _check_disk(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE_BYTES:
        short = (needed + SPARE_BYTES - free) / 1e6
        raise UnavailableError(f"the disk of {folder} lacks {short:,.0f} MB; make room and go on")


def _check_sum(file: File, part: Path) -> None:
    found = sha256_of(part)
    if file.sha256 and found != file.sha256:
        part.unlink()
        raise RefusedError(
            f"{file.url} is not what it should be: its SHA-256 is {found}, not {file.sha256}"
        )


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
