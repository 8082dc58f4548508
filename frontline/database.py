"""The SQL database: SQLite file by default, PostgreSQL by URL."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    asynccontextmanager,
    contextmanager,
    nullcontext,
)
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, MetaData, event, types
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    create_async_engine,
)

from frontline.errors import UnavailableError

PATIENCE_S = 5.0
"""For so long a writer waits for its turn."""
NAP_MS = 10
"""SQLite itself looks again only for so long: its sleeps grow to 100 ms."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(types.TypeDecorator[datetime]):
    """An aware moment, kept in UTC on databases with and without time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database; a naive value is refused."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        return value.replace(tzinfo=value.tzinfo or UTC) if value else None


class Database:
    """Transactions on one engine, with lost connections raised as `UnavailableError`."""

    def __init__(self, url: str) -> None:
        options: dict[str, Any] = {
            "pool_pre_ping": not url.startswith("sqlite"),
            "hide_parameters": True,  # customers' words do not belong into error texts
        }
        self.engine: AsyncEngine = create_async_engine(url, **options)
        self._turn: AbstractAsyncContextManager[None] = nullcontext()
        self._patience_s = 0.0
        if self.engine.dialect.name == "sqlite":
            _prepare_sqlite(self.engine)
            # SQLite has one writer, and who finds it busy sleeps for up to 100 ms before it looks
            # again. Waiting here instead is fair and ends at once.
            self._turn = asyncio.Lock()
            self._patience_s = PATIENCE_S

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that may write; commits at the end, rolls back on any exception.

        Raises:
            UnavailableError: the database cannot be reached, is locked or its disk is full.
        """
        with _translated():
            async with self._turn, self.engine.connect() as connection:
                await self._begin(connection)
                yield connection
                await connection.commit()  # closing without it rolls back

    async def _begin(self, connection: AsyncConnection) -> None:
        """Begin a transaction; another process that writes to SQLite is waited for in naps."""
        tired = time.monotonic() + self._patience_s
        while True:
            try:
                _ = await connection.begin()
            except OperationalError:
                if time.monotonic() > tired:
                    raise
                await asyncio.sleep(random.uniform(0.001, 0.004))  # noqa: S311  no secret
            else:
                return

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection to read from; errors as in `write`."""
        with _translated():
            async with self.engine.connect() as connection:
                yield await connection.execution_options(read_only=True)

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, OSError) as error:
        raise UnavailableError("the database does not answer") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise UnavailableError("the database connection was lost") from error
        raise


def _prepare_sqlite(engine: AsyncEngine) -> None:
    """WAL so that readers do not wait for writers."""
    # A connection whose task was cancelled is closed by its own thread, and nobody waits for it:
    # SQLAlchemy's way leaves a task without end behind when the cancel comes twice.
    engine.sync_engine.dialect.do_terminate = _stop  # type: ignore[assignment,method-assign]

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={round(PATIENCE_S * 1000)}")
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.execute(f"PRAGMA busy_timeout={NAP_MS}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Any) -> None:
        # A transaction that reads first and writes later cannot wait for its turn in SQLite.
        mode = "DEFERRED" if connection.get_execution_options().get("read_only") else "IMMEDIATE"
        connection.exec_driver_sql(f"BEGIN {mode}")


def _stop(connection: Any) -> None:
    connection.driver_connection.stop()
