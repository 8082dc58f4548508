"""Recognisers of all calls: Vosk in a sized pool of threads, each call's sound in its order.

`feed` does not wait for the work, so that a session goes on listening to its line; it waits when
the recogniser is behind, and fails when it stays behind.
"""

import asyncio
import os
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import structlog

from frontline.errors import SettingsError, UnavailableError
from frontline.lang import Language
from frontline.settings import PROJECT, Settings
from frontline.speech_models import Kind, Model, find
from voice_gateway.audio.format import BYTES_PER_MS, SAMPLE_BYTES
from voice_gateway.stt.port import Heard
from voice_gateway.stt.vosk import Decoder, VoskModel

GATHER_MS = 60
"""Frames are heard together, for fewer hops between threads; Vosk decodes some 200 ms at once."""
AHEAD_MS = 500
"""Sound that may wait before `feed` waits, too."""
BEHIND_S = 2.0
"""A recogniser that needs longer for anything is no use on the phone."""
TRIAL_S = 120.0
MOST = 64

log = structlog.get_logger()
T = TypeVar("T")


class VoskRecognisers:
    """Opens recognisers; implements `Recognisers`.

    Args:
        settings: say which models are used.
        threads: that hear; by default one per processor.
        most: recognisers open at once.
        behind_s: how far behind one may be.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        threads: int | None = None,
        most: int = MOST,
        behind_s: float = BEHIND_S,
    ) -> None:
        self._settings = settings
        self._threads = ThreadPoolExecutor(
            threads or len(os.sched_getaffinity(0)), thread_name_prefix="hear"
        )
        self._most = most
        self.behind_s = behind_s
        self._models: dict[Language, VoskModel] = {}
        self._broken: dict[Language, str] = {}
        self._loading: defaultdict[Language, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._open: set[VoskRecogniser] = set()
        self._waited_s = 0.0

    @property
    def count(self) -> int:
        """How many are open."""
        return len(self._open)

    @property
    def waited_s(self) -> float:
        """How long the last piece of work waited for a thread; 0 when nobody calls."""
        return self._waited_s if self._open else 0.0

    async def load(self, language: Language) -> None:
        """Bring a language's model into memory, if it is not there yet.

        Raises:
            SettingsError: it is missing or broken; says the command that mends it. The same again
                until the program is started anew.
        """
        async with self._loading[language]:
            if language in self._broken:
                raise SettingsError(self._broken[language])
            if language in self._models:
                return
            begun = time.monotonic()
            try:
                model = find(self._settings, Kind.VOSK, language)
                await _survives(model)
            except SettingsError as error:
                self._broken[language] = str(error)
                raise
            self._models[language] = await self.run(partial(VoskModel, model.path))
            seconds = round(time.monotonic() - begun, 2)
            log.info("recogniser.loaded", language=language, origin=model.origin, seconds=seconds)

    async def open(self, language: Language) -> "VoskRecogniser":
        """A recogniser for one call.

        Raises:
            UnavailableError: as many are open as may be, those that are are served late, or there
                is no model.
        """
        try:
            await self.load(language)
        except SettingsError as error:
            raise UnavailableError(str(error)) from None
        if self.count >= self._most:
            raise UnavailableError(f"{self._most} calls are heard already")
        if self.waited_s > self.behind_s / 2:
            raise UnavailableError("the calls there are keep the recogniser busy")
        model = self._models[language]
        recogniser = VoskRecogniser(language, model, model.decoder(), self)
        self._open.add(recogniser)
        return recogniser

    async def run(self, work: Callable[[], T]) -> T:
        """Do it in one of the threads."""
        asked = time.monotonic()

        def begun() -> T:
            self._waited_s = time.monotonic() - asked
            return work()

        return await asyncio.get_running_loop().run_in_executor(self._threads, begun)

    def forget(self, recogniser: "VoskRecogniser") -> None:
        """It is closed."""
        self._open.discard(recogniser)

    async def close(self) -> None:
        """Close all that are open and give the models' memory back."""
        for recogniser in tuple(self._open):
            await recogniser.close()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._models.clear()


