"""`frontline train --watch`: a saved sentence is checked, trained and live within seconds."""

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from frontline.errors import FrontlineError
from frontline.live_model import bots_of_run, make_live
from frontline.model import content_files, content_sources, snapshot, train
from frontline.settings import PROJECT, Settings
from frontline.supervisor import die_with_parent
from frontline.warm_trainer import WarmTrainer

POLL_S = 0.05
"""Looking at a hundred files takes a millisecond; no need for the system's notices."""
SHOWN = 20
"""Mistakes that are shown at once."""

State = dict[Path, tuple[int, int]]


def state_of(settings: Settings) -> State:
    """When each file of the content was changed, and its size."""
    state: State = {}
    for source in content_sources(settings.content_dir):
        for path in content_files(source):
            try:
                stat = path.stat()
            except FileNotFoundError:  # an editor replaces it just now
                continue
            state[path] = (stat.st_mtime_ns, stat.st_size)
    return state


def changed_files(before: State, after: State) -> list[Path]:
    """Files that are new, gone or different."""
    both = before.items() ^ after.items()
    return sorted({path for path, _ in both})


class Watch:
    """Follows the content of one data folder until it is cancelled."""

    def __init__(
        self, settings: Settings, evaluated: Sequence[Path] = (), say: Callable[[str], None] = print
    ) -> None:
        self._settings = settings
        self._evaluated = list(evaluated)
        self._print = say

    async def run(self) -> None:
        """Bring the present content live, then each change of it."""
        async with WarmTrainer(self._settings) as trainer:
            self._say(f"watching {self._settings.content_dir}; Ctrl-C ends")
            await trainer.warm_up()
            seen = state_of(self._settings)
            await self._cycle(trainer, time.time())
            while True:
                now = await self._next_change(seen)
                files = changed_files(seen, now)
                seen = now
                saved = _saved_at(files)
                count = len(files)
                self._say(f"saved {count} file{'' if count == 1 else 's'}: {_names(files)}")
                await self._cycle(trainer, saved)

    async def _next_change(self, seen: State) -> State:
        """The state after a change, when nothing moves any more."""
        last = seen
        while True:
            now = state_of(self._settings)
            if now not in (seen, last):
                last = now  # something moves: look once more
            elif now != seen:
                return now
            await asyncio.sleep(POLL_S)

    async def _cycle(self, trainer: WarmTrainer, saved: float) -> None:
        """Check, train and swap; whatever fails, the live model goes on."""
        try:
            with snapshot(self._settings) as content:
                model = await self._valid_and_trained(trainer, content)
            if model is None:
                return
            bots = bots_of_run(self._settings)
            outcome = await make_live(self._settings, model, bots)
            if outcome.refused:
                self._say(
                    f"rolled back or refused earlier: {outcome.live.name} stays live, until"
                    " the content changes or `frontline train --force`"
                )
            elif not bots:
                self._say("no front line is running: the model is used from the next start on")
            elif outcome.changed:
                self._say(f"live after {time.time() - saved:.1f} s")
            else:
                self._say("live already")
            if self._evaluated and not outcome.refused:
                self._print(await trainer.evaluate(self._evaluated, outcome.live))
        except (FrontlineError, OSError) as error:
            self._say(f"failed, the live model stays: {error}")

    async def _valid_and_trained(self, trainer: WarmTrainer, content: Path) -> Path | None:
        """The model, trained while the content is checked; None when it has mistakes."""

        async def timed() -> tuple[Path, str]:
            began = time.monotonic()
            model, trained = await train(self._settings, trainer=trainer.train, content=content)
            return model, f"{time.monotonic() - began:.1f} s" if trained else "already"

        training = asyncio.create_task(timed())
        try:
            if not await self._is_valid(content):
                return None
            model, how = await training
        finally:
            training.cancel()
            await asyncio.gather(training, return_exceptions=True)
        self._say(f"trained {how}: {model.name}")
        return model

    async def _is_valid(self, content: Path) -> bool:
        """Whether the content has no mistakes; they are shown with file and line."""
        began = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(PROJECT / "tools" / "check_content.py"), str(content)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(),
        )
        try:
            output, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
        if process.returncode == 0:
            self._say(f"valid {time.monotonic() - began:.1f} s")
            return True
        lines = output.decode(errors="replace").rstrip().splitlines()
        self._say(f"not valid, the live model stays: {lines[-1] if lines else '?'}")
        for line in lines[:-1][:SHOWN]:
            self._print(f"         {line}")
        return False

    def _say(self, text: str) -> None:
        self._print(f"{time.strftime('%H:%M:%S')} {text}")


def _saved_at(files: list[Path]) -> float:
    """When the newest of the files was saved; now, when that was not just before."""
    now = time.time()
    times = [path.stat().st_mtime for path in files if path.exists()]
    recent = [at for at in times if now - 5 < at <= now]
    return max(recent, default=now)


def _names(files: list[Path]) -> str:
    shown = ", ".join("/".join(path.parts[-2:]) for path in files[:3])
    return shown if len(files) <= 3 else f"{shown} …"
