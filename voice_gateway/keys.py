"""What key presses mean: digits of an answer, a choice, a person, a code from the chat."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from frontline.lang import Language
from frontline.turns import Button
from voice_gateway.call_events import DoSay

KEYS_S = 3.0
"""Between two key presses of one answer."""
STAR_S = 1.5
"""A star without a digit behind it so soon asks to repeat the question."""
MOST_KEYS = 30
CODE_KEYS = 6
_YES_NO = {"pl": ("tak", "nie"), "en": ("yes", "no")}
_PAYLOADS = ("/affirm", "/deny")


class Digits(NamedTuple):
    """A whole answer in digits."""

    text: str


class Choice(NamedTuple):
    """A key that chooses something."""

    key: str


class ChatCode(NamedTuple):
    """A star, and the code that the chat shows."""

    digits: str


class Person(NamedTuple):
    """A person is wanted."""


class Again(NamedTuple):
    """The question is to be repeated."""


Meaning = Digits | Choice | ChatCode | Person | Again


@dataclass(slots=True)
class Keypad:
    """Collects key presses until they mean something."""

    pressed: str = ""
    starred: bool = False
    """What is pressed is a code."""
    last: float = 0.0
    """When the last key was pressed."""

    @property
    def is_busy(self) -> bool:
        """Is more to come, perhaps?"""
        return self.starred or bool(self.pressed)

    def press(self, key: str, at: float, *, collects: bool, wanted: int = 0) -> Meaning | None:
        """Take a key.

        Args:
            key: `0` to `9`, `*` or `#`.
            at: `time.monotonic()`.
            collects: digits are an answer, not choices.
            wanted: how many digits the answer has; 0 = any number.
        """
        before, self.last = self.last, at
        if key == "#":
            if self.is_busy:
                return self._complete()
            just_sent = at < before + KEYS_S  # the answer was complete without this key
            return None if just_sent else Person()
        if key == "*":
            repeats = self.is_busy
            self.pressed, self.starred = "", not repeats
            return Again() if repeats else None
        if not collects and not self.starred:
            return Choice(key)
        self.pressed = (self.pressed + key)[:MOST_KEYS]
        whole = CODE_KEYS if self.starred else wanted
        return self._complete() if len(self.pressed) == whole else None

    def wait(self, at: float) -> Meaning | None:
        """Time goes by: an answer that nobody ends is over, too."""
        patience = STAR_S if self.starred and not self.pressed else KEYS_S
        return self._complete() if self.is_busy and at - self.last >= patience else None

    def clear(self) -> None:
        """Forget what was begun."""
        self.pressed, self.starred = "", False

    def _complete(self) -> Meaning | None:
        pressed, starred = self.pressed, self.starred
        self.clear()
        if starred:
            return ChatCode(pressed) if pressed else Again()
        if pressed == "0":
            return Person()
        return Digits(pressed) if pressed else None


def answer_of(
    digit: str, language: Language, buttons: Sequence[Button], *, yes_no: bool
) -> DoSay | None:
    """The answer that a key chooses: 1 is yes and 2 is no, or 1 is the first button.

    Args:
        digit: the key.
        language: the caller's.
        buttons: the answers that the question offers.
        yes_no: it wants a yes or a no.
    """
    place = int(digit) - 1 if digit.isdecimal() else -1
    if yes_no:
        names = zip(_YES_NO[language], _PAYLOADS, strict=True)
        answers = [DoSay(name, payload=payload, by_keys=True) for name, payload in names]
    else:
        answers = [DoSay(b.title, payload=b.payload, by_keys=True) for b in buttons]
    return answers[place] if 0 <= place < len(answers) else None
