"""Calls into the whole front line: real AudioSocket, Vosk, Rasa and Piper on the demo models."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from functools import partial

import pytest

from frontline.errors import RefusedError
from frontline.lang.written import written
from frontline.runstate import settings_of_run
from frontline.settings import Settings
from handoff.app_parts import open_parts
from tests.common.phone import Phone, PhoneCall, eventually, voice_settings
from tests.common.speech import demo_models
from tests.common.stack import Stack, running_stack
from voice_gateway.audio.resample import resampler
from voice_gateway.stt.recognisers import VoskRecognisers

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]
CALLS = 3


@pytest.fixture(scope="module")
def phone_line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    settings = voice_settings(demo_models()) | {"voice_calls": str(CALLS)}
    with running_stack(tmp_path_factory.mktemp("phone"), **settings) as stack:
        yield stack


@pytest.fixture
async def phone(phone_line: Stack) -> AsyncIterator[Phone]:
    settings = settings_of_run(Settings(data_dir=phone_line.data_dir))
    async with open_parts(settings) as parts:
        yield Phone(settings, parts)


@pytest.fixture
async def recognisers() -> AsyncIterator[VoskRecognisers]:
    """What hears on the caller's side."""
    opened = VoskRecognisers(Settings(vosk_model_pl=str(demo_models() / "vosk-pl")), behind_s=60)
    yield opened
    await opened.close()


async def test_an_order_is_told_after_a_second_fact(phone: Phone) -> None:
    async with phone.call() as call:
        await call.past_greeting()
        assert "automatyczny asystent" in (await call.texts("bot"))[0]
        await call.say("gdzie jest moja paczka")
        await call.until("bot", "numeru zamówienia")
        await call.until_quiet()
        await call.say("jeden zero cztery siedem trzy jeden")
        await call.until("bot", "kod")
        await call.until_quiet()
        await call.say("zero zero dziewięć pięć zero")
        await call.until("bot", "w drodze")
        await call.until_quiet()
        await call.say("do widzenia")
        assert (await call.where_next())[0] == "hangup"


async def test_english_callers_are_served_in_english(phone: Phone) -> None:
    async with phone.call("en") as call:
        await call.past_greeting()
        await call.say("where is my parcel")
        await call.until("bot", "order number")
        await call.until_quiet()
        await call.say("one zero four seven three one")
        await call.until("bot", "post")


async def test_an_interruption_silences_the_bot_and_the_record_says_what_was_heard(
    phone: Phone,
) -> None:
    async with phone.call() as call:
        await call.past_greeting()
        await call.say("gdzie jest moja paczka")
        await call.until_speaking()
        await asyncio.sleep(0.5)
        await call.say("połącz mnie z konsultantem")
        await call.until("customer", "konsultantem")
        cut = [turn for turn in await call.turns() if turn.speech and turn.speech.heard_ms]
        assert [turn.text.endswith("…") for turn in cut] == [True, True]  # the greeting, too
        assert (await call.where_next())[0] == "queue"


async def test_keys_do_what_the_voice_does(phone: Phone) -> None:
    async with phone.call() as call:
        await call.past_greeting()
        await call.say("gdzie jest moja paczka")
        await call.until("bot", "numeru zamówienia")
        await call.caller.press("104731")
        await call.until("bot", "kod")
        await call.caller.press("00950#")
        await call.until("bot", "w drodze")


async def test_a_chat_goes_on_in_a_running_call_by_its_code(phone: Phone) -> None:
    chat = await phone.parts.conversations.create("web", "pl", "Dzień dobry")
    code = await phone.parts.switching.phone_code(chat.id)
    async with phone.call() as call:
        await call.past_greeting()
        await call.caller.press("*000000")
        await asyncio.sleep(1.0)
        await call.until_quiet()  # it was wrong, and is said to be
        await call.caller.press(f"*{code.digits}")
        await call.until("system", "ten sam co na czacie")
        assert (await call.turns())[0].conversation_id == chat.id
        await call.until_quiet()
        await call.say("gdzie jest moja paczka")
        await call.until("bot", "numeru zamówienia")


