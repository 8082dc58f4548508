"""Runs migrations on the configured database; `alembic upgrade head` starts it."""

import asyncio
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from alembic import context
from sqlalchemy import Connection, event, text

from frontline.database import Database, metadata
from frontline.settings import load_settings

TABLE_MODULES = (
    "actions.shop.tables", "actions.tables", "handoff.tables", "handoff.desk_tables",
    "handoff.call_tables",
)  # fmt: skip
"""Every module that puts tables on `metadata`; add a new one here."""

LOCK = 7_204_331
"""PostgreSQL advisory lock: of two processes that start together, one migrates."""


def database_url() -> str:
    """The URL a caller put into the config's attributes, else the one in the settings."""
    given = context.config.attributes.get("database_url")
    if given:
        return str(given)
    settings = load_settings()
    if not settings.database_url:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    return settings.resolved_database_url


def migrate(connection: Connection) -> None:
    """Run what is missing, all in one transaction, so that a failure leaves nothing half done."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        render_as_batch=True,
        transactional_ddl=True,
    )
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    with context.begin_transaction():
        context.run_migrations()


async def online() -> None:
    """Migrate over the same engine that the services use."""
    database = Database(database_url())
    if database.engine.dialect.name == "sqlite":

        @event.listens_for(database.engine.sync_engine, "connect")
        def on_connect(connection: Any, _record: Any) -> None:
            # A batch migration makes a table anew; with keys enforced, dropping the old one fails.
            connection.execute("PRAGMA foreign_keys=OFF")

    try:
        async with database.engine.begin() as connection:
            await connection.run_sync(migrate)
    finally:
        await database.close()


def offline() -> None:
    """Print the SQL instead of running it (`alembic upgrade head --sql`)."""
    url = database_url().replace("+aiosqlite", "").replace("+asyncpg", "")
    context.configure(url=url, target_metadata=metadata, literal_binds=True, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


for name in TABLE_MODULES:
    if find_spec(name):
        import_module(name)

if context.is_offline_mode():
    offline()
else:
    asyncio.run(online())
