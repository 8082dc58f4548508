from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from frontline.clock import ManualClock
from frontline.database import Database, metadata
from frontline.redis import Redis
from handoff.app_parts import Parts, make_parts
from handoff.routing import load_routing
from tests.common.servers import BotDoor, RedisServer, bot_door, redis_server
from tests.common.stack import Stack, running_stack


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where tests run side by side a file stays together, and so do all that share the stack."""
    for item in items:
        shared = "stack" in getattr(item, "fixturenames", ())
        item.add_marker(pytest.mark.xdist_group("stack" if shared else str(item.path)))


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 24, 10, 0, tzinfo=UTC))


@pytest.fixture
async def redis() -> AsyncIterator[RedisServer]:
    async with redis_server() as server:
        yield server


@pytest.fixture
async def door() -> AsyncIterator[BotDoor]:
    async with bot_door() as door:
        yield door


@pytest.fixture
async def parts(tmp_path: Path, redis: RedisServer, clock: ManualClock) -> AsyncIterator[Parts]:
    import handoff.desk_tables
    import handoff.tables  # noqa: F401  their tables are what `metadata` holds

    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    client = Redis(redis.url)
    made = make_parts(clock, database, client, load_routing(), key=b"test")
    yield made
    await made.bell.close()
    await client.close()
    await database.close()


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One whole front line for all tests that only talk to it."""
    with running_stack(tmp_path_factory.mktemp("stack")) as started:
        yield started
