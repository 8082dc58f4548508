"""A migrated, seeded shop database per test, and the same shop behind a local server."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import insert

from actions.shop import HttpShop, SqlShop, tables
from actions.shop.port import ServiceNotice, Shop
from actions.shop.seed import seed
from frontline.clock import ManualClock
from frontline.database import Database
from frontline.settings import PROJECT
from tests.actions.doubles import FakeShop
from tests.actions.shop.memory import demo_in_memory
from tests.actions.shop.server import TOKEN, ShopServer

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
"""A Tuesday."""


def url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with tables and nothing in them; copy it, never write to it."""
    path = tmp_path_factory.mktemp("migrated") / "shop.db"
    config = Config(PROJECT / "alembic.ini")
    config.attributes["database_url"] = url(path)
    command.upgrade(config, "head")
    return path


@pytest.fixture(scope="session")
def seeded(migrated: Path) -> Path:
    """The same with the demo shop as of `NOW`."""
    path = migrated.with_name("seeded.db")
    shutil.copy(migrated, path)

    async def fill() -> None:
        database = Database(url(path))
        await seed(database, ManualClock(NOW))
        await database.close()

    asyncio.run(fill())
    return path


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
async def empty(migrated: Path, tmp_path: Path) -> AsyncIterator[Database]:
    shutil.copy(migrated, tmp_path / "empty.db")
    database = Database(url(tmp_path / "empty.db"))
    yield database
    await database.close()


@pytest.fixture
async def database(seeded: Path, tmp_path: Path) -> AsyncIterator[Database]:
    shutil.copy(seeded, tmp_path / "shop.db")
    database = Database(url(tmp_path / "shop.db"))
    yield database
    await database.close()


@pytest.fixture
async def server(database: Database, clock: ManualClock) -> AsyncIterator[ShopServer]:
    server = ShopServer(SqlShop(database, clock))
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def http_shop(server: ShopServer, clock: ManualClock) -> AsyncIterator[HttpShop]:
    shop = HttpShop(server.url, TOKEN, clock=clock, pause=server.note_pause)
    yield shop
    await shop.close()


@pytest.fixture
def memory(clock: ManualClock) -> FakeShop:
    return demo_in_memory(clock)


@pytest.fixture(params=["sql", "http", "memory"])
def shop(
    request: pytest.FixtureRequest,
    database: Database,
    clock: ManualClock,
    http_shop: HttpShop,
    memory: FakeShop,
) -> Shop:
    """Each shop that the front line or a test can ask, with the same data behind it."""
    shops: dict[str, Shop] = {
        "sql": SqlShop(database, clock),
        "http": http_shop,
        "memory": memory,
    }
    return shops[request.param]


@pytest.fixture
def announce(database: Database, memory: FakeShop) -> Callable[..., Awaitable[None]]:
    """Puts service notices into all the shops."""

    async def put(*notices: ServiceNotice) -> None:
        memory.notices += notices
        async with database.write() as connection:
            await connection.execute(
                insert(tables.service_notices), [asdict(notice) for notice in notices]
            )

    return put
