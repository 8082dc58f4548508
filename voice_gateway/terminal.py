"""`frontline call`: a caller without a telephone, over the real AudioSocket."""

import argparse
import asyncio
import contextlib
import json
import sys
import time
import uuid
import wave
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import aiohttp
import numpy as np

from frontline.errors import FrontlineError, RefusedError, UnavailableError
from frontline.espeak import Espeak
from frontline.logs import configure_logs
from frontline.runstate import settings_of_run
from frontline.settings import Settings, load_settings
from frontline.tasks import end
from frontline.turns import Turn
from handoff.app_parts import Parts, open_parts
from voice_gateway.caller import LINE_HZ, Caller, telephone_band

QUIET_S = 0.9
"""The answer is complete when the line is quiet for this long."""
PATIENCE_S = 25.0
LOOK_EVERY_S = 0.2
WHO = {
    "pl": {"customer": "Ty", "bot": "Automat", "agent": "Konsultant", "system": "*"},
    "en": {"customer": "You", "bot": "Bot", "agent": "Agent", "system": "*"},
}
VOICES = {"pl": "pl", "en": "en-us"}


@dataclass
class Report:
    """A call as it was, for `--json`."""

    call: str
    turns: list[dict[str, object]] = field(default_factory=list)
    answered_ms: list[int] = field(default_factory=list)
    """From the end of what we said to the first sound of the answer."""
    ended: str = ""
    next: str = ""


