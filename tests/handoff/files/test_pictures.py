import contextlib
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import Base

from handoff.pictures import JPEG, PDF, PNG, WEBP, DamagedError, recognise, without_metadata
from tests.common.pictures import PLACE, picture, segment

KINDS = [("JPEG", JPEG), ("PNG", PNG), ("WEBP", WEBP)]


@pytest.mark.parametrize(("name", "kind"), KINDS)
def test_the_place_is_taken_out_and_the_picture_stays(name: str, kind: str) -> None:
    content = picture(name)
    assert PLACE in content
    clean = without_metadata(content, kind)
    assert PLACE not in clean
    before, after = Image.open(io.BytesIO(content)), Image.open(io.BytesIO(clean))
    after.load()
    assert after.tobytes() == before.tobytes()
    assert not after.getexif()
    assert recognise(clean) == kind
    assert without_metadata(clean, kind) == clean


def test_a_picture_that_lies_on_its_side_still_does() -> None:
    after = Image.open(io.BytesIO(without_metadata(picture(orientation=6), JPEG)))
    assert dict(after.getexif()) == {Base.Orientation: 6}


def test_colours_keep_their_profile_and_remarks_go() -> None:
    whole = picture()
    profile = segment(0xE2, b"ICC_PROFILE\0\x01\x01profile")
    parts = segment(0xFE, PLACE) + segment(0xED, PLACE) + segment(0xE2, b"MPF\0" + PLACE)
    clean = without_metadata(whole[:2] + profile + parts + whole[2:], JPEG)
    assert b"ICC_PROFILE" in clean
    assert PLACE not in clean


def test_what_follows_the_end_of_a_picture_goes() -> None:
    assert PLACE not in without_metadata(picture() + b"film" + PLACE, JPEG)
    assert PLACE not in without_metadata(picture("PNG") + PLACE, PNG)


def test_a_progressive_picture_has_several_scans() -> None:
    out = io.BytesIO()
    Image.effect_noise((60, 60), 90).save(out, "JPEG", progressive=True)
    clean = without_metadata(out.getvalue(), JPEG)
    assert Image.open(io.BytesIO(clean)).tobytes() == Image.open(out).tobytes()


@pytest.mark.parametrize(("name", "kind"), KINDS)
def test_half_a_picture_is_kept_as_far_as_it_goes_or_refused(name: str, kind: str) -> None:
    content = picture(name)
    for end in range(12, len(content), 7):
        try:
            assert PLACE not in without_metadata(content[:end], kind)
        except DamagedError:
            continue


@given(st.binary(max_size=400), st.sampled_from([JPEG, PNG, WEBP]))
def test_rubbish_is_refused_and_nothing_else_happens(rubbish: bytes, kind: str) -> None:
    heads = {JPEG: b"\xff\xd8\xff", PNG: b"\x89PNG\r\n\x1a\n", WEBP: b"RIFF\0\0\0\0WEBP"}
    try:
        clean = without_metadata(heads[kind] + rubbish, kind)
    except DamagedError:
        return
    assert recognise(clean) == kind


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8" + b"\xff" * 5_000_000, JPEG),
        (b"\xff\xd8\xff\xda\x00\x02" + b"\xff" * 5_000_000, JPEG),
        (b"\xff\xd8" + b"\xff\xfe\x00\x02" * 1_200_000, JPEG),
        (b"\xff\xd8" + b"\xff\xda\x00\x02" * 1_200_000, JPEG),
        (b"\x89PNG\r\n\x1a\n" + bytes(5_000_000), PNG),
        (b"RIFF\0\0\0\0WEBP" + bytes(5_000_000), WEBP),
    ],
    ids=["fill", "scan", "remarks", "scans", "png", "webp"],
)
def test_what_is_made_to_take_long_does_not(content: bytes, kind: str) -> None:
    started = time.perf_counter()
    with contextlib.suppress(DamagedError):
        without_metadata(content, kind)
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n", PDF),
        (b"\xff\xd8\xff\xe0", JPEG),
        (b"GIF89a", None),
        (b"MZ\x90\x00", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"<html><script>", None),
        (b"PK\x03\x04", None),
        (b"\0\0\0\x20ftypheic", None),
        (b"", None),
    ],
)
def test_the_first_bytes_say_what_it_is(content: bytes, kind: str | None) -> None:
    assert recognise(content) == kind
