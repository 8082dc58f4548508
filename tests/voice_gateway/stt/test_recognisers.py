import asyncio
import gc
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from frontline.errors import SettingsError, UnavailableError
from frontline.settings import Settings
from frontline.speech_models import vosk_path
from tests.voice_gateway.stt.conftest import Say
from voice_gateway.audio.format import BYTES_PER_MS, FRAME_BYTES
from voice_gateway.stt.recognisers import VoskRecogniser, VoskRecognisers
from voice_gateway.stt.vosk import Decoder

ORDER = "jeden zero cztery siedem trzy jeden"


async def feed(recogniser: VoskRecogniser, sound: bytes) -> None:
    for place in range(0, len(sound), FRAME_BYTES):
        await recogniser.feed(sound[place : place + FRAME_BYTES])


async def test_a_call_is_heard_utterance_by_utterance(
    recognisers: VoskRecognisers, say: Say
) -> None:
    recogniser = await recognisers.open("pl")
    await feed(recogniser, say(ORDER))
    heard = await recogniser.finish()
    assert heard.text == ORDER
    assert heard.confidence > 0.5
    await recogniser.expect(["tak", "nie"])
    await feed(recogniser, say("nie"))
    assert (await recogniser.finish()).text == "nie"
    assert (await recogniser.finish()).text == ""


async def test_the_text_so_far_grows_while_somebody_speaks(
    recognisers: VoskRecognisers, say: Say
) -> None:
    recogniser = await recognisers.open("pl")
    seen: list[str] = []
    sound = say(ORDER)
    for place in range(0, len(sound), 100 * BYTES_PER_MS):
        seen.append(await recogniser.feed(sound[place : place + 100 * BYTES_PER_MS]))
        if recogniser._last is not None:
            await recogniser._last
    assert seen[0] == ""
    assert "jeden zero" in seen
    await recogniser.finish()
    assert await recogniser.feed(b"") == ""


async def test_what_is_fed_while_finishing_belongs_to_the_next_utterance(
    recognisers: VoskRecognisers, say: Say
) -> None:
    recogniser = await recognisers.open("pl")
    await feed(recogniser, say("jeden dwa"))
    finishing = asyncio.create_task(recogniser.finish())
    await asyncio.sleep(0)
    await feed(recogniser, say("trzy cztery"))
    assert (await finishing).text == "jeden dwa"
    assert (await recogniser.finish()).text == "trzy cztery"


async def test_calls_in_both_languages_do_not_mix(recognisers: VoskRecognisers, say: Say) -> None:
    async def call(text: str, language: Any) -> str:
        recogniser = await recognisers.open(language)
        await feed(recogniser, say(text, language))
        heard = await recogniser.finish()
        await recogniser.close()
        return heard.text

    said = [("jeden dwa trzy", "pl"), ("four five six", "en")] * 4
    assert await asyncio.gather(*(call(*one) for one in said)) == [text for text, _ in said]
    assert recognisers.count == 0