class TerminalCaller:
    """Speaks what it is told to, and prints what both sides said, with times."""

    def __init__(self, settings: Settings, parts: Parts, options: argparse.Namespace) -> None:
        self._settings = settings
        self._parts = parts
        self._options = options
        self._id = uuid.uuid4()
        self._report = Report(str(self._id))
        self._began = time.monotonic()
        self._seen = 0

    async def run(self) -> Report:
        """Place the call, say everything, wait for each answer, hang up.

        Raises:
            UnavailableError: there is no gateway, or all lines are busy.
            RefusedError: a WAV file that is no speech of one channel and 16 bit.
        """
        sounds = list(self._sounds())
        await self._announce()
        try:
            caller = await Caller.connect("127.0.0.1", self._settings.audiosocket_port, self._id)
        except OSError as error:
            raise UnavailableError("nobody takes calls here; is `frontline up` running?") from error
        self._began = caller.began
        following = asyncio.create_task(self._follow())
        try:
            await caller.wait_answer(QUIET_S, PATIENCE_S)  # the greeting
            for what, sound in sounds:
                if caller.gone.is_set():
                    break
                await self._say(caller, what, sound)
            self._report.ended = "gateway" if caller.gone.is_set() else "caller"
        finally:
            await caller.hang_up()
            await asyncio.sleep(2 * LOOK_EVERY_S)
            await end([following])
        if self._report.ended == "gateway":
            self._report.next = await self._ask("GET", f"/next/{self._id}")
            self._print(f"the line goes on: {self._report.next}")
        if self._options.save:
            _write(self._options.save, bytes(caller.heard))
        return self._report

    async def _say(self, caller: Caller, what: str, sound: bytes | None) -> None:
        if sound is None:
            await caller.press(what)
        else:
            await caller.say(sound)
        ended = caller.spoke_until
        if await caller.wait_answer(QUIET_S, PATIENCE_S) and caller.first_voiced:
            took = round((caller.first_voiced - ended) * 1000)
            self._report.answered_ms.append(took)
            self._print(f"(answered after {took} ms)")
        else:
            self._print("(no answer)")

    def _sounds(self) -> Iterator[tuple[str, bytes | None]]:
        """What to say, in order; None = keys to press."""
        espeak, voice = Espeak(), self._options.voice or VOICES[self._options.lang]
        for kind, value in self._options.steps:
            if kind == "press":
                yield value, None
            elif kind == "wav":
                yield value, _read(Path(value))
            else:
                spoken = espeak.speak(value, voice)
                yield value, telephone_band(np.asarray(spoken.samples), espeak.rate_hz)

    async def _announce(self) -> None:
        options = self._options
        form = {"call": str(self._id), "from": options.caller, "language": options.lang,
                "code": options.code}  # fmt: skip
        _ = await self._ask("POST", "/calls", form)

    async def _ask(self, method: str, path: str, form: dict[str, str] | None = None) -> str:
        """A question as a PBX asks it."""
        settings = self._settings
        address = f"http://{settings.host}:{settings.voice_port}{path}"
        told = aiohttp.encode_basic_auth(settings.voice_user, settings.voice_secret())
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http,
                http.request(method, address, data=form, headers={"Authorization": told}) as answer,
            ):
                text = await answer.text()
                if answer.status >= 300:
                    raise UnavailableError(f"the gateway says {answer.status}: {text}")
                return text
        except (aiohttp.ClientError, TimeoutError) as error:
            raise UnavailableError(
                "there is no voice gateway; is `frontline up` running?"
            ) from error

    async def _follow(self) -> None:
        """Print turns as they come into the record."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            with contextlib.suppress(FrontlineError):
                call = await self._parts.calls.get(str(self._id))
                if call.conversation_id is None:
                    continue
                for turn in await self._parts.conversations.turns(call.conversation_id, self._seen):
                    self._show(turn)

    def _show(self, turn: Turn) -> None:
        self._seen = turn.seq
        who = WHO[self._options.lang][turn.author]
        self._report.turns.append({"author": turn.author, "text": turn.text})
        self._print(f"{who}: {turn.text}")

    def _print(self, line: str) -> None:
        out = sys.stderr if self._options.json else sys.stdout
        out.write(f"{time.monotonic() - self._began:6.1f} s  {line}\n")
        out.flush()


def _read(path: Path) -> bytes:
    try:
        with wave.open(str(path)) as file:
            if file.getnchannels() != 1 or file.getsampwidth() != 2:
                raise RefusedError(f"{path}: one channel of 16 bit is wanted")
            samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
            return telephone_band(samples, file.getframerate())
    except (OSError, EOFError, wave.Error) as error:
        raise RefusedError(f"{path}: {error}") from error


def _write(path: str, pcm: bytes) -> None:
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(LINE_HZ)
        file.writeframes(pcm)


class _Step(argparse.Action):
    """Collects `--say`, `--wav` and `--press` in the order in which they are given."""

    def __call__(self, parser: object, namespace: argparse.Namespace, values: object,
                 option_string: str | None = None) -> None:  # fmt: skip
        """Put one behind the others."""
        namespace.steps = [*(namespace.steps or []), (self.dest, values)]


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="frontline call", description=__doc__)
    parser.set_defaults(steps=[])
    parser.add_argument("--say", action=_Step, metavar="TEXT", help="speak this, by espeak-ng")
    parser.add_argument("--wav", action=_Step, metavar="FILE", help="play this")
    parser.add_argument("--press", action=_Step, metavar="KEYS", help="press these keys")
    parser.add_argument("--lang", choices=("pl", "en"), default="pl")
    parser.add_argument("--voice", help="of espeak-ng, such as pl+f2")
    parser.add_argument("--caller", default="", metavar="NUMBER", help="the number you call from")
    parser.add_argument("--code", default="", help="six digits that the chat has shown")
    parser.add_argument("--save", metavar="FILE.wav", help="keep what was heard")
    parser.add_argument("--json", action="store_true", help="print the call as JSON at its end")
    options = parser.parse_args(arguments)
    if not options.steps and not sys.stdin.isatty():
        options.steps = [("say", line.strip()) for line in sys.stdin if line.strip()]
    return options


async def call(settings: Settings, options: argparse.Namespace) -> Report:
    """Place one call; see `_options`."""
    async with open_parts(settings) as parts:
        return await TerminalCaller(settings, parts, options).run()


def main(arguments: list[str] | None = None) -> None:
    """Run `frontline call`."""
    options = _options(arguments)
    settings = settings_of_run(load_settings())
    configure_logs(settings)
    try:
        report = asyncio.run(call(settings, options))
    except FrontlineError as error:
        sys.exit(f"frontline call: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
    if options.json:
        print(json.dumps(asdict(report), ensure_ascii=False, indent=1))  # noqa: T201


if __name__ == "__main__":
    main()
