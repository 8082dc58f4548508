import numpy as np
import pytest

from frontline.espeak import Phone, Utterance
from tools.speech.voice_alignment import boundaries


def spoken(*phones: tuple[str, int], samples: int = 1000) -> Utterance:
    sounds = tuple(Phone(ipa, start) for ipa, start in phones)
    return Utterance(np.zeros(samples, np.int16), 1000, sounds, ())


def test_each_symbol_begins_where_its_sound_does() -> None:
    said = spoken(("t", 100), ("ˈa", 200), ("k", 400), ("", 600), ("d", 700), ("a", 800))
    times = boundaries("tˈak, da.", said)
    #                      t    ˈ    a    k    ,    ␣    d    a    .
    assert times is not None
    assert times == pytest.approx([0.1, 0.2, 0.2, 0.4, 0.6, 0.7, 0.7, 0.8, 1.0, 1.0])


def test_the_points_of_a_sound_share_its_time() -> None:
    said = spoken(("d", 0), ("ˈaɪ", 100), ("z", 300), ("ɲ", 400), ("ɔ̃", 500), ("j", 700))
    times = boundaries("dˈaɪzɲɔ\N{COMBINING TILDE}j", said)
    assert times is not None
    assert times == pytest.approx([0, 0.1, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 1.0])


def test_a_sound_that_is_not_found_takes_no_time() -> None:
    sounds = [
        (letter, 10 * place) for place, letter in enumerate("taktaktaktaktaktaktaktaktaktaktak")
    ]
    symbols = "taktaktaktaktaktaktaktaktaktaktaxk"
    times = boundaries(symbols, spoken(*sounds, samples=330))
    assert times is not None
    place = symbols.index("x")
    assert times[place] == times[place + 1] == pytest.approx(0.32)


def test_a_sentence_that_was_said_otherwise_is_refused() -> None:
    assert boundaries("tak", spoken(("n", 0), ("ɛ", 100))) is None
    assert boundaries("tak", spoken()) is None
