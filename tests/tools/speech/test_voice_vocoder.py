from collections.abc import Callable

import numpy as np
import onnxruntime
import pytest

from tools.speech.onnx_file import FLOAT, Graph
from tools.speech.voice_sound import HOP, POINTS, RATE_HZ, WIDTH, Floats, analyse
from tools.speech.voice_vocoder import PEAK, Vocoder

FRAMES = 200

Vocode = Callable[[Floats], Floats]


@pytest.fixture(scope="module")
def vocode() -> Vocode:
    graph = Graph("vocoder")
    sound = Vocoder(graph).sound(graph.input("parameters", FLOAT, ["frames", WIDTH]))
    graph.output("sound", sound, FLOAT, ["samples"])
    session = onnxruntime.InferenceSession(graph.model("test"))

    def run(parameters: Floats) -> Floats:
        (result,) = session.run(None, {"parameters": parameters})
        samples: Floats = result * 32768
        return samples

    return run


def constant(power: float, noise: float, hertz: float, voicing: float) -> Floats:
    row = [np.log(power)] * POINTS + [noise] * 5 + [np.log(hertz), voicing]
    return np.tile(np.array(row, np.float32), (FRAMES, 1))


def test_noise_is_as_strong_as_its_envelope(vocode: Vocode) -> None:
    sound = vocode(constant(500.0**2, 1.0, 100.0, 0.0))
    assert len(sound) == FRAMES * HOP
    middle = sound[1600:-1600]
    spectrum = np.abs(np.fft.rfft(middle)) ** 2 / len(middle)
    hertz = np.fft.rfftfreq(len(middle), 1 / RATE_HZ)
    assert np.sqrt(spectrum[(hertz > 300) & (hertz < 7000)].mean()) == pytest.approx(500, rel=0.05)


def test_a_voice_has_its_pitch_and_the_same_strength(vocode: Vocode) -> None:
    sound = vocode(constant(500.0**2, 0.0, 150.0, 1.0))
    middle = sound[1600:-1600]
    spectrum = np.abs(np.fft.rfft(middle)) ** 2 / len(middle)
    hertz = np.fft.rfftfreq(len(middle), 1 / RATE_HZ)
    assert np.sqrt(spectrum[(hertz > 225) & (hertz < 4875)].mean()) == pytest.approx(500, rel=0.05)
    found = analyse(sound).pitch_hz[30:-30]
    assert found == pytest.approx(np.full(len(found), 150.0), rel=0.01)


def test_what_is_heard_again_is_what_was_asked_for(vocode: Vocode) -> None:
    asked = constant(200.0**2, 0.1, 120.0, 1.0)
    asked[:, 10:20] += 3.0
    heard = analyse(vocode(asked)).matrix()
    assert heard[40:-40, 3:33].mean(0) == pytest.approx(asked[0, 3:33], abs=1.0)


def test_it_begins_and_ends_in_silence_without_dc(vocode: Vocode) -> None:
    sound = vocode(constant(1000.0**2, 0.5, 90.0, 1.0))
    assert abs(sound[:20]).max() < 30
    assert abs(sound[-20:]).max() < 300
    assert abs(sound.mean()) < 5


def test_nothing_is_louder_than_the_peak(vocode: Vocode) -> None:
    sound = vocode(constant(20000.0**2, 0.0, 90.0, 1.0))
    assert abs(sound).max() <= PEAK * 32768 + 1


def test_a_pitch_that_is_out_of_range_or_a_single_frame_is_no_harm(vocode: Vocode) -> None:
    for hertz in (1.0, 60.0, 400.0, 1e6):
        assert np.isfinite(vocode(constant(100.0, 0.3, hertz, 1.0))).all()
    assert len(vocode(constant(100.0, 0.3, 100.0, 1.0)[:1])) == HOP
