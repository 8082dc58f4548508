"""Piper voices, one per language; the only place that knows Piper."""

import asyncio
import hashlib
import json
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import structlog
from piper import PiperConfig, PiperVoice, SynthesisConfig

from frontline.errors import SettingsError, UnavailableError
from frontline.lang import Language
from frontline.lang.speakable import speakable
from frontline.speech_models import MAKE_DEMO
from voice_gateway.audio.format import BYTES_PER_MS, RATE
from voice_gateway.audio.levels import levelled, to_pcm, trimmed
from voice_gateway.audio.resample import resample
from voice_gateway.tts.cache import DiskCache, MemoryCache
from voice_gateway.tts.pieces import pieces

log = structlog.get_logger()

WORKERS = 2
MOST_WAITING = 32
"""Pieces that wait for a worker; with more, the answer would come too late anyway."""
PIECE_S = 15.0
"""A piece that takes longer has failed."""
MADE_AS = b"1"
"""To be changed with whatever changes the sound, so that old files are not used."""

_PAUSES_MS = {".": 240, "?": 240, "!": 240, "…": 240, ",": 110, ";": 160, ":": 160}
"""Silence behind a piece; Piper's own differs from voice to voice."""
_CUT_MS = 30
_PROBE: dict[Language, str] = {"pl": "Dzień dobry.", "en": "Good day."}


@dataclass(frozen=True, slots=True)
class _Loaded:
    voice: PiperVoice
    identity: bytes
    """Stands for the voice and how it is used, in keys of sounds."""


class PiperVoices:
    """The `Voice` of the port.

    Sound is made piece by piece and only when it is asked for. The transport takes two seconds
    ahead of what is played, so the next piece is made while the one before is heard.

    Args:
        paths: the `.onnx` file of each language; its `.onnx.json` stands beside it.
        folder: where the sound of fixed prompts is kept; None = nowhere.
        workers: pieces made at the same time.

    Raises:
        SettingsError: a voice is missing or broken.
    """

    def __init__(
        self, paths: Mapping[Language, Path], folder: Path | None = None, workers: int = WORKERS
    ) -> None:
        self._voices = {language: _load(path, language) for language, path in paths.items()}
        self._memory = MemoryCache()
        self._disk = DiskCache(folder) if folder else None
        self._workers = ThreadPoolExecutor(workers, thread_name_prefix="piper")
        self._waiting = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def speak(self, text: str, language: Language) -> AsyncIterator[bytes]:
        """See `Voice.speak`."""
        for piece in pieces(speakable(text, language), language):
            pcm = await self._sound(piece, language, fixed=False)
            if pcm:
                yield pcm

    async def warm(self, texts: Iterable[str], language: Language) -> None:
        """Make the sound of fixed prompts ahead of time, while no call has anything to say.

        With a folder they are kept there alone, without one in memory.
        """
        began, made = time.monotonic(), 0
        for text in texts:
            for piece in pieces(speakable(text, language), language):
                await self._idle.wait()
                try:
                    await self._sound(piece, language, fixed=True)
                    made += 1
                except UnavailableError as error:
                    log.warning("tts.not_warmed", language=language, error=str(error))
        took = round(time.monotonic() - began, 1)
        log.info("tts.warmed", language=language, pieces=made, took_s=took)

    def close(self) -> None:
        """Stop the workers; what they are at is finished first."""
        self._workers.shutdown(wait=True, cancel_futures=True)

    async def _sound(self, piece: str, language: Language, *, fixed: bool) -> bytes:
        loaded = self._voices.get(language)
        if loaded is None:
            raise UnavailableError(f"there is no voice for {language}")
        key = _key(loaded, piece)
        known = self._memory.get(key)
        if known is not None:
            return known
        if self._waiting >= MOST_WAITING:
            raise UnavailableError("the voice has too much to say at once")
        self._waiting += 1
        self._idle.clear()
        try:
            work = asyncio.get_running_loop().run_in_executor(
                self._workers, self._make, loaded, piece, key, fixed
            )
            pcm = await asyncio.wait_for(work, PIECE_S)
        except TimeoutError:
            raise UnavailableError(f"the voice took more than {PIECE_S:.0f} s") from None
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._idle.set()
        if not (fixed and self._disk):
            self._memory.put(key, pcm)
        return pcm

    def _make(self, loaded: _Loaded, piece: str, key: str, fixed: bool) -> bytes:
        """In a worker: the sound from disk, or made."""
        known = self._disk.get(key) if self._disk else None
        if known is not None:
            return known
        pcm = _synthesised(loaded.voice, piece)
        if fixed and self._disk:
            self._disk.put(key, pcm)
        return pcm


def _load(path: Path, language: Language) -> _Loaded:
    config_path = path.with_name(f"{path.name}.json")
    try:
        model, config = path.read_bytes(), config_path.read_bytes()
        voice = PiperVoice(
            session=_session(model), config=PiperConfig.from_dict(json.loads(config))
        )
        _synthesised(
            voice, _PROBE[language]
        )  # the first time takes longer, and shows what is wrong
    except FileNotFoundError as error:
        raise SettingsError(_mend(f"{error.filename} is missing", language)) from None
    except Exception as error:  # whatever a damaged file makes of the runtime
        what = f"{path} is no Piper voice ({type(error).__name__})"
        raise SettingsError(_mend(what, language)) from None
    return _Loaded(voice, hashlib.sha256(MADE_AS + model + config).digest())


def _mend(what: str, language: Language) -> str:
    return f"{what}: run `{MAKE_DEMO}` for the demo voice or `frontline models fetch {language}`"


def _session(model: bytes) -> onnxruntime.InferenceSession:
    """One thread per piece: several calls speak at once, and threads of one piece would spin."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # else memory is kept for every length of a sentence
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _key(loaded: _Loaded, piece: str) -> str:
    return hashlib.sha256(loaded.identity + piece.encode("utf-8", "replace")).hexdigest()


def _synthesised(voice: PiperVoice, piece: str) -> bytes:
    """The sound of a piece and the pause behind it.

    Raises:
        UnavailableError: Piper has failed.
    """
    plain = "".join(sign for sign in piece if sign.isprintable())
    plain = plain.replace("[[", "").replace("]]", "")  # Piper would take it for phonemes
    settings = SynthesisConfig(normalize_audio=False)
    try:
        chunks = [chunk.audio_float_array for chunk in voice.synthesize(plain, settings)]
    except Exception as error:  # Piper and its runtime raise what they like; texts stay out of it
        raise UnavailableError(f"the voice has failed ({type(error).__name__})") from None
    if not chunks:
        return b""
    rate = voice.config.sample_rate
    speech = trimmed(np.nan_to_num(np.concatenate(chunks)), rate)
    if not speech.size:
        return b""
    pcm = to_pcm(resample(levelled(speech, rate), rate, RATE))
    return pcm + bytes(_PAUSES_MS.get(plain.rstrip("\"'”’»)] ")[-1:], _CUT_MS) * BYTES_PER_MS)
