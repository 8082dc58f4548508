"""A customer for tests: says something and waits until the answer is complete."""

import asyncio
import re
from typing import Any

from tests.common.pictures import picture
from web_chat.client import ChatClient

PATIENCE_S = 30


class Customer:
    """One customer on the real socket, who remembers everything that was said."""

    def __init__(self, client: ChatClient) -> None:
        self.client = client
        self.turns: list[dict[str, Any]] = []
        self._frames = client.frames()

    @property
    def buttons(self) -> list[dict[str, str]]:
        """The buttons of the last turn that has any."""
        for turn in reversed(self.turns):
            if turn["buttons"]:
                found: list[dict[str, str]] = turn["buttons"]
                return found
        return []

    async def say(self, text: str) -> str:
        """Say `text`; the answers' texts, joined."""
        return await self._until_answered(await self.client.say(text))

    async def choose(self, title: str) -> str:
        """Choose the offered button whose title matches; the answers' texts, joined."""
        for turn in reversed(self.turns):
            for button in turn["buttons"]:
                if re.search(title, button["title"], re.IGNORECASE):
                    client_id = f"choice-{turn['seq']}-{len(self.turns)}"
                    payload = button["payload"]
                    await self.client.send(
                        "choose", client_id=client_id, seq=turn["seq"], payload=payload
                    )
                    return await self._until_answered(client_id)
        raise AssertionError(f"no button {title!r} was offered; the last were {self.buttons}")

    async def send_photo(self) -> str:
        """Send a picture; the answers' texts, joined."""
        client_id = f"photo-{len(self.turns)}"
        await self.client.send_file("photo.jpg", picture(), client_id)
        return await self._until_answered(client_id)

    async def hear(self, kind: str, **fields: object) -> dict[str, Any]:
        """The next frame of this kind with these fields; turns on the way are remembered."""
        async with asyncio.timeout(PATIENCE_S):
            async for frame in self._frames:
                if frame["type"] == "turn":
                    self.turns.append(frame)
                if frame["type"] == kind and all(frame.get(k) == v for k, v in fields.items()):
                    return frame
        raise AssertionError(f"the socket ended without {kind} {fields}")

    async def _until_answered(self, client_id: str) -> str:
        """All that is said until the bot has put down its pen."""
        start = len(self.turns)
        await self.hear("turn", client_id=client_id)
        await self.hear("typing", author="bot", on=False)
        return "\n".join(
            turn["text"] for turn in self.turns[start:] if turn["author"] != "customer"
        )
