"""espeak-ng as a speaker: the caller of `frontline call`, and the teacher of the demo models."""

import atexit
import ctypes
import os
import shutil
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import espeakng_loader
import numpy as np
from numpy.typing import NDArray

from frontline.errors import RefusedError, UnavailableError

MAX_CHARACTERS = 10_000
"""Of one text: about ten minutes of speech."""
LONGEST_PATH = 120
"""espeak-ng keeps 160 bytes for the path of its data and cuts what is longer."""
STRESS = "ˈˌ"
"""IPA signs of stress, which stand in front of a vowel."""

_RETRIEVAL = 2  # AUDIO_OUTPUT_SYNCHRONOUS: samples go to our callback
_OPTIONS = 0x0001 | 0x0002 | 0x8000  # phoneme events, as IPA; an error does not end the process
_UTF8, _CHARACTERS = 1, 1
_IPA_APART = 0x02 | ord("_") << 8  # phonemes as IPA, "_" between them
_WORD, _PHONEME = 1, 7
_RATE, _VOLUME, _PITCH, _RANGE = 1, 2, 3, 4
_lock = threading.Lock()
_library: Any = None
_variants: set[str] = set()


class _Id(ctypes.Union):
    _fields_ = [
        ("number", ctypes.c_int),
        ("name", ctypes.c_char_p),
        ("string", ctypes.c_char * 8),
    ]


class _Event(ctypes.Structure):
    """`espeak_EVENT` of speak_lib.h."""

    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    ]


_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


