"""The same tests on one Redis, on a three-node Cluster, and on what a failover has left."""

from collections.abc import AsyncIterator, Iterator

import pytest

from frontline.ids import new_id
from frontline.redis import Redis
from handoff.queue import CaseQueue
from tests.common.redis_servers import KINDS, RedisWithSentinels, Servers, folder_of_nodes


@pytest.fixture(scope="session", params=list(KINDS))
def servers(request: pytest.FixtureRequest) -> Iterator[Servers]:
    with folder_of_nodes() as folder:
        started = KINDS[request.param](folder)
        if isinstance(started, RedisWithSentinels):
            started.kill_master()
            started.wait_for_new_master()
        yield started


@pytest.fixture
async def live(servers: Servers) -> AsyncIterator[Redis]:
    client = Redis(servers.url)
    yield client
    await client.close()


@pytest.fixture
def queue(live: Redis) -> CaseQueue:
    """With a tenant of its own, so that tests do not meet on the shared servers."""
    return CaseQueue(live, tenant=new_id())
