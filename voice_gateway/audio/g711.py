"""ITU-T G.711: the two companding laws of telephony, one octet per sample at 8 kHz."""

from typing import Final

import numpy as np
import numpy.typing as npt

_Table = npt.NDArray[np.int16]
_Octets = npt.NDArray[np.uint8]


def decode_alaw(data: bytes) -> bytes:
    """Expand A-law.

    Args:
        data: one octet per sample, 8 000 samples/s, even bits inverted.

    Returns:
        Little-endian signed 16-bit samples, `2 * len(data)` bytes.

    Source: ITU-T G.711 (11/1988), table 1a.
    """
    return _ALAW_EXPANDED.take(np.frombuffer(data, np.uint8)).tobytes()


def encode_alaw(pcm: bytes) -> bytes:
    """Compress to A-law; the inverse of `decode_alaw`.

    Args:
        pcm: little-endian signed 16-bit samples at 8 kHz.

    Raises:
        ValueError: an odd number of bytes.
    """
    return _ALAW_COMPRESSED.take(np.frombuffer(pcm, "<u2")).tobytes()


def decode_ulaw(data: bytes) -> bytes:
    """Expand mu-law.

    Args:
        data: one octet per sample, 8 000 samples/s, all bits inverted.

    Returns:
        Little-endian signed 16-bit samples, `2 * len(data)` bytes.

    Source: ITU-T G.711 (11/1988), table 2a.
    """
    return _ULAW_EXPANDED.take(np.frombuffer(data, np.uint8)).tobytes()


def encode_ulaw(pcm: bytes) -> bytes:
    """Compress to mu-law; the inverse of `decode_ulaw`.

    Args:
        pcm: little-endian signed 16-bit samples at 8 kHz.

    Raises:
        ValueError: an odd number of bytes.
    """
    return _ULAW_COMPRESSED.take(np.frombuffer(pcm, "<u2")).tobytes()


def _expand_alaw() -> _Table:
    octet = np.arange(256) ^ 0x55
    segment, step = octet >> 4 & 7, octet & 15
    linear = np.where(segment == 0, 2 * step + 1, (2 * step + 33) << np.maximum(segment - 1, 0))
    return (np.where(octet & 0x80, linear, -linear) << 3).astype("<i2")


def _compress_alaw() -> _Octets:
    sample = _samples()
    # 13 bits; a negative value loses one, for there is no negative zero in two's complement.
    value = np.where(sample >= 0, sample >> 3, -(sample >> 3) - 1)
    segment = np.maximum(_bits(value) - 5, 0)
    step = value >> np.maximum(segment, 1) & 15
    sign = np.where(sample >= 0, 0x80, 0)
    octet: _Octets = ((sign | segment << 4 | step) ^ 0x55).astype(np.uint8)
    return octet


_BIAS = 33
"""Added to a 14-bit magnitude, so that each segment of mu-law begins at a power of two."""


def _expand_ulaw() -> _Table:
    octet = np.arange(256) ^ 0xFF
    segment, step = octet >> 4 & 7, octet & 15
    linear = ((2 * step + _BIAS) << segment) - _BIAS
    return (np.where(octet & 0x80, -linear, linear) << 2).astype("<i2")


def _compress_ulaw() -> _Octets:
    sample = _samples()
    value = np.minimum(np.abs(sample >> 2), 8158) + _BIAS
    segment = _bits(value) - 6
    step = value >> (segment + 1) & 15
    sign = np.where(sample >= 0, 0, 0x80)
    octet: _Octets = ((sign | segment << 4 | step) ^ 0xFF).astype(np.uint8)
    return octet


def _samples() -> npt.NDArray[np.int64]:
    """Every 16-bit sample, in the order of its unsigned reading."""
    return np.arange(1 << 16, dtype=np.uint16).view(np.int16).astype(np.int64)


def _bits(value: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """How many binary digits each value has."""
    return np.frexp(value)[1].astype(np.int64)


_ALAW_EXPANDED: Final = _expand_alaw()
_ALAW_COMPRESSED: Final = _compress_alaw()
_ULAW_EXPANDED: Final = _expand_ulaw()
_ULAW_COMPRESSED: Final = _compress_ulaw()
