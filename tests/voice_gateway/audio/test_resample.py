import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontline.errors import RefusedError
from voice_gateway.audio.resample import resample, resampler

RATES = [(8000, 16000), (16000, 8000), (48000, 16000), (16000, 44100), (16000, 16000)]


def tone(hz: float, rate: int, seconds: float = 1.0, size: float = 10_000) -> bytes:
    moments = np.arange(int(rate * seconds)) / rate
    return (size * np.sin(2 * np.pi * hz * moments)).astype("<i2").tobytes()


def stream(pcm: bytes, from_hz: int, to_hz: int, step_bytes: int) -> np.ndarray:
    converter = resampler(from_hz, to_hz)
    parts = (pcm[at : at + step_bytes] for at in range(0, len(pcm), step_bytes))
    return np.frombuffer(b"".join(converter.convert(part) for part in parts), "<i2")


def level_db(samples: np.ndarray, hz: float, rate: int) -> float:
    """Of one frequency, against the tone of size 10 000."""
    middle = samples[len(samples) // 4 : 3 * len(samples) // 4].astype(float)
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle)))) / len(middle) * 4 / 10_000
    place = round(hz * len(middle) / rate)
    near = spectrum[place - 3 : place + 4]  # a Hann window spreads 1 over three places, in all 1.5
    return 10 * np.log10(np.sum(near**2) / 1.5 + 1e-18)


@pytest.mark.parametrize(("from_hz", "to_hz"), RATES)
@pytest.mark.parametrize("hz", [300, 1000, 3300])
def test_speech_keeps_its_level(from_hz: int, to_hz: int, hz: int) -> None:
    samples = stream(tone(hz, from_hz), from_hz, to_hz, from_hz // 25)
    assert level_db(samples, hz, to_hz) == pytest.approx(0, abs=0.2)


@pytest.mark.parametrize("hz", [4700, 5500, 7000])
def test_what_8_khz_cannot_hold_is_taken_out(hz: int) -> None:
    samples = stream(tone(hz, 16000), 16000, 8000, 640)
    assert level_db(samples, 8000 - hz, 8000) < -50


def test_nothing_is_added_above_the_telephone_band() -> None:
    samples = stream(tone(1000, 8000), 8000, 16000, 320)
    assert level_db(samples, 7000, 16000) < -60


@pytest.mark.parametrize(("from_hz", "to_hz"), RATES[:2])
def test_telephone_sound_is_less_than_2_ms_late(from_hz: int, to_hz: int) -> None:
    click = np.zeros(from_hz, "<i2")
    click[from_hz // 2] = 20_000
    samples = stream(click.tobytes(), from_hz, to_hz, from_hz // 25)
    late_ms = np.abs(samples.astype(int)).argmax() / to_hz * 1000 - 500
    assert 0 <= late_ms < 2
    assert len(samples) == to_hz


@settings(deadline=None)
@given(st.lists(st.integers(0, 700), max_size=8), st.sampled_from([(8000, 16000), (16000, 8000)]))
def test_it_does_not_matter_how_sound_is_cut(cuts: list[int], rates: tuple[int, int]) -> None:
    sound = np.random.default_rng(3).integers(-9000, 9000, sum(cuts)).astype("<i2").tobytes()
    whole, pieces, at = resampler(*rates).convert(sound), b"", 0
    converter = resampler(*rates)
    for cut in cuts:
        pieces += converter.convert(sound[at : at + 2 * cut])
        at += 2 * cut
    difference = np.frombuffer(whole, "<i2").astype(int) - np.frombuffer(pieces, "<i2")
    assert np.abs(difference).max(initial=0) <= 1


@pytest.mark.parametrize(("from_hz", "to_hz"), RATES)
def test_the_loudest_sound_does_not_wrap_around(from_hz: int, to_hz: int) -> None:
    square = np.where(np.arange(from_hz) // 20 % 2, 32767, -32768).astype("<i2")
    samples = stream(square.tobytes(), from_hz, to_hz, from_hz // 25).astype(int)
    assert np.abs(np.diff(samples)).max() < 66_000
    assert samples.max() > 32_000
    assert samples.min() < -32_000


@pytest.mark.parametrize("rates", [(0, 16000), (16000, 4000), (-1, 8000), (16000, 1_000_000)])
def test_rates_that_no_line_has_are_refused(rates: tuple[int, int]) -> None:
    with pytest.raises(RefusedError):
        resampler(*rates)


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 44100])
def test_a_whole_sound_keeps_its_length(rate: int) -> None:
    sound = np.zeros(rate, np.float32)
    assert abs(len(resample(sound, rate, 16000)) - 16000) <= 1
