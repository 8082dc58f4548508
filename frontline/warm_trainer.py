"""A trainer that has Rasa loaded already: orders and answers as in `bot/train_service.py`."""

import asyncio
import contextlib
import json
import os
import signal
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from frontline.errors import UnavailableError
from frontline.model import BOT, BOT_PYTHON, code_sources, content_hash, content_sources
from frontline.settings import Settings, environment
from frontline.supervisor import die_with_parent

LONGEST_LINE = 2**24
GIVE_UP_S = 1.0
"""An order that was taken back has ended within this time, or the process is ended."""


class WarmTrainer:
    """One process of the bot's Python; started anew when what it has loaded has changed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._log = settings.data_dir / "log" / "train.log"
        self._process: asyncio.subprocess.Process | None = None
        self._loaded = ""

    async def __aenter__(self) -> Self:
        """Nothing is started yet: the first order, or `warm_up`, does."""
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        """End the process, and a training that goes on in it."""
        await self._end()

    async def warm_up(self) -> None:
        """Have Rasa loaded.

        Raises:
            UnavailableError: it cannot be; the log says why.
        """
        nlu, domain, config = content_sources(self._settings.content_dir)
        wanted = content_hash((config, *code_sources()))
        if self._process and self._process.returncode is None and wanted == self._loaded:
            return
        await self._end()
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(str(BOT_PYTHON), "-m", "train", "--serve", "--config", str(config)),
                *("--data", str(nlu), "--domain", str(domain)),
                cwd=BOT,
                env=environment(self._settings),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                limit=LONGEST_LINE,
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )
        self._loaded = wanted
        while "ready" not in await self._answer():
            pass

    async def train(self, content: Path, out: Path) -> None:
        """Train from a folder with content into a file.

        Raises:
            UnavailableError: training failed; the message is the reason.
        """
        nlu, domain, config = content_sources(content)
        sources = {"data": str(nlu), "domain": str(domain), "config": str(config)}
        await self._order({"train": sources | {"out": str(out)}})

    async def evaluate(self, files: list[Path], model: Path) -> str:
        """The figures of a model on labelled sentences, as a table.

        Raises:
            UnavailableError: that was not possible; the message is the reason.
        """
        given = [str(path.resolve()) for path in files]
        return await self._order({"evaluate": given, "model": str(model)})

    async def _order(self, order: dict[str, Any]) -> str:
        """Give an order and wait until it is carried out; the text that it gives, if any."""
        await self.warm_up()
        process = self._process
        if process is None or process.stdin is None:
            raise UnavailableError("the trainer is not running")
        process.stdin.write(json.dumps(order).encode() + b"\n")
        await process.stdin.drain()
        said: dict[str, Any] = {}
        try:
            while "finished" not in said:
                said |= await self._answer()
        except asyncio.CancelledError:
            await self._give_up(said)
            raise
        if said["finished"] != 0 or "error" in said:
            raise UnavailableError(said.get("error") or f"training failed; see {self._log}")
        return str(said.get("text", ""))

    async def _give_up(self, said: dict[str, Any]) -> None:
        """End what the trainer is at; Rasa stays loaded."""
        try:
            async with asyncio.timeout(GIVE_UP_S):
                while "pid" not in said:
                    said |= await self._answer()
                with contextlib.suppress(ProcessLookupError):
                    os.kill(said["pid"], signal.SIGKILL)
                while "finished" not in said:
                    said |= await self._answer()
        except (TimeoutError, UnavailableError, asyncio.CancelledError):
            await self._end()

    async def _answer(self) -> dict[str, Any]:
        process = self._process
        if process is None or process.stdout is None:
            raise UnavailableError("the trainer is not running")
        line = await process.stdout.readline()
        if not line:
            raise UnavailableError(f"the trainer ended; see {self._log}")
        try:
            answer = json.loads(line)
        except ValueError:
            return {}  # a library that prints
        return answer if isinstance(answer, dict) else {}

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
