"""What the gateway asks of a voice."""

from collections.abc import AsyncIterator
from typing import Protocol

from frontline.lang import Language


class Voice(Protocol):
    """Reads text aloud."""

    def speak(self, text: str, language: Language) -> AsyncIterator[bytes]:
        """The sound of `text`, as `audio.format`, piece by piece as it is made.

        The first piece comes before the rest is made. Abandoning the iterator stops the work. A
        text without anything to say gives nothing.

        Args:
            text: as it would be written for the ear; what cannot be said is brought into words.
            language: which voice.

        Raises:
            UnavailableError: the voice has failed.
        """
        ...