async def test_one_recogniser_never_works_in_two_threads(
    recognisers: VoskRecognisers, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = threading.Lock()
    hear, finish = Decoder.hear, Decoder.finish

    def alone(method: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(self: Decoder, pcm: bytes) -> Any:
            assert busy.acquire(blocking=False)
            try:
                return method(self, pcm)
            finally:
                busy.release()

        return guarded

    monkeypatch.setattr(Decoder, "hear", alone(hear))
    monkeypatch.setattr(Decoder, "finish", alone(finish))
    recogniser = await recognisers.open("pl")
    sound = say("jeden dwa trzy")
    feeds = [recogniser.feed(sound[p : p + 4_000]) for p in range(0, len(sound), 4_000)]
    await asyncio.gather(*feeds)
    heard = await asyncio.gather(recogniser.finish(), recogniser.finish())
    assert [h.text for h in heard] == ["jeden dwa trzy", ""]


async def test_half_a_sample_is_refused(recognisers: VoskRecognisers) -> None:
    recogniser = await recognisers.open("pl")
    with pytest.raises(ValueError, match="half a sample"):
        await recogniser.feed(b"\0\0\0")


async def test_a_recogniser_that_stays_behind_says_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = VoskRecognisers(settings, threads=1, behind_s=0.05)
    stop = threading.Event()
    recogniser = await slow.open("pl")
    monkeypatch.setattr(Decoder, "hear", lambda *_: stop.wait(30) and "")
    try:
        with pytest.raises(UnavailableError, match=r"more than 0\.05 s behind"):
            await feed(recogniser, bytes(1000 * FRAME_BYTES))
        assert len(recogniser._waiting) < 600 * BYTES_PER_MS
        with pytest.raises(UnavailableError, match="behind"):
            await recogniser.finish()
    finally:
        stop.set()
        await slow.close()


async def test_busy_threads_take_no_more_calls(settings: Settings) -> None:
    pool = VoskRecognisers(settings, threads=1, behind_s=0.05)
    await pool.open("pl")
    stop = threading.Event()
    held = asyncio.create_task(pool.run(lambda: stop.wait(30)))
    waiting = asyncio.create_task(pool.run(lambda: True))
    await asyncio.sleep(0.1)
    stop.set()
    await asyncio.gather(held, waiting)
    with pytest.raises(UnavailableError, match="busy"):
        await pool.open("pl")
    await pool.close()


async def test_a_recogniser_that_breaks_is_unavailable(
    recognisers: VoskRecognisers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError("Failed to process waveform")

    recogniser = await recognisers.open("pl")
    monkeypatch.setattr(Decoder, "finish", broken)
    with pytest.raises(UnavailableError, match="failed: RuntimeError"):
        await recogniser.finish()
    with pytest.raises(UnavailableError, match="failed"):
        await recogniser.feed(bytes(FRAME_BYTES))


async def test_no_more_are_opened_than_may_be(settings: Settings) -> None:
    pool = VoskRecognisers(settings, threads=1, most=2)
    first, _second = await pool.open("pl"), await pool.open("en")
    with pytest.raises(UnavailableError, match="2 calls"):
        await pool.open("pl")
    await first.close()
    await first.close()
    await pool.open("pl")
    await pool.close()
    assert pool.count == 0


async def test_a_closed_recogniser_hears_nothing(recognisers: VoskRecognisers, say: Say) -> None:
    recogniser = await recognisers.open("pl")
    await recogniser.feed(say("tak"))
    await recogniser.close()
    for call in (recogniser.feed(bytes(2)), recogniser.finish(), recogniser.expect(None)):
        with pytest.raises(UnavailableError, match="closed"):
            await call


async def test_memory_does_not_grow_over_five_hundred_calls(
    recognisers: VoskRecognisers, say: Say
) -> None:
    sound = say("tak", "pl", 0.1)

    async def call() -> None:
        recogniser = await recognisers.open("pl")
        await recogniser.expect(["tak", "nie"])
        await recogniser.feed(sound)
        await recogniser.finish()
        await recogniser.close()

    process = psutil.Process()
    for _ in range(50):
        await call()
    gc.collect()
    before = process.memory_info().rss
    for _ in range(500):
        await call()
    gc.collect()
    assert process.memory_info().rss - before < 5_000_000


def broken_copy(settings: Settings, tmp_path: Path, name: str, content: bytes | None) -> Settings:
    folder = tmp_path / "broken"
    shutil.copytree(vosk_path(settings, "pl").resolve(), folder)
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    return Settings(vosk_model_pl=str(folder))


@pytest.mark.usefixtures("real_trial")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("am/final.mdl", None),
        ("am/final.mdl", b"\0B<TransitionModel> "),
        ("am/final.mdl", b"not a model at all"),
        ("graph/HCLr.fst", bytes(500)),
        ("conf/mfcc.conf", b"--sample-frequency=48000\n"),
    ],
)
async def test_a_broken_model_is_said_with_what_mends_it_and_ends_nothing(
    settings: Settings, tmp_path: Path, name: str, content: bytes | None
) -> None:
    pool = VoskRecognisers(broken_copy(settings, tmp_path, name, content), threads=1)
    with pytest.raises(SettingsError, match=r"correct FRONTLINE_VOSK_MODEL_PL.*models fetch pl"):
        await pool.load("pl")
    with pytest.raises(UnavailableError, match="models fetch pl"):
        await pool.open("pl")
    await pool.close()


@pytest.mark.usefixtures("real_trial")
async def test_a_good_model_is_tried_once_and_used(settings: Settings) -> None:
    pool = VoskRecognisers(settings, threads=1)
    await asyncio.gather(pool.load("pl"), pool.load("pl"))
    assert (await pool.open("pl")).language == "pl"
    await pool.close()
