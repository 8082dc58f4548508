"""Calls through a real Asterisk to the real front line: real phones, real Vosk, Rasa and Piper."""

import re
import time
import urllib.error
import urllib.request

import pytest

from tests.common.call_record import CallRecord
from tests.common.stack import Stack
from tools.telephony.baresip import Baresip, baresip
from tools.telephony.capture import calls, capturing, invites
from tools.telephony.pbx import Pbx
from tools.telephony.sipp import SippCall, sipp_call
from tools.telephony.timeline import barge_in_times
from tools.telephony.voices import alaw, pcm, share_of_tone
from voice_gateway.audio.g711 import decode_alaw

pytestmark = [pytest.mark.telephony, pytest.mark.timeout(300)]

POLISH, ENGLISH = "pl", "en-us"
WHERE = "gdzie jest moja paczka"
NUMBER = "sto cztery siedemset trzydzieści jeden"
POSTCODE = "zero zero dziewięć pięć zero"
TONE = 0.5
"""The agent's telephone makes this share of what the caller hears, at least."""
MOST_ANSWERS = 8
LEAVES_WITHIN_S = 40.0
"""The bot says that it connects, how many are waiting, and what comes if nobody answers."""


Answers = tuple[tuple[str, str], ...]
"""What the bot asks, as a pattern, and what the caller then says or keys in."""
BY_VOICE: Answers = (
    ("zgadza", "tak"),
    ("sześć ostatnich cyfr|nie pasują", NUMBER),
    ("kod pocztowy", POSTCODE),
    ("", WHERE),
)
BY_KEYS: Answers = (
    ("is that right|Is it about", "1"),
    ("six digits", "104731"),
    ("postcode", "00950#"),
    ("", ""),
)


def answer_of(answers: Answers, asked: str) -> str:
    return next(answer for pattern, answer in answers if re.search(pattern, asked))


def ask(call: SippCall, record: CallRecord, text: str) -> str:
    """Say something and wait for the answer's end; the answer."""
    before = record.turns[-1].seq
    call.line.say(alaw(text, POLISH))
    call.line.wait_for_answer()
    return record.said_by("bot", after=before)


def talk_until(told: str, call: SippCall, record: CallRecord) -> None:
    """Answer what the bot asks, as often as it asks, until it tells what is wanted."""
    heard = ask(call, record, WHERE)
    for _ in range(MOST_ANSWERS):
        if told in heard:
            return
        heard = ask(call, record, answer_of(BY_VOICE, heard))
    pytest.fail(f"{told!r} was not told: {record.turns}")


def hears_tone(call: SippCall, limit_s: float = LEAVES_WITHIN_S) -> bool:
    """Is the agent's telephone on the line before `limit_s` are over?"""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        last_second = decode_alaw(b"".join(call.line.sound[-50:]))
        if len(last_second) > 8000 and share_of_tone(last_second) > TONE:
            return True
        time.sleep(0.1)
    return False


def test_a_gateway_that_is_down_loses_no_caller(lonely_pbx: Pbx, line: str) -> None:
    with baresip(lonely_pbx, "ania", answers=True) as agent, sipp_call(lonely_pbx, line) as call:
        assert hears_tone(call), lonely_pbx.log()[-3000:]
        agent.hang_up()
        call.wait_until_over()


def test_a_caller_hears_where_the_parcel_is_and_interrupts(
    phone_stack: Stack, pbx: Pbx, line: str
) -> None:
    with capturing(pbx) as wire, sipp_call(pbx, line) as call:
        call.line.wait_for_answer(limit_s=60)
        record = CallRecord(phone_stack.data_dir)
        talk_until("Zamówienie sto cztery", call, record)
        call.line.say(alaw(WHERE, POLISH))
        call.line.wait_for_voice()
        time.sleep(1.0)
        asked = record.turns[-1].seq
        call.line.say(alaw("jaki jest wasz adres", POLISH))
        call.line.wait_for_answer()
        assert [turn for turn in record.turns if turn.seq > asked and turn.author == "customer"]
    [captured] = calls(wire, pbx).values()
    stopped_s = barge_in_times(captured.caller, captured.bot)
    assert stopped_s
    assert min(stopped_s) < 1.0  # benchmarks/barge_in.py measures it; machines that test are busy
    record.wait_for("state", "over")
    assert record.value("ended") == "caller"


