"""The connection to Redis that the tracker and lock stores share, one pool per process."""

from __future__ import annotations

import os
from functools import cache

from redis.asyncio import BlockingConnectionPool, Redis

ANSWER_S = 1.0
"""A Redis that does not answer within this is down: the customer gets an honest sentence."""
CONNECT_S = 0.5
CONNECTIONS = 64


def redis_url(configured: str | None) -> str:
    """The URL from `endpoints.yml`, or from the environment when that was left open.

    Raises:
        ValueError: neither names a Redis.
    """
    url = configured if configured and "${" not in configured else ""
    url = url or os.environ.get("FRONTLINE_REDIS_URL", "")
    if not url:
        raise ValueError("FRONTLINE_REDIS_URL is not set")
    return url


@cache
def connect(url: str) -> Redis:
    """A client for `redis://`, `rediss://` and `unix://` URLs; it connects at first use."""
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS,
        timeout=ANSWER_S,
        socket_timeout=ANSWER_S,
        socket_connect_timeout=CONNECT_S,
    )
    return Redis(connection_pool=pool)