@dataclass(frozen=True, slots=True)
class Phone:
    """A sound of speech."""

    ipa: str
    """Its IPA name, with stress in front ("ˈɔ"); empty = a pause."""
    start: int
    """The sample at which it begins."""


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word of the text, as espeak-ng divides it."""

    text: str
    phones: tuple[Phone, ...]


@dataclass(frozen=True, slots=True)
class Utterance:
    """What was said."""

    samples: NDArray[np.int16]
    rate_hz: int
    phones: tuple[Phone, ...]
    """All in order, pauses among them."""
    words: tuple[SpokenWord, ...]

    @property
    def duration_s(self) -> float:
        """Length of the sound."""
        return len(self.samples) / self.rate_hz


class Espeak:
    """Speaks; in two processes the same calls in the same order give the same samples.

    The library has one state per process, the phase of its voice for example, so that all
    instances take turns and a repeated call sounds the same but has other samples.

    Args:
        data: a folder like that of espeakng-loader, perhaps with more voices. It counts if this is
            the first instance in the process.

    Raises:
        UnavailableError: the library cannot be loaded.
    """

    def __init__(self, data: Path | None = None) -> None:
        with _lock:
            self._speech, self.rate_hz = _start(data or Path(espeakng_loader.get_data_path()))

    def speak(
        self, text: str, voice: str, *, rate: int = 165, pitch: int = 50, pitch_range: int = 50
    ) -> Utterance:
        """Say `text`.

        Args:
            text: read as plain text; numbers and signs are read as well. Empty = a short silence.
            voice: a language and perhaps a variant of its voice: `pl`, `en-us+f2`.
            rate: words per minute, 80 to 450.
            pitch: 0 to 100.
            pitch_range: 0 (monotonous) to 100.

        Raises:
            RefusedError: an unknown voice, or a text longer than `MAX_CHARACTERS`.
        """
        if len(text) > MAX_CHARACTERS:
            raise RefusedError(f"{len(text)} characters are too many to say at once")
        with _lock:
            self._set(voice, {_RATE: rate, _VOLUME: 100, _PITCH: pitch, _RANGE: pitch_range})
            return self._say(text)

    def pronounce(self, text: str, language: str) -> tuple[str, ...]:
        """IPA names of the phones of `text`, as of `Phone`, without the pauses.

        A palatal consonant is one name here ("vʲ"), spoken it is two phones. Fifty times as fast
        as speaking. Errors as of `speak`.
        """
        if len(text) > MAX_CHARACTERS:
            raise RefusedError(f"{len(text)} characters are too many to say at once")
        with _lock:
            self._set(language, {})
            translate = self._speech.espeak_TextToPhonemes
            translate.restype = ctypes.c_char_p
            data = ctypes.create_string_buffer(text.replace("\0", " ").encode("utf-8", "replace"))
            rest = ctypes.c_void_p(ctypes.addressof(data))
            names: list[str] = []
            while rest.value:  # it moves on clause by clause
                said = translate(ctypes.byref(rest), _UTF8, _IPA_APART)
                names += (said or b"").decode("utf-8", "replace").replace(" ", "_").split("_")
        return tuple(name for name in names if name)

    def _set(self, voice: str, parameters: dict[int, int]) -> None:
        _, _, variant = voice.partition("+")
        known = not variant or variant in _variants  # an unknown one would be passed over
        if not known or self._speech.espeak_SetVoiceByName(voice.encode()):
            raise RefusedError(f"espeak-ng has no voice {voice!r}")
        for parameter, value in parameters.items():
            self._speech.espeak_SetParameter(parameter, value, 0)
        self._speech.espeak_ng_SetRandSeed(ctypes.c_long(1))  # of its noise; else by the clock

    def _say(self, text: str) -> Utterance:
        sound: list[NDArray[np.int16]] = []
        phones: list[Phone] = []
        words: list[tuple[str, int]] = []

        def heard(samples: Any, count: int, events: Any) -> int:
            if samples and count:
                sound.append(np.ctypeslib.as_array(samples, (count,)).copy())
            for place in range(1 << 16):
                event = events[place]
                if event.type == 0:
                    break
                if event.type == _WORD:
                    begin = event.text_position - 1
                    words.append((text[begin : begin + event.length], len(phones)))
                elif event.type == _PHONEME:
                    phones.append(Phone(_name(event.id), event.sample))
            return 0

        callback = _CALLBACK(heard)
        self._speech.espeak_SetSynthCallback(callback)
        data = text.replace("\0", " ").encode("utf-8", "replace")
        size = ctypes.c_size_t(len(data) + 1)
        failed = self._speech.espeak_Synth(data, size, 0, _CHARACTERS, 0, _UTF8, None, None)
        if failed:
            raise UnavailableError(f"espeak-ng failed with code {failed}")
        self._speech.espeak_Synchronize()
        samples = np.concatenate(sound) if sound else np.zeros(0, np.int16)
        return Utterance(samples, self.rate_hz, tuple(phones), _words(words, phones))


def _words(begun: list[tuple[str, int]], phones: list[Phone]) -> tuple[SpokenWord, ...]:
    ends = [*(first for _, first in begun), len(phones)][1:]
    return tuple(
        SpokenWord(text, tuple(phone for phone in phones[first:end] if phone.ipa))
        for (text, first), end in zip(begun, ends, strict=True)
    )


def _name(identity: Any) -> str:
    return bytes(identity.string).split(b"\0")[0].decode("utf-8", "replace")


def _start(folder: Path) -> tuple[Any, int]:
    """The library and the sample rate of its speech; loaded once per process."""
    global _library
    if _library is None:
        try:
            library = ctypes.CDLL(espeakng_loader.get_library_path())
        except OSError as error:
            raise UnavailableError(f"espeak-ng cannot be loaded: {error}") from None
        data = _short(folder)
        rate = library.espeak_Initialize(_RETRIEVAL, 0, os.fsencode(data), _OPTIONS)
        if rate <= 0:
            raise UnavailableError("espeak-ng does not find its data")
        _library = library, rate
        _variants.update(path.name for path in (folder / "voices" / "!v").iterdir())
    library, rate = _library
    return library, rate


def _short(data: Path) -> Path:
    """`data`, or a link to it where its path is too long for espeak-ng."""
    if len(os.fsencode(data)) <= LONGEST_PATH:
        return data
    folder = tempfile.mkdtemp(prefix="espeak")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    link = Path(folder) / data.name
    link.symlink_to(data)
    return link
