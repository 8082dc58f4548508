"""One message at a time per conversation, over all Rasa processes.

Rasa's own lock polls once a second: the second of two quick messages waits that long. Here
messages in one process queue up in order without polling, and only another process's lock is
polled, every 15 ms. Taking and giving back cost one round trip each.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

from rasa.core.lock_store import LockError, LockStore
from redis.exceptions import RedisError

from redis_connection import connect, redis_url

log = logging.getLogger(__name__)

PREFIX = "frontline:rasa:lock:"
POLL_S = 0.015
LIFE_S = 10.0
"""A lock that a killed process left behind is free again after this."""
WAIT_S = 12.0
"""How long a message waits for those before it."""

_RELEASE = """
-- Give back a lock that is still ours.
-- KEYS[1] string: the lock. ARGV[1]: the owner's token. Returns 1 when it was ours.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
"""


class RedisLockStore(LockStore):
    """Rasa's lock store on one Redis key per conversation."""

    def __init__(self, endpoint_config: Any = None, *, url: str | None = None) -> None:
        configured = url or (endpoint_config.url if endpoint_config else None)
        self._redis = connect(redis_url(configured))
        self._release = self._redis.register_script(_RELEASE)
        self._waiting: dict[str, tuple[asyncio.Lock, int]] = {}
        self._unsure: dict[str, str] = {}
        super().__init__()

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LIFE_S,
        wait_time_in_seconds: float = POLL_S,
    ) -> AsyncGenerator[None, None]:
        """Hold the conversation's lock for the length of the `async with` block.

        Raises:
            LockError: it was not free within `WAIT_S` seconds.
            RedisError: Redis is down.
        """
        deadline = time.monotonic() + WAIT_S
        async with self._turn_in_this_process(conversation_id, deadline):
            key, token = PREFIX + conversation_id, secrets.token_hex(8)
            await self._settle(key)
            self._unsure[key] = token
            life_ms = int(min(lock_lifetime, LIFE_S) * 1000)
            while not await self._redis.set(key, token, nx=True, px=life_ms):
                if time.monotonic() >= deadline:
                    raise LockError("the conversation is busy in another process")
                await asyncio.sleep(POLL_S)
            try:
                yield
            finally:
                with suppress(RedisError):  # settled later, or it expires
                    await self._settle(key)

    async def _settle(self, key: str) -> None:
        """Give back our lock, also one taken by a command whose answer never arrived."""
        token = self._unsure.get(key)
        if token is not None:
            await self._release(keys=[key], args=[token])
            del self._unsure[key]

    @asynccontextmanager
    async def _turn_in_this_process(
        self, conversation_id: str, deadline: float
    ) -> AsyncGenerator[None, None]:
        lock, users = self._waiting.get(conversation_id) or (asyncio.Lock(), 0)
        self._waiting[conversation_id] = (lock, users + 1)
        try:
            try:
                await asyncio.wait_for(lock.acquire(), deadline - time.monotonic())
            except asyncio.TimeoutError:
                raise LockError("the conversation is busy") from None
            try:
                yield
            finally:
                lock.release()
        finally:
            lock, users = self._waiting.pop(conversation_id)
            if users > 1:
                self._waiting[conversation_id] = (lock, users - 1)
