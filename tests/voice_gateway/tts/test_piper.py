import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from frontline.errors import SettingsError, UnavailableError
from tests.voice_gateway.tts.beeper import write_beeper
from voice_gateway.audio.format import RATE, SAMPLE_BYTES, duration_ms
from voice_gateway.audio.levels import TARGET_DBFS, dbfs
from voice_gateway.tts import piper
from voice_gateway.tts.piper import PiperVoices


@pytest.fixture(scope="module")
def beeper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_beeper(tmp_path_factory.mktemp("voice"))


@pytest.fixture
def voices(beeper: Path, tmp_path: Path) -> Iterator[PiperVoices]:
    voices = PiperVoices({"pl": beeper}, tmp_path / "sounds")
    yield voices
    voices.close()


class Making:
    """Counts what is really made."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pieces: list[str] = []
        self._make = piper._synthesised
        monkeypatch.setattr(piper, "_synthesised", self)

    def __call__(self, voice: object, piece: str) -> bytes:
        self.pieces.append(piece)
        return self._make(voice, piece)


@pytest.fixture
def making(monkeypatch: pytest.MonkeyPatch, voices: PiperVoices) -> Making:
    return Making(monkeypatch)


async def said(voices: PiperVoices, text: str) -> list[bytes]:
    return [pcm async for pcm in voices.speak(text, "pl")]


async def test_every_sentence_is_a_piece_of_sound(voices: PiperVoices) -> None:
    first, second = await said(voices, "Dzień dobry. W czym mogę pomóc?")
    assert 300 < duration_ms(first) < duration_ms(second)
    assert len(first) % SAMPLE_BYTES == 0


async def test_the_first_piece_comes_before_the_rest_is_made(
    voices: PiperVoices, making: Making
) -> None:
    pieces = voices.speak("Raz. Dwa. Trzy.", "pl")
    await anext(pieces)
    assert making.pieces == ["Raz."]


async def test_who_stops_listening_stops_the_work(voices: PiperVoices, making: Making) -> None:
    async for _ in voices.speak("Raz. Dwa. Trzy.", "pl"):
        break
    await asyncio.sleep(0)
    assert making.pieces == ["Raz."]


async def test_what_was_said_is_not_made_again(voices: PiperVoices, making: Making) -> None:
    assert await said(voices, "Raz. Dwa.") == await said(voices, "Raz. Dwa.")
    assert making.pieces == ["Raz.", "Dwa."]


async def test_only_fixed_prompts_are_kept_on_disk(
    beeper: Path, tmp_path: Path, making: Making
) -> None:
    folder = tmp_path / "sounds"
    voices = PiperVoices({"pl": beeper}, folder)
    await voices.warm(["Dzień dobry."], "pl")
    await said(voices, "Pana adres to Długa pięć.")
    voices.close()
    assert len(list(folder.iterdir())) == 1
    making.pieces.clear()

    again = PiperVoices({"pl": beeper}, folder)
    making.pieces.clear()  # of the trial at its start
    await again.warm(["Dzień dobry."], "pl")
    await said(again, "Dzień dobry.")
    again.close()

    assert making.pieces == []


async def test_another_voice_does_not_use_the_sounds_of_the_first(
    beeper: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "sounds"
    other = write_beeper(tmp_path / "other", rate=22_050)
    for path in (beeper, other):
        voices = PiperVoices({"pl": path}, folder)
        await voices.warm(["Dzień dobry."], "pl")
        voices.close()
    assert len(list(folder.iterdir())) == 2


async def test_a_folder_that_cannot_be_written_is_done_without(
    beeper: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    voices = PiperVoices({"pl": beeper}, tmp_path / "file" / "sounds")
    await voices.warm(["Dzień dobry."], "pl")
    assert await said(voices, "Dzień dobry.")
    voices.close()


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100])
async def test_every_voice_comes_out_at_the_gateways_rate(rate: int, tmp_path: Path) -> None:
    voices = PiperVoices({"pl": write_beeper(tmp_path, rate=rate)})
    (pcm,) = await said(voices, "Tak.")
    voices.close()
    spectrum = np.abs(np.fft.rfft(np.frombuffer(pcm, "<i2").astype(float)))
    tone_hz = spectrum.argmax() / len(pcm) * SAMPLE_BYTES * RATE
    assert tone_hz == pytest.approx(440, abs=5)


@pytest.mark.parametrize("size", [0.05, 0.5, 4.0])
async def test_every_voice_is_equally_loud(size: float, tmp_path: Path) -> None:
    voices = PiperVoices({"pl": write_beeper(tmp_path, size=size)})
    (pcm,) = await said(voices, "Proszę chwilę poczekać.")
    voices.close()
    voiced = pcm[: len(pcm) // 2]
    assert dbfs(voiced) == pytest.approx(TARGET_DBFS, abs=0.5)


@pytest.mark.parametrize("text", ["", " ", "...", "!!! – ?", "\n\n", "🙂", "\u200b"])
async def test_nothing_to_say_gives_nothing(voices: PiperVoices, text: str) -> None:
    assert await said(voices, text) == []


@pytest.mark.parametrize(
    "text", ["[[ˈa]] tak", "<speak>tak</speak>", "\0tak", "\ud800 tak", "a" * 5000, "tak " * 2000]
)
async def test_no_text_is_too_strange(voices: PiperVoices, text: str) -> None:
    assert await said(voices, text)


def test_a_missing_voice_names_what_brings_it(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"voice\.onnx.* is missing.*frontline models fetch pl"):
        PiperVoices({"pl": tmp_path / "voice.onnx"})


@pytest.mark.parametrize("content", [b"", b"no model", None])
def test_a_broken_model_names_what_mends_it(content: bytes | None, tmp_path: Path) -> None:
    path = write_beeper(tmp_path)
    path.write_bytes(path.read_bytes()[:200] if content is None else content)
    with pytest.raises(SettingsError, match=r"is no Piper voice.*frontline models fetch pl"):
        PiperVoices({"pl": path})


@pytest.mark.parametrize("config", ["", "[]", "{}", '{"audio": 1}'])
def test_a_broken_description_names_what_mends_it(config: str, tmp_path: Path) -> None:
    path = write_beeper(tmp_path)
    path.with_name("voice.onnx.json").write_text(config)
    with pytest.raises(SettingsError, match="is no Piper voice"):
        PiperVoices({"pl": path})


def test_a_voice_of_another_program_is_refused(tmp_path: Path) -> None:
    path = write_beeper(tmp_path)
    config = path.with_name("voice.onnx.json")
    ids = {"a": [10_000]}
    config.write_text(json.dumps(json.loads(config.read_text()) | {"phoneme_id_map": ids}))
    with pytest.raises(SettingsError, match="is no Piper voice"):
        PiperVoices({"pl": path})


async def test_a_language_without_a_voice(voices: PiperVoices) -> None:
    with pytest.raises(UnavailableError, match="no voice for en"):
        _ = [pcm async for pcm in voices.speak("Hello.", "en")]


async def test_a_failure_of_the_runtime_is_not_the_callers_text(
    voices: PiperVoices, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("Anna Kowalska")

    monkeypatch.setattr(voices._voices["pl"].voice, "synthesize", fail)
    with pytest.raises(UnavailableError) as caught:
        await said(voices, "Anna Kowalska.")
    assert "Anna" not in str(caught.value)
    await voices.warm(["Anna."], "pl")  # goes on without


async def test_a_voice_that_hangs_is_given_up(
    voices: PiperVoices, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    monkeypatch.setattr(piper, "PIECE_S", 0.05)
    monkeypatch.setattr(piper, "_synthesised", lambda *_: over.wait(20) and b"")
    with pytest.raises(UnavailableError, match="took more than"):
        await said(voices, "Raz.")
    over.set()


async def test_too_many_at_once_are_refused(
    voices: PiperVoices, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    monkeypatch.setattr(piper, "MOST_WAITING", 3)
    monkeypatch.setattr(piper, "_synthesised", lambda *_: over.wait(20) and b"\0\0")
    waiting = [asyncio.create_task(said(voices, f"{word}.")) for word in ("Raz", "Dwa", "Trzy")]
    await asyncio.sleep(0)
    with pytest.raises(UnavailableError, match="too much"):
        await said(voices, "Cztery.")
    over.set()
    assert await asyncio.gather(*waiting) == [[b"\0\0"]] * 3
    assert voices._waiting == 0
