import numpy as np
import pytest

from voice_gateway.audio.g711 import decode_alaw, decode_ulaw, encode_alaw, encode_ulaw


def pcm(*samples: int) -> bytes:
    return b"".join(sample.to_bytes(2, "little", signed=True) for sample in samples)


def samples(data: bytes) -> list[int]:
    return [
        int.from_bytes(data[at : at + 2], "little", signed=True) for at in range(0, len(data), 2)
    ]


# Character signals of ITU-T G.711, as 16-bit samples: the smallest and largest values of each
# sign, and the edges of the first segments (tables 1a and 2a, times 8 and 4).
A_LAW = {
    0xD5: 8,
    0x55: -8,
    0xD4: 24,
    0xC5: 264,
    0xC4: 280,
    0xF5: 528,
    0x75: -528,
    0xAA: 32256,
    0x2A: -32256,
}
MU_LAW = {
    0xFF: 0,
    0x7F: 0,
    0xFE: 8,
    0x7E: -8,
    0xEF: 132,
    0x6F: -132,
    0xDF: 396,
    0x80: 32124,
    0x00: -32124,
}


@pytest.mark.parametrize(("octet", "sample"), A_LAW.items())
def test_alaw_both_ways(octet: int, sample: int) -> None:
    assert decode_alaw(bytes([octet])) == pcm(sample)
    assert encode_alaw(pcm(sample)) == bytes([octet])


@pytest.mark.parametrize(("octet", "sample"), MU_LAW.items())
def test_ulaw_both_ways(octet: int, sample: int) -> None:
    assert decode_ulaw(bytes([octet])) == pcm(sample)
    assert encode_ulaw(pcm(sample)) == bytes([octet if octet != 0x7F else 0xFF])


def test_each_octet_comes_back_as_itself() -> None:
    octets = bytes(range(256))
    assert encode_alaw(decode_alaw(octets)) == octets
    both_zeros = octets.replace(b"\x7f", b"\xff")
    assert encode_ulaw(decode_ulaw(both_zeros)) == both_zeros


def test_what_is_too_loud_is_cut_off() -> None:
    assert encode_alaw(pcm(32767, -32768)) == b"\xaa\x2a"
    assert encode_ulaw(pcm(32767, -32768)) == b"\x80\x00"


def test_silence_is_silent() -> None:
    assert set(samples(decode_ulaw(encode_ulaw(bytes(320))))) == {0}
    assert set(samples(decode_alaw(encode_alaw(bytes(320))))) == {8}


def test_the_error_of_every_sample_is_half_a_step() -> None:
    """A step doubles with each segment, and so with the sample."""
    every = np.arange(-32_124, 32_125)
    sent = every.astype("<i2").tobytes()
    for encode, decode, bias in ((encode_alaw, decode_alaw, 256), (encode_ulaw, decode_ulaw, 132)):
        error = np.abs(np.frombuffer(decode(encode(sent)), "<i2") - every)
        assert np.all(error <= (np.abs(every) + bias) / 32 + 4)  # 14 bits of 16 are kept


def test_half_a_sample_is_refused() -> None:
    for encode in (encode_alaw, encode_ulaw):
        with pytest.raises(ValueError, match="multiple of element size"):
            encode(b"\0\0\0")
