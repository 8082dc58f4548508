import asyncio
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from actions.shop import tables
from frontline.database import Database, metadata


def test_migrations_make_the_tables_that_the_code_expects(migrated: Path) -> None:
    assert tables.orders.metadata is metadata

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _: (
                    kind != "table" or str(name).startswith("shop_")
                ),
                "include_object": lambda _, name, kind, *__: (
                    kind != "table" or str(name).startswith("shop_")
                ),
            },
        )
        return compare_metadata(context, metadata)

    async def compare() -> list[object]:
        database = Database(f"sqlite+aiosqlite:///{migrated}")
        try:
            async with database.read() as connection:
                return await connection.run_sync(differences)
        finally:
            await database.close()

    assert asyncio.run(compare()) == []
