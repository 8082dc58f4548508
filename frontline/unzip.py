"""Archives from outside, unpacked without trusting what they say of themselves."""

import stat
import zipfile
from pathlib import Path, PurePosixPath

from frontline.errors import RefusedError

MOST_FILES = 1_000
CHUNK = 1 << 20


def unzip(archive: Path, folder: Path, most_bytes: int) -> None:
    """Unpack into a new folder; the one folder that holds everything in the archive is left out.

    Args:
        archive: a ZIP file.
        folder: must not exist. What was unpacked before an error stays in it.
        most_bytes: of all files together, unpacked.

    Raises:
        RefusedError: it is no archive, is damaged, is too large, or would write elsewhere.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [member for member in opened.infolist() if not member.is_dir()]
            places = _places(members)
            if sum(member.file_size for member in members) > most_bytes:
                raise RefusedError(f"{archive.name} unpacks to more than {most_bytes:,} bytes")
            folder.mkdir(parents=True)
            left = most_bytes
            for member, place in zip(members, places, strict=True):
                left = _write(opened, member, folder / place, left)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError) as error:
        raise RefusedError(f"{archive.name} is damaged: {error}") from None


def _places(members: list[zipfile.ZipInfo]) -> list[PurePosixPath]:
    if not members or len(members) > MOST_FILES:
        raise RefusedError(f"the archive holds {len(members)} files")
    paths = [_safe(member) for member in members]
    tops = {path.parts[0] for path in paths}
    if len(tops) == 1 and all(len(path.parts) > 1 for path in paths):
        paths = [PurePosixPath(*path.parts[1:]) for path in paths]
    if len(set(paths)) < len(paths):
        raise RefusedError("the archive holds a file twice")
    return paths


def _safe(member: zipfile.ZipInfo) -> PurePosixPath:
    name = member.filename
    path = PurePosixPath(name)
    kind = stat.S_IFMT(member.external_attr >> 16)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise RefusedError(f"the archive would write to {name!r}")
    if kind not in (0, stat.S_IFREG):
        raise RefusedError(f"{name!r} in the archive is no plain file")
    return path


def _write(opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, left: int) -> int:
    """Unpack one file; returns how many bytes may still come."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(member) as source, target.open("xb") as out:
        while chunk := source.read(CHUNK):
            left -= len(chunk)
            if left < 0:  # its header had said less
                raise RefusedError(f"{member.filename!r} in the archive is larger than it says")
            out.write(chunk)
    return left
