"""A telephone call as a state table: what happens next, decided without I/O and without a clock.

The session tells the call what happens (`On…`) and does what the call answers (`Do…`). All moments
are `time.monotonic()` seconds, told with each event.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from voice_gateway.call_events import (
    Do,
    DoAskHuman,
    DoDrop,
    DoHold,
    DoSpeak,
    On,
    OnAnswered,
    OnBegun,
    OnCode,
    OnHeard,
    OnHungUp,
    OnKey,
    OnReply,
    OnSpoken,
    OnTick,
    OnTrouble,
    OnVoice,
    Phase,
)
from voice_gateway.call_keys import learn_of_code, play_ahead, press, press_again
from voice_gateway.call_state import CallState
from voice_gateway.call_voice import (
    hear_voice,
    hear_voice_while_speaking,
    note_silence,
    tick_held,
    tick_listening,
    tick_speaking,
    understand,
    understand_late,
)
from voice_gateway.endpointing import expectation
from voice_gateway.texts import line_text

FILLER_S = 1.2
"""A silence of the bot longer than this is filled."""
FILLER_AGAIN_S = 6.0
GIVE_UP_S = 12.0
"""So long after the question without any answer the caller goes to a person."""
_FILLERS = ((FILLER_S, "filler"), (FILLER_AGAIN_S, "filler_again"))


@dataclass(slots=True)
class Call(CallState):
    """One call; `on` is its only way in."""

    def on(self, event: On) -> list[Do]:
        """What is to be done about what has happened."""
        if type(event) in _DEAF_TO.get(self.phase, ()):
            return []
        if isinstance(event, OnTick) and (done := play_ahead(self, event.at)):
            return done
        act = _TABLE.get((self.phase, type(event))) or _ALWAYS.get(type(event))
        return act(self, event) if act else []


def _begin(call: CallState, event: OnBegun) -> list[Do]:
    """That this is a machine is heard before anything can be interrupted."""
    call.began = call.since = event.at
    call.consent = event.consent
    first, _, rest = event.greeting.partition(". ")
    call.question = rest or first
    notices = ["greeting_consent" if event.consent else "greeting_not_recorded"]
    if call.language == "pl" and event.fresh:
        notices.append("greeting_english_key")
    return [
        DoSpeak(f"{first}." if rest else first, event.turn_id, firm=True),
        *(DoSpeak(line_text(name, call.language)) for name in notices if event.fresh),
        *([DoSpeak(rest, event.turn_id)] if rest else []),
    ]


def _hang_up(call: CallState, _event: OnHungUp) -> list[Do]:
    call.phase = Phase.OVER
    return []


def _trouble(call: CallState, event: OnTrouble) -> list[Do]:
    """Whatever else fails, the line leads to a person."""
    said = [*call.quiet(), DoSpeak(line_text("trouble", call.language), firm=True)]
    return [*said, DoAskHuman(), *call.leave("queue", event.at)]


def _wait(call: CallState, event: OnTick) -> list[Do]:
    note_silence(call, event)
    waited = event.at - call.asked
    if waited >= GIVE_UP_S:
        return _trouble(call, OnTrouble(event.at))
    for n, (patience, text) in enumerate(_FILLERS):
        if call.fillers == n and waited >= patience:
            call.fillers += 1
            return [DoSpeak(line_text(text, call.language))]
    return []


def _reply(call: CallState, event: OnReply) -> list[Do]:
    call.question, call.buttons = event.text, event.buttons
    speak = DoSpeak(event.text, event.turn_id)
    if call.phase is Phase.THINKING and call.voice_since is not None:
        call.enter(Phase.HELD, event.at)  # the caller goes on: is it more than a sound?
        return [DoHold(), speak]
    if call.phase is Phase.LISTENING and (call.answering or call.voice_since is not None):
        return [speak, DoDrop()]  # they have interrupted this answer
    if call.phase in (Phase.THINKING, Phase.LISTENING):
        call.enter(Phase.SPEAKING, event.at)
    return [speak]


def _finish_answer(call: CallState, event: OnAnswered) -> list[Do]:
    call.answering = False
    if event.asking != call.asking:
        call.failures = call.silences = 0
    call.asking = event.asking
    call.expected = expectation(event.asking, tuple(b.payload for b in call.buttons))
    done = call.speak_language(event.language)
    if event.leave:
        return [*done, *call.leave(event.leave, event.at)]
    if call.phase is Phase.THINKING:
        call.enter(Phase.LISTENING, event.at)
    return [*done, *press_again(call, event.at)]


def _spoken(call: CallState, event: OnSpoken) -> list[Do]:
    call.enter(Phase.LISTENING, event.at)
    return []


_Act = Callable[[CallState, Any], list[Do]]
_TABLE: dict[tuple[Phase, type[On]], _Act] = {
    (Phase.SPEAKING, OnBegun): _begin,
    (Phase.SPEAKING, OnVoice): hear_voice_while_speaking,
    (Phase.SPEAKING, OnTick): tick_speaking,
    (Phase.SPEAKING, OnSpoken): _spoken,
    (Phase.HELD, OnTick): tick_held,
    (Phase.LISTENING, OnTick): tick_listening,
    (Phase.LISTENING, OnHeard): understand,
    (Phase.THINKING, OnTick): _wait,
}
"""What a phase does about an event; the rest is the same in all."""
_ALWAYS: dict[type[On], _Act] = {
    OnVoice: hear_voice,
    OnHeard: understand_late,
    OnKey: press,
    OnCode: learn_of_code,
    OnReply: _reply,
    OnAnswered: _finish_answer,
    OnTrouble: _trouble,
    OnHungUp: _hang_up,
}
_DEAF_TO: dict[Phase, frozenset[type[On]]] = {
    Phase.LEAVING: frozenset({OnKey, OnCode, OnVoice, OnTrouble, OnAnswered}),
    Phase.OVER: frozenset(_ALWAYS),
}
"""What is over cannot be changed."""
