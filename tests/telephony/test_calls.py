"""Calls through a real Asterisk to the real front line: real sipp, real Vosk, Rasa and Piper."""

import re
import time

import pytest

from tests.common.call_record import READ_BACK, CallRecord
from tests.common.stack import Stack
from tools.telephony.baresip import Baresip, baresip
from tools.telephony.capture import calls, capturing, invites
from tools.telephony.pbx import Pbx
from tools.telephony.sipp import SippCall, sipp_call
from tools.telephony.timeline import barge_in_times
from tools.telephony.voices import alaw, pcm, share_of_tone
from voice_gateway.audio.g711 import decode_alaw

pytestmark = [pytest.mark.telephony, pytest.mark.timeout(240)]

VOICE = "pl+f3"
WHERE = "gdzie jest moja paczka"
NUMBER = "sto cztery siedemset trzydzieści jeden"
POSTCODE = "zero zero dziewięć pięć zero"
TONE = 0.5
"""The agent's telephone makes this share of what the caller hears, at least."""


def ask(call: SippCall, record: CallRecord, text: str, *, author: str = "bot") -> str:
    """Say something, confirm it if asked to, and wait for the answer's end; the answer."""
    before = record.turns[-1].seq
    call.line.say(alaw(text, VOICE))
    call.line.wait_for_answer()
    if READ_BACK.search(record.turns[-1].text):
        call.line.say(alaw("tak", VOICE))
        call.line.wait_for_answer()
    return record.said_by(author, after=before)


def hears_tone(call: SippCall, limit_s: float = 20.0) -> bool:
    """Is the agent's telephone on the line before `limit_s` are over?"""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        last_second = decode_alaw(b"".join(call.line.sound[-50:]))
        if len(last_second) > 8000 and share_of_tone(last_second) > TONE:
            return True
        time.sleep(0.1)
    return False


def test_a_caller_hears_where_the_parcel_is(phone_stack: Stack, pbx: Pbx, line: str) -> None:
    with sipp_call(pbx, line) as call:
        call.line.wait_for_answer()
        record = CallRecord(phone_stack.data_dir)
        assert "numer" in ask(call, record, WHERE).lower()
        assert "kod" in ask(call, record, NUMBER).lower()
        told = ask(call, record, POSTCODE)
    assert re.search(r"104731|sto cztery|zamówieni", told), record.turns
    record.wait_for("state", "over")
    assert record.value("ended") == "caller"


def test_keys_answer_every_question(phone_stack: Stack, pbx: Pbx, line: str) -> None:
    with sipp_call(pbx, line) as call:
        call.line.wait_for_answer()
        record = CallRecord(phone_stack.data_dir)
        ask(call, record, WHERE)
        for keys in ("104731#", "00950#"):
            before = record.turns[-1].seq
            call.line.press(keys)
            call.line.wait_for_answer()
        told = record.said_by("bot", after=before)
    assert re.search(r"104731|sto cztery|zamówieni", told), record.turns


def test_a_caller_who_interrupts_is_listened_to(phone_stack: Stack, pbx: Pbx, line: str) -> None:
    with capturing(pbx) as wire, sipp_call(pbx, line) as call:
        call.line.wait_for_answer()
        record = CallRecord(phone_stack.data_dir)
        call.line.say(alaw("o której otwieracie", VOICE))
        call.line.wait_for_voice()
        time.sleep(0.8)
        before = record.turns[-1].seq
        call.line.say(alaw(WHERE, VOICE))
        call.line.wait_for_answer()
        assert "numer" in record.said_by("bot", after=before).lower(), record.turns
    [captured] = calls(wire, pbx).values()
    times = barge_in_times(captured.caller, captured.bot)
    assert times
    assert max(times) < 1.0  # benchmarks/barge_in.py measures it; machines that test are busy


