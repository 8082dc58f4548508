"""How soon a voice on the telephone is noticed, what is taken for one, and what it costs.

Beside it the measure that most gateways use: the level above the noise for 60 ms.
"""

import time
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from benchmarks.report import percentile, report
from frontline.espeak import Espeak
from voice_gateway.audio.format import FRAME_BYTES, FRAME_MS, RATE
from voice_gateway.audio.g711 import decode_alaw, encode_alaw
from voice_gateway.audio.levels import dbfs
from voice_gateway.audio.resample import resample, resampler
from voice_gateway.audio.vad import SpeechEnded, SpeechStarted, new_vad

TEXTS = (
    ("pl", "gdzie jest moje zamówienie"),
    ("pl", "chcę rozmawiać z konsultantem"),
    ("pl", "halo czy ktoś mnie słyszy"),
    ("pl", "proszę powtórzyć"),
    ("pl", "tak"),
    ("en-us", "where is my order"),
    ("en-us", "I want to talk to a person"),
    ("en-us", "please say that again"),
    ("en-us", "wait"),
    ("en-us", "no thank you"),
)
VARIANTS = ("", "+m5", "+f4", "+f2")
LEVELS_DBFS = (-32, -24, -16)
ONSET_DB = -25.0
"""The first frame that is so near to the loudest one is the onset, as in a capture of packets."""
NOISE_S = 20
NOISE_DBFS = (-50, -40, -30, -22)
LEVEL_ABOVE_DB, LEVEL_MS = 9.0, 60

Sound = NDArray[np.float64]


def main() -> None:
    """Measure and print."""
    delays: list[float] = []
    ends: list[float] = []
    level_delays: list[float] = []
    began, frames = time.thread_time(), 0
    for sound, onset, end in callers():
        started, ended = heard(sound)
        frames += len(sound) // FRAME_BYTES
        delays.append((started[0] - onset) * 1000 if started else 2000.0)
        ends += [(ended[-1] - end) * 1000] if ended else []
        level_delays += [(at - onset) * 1000 for at in by_level(sound)[:1]]
    cpu_ms = (time.thread_time() - began) / frames * 1000
    alarms, level_alarms, minutes = 0, 0, 0.0
    for sound in noises():
        alarms += len(heard(sound)[0])
        level_alarms += len(by_level(sound))
        minutes += NOISE_S / 60
    metrics = {
        "onset_p50_ms": percentile(delays, 50),
        "onset_p95_ms": percentile(delays, 95),
        "end_late_p50_ms": percentile(ends, 50),
        "end_late_p95_ms": percentile(ends, 95),
        "false_alarms_per_minute": alarms / minutes,
        "cpu_ms_per_frame": cpu_ms,
    }
    peer = {
        "onset_p50_ms": percentile(level_delays, 50),
        "onset_p95_ms": percentile(level_delays, 95),
        "false_alarms_per_minute": level_alarms / minutes,
    }
    report("voice_activity", metrics, peer, "peer: the level 9 dB above the noise for 60 ms")


def callers() -> Iterator[tuple[bytes, float, float]]:
    """Utterances on a telephone after 2 s of silence, with their true onset and end in seconds."""
    espeak = Espeak()
    for number, (voice, text) in enumerate(TEXTS):
        for variant in VARIANTS:
            said = espeak.speak(text, voice + variant)
            speech = resample(said.samples.astype(np.float32), said.rate_hz, RATE)
            level = LEVELS_DBFS[number % len(LEVELS_DBFS)]
            loud = speech * (10 ** (level / 20) * 32768 / np.sqrt(np.mean(speech**2)))
            sound = telephone(np.concatenate([np.zeros(2 * RATE), loud, np.zeros(RATE)]))
            levels = np.array(frame_levels(sound))
            near = np.flatnonzero(levels > levels.max() + ONSET_DB)
            yield sound, near[0] * FRAME_MS / 1000, (near[-1] + 1) * FRAME_MS / 1000


def noises() -> Iterator[bytes]:
    """Sounds without a voice: steady and swelling noise, clicks, hum, key tones, chords."""
    dice = np.random.default_rng(4)
    count = NOISE_S * RATE
    moment = np.arange(count) / RATE
    white = dice.normal(size=count)
    brown = np.convolve(white, 0.95 ** np.arange(200), "same")
    swell = brown * (1.2 + np.sin(moment))
    clicks = white * (np.exp(-(moment * 3 % 1) * 60))
    hum = np.sum([np.sin(2 * np.pi * 50 * k * moment) / k for k in range(1, 30)], axis=0)
    keys = (np.sin(2 * np.pi * 770 * moment) + np.sin(2 * np.pi * 1336 * moment)) * (
        moment % 1 < 0.15
    )
    root = 220 * 2 ** (np.floor(moment * 2) * 7 % 12 / 12)
    tones = [
        np.sin(2 * np.pi * np.cumsum(root * ratio * k) / RATE) / k
        for ratio in (1, 1.26, 1.5)
        for k in (1, 2, 3, 4)
    ]
    chords = np.sum(tones, axis=0) * np.exp(-(moment * 2 % 1) * 2)
    sounds: list[Sound] = [white, brown, swell, clicks, hum, keys, chords]
    for sound in sounds:
        for level in NOISE_DBFS:
            yield telephone(sound / np.std(sound) * 10 ** (level / 20) * 32768)


def telephone(sound: Sound) -> bytes:
    """Through A-law at 8 kHz and back."""
    pcm = np.clip(sound, -32768, 32767).astype("<i2").tobytes()
    line = encode_alaw(resampler(RATE, 8000).convert(pcm))
    return resampler(8000, RATE).convert(decode_alaw(line))


def heard(sound: bytes) -> tuple[list[float], list[float]]:
    """When voices were noticed, and when their last sounds were, in seconds."""
    vad = new_vad()
    events = [
        event
        for place in range(0, len(sound), FRAME_BYTES)
        for event in vad.hear(sound[place : place + FRAME_BYTES], _end_s(place))
    ]
    events += vad.hear(b"", _end_s(len(sound)) + 1)
    started = [event.at for event in events if isinstance(event, SpeechStarted)]
    return started, [event.since for event in events if isinstance(event, SpeechEnded)]


def by_level(sound: bytes) -> list[float]:
    """When the level alone would have noticed a voice."""
    found: list[float] = []
    noise, loud_ms, since_loud_ms = -60.0, 0, 1000
    for place, level in enumerate(frame_levels(sound)):
        loud = level > max(noise + LEVEL_ABOVE_DB, -45.0)
        noise += (level - noise) * (0.3 if level < noise else 0.02)
        loud_ms = loud_ms + FRAME_MS if loud else 0
        if loud_ms == LEVEL_MS and since_loud_ms > 200:
            found.append((place + 1) * FRAME_MS / 1000)
        since_loud_ms = 0 if loud and loud_ms >= LEVEL_MS else since_loud_ms + FRAME_MS
    return found


def frame_levels(sound: bytes) -> list[float]:
    """Levels of its frames, in dBFS."""
    places = range(0, len(sound) - FRAME_BYTES + 1, FRAME_BYTES)
    return [dbfs(sound[place : place + FRAME_BYTES]) for place in places]


def _end_s(place: int) -> float:
    return (place // FRAME_BYTES + 1) * FRAME_MS / 1000


if __name__ == "__main__":
    main()
