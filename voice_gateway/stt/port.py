"""What the gateway asks of a speech recogniser."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from frontline.lang import Language


class Word(msgspec.Struct, frozen=True):
    """A word as it was heard."""

    text: str
    start_s: float
    """Since the recogniser was opened, in its audio."""
    end_s: float
    confidence: float
    """0 to 1."""


class Heard(msgspec.Struct, frozen=True):
    """An utterance as words, numbers still spoken ("sto cztery")."""

    text: str = ""
    """Without `[unk]`; empty when nothing was understood."""
    words: tuple[Word, ...] = ()
    """`[unk]` among them."""
    alternatives: tuple[str, ...] = ()
    """Other readings, the likeliest first."""
    confidence: float = 0.0
    """The mean over the words, an unknown word counting as 0."""


class Recogniser(Protocol):
    """Hears one call, one utterance after the other."""

    language: Language

    async def feed(self, pcm: bytes) -> str:
        """Hear more; returns the text of this utterance so far, as it may still change.

        Raises:
            UnavailableError: the recogniser is behind by more than it may be, or has failed.
        """
        ...

    async def finish(self) -> Heard:
        """The utterance is over: what it was. The next `feed` begins another one."""
        ...

    async def expect(self, phrases: Sequence[str] | None) -> None:
        """From the next utterance on hear only these, or `[unk]`; None = everything again."""
        ...

    async def close(self) -> None:
        """Give its memory back. May be called twice."""
        ...


class Recognisers(Protocol):
    """Opens recognisers on models that are in memory."""

    async def open(self, language: Language) -> Recogniser:
        """A recogniser for one call.

        Raises:
            UnavailableError: as many are open as the machine can serve.
        """
        ...
