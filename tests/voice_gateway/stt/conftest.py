from collections.abc import AsyncIterator, Callable
from functools import cache

import numpy as np
import pytest
import soxr

from frontline.espeak import Espeak
from frontline.lang import Language
from frontline.settings import Settings
from frontline.speech_models import Model
from tests.common.speech import demo_models
from voice_gateway.audio.format import RATE
from voice_gateway.stt.recognisers import VoskRecognisers

Say = Callable[..., bytes]
VOICES: dict[Language, str] = {"pl": "pl", "en": "en-us"}


@cache
def spoken(text: str, language: Language, pause_s: float) -> bytes:
    """A synthetic caller, as `audio.format`, with silence on both sides."""
    said = Espeak().speak(text, VOICES[language])
    sound = soxr.resample(said.samples.astype(np.float32), said.rate_hz, RATE) * 0.6
    silence = np.zeros(int(RATE * pause_s))
    return np.concatenate([silence, sound, silence]).astype("<i2").tobytes()


@pytest.fixture
def say() -> Say:
    def say(text: str, language: Language = "pl", pause_s: float = 0.4) -> bytes:
        return spoken(text, language, pause_s)

    return say


@pytest.fixture
def real_trial() -> None:
    """Asked for by tests in which a model is tried in a process of its own."""


@pytest.fixture(autouse=True)
def _trial(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    async def trusted(_model: Model) -> None:
        pass

    if "real_trial" not in request.fixturenames:
        monkeypatch.setattr("voice_gateway.stt.recognisers._survives", trusted)


@pytest.fixture(scope="session")
def settings() -> Settings:
    folder = demo_models()
    return Settings(vosk_model_pl=str(folder / "vosk-pl"), vosk_model_en=str(folder / "vosk-en"))


@pytest.fixture
async def recognisers(settings: Settings) -> AsyncIterator[VoskRecognisers]:
    opened = VoskRecognisers(settings, threads=2, behind_s=30)
    yield opened
    await opened.close()
