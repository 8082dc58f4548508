"""What the gateway asks of whatever brings a call: a PBX, a telephony provider, a browser."""

from collections.abc import AsyncIterator
from typing import Literal, Protocol

import msgspec

from frontline.lang import Language

Next = Literal["queue", "hangup"]
"""Where a call goes when the gateway leaves it."""


class Start(msgspec.Struct, frozen=True):
    """What is known when a call comes in."""

    call_id: str
    transport: str
    """Which protocol, for metrics: `audiosocket`, `websocket`, `twilio`, `browser`."""
    caller: str | None = None
    """The caller's number in E.164, where it is told. Personal data."""
    language: Language | None = None
    """What the line that was called is for; None = not said."""
    code: str | None = None
    """Six digits that continue a chat, where the dialplan or page has taken them."""


class Sound(msgspec.Struct, frozen=True):
    """What the caller's side brought."""

    pcm: bytes
    """As `audio.format`; any even number of bytes."""
    at: float
    """`time.monotonic()` when its end came in: senders stay silent (DTX) without saying so."""


class KeyPress(msgspec.Struct, frozen=True):
    """The caller pressed a key."""

    digit: str
    """One of 0-9, *, #, A-D."""
    at: float


class Played(msgspec.Struct, frozen=True):
    """All that was to be played before this mark has been."""

    mark: str


class HungUp(msgspec.Struct, frozen=True):
    """The call is over; the last event."""

    reason: str = "caller"
    """`caller`, `left` (the gateway left it), `lost` (the connection broke)."""


Event = Sound | KeyPress | Played | HungUp


class Transport(Protocol):
    """One call's way in and out."""

    start: Start

    def events(self) -> AsyncIterator[Event]:
        """What happens on the call, in order; ends after `HungUp`. To be iterated once.

        Sound older than a second is dropped: after a stall nobody wants to hear the past.
        """
        ...

    async def play(self, pcm: bytes) -> None:
        """Put sound behind what is still to be played; waits while more than two seconds are.

        Between sounds the transport sends silence by itself. After the call's end it does nothing.
        """
        ...

    async def mark(self, name: str) -> None:
        """Tell by `Played` when everything put in so far has been played."""
        ...

    async def flush(self) -> None:
        """Forget what is still to be played; its marks are never told of."""
        ...

    def played_ms(self) -> float:
        """How much of what was put in by `play` has gone out, without silence and the flushed."""
        ...

    async def leave(self, to: Next) -> None:
        """Play what is put in, 300 ms of silence, and give the call back to the line.

        The dialplan asks the gateway where to, so `to` matters only to transports that say it.
        """
        ...

    async def close(self) -> None:
        """End the call's connection at once. May be called twice."""
        ...
