import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select, text

from frontline.database import Database, Moment
from frontline.errors import UnavailableError

metadata = MetaData()
events = Table("events", metadata, Column("id", Integer, primary_key=True), Column("at", Moment))
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    async with database.write() as connection:
        await connection.run_sync(metadata.create_all)
    yield database
    await database.close()


async def count(database: Database) -> int:
    async with database.read() as connection:
        return (await connection.execute(select(func.count()).select_from(events))).scalar_one()


async def test_a_moment_comes_back_in_utc(database: Database) -> None:
    warsaw = NOON.astimezone(timezone(timedelta(hours=1)))
    async with database.write() as connection:
        await connection.execute(insert(events).values(at=warsaw))
    async with database.read() as connection:
        found = (await connection.execute(select(events.c.at))).scalar_one()
    assert found == NOON
    assert found.utcoffset() == timedelta(0)


async def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(Exception, match="without a time zone"):
        async with database.write() as connection:
            await connection.execute(insert(events).values(at=naive))
    assert await count(database) == 0


async def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    async def fail_half_way() -> None:
        async with database.write() as connection:
            await connection.execute(insert(events).values(at=NOON))
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        await fail_half_way()
    assert await count(database) == 0


async def test_writers_that_read_first_wait_for_each_other(database: Database) -> None:
    async def append() -> None:
        async with database.write() as connection:
            largest = (await connection.execute(select(func.max(events.c.id)))).scalar() or 0
            await connection.execute(insert(events).values(id=largest + 1, at=NOON))

    await asyncio.gather(*(append() for _ in range(20)))
    assert await count(database) == 20


async def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(insert(events).values(at=NOON))
        assert await asyncio.wait_for(count(database), 2) == 0
    assert await count(database) == 1


async def test_readers_see_a_write_ahead_log_and_checked_keys(database: Database) -> None:
    async with database.read() as connection:
        journal = (await connection.execute(text("PRAGMA journal_mode"))).scalar()
        keys = (await connection.execute(text("PRAGMA foreign_keys"))).scalar()
    assert (journal, keys) == ("wal", 1)


async def test_a_database_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}")
    with pytest.raises(UnavailableError):
        async with database.read():
            pass
    with pytest.raises(UnavailableError):
        async with database.write():
            pass
    await database.close()


async def test_a_server_that_refuses_is_unavailable() -> None:
    database = Database("postgresql+asyncpg://nobody@127.0.0.1:1/none")
    with pytest.raises(UnavailableError):
        async with database.read():
            pass
    await database.close()


async def test_a_transaction_that_is_cancelled_again_and_again_leaves_no_task(
    database: Database,
) -> None:
    async def write() -> None:
        async with database.write() as connection:
            while True:
                await connection.execute(insert(events).values(at=NOON))

    here = asyncio.current_task()
    for pause in (0.0, 0.0001, 0.001):
        for _ in range(20):
            writer = asyncio.create_task(write())
            await asyncio.sleep(0.005)
            while not writer.done():
                writer.cancel()
                await asyncio.sleep(pause)
    left = asyncio.all_tasks() - {here}
    _ = await asyncio.wait(left, timeout=2) if left else None
    assert not {task for task in left if not task.done()}
    assert await count(database) == 0
