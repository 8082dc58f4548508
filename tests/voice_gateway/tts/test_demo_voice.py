"""The demo voice, heard over a telephone by the demo recogniser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from frontline.lang import Language
from tests.common.speech import demo_models
from voice_gateway.audio.format import FRAME_BYTES, RATE, duration_ms
from voice_gateway.audio.levels import TARGET_DBFS, dbfs
from voice_gateway.audio.resample import resampler
from voice_gateway.audio.vad import SpeechStarted, new_vad
from voice_gateway.stt.vosk import VoskModel
from voice_gateway.tts.piper import PiperVoices

TEXTS: list[tuple[Language, str, str]] = [
    ("pl", "Zamówienie 104731. Tak, proszę.", "zamówienie sto cztery siedemset trzydzieści jeden"),
    ("en", "Order 104731. Yes, please.", "order one zero four seven three one"),
]


@pytest.fixture(scope="module")
def folder() -> Path:
    return demo_models()


@pytest.fixture(scope="module")
def voices(folder: Path) -> Iterator[PiperVoices]:
    languages: tuple[Language, ...] = ("pl", "en")
    voices = PiperVoices(
        {language: folder / f"piper-{language}/voice.onnx" for language in languages}
    )
    yield voices
    voices.close()


@pytest.mark.parametrize(("language", "text", "words"), TEXTS)
async def test_it_is_understood(
    folder: Path, voices: PiperVoices, language: Language, text: str, words: str
) -> None:
    pieces = [pcm async for pcm in voices.speak(text, language)]
    narrow = resampler(RATE, 8000).convert(b"".join(pieces))
    wide = resampler(8000, RATE).convert(narrow)
    ear = VoskModel(folder / f"vosk-{language}").decoder()
    for place in range(0, len(wide), 6400):
        ear.hear(wide[place : place + 6400])
    heard = ear.finish(bytes(RATE)).text.split()
    assert len(set(words.split()) - set(heard)) <= 1, heard


@pytest.mark.parametrize(("language", "text", "words"), TEXTS)
async def test_it_is_as_loud_as_every_voice_and_begins_at_once(
    voices: PiperVoices, language: Language, text: str, words: str
) -> None:
    first, second = [pcm async for pcm in voices.speak(text, language)]
    assert duration_ms(first) > duration_ms(second)
    for pcm in (first, second):
        loudest = max(dbfs(pcm[at : at + FRAME_BYTES]) for at in range(0, len(pcm), FRAME_BYTES))
        assert TARGET_DBFS < loudest < TARGET_DBFS + 14
    vad = new_vad()
    frames = range(0, len(first), FRAME_BYTES)
    events = [e for at in frames for e in vad.hear(first[at : at + FRAME_BYTES], at / 32_000)]
    assert isinstance(events[0], SpeechStarted)
    assert events[0].at < 0.3
