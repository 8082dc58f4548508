"""Keys that are pressed in a call."""

from voice_gateway.call_events import (
    Do,
    DoForget,
    DoGiveCode,
    DoRecord,
    DoSay,
    DoSpeak,
    DoSwitch,
    DoTakeCode,
    OnCode,
    OnKey,
    Phase,
)
from voice_gateway.call_state import CallState
from voice_gateway.endpointing import OPEN, YES_NO
from voice_gateway.keys import (
    KEYS_S,
    MOST_KEYS,
    Again,
    ChatCode,
    Choice,
    Digits,
    Meaning,
    Person,
    answer_of,
)
from voice_gateway.texts import line_text

AHEAD_S = 1.0
"""After a zero that was pressed before the question was known."""


def press(call: CallState, event: OnKey) -> list[Do]:
    """A key was pressed."""
    if not call.answering:
        return _press_now(call, event.digit, event.at)
    if call.calling:
        return []
    if event.digit == "#" and not call.ahead:
        sent = event.at < call.keypad.last + KEYS_S  # it ends digits that are on their way
        return [] if sent else call.ask_for_person(event.at)
    call.ahead, call.keypad.last = (call.ahead + event.digit)[:MOST_KEYS], event.at
    return []


def play_ahead(call: CallState, at: float) -> list[Do]:
    """Keys were pressed before the question was known; is it time to look at them?"""
    if not call.ahead or at - call.keypad.last < AHEAD_S:
        return []
    if call.phase is not Phase.THINKING:
        return press_again(call, at)
    if call.ahead == "0":
        return call.ask_for_person(at)
    return []


def press_again(call: CallState, at: float) -> list[Do]:
    """Look at the keys that were pressed ahead."""
    keys, call.ahead = call.ahead, ""
    done: list[Do] = []
    for place, key in enumerate(keys):
        done += _press_now(call, key, at)
        if call.phase is Phase.THINKING:
            call.ahead = "" if call.calling else keys[place + 1 :]
            break
    return done


def _press_now(call: CallState, key: str, at: float) -> list[Do]:
    quiet = call.quiet()
    wanted = call.expected.digits if call.collects() else 0
    meaning = call.keypad.press(key, at, collects=call.collects(), wanted=wanted)
    if meaning is None and call.keypad.is_busy:
        call.enter(Phase.LISTENING, at)
        return quiet
    return [*quiet, *obey(call, meaning, at)]


def obey(call: CallState, meaning: Meaning | None, at: float) -> list[Do]:
    """What keys ask for."""
    if isinstance(meaning, Digits):
        return [DoForget(), *call.say(DoSay(meaning.text, by_keys=True), at)]
    if isinstance(meaning, Choice):
        return _choose(call, meaning.key, at)
    if isinstance(meaning, Person):
        return call.ask_for_person(at)
    if isinstance(meaning, ChatCode):
        call.think(at)
        return [DoForget(), DoTakeCode(meaning.digits)]
    if isinstance(meaning, Again):
        call.enter(Phase.SPEAKING, at)
        return [DoSpeak(call.question)]
    return []


def _choose(call: CallState, key: str, at: float) -> list[Do]:
    if key == "0":
        return call.ask_for_person(at)
    yes_no = call.unsure is not None or (call.expected == YES_NO and not call.buttons)
    answer = answer_of(key, call.language, () if yes_no else call.buttons, yes_no=yes_no)
    if answer and call.unsure:
        unsure, call.unsure = call.unsure, None
        if answer.payload == "/affirm":
            return [DoForget(), *call.say(unsure, at)]
        return [DoForget(), *call.line("say_again", at)]
    if answer is not None:
        return [DoForget(), *call.say(answer, at)]
    if key == "5" and call.consent:
        call.recording = not call.recording
        said = call.line("recording_on" if call.recording else "recording_off", at)
        return [DoRecord(call.recording), *said]
    if key == "8":
        call.think(at)
        return [DoForget(), DoGiveCode()]
    if key == "9" and not call.chosen and call.language == "pl":
        call.language, call.chosen = "en", True
        call.question = line_text("english", "en")
        return [DoSwitch("en"), *call.line("english", at)]
    return []


def learn_of_code(call: CallState, event: OnCode) -> list[Do]:
    """The conversation from the chat goes on with its newest turn; or a sentence is said."""
    call.answering, call.chosen, call.unsure = False, True, None
    done: list[Do] = []
    if event.turn_id:
        call.question, call.buttons = event.text, ()
        call.asking, call.expected = None, OPEN
        call.failures = call.silences = 0
        done += call.speak_language(event.language)
    call.enter(Phase.SPEAKING, event.at)
    done.append(DoSpeak(event.text, event.turn_id))
    return [*done, *(call.leave(event.leave, event.at) if event.leave else [])]
