import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_gateway.transport.halfband import Downsampler, Upsampler


def tone(hz: float, rate: int, seconds: float = 0.5) -> bytes:
    wave = 10_000 * np.sin(2 * np.pi * hz * np.arange(int(rate * seconds)) / rate)
    return wave.astype("<i2").tobytes()


def level_db(pcm: bytes, of: bytes) -> float:
    def rms(data: bytes) -> float:
        wave = np.frombuffer(data, "<i2").astype(float)[400:]
        return float(np.sqrt(np.mean(wave**2))) + 1e-9

    return float(20 * np.log10(rms(pcm) / rms(of)))


@pytest.mark.parametrize("hz", [300, 1000, 3400])
def test_speech_passes_both_ways_unchanged(hz: int) -> None:
    narrow, wide = tone(hz, 8000), tone(hz, 16_000)
    assert level_db(Upsampler().convert(narrow), wide) == pytest.approx(0, abs=0.1)
    assert level_db(Downsampler().convert(wide), narrow) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("hz", [4600, 5500, 7000])
def test_what_8_khz_cannot_carry_is_stopped(hz: int) -> None:
    wide = tone(hz, 16_000)
    assert level_db(Downsampler().convert(wide), wide) < -48


def test_a_click_comes_out_1_4_ms_later() -> None:
    click = np.zeros(200, "<i2")
    click[100] = 10_000
    out = np.frombuffer(Upsampler().convert(click.tobytes()), "<i2")
    assert int(np.argmax(out)) - 200 == 23  # of 16 000 samples/s


@given(st.lists(st.integers(0, 50), max_size=12))
def test_pieces_come_out_as_the_whole(lengths: list[int]) -> None:
    sound = tone(700, 8000)[: 2 * sum(lengths)]
    up, down = Upsampler(), Downsampler()
    wide, narrow, at = b"", b"", 0
    for length in lengths:
        piece = sound[at : at + 2 * length]
        at += len(piece)
        wide += up.convert(piece)
        narrow += down.convert(piece)
    assert wide == Upsampler().convert(sound)
    assert len(wide) == 2 * len(sound)
    assert narrow == Downsampler().convert(sound)


def test_loud_sound_is_cut_off_and_does_not_wrap() -> None:
    square = np.repeat(np.array([32767, -32768] * 40, "<i2"), 8)
    out = np.frombuffer(Upsampler().convert(square.tobytes()), "<i2").astype(int)
    assert np.array_equal(out[1::2][11:], square[:-11])
    assert out.max() == 32767
    assert out.min() == -32768
