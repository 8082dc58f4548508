import numpy as np
import pytest

from tools.speech.mfcc import BINS, MEL, RATE_HZ, WINDOW, cepstra, frames_in, mel_energies, mfcc
from tools.speech.mfcc import power_spectra as spectra


def tone(hertz: float, seconds: float = 0.5, size: float = 8000) -> np.ndarray:
    return size * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE_HZ)) / RATE_HZ)


@pytest.mark.parametrize(("samples", "frames"), [(0, 0), (399, 0), (400, 1), (559, 1), (560, 2)])
def test_only_whole_frames_count(samples: int, frames: int) -> None:
    assert frames_in(samples) == frames
    assert mfcc(np.ones(samples, np.int16)).shape == (frames, BINS)


def test_a_tone_is_loudest_in_its_mel_bin() -> None:
    for hertz in (300, 1000, 3000, 6000):
        energies = mel_energies(spectra(tone(hertz)))
        place = int(energies.mean(0).argmax())
        centre = MEL[place].argmax() * RATE_HZ / 512
        assert abs(centre - hertz) < 0.08 * hertz + 40


def test_silence_and_a_constant_are_the_floor() -> None:
    silent = mfcc(np.zeros(WINDOW, np.int16))
    assert np.allclose(silent, mfcc(np.full(WINDOW, 8, np.int16)))
    assert silent[0, 0] == pytest.approx(np.sqrt(BINS) * np.log(np.finfo(np.float32).eps), rel=1e-4)


def test_loudness_is_in_the_first_cepstrum_alone() -> None:
    soft, loud = mfcc(tone(700, size=1000)), mfcc(tone(700, size=4000))
    difference = (loud - soft).mean(0)
    assert difference[0] == pytest.approx(np.sqrt(BINS) * np.log(16), rel=1e-2)
    assert np.abs(difference[1:]).max() < 0.5


def test_the_transform_is_a_liftered_cosine_transform() -> None:
    flat = cepstra(np.full((1, BINS), np.e, np.float32))[0]
    assert flat[0] == pytest.approx(np.sqrt(BINS), rel=1e-5)
    assert np.abs(flat[1:]).max() < 1e-3
