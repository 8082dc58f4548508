"""Which files customers may send, told by their first bytes, and pictures without their metadata.

A phone writes into each photo where it was taken, and when, and by which device. That is personal
data nobody asked for, so it is taken out before the picture is stored.
"""

import re
import struct
from collections.abc import Iterator

from frontline.errors import RefusedError

JPEG, PNG, WEBP, PDF = "image/jpeg", "image/png", "image/webp", "application/pdf"

PNG_HEAD = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs acTL fcTL fdAT".split()
)
WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
WEBP_META_FLAGS = 0x08 | 0x04
"""Bits of VP8X that announce EXIF and XMP (RFC 9649, 2.7)."""

SOS, EOI, COM = 0xDA, 0xD9, 0xFE
APP0, APP1, APP2, APP14, APP15 = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF
JPEG_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""A marker that ends coded data, in which FF 00 is a byte and FF D0–D7 go on (T.81, B.1.1)."""
MOST_PIECES = 20_000
"""Segments or chunks; a picture of 5 MB has some hundreds."""
ORIENTATION = 0x0112
"""EXIF tag: how the picture is to be turned, 1 to 8."""


class DamagedError(RefusedError):
    """It begins like a picture, but is none."""

    code = "file_damaged"


def recognise(content: bytes) -> str | None:
    """The media type, or None for what is not accepted.

    HEIC is not: phones turn it into JPEG when a page does not ask for it.
    """
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(PNG_HEAD):
        return PNG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return WEBP
    if content.startswith(b"%PDF-"):
        return PDF
    return None


def without_metadata(content: bytes, kind: str) -> bytes:
    """The same picture, without place, time and device; other files as they are.

    Raises:
        DamagedError: it is not what its first bytes promise.
    """
    try:
        if kind == JPEG:
            return _jpeg(content)
        if kind == PNG:
            return _png(content)
        return _webp(content) if kind == WEBP else content
    except (struct.error, IndexError):
        raise DamagedError("this picture is damaged") from None


def _jpeg(content: bytes) -> bytes:
    """Only what a decoder needs (ITU-T T.81, annex B), and nothing after the end of the picture."""
    kept = [b"\xff\xd8"]
    for marker, segment in _jpeg_segments(content):
        if marker == APP1:
            kept.append(_turned(segment))
        elif _decodes(marker, segment):
            kept.append(segment)
    return b"".join([*kept, b"\xff\xd9"])


def _decodes(marker: int, segment: bytes) -> bool:
    """Whether a decoder needs it: the colours' profile, and all that is no application's own."""
    if marker == APP2:
        return segment[4:15] == b"ICC_PROFILE"
    return marker in (APP0, APP14) or not (APP0 <= marker <= APP15 or marker == COM)


def _jpeg_segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and bytes of each segment up to the end of the picture; a scan includes its data."""
    place = 2
    for _ in range(MOST_PIECES):
        if content[place] != 0xFF:
            raise DamagedError("this picture is damaged")
        marker = content[place + 1]
        if marker == 0xFF:  # fill byte
            place += 1
            continue
        if marker == EOI:
            return
        (length,) = struct.unpack_from(">H", content, place + 2)
        end = place + 2 + length
        if length < 2 or end > len(content):
            raise DamagedError("this picture is damaged")
        if marker == SOS:
            following = JPEG_MARKER.search(content, end)
            end = following.start() if following else len(content)
            yield marker, content[place:end]
            if not following:
                return
        else:
            yield marker, content[place:end]
        place = end
    raise DamagedError("this picture is damaged")


def _turned(segment: bytes) -> bytes:
    """An EXIF segment that holds the orientation alone; nothing when the picture stands upright."""
    if segment[4:10] != b"Exif\0\0":
        return b""
    try:
        turn = _orientation(segment[10:])
    except struct.error:
        return b""
    if turn not in range(2, 9):
        return b""
    entry = struct.pack(">HHIHH", ORIENTATION, 3, 1, turn, 0)
    body = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 1) + entry + bytes(4)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _orientation(tiff: bytes) -> int:
    """The orientation in the first directory of a TIFF (revision 6.0, section 2); 0 = not told."""
    order = "<" if tiff.startswith(b"II") else ">"
    (start,) = struct.unpack_from(f"{order}I", tiff, 4)
    (entries,) = struct.unpack_from(f"{order}H", tiff, start)
    for n in range(entries):
        tag, _type, _count, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * n)
        if tag == ORIENTATION:
            return int(value)
    return 0


def _png(content: bytes) -> bytes:
    """The chunks that make the picture (ISO/IEC 15948, 11), up to its end."""
    kept, place = [PNG_HEAD], len(PNG_HEAD)
    for _ in range(MOST_PIECES):
        (length,) = struct.unpack_from(">I", content, place)
        name, end = content[place + 4 : place + 8], place + 12 + length
        if end > len(content):
            raise DamagedError("this picture is damaged")
        if name in PNG_KEPT:
            kept.append(content[place:end])
        if name == b"IEND":
            return b"".join(kept)
        place = end
    raise DamagedError("this picture is damaged")


def _webp(content: bytes) -> bytes:
    """The chunks that make the picture (RFC 9649, 2.7), their size told anew."""
    kept, place = [], 12
    for _ in range(MOST_PIECES):
        if place + 8 > len(content):
            break
        (length,) = struct.unpack_from("<I", content, place + 4)
        name, end = content[place : place + 4], place + 8 + length + length % 2
        if place + 8 + length > len(content):
            raise DamagedError("this picture is damaged")
        chunk = content[place:end]
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~WEBP_META_FLAGS]) + chunk[9:]
        if name in WEBP_KEPT:
            kept.append(chunk)
        place = end
    if not kept:
        raise DamagedError("this picture is damaged")
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body
