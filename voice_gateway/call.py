"""A telephone call as a state table: what happens next, decided without I/O and without a clock.

The session tells the call what happens (`On…`) and does what the call answers (`Do…`). All moments
are `time.monotonic()` seconds, told with each event.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from frontline.lang import Language
from frontline.lang.text import fold, words
from frontline.turns import Button
from voice_gateway.call_events import (
    Do,
    DoAskHuman,
    DoDrop,
    DoFinish,
    DoForget,
    DoHold,
    DoLeave,
    DoRecord,
    DoResume,
    DoSay,
    DoSpeak,
    DoSwitch,
    On,
    OnAnswered,
    OnBegun,
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
from voice_gateway.endpointing import (
    LONG_MS,
    OPEN,
    YES_NO,
    Expectation,
    Kind,
    expectation,
    is_over,
    pause_ms,
    says_something,
)
from voice_gateway.keys import answer_of
from voice_gateway.texts import line_text
from voice_gateway.transport.port import Next

FILLER_S = 1.2
"""A silence of the bot longer than this is filled."""
FILLER_AGAIN_S = 6.0
GIVE_UP_S = 12.0
"""So long after the question without any answer the caller goes to a person."""
SILENCE_S = 7.0
SILENCE_DIGITS_S = 10.0
"""Numbers have to be found on paper first."""
KEYS_S = 3.0
"""Between two key presses of one answer."""
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
MOST_KEYS = 30


@dataclass(slots=True)
class Call:
    """One call; `on` is its only way in."""

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
    keys: str = ""
    last_key: float = 0.0
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
    asked: float = 0.0
    fillers: int = 0
    unsure: DoSay | None = None
    """What was read back and waits for a yes."""
    chosen: bool = False
    """The caller has shown which language is theirs."""

    def on(self, event: On) -> list[Do]:
        """What is to be done about what has happened."""
        if type(event) in _DEAF_TO.get(self.phase, ()):
            return []
        act = _TABLE.get((self.phase, type(event))) or _ALWAYS.get(type(event))
        return act(self, event) if act else []

    # Beginning and end.

    def _begin(self, event: OnBegun) -> list[Do]:
        """That this is a machine is heard before anything can be interrupted."""
        self.began = self.since = event.at
        self.consent = event.consent
        first, _, rest = event.greeting.partition(". ")
        self.question = rest or first
        notices = ["greeting_consent" if event.consent else "greeting_not_recorded"]
        if self.language == "pl" and event.fresh:
            notices.append("greeting_english_key")
        return [
            DoSpeak(f"{first}." if rest else first, event.turn_id, firm=True),
            *(DoSpeak(line_text(name, self.language)) for name in notices if event.fresh),
            *([DoSpeak(rest, event.turn_id)] if rest else []),
        ]

    def _hang_up(self, _event: OnHungUp) -> list[Do]:
        self.phase = Phase.OVER
        return []

    def _trouble(self, event: OnTrouble) -> list[Do]:
        """Whatever else fails, the line leads to a person."""
        said = [*self._quiet(), DoSpeak(line_text("trouble", self.language), firm=True)]
        return [*said, DoAskHuman(), *self._leave("queue", event.at)]

    def _leave(self, to: Next, at: float) -> list[Do]:
        self._enter(Phase.LEAVING, at)
        return [DoLeave(to)]

    def _enter(self, phase: Phase, at: float) -> None:
        self.phase, self.since = phase, at

    def _line(self, name: str, at: float) -> list[Do]:
        """The line itself says something and listens again."""
        self._enter(Phase.SPEAKING, at)
        return [DoSpeak(line_text(name, self.language))]

    def _quiet(self) -> list[Do]:
        return [DoDrop()] if self.phase in (Phase.SPEAKING, Phase.HELD, Phase.THINKING) else []

    # The caller's voice.

    def _hear_voice(self, event: OnVoice) -> list[Do]:
        self.voice_since = event.at
        return []

    def _hear_voice_while_speaking(self, event: OnVoice) -> list[Do]:
        return [*self._hear_voice(event), *self._hold(event.at, event.firm)]

    def _hold(self, at: float, firm: bool) -> list[Do]:
        """Be silent at once; whether it was an interruption shows later."""
        if firm or self.deaf_until_still:
            return []
        self._enter(Phase.HELD, at)
        return [DoHold()]

    def _note_silence(self, event: OnTick) -> None:
        if event.silent_ms > 0 and self.voice_since is not None:
            ended = event.at - event.silent_ms / 1000
            self.voice_ms += max(0.0, ended - self.voice_since) * 1000
            self.voice_since = None
        if event.silent_ms >= FALSE_ALARM_MS:
            self.deaf_until_still = False

    def _tick_speaking(self, event: OnTick) -> list[Do]:
        self._note_silence(event)
        # A voice that still sounds when a firm sentence has ended interrupts, too.
        return self._hold(event.at, event.firm) if self.voice_since is not None else []

    def _tick_held(self, event: OnTick) -> list[Do]:
        began = self.voice_since if self.voice_since is not None else self.since
        self._note_silence(event)
        if says_something(event.text):
            self._enter(Phase.LISTENING, event.at)
            return [DoDrop()]
        noise = self.voice_since is not None and event.at - began >= NOISE_S
        if noise or (self.voice_since is None and event.silent_ms >= FALSE_ALARM_MS):
            self.deaf_until_still = noise
            self.voice_ms = 0.0
            self._enter(Phase.SPEAKING, event.at)
            return [DoForget(), DoResume()]
        return []

    def _tick_listening(self, event: OnTick) -> list[Do]:
        self._note_silence(event)
        if event.at - self.began >= CALL_S:
            self.began = event.at
            return self._give_to_person("too_long", event.at)
        if self.finishing:
            return []
        if self.keys:
            return self._send_keys(event.at) if event.at - self.last_key >= KEYS_S else []
        if self._has_finished(event):
            self.finishing = True
            return [DoFinish()]
        patient = SILENCE_DIGITS_S if self._collects() else SILENCE_S
        if not says_something(event.text) and event.at - self.since >= patient:
            return self._break_silence(event.at)
        return []

    def _has_finished(self, event: OnTick) -> bool:
        if not event.text:
            unknown = self.voice_since is None and self.voice_ms >= FALSE_ALARM_MS
            return unknown and event.silent_ms >= LONG_MS
        if event.at - self.since >= UTTERANCE_S:
            return True
        expected = YES_NO if self.unsure else self.expected
        pause = pause_ms(event.text, event.written, expected, self.language)
        return is_over(event.silent_ms, event.steady_ms, pause)

    def _understand(self, event: OnHeard) -> list[Do]:
        self.finishing = False
        self.voice_ms = 0.0
        text, heard = event.written, event.heard
        if text and not says_something(text):
            return []  # "mhm"
        if not text or heard.confidence < DEAF:
            return self._fail(event.at)
        if self.unsure:
            return self._settle_unsure(event)
        say = DoSay(text, heard=heard)
        numbers = any(sign.isdigit() for sign in text)
        if numbers and self._collects() and heard.confidence < UNSURE:
            self.unsure = say
            self._enter(Phase.SPEAKING, event.at)
            return [DoSpeak(line_text("read_back", self.language, text=text))]
        return self._say(say, event.at)

    def _understand_late(self, event: OnHeard) -> list[Do]:
        """Something was said to the caller while their last words were on the way."""
        if self.phase in (Phase.SPEAKING, Phase.HELD) and says_something(event.written):
            quiet = self._quiet()
            self._enter(Phase.LISTENING, event.at)
            return [*quiet, *self._understand(event)]
        self.finishing = False
        return []

    def _settle_unsure(self, event: OnHeard) -> list[Do]:
        unsure, self.unsure = self.unsure, None
        spoken = set(fold(event.written).split())
        if spoken & _YES and unsure:
            return self._say(unsure, event.at)
        if spoken & _NO[self.language] and not any(sign.isdigit() for sign in event.written):
            return self._line("say_again", event.at)
        return self._say(DoSay(event.written, heard=event.heard), event.at)

    def _say(self, say: DoSay, at: float) -> list[Do]:
        """The caller's turn is complete."""
        self.failures = self.silences = self.fillers = 0
        self.unsure, self.keys, self.voice_ms = None, "", 0.0
        self.chosen = self.answering = True
        self.asked = at
        self._enter(Phase.THINKING, at)
        return [say]

    def _fail(self, at: float) -> list[Do]:
        self.failures += 1
        if self.failures >= MOST_FAILURES:
            return self._give_to_person("gives_up", at)
        return self._line("unheard_digits" if self._collects() else "unheard", at)

    def _break_silence(self, at: float) -> list[Do]:
        """Ask again, then offer the keys, then a person."""
        self.silences += 1
        if self.silences > 2:
            return self._give_to_person("gives_up", at)
        if self.silences == 2:
            return self._line(self._keys_help(), at)
        if not self.chosen:
            return self._line("silence", at)
        return [*self._line("silence_question", at), DoSpeak(self.question)]

    def _keys_help(self) -> str:
        if self._collects():
            return "keys_digits"
        return "keys_yes_no" if self.unsure or self.expected == YES_NO else "keys_open"

    def _give_to_person(self, text: str, at: float) -> list[Do]:
        self._enter(Phase.THINKING, at)
        self.answering, self.asked, self.fillers = True, at, 2
        return [DoSpeak(line_text(text, self.language), firm=True), DoAskHuman()]

    # Keys.

    def _collects(self) -> bool:
        """Are key presses digits of the answer?"""
        return not self.unsure and self.expected.kind in (Kind.DIGITS, Kind.SPELLED)

    def _press(self, event: OnKey) -> list[Do]:
        quiet = self._quiet() if not self.answering else []
        if event.digit == "#" and not self.keys:
            complete = event.at < self.last_key + KEYS_S  # it was without this key
            return [] if complete else [*quiet, *self._ask_for_person(event.at)]
        if event.digit == "#":
            return [*quiet, *self._send_keys(event.at)]
        if event.digit == "*":
            self.keys = ""
            self._enter(Phase.SPEAKING, event.at)
            return [*quiet, DoSpeak(self.question)]
        if self._collects():
            return [*quiet, *self._collect(event)]
        return [*quiet, *self._choose(event)]

    def _collect(self, event: OnKey) -> list[Do]:
        self.keys = (self.keys + event.digit)[:MOST_KEYS]
        self.last_key = event.at
        if not self.answering:
            self._enter(Phase.LISTENING, event.at)
        if self.expected.digits and len(self.keys) == self.expected.digits:
            return self._send_keys(event.at)
        return []

    def _send_keys(self, at: float) -> list[Do]:
        keys, self.keys = self.keys, ""
        if keys == "0":
            return self._ask_for_person(at)
        return [DoForget(), *self._say(DoSay(keys, by_keys=True), at)]

    def _choose(self, event: OnKey) -> list[Do]:
        if event.digit == "0":
            return self._ask_for_person(event.at)
        yes_no = self.unsure is not None or (self.expected == YES_NO and not self.buttons)
        answer = answer_of(
            event.digit, self.language, () if yes_no else self.buttons, yes_no=yes_no
        )
        if answer and self.unsure:
            unsure, self.unsure = self.unsure, None
            if answer.payload == "/affirm":
                return [DoForget(), *self._say(unsure, event.at)]
            return [DoForget(), *self._line("say_again", event.at)]
        if answer is not None:
            return [DoForget(), *self._say(answer, event.at)]
        if event.digit == "5" and self.consent:
            self.recording = not self.recording
            said = self._line("recording_on" if self.recording else "recording_off", event.at)
            return [DoRecord(self.recording), *said]
        if event.digit == "9" and not self.chosen and self.language == "pl":
            self.language, self.chosen = "en", True
            self.question = line_text("english", "en")
            return [DoSwitch("en"), *self._line("english", event.at)]
        return []

    def _ask_for_person(self, at: float) -> list[Do]:
        self._enter(Phase.THINKING, at)
        self.answering, self.asked, self.fillers = True, at, 0
        self.unsure, self.keys, self.chosen = None, "", True
        return [DoForget(), DoAskHuman()]

    # The bot, and people.

    def _wait(self, event: OnTick) -> list[Do]:
        self._note_silence(event)
        waited = event.at - self.asked
        if waited >= GIVE_UP_S:
            return self._trouble(OnTrouble(event.at))
        for n, (patience, text) in enumerate(_FILLERS):
            if self.fillers == n and waited >= patience:
                self.fillers += 1
                return [DoSpeak(line_text(text, self.language))]
        return []

    def _reply(self, event: OnReply) -> list[Do]:
        self.question, self.buttons = event.text, event.buttons
        speak = DoSpeak(event.text, event.turn_id)
        if self.phase is Phase.THINKING and self.voice_since is not None:
            self._enter(Phase.HELD, event.at)  # the caller goes on: is it more than a sound?
            return [DoHold(), speak]
        if self.phase is Phase.LISTENING and (self.answering or self.voice_since is not None):
            return [speak, DoDrop()]  # they have interrupted this answer
        if self.phase in (Phase.THINKING, Phase.LISTENING):
            self._enter(Phase.SPEAKING, event.at)
        return [speak]

    def _finish_answer(self, event: OnAnswered) -> list[Do]:
        self.answering = False
        if event.asking != self.asking:
            self.failures = self.silences = 0
        self.asking = event.asking
        self.expected = expectation(event.asking, tuple(b.payload for b in self.buttons))
        done: list[Do] = []
        if event.language != self.language:
            self.language = event.language
            done.append(DoSwitch(event.language))
        if event.leave:
            return [*done, *self._leave(event.leave, event.at)]
        if self.phase is Phase.THINKING:
            self._enter(Phase.LISTENING, event.at)
        return done

    def _spoken(self, event: OnSpoken) -> list[Do]:
        self._enter(Phase.LISTENING, event.at)
        return []


