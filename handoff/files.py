"""Files of a conversation: photos and papers from customers, receipts for them."""

import asyncio
import contextlib
import hashlib
import re
import shlex
from datetime import datetime

import msgspec
import structlog
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.clock import Clock
from frontline.database import Database
from frontline.errors import NotFoundError, RefusedError, UnavailableError
from frontline.ids import new_id
from frontline.turns import Author, FileRef
from handoff import store
from handoff.desk_tables import files
from handoff.pictures import PDF, recognise, without_metadata

log = structlog.get_logger()

REF = (files.c.id, files.c.name, files.c.kind, files.c.size)
"""The columns of a `FileRef`."""
MOST_BYTES = 5 * 1024 * 1024
MOST_FILES = 10
"""From the customer, in one conversation."""
LONGEST_NAME = 100
SCAN_TIMEOUT_S = 30
ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    PDF: ".pdf",
}
UNSAFE = re.compile(r"[^\w .,()+-]+")
"""What has a meaning to a file system, a browser or a terminal somewhere, or cannot be seen."""


class TooBigError(RefusedError):
    """More bytes than a file may have."""

    code = "file_too_big"


class KindRefusedError(RefusedError):
    """Neither a photo nor a PDF, whatever its name says."""

    code = "file_kind"


class TooManyFilesError(RefusedError):
    """The conversation has as many files as it may have."""

    code = "too_many_files"


class ScanRefusedError(RefusedError):
    """The operator's scanner does not let it in."""

    code = "file_refused"


class StoredFile(msgspec.Struct, frozen=True):
    """A file and its content."""

    ref: FileRef
    content: bytes


class Files:
    """Takes files from customers and gives them out."""

    def __init__(self, database: Database, clock: Clock, *, scan_command: str = "") -> None:
        """`scan_command` gets each file on standard input; an exit code other than 0 refuses it."""
        self._database = database
        self._clock = clock
        self._scan_command = shlex.split(scan_command)

    async def take(self, conversation_id: str, name: str, content: bytes) -> FileRef:
        """Store a customer's file. The same content twice in a conversation is one file.

        Raises:
            TooBigError, KindRefusedError, DamagedError, ScanRefusedError, TooManyFilesError: see
                there; nothing was stored.
            NotFoundError: there is no such conversation.
            UnavailableError: the database or the scanner does not answer; nothing was stored.
        """
        if len(content) > MOST_BYTES:
            raise TooBigError(f"a file has at most {MOST_BYTES} bytes")
        kind = recognise(content)
        if kind is None:
            raise KindRefusedError("only JPEG, PNG and WebP pictures and PDF files")
        content = await asyncio.to_thread(without_metadata, content, kind)
        await self._scan(content)
        mine = (files.c.conversation_id == conversation_id) & (files.c.author == Author.CUSTOMER)
        async with self._database.write() as connection:
            await store.locked_conversation(connection, conversation_id)
            known = await connection.execute(
                select(*REF).where(mine, files.c.sha256 == hashlib.sha256(content).hexdigest())
            )
            if row := known.first():
                return FileRef(*row)
            if (await connection.scalar(select(func.count()).where(mine)) or 0) >= MOST_FILES:
                raise TooManyFilesError(f"a conversation has at most {MOST_FILES} files")
            return await keep(
                connection, conversation_id, Author.CUSTOMER, safe_name(name, kind), kind, content,
                self._clock.now(),
            )  # fmt: skip

    async def load(self, file_id: str, conversation_id: str | None = None) -> StoredFile:
        """A file, of this conversation when one is given.

        Raises:
            NotFoundError: there is none, or it is another conversation's.
            UnavailableError: the database does not answer.
        """
        wanted = select(*REF, files.c.content).where(files.c.id == file_id)
        if conversation_id is not None:
            wanted = wanted.where(files.c.conversation_id == conversation_id)
        async with self._database.read() as connection:
            row = (await connection.execute(wanted)).one_or_none()
        if row is None:
            raise NotFoundError("no such file")
        return StoredFile(FileRef(row.id, row.name, row.kind, row.size), row.content)

    async def _scan(self, content: bytes) -> None:
        if not self._scan_command:
            return
        try:
            scanner = await asyncio.create_subprocess_exec(
                *self._scan_command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
        except OSError as error:
            log.error("files.scanner_missing", error=str(error))
            raise UnavailableError("files cannot be checked now") from None
        try:
            async with asyncio.timeout(SCAN_TIMEOUT_S):
                await scanner.communicate(content)
        except TimeoutError:
            log.warning("files.scanner_slow", after_s=SCAN_TIMEOUT_S)
            raise UnavailableError("files cannot be checked now") from None
        finally:
            if scanner.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    scanner.kill()
                await scanner.wait()
        if scanner.returncode:
            log.warning("files.refused_by_scanner", exit_code=scanner.returncode)
            raise ScanRefusedError("this file was refused")


async def keep(
    connection: AsyncConnection,
    conversation_id: str,
    author: Author,
    name: str,
    kind: str,
    content: bytes,
    at: datetime,
    *,
    case_id: str | None = None,
) -> FileRef:
    """Store a file inside a transaction."""
    file = FileRef(new_id(), name, kind, len(content))
    await connection.execute(
        insert(files).values(
            id=file.id,
            conversation_id=conversation_id,
            case_id=case_id,
            author=author,
            name=name,
            kind=kind,
            size=file.size,
            sha256=hashlib.sha256(content).hexdigest(),
            content=content,
            at=at,
        )
    )
    return file


def safe_name(name: str, kind: str) -> str:
    """A name that is safe to show and to save, with the ending of what the file really is."""
    base = re.split(r"[/\\]", name)[-1]
    stem = UNSAFE.sub("_", base.rpartition(".")[0] or base).strip(" ._")
    return (stem[:LONGEST_NAME].rstrip(" .") or "plik") + ENDINGS[kind]
