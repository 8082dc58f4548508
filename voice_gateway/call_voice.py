"""The caller's voice in a call: interruptions, the end of an utterance, what was understood."""

from frontline.lang.text import fold, words
from voice_gateway.call_events import (
    Do,
    DoDrop,
    DoFinish,
    DoForget,
    DoHold,
    DoResume,
    DoSay,
    DoSpeak,
    OnHeard,
    OnTick,
    OnVoice,
    Phase,
)
from voice_gateway.call_keys import obey
from voice_gateway.call_state import CallState
from voice_gateway.endpointing import LONG_MS, YES_NO, is_over, pause_ms, says_something
from voice_gateway.texts import line_text

SILENCE_S = 7.0
SILENCE_DIGITS_S = 10.0
"""Numbers have to be found on paper first."""
FALSE_ALARM_MS = 400.0
"""A sound during a prompt that ends without words was no interruption."""
NOISE_S = 3.0
"""A sound without words that lasts so long is noise: the prompt goes on over it."""
UTTERANCE_S = 25.0
CALL_S = 1800.0
UNSURE = 0.55
"""Mean word confidence below which a number is read back."""
DEAF = 0.25
"""Below this nothing was understood."""
MOST_FAILURES = 2
"""Per question."""
_YES = frozenset(words("tak zgadza dobrze jasne yes yeah right correct"))
_NO = {"pl": frozenset(words("nie zle")), "en": frozenset(words("no nope wrong"))}


def hear_voice(call: CallState, event: OnVoice) -> list[Do]:
    """A voice began to sound."""
    call.voice_since = event.at
    return []


def hear_voice_while_speaking(call: CallState, event: OnVoice) -> list[Do]:
    """It sounds into the prompt."""
    return [*hear_voice(call, event), *_hold(call, event.at, event.firm)]


def _hold(call: CallState, at: float, firm: bool) -> list[Do]:
    """Be silent at once; whether it was an interruption shows later."""
    if firm or call.deaf_until_still:
        return []
    call.enter(Phase.HELD, at)
    return [DoHold()]


def note_silence(call: CallState, event: OnTick) -> None:
    """Keep account of voices and pauses."""
    if event.silent_ms > 0 and call.voice_since is not None:
        ended = event.at - event.silent_ms / 1000
        call.voice_ms += max(0.0, ended - call.voice_since) * 1000
        call.voice_since = None
    if event.silent_ms >= FALSE_ALARM_MS:
        call.deaf_until_still = False


def tick_speaking(call: CallState, event: OnTick) -> list[Do]:
    """Nothing happens while the bot speaks, or a voice goes on."""
    note_silence(call, event)
    # A voice that still sounds when a firm sentence has ended interrupts, too.
    return _hold(call, event.at, event.firm) if call.voice_since is not None else []


def tick_held(call: CallState, event: OnTick) -> list[Do]:
    """Was the sound that stopped the prompt an interruption?"""
    began = call.voice_since if call.voice_since is not None else call.since
    note_silence(call, event)
    if says_something(event.text):
        call.enter(Phase.LISTENING, event.at)
        return [DoDrop()]
    noise = call.voice_since is not None and event.at - began >= NOISE_S
    if noise or (call.voice_since is None and event.silent_ms >= FALSE_ALARM_MS):
        call.deaf_until_still = noise
        call.voice_ms = 0.0
        call.enter(Phase.SPEAKING, event.at)
        return [DoForget(), DoResume()]
    return []


def tick_listening(call: CallState, event: OnTick) -> list[Do]:
    """Has the caller finished, or not begun?"""
    note_silence(call, event)
    if event.at - call.began >= CALL_S:
        call.began = event.at
        return call.give_to_person("too_long", event.at)
    if call.finishing:
        return []
    if call.keypad.is_busy:
        return obey(call, call.keypad.wait(event.at), event.at)
    if _has_finished(call, event):
        call.finishing = True
        return [DoFinish()]
    patient = SILENCE_DIGITS_S if call.collects() else SILENCE_S
    if not says_something(event.text) and event.at - call.since >= patient:
        return _break_silence(call, event.at)
    return []


def _has_finished(call: CallState, event: OnTick) -> bool:
    if not event.text:
        unknown = call.voice_since is None and call.voice_ms >= FALSE_ALARM_MS
        return unknown and event.silent_ms >= LONG_MS
    if event.at - call.since >= UTTERANCE_S:
        return True
    expected = YES_NO if call.unsure else call.expected
    pause = pause_ms(event.text, event.written, expected, call.language)
    return is_over(event.silent_ms, event.steady_ms, pause)


def understand(call: CallState, event: OnHeard) -> list[Do]:
    """The utterance is known."""
    call.finishing = False
    call.voice_ms = 0.0
    text, heard = event.written, event.heard
    if text and not says_something(text):
        return []  # "mhm"
    if not text or heard.confidence < DEAF:
        return _fail(call, event.at, "unheard_digits" if call.collects() else "unheard")
    if call.unsure:
        return _settle_unsure(call, event)
    say = DoSay(text, heard=heard)
    numbers = any(sign.isdigit() for sign in text)
    if numbers and call.collects() and heard.confidence < UNSURE:
        call.unsure = say
        call.enter(Phase.SPEAKING, event.at)
        return [DoSpeak(line_text("read_back", call.language, text=text))]
    return call.say(say, event.at)


def understand_late(call: CallState, event: OnHeard) -> list[Do]:
    """Something was said to the caller while their last words were on the way."""
    if call.phase in (Phase.SPEAKING, Phase.HELD) and says_something(event.written):
        quiet = call.quiet()
        call.enter(Phase.LISTENING, event.at)
        return [*quiet, *understand(call, event)]
    call.finishing = False
    return []


def _settle_unsure(call: CallState, event: OnHeard) -> list[Do]:
    unsure, call.unsure = call.unsure, None
    spoken = set(fold(event.written).split())
    if spoken & _YES and unsure:
        return call.say(unsure, event.at)
    if spoken & _NO[call.language] and not any(sign.isdigit() for sign in event.written):
        return _fail(call, event.at, "say_again")
    return call.say(DoSay(event.written, heard=event.heard), event.at)


def _fail(call: CallState, at: float, text: str) -> list[Do]:
    call.failures += 1
    if call.failures >= MOST_FAILURES:
        return call.give_to_person("gives_up", at)
    return call.line(text, at)


def _break_silence(call: CallState, at: float) -> list[Do]:
    """Ask again, then offer the keys, then a person."""
    call.silences += 1
    if call.silences > 2:
        return call.give_to_person("gives_up", at)
    if call.silences == 2:
        return call.line(_keys_help(call), at)
    if not call.chosen:
        return call.line("silence", at)
    return [*call.line("silence_question", at), DoSpeak(call.question)]


def _keys_help(call: CallState) -> str:
    if call.collects():
        return "keys_digits"
    return "keys_yes_no" if call.unsure or call.expected == YES_NO else "keys_open"