_YES = frozenset(words("tak zgadza dobrze jasne yes yeah right correct"))
_NO = {"pl": frozenset(words("nie zle")), "en": frozenset(words("no nope wrong"))}
_FILLERS = ((FILLER_S, "filler"), (FILLER_AGAIN_S, "filler_again"))

_Act = Callable[[Call, Any], list[Do]]
_TABLE: dict[tuple[Phase, type[On]], _Act] = {
    (Phase.SPEAKING, OnBegun): Call._begin,
    (Phase.SPEAKING, OnVoice): Call._hear_voice_while_speaking,
    (Phase.SPEAKING, OnTick): Call._tick_speaking,
    (Phase.SPEAKING, OnSpoken): Call._spoken,
    (Phase.HELD, OnTick): Call._tick_held,
    (Phase.LISTENING, OnTick): Call._tick_listening,
    (Phase.LISTENING, OnHeard): Call._understand,
    (Phase.THINKING, OnTick): Call._wait,
}
"""What a phase does about an event; the rest is the same in all."""
_ALWAYS: dict[type[On], _Act] = {
    OnVoice: Call._hear_voice,
    OnHeard: Call._understand_late,
    OnKey: Call._press,
    OnReply: Call._reply,
    OnAnswered: Call._finish_answer,
    OnTrouble: Call._trouble,
    OnHungUp: Call._hang_up,
}
_DEAF_TO: dict[Phase, frozenset[type[On]]] = {
    Phase.LEAVING: frozenset({OnKey, OnVoice, OnTrouble, OnAnswered}),
    Phase.OVER: frozenset(_ALWAYS),
}
"""What is over cannot be changed."""
