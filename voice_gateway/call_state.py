"""What is known of a telephone call, and the steps that several events lead to.

All moments are `time.monotonic()` seconds.
"""

from dataclasses import dataclass, field

from frontline.lang import Language
from frontline.turns import Button
from voice_gateway.call_events import (
    Do,
    DoAskHuman,
    DoDrop,
    DoForget,
    DoLeave,
    DoSay,
    DoSpeak,
    DoSwitch,
    Phase,
)
from voice_gateway.endpointing import OPEN, Expectation, Kind
from voice_gateway.keys import Keypad
from voice_gateway.texts import line_text
from voice_gateway.transport.port import Next

MOST_FILLERS = 2
"""While one answer is waited for."""


@dataclass(slots=True)
class CallState:
    """One call."""

    language: Language
    phase: Phase = Phase.SPEAKING
    expected: Expectation = OPEN
    """What the open question of the bot wants to hear."""
    buttons: tuple[Button, ...] = ()
    """The answers it offers; keys choose them."""
    question: str = ""
    """It itself, for repeating it."""
    asking: str | None = None
    """The bot's name for it."""
    failures: int = 0
    """Utterances since that were not understood."""
    silences: int = 0
    keypad: Keypad = field(default_factory=Keypad)
    ahead: str = ""
    """Keys that were pressed before the question they answer was known."""
    consent: bool = False
    """The recording may be switched by a key."""
    recording: bool = False
    began: float = 0.0
    since: float = 0.0
    """When this phase began, or the last thing happened in it."""
    voice_since: float | None = None
    """When the voice that sounds now began."""
    voice_ms: float = 0.0
    """How long voices sounded since the utterance began."""
    deaf_until_still: bool = False
    """There is noise: it interrupts nothing until it has ended."""
    finishing: bool = False
    """The utterance is over, its last words are on their way."""
    answering: bool = False
    """The bot has not finished its answer."""
    calling: bool = False
    """It is to bring a person."""
    asked: float = 0.0
    fillers: int = 0
    unsure: DoSay | None = None
    """What was read back and waits for a yes."""
    chosen: bool = False
    """The caller has shown which language is theirs."""

    def leave(self, to: Next, at: float) -> list[Do]:
        """Give the line back after the last sentence."""
        self.ahead = ""
        self.enter(Phase.LEAVING, at)
        return [DoLeave(to)]

    def enter(self, phase: Phase, at: float) -> None:
        """A phase begins, or begins anew."""
        self.phase, self.since = phase, at

    def line(self, name: str, at: float) -> list[Do]:
        """The line itself says something and listens again."""
        self.enter(Phase.SPEAKING, at)
        return [DoSpeak(line_text(name, self.language))]

    def quiet(self) -> list[Do]:
        """Stop what is being said."""
        return [DoDrop()] if self.phase in (Phase.SPEAKING, Phase.HELD, Phase.THINKING) else []

    def say(self, say: DoSay, at: float) -> list[Do]:
        """The caller's turn is complete."""
        self.failures = self.silences = 0
        self.unsure, self.voice_ms, self.chosen = None, 0.0, True
        self.think(at)
        return [say]

    def think(self, at: float, *, calling: bool = False) -> None:
        """Wait for an answer."""
        self.keypad.clear()
        self.answering, self.calling, self.asked, self.fillers = True, calling, at, 0
        if calling:
            self.ahead = ""
        self.enter(Phase.THINKING, at)

    def give_to_person(self, text: str, at: float) -> list[Do]:
        """Say why, and call a person."""
        self.think(at, calling=True)
        self.fillers = MOST_FILLERS
        return [DoSpeak(line_text(text, self.language), firm=True), DoAskHuman()]

    def ask_for_person(self, at: float) -> list[Do]:
        """The caller wants one."""
        self.think(at, calling=True)
        self.unsure, self.chosen = None, True
        return [DoForget(), DoAskHuman()]

    @property
    def narrow(self) -> bool:
        """Is one of few words waited for, and may hearing everything be too much?"""
        few = self.expected.kind in (Kind.YES_NO, Kind.DIGITS)
        return self.unsure is not None or (few and self.failures > 0)

    def collects(self) -> bool:
        """Are key presses digits of the answer?"""
        return not self.unsure and self.expected.kind in (Kind.DIGITS, Kind.SPELLED)

    def speak_language(self, language: Language) -> list[Do]:
        """Hear and speak it from now on."""
        if language == self.language:
            return []
        self.language = language
        return [DoSwitch(language)]
