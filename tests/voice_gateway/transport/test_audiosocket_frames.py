import contextlib
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_gateway.transport.audiosocket_frames import (
    MOST_SOUND,
    BadFrameError,
    Frame,
    Kind,
    Parser,
    serialize,
)

CALL = UUID("5e38a1f2-60c4-4b6e-9f10-0123456789ab")
ON_THE_WIRE = {
    "000000": Frame(Kind.HANGUP),
    "0100105e38a1f260c44b6e9f100123456789ab": Frame(Kind.UUID, CALL.bytes),
    "03000135": Frame(Kind.KEY, b"5"),
    "03000123": Frame(Kind.KEY, b"#"),
    "100004ff7f0080": Frame(Kind.SLIN, b"\xff\x7f\x00\x80"),
    "120002" + "0100": Frame(Kind.SLIN16, b"\x01\x00"),
    "100000": Frame(Kind.SLIN),
    "ff0000": Frame(Kind.ERROR),
    "ff000104": Frame(Kind.ERROR, b"\x04"),
}


@pytest.mark.parametrize(("octets", "frame"), ON_THE_WIRE.items())
def test_both_ways(octets: str, frame: Frame) -> None:
    assert serialize(frame) == bytes.fromhex(octets)
    assert Parser().feed(bytes.fromhex(octets)) == [frame]


def test_what_the_payload_says() -> None:
    assert Frame(Kind.UUID, CALL.bytes).call == CALL
    assert Frame(Kind.KEY, b"*").key == "*"


@pytest.mark.parametrize(
    ("octets", "complaint"),
    {
        "000001": "a HANGUP frame with a payload",
        "01000f" + "00" * 15: "a UUID frame with a payload",
        "010011": "17 octets; 16 are the most",
        "030000": "a KEY frame with a payload",
        "0300023535": "a KEY frame with a payload",
        "03000178": "a KEY frame with a payload",  # "x"
        "03000180": "a KEY frame with a payload",
        "100003000000": "a SLIN frame with a payload",
        "10ffff": "65535 octets; 16000 are the most",
        "12ffff": "65535 octets; 32000 are the most",
        "130280": "sound at 24 kHz: dial with c",
        "470000": "0x47 is no type",  # "GET / HTTP/1.1"
        "160301": "sound at 48 kHz",  # TLS
    }.items(),
)
def test_what_is_no_frame_is_refused(octets: str, complaint: str) -> None:
    with pytest.raises(BadFrameError, match=complaint):
        Parser().feed(bytes.fromhex(octets) + b"\0" * (octets == "000001"))


def test_an_oversized_frame_is_refused_before_it_has_come() -> None:
    with pytest.raises(BadFrameError):
        Parser().feed(b"\x10\xff\xff")


def test_we_send_nothing_that_does_not_fit() -> None:
    for frame in (
        Frame(Kind.UUID, b"short"),
        Frame(Kind.SLIN, bytes(MOST_SOUND[Kind.SLIN] + 2)),
        Frame(Kind.SLIN, b"\0"),
        Frame(Kind.KEY, b""),
    ):
        with pytest.raises(BadFrameError):
            serialize(frame)


frames = st.one_of(
    st.just(Frame(Kind.HANGUP)),
    st.uuids().map(lambda call: Frame(Kind.UUID, call.bytes)),
    st.sampled_from("0123456789*#ABCD").map(lambda key: Frame(Kind.KEY, key.encode())),
    st.binary(max_size=700).map(lambda b: Frame(Kind.SLIN, b[: len(b) // 2 * 2])),
    st.binary(max_size=700).map(lambda b: Frame(Kind.SLIN16, b[: len(b) // 2 * 2])),
)


@given(st.lists(frames, max_size=20), st.integers(1, 999))
def test_frames_survive_any_cut_of_the_stream(sent: list[Frame], piece: int) -> None:
    stream = b"".join(map(serialize, sent))
    parser = Parser()
    got = [f for at in range(0, len(stream), piece) for f in parser.feed(stream[at : at + piece])]
    assert got == sent
    assert parser.unfinished == 0


def test_a_cut_frame_stays_unfinished() -> None:
    parser = Parser()
    assert parser.feed(b"\x10\x01\x40" + bytes(100)) == []
    assert parser.unfinished == 103


@given(st.binary(max_size=4000))
def test_garbage_is_refused_or_waited_for_and_never_kept_beyond_a_frame(garbage: bytes) -> None:
    parser = Parser()
    with contextlib.suppress(BadFrameError):
        for frame in parser.feed(garbage):
            serialize(frame)
        assert parser.unfinished < 3 + max(MOST_SOUND.values())
