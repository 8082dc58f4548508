"""A migrated, seeded shop database per test, and the same shop behind a local server."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from actions.shop import HttpShop, SqlShop
from actions.shop.port import Shop
from actions.shop.seed import seed
from frontline.clock import ManualClock
from frontline.database import Database
from frontline.settings import PROJECT
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


@pytest.fixture(params=["sql", "http"])
def shop(
    request: pytest.FixtureRequest, database: Database, clock: ManualClock, http_shop: HttpShop
) -> Shop:
    """Each shop that the front line can ask, with the same data behind it."""
    return SqlShop(database, clock) if request.param == "sql" else http_shop
