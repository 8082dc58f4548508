"""Redis: what is live now. Losing it loses no conversation and no case."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import redis.asyncio as aioredis
from redis.exceptions import RedisError

from frontline.errors import UnavailableError

WAKE_CHANNEL = "frontline:wake"
"""Published to when a conversation has something new."""


class Redis:
    """One connection pool; every failure to reach the server is an `UnavailableError`."""

    def __init__(self, url: str) -> None:
        self.client: aioredis.Redis = aioredis.from_url(
            url, decode_responses=True, socket_timeout=2, socket_connect_timeout=1
        )

    @asynccontextmanager
    async def commands(self) -> AsyncIterator[aioredis.Redis]:
        """The client, with its errors translated.

        Raises:
            UnavailableError: Redis is down, loading, read-only or out of memory.
        """
        try:
            yield self.client
        except (RedisError, OSError) as error:
            raise UnavailableError("Redis does not answer") from error

    async def run(self, script: str, keys: list[str], args: list[str | int | float]) -> Any:
        """Run a Lua script; all keys declared, sharing one hash tag.

        Raises:
            UnavailableError: as `commands`.
        """
        async with self.commands() as client:
            answer = client.eval(script, len(keys), *keys, *[str(arg) for arg in args])
            return await answer

    async def wake(self, message: str) -> None:
        """Tell all processes of something new. A hint: it may get lost.

        Raises:
            UnavailableError: as `commands`.
        """
        async with self.commands() as client:
            await client.publish(WAKE_CHANNEL, message)

    async def wakes(self) -> AsyncIterator[str]:
        """Messages of `wake`, as they come.

        Raises:
            UnavailableError: the subscription was lost; subscribe again.
        """
        async with self.commands() as client, client.pubsub() as subscription:
            await subscription.subscribe(WAKE_CHANNEL)
            while True:
                message = await subscription.get_message(
                    ignore_subscribe_messages=True, timeout=1.0
                )
                if message:
                    yield message["data"]

    async def close(self) -> None:
        """Give connections back."""
        await self.client.aclose()
