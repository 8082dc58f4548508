"""What callers say, as telephones send it: espeak-ng in voices that the demo models never heard."""

import wave
from functools import cache
from pathlib import Path

import numpy as np
import soxr

from frontline.espeak import Espeak
from tools.telephony.rtp import SILENCE
from voice_gateway.audio.g711 import encode_alaw

RATE_HZ = 8000
LEVEL = 2500.0
"""Root mean square of what is said, about -22 dB: a usual telephone's."""
EDGE = 400.0
"""What is quieter than this at either end is cut off: it would not count as voice on the wire."""


@cache
def _espeak() -> Espeak:
    return Espeak()


@cache
def pcm(text: str, voice: str) -> bytes:
    """`text` said, 16-bit little-endian samples at 8 kHz, without silence at its ends."""
    said = _espeak().speak(text, voice)
    samples = soxr.resample(said.samples.astype(np.float64), said.rate_hz, RATE_HZ)
    samples *= LEVEL / max(1.0, float(np.sqrt(np.mean(samples**2))))
    loud = np.flatnonzero(np.abs(samples) > EDGE)
    if len(loud):
        samples = samples[loud[0] : loud[-1] + 1]
    return bytes(np.clip(samples, -32768, 32767).astype("<i2").tobytes())


def alaw(text: str, voice: str) -> bytes:
    """The same as A-law, in whole 20 ms frames."""
    data = encode_alaw(pcm(text, voice))
    return data + SILENCE[: -len(data) % len(SILENCE)]


def tone(seconds: float, hertz: float = 440.0) -> bytes:
    """A sine: how an agent's telephone sounds that nobody speaks into."""
    times = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    return bytes((4000 * np.sin(2 * np.pi * hertz * times)).astype("<i2").tobytes())


def share_of_tone(samples: bytes, hertz: float = 440.0) -> float:
    """How much of the energy is at this pitch, 0 to 1; `samples` as of `pcm`."""
    values = np.frombuffer(samples, "<i2").astype(np.float64)
    power = np.abs(np.fft.rfft(values)) ** 2
    pitches = np.fft.rfftfreq(len(values), 1 / RATE_HZ)
    near = power[np.abs(pitches - hertz) < 20].sum()
    return float(near / max(power.sum(), 1.0))


def write_wav(path: Path, samples: bytes) -> None:
    """A file for telephones that play files."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples)
