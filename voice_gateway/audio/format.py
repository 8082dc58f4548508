"""The one shape of sound inside the gateway: 16-bit little-endian PCM, mono, 16 kHz.

Transports bring every other shape to this one and back at their edge, so that hearing, speaking and
endpointing know of one rate only.
"""

RATE = 16_000
"""Samples per second."""
SAMPLE_BYTES = 2
FRAME_MS = 20
"""A frame, the beat of telephony."""
FRAME_BYTES = RATE * SAMPLE_BYTES * FRAME_MS // 1000
BYTES_PER_MS = RATE * SAMPLE_BYTES // 1000


def duration_ms(pcm: bytes) -> float:
    """How long the sound lasts."""
    return len(pcm) / BYTES_PER_MS