class VoskRecogniser:
    """Hears one call; implements `Recogniser`."""

    def __init__(
        self, language: Language, model: VoskModel, decoder: Decoder, pool: VoskRecognisers
    ) -> None:
        self.language = language
        self._model = model
        self._decoder: Decoder | None = decoder
        self._pool = pool
        self._waiting = bytearray()
        self._text = ""
        self._utterance = 0
        self._last: asyncio.Task[None] | None = None
        self._failed: str | None = None

    async def feed(self, pcm: bytes) -> str:
        """Hear more; returns the text of this utterance so far, as it may still change.

        The text is that of the sound up to some 60 ms ago: the work goes on meanwhile.

        Args:
            pcm: as `audio.format`, any number of whole samples.

        Raises:
            UnavailableError: it is behind by more than it may be, has failed, or is closed.
        """
        if len(pcm) % SAMPLE_BYTES:
            raise ValueError("half a sample")
        self._check()
        self._waiting += pcm
        self._hear_what_waits()
        if len(self._waiting) > AHEAD_MS * BYTES_PER_MS:
            await self._caught_up()
            self._hear_what_waits()
        return self._text

    async def finish(self) -> Heard:
        """The utterance is over: what it was. What is fed meanwhile belongs to the next one.

        Raises:
            UnavailableError: as for `feed`.
        """
        self._check()
        pcm = self._take()
        self._utterance += 1
        self._text = ""
        found: list[Heard] = []
        self._do(lambda decoder: decoder.finish(pcm), found.append)
        await self._caught_up()
        return found[0]

    async def expect(self, phrases: Sequence[str] | None) -> None:
        """From the next utterance on hear only these, or `[unk]`; None = everything again.

        At once when nobody has said anything yet. Phrases with words that the model does not know
        are left out; if that leaves none, everything is heard.

        Raises:
            UnavailableError: as for `feed`.
        """
        self._check()
        grammar = self._model.grammar(phrases) if phrases is not None else None
        self._do(lambda decoder: decoder.expect(grammar), lambda _: None)
        await self._caught_up()

    async def close(self) -> None:
        """Give its memory back. May be called twice."""
        if self._decoder is None:
            return
        self._pool.forget(self)
        self._waiting.clear()
        self._failed = "the recogniser is closed"
        if self._last is not None:  # what still runs holds its own reference
            await asyncio.wait({self._last}, timeout=self._pool.behind_s)
        self._decoder = None

    def _check(self) -> None:
        if self._failed:
            raise UnavailableError(self._failed)

    def _take(self) -> bytes:
        pcm = bytes(self._waiting)
        self._waiting.clear()
        return pcm

    def _hear_what_waits(self) -> None:
        idle = self._last is None or self._last.done()
        if idle and len(self._waiting) >= GATHER_MS * BYTES_PER_MS:
            pcm, utterance = self._take(), self._utterance

            def understood(text: str) -> None:
                if utterance == self._utterance:
                    self._text = text

            self._do(lambda decoder: decoder.hear(pcm), understood)

    def _do(self, work: Callable[[Decoder], T], then: Callable[[T], None]) -> None:
        """Have a thread do it when everything before it is done; `then` takes what came of it."""
        assert self._decoder is not None  # noqa: S101  `_check` came first
        job = partial(work, self._decoder)
        self._last = asyncio.create_task(self._after(self._last, job, then))

    async def _after(
        self, before: Awaitable[None] | None, work: Callable[[], T], then: Callable[[T], None]
    ) -> None:
        if before is not None:
            await before
        if self._failed:
            return
        try:
            then(await self._pool.run(work))
        except Exception as error:
            log.exception("recogniser.failed", language=self.language)
            self._failed = f"the recogniser failed: {type(error).__name__}"

    async def _caught_up(self) -> None:
        """Wait until all that was asked for is done."""
        last = self._last
        if last is None:
            return
        _, late = await asyncio.wait({last}, timeout=self._pool.behind_s)
        if late and not self._failed:
            log.warning("recogniser.behind", seconds=self._pool.behind_s, language=self.language)
            self._failed = f"the recogniser is more than {self._pool.behind_s:g} s behind"
        self._check()


async def _survives(model: Model) -> None:
    """Try a model in a process of its own: Vosk may end the one that loads it.

    Raises:
        SettingsError: it cannot be used.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "voice_gateway.stt.vosk",
        str(model.path.resolve()),
        cwd=PROJECT,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await asyncio.wait_for(process.communicate(), TRIAL_S)
    except TimeoutError:
        raise SettingsError(f"{model.path} takes too long to load: {model.mend}") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        lines = [line for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
        why = next(
            (line for line in reversed(lines) if "ERROR" in line), (lines or ["it died"])[-1]
        )
        raise SettingsError(f"{model.path} cannot be used ({why[:200]}): {model.mend}")
