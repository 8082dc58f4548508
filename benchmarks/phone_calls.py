"""Sixty scripted calls from voices that no model was trained on: how many end right?

They ask for an order, prove who is asking, and hear its state; a recogniser on their side has to
understand it. Everything is real: AudioSocket, Vosk, Rasa, the shop, Piper. The callers answer what
they are asked, as people do, and give up after a few turns. `--calls N` places fewer.
"""

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text as sql

from benchmarks.report import percentile, report
from frontline.lang import Language
from frontline.lang.numerals import cardinal
from frontline.lang.speakable import speakable
from frontline.runstate import settings_of_run
from frontline.settings import Settings
from handoff.app_parts import Parts, open_parts
from tests.common.phone import Phone, PhoneCall, voice_settings
from tests.common.speech import demo_models
from tests.common.stack import running_stack
from tools.speech.recogniser import HELD_OUT
from voice_gateway.audio.resample import resampler
from voice_gateway.stt.recognisers import VoskRecognisers

CALLS = 60
AT_ONCE = 3
MOST_TURNS = 9
HEARD_BACK = 0.7
"""Of the words of the answer have to be understood by a recogniser on the caller's side."""
QUESTIONS: dict[Language, tuple[str, ...]] = {
    "pl": (
        "gdzie jest moja paczka", "chcę sprawdzić status zamówienia", "co z moim zamówieniem",
        "kiedy przyjdzie moja przesyłka", "dzień dobry gdzie jest moje zamówienie",
    ),
    "en": (
        "where is my parcel", "i want to check the status of my order", "where is my order",
        "when will my parcel arrive", "hello where is my package",
    ),
}  # fmt: skip
VOICES: dict[Language, str] = {"pl": "pl", "en": "en-us"}


@dataclass
class Script:
    """One call: who asks for which order."""

    language: Language
    voice: str
    question: str
    digits: str
    postcode: str
    grouping: int
    ended_right: bool = False
    heard_back: float = 0.0
    answered_ms: list[float] = field(default_factory=list)
    turns: int = 0
    why: str = ""


async def scripts(parts: Parts, count: int) -> list[Script]:
    """As many as wanted, half of them English, over the shop's orders and all held-out voices."""
    async with parts.database.read() as connection:
        rows = await connection.execute(
            sql("select number, postal_code from shop_orders order by number")
        )
        orders = [(row.number[-6:], row.postal_code) for row in rows]
    chance = random.Random(1)
    chance.shuffle(orders)
    made = []
    for n in range(count):
        language: Language = "pl" if n % 2 == 0 else "en"
        voice = f"{VOICES[language]}+{HELD_OUT[n // 2 % len(HELD_OUT)]}"
        digits, postcode = orders[n % len(orders)]
        question = chance.choice(QUESTIONS[language])
        made.append(Script(language, voice, question, digits, postcode, 1 + n % 3))
    return made


def said(digits: str, language: Language, grouping: int) -> str:
    """Digits as a caller says them: one by one, or in Polish in groups of two or three."""
    size = grouping if language == "pl" and len(digits) % grouping == 0 else 1
    groups = [digits[i : i + size] for i in range(0, len(digits), size)]
    words = []
    for group in groups:
        zeros = len(group) - len(group.lstrip("0"))
        words += [cardinal(0, language)] * zeros
        if group.lstrip("0"):
            words.append(cardinal(int(group), language))
    return " ".join(words)


async def place(phone: Phone, recognisers: VoskRecognisers, script: Script) -> None:
    """One call, to its end."""
    async with phone.call(script.language) as call:
        await call.past_greeting()
        answer = script.question
        while script.turns < MOST_TURNS and not call.caller.gone.is_set():
            script.turns += 1
            await call.say(answer, script.voice)
            ended = call.caller.spoke_until
            if not await call.caller.wait_answer(1.0, 25):
                script.why = "no answer"
                return
            if call.caller.first_voiced:
                script.answered_ms.append((call.caller.first_voiced - ended) * 1000)
            asking, words = await answer_of(call, script)
            if not asking:
                script.ended_right = True
                await call.caller.wait_answer(2.0, 25)
                script.heard_back = await heard_back(recognisers, call, script, words)
                return
            answer = next_words(asking, script)
        script.why = script.why or f"after {script.turns} turns: {await call.texts('customer')}"


