import json
import random

import numpy as np
import pytest

from frontline.lang import Language
from frontline.settings import Settings
from frontline.speech_models import vosk_path
from tests.voice_gateway.stt.conftest import Say
from voice_gateway.audio.format import BYTES_PER_MS, RATE
from voice_gateway.stt.vosk import Decoder, VoskModel, try_model

FRAME = 20 * BYTES_PER_MS


@pytest.fixture(scope="module")
def model(settings: Settings) -> VoskModel:
    return VoskModel(vosk_path(settings, "pl"))


@pytest.fixture
def decoder(model: VoskModel) -> Decoder:
    return model.decoder()


def hear(decoder: Decoder, sound: bytes, step: int = FRAME) -> str:
    text = ""
    for place in range(0, len(sound), step):
        text = decoder.hear(sound[place : place + step])
    return text


@pytest.mark.parametrize(
    ("language", "text"),
    [("pl", "jeden zero cztery siedem trzy jeden"), ("en", "one zero four seven three one")],
)
def test_a_spoken_number_is_heard(
    language: Language, text: str, say: Say, settings: Settings
) -> None:
    decoder = VoskModel(vosk_path(settings, language)).decoder()
    hear(decoder, say(text, language))
    assert decoder.finish(b"").text == text


def test_words_come_with_their_times_since_the_recogniser_began(decoder: Decoder, say: Say) -> None:
    sound = say("tak")
    hear(decoder, sound)
    first = decoder.finish(b"")
    hear(decoder, sound)
    second = decoder.finish(b"")
    length_s = len(sound) / RATE / 2
    assert 0.2 < first.words[0].start_s < first.words[0].end_s < length_s
    assert second.words[0].start_s == pytest.approx(first.words[0].start_s + length_s, abs=0.1)
    assert second.confidence > 0.5


def test_pieces_of_any_length_are_heard_alike(decoder: Decoder, model: VoskModel, say: Say) -> None:
    sound = say("jeden dwa trzy cztery")
    chance = random.Random(1)
    place = 0
    while place < len(sound):
        step = 2 * chance.randint(1, 4000)
        decoder.hear(sound[place : place + step])
        place += step
    other = model.decoder()
    assert decoder.finish(b"").text == other.finish(sound).text == "jeden dwa trzy cztery"


def test_nothing_heard_is_an_empty_result(decoder: Decoder) -> None:
    assert decoder.finish(b"").text == ""
    assert decoder.finish(bytes(RATE)).text == ""


def test_a_grammar_is_heard_at_once_and_left_again(
    decoder: Decoder, model: VoskModel, say: Say
) -> None:
    decoder.expect(model.grammar(["tak", "nie"]))
    assert decoder.finish(say("nie")).text == "nie"
    assert "cztery" not in decoder.finish(say("cztery cztery cztery")).text
    decoder.expect(None)
    assert decoder.finish(say("cztery cztery cztery")).text == "cztery cztery cztery"


def test_a_grammar_that_comes_while_somebody_speaks_waits_for_the_next_utterance(
    decoder: Decoder, model: VoskModel, say: Say
) -> None:
    assert hear(decoder, say("cztery pięć"))
    decoder.expect(model.grammar(["tak", "nie"]))
    assert decoder.finish(b"").text == "cztery pięć"
    assert decoder.finish(say("tak")).text == "tak"


@pytest.mark.parametrize("phrases", [[], [""], ["   "], ["xyzzyą"], ["tak xyzzyą"]])
def test_a_grammar_without_a_known_phrase_is_none(model: VoskModel, phrases: list[str]) -> None:
    assert model.grammar(phrases) is None


def test_a_grammar_is_json_of_known_phrases_whatever_is_asked(
    model: VoskModel, decoder: Decoder
) -> None:
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
    decoder.expect(grammar)
    decoder.hear(bytes(FRAME))


def test_silence_is_not_decoded_and_words_keep_their_times(decoder: Decoder, say: Say) -> None:
    hear(decoder, bytes(RATE * 2 * 10))
    assert decoder._skipped > 8 * RATE * 2
    hear(decoder, say("jeden dwa", "pl", 0.4))
    found = decoder.finish(b"")
    assert found.text == "jeden dwa"
    assert 10.2 < found.words[0].start_s < 10.7
    hear(decoder, bytes(RATE * 2 * 5))
    hear(decoder, say("tak"))
    assert 16 < decoder.finish(b"").words[0].start_s < 18


def test_a_short_word_amid_silence_is_in_the_text_before_it_is_finished(
    decoder: Decoder, say: Say
) -> None:
    hear(decoder, bytes(RATE * 2 * 3))
    hear(decoder, say("tak", "pl", 0.0))
    assert hear(decoder, bytes(RATE * 2)) == "tak"
    assert decoder.finish(b"").text == "tak"
    assert decoder.finish(bytes(RATE * 2 * 3)).text == ""


def test_minutes_of_silence_and_noise_leave_the_next_sentence_alone(
    decoder: Decoder, say: Say
) -> None:
    for _ in range(20):
        decoder.hear(bytes(RATE * 2 * 2))
    noise = (np.random.default_rng(1).standard_normal(RATE * 15) * 500).astype("<i2").tobytes()
    hear(decoder, noise, 5 * FRAME)
    hear(decoder, bytes(RATE * 2 * 2))
    decoder.finish(b"")
    hear(decoder, say("tak"))
    assert decoder.finish(b"").text == "tak"


def test_somebody_who_never_ends_is_heard_in_parts_and_nothing_is_lost(
    decoder: Decoder, say: Say
) -> None:
    sound = say("cztery pięć sześć siedem", "pl", 0.4)
    for _ in range(12):
        hear(decoder, sound, 3 * FRAME)
    found = decoder.finish(b"").text.split()
    assert 45 <= len(found) <= 50
    assert decoder.finish(sound).text == "cztery pięć sześć siedem"


def test_a_good_model_survives_its_trial(settings: Settings) -> None:
    try_model(vosk_path(settings, "pl"))
