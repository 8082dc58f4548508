import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_gateway.audio.levels import (
    CEILING,
    SILENCE_DBFS,
    TARGET_DBFS,
    dbfs,
    levelled,
    to_pcm,
    trimmed,
)

RATE = 16_000


def speech(size: float, seed: int = 1) -> np.ndarray:
    """Bursts of noise with pauses between, of about that mean size."""
    rng = np.random.default_rng(seed)
    bursts = np.repeat(np.array([1, 0, 0.7, 0, 1, 0.4, 0]), RATE // 5)
    return (rng.normal(0, size, bursts.size) * bursts).astype(np.float32)


@pytest.mark.parametrize("size", [0.02, 0.1, 0.3, 1.0, 8.0])
def test_loud_and_soft_voices_come_out_alike(size: float) -> None:
    loud = levelled(speech(size), RATE)
    voiced = to_pcm(loud[: RATE // 5])
    assert dbfs(voiced) == pytest.approx(TARGET_DBFS, abs=3)


@settings(deadline=None)
@given(st.floats(0.0, 50.0), st.integers(0, 5))
def test_nothing_is_cut_off(size: float, seed: int) -> None:
    assert np.abs(levelled(speech(size, seed), RATE)).max() <= CEILING


def test_peaks_are_bent_and_stay_in_order() -> None:
    sound = np.full(RATE, 0.1, np.float32)
    sound[100:110] = np.linspace(1, 10, 10)
    loud = levelled(sound, RATE)[100:110]
    assert np.all(np.diff(loud) >= 0)
    assert loud[0] < loud[1] <= CEILING


@pytest.mark.parametrize("samples", [0, 1, 319, 320, 5000])
def test_silence_stays_silence(samples: int) -> None:
    assert not levelled(np.zeros(samples, np.float32), RATE).any()
    assert trimmed(np.zeros(samples, np.float32), RATE).size == 0
    assert dbfs(bytes(2 * samples)) == SILENCE_DBFS


def test_hiss_is_not_blown_up() -> None:
    hiss = speech(0.0001)
    assert np.abs(levelled(hiss, RATE)).max() < 0.01


def test_silence_around_speech_is_cut_but_for_10_ms() -> None:
    sound = np.zeros(RATE, np.float32)
    sound[8000:9000] = 0.5
    assert trimmed(sound, RATE).size == 1000 + 2 * 160


def test_the_level_of_a_full_square_is_0() -> None:
    assert dbfs(np.full(320, -32768, "<i2").tobytes()) == pytest.approx(0)