async def answer_of(call: PhoneCall, script: Script) -> tuple[str, str]:
    """What the bot asks now (empty when it has told the state of the order), and its words."""
    turns = await call.turns()
    understood = [turn.nlu for turn in turns if turn.author == "customer" and turn.nlu]
    slots = understood[-1]["slots"] if understood else {}
    words = " ".join(turn.text for turn in turns[-3:] if turn.author == "bot")
    if script.digits in str(slots.get("verified_orders")) and not slots.get("asking"):
        return "", words
    return slots.get("asking") or "anything", words


def next_words(asking: str, script: Script) -> str:
    """What a caller says to that."""
    if asking == "order_number":
        return said(script.digits, script.language, script.grouping)
    if asking == "proof":
        return said(script.postcode.replace("-", ""), script.language, 1)
    if asking == "confirm":
        return "tak" if script.language == "pl" else "yes"
    return script.question


async def heard_back(
    recognisers: VoskRecognisers, call: PhoneCall, script: Script, told: str
) -> float:
    """How much of the answer a recogniser on the caller's side understands, 0 to 1."""
    sound = resampler(8_000, 16_000).convert(bytes(call.caller.heard[-16_000 * 25 :]))
    recogniser = await recognisers.open(script.language)
    _ = await recogniser.feed(sound)
    heard = set((await recogniser.finish()).text.split())
    await recogniser.close()
    words = {w.strip(".,:").lower() for w in speakable(told, script.language).split()}
    wanted = {w for w in words if len(w) > 2}
    return len(wanted & heard) / max(1, len(wanted))


async def measure(settings: Settings, count: int) -> list[Script]:
    """Place all calls, a few at once."""
    recognisers = VoskRecognisers(settings, behind_s=60)  # no hurry on this side
    async with open_parts(settings) as parts:
        phone, wanted = Phone(settings, parts), await scripts(parts, count)
        turns = asyncio.Semaphore(AT_ONCE)

        async def one(script: Script) -> None:
            async with turns:
                try:
                    await place(phone, recognisers, script)
                except (AssertionError, TimeoutError) as error:
                    script.why = repr(error)
                print(line_of(script), file=sys.stderr)

        await asyncio.gather(*(one(script) for script in wanted))
    return wanted


def line_of(script: Script) -> str:
    """A call in a line."""
    sign = "ok" if is_right(script) else "NO"
    back = f"heard back {script.heard_back:.0%}"
    return f"{sign} {script.voice} {script.digits}: {script.turns} turns, {back} {script.why}"


def is_right(script: Script) -> bool:
    """The state of the order was told, and could be understood."""
    return script.ended_right and script.heard_back >= HEARD_BACK


def right(done: Sequence[Script], language: Language) -> float:
    """Percent of the calls in a language that ended right."""
    mine = [script for script in done if script.language == language]
    return 100 * sum(map(is_right, mine)) / max(1, len(mine))


def main() -> None:
    """Run the calls."""
    arguments = sys.argv[1:]
    count = int(arguments[arguments.index("--calls") + 1]) if "--calls" in arguments else CALLS
    given = voice_settings(demo_models())
    with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder), **given) as stack:
        settings = settings_of_run(Settings(data_dir=stack.data_dir))
        speech = {
            name: value for name, value in given.items() if name.startswith(("vosk", "piper"))
        }
        began = time.monotonic()
        done = asyncio.run(measure(settings.model_copy(update=speech), count))
        took = time.monotonic() - began
    answered = [ms for script in done for ms in script.answered_ms]
    metrics = {
        "calls": len(done),
        "right_percent": 100 * sum(map(is_right, done)) / max(1, len(done)),
        "right_pl_percent": right(done, "pl"),
        "right_en_percent": right(done, "en"),
        "turns_mean": sum(script.turns for script in done) / max(1, len(done)),
        "answered_p50_ms": percentile(answered, 50),
        "answered_p95_ms": percentile(answered, 95),
        "seconds": took,
    }
    notes = f"{AT_ONCE} at once, voices {', '.join(HELD_OUT)}; answered: at the caller's end"
    report("phone_calls", metrics, {}, notes)


if __name__ == "__main__":
    main()
