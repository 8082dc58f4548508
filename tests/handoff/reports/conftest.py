from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import handoff.desk_tables
import handoff.tables  # noqa: F401  their tables are what `metadata` holds
from frontline.database import Database, metadata


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database(f"sqlite+aiosqlite:///{tmp_path / 'reports.db'}")
    async with made.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield made
    await made.close()
