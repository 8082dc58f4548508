"""Small pictures as a phone makes them: with the place in them."""

import io
import struct

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

PLACE = b"N52 13 47"
"""Stands in the metadata of these pictures."""


def picture(kind: str = "JPEG", *, orientation: int = 1, size: tuple[int, int] = (40, 20)) -> bytes:
    """A picture with EXIF that tells a place."""
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    exif[Base.Make] = PLACE.decode()
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (52.0, 13.0, 47.0)
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, exif=exif)
    return out.getvalue()


def segment(marker: int, body: bytes) -> bytes:
    """A JPEG segment."""
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body
