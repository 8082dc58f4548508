import numpy as np
import pytest

from frontline.espeak import Espeak, Phone
from tools.speech.acoustic import (
    CEPSTRA,
    CONTEXT,
    MOVEMENTS,
    SHORTEST_S,
    Network,
    projection,
    seen,
    stretched,
)
from tools.speech.channel import Lines, Speech, line_by_chance, telephone
from tools.speech.lexicon import Dictionary, lexicon, merged
from tools.speech.mfcc import BINS, cepstra, mfcc


def test_the_projection_is_what_the_network_learnt_from() -> None:
    features = np.random.default_rng(1).standard_normal((40, BINS)).astype(np.float32)
    inputs = seen(features, np.array([CONTEXT]))
    assert inputs.shape == (1, CEPSTRA * MOVEMENTS)
    whole = features[: 2 * CONTEXT + 1].reshape(-1)  # the frames in Kaldi's order
    assert np.allclose(projection() @ whole, inputs[0], atol=1e-4)


def test_short_phones_take_time_from_their_neighbours() -> None:
    begins = stretched([0.0, 0.30, 0.31, 0.50], 0.8)
    assert begins[0] == 0.0
    assert begins[2] - begins[1] == pytest.approx(SHORTEST_S)
    assert begins == sorted(begins)


def test_a_network_learns_to_tell_apart() -> None:
    dice = np.random.default_rng(1)
    network = Network([2, 16, 2], dice)
    inputs = dice.standard_normal((256, 2)).astype(np.float32)
    outputs = (inputs[:, 0] * inputs[:, 1] > 0).astype(np.int16)
    first = network.step(inputs, outputs, 0.02)
    for _ in range(200):
        last = network.step(inputs, outputs, 0.02)
    assert last > 0.95 > first


def test_powers_over_a_line_are_like_the_sound_over_it() -> None:
    dice = np.random.default_rng(2)
    said = Espeak().speak("gdzie jest moje zamówienie", "pl+m1")
    sound = np.pad(said.samples, 6000)
    import soxr

    wide = soxr.resample(sound.astype(np.float32), said.rate_hz, 16000)
    for _ in range(6):
        line = line_by_chance(dice, narrow=True)
        short = cepstra(Lines(dice).energies(Speech.of(wide), line))[:, :CEPSTRA]
        long = mfcc(telephone(sound, said.rate_hz, dice, line))[:, :CEPSTRA]
        frames = min(len(short), len(long))
        speaking = slice(60, frames - 60)
        apart = np.abs(short[speaking, 1:] - long[speaking, 1:]).mean()
        assert apart < 0.5 * long[speaking, 1:].std()


def test_palatal_sounds_are_one_phone() -> None:
    phones = [Phone("n", 0), Phone("", 5), Phone("ɲ", 9), Phone("ʲ", 12), Phone("ˈɛ", 15)]
    assert merged(phones) == [("n", 0), ("SIL", 5), ("ɲʲ", 9), ("ɛ", 15)]


def test_words_have_the_pronunciations_that_were_heard() -> None:
    espeak = Espeak()
    dictionary = Dictionary(espeak, "pl")
    words = ("w", "sobotę", "proszę")
    dictionary.hear(words, espeak.speak(" ".join(words), "pl"))
    dictionary.hear(("not", "these"), espeak.speak("tak", "pl"))
    heard = dictionary.in_sentences()
    assert set(heard) == set(words)
    every = {phone for ways in heard.values() for way in ways for phone in way} | {"v", "ɨ"}
    made = lexicon(dictionary, ["w", "sobotę", "żubr"], heard, every)
    assert made["w"] == [("v", "ɨ"), ("f",)]
    assert "żubr" not in made  # it has sounds that were not trained
