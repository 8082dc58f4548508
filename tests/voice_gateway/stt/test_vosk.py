import json
import random

import numpy as np
import pytest

from frontline.lang import Language
from frontline.settings import Settings
from frontline.speech_models import vosk_path
from tests.voice_gateway.stt.conftest import Say
from voice_gateway.audio.format import BYTES_PER_MS, RATE
from voice_gateway.stt.vosk import Ear, VoskModel, try_model

FRAME = 20 * BYTES_PER_MS


@pytest.fixture(scope="module")
def model(settings: Settings) -> VoskModel:
    return VoskModel(vosk_path(settings, "pl"))


@pytest.fixture
def ear(model: VoskModel) -> Ear:
    return model.ear()


def hear(ear: Ear, sound: bytes, step: int = FRAME) -> str:
    text = ""
    for place in range(0, len(sound), step):
        text = ear.hear(sound[place : place + step])
    return text


@pytest.mark.parametrize(
    ("language", "text"),
    [("pl", "jeden zero cztery siedem trzy jeden"), ("en", "one zero four seven three one")],
)
def test_a_spoken_number_is_heard(
    language: Language, text: str, say: Say, settings: Settings
) -> None:
    ear = VoskModel(vosk_path(settings, language)).ear()
    hear(ear, say(text, language))
    assert ear.finish(b"").text == text


def test_words_come_with_their_times_since_the_recogniser_began(ear: Ear, say: Say) -> None:
    sound = say("tak")
    hear(ear, sound)
    first = ear.finish(b"")
    hear(ear, sound)
    second = ear.finish(b"")
    length_s = len(sound) / RATE / 2
    assert 0.2 < first.words[0].start_s < first.words[0].end_s < length_s
    assert second.words[0].start_s == pytest.approx(first.words[0].start_s + length_s, abs=0.1)
    assert second.confidence > 0.5


def test_pieces_of_any_length_are_heard_alike(ear: Ear, model: VoskModel, say: Say) -> None:
    sound = say("jeden dwa trzy cztery")
    chance = random.Random(1)
    place = 0
    while place < len(sound):
        step = 2 * chance.randint(1, 4000)
        ear.hear(sound[place : place + step])
        place += step
    other = model.ear()
    assert ear.finish(b"").text == other.finish(sound).text == "jeden dwa trzy cztery"


def test_nothing_heard_is_an_empty_result(ear: Ear) -> None:
    assert ear.finish(b"").text == ""
    assert ear.finish(bytes(RATE)).text == ""


def test_a_grammar_is_heard_at_once_and_left_again(ear: Ear, model: VoskModel, say: Say) -> None:
    ear.expect(model.grammar(["tak", "nie"]))
    assert ear.finish(say("nie")).text == "nie"
    assert "cztery" not in ear.finish(say("cztery cztery cztery")).text
    ear.expect(None)
    assert ear.finish(say("cztery cztery cztery")).text == "cztery cztery cztery"


def test_a_grammar_that_comes_while_somebody_speaks_waits_for_the_next_utterance(
    ear: Ear, model: VoskModel, say: Say
) -> None:
    assert hear(ear, say("cztery pięć"))
    ear.expect(model.grammar(["tak", "nie"]))
    assert ear.finish(b"").text == "cztery pięć"
    assert ear.finish(say("tak")).text == "tak"


@pytest.mark.parametrize("phrases", [[], [""], ["   "], ["xyzzyą"], ["tak xyzzyą"]])
def test_a_grammar_without_a_known_phrase_is_none(model: VoskModel, phrases: list[str]) -> None:
    assert model.grammar(phrases) is None


def test_a_grammar_is_json_of_known_phrases_whatever_is_asked(model: VoskModel, ear: Ear) -> None:
    odd = [
        '"',
        "]",
        "\\",
        "tak",
        'nie"',
        "jeden dwa",
        "\0",
        "tak",
        "\ud800",
        "[unk]",
        "<eps>",
        "#0",
    ]
    grammar = model.grammar(odd)
    assert grammar is not None
    assert json.loads(grammar) == ["tak", "jeden dwa", "[unk]"]
    ear.expect(grammar)
    ear.hear(bytes(FRAME))


def test_silence_is_not_decoded_and_words_keep_their_times(ear: Ear, say: Say) -> None:
    hear(ear, bytes(RATE * 2 * 10))
    assert ear._skipped > 8 * RATE * 2
    hear(ear, say("jeden dwa", "pl", 0.4))
    found = ear.finish(b"")
    assert found.text == "jeden dwa"
    assert 10.2 < found.words[0].start_s < 10.7
    hear(ear, bytes(RATE * 2 * 5))
    hear(ear, say("tak"))
    assert 16 < ear.finish(b"").words[0].start_s < 18


def test_a_short_word_amid_silence_is_in_the_text_before_it_is_finished(ear: Ear, say: Say) -> None:
    hear(ear, bytes(RATE * 2 * 3))
    hear(ear, say("tak", "pl", 0.0))
    assert hear(ear, bytes(RATE * 2)) == "tak"
    assert ear.finish(b"").text == "tak"
    assert ear.finish(bytes(RATE * 2 * 3)).text == ""


def test_minutes_of_silence_and_noise_leave_the_next_sentence_alone(ear: Ear, say: Say) -> None:
    for _ in range(20):
        ear.hear(bytes(RATE * 2 * 2))
    noise = (np.random.default_rng(1).standard_normal(RATE * 15) * 500).astype("<i2").tobytes()
    hear(ear, noise, 5 * FRAME)
    hear(ear, bytes(RATE * 2 * 2))
    ear.finish(b"")
    hear(ear, say("tak"))
    assert ear.finish(b"").text == "tak"


def test_somebody_who_never_ends_is_heard_in_parts_and_nothing_is_lost(ear: Ear, say: Say) -> None:
    sound = say("cztery pięć sześć siedem", "pl", 0.4)
    for _ in range(12):
        hear(ear, sound, 3 * FRAME)
    found = ear.finish(b"").text.split()
    assert 45 <= len(found) <= 50
    assert ear.finish(sound).text == "cztery pięć sześć siedem"


def test_a_good_model_survives_its_trial(settings: Settings) -> None:
    try_model(vosk_path(settings, "pl"))
