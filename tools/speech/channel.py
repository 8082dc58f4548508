"""Telephone lines, made up by chance: as sound, and in short on the powers that are trained on."""

from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

from tools.speech.mfcc import MEL, RATE_HZ, Floats, frames_in, power_spectra
from voice_gateway.audio.g711 import decode_alaw, decode_ulaw, encode_alaw, encode_ulaw

LINE_HZ = 8_000
SPECTRUM = np.linspace(0, RATE_HZ / 2, MEL.shape[1])
"""Frequencies of the FFT's bins."""

COMPANDING = 10**-3.7
"""Power of G.711's noise relative to the speech in the same moment."""

Dice = np.random.Generator
Sound = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Line:
    """What a telephone line does to speech."""

    level_db: float
    """Of the loudest sample, below full scale."""
    low_hz: float
    """The line is deaf below; 0 = it is not."""
    high_hz: float
    """And above."""
    tilt_db: float
    """How much louder the highest than the lowest frequencies are."""
    resonance: tuple[float, float, float]
    """Place and width in Hz, height in dB: a telephone's little loudspeaker or the hand on it."""
    snr_db: float | None
    """Of the noise in the room; None = there is silence."""
    colour: float
    """The noise falls with frequency to this power: 0 = white."""
    companded: bool
    """Goes through G.711."""
    narrow: bool
    """Nothing above 4 kHz: a telephone and not a browser."""

    def response(self, hertz: NDArray[np.float64]) -> NDArray[np.float64]:
        """Gain of the amplitude by frequency."""
        gain = np.ones_like(hertz)
        if self.low_hz:
            gain *= (hertz / self.low_hz) ** 4 / (1 + (hertz / self.low_hz) ** 4)
            gain /= 1 + (hertz / self.high_hz) ** 16
        place, width, height = self.resonance
        decibels = self.tilt_db * (hertz / 4000 - 0.5)
        decibels += height * np.exp(-(((hertz - place) / width) ** 2))
        gain *= 10 ** (np.minimum(decibels, 20) / 20)
        return gain

    def noise(self, hertz: NDArray[np.float64]) -> NDArray[np.float64]:
        """Amplitude of the noise by frequency, of any size."""
        return np.asarray((hertz + 30.0) ** -self.colour)


def line_by_chance(dice: Dice, *, narrow: bool | None = None) -> Line:
    """A line as the demo models are trained on, and measured over."""
    banded = dice.random() < 0.6
    return Line(
        level_db=dice.uniform(-24, -1),
        low_hz=dice.uniform(100, 350) if banded else 0.0,
        high_hz=dice.uniform(3000, 3800),
        tilt_db=dice.uniform(-16, 16),
        resonance=(dice.uniform(300, 3400), dice.uniform(200, 800), dice.uniform(-6, 6)),
        snr_db=dice.uniform(8, 45) if dice.random() < 0.75 else None,
        colour=dice.uniform(0, 0.6),
        companded=bool(dice.random() < 0.5),
        narrow=bool(dice.random() < 0.5) if narrow is None else narrow,
    )


def telephone(samples: Sound, rate_hz: int, dice: Dice, line: Line | None = None) -> Sound:
    """Speech as the gateway hears it: over an 8 kHz line, then brought to 16 kHz.

    Args:
        samples: what was said, with the pauses around it.
        rate_hz: of `samples`.
        dice: decides on the line, and makes its noise.
        line: which line instead.
    """
    line = line or line_by_chance(dice, narrow=True)
    speech = soxr.resample(samples.astype(np.float32), rate_hz, LINE_HZ)
    spectrum = np.fft.rfft(speech)
    hertz = np.linspace(0, LINE_HZ / 2, len(spectrum))
    speech = np.fft.irfft(spectrum * line.response(hertz), len(speech))
    speech *= 32767 * 10 ** (line.level_db / 20) / (np.abs(speech).max() + 1e-6)
    if line.snr_db is not None:
        noise = np.fft.rfft(dice.standard_normal(len(speech)))
        sound = np.fft.irfft(noise * line.noise(hertz), len(speech))
        active = speech[np.abs(speech) > 0.01 * np.abs(speech).max()]
        size = np.sqrt((active**2).mean()) * 10 ** (-line.snr_db / 20)
        speech += sound * (size / sound.std())
    pcm = np.clip(np.round(speech), -32768, 32767).astype("<i2")
    if line.companded:
        law = (encode_alaw, decode_alaw), (encode_ulaw, decode_ulaw)
        encode, decode = law[int(dice.integers(2))]
        pcm = np.frombuffer(decode(encode(pcm.tobytes())), "<i2")
    wide = soxr.resample(pcm.astype(np.float32), LINE_HZ, RATE_HZ)
    return np.asarray(np.clip(np.round(wide), -32768, 32767), np.int16)


