"""Redis: what is live now. Losing it loses no conversation and no case."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import redis.asyncio as aioredis
from redis.asyncio.cluster import ClusterNode
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel
from redis.backoff import ConstantBackoff, NoBackoff
from redis.exceptions import ConnectionError, NoScriptError, RedisClusterException, RedisError

from frontline.errors import SettingsError, UnavailableError

WAKE_CHANNEL = "frontline:wake"
"""Published to when a conversation has something new."""
QUEUE_CHANNEL = "frontline:queue"
"""Published to when a waiting case or an agent's room for one may be new."""

ANSWER_S = 2.0
CONNECT_S = 1.0
RECONNECT_S = 0.05
RECONNECTS = 2
"""A server that started again is found; one that is down is known to be down at once."""


class Script:
    """A Lua script; the server knows it by its hash after the first run."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


class _Cluster(aioredis.RedisCluster):
    """A client that finds the nodes once, before many tasks use it, and fails as others do."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._finding = asyncio.Lock()
        self._found = False

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        """Send a command to the node that has its keys.

        redis-py 8.1 cuts connections that other tasks are opening while it looks for nodes, so the
        first look is waited for. A later one, after a node was lost, may fail on such a connection
        with an AttributeError.
        """
        if not self._found:
            async with self._finding:
                _ = await self.initialize()
                self._found = True
        try:
            return await super().execute_command(*args, **options)
        except AttributeError as error:
            raise ConnectionError("a connection was cut while it was opened") from error


class Redis:
    """One connection pool; every failure to reach the server is an `UnavailableError`.

    URLs: `redis://host:port/0`, `rediss://…` (TLS), `unix:///path`, and
    `redis+cluster://host:port,host:port` for a Redis Cluster,
    `redis+sentinel://host:port,host:port/service` for whichever server the Sentinels say is the
    master of `service`; both also as `rediss+…` and with `user:password@` before the hosts.
    """

    def __init__(self, url: str) -> None:
        self._closing: list[aioredis.Redis] = []
        self.client = self._connect(url)

    @asynccontextmanager
    async def commands(self) -> AsyncIterator[aioredis.Redis]:
        """The client, with its errors translated.

        Raises:
            UnavailableError: Redis is down, loading, read-only or out of memory.
        """
        try:
            yield self.client
        except (RedisError, RedisClusterException, OSError) as error:
            raise UnavailableError("Redis does not answer") from error

    async def run(self, script: Script, keys: list[str], args: list[str | int | float]) -> Any:
        """Run a Lua script; all keys declared, sharing one hash tag.

        Raises:
            UnavailableError: as `commands`.
        """
        values = [*keys, *(str(arg) for arg in args)]
        async with self.commands() as client:
            try:
                return await client.evalsha(script.sha, len(keys), *values)
            except NoScriptError:  # a new server, or one that took over
                return await client.eval(script.text, len(keys), *values)

    async def wake(self, message: str) -> None:
        """Tell all processes of something new. A hint: it may get lost.

        Raises:
            UnavailableError: as `commands`.
        """
        await self._publish(WAKE_CHANNEL, message)

    def wakes(self) -> AsyncIterator[str]:
        """Messages of `wake`, as they come.

        Raises:
            UnavailableError: the subscription was lost; subscribe again.
        """
        return self._messages(WAKE_CHANNEL)

    async def wake_queue(self, route: str) -> None:
        """Tell all processes that it is worth looking for offers. A hint: it may get lost.

        Raises:
            UnavailableError: as `commands`.
        """
        await self._publish(QUEUE_CHANNEL, route)

    def queue_wakes(self) -> AsyncIterator[str]:
        """Routes told by `wake_queue`, as they come.

        Raises:
            UnavailableError: the subscription was lost; subscribe again.
        """
        return self._messages(QUEUE_CHANNEL)

    async def close(self) -> None:
        """Give connections back."""
        for client in (self.client, *self._closing):
            await client.aclose()

    async def _publish(self, channel: str, message: str) -> None:
        async with self.commands() as client:
            await client.publish(channel, message)

    async def _messages(self, channel: str) -> AsyncIterator[str]:
        async with self.commands() as client, client.pubsub() as subscription:
            _ = await client.initialize()  # a Cluster's subscription does not look for nodes itself
            await subscription.subscribe(channel)
            while True:
                message = await subscription.get_message(
                    ignore_subscribe_messages=True, timeout=1.0
                )
                if message:
                    yield message["data"]

    def _connect(self, url: str) -> aioredis.Redis:
        scheme = url.partition("://")[0]
        options: dict[str, Any] = {
            "decode_responses": True,
            "socket_timeout": ANSWER_S,
            "socket_connect_timeout": CONNECT_S,
            "retry": Retry(ConstantBackoff(RECONNECT_S), RECONNECTS),
        }
        if scheme not in ("redis+cluster", "rediss+cluster", "redis+sentinel", "rediss+sentinel"):
            return aioredis.from_url(url, **options)
        hosts, path, credentials = _many_hosts(url)
        options |= {"ssl": True} if scheme.startswith("rediss") else {}
        if scheme.endswith("cluster"):
            nodes = [ClusterNode(host, port) for host, port in hosts]
            cluster = _Cluster(startup_nodes=nodes, **credentials, **options)
            return cast(aioredis.Redis, cluster)  # the same commands, for what is used here
        service, _, number = path.partition("/")
        if not service:
            raise SettingsError(f"{scheme}://…/service: the service's name is missing")
        asked_once = options | {"retry": Retry(NoBackoff(), 0)}  # there are others to ask
        sentinel: Any = Sentinel(hosts, sentinel_kwargs=asked_once, **options)  # type: ignore[no-untyped-call]
        self._closing += sentinel.sentinels
        master: aioredis.Redis = sentinel.master_for(service, db=int(number or 0), **credentials)
        return master


def _many_hosts(url: str) -> tuple[list[tuple[str, int]], str, dict[str, Any]]:
    """Hosts with ports, the path without its first slash, and credentials of a URL.

    Raises:
        SettingsError: a host has no port.
    """
    parts = urlsplit(url)
    login, _, places = parts.netloc.rpartition("@")
    hosts = []
    for place in places.split(","):
        host, _, port = place.rpartition(":")
        if not host or not port.isdecimal():
            raise SettingsError(f"{parts.scheme}://host:port,…: {place!r} is no host:port")
        hosts.append((host.strip("[]"), int(port)))
    user, _, password = login.partition(":")
    named = {"username": unquote(user), "password": unquote(password)}
    return hosts, parts.path.removeprefix("/"), {k: v for k, v in named.items() if v}
