"""The encodings of sound that telephony brings, to ours and back."""

from collections.abc import Callable
from typing import Final

from frontline.errors import RefusedError
from voice_gateway.audio import g711
from voice_gateway.audio.format import RATE
from voice_gateway.audio.resample import resampler

LINE_HZ = 8_000
"""A telephone's rate."""

_Convert = Callable[[bytes], bytes]


def _same(pcm: bytes) -> bytes:
    return pcm


_LAWS: Final[dict[str, tuple[_Convert, _Convert]]] = {
    "slin": (_same, _same),
    "alaw": (g711.decode_alaw, g711.encode_alaw),
    "ulaw": (g711.decode_ulaw, g711.encode_ulaw),
}
"""At 8 kHz, by Asterisk's name: from it to linear PCM, and back."""
ENCODINGS: Final = frozenset({"slin16", *_LAWS})


class BadSoundError(RefusedError):
    """Sound in a shape that it cannot have."""

    code = "bad_sound"


class Codec:
    """One call's sound in both directions; keeps what the filters need of the past."""

    def __init__(self, encoding: str) -> None:
        """For an encoding of `ENCODINGS`.

        Raises:
            BadSoundError: we do not know it.
        """
        if encoding not in ENCODINGS:
            known = ", ".join(sorted(ENCODINGS))
            raise BadSoundError(f"unknown encoding {encoding!r}; one of {known} is needed")
        self.encoding = encoding
        self._up = resampler(LINE_HZ, RATE)
        self._down = resampler(RATE, LINE_HZ)

    def decode(self, data: bytes) -> bytes:
        """Sound as `audio.format`.

        Raises:
            BadSoundError: half a sample.
        """
        if self.encoding.startswith("slin") and len(data) % 2:
            raise BadSoundError(f"{len(data)} octets are no whole number of 16-bit samples")
        if self.encoding == "slin16":
            return data
        decode, _ = _LAWS[self.encoding]
        return self._up.convert(decode(data))

    def encode(self, pcm: bytes) -> bytes:
        """Sound that is `audio.format`, in this encoding."""
        if self.encoding == "slin16":
            return pcm
        _, encode = _LAWS[self.encoding]
        return encode(self._down.convert(pcm))