class Lines:
    """Puts lines between speech and its mel energies.

    Working on powers saves making the sound again for each line: it costs a hundredth. The noise
    is measured once from real noise, so that its frames vary and overlap as they should.
    """

    FRAMES = 3000

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        samples = (self.FRAMES + 3) * RATE_HZ // 100
        self._noise = power_spectra(dice.standard_normal(samples).astype(np.float32))

    def energies(self, speech: "Speech", line: Line) -> Floats:
        """Mel energies of speech over a line: (frames, 40)."""
        gain = (10 ** (line.level_db / 20) * 32767 / speech.peak) ** 2
        response = line.response(SPECTRUM) ** 2
        open_below = np.ones_like(SPECTRUM)
        if line.narrow:
            open_below = 1 / (1 + (SPECTRUM / self._dice.uniform(3600, 3950)) ** 60)
        heard = gain * response * open_below
        energies: Floats = speech.power @ (MEL * heard).T.astype(np.float32)
        if line.snr_db is not None:
            shape = line.noise(SPECTRUM) ** 2
            shape /= shape[SPECTRUM < LINE_HZ / 2].mean() if line.narrow else shape.mean()
            # Half of the noise's power lies in the half of the spectrum that a narrow line has.
            half = 2.0 if line.narrow else 1.0
            loud = gain * speech.loudness * 10 ** (-line.snr_db / 10) * half
            energies += self._noise_like(energies, loud * shape * open_below)
        if line.companded:
            coded = self._noise_like(energies, 2 * COMPANDING * (SPECTRUM < LINE_HZ / 2))
            energies += coded * (gain * speech.squares[:, None])
        rounding = self._noise_like(energies, np.full_like(SPECTRUM, 1 / 12))
        sounding = (speech.squares > 0) | (line.snr_db is not None)
        return energies + rounding * sounding[:, None]

    def _noise_like(self, energies: Floats, shape: NDArray[np.floating]) -> Floats:
        """Mel energies of a piece of noise whose power has that shape."""
        start = self._dice.integers(0, self.FRAMES - len(energies))
        noise = self._noise[start : start + len(energies)]
        made: Floats = noise @ (MEL * shape).T.astype(np.float32)
        return made


@dataclass(frozen=True, slots=True)
class Speech:
    """An utterance as `Lines` needs it."""

    power: Floats
    """(frames, FFT bins)."""
    squares: Floats
    """Mean square of the samples in each frame."""
    peak: float
    loudness: float
    """Mean square while there is speech."""

    @classmethod
    def of(cls, samples: Floats) -> "Speech":
        """Measure 16 kHz samples."""
        power = power_spectra(samples)
        view = np.lib.stride_tricks.sliding_window_view(samples, RATE_HZ // 40)
        squares = (view[:: RATE_HZ // 100] ** 2).mean(1).astype(np.float32)
        assert len(squares) == frames_in(len(samples))  # noqa: S101
        peak = float(np.abs(samples).max()) + 1e-6
        active = samples[np.abs(samples) > 0.01 * peak]
        return cls(power, squares, peak, float((active**2).mean()) if len(active) else 1.0)
