"""The call's table, event by event; the clock is what the events say."""

import pytest

from frontline.turns import Button
from voice_gateway.call import FILLER_AGAIN_S, FILLER_S, GIVE_UP_S, Call
from voice_gateway.call_events import (
    Do,
    DoAskHuman,
    DoDrop,
    DoFinish,
    DoForget,
    DoGiveCode,
    DoHold,
    DoLeave,
    DoRecord,
    DoResume,
    DoSay,
    DoSpeak,
    DoSwitch,
    DoTakeCode,
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
from voice_gateway.call_keys import AHEAD_S
from voice_gateway.call_voice import CALL_S, FALSE_ALARM_MS, NOISE_S, SILENCE_DIGITS_S, SILENCE_S
from voice_gateway.endpointing import OPEN
from voice_gateway.keys import KEYS_S, STAR_S
from voice_gateway.stt.port import Heard
from voice_gateway.texts import line_text

GREETING = "Tu automatyczny asystent. W czym mogę pomóc?"


class Caller:
    """Somebody on the phone, and the clock on the wall."""

    def __init__(self, asking: str | None = None, buttons: tuple[Button, ...] = ()) -> None:
        self.call = Call("pl")
        self.now = 100.0
        self.call.on(OnBegun(self.now, GREETING, "t0"))
        if asking is not None:
            self.call.on(OnSpoken(self.now))
            self.says("chcę coś zrobić")
            self.bot("Pytanie?", asking=asking, buttons=buttons)
        self.call.on(OnSpoken(self.now))

    def wait(self, seconds: float, **tick: object) -> list[Do]:
        self.now += seconds
        return self.call.on(OnTick(self.now, **tick))  # type: ignore[arg-type]

    def voice(self, *, firm: bool = False) -> list[Do]:
        return self.call.on(OnVoice(self.now, firm=firm))

    def heard(self, text: str, confidence: float = 0.9, written: str | None = None) -> list[Do]:
        heard = Heard(text, confidence=confidence)
        return self.call.on(OnHeard(self.now, heard, text if written is None else written))

    def says(self, text: str, confidence: float = 0.9, written: str | None = None) -> list[Do]:
        """A whole utterance, and its pause."""
        self.voice()
        still = {"text": text, "written": written or text, "steady_ms": 999.0}
        assert DoFinish() not in self.wait(1.0, **still)
        assert self.wait(2.0, silent_ms=2000.0, **still) == [DoFinish()]
        return self.heard(text, confidence, written)

    def key(self, digit: str) -> list[Do]:
        return self.call.on(OnKey(self.now, digit))

    def bot(
        self, text: str, *, asking: str | None = None, buttons: tuple[Button, ...] = ()
    ) -> None:
        self.call.on(OnReply(self.now, text, "t1", buttons))
        self.call.on(OnAnswered(self.now, asking=asking, language=self.call.language))


def said(done: list[Do]) -> list[str]:
    return [do.text for do in done if isinstance(do, DoSpeak)]


def text(name: str) -> str:
    return line_text(name, "pl")


def test_the_caller_is_told_of_the_machine_before_anything_can_interrupt() -> None:
    call = Call("pl")
    first, *rest = call.on(OnBegun(0.0, GREETING, "t0"))
    assert first == DoSpeak("Tu automatyczny asystent.", "t0", firm=True)
    assert said(rest) == [
        text("greeting_not_recorded"), text("greeting_english_key"), "W czym mogę pomóc?"
    ]  # fmt: skip
    assert call.on(OnVoice(1.0, firm=True)) == []
    assert call.on(OnTick(2.0, firm=True)) == []
    assert call.on(OnTick(3.0)) == [DoHold()]  # still talking when it had ended


def test_who_comes_back_is_not_told_everything_again() -> None:
    done = Call("pl").on(OnBegun(0.0, GREETING, "t0", fresh=False))
    assert said(done) == ["Tu automatyczny asystent.", "W czym mogę pomóc?"]


def test_a_turn_is_heard_asked_and_answered() -> None:
    caller = Caller()
    assert caller.says("gdzie jest moja paczka") == [
        DoSay("gdzie jest moja paczka", heard=Heard("gdzie jest moja paczka", confidence=0.9))
    ]
    assert caller.call.phase is Phase.THINKING
    reply = caller.call.on(OnReply(caller.now, "Proszę podać numer.", "t1"))
    assert reply == [DoSpeak("Proszę podać numer.", "t1")]
    caller.call.on(OnAnswered(caller.now, asking="order_number"))
    caller.call.on(OnSpoken(caller.now))
    assert caller.call.phase is Phase.LISTENING
    assert caller.call.expected.digits == 6


def test_an_interruption_stops_the_prompt_at_once_and_keeps_what_was_heard() -> None:
    caller = Caller()
    caller.says("gdzie jest moja paczka")
    caller.call.on(OnReply(caller.now, "Bardzo długa odpowiedź.", "t1"))
    assert caller.voice() == [DoHold()]
    assert caller.wait(0.3) == []
    assert caller.wait(0.1, text="nie") == [DoDrop()]
    assert caller.call.phase is Phase.LISTENING


@pytest.mark.parametrize("sound", ["", "mhm", "aha mhm"])
def test_a_false_alarm_resumes_the_prompt(sound: str) -> None:
    caller = Caller()
    caller.says("gdzie jest moja paczka")
    caller.call.on(OnReply(caller.now, "Bardzo długa odpowiedź.", "t1"))
    caller.voice()
    assert caller.wait(0.3, silent_ms=100, text=sound) == []
    assert caller.wait(0.4, silent_ms=FALSE_ALARM_MS, text=sound) == [DoForget(), DoResume()]
    assert caller.call.phase is Phase.SPEAKING


def test_noise_does_not_hold_the_prompt_for_ever() -> None:
    caller = Caller()
    caller.says("gdzie jest moja paczka")
    caller.call.on(OnReply(caller.now, "Bardzo długa odpowiedź.", "t1"))
    caller.voice()
    assert caller.wait(NOISE_S - 0.1) == []
    assert caller.wait(0.2) == [DoForget(), DoResume()]
    assert caller.wait(1.0) == []  # it goes on, and interrupts no more
    assert caller.wait(1.0, silent_ms=FALSE_ALARM_MS) == []
    assert caller.voice() == [DoHold()]  # until there was silence


def test_who_goes_on_while_the_bot_thinks_is_not_talked_over() -> None:
    caller = Caller()
    caller.says("gdzie jest moja paczka")
    caller.voice()
    reply = caller.call.on(OnReply(caller.now, "Proszę podać numer.", "t1"))
    assert reply == [DoHold(), DoSpeak("Proszę podać numer.", "t1")]
    assert caller.wait(0.2, text="i jeszcze") == [DoDrop()]
    more = caller.call.on(OnReply(caller.now, "Dalszy ciąg.", "t1"))
    assert more == [DoSpeak("Dalszy ciąg.", "t1"), DoDrop()]


def test_silence_is_asked_about_then_keys_are_offered_then_a_person() -> None:
    caller = Caller("confirm")
    assert caller.wait(SILENCE_S - 0.1) == []
    assert said(caller.wait(0.2)) == [text("silence_question"), "Pytanie?"]
    caller.call.on(OnSpoken(caller.now))
    assert said(caller.wait(SILENCE_S)) == [text("keys_yes_no")]
    caller.call.on(OnSpoken(caller.now))
    done = caller.wait(SILENCE_S)
    assert said(done) == [text("gives_up")]
    assert DoAskHuman() in done


def test_last_words_that_come_late_are_an_answer_or_nothing() -> None:
    caller = Caller()
    caller.voice()
    caller.wait(1.0, text="reklamacja", steady_ms=999)
    assert caller.wait(1.0, text="reklamacja", silent_ms=1000, steady_ms=999) == [DoFinish()]
    caller.call.on(OnReply(caller.now, "Wiadomość od konsultanta.", "t2"))
    drop, say = caller.heard("reklamacja")
    assert (drop, caller.call.phase) == (DoDrop(), Phase.THINKING)
    assert isinstance(say, DoSay)
    assert caller.heard("reklamacja") == []


def test_numbers_may_be_looked_for_longer() -> None:
    caller = Caller("order_number")
    assert caller.wait(SILENCE_S + 0.5) == []
    assert said(caller.wait(SILENCE_DIGITS_S - SILENCE_S))
    caller.call.on(OnSpoken(caller.now))
    assert said(caller.wait(SILENCE_DIGITS_S)) == [text("keys_digits")]


def test_the_silence_begins_when_the_prompt_has_ended() -> None:
    caller = Caller()
    caller.says("gdzie jest moja paczka")
    caller.bot("Bardzo długa odpowiedź.")
    assert caller.wait(60) == []
    caller.call.on(OnSpoken(caller.now))
    assert caller.wait(SILENCE_S - 0.1) == []


def test_two_failures_lead_to_a_person() -> None:
    caller = Caller("order_number")
    assert said(caller.says("bla", confidence=0.1)) == [text("unheard_digits")]
    caller.call.on(OnSpoken(caller.now))
    done = caller.says("bla", confidence=0.1)
    assert said(done) == [text("gives_up")]
    assert DoAskHuman() in done


def test_a_voice_without_words_counts_as_not_understood() -> None:
    caller = Caller()
    caller.voice()
    caller.wait(1.0)
    assert caller.wait(0.5, silent_ms=500) == []
    assert caller.wait(0.5, silent_ms=1000) == [DoFinish()]
    assert said(caller.heard("", 0.0)) == [text("unheard")]


def test_a_sound_of_listening_is_no_failure() -> None:
    caller = Caller()
    assert caller.says("mhm", confidence=0.9) == []
    assert caller.call.phase is Phase.LISTENING
    assert caller.call.failures == 0


def test_failures_of_another_question_are_not_counted() -> None:
    caller = Caller("order_number")
    caller.says("bla", confidence=0.1)
    caller.call.on(OnSpoken(caller.now))
    caller.says("jeden dwa trzy", written="123456")
    caller.bot("Kod pocztowy?", asking="proof")
    caller.call.on(OnSpoken(caller.now))
    assert said(caller.says("bla", confidence=0.1)) == [text("unheard_digits")]


def test_an_unsure_number_is_read_back() -> None:
    caller = Caller("order_number")
    done = caller.says("sto cztery siedemset", confidence=0.5, written="104700")
    assert said(done) == [line_text("read_back", "pl", text="104700")]
    caller.call.on(OnSpoken(caller.now))
    (say,) = caller.says("tak")
    assert isinstance(say, DoSay)
    assert say.text == "104700"


def test_a_number_read_back_may_be_denied_or_said_again() -> None:
    for answer, expected in (("nie", None), ("sto cztery siedemset trzydzieści jeden", "104731")):
        caller = Caller("order_number")
        caller.says("sto cztery siedemset", confidence=0.5, written="104700")
        caller.call.on(OnSpoken(caller.now))
        done = caller.says(answer, written=expected or answer)
        if expected:
            assert [do.text for do in done if isinstance(do, DoSay)] == [expected]
        else:
            assert said(done) == [text("say_again")]


def test_keys_answer_a_number_question() -> None:
    caller = Caller("order_number")
    for digit in "10473":
        assert caller.key(digit) == []
    done = caller.key("1")
    assert done == [DoForget(), DoSay("104731", by_keys=True)]


def test_a_hash_behind_all_digits_calls_nobody() -> None:
    caller = Caller("order_number")
    for digit in "104731":
        caller.key(digit)
    assert caller.key("#") == []
    caller.wait(KEYS_S)
    assert DoAskHuman() in caller.key("#")


def test_too_few_digits_end_by_hash_or_by_themselves() -> None:
    for end in ("#", None):
        caller = Caller("order_number")
        for digit in "104":
            caller.key(digit)
        done = caller.key(end) if end else caller.wait(KEYS_S)
        assert done[-1] == DoSay("104", by_keys=True)


def test_star_takes_back_the_digits_and_repeats_the_question() -> None:
    caller = Caller("order_number")
    caller.key("1")
    assert said(caller.key("*")) == ["Pytanie?"]
    for digit in "10473":
        caller.key(digit)
    assert caller.key("1")[-1] == DoSay("104731", by_keys=True)


def test_a_star_alone_repeats_the_question() -> None:
    caller = Caller()
    assert caller.key("*") == []
    assert caller.wait(STAR_S - 0.1) == []
    assert said(caller.wait(0.2)) == ["W czym mogę pomóc?"]


@pytest.mark.parametrize("phase", ["speaking", "listening", "thinking"])
@pytest.mark.parametrize("key", ["0", "#"])
def test_a_person_is_one_key_away_at_any_moment(phase: str, key: str) -> None:
    caller = Caller()
    if phase != "listening":
        caller.says("gdzie jest moja paczka")
    if phase == "speaking":
        caller.bot("Bardzo długa odpowiedź.")
    assert DoAskHuman() in [*caller.key(key), *caller.wait(AHEAD_S)]


def test_digits_pressed_before_the_question_is_known_answer_it() -> None:
    caller = Caller()
    caller.says("gdzie jest moja paczka")
    for digit in "00473":
        assert caller.key(digit) == []
    caller.call.on(OnReply(caller.now, "Proszę podać numer.", "t1"))
    assert caller.key("1") == []
    done = caller.call.on(OnAnswered(caller.now, asking="order_number"))
    assert done == [DoDrop(), DoForget(), DoSay("004731", by_keys=True)]


def test_keys_choose_what_is_known_when_the_answer_has_more_to_come() -> None:
    caller = Caller()
    caller.says("gdzie jest moja paczka")
    caller.call.on(OnReply(caller.now, "Chwilę to potrwa.", "t1"))
    assert caller.key("0") == []
    assert DoAskHuman() in caller.wait(AHEAD_S)


def test_who_waits_for_a_person_presses_in_vain() -> None:
    caller = Caller()
    assert DoAskHuman() in caller.key("0")
    assert [*caller.key("0"), *caller.key("#"), *caller.wait(AHEAD_S)] == []
    assert caller.call.on(OnAnswered(caller.now, leave="queue")) == [DoLeave("queue")]


def test_keys_pressed_ahead_do_not_hold_back_who_leaves() -> None:
    caller = Caller()
    caller.says("do widzenia")
    caller.key("1")
    assert caller.call.on(OnAnswered(caller.now, leave="hangup")) == [DoLeave("hangup")]
    assert caller.wait(AHEAD_S * 2) == []
    assert caller.call.phase is Phase.LEAVING


def with_code(caller: Caller) -> list[Do]:
    done = [do for key in "*12345" for do in caller.key(key)]
    assert done == []
    return caller.key("6")


@pytest.mark.parametrize("asking", [None, "order_number"])
def test_a_star_and_six_digits_are_a_code_from_the_chat(asking: str | None) -> None:
    caller = Caller(asking)
    assert with_code(caller) == [DoForget(), DoTakeCode("123456")]
    newest = "Mam całą rozmowę. W czym mogę pomóc?"
    done = caller.call.on(OnCode(caller.now, newest, "t7", "en"))
    assert done == [DoSwitch("en"), DoSpeak(newest, "t7")]
    assert caller.call.question == newest
    assert caller.call.expected is OPEN


def test_a_chat_that_waits_for_a_person_goes_on_to_the_queue() -> None:
    caller = Caller()
    with_code(caller)
    done = caller.call.on(OnCode(caller.now, "Zaraz odbierze konsultant.", "t7", leave="queue"))
    assert done == [DoSpeak("Zaraz odbierze konsultant.", "t7"), DoLeave("queue")]


def test_a_wrong_code_leaves_the_question_open() -> None:
    caller = Caller("order_number")
    with_code(caller)
    assert caller.call.on(OnCode(caller.now, "Ten kod nie działa.")) == [
        DoSpeak("Ten kod nie działa.")
    ]
    assert caller.call.question == "Pytanie?"
    for digit in "10473":
        caller.key(digit)
    assert caller.key("1")[-1] == DoSay("104731", by_keys=True)


def test_too_short_a_code_is_taken_and_will_be_wrong() -> None:
    caller = Caller()
    for key in "*123":
        caller.key(key)
    assert caller.wait(KEYS_S) == [DoForget(), DoTakeCode("123")]


def test_eight_asks_for_a_code_for_the_chat() -> None:
    caller = Caller()
    assert caller.key("8") == [DoForget(), DoGiveCode()]
    assert said(caller.wait(FILLER_S)) == [text("filler")]
    caller.call.on(OnCode(caller.now, "Kod do czatu to …"))
    assert caller.call.phase is Phase.SPEAKING


def test_zero_alone_is_a_person_where_digits_are_wanted_too() -> None:
    caller = Caller("order_number")
    assert caller.key("0") == []
    assert DoAskHuman() in caller.wait(KEYS_S)


def test_keys_choose_yes_no_and_buttons() -> None:
    assert Caller("confirm").key("1")[-1] == DoSay("tak", payload="/affirm", by_keys=True)
    assert Caller("confirm").key("2")[-1] == DoSay("nie", payload="/deny", by_keys=True)
    buttons = (Button("Zwrot", "/return_start"), Button("Reklamacja", "/complaint_start"))
    pressed = Caller("wish", buttons).key("2")
    assert pressed[-1] == DoSay("Reklamacja", payload="/complaint_start", by_keys=True)
    assert Caller("wish", buttons).key("7") == []


def test_nine_switches_to_english_before_the_first_word_only() -> None:
    caller = Caller()
    done = caller.key("9")
    assert DoSwitch("en") in done
    assert said(done) == [line_text("english", "en")]
    caller = Caller()
    caller.says("gdzie jest moja paczka")
    caller.bot("Odpowiedź.")
    caller.call.on(OnSpoken(caller.now))
    assert caller.key("9") == []


def test_a_recording_needs_consent_and_can_be_stopped() -> None:
    caller = Caller()
    assert caller.key("5") == []
    call = Call("pl")
    assert text("greeting_consent") in said(call.on(OnBegun(0.0, GREETING, "t0", consent=True)))
    assert DoRecord(True) in call.on(OnKey(1.0, "5"))
    assert DoRecord(False) in call.on(OnKey(2.0, "5"))


def test_a_slow_answer_is_filled_and_a_missing_one_leads_to_a_person() -> None:
    caller = Caller()
    caller.says("gdzie jest moja paczka")
    assert caller.wait(FILLER_S - 0.1) == []
    assert said(caller.wait(0.2)) == [text("filler")]
    assert caller.wait(1.0) == []
    assert said(caller.wait(FILLER_AGAIN_S)) == [text("filler_again")]
    done = caller.wait(GIVE_UP_S)
    assert said(done) == [text("trouble")]
    assert done[-1] == DoLeave("queue")


def test_the_bot_passes_the_call_on_after_its_last_sentence() -> None:
    caller = Caller()
    caller.says("konsultant")
    caller.call.on(OnReply(caller.now, "Łączę z konsultantem.", "t1"))
    assert caller.call.on(OnAnswered(caller.now, leave="queue")) == [DoLeave("queue")]
    assert caller.call.phase is Phase.LEAVING
    assert caller.voice() == []
    assert caller.key("1") == []
    late = caller.call.on(OnReply(caller.now, "Jeszcze jedno.", "t1"))
    assert late == [DoSpeak("Jeszcze jedno.", "t1")]


def test_the_language_of_the_answer_is_the_language_of_the_ear() -> None:
    caller = Caller()
    caller.says("english please")
    assert caller.call.on(OnAnswered(caller.now, language="en")) == [DoSwitch("en")]
    assert caller.call.language == "en"


def test_a_fault_leads_to_a_person() -> None:
    caller = Caller()
    done = caller.call.on(OnTrouble(caller.now))
    assert said(done) == [text("trouble")]
    assert DoAskHuman() in done
    assert done[-1] == DoLeave("queue")
    assert caller.call.on(OnTrouble(caller.now)) == []


def test_a_call_has_an_end() -> None:
    caller = Caller()
    done = caller.wait(CALL_S)
    assert said(done) == [text("too_long")]
    assert DoAskHuman() in done


def test_nothing_happens_after_the_end() -> None:
    for phase in Phase:
        call = Call("pl", phase)
        assert call.on(OnHungUp(1.0)) == []
        assert call.phase is Phase.OVER
        for event in (
            OnVoice(2.0), OnTick(2.0), OnKey(2.0, "0"), OnReply(2.0, "x", "t1"), OnSpoken(2.0),
            OnAnswered(2.0, leave="queue"), OnTrouble(2.0), OnBegun(2.0, GREETING, "t0"),
            OnHeard(2.0, Heard("x", confidence=1.0), "x"), OnHungUp(2.0),
        ):  # fmt: skip
            assert call.on(event) == []
