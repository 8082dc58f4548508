import math
import struct
import time

import numpy as np
import pytest

from frontline.espeak import Espeak
from voice_gateway.audio.format import FRAME_BYTES, FRAME_MS, RATE
from voice_gateway.audio.resample import resampler
from voice_gateway.audio.vad import (
    LOOK_BACK_MS,
    Event,
    Sensitivity,
    SpeechEnded,
    SpeechStarted,
    Vad,
    new_vad,
)

QUIET = bytes(FRAME_BYTES)
LOUD = struct.pack("<320h", *(int(9000 * math.sin(n / 5)) for n in range(320)))
SENSITIVE = Sensitivity(at_once=0.5, together=0.9, hangover_ms=120)


class ScriptedModel:
    """Says of each window what it is told to."""

    def __init__(self, likelihood: float = 0.0) -> None:
        self.likelihood = likelihood
        self.asked = self.resets = 0

    def __call__(self, window: bytes) -> float:
        assert len(window) == 1024
        self.asked += 1
        return self.likelihood

    def reset(self) -> None:
        self.resets += 1


class Line:
    """Brings frames to a `Vad`, 20 ms apart."""

    def __init__(self, sensitivity: Sensitivity = SENSITIVE) -> None:
        self.model = ScriptedModel()
        self.vad = Vad((self.model, self.model), sensitivity)
        self.now = 100.0

    def hear(self, frame: bytes, ms: int, likelihood: float = 0.0) -> list[Event]:
        self.model.likelihood = likelihood
        events: list[Event] = []
        for _ in range(ms // FRAME_MS):
            self.now += FRAME_MS / 1000
            events += self.vad.hear(frame, self.now)
        return events


@pytest.fixture
def line() -> Line:
    line = Line()
    line.hear(QUIET, 400)
    return line


def test_a_voice_begins_and_ends(line: Line) -> None:
    (started,) = line.hear(LOUD, 500, 0.9)
    assert isinstance(started, SpeechStarted)
    assert line.vad.speaking
    assert line.vad.silence_ms(line.now) == 0.0
    end = line.now

    (ended,) = line.hear(QUIET, 500)

    assert ended == SpeechEnded(pytest.approx(end + 0.12), pytest.approx(end))
    assert not line.vad.speaking
    assert line.vad.silence_ms(line.now) == pytest.approx(500)


def test_a_voice_is_noticed_within_two_windows(line: Line) -> None:
    begin = line.now
    (started,) = line.hear(LOUD, 200, 0.9)
    assert started.at - begin <= 0.065


def test_a_less_likely_voice_has_to_last(line: Line) -> None:
    assert line.hear(LOUD, 40, 0.35) == []
    assert line.hear(LOUD, 100, 0.0) == []
    assert len(line.hear(LOUD, 120, 0.35)) == 1


def test_what_stays_unlikely_is_no_voice(line: Line) -> None:
    assert line.hear(LOUD, 2000, 0.15) == []


def test_the_beginning_is_looked_for_in_what_was_heard_before(line: Line) -> None:
    begin = line.now
    line.hear(LOUD, 160, 0.1)  # a soft consonant
    (started,) = line.hear(LOUD, 100, 0.9)
    assert started.since == pytest.approx(begin)


def test_it_is_looked_back_no_further_than_300_ms(line: Line) -> None:
    line.hear(LOUD, 2000, 0.1)
    (started,) = line.hear(LOUD, 100, 0.9)
    assert started.at - started.since == pytest.approx(LOOK_BACK_MS / 1000, abs=0.001)


def test_a_short_pause_within_a_word_ends_nothing(line: Line) -> None:
    line.hear(LOUD, 300, 0.9)
    assert line.hear(QUIET, 100, 0.9) == []
    assert line.vad.silence_ms(line.now) == 0.0
    assert line.hear(LOUD, 200, 0.9) == []


def test_noise_is_not_a_voice_however_loud(line: Line) -> None:
    assert line.hear(LOUD, 3000, 0.02) == []
    assert line.vad.silence_ms(line.now) > 3000


def test_what_goes_on_after_a_voice_does_not_prolong_it(line: Line) -> None:
    line.hear(LOUD, 300, 0.9)
    (ended,) = line.hear(LOUD, 400, 0.02)
    assert isinstance(ended, SpeechEnded)


def test_a_sender_that_falls_silent_without_saying_so_ends_the_voice(line: Line) -> None:
    line.hear(LOUD, 300, 0.9)
    end = line.now
    assert line.vad.silence_ms(end + 0.05) == 0.0
    assert line.vad.silence_ms(end + 0.2) == pytest.approx(200)
    line.now += 5.0

    (ended,) = line.hear(QUIET, 20)

    assert ended.since == pytest.approx(end)
    assert line.model.resets >= 1


def test_a_voice_after_a_gap_begins_anew(line: Line) -> None:
    line.hear(LOUD, 300, 0.9)
    line.now += 1.0
    kinds = [type(event) for event in line.hear(LOUD, 300, 0.9)]
    assert kinds == [SpeechEnded, SpeechStarted]


def test_packets_that_come_late_are_no_gap(line: Line) -> None:
    line.hear(LOUD, 300, 0.9)
    line.now += 0.05
    assert line.hear(LOUD, 100, 0.9) == []


def test_silence_is_not_shown_to_the_model() -> None:
    line = Line()
    line.hear(QUIET, 3000)
    assert line.model.asked == 0


def test_steady_noise_is_learnt_and_not_shown_either(line: Line) -> None:
    line.hear(LOUD, 60_000)
    asked = line.model.asked
    line.hear(LOUD, 1000)
    assert line.model.asked == asked


def test_the_sensitivity_may_change_at_any_moment(line: Line) -> None:
    line.vad.sensitivity = Sensitivity(at_once=2.0, together=9.0)
    assert line.hear(LOUD, 200, 0.9) == []
    line.vad.sensitivity = SENSITIVE
    assert len(line.hear(LOUD, 60, 0.9)) == 1


@pytest.mark.parametrize("cut", [2, 320, 642, 5000, 32_000])
def test_sound_may_be_cut_anywhere(cut: int) -> None:
    sound = QUIET * 20 + LOUD * 20 + QUIET * 20
    model = ScriptedModel(0.9)
    vad, events = Vad((model, model), SENSITIVE), []
    for place in range(0, len(sound), cut):
        part = sound[place : place + cut]
        events += vad.hear(part, (place + len(part)) / (2 * RATE))
    started, ended = events
    assert 0.4 <= started.at <= 0.48
    assert ended.since == pytest.approx(0.8, abs=0.001)


def test_nothing_was_heard_yet() -> None:
    vad = Vad((ScriptedModel(), ScriptedModel()))
    assert vad.silence_ms(5.0) == 0.0
    assert vad.hear(b"", 5.0) == []
    assert vad.silence_ms(6.0) == pytest.approx(1000)


# The real model.


def telephone(text: str, voice: str) -> bytes:
    utterance = Espeak().speak(text, voice)
    narrow = resampler(utterance.rate_hz, 8000).convert((utterance.samples // 2).tobytes())
    return resampler(8000, RATE).convert(narrow)


def listen(vad: Vad, sound: bytes, start: float = 0.0) -> list[Event]:
    frames = [sound[at : at + FRAME_BYTES] for at in range(0, len(sound), FRAME_BYTES)]
    return [
        event
        for n, frame in enumerate(frames)
        for event in vad.hear(frame, start + (n + 1) * FRAME_MS / 1000)
    ]


@pytest.mark.parametrize(
    ("text", "voice"), [("gdzie jest moje zamówienie", "pl+f2"), ("where is my order", "en-us+m3")]
)
def test_speech_over_a_telephone_is_noticed_at_once(text: str, voice: str) -> None:
    speech = telephone(text, voice)
    events = listen(new_vad(), QUIET * 50 + speech + QUIET * 25)
    assert isinstance(events[0], SpeechStarted)
    assert 1.0 <= events[0].at <= 1.2
    assert isinstance(events[-1], SpeechEnded)
    assert events[-1].since == pytest.approx(1.0 + len(speech) / 2 / RATE, abs=0.15)


@pytest.mark.parametrize("level", [100, 1000, 4000])
def test_noise_is_no_speech(level: int) -> None:
    noise = np.random.default_rng(1).normal(0, level, 10 * RATE)
    pcm = np.clip(noise, -32768, 32767).astype("<i2").tobytes()
    assert listen(new_vad(), pcm) == []


def test_two_calls_do_not_hear_each_other() -> None:
    speech = QUIET * 20 + telephone("chcę rozmawiać z konsultantem", "pl") + QUIET * 20
    alone = listen(new_vad(), speech)
    first, second, events = new_vad(), new_vad(), []
    noise = np.random.default_rng(2).normal(0, 2000, 320).astype("<i2").tobytes()
    for n in range(len(speech) // FRAME_BYTES + 1):
        frame = speech[n * FRAME_BYTES :][:FRAME_BYTES]
        events += first.hear(frame, (n + 1) * FRAME_MS / 1000)
        second.hear(noise, (n + 1) * FRAME_MS / 1000)
    assert events == alone


def test_a_frame_takes_little_of_the_event_loop() -> None:
    speech = telephone("proszę powiedzieć gdzie jest moje zamówienie", "pl")
    began = time.thread_time()
    vad = new_vad()
    listen(vad, speech)
    frames = len(speech) / FRAME_BYTES
    assert (time.thread_time() - began) / frames < 0.002  # 0.1 ms when nothing else runs
