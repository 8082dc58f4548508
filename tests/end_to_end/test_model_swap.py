"""The running bot gets another model: no conversation is lost, what is unfit is refused."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from frontline.bots import ModelRefusedError, models_of
from frontline.live_model import bots_of_run, live_path, make_live
from frontline.live_record import read_record
from frontline.settings import PROJECT, Settings
from tests.common.dialogue import Customer
from tests.common.models import changed_model, with_word, without_classifier
from tests.common.stack import Stack
from web_chat.client import ChatClient

pytestmark = pytest.mark.stack

CUSTOMERS = 20
USUAL, CHANGED = "Do widzenia", "Wszystkiego dobrego"
TROUBLE = "kłopot techniczny"


class Bot:
    """The stack's bot, and another model that says goodbye differently."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        self.settings = Settings(data_dir=stack.data_dir)
        live = live_path(self.settings)
        if live is None:
            raise RuntimeError("the stack has no live model")
        self.first = live
        self.second = changed_model(live, folder / "other.tar.gz", with_word(USUAL, CHANGED))
        self.unfit = changed_model(live, folder / "unfit.tar.gz", without_classifier)

    @property
    def urls(self) -> tuple[str, ...]:
        return bots_of_run(self.settings)

    async def take(self, model: Path) -> None:
        await make_live(self.settings, model, self.urls, force=True)


@pytest.fixture
async def bot(stack: Stack, tmp_path: Path) -> AsyncIterator[Bot]:
    one = Bot(stack, tmp_path)
    yield one
    await one.take(one.first)


async def farewell(stack: Stack) -> str:
    async with ChatClient(stack.url) as client:
        return await Customer(client).say("do widzenia")


async def eventually(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110  another process does it
            await asyncio.sleep(0.2)


async def test_a_conversation_goes_on_with_the_new_model(stack: Stack, bot: Bot) -> None:
    rasa = stack.service("rasa").pid
    async with ChatClient(stack.url) as client:
        customer = Customer(client)
        await customer.say("Gdzie jest moja paczka?")
        asked = await customer.say("ZA-2026-104731")
        assert "kod" in asked.lower()
        await bot.take(bot.second)
        told = await customer.say("00-950")
        assert "104731" in told
        assert CHANGED in await customer.say("do widzenia")
    assert stack.service("rasa").pid == rasa


async def test_nobody_notices_a_swap_in_the_middle_of_a_talk(stack: Stack, bot: Bot) -> None:
    begun, swapped = asyncio.Event(), asyncio.Event()

    async def talk() -> list[str]:
        async with ChatClient(stack.url) as client:
            customer = Customer(client)
            answers = [await customer.say("O której otwieracie?")]
            begun.set()
            while not swapped.is_set():
                answers.append(await customer.say("O której otwieracie?"))
            return answers

    talks = [asyncio.create_task(talk()) for _ in range(CUSTOMERS)]
    await begun.wait()
    for model in (bot.second, bot.first):
        await bot.take(model)
    swapped.set()
    talked = [await task for task in talks]
    assert all(len(answers) >= 2 for answers in talked)
    assert all(answer and TROUBLE not in answer for answers in talked for answer in answers)


async def test_an_unfit_model_is_refused_and_the_old_one_goes_on(stack: Stack, bot: Bot) -> None:
    with pytest.raises(ModelRefusedError, match="unfit"):
        await bot.take(bot.unfit)
    assert await models_of(bot.urls) == {bot.first.name}
    record = read_record(bot.first.parent)
    assert record.live == bot.first.name
    assert bot.unfit.name in record.refused
    assert USUAL in await farewell(stack)


async def test_a_roll_back_swaps_at_once_and_outlives_the_death_of_the_bot(
    stack: Stack, bot: Bot
) -> None:
    await bot.take(bot.second)
    assert CHANGED in await farewell(stack)
    done = subprocess.run(  # noqa: ASYNC221  nothing else goes on
        [sys.executable, "-m", "frontline", "rollback"],
        cwd=PROJECT,
        env=stack.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert bot.first.name in done.stdout
    assert USUAL in await farewell(stack)
    dead = stack.service("rasa").pid
    stack.kill("rasa")
    await eventually(lambda: _pid(stack) not in (None, dead))
    assert await models_of(bot.urls) == {bot.first.name}


def _pid(stack: Stack) -> int | None:
    try:
        return stack.service("rasa").pid
    except RuntimeError:
        return None
