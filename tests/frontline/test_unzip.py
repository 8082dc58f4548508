import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontline.errors import RefusedError
from frontline.unzip import MOST_FILES, unzip


def packed(folder: Path, members: dict[str, bytes]) -> Path:
    archive = folder / "model.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in members.items():
            out.writestr(name, content)
    return archive


def test_the_one_folder_around_everything_is_left_out(tmp_path: Path) -> None:
    archive = packed(tmp_path, {"model/am/final.mdl": b"x", "model/conf/mfcc.conf": b"y"})
    unzip(archive, tmp_path / "out", 100)
    assert (tmp_path / "out" / "am" / "final.mdl").read_bytes() == b"x"
    assert (tmp_path / "out" / "conf" / "mfcc.conf").read_bytes() == b"y"


def test_files_without_a_folder_around_stay_where_they_are(tmp_path: Path) -> None:
    unzip(packed(tmp_path, {"a": b"1", "b/c": b"2"}), tmp_path / "out", 100)
    assert (tmp_path / "out" / "b" / "c").read_bytes() == b"2"


@pytest.mark.parametrize(
    "name", ["../evil", "model/../../evil", "/etc/evil", "model\\..\\evil", "C:evil", ".."]
)
def test_no_file_is_written_elsewhere(tmp_path: Path, name: str) -> None:
    archive = packed(tmp_path, {"model/ok": b"x", name: b"evil"})
    with pytest.raises(RefusedError):
        unzip(archive, tmp_path / "inner" / "out", 100)
    assert not list(tmp_path.rglob("evil"))


def test_a_link_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "model.zip"
    with zipfile.ZipFile(archive, "w") as out:
        link = zipfile.ZipInfo("model/link")
        link.external_attr = 0o120777 << 16
        out.writestr(link, "/etc/passwd")
    with pytest.raises(RefusedError, match="no plain file"):
        unzip(archive, tmp_path / "out", 100)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    archive = packed(tmp_path, {"model/zeros": bytes(10_000_000)})
    with pytest.raises(RefusedError, match="more than 1,000,000 bytes"):
        unzip(archive, tmp_path / "out", 1_000_000)
    assert not (tmp_path / "out").exists()


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    archive = packed(tmp_path, {"model/zeros": bytes(3_000_000)})
    data = archive.read_bytes()
    archive.write_bytes(data.replace(struct.pack("<L", 3_000_000), struct.pack("<L", 10)))
    with pytest.raises(RefusedError):
        unzip(archive, tmp_path / "out", 1_000)
    assert sum(f.stat().st_size for f in (tmp_path / "out").rglob("*") if f.is_file()) <= 1_000


def test_too_many_files_and_none_are_refused(tmp_path: Path) -> None:
    many = packed(tmp_path, {f"m/{n}": b"" for n in range(MOST_FILES + 1)})
    with pytest.raises(RefusedError, match="holds 1001 files"):
        unzip(many, tmp_path / "out", 100)
    with pytest.raises(RefusedError, match="holds 0 files"):
        unzip(packed(tmp_path, {}), tmp_path / "out", 100)


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    archive = packed(tmp_path, {"model/a": b"x" * 1000})
    data = bytearray(archive.read_bytes())
    data[45] ^= 255
    archive.write_bytes(bytes(data))
    with pytest.raises(RefusedError):
        unzip(archive, tmp_path / "out", 10_000)


@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=300))
def test_anything_else_is_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("zip")
    (folder / "model.zip").write_bytes(data)
    with pytest.raises(RefusedError):
        unzip(folder / "model.zip", folder / "out", 10_000)