def test_who_asks_for_a_person_gets_one_who_knows_the_case(
    phone_stack: Stack, pbx: Pbx, agent: Baresip, line: str
) -> None:
    with capturing(pbx) as wire, sipp_call(pbx, line) as call:
        call.line.wait_for_answer()
        record = CallRecord(phone_stack.data_dir)
        call.line.press("0")
        assert hears_tone(call), record.turns
        assert record.value("state") == "queue"
        heard = len(agent.heard())
        call.line.say(alaw("dzień dobry, dzwonię w sprawie paczki", VOICE))
        assert any(agent.heard()[heard:])
        agent.hang_up()
        call.wait_until_over()
    [invite] = [one for one in invites(wire, pbx) if "ania" in one["to"]]
    assert invite["x-handoff-id"] == record.value("handoff_id")
    assert re.fullmatch(r"[a-z_]+", invite["x-handoff-reason"])
    assert "+48" not in "".join(invite.values())  # nobody's number but what the header From shows
    record.wait_for("state", "over")
    assert record.case["channel"] == "voice"


def test_when_no_agent_can_answer_the_bot_takes_the_caller_back(
    phone_stack: Stack, pbx: Pbx, line: str
) -> None:
    with sipp_call(pbx, line) as call:
        call.line.wait_for_answer()
        record = CallRecord(phone_stack.data_dir)
        before = record.turns[-1].seq
        call.line.press("0")
        record.wait_for("state", "queue")
        record.wait_for("state", "bot")
        call.line.wait_for_answer()
        assert record.said_by("system", after=before), record.turns
        assert not call.is_over


def test_a_gateway_that_dies_loses_no_caller(
    phone_stack: Stack, pbx: Pbx, agent: Baresip, line: str
) -> None:
    with sipp_call(pbx, line) as call:
        call.line.wait_for_voice()
        phone_stack.kill("voice")
        assert hears_tone(call)
        agent.hang_up()
        call.wait_until_over()


def test_a_gateway_that_is_down_loses_no_caller(lonely_pbx: Pbx, line: str) -> None:
    with baresip(lonely_pbx, "ania", answers=True) as agent, sipp_call(lonely_pbx, line) as call:
        assert hears_tone(call)
        agent.hang_up()
        call.wait_until_over()


def test_the_language_is_the_lines(phone_stack: Stack, pbx: Pbx, line: str) -> None:
    with sipp_call(pbx, f"{line[:3]}2") as call:
        call.line.wait_for_answer()
        record = CallRecord(phone_stack.data_dir)
        assert record.value("language") == "en"
        before = record.turns[-1].seq
        call.line.say(alaw("where is my parcel", "en-us+f3"))
        call.line.wait_for_answer()
        assert "number" in record.said_by("bot", after=before).lower(), record.turns


def test_a_telephone_of_somebody_elses_making(phone_stack: Stack, pbx: Pbx, line: str) -> None:
    with baresip(pbx, "caller") as phone:
        phone.dial(f"sip:{line}@127.0.0.1:{pbx.ports.sip}")
        phone.wait_for("CALL_ESTABLISHED")
        wait_until_quiet(phone)
        record = CallRecord(phone_stack.data_dir)
        for words in (WHERE, NUMBER):
            before = record.turns[-1].seq
            phone.say(pcm(words, VOICE))
            wait_until_quiet(phone)
        assert "kod" in record.said_by("bot", after=before).lower(), record.turns
        before = record.turns[-1].seq
        phone.press("00950#")
        wait_until_quiet(phone)
        assert record.said_by("bot", after=before)
        phone.hang_up()
        phone.wait_for("CALL_CLOSED")


def wait_until_quiet(phone: Baresip, quiet_s: float = 2.0, limit_s: float = 40.0) -> None:
    """Wait until the telephone has heard something from now on, and then nothing for a while."""
    begun, deadline = len(phone.heard()), time.monotonic() + limit_s
    quiet = int(quiet_s * 16_000)
    while True:
        heard = phone.heard()[begun:]
        if len(heard) > quiet and not _voiced(heard[-quiet:]) and _voiced(heard):
            return
        assert time.monotonic() < deadline, "the telephone hears no answer"
        time.sleep(0.1)


def _voiced(samples: bytes) -> bool:
    values = memoryview(samples).cast("h")
    return any(abs(value) > 500 for value in values[::7])
