"""What `frontline train`, `train --watch` and `rollback` show and do."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from frontline.live_model import bots_of_run, make_live, roll_back
from frontline.model import train
from frontline.screen import Screen
from frontline.settings import Settings
from frontline.watch import Watch


async def train_once(settings: Settings, *, force: bool) -> None:
    """Train what changed and make it live.

    Raises:
        FrontlineError: training failed, or the running bot refuses the model.
    """
    with Screen() as screen:
        async with _ticking(screen):
            screen.begin("model", "compares the content; trains the bot if it changed")
            model, trained = await train(settings, force=force)
            screen.done("model", f"{'trained' if trained else 'unchanged'}: {model}")
            bots = bots_of_run(settings)
            screen.begin("live", "the running bot takes it" if bots else "is recorded")
            outcome = await make_live(settings, model, bots, force=force, fresh=force)
            if outcome.refused:
                what = f"rolled back or refused earlier: {outcome.live.name} stays live (--force)"
            elif bots:
                what = "answers with it now" if outcome.changed else "answers with it already"
            else:
                what = "from the next start on; no front line is running"
            screen.done("live", what)


async def roll_back_now(settings: Settings) -> None:
    """Put the model before the live one back.

    Raises:
        FrontlineError: there is none, or it is no longer fit.
    """
    with Screen() as screen:
        async with _ticking(screen):
            bots = bots_of_run(settings)
            screen.begin("rollback", "the running bot takes it" if bots else "the model is tried")
            outcome = await roll_back(settings, bots)
            screen.done("rollback", f"live: {outcome.live.name}")


def watch_content(settings: Settings, evaluated: Sequence[Path]) -> None:
    """Follow the content until Ctrl-C."""
    try:
        asyncio.run(Watch(settings, evaluated, say=_say).run())
    except KeyboardInterrupt:
        _say("ended")


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


@contextlib.asynccontextmanager
async def _ticking(screen: Screen) -> AsyncIterator[None]:
    """Say now and then that it goes on."""

    async def tick() -> None:
        while True:
            await asyncio.sleep(5)
            screen.still()

    ticking = asyncio.create_task(tick())
    try:
        yield
    finally:
        ticking.cancel()
