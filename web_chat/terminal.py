"""`frontline chat`: a customer in the terminal, over the real chat socket."""

import argparse
import asyncio
import contextlib
import sys
import uuid
from typing import Any

from frontline.errors import FrontlineError
from frontline.settings import load_settings
from web_chat.client import ChatClient

QUIET_S = 1.0
"""The bot's answer is complete when nothing more has come for this long."""
PATIENCE_S = 30.0
WHO = {
    "pl": {"customer": "Ty", "bot": "Automat", "agent": "Konsultant", "system": "*"},
    "en": {"customer": "You", "bot": "Bot", "agent": "Agent", "system": "*"},
}


class TerminalCustomer:
    """Prints what comes, sends what is typed, and knows when an answer is complete."""

    def __init__(self, client: ChatClient, language: str, *, typed_is_shown: bool) -> None:
        self._client = client
        self._who = WHO[language]
        self._typed_is_shown = typed_is_shown
        self._buttons: tuple[int, list[dict[str, str]]] = (0, [])
        self._busy = False
        self._controller = "bot"
        self._sign = asyncio.Event()

    async def listen(self) -> None:
        """Print turns until the connection ends; reconnect when it was lost."""
        while True:
            with contextlib.suppress(FrontlineError):
                async for frame in self._client.frames():
                    self._show(frame)
                    self._sign.set()
            await asyncio.sleep(0.5)
            with contextlib.suppress(FrontlineError):
                await self._client.connect()

    def _show(self, frame: dict[str, Any]) -> None:
        match frame["type"]:
            case "turn":
                self._show_turn(frame)
            case "typing":
                self._busy = bool(frame["on"])
            case "controller":
                self._controller = frame["controller"]
            case "error":
                self._print(f"! {frame['code']}: {frame['message']}")
            case _:
                pass

    def _show_turn(self, turn: dict[str, Any]) -> None:
        if turn["author"] == "customer":
            self._busy = self._controller == "bot"
            if self._typed_is_shown:
                return
        name = turn["name"] or self._who[turn["author"]]
        self._print(f"{name}: {turn['text']}")
        for file in turn["files"]:
            self._print(f"   <{file['name']}, {file['size'] // 1024 + 1} kB>")
        if turn["author"] != "customer":
            self._buttons = (turn["seq"], turn["buttons"])
            for n, button in enumerate(turn["buttons"], 1):
                self._print(f"   [{n}] {button['title']}")

    def _print(self, text: str) -> None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    async def say(self, line: str) -> None:
        """Send a typed line; a number chooses a button."""
        seq, buttons = self._buttons
        self._sign.clear()
        if line.isdigit() and 1 <= int(line) <= len(buttons):
            payload = buttons[int(line) - 1]["payload"]
            await self._client.send("choose", client_id=str(uuid.uuid4()), seq=seq, payload=payload)
        else:
            await self._client.say(line)

    async def settled(self) -> None:
        """Wait until the answer is complete, or patience is at an end."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    self._sign.clear()
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(QUIET_S):
                            await self._sign.wait()
                        continue
                    if not self._busy:
                        return


async def run(url: str, language: str) -> None:
    """Converse until standard input ends."""
    interactive = sys.stdin.isatty()
    async with ChatClient(url, language) as client:
        customer = TerminalCustomer(client, language, typed_is_shown=interactive)
        listening = asyncio.create_task(customer.listen())
        try:
            await customer.settled()
            loop = asyncio.get_running_loop()
            while line := await loop.run_in_executor(None, sys.stdin.readline):
                if line.strip():
                    await customer.say(line.strip())
                    await customer.settled()
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)


def main() -> int:
    """Entry point; returns the exit code."""
    settings = load_settings()
    parser = argparse.ArgumentParser(prog="frontline chat", description=__doc__)
    parser.add_argument("--lang", choices=("pl", "en"), default="pl")
    parser.add_argument("--url", default=f"http://{settings.host}:{settings.port}")
    chosen = parser.parse_args()
    try:
        asyncio.run(run(chosen.url, chosen.lang))
    except FrontlineError as error:
        sys.stderr.write(f"{error}; is `frontline up` running?\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
