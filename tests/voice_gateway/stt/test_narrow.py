"""Few words are listened for, by real recognisers; whoever says something else is heard, too."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from frontline.errors import UnavailableError
from frontline.lang import Language
from frontline.tasks import end
from tests.voice_gateway.stt.conftest import Say
from voice_gateway.audio.format import FRAME_BYTES
from voice_gateway.ear import Ear
from voice_gateway.narrow import narrow_phrases
from voice_gateway.stt.port import Heard
from voice_gateway.stt.recognisers import VoskRecognisers
from voice_gateway.stt.vosk import VoskModel


class Deaf:
    """Voice activity is not the point here."""

    speaking = False

    def hear(self, pcm: bytes, at: float) -> None: ...

    def silence_ms(self, now: float) -> float:
        return 0.0


def fail() -> None:
    raise AssertionError("the ear has failed")


@pytest.fixture(params=["pl", "en"])
async def ear(
    request: pytest.FixtureRequest, recognisers: VoskRecognisers
) -> AsyncIterator[tuple[Ear, Language]]:
    language: Language = request.param
    ear = Ear(recognisers, Deaf(), language, time.monotonic(), fail)
    await ear.open()
    running = asyncio.create_task(ear.run())
    yield ear, language
    await end([running])
    await ear.close()


async def hears(ear: Ear, sound: bytes) -> Heard:
    for place in range(0, len(sound), FRAME_BYTES):
        ear.hear(sound[place : place + FRAME_BYTES], time.monotonic())
        await asyncio.sleep(0)
    return await ear.finish()


SAID: dict[Language, Sequence[str]] = {
    "pl": ("jeden zero cztery siedem trzy jeden", "sto cztery siedemset trzydzieści jeden", "tak",
           "nie", "gdzie jest moja paczka"),
    "en": ("one zero four seven three one", "double four nine", "yes", "no", "where is my parcel"),
}  # fmt: skip


async def test_narrow_answers_and_all_others_are_heard(
    ear: tuple[Ear, Language], say: Say, recognisers: VoskRecognisers
) -> None:
    listening, language = ear
    await listening.expect(narrow_phrases(language))
    for text in SAID[language]:
        heard = await hears(listening, say(text, language))
        assert heard.text == text
    assert recognisers.count == 1  # the second look is closed again
    await listening.expect(None)
    last = SAID[language][-1]
    assert (await hears(listening, say(last, language))).text == last


async def test_what_is_heard_a_second_time_keeps_its_place_in_the_call(
    ear: tuple[Ear, Language], say: Say
) -> None:
    listening, language = ear
    await listening.expect(narrow_phrases(language))
    await hears(listening, say(SAID[language][0], language, 1.0))
    before_ms = len(say(SAID[language][0], language, 1.0)) // 32
    await listening.expect(narrow_phrases(language))
    heard = await hears(listening, say(SAID[language][-1], language, 1.0))
    assert heard.text == SAID[language][-1]
    assert 500 < listening.call_ms(heard.words[0].start_s) - before_ms < 1500


async def test_without_a_free_recogniser_the_first_hearing_counts(
    ear: tuple[Ear, Language],
    say: Say,
    recognisers: VoskRecognisers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def full(_language: Language) -> None:
        raise UnavailableError("as many as may be are open")

    listening, language = ear
    await listening.expect(narrow_phrases(language))
    monkeypatch.setattr(recognisers, "open", full)
    heard = await hears(listening, say(SAID[language][-1], language))
    assert heard.text != SAID[language][-1]


@pytest.mark.parametrize("language", ["pl", "en"])
def test_most_of_the_narrow_words_are_known_to_the_demo_models(
    language: Language, recognisers: VoskRecognisers
) -> None:
    folder = recognisers._settings.model_dump()[f"vosk_model_{language}"]
    model = VoskModel(Path(folder))
    words = {word for phrase in narrow_phrases(language) for word in phrase.split()}
    unknown = {word for word in words if not model.knows(word)}
    assert len(unknown) < len(words) / 10, unknown
