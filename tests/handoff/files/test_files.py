import asyncio
import sqlite3
import sys
from pathlib import Path

import pytest

from frontline.errors import NotFoundError, UnavailableError
from frontline.ids import new_id
from handoff import files as files_module
from handoff.app_parts import Parts
from handoff.files import (
    MOST_BYTES,
    MOST_FILES,
    Files,
    KindRefusedError,
    ScanRefusedError,
    TooBigError,
    TooManyFilesError,
    safe_name,
)
from tests.common.pictures import PLACE, picture


@pytest.fixture
def files(parts: Parts) -> Files:
    return Files(parts.database, parts.clock)


@pytest.fixture
async def conversation_id(parts: Parts) -> str:
    return (await parts.conversations.create("web", "pl", "Dzień dobry")).id


async def test_a_photo_is_stored_without_its_place_and_given_out_again(
    files: Files, conversation_id: str
) -> None:
    ref = await files.take(conversation_id, "IMG_1.HEIC", picture())
    assert (ref.name, ref.kind) == ("IMG_1.jpg", "image/jpeg")
    stored = await files.load(ref.id, conversation_id)
    assert stored.ref == ref
    assert len(stored.content) == ref.size
    assert PLACE not in stored.content


async def test_nobody_gets_a_file_of_another_conversation(
    files: Files, conversation_id: str, parts: Parts
) -> None:
    ref = await files.take(conversation_id, "a.png", picture("PNG"))
    other = await parts.conversations.create("web", "pl", "Dzień dobry")
    for file_id, whose in ((ref.id, other.id), (new_id(), conversation_id), ("' OR 1=1", None)):
        with pytest.raises(NotFoundError):
            await files.load(file_id, whose)
    assert (await files.load(ref.id)).ref == ref


async def test_the_same_photo_twice_is_one_file(files: Files, conversation_id: str) -> None:
    first = await files.take(conversation_id, "a.jpg", picture())
    assert await files.take(conversation_id, "b.jpg", picture()) == first


async def test_the_eleventh_file_is_refused_even_when_all_come_at_once(
    files: Files, conversation_id: str
) -> None:
    sent = [picture(size=(8 + n, 8)) for n in range(MOST_FILES + 3)]
    came = await asyncio.gather(
        *(files.take(conversation_id, "a.jpg", each) for each in sent), return_exceptions=True
    )
    refused = [each for each in came if isinstance(each, TooManyFilesError)]
    assert len(refused) == 3
    assert len(came) - len(refused) == MOST_FILES


async def test_what_is_too_big_or_no_photo_is_refused(files: Files, conversation_id: str) -> None:
    with pytest.raises(TooBigError):
        await files.take(conversation_id, "a.jpg", picture() + bytes(MOST_BYTES))
    for content in (b"", b"MZ program", b"<svg onload='alert(1)'/>"):
        with pytest.raises(KindRefusedError):
            await files.take(conversation_id, "photo.jpg", content)


async def test_only_a_conversation_that_exists_has_files(files: Files) -> None:
    with pytest.raises(NotFoundError):
        await files.take(new_id(), "a.jpg", picture())


async def test_a_database_that_does_not_answer_is_unavailable(
    files: Files, conversation_id: str, tmp_path: Path
) -> None:
    blocker = sqlite3.connect(tmp_path / "test.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(UnavailableError):
            await files.take(conversation_id, "a.jpg", picture())
    finally:
        blocker.execute("ROLLBACK")
        blocker.close()
    assert await files.take(conversation_id, "a.jpg", picture())


def scanning(parts: Parts, code: str) -> Files:
    return Files(parts.database, parts.clock, scan_command=f'"{sys.executable}" -c "{code}"')


async def test_the_scanner_reads_the_file_and_decides(parts: Parts, conversation_id: str) -> None:
    reads = "import sys; sys.exit(sys.stdin.buffer.read(3) != bytes([255, 216, 255]))"
    assert await scanning(parts, reads).take(conversation_id, "a.jpg", picture())
    for refuses in ("raise SystemExit(1)", "import sys; sys.stdin.close(); sys.exit(2)"):
        with pytest.raises(ScanRefusedError):
            await scanning(parts, refuses).take(conversation_id, "b.jpg", picture("PNG"))


async def test_without_its_scanner_nothing_is_let_in(
    parts: Parts, conversation_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = Files(parts.database, parts.clock, scan_command="/nowhere/scanner -")
    with pytest.raises(UnavailableError):
        await missing.take(conversation_id, "a.jpg", picture())
    monkeypatch.setattr(files_module, "SCAN_TIMEOUT_S", 0.2)
    with pytest.raises(UnavailableError):
        await scanning(parts, "import time; time.sleep(60)").take(
            conversation_id, "a.jpg", picture()
        )


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Zdjęcie żółwia (1).JPEG", "Zdjęcie żółwia (1).jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\Ala\\foto.jpg", "foto.jpg"),
        ("foto.jpg\r\nSet-Cookie: a=b", "foto.jpg"),
        ('a"; filename="b.exe', "a_ filename_b.jpg"),
        ("gpj.\u202eexe.jpg", "gpj._exe.jpg"),
        ("<script>alert(1)</script>.png", "script.jpg"),
        ("", "plik.jpg"),
        ("....", "plik.jpg"),
        ("x" * 5_000, "x" * 100 + ".jpg"),
    ],
)
def test_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name, "image/jpeg") == safe
