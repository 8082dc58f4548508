"""Where a call stands, what can happen on it, and what can be done about it.

All moments are `time.monotonic()` seconds.
"""

from dataclasses import dataclass
from enum import StrEnum

from frontline.lang import Language
from frontline.turns import Button
from voice_gateway.stt.port import Heard
from voice_gateway.transport.port import Next


class Phase(StrEnum):
    """Where a call stands."""

    SPEAKING = "speaking"
    HELD = "held"
    """The prompt was stopped by a sound that may be an interruption."""
    LISTENING = "listening"
    THINKING = "thinking"
    LEAVING = "leaving"
    """The last sentence is spoken; then the line is given back."""
    OVER = "over"


# What happens.


@dataclass(frozen=True, slots=True)
class OnBegun:
    """The call was answered."""

    at: float
    greeting: str
    """The conversation's newest turn."""
    turn_id: str
    fresh: bool = True
    """The conversation begins with this call."""
    consent: bool = False
    """Recording is offered."""


@dataclass(frozen=True, slots=True)
class OnVoice:
    """A voice began to sound."""

    at: float
    firm: bool = False
    """As in `OnTick`."""


@dataclass(frozen=True, slots=True)
class OnTick:
    """Time goes by, at least 25 times a second."""

    at: float
    silent_ms: float = 0.0
    """Since the last sound of a voice; 0 while it sounds."""
    text: str = ""
    """What the recogniser has understood of this utterance."""
    written: str = ""
    """The same with numbers in digits."""
    steady_ms: float = 0.0
    """Since the text last changed."""
    firm: bool = False
    """What the caller hears now is to be heard to its end."""


@dataclass(frozen=True, slots=True)
class OnHeard:
    """The utterance that was ended by `DoFinish`."""

    at: float
    heard: Heard
    written: str


@dataclass(frozen=True, slots=True)
class OnKey:
    """A key was pressed."""

    at: float
    digit: str


@dataclass(frozen=True, slots=True)
class OnCode:
    """What came of a code: a chat goes on in this call, or there is something to say about it."""

    at: float
    text: str
    turn_id: str | None = None
    """The newest turn of the conversation that goes on here; None = all stays as it was."""
    language: Language = "pl"
    leave: Next | None = None


@dataclass(frozen=True, slots=True)
class OnReply:
    """Something is to be said to the caller."""

    at: float
    text: str
    turn_id: str
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class OnAnswered:
    """The bot has said all it had to say to the last turn."""

    at: float
    asking: str | None = None
    language: Language = "pl"
    leave: Next | None = None
    """Where the call goes now; None = it goes on."""


@dataclass(frozen=True, slots=True)
class OnSpoken:
    """Everything that was to be said has been heard."""

    at: float


@dataclass(frozen=True, slots=True)
class OnTrouble:
    """Hearing, speaking or the records have failed."""

    at: float


@dataclass(frozen=True, slots=True)
class OnHungUp:
    """The caller has gone."""

    at: float


On = (
    OnBegun
    | OnVoice
    | OnTick
    | OnHeard
    | OnKey
    | OnCode
    | OnReply
    | OnAnswered
    | OnSpoken
    | OnTrouble
    | OnHungUp
)


# What is to be done.


@dataclass(frozen=True, slots=True)
class DoSpeak:
    """Say this behind what is being said."""

    text: str
    turn_id: str | None = None
    """Of the conversation's log; None = a word of the line itself."""
    firm: bool = False
    """Not to be interrupted."""


@dataclass(frozen=True, slots=True)
class DoHold:
    """Stop the sound at once, and remember where."""


@dataclass(frozen=True, slots=True)
class DoResume:
    """Go on from where the sound was held."""


@dataclass(frozen=True, slots=True)
class DoDrop:
    """Forget what was still to be said, and note how much was heard."""


@dataclass(frozen=True, slots=True)
class DoFinish:
    """The caller has finished: `OnHeard` is to follow."""


@dataclass(frozen=True, slots=True)
class DoForget:
    """What was heard was no answer: the recogniser begins anew."""


@dataclass(frozen=True, slots=True)
class DoSay:
    """Give this to the switchboard as what the caller said."""

    text: str
    payload: str | None = None
    heard: Heard | None = None
    by_keys: bool = False


@dataclass(frozen=True, slots=True)
class DoAskHuman:
    """The caller wants, or needs, a person."""


@dataclass(frozen=True, slots=True)
class DoTakeCode:
    """The caller has keyed in a code from the chat: `OnCode` is to follow."""

    digits: str


@dataclass(frozen=True, slots=True)
class DoGiveCode:
    """The caller wants to go on in the chat: `OnCode` is to follow."""


@dataclass(frozen=True, slots=True)
class DoSwitch:
    """The caller speaks this language from now on."""

    language: Language


@dataclass(frozen=True, slots=True)
class DoRecord:
    """Consent to recording was given or taken back."""

    on: bool


@dataclass(frozen=True, slots=True)
class DoLeave:
    """Give the line back."""

    to: Next


Do = (
    DoSpeak
    | DoHold
    | DoResume
    | DoDrop
    | DoFinish
    | DoForget
    | DoSay
    | DoAskHuman
    | DoTakeCode
    | DoGiveCode
    | DoSwitch
    | DoRecord
    | DoLeave
)
