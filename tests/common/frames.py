"""Waiting for frames of the chat socket."""

import asyncio
from typing import Any

from web_chat.client import ChatClient


async def until(client: ChatClient, kind: str, **fields: object) -> dict[str, Any]:
    """The next frame of this kind with these fields."""
    async with asyncio.timeout(10):
        async for frame in client.frames():
            if frame["type"] == kind and all(frame.get(k) == v for k, v in fields.items()):
                return frame
    raise AssertionError(f"the socket ended without {kind} {fields}")