def test_a_sip_phone_answers_by_keys_on_the_english_line(
    phone_stack: Stack, pbx: Pbx, line: str
) -> None:
    with baresip(pbx, "caller") as phone:
        phone.dial(f"sip:{line[:3]}2@127.0.0.1:{pbx.ports.sip}")
        phone.wait_for("CALL_ESTABLISHED")
        wait_until_quiet(phone, limit_s=60)
        record = CallRecord(phone_stack.data_dir)
        assert record.value("language") == "en"
        told, keys = "", ""
        for _ in range(MOST_ANSWERS):
            before = record.turns[-1].seq
            if keys:
                phone.press(keys)
            else:
                phone.say(pcm("where is my parcel", ENGLISH))
            wait_until_quiet(phone)
            told = record.said_by("bot", after=before)
            if "is on its way" in told:
                break
            keys = answer_of(BY_KEYS, told)
        assert "is on its way" in told, record.turns
        assert not record.case
        phone.hang_up()
        phone.wait_for("CALL_CLOSED")


def test_when_no_agent_can_answer_the_bot_takes_the_caller_back(
    phone_stack: Stack, pbx: Pbx, line: str
) -> None:
    with sipp_call(pbx, line) as call:
        call.line.wait_for_voice()
        record = CallRecord(phone_stack.data_dir)
        call.line.press("0")
        deadline = time.monotonic() + LEAVES_WITHIN_S
        while "oddzwoni pod numer" not in record.turns[-1].text:
            assert time.monotonic() < deadline, record.turns
            time.sleep(0.1)
        call.line.wait_for_voice()
        assert record.value("state") == "bot"
        assert not call.is_over


def test_who_presses_zero_gets_a_person_who_knows_the_case(
    phone_stack: Stack, pbx: Pbx, agent: Baresip, line: str
) -> None:
    with capturing(pbx) as wire, sipp_call(pbx, line) as call:
        call.line.wait_for_voice()
        record = CallRecord(phone_stack.data_dir)
        call.line.press("0")
        assert hears_tone(call), pbx.log()[-3000:]
        assert record.value("state") == "queue"
        heard = len(agent.heard())
        call.line.say(alaw("dzień dobry, dzwonię w sprawie paczki", POLISH))
        assert _voiced(agent.heard()[heard:])
        agent.hang_up()
        call.wait_until_over()
    [invite] = [one for one in invites(wire, pbx) if "ania" in one["to"]]
    assert invite["x-handoff-id"] == record.value("handoff_id")
    assert invite["x-handoff-reason"] == record.case["reason"]
    assert re.fullmatch(r"[0-9a-f]{24}", invite["x-handoff-id"])
    record.wait_for("state", "over")
    assert record.case["channel"] == "voice"


def test_a_gateway_that_dies_loses_no_caller(
    phone_stack: Stack, pbx: Pbx, agent: Baresip, line: str
) -> None:
    with sipp_call(pbx, line) as call:
        call.line.wait_for_voice()
        phone_stack.kill("voice")
        assert hears_tone(call), pbx.log()[-3000:]
        agent.hang_up()
        call.wait_until_over()
    wait_until_healthy(pbx.ports.http)


def wait_until_healthy(port: int, limit_s: float = 60.0) -> None:
    """The launcher brings a gateway that died back."""
    deadline = time.monotonic() + limit_s
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2).close()
        except (urllib.error.URLError, OSError):
            assert time.monotonic() < deadline, "the gateway does not come back"
            time.sleep(0.2)
        else:
            return


def wait_until_quiet(phone: Baresip, quiet_s: float = 2.0, limit_s: float = 30.0) -> None:
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
    values = memoryview(samples[: len(samples) // 2 * 2]).cast("h")
    return any(abs(value) > 500 for value in values[::7])
