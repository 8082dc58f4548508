import errno
import os
from pathlib import Path

import pytest

from voice_gateway.tts import cache
from voice_gateway.tts.cache import DiskCache, MemoryCache

SOUND = bytes(range(200)) * 5


def test_memory_keeps_what_was_used_last() -> None:
    memory = MemoryCache(most_bytes=25)
    memory.put("a", b"a" * 10)
    memory.put("b", b"b" * 10)
    memory.get("a")
    memory.put("c", b"c" * 10)
    assert memory.get("b") is None
    assert memory.get("a") == b"a" * 10
    assert memory.size == 20


def test_memory_replaces_and_refuses_what_is_too_big() -> None:
    memory = MemoryCache(most_bytes=25)
    memory.put("a", b"a" * 10)
    memory.put("a", b"b" * 20)
    assert memory.size == 20
    memory.put("a", b"c" * 26)
    assert memory.get("a") is None
    assert memory.size == 0


def test_disk_gives_back_what_was_put(tmp_path: Path) -> None:
    DiskCache(tmp_path / "new").put("a", SOUND)
    assert DiskCache(tmp_path / "new").get("a") == SOUND
    assert DiskCache(tmp_path / "new").get("b") is None


@pytest.mark.parametrize("damage", [b"", b"short", None])
def test_a_damaged_file_counts_as_missing_and_is_made_again(
    damage: bytes | None, tmp_path: Path
) -> None:
    disk = DiskCache(tmp_path)
    disk.put("a", SOUND)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-1] + b"!" if damage is None else damage)

    assert disk.get("a") is None

    assert not file.exists()
    disk.put("a", SOUND)
    assert disk.get("a") == SOUND


def test_the_oldest_go_first(tmp_path: Path) -> None:
    disk = DiskCache(tmp_path, most_bytes=3 * (len(SOUND) + 32))
    for age, key in enumerate("abc"):
        disk.put(key, SOUND)
        os.utime(tmp_path / f"{key}.pcm", (1000 + age, 1000 + age))
    disk.get("a")  # is used again
    disk.put("d", SOUND)
    left = {path.stem for path in tmp_path.iterdir()}
    assert {"a", "d"} <= left
    assert "b" not in left


def test_the_size_of_what_is_there_at_the_start_counts(tmp_path: Path) -> None:
    DiskCache(tmp_path).put("old", SOUND)
    os.utime(tmp_path / "old.pcm", (1000, 1000))
    (tmp_path / "left-over").write_bytes(SOUND)
    os.utime(tmp_path / "left-over", (1000, 1000))
    DiskCache(tmp_path, most_bytes=2 * len(SOUND)).put("new", SOUND)
    assert [path.name for path in tmp_path.iterdir()] == ["new.pcm"]


def test_a_full_disk_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    disk = DiskCache(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(cache.os, "replace", full)
        disk.put("a", SOUND)
    assert list(tmp_path.iterdir()) == []
    disk.put("a", SOUND)
    assert disk.get("a") == SOUND