async def test_a_call_goes_on_in_the_chat_by_the_code_that_is_spoken(
    phone: Phone, recognisers: VoskRecognisers
) -> None:
    async with phone.call() as call:
        await call.past_greeting()
        del call.caller.heard[:]
        await call.caller.press("8")
        await call.until_quiet(1.5)
        spoken = await heard_digits(recognisers, call)
        chat = await phone.parts.conversations.create("web", "pl", "Dzień dobry")
        assert [code for code in spoken if await works(phone, code, chat.id)], spoken
        assert (await call.turns())[-1].text.startswith("Rozmowa toczy się dalej na czacie.")


async def heard_digits(recognisers: VoskRecognisers, call: PhoneCall) -> list[str]:
    """The six-digit codes that a caller hears."""
    recogniser = await recognisers.open("pl")
    await recogniser.feed(resampler(8_000, 16_000).convert(bytes(call.caller.heard)))
    text = written((await recogniser.finish()).text, "pl", "digits")
    return re.findall(r"\b[0-9]{6}\b", re.sub(r"(?<=[0-9]) (?=[0-9])", "", text))


async def works(phone: Phone, code: str, chat_id: str) -> bool:
    try:
        await phone.parts.switching.to_chat(code, chat_id, "127.0.0.1")
    except RefusedError:
        return False
    return True


@pytest.mark.parametrize("key", ["0", "#"])
async def test_a_person_is_one_key_away(phone: Phone, key: str) -> None:
    async with phone.call() as call:
        await call.until_speaking()
        await call.caller.press(key)
        to, handoff, reason, language, _ = await call.where_next()
        assert (to, reason, language) == ("queue", "user_request", "pl")
        known = await phone.parts.calls.of_handoff(handoff)
        assert known.id == call.id
        turns = await call.turns()
        case = await phone.parts.cases.open_case(turns[0].conversation_id)
        assert case is not None
        assert case.channel == "voice"


async def test_a_call_outlives_redis(phone: Phone, phone_line: Stack) -> None:
    async with phone.call() as call:
        await call.past_greeting()
        phone_line.kill("redis")
        await call.say("gdzie jest moja paczka")
        await call.until_quiet()  # an answer, or that there is a problem
        await asyncio.sleep(3)  # the launcher has started it again
        await call.say("gdzie jest moja paczka")
        await call.until("bot", "numeru zamówienia")


async def test_without_its_records_the_gateway_gives_the_caller_to_the_queue(phone: Phone) -> None:
    async with phone.call() as call:
        await call.past_greeting()
        with sqlite3.connect(phone.settings.data_dir / "frontline.db") as database:
            database.execute("begin immediate")
            await call.say("gdzie jest moja paczka")
            async with asyncio.timeout(60):
                await call.caller.gone.wait()
            database.rollback()
        assert (await call.where_next())[0] == "queue"
        assert not any("paczka" in text for text in await call.texts("customer"))


async def is_over(phone: Phone, call_id: str) -> bool:
    return (await phone.parts.calls.get(call_id)).state == "over"


async def test_who_hangs_up_in_the_middle_leaves_nothing_behind(phone: Phone) -> None:
    for wait in (0.0, 0.5, 2.0):
        async with phone.call() as call:
            await asyncio.sleep(wait)
        over = partial(is_over, phone, call.id)
        await eventually(over, 10)


async def test_more_callers_than_lines_are_told_and_queued(phone: Phone) -> None:
    async with phone.call() as one, phone.call() as two, phone.call() as three:
        for call in (one, two, three):
            await call.until_speaking()
        status, text = await phone.ask("POST", "/calls", call="a-call-too-many")
        assert (status, text) == (503, "busy")


async def test_strangers_are_told_nothing(phone: Phone) -> None:
    phone.settings = phone.settings.model_copy(update={"voice_password": "wrong"})
    for method, path in (("POST", "/calls"), ("GET", "/next/some-call"), ("POST", "/queue/x")):
        assert (await phone.ask(method, path))[0] == 401
