"""What the bot's answers sound like is understood by the demo recogniser, over a telephone."""

import re
from pathlib import Path

import pytest

from frontline.lang import Language
from tests.common.speech import demo_models
from voice_gateway.audio.format import BYTES_PER_MS, RATE
from voice_gateway.audio.g711 import decode_alaw, encode_alaw
from voice_gateway.audio.resample import resampler
from voice_gateway.stt.vosk import Decoder, VoskModel
from voice_gateway.tts.piper import PiperVoices

WRONG_WORDS = 0.2
"""Of all words. With the small models 6 % (pl) and 13 % (en) were measured, of espeak-ng itself
8 % and 8 to 14 %: most are the recogniser's. Of a broken voice it would be more than half."""
SENTENCES: dict[Language, list[str]] = {
    "pl": [
        "W jakim języku rozmawiamy?",
        "Pieniądze nie są jeszcze oddane.",
        "Od kiedy widać tę wadę?",
        "Dla kogo jest faktura?",
        "Przepraszam, teraz nie mogę połączyć z konsultantem.",
        "W czym jeszcze mogę pomóc?",
        "Proszę zachować opakowanie i zrobić zdjęcia.",
        "Na jaki adres wysłać odpowiedź?",
        "Potrzebny jest numer telefonu.",
        "Jeden, zero, cztery, siedem, dwa, jeden.",
    ],
    "en": [
        "Since when has the fault been there?",
        "An agent can check why the account is blocked.",
        "What should I change?",
        "The payment is booked.",
        "Shall I send this request?",
        "Shall I connect you with an agent now?",
        "We apologise for the trouble.",
        "To hear the question again, press star.",
        "An agent can tell you what is still possible.",
        "One, zero, four, seven, three, one.",
    ],
}
_CHUNK = 200 * BYTES_PER_MS
_AROUND = bytes(300 * BYTES_PER_MS)


@pytest.fixture(scope="module")
def models() -> Path:
    return demo_models()


def over_the_line(pcm: bytes) -> bytes:
    """Through an 8 kHz A-law telephone and back."""
    narrow, wide = resampler(RATE, 8_000), resampler(8_000, RATE)
    return wide.convert(decode_alaw(encode_alaw(narrow.convert(pcm))))


def heard(decoder: Decoder, pcm: bytes) -> list[str]:
    for start in range(0, len(pcm), _CHUNK):
        decoder.hear(pcm[start : start + _CHUNK])
    return decoder.finish(b"").text.split()


def wrong(said: list[str], understood: list[str]) -> int:
    """Words that are missing, too many, or others."""
    row = list(range(len(understood) + 1))
    for place, word in enumerate(said, 1):
        before, row[0] = row[0], place
        for at, other in enumerate(understood, 1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (word != other))
    return row[-1]


def test_wrong_words_are_counted() -> None:
    assert wrong(["a", "b", "c"], ["a", "b", "c"]) == 0
    assert wrong(["a", "b", "c"], ["a", "x", "c", "d"]) == 2
    assert wrong(["a", "b"], []) == 2


@pytest.mark.parametrize("language", ["pl", "en"])
async def test_what_the_voice_says_over_the_telephone_is_understood(
    models: Path, language: Language
) -> None:
    voices = PiperVoices({language: models / f"piper-{language}" / "voice.onnx"})
    decoder = VoskModel(models / f"vosk-{language}").decoder()
    errors, words = 0, 0
    misheard = {}
    for text in SENTENCES[language]:
        pcm = b"".join([piece async for piece in voices.speak(text, language)])
        said = re.findall(r"[\w']+", text.lower())
        understood = heard(decoder, over_the_line(_AROUND + pcm + _AROUND))
        if understood != said:
            misheard[text] = " ".join(understood)
        errors += wrong(said, understood)
        words += len(said)
    voices.close()
    assert errors / words <= WRONG_WORDS, misheard
