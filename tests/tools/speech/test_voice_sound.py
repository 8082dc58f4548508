import numpy as np
import pytest

from tools.speech.voice_sound import HOP, POINT_HZ, POINTS, RATE_HZ, WIDTH, Floats, analyse


def hum(hertz: float, seconds: float = 1.0) -> Floats:
    """All harmonics below 7 kHz, equally strong."""
    time = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    harmonics = np.arange(1, int(7000 / hertz) + 1)
    waves = np.cos(2 * np.pi * hertz * np.outer(time, harmonics)).sum(1)
    return np.asarray(300 * waves, np.float32)


def white(deviation: float) -> Floats:
    return np.random.default_rng(1).normal(0, deviation, RATE_HZ).astype(np.float32)


@pytest.mark.parametrize("hertz", [80, 126, 200, 290])
def test_the_pitch_of_a_hum_is_found(hertz: float) -> None:
    found = analyse(hum(hertz)).pitch_hz[10:-10]
    assert found == pytest.approx(np.full(len(found), hertz), rel=0.01)


def test_a_hum_is_not_noise() -> None:
    assert analyse(hum(120)).noise[10:-10, :4].mean() < 0.1


def test_noise_has_no_pitch_and_an_envelope_of_its_variance() -> None:
    found = analyse(white(1000))
    assert (found.pitch_hz > 0).mean() < 0.02
    assert found.noise[found.pitch_hz == 0].min() == 1
    inner = found.envelope[:, POINT_HZ < 7000].astype(np.float64)
    assert np.log(np.exp(inner).mean()) == pytest.approx(np.log(1000**2), abs=0.1)


def test_an_envelope_follows_the_spectrum() -> None:
    low = np.fft.rfft(white(1000))
    low[len(low) // 4 :] = 0  # 2 kHz
    sound = np.fft.irfft(low).astype(np.float32)
    mean = analyse(sound).envelope.mean(0)
    assert mean[POINT_HZ < 1800].min() > mean[POINT_HZ > 2300].max() + 5


def test_silence_is_the_floor_and_has_no_pitch() -> None:
    found = analyse(np.zeros(RATE_HZ, np.float32))
    assert not found.pitch_hz.any()
    assert not found.envelope.any()


def test_a_frame_is_five_milliseconds_and_pitch_goes_on_through_gaps() -> None:
    sound = np.concatenate([hum(100, 0.3), np.zeros(HOP * 40, np.float32), hum(200, 0.3)])
    matrix = analyse(sound).matrix()
    assert matrix.shape == (60 + 40 + 60, WIDTH)
    gap = matrix[70:90]
    assert not gap[:, -1].any()
    pitch = np.exp(gap[:, -2])
    assert (np.diff(pitch) > 0).all()
    assert 100 < pitch[0] < pitch[-1] < 200
    assert matrix[20, -1] == 1
    assert matrix.shape[1] == POINTS + 5 + 2
