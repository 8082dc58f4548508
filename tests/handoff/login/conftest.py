from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from frontline.clock import ManualClock
from frontline.database import Database, metadata
from handoff import agents, desk_tables
from handoff.agents import Agent
from handoff.login import Attempts, Login
from handoff.passwords import Passwords

assert desk_tables.agents.metadata is metadata

PASSWORD = "correct horse battery"
LIGHT = {"time_cost": 1, "memory_cost": 64, "parallelism": 1}
"""Of argon2, so that the tests are quick; one test uses the real one."""

Hire = Callable[..., Awaitable[Agent]]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'agents.db'}")
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield database
    await database.close()


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    made = Passwords(PasswordHasher(**LIGHT))
    yield made
    made.close()


@pytest.fixture
def login(database: Database, clock: ManualClock, passwords: Passwords) -> Login:
    return Login(
        database,
        clock,
        passwords,
        idle=timedelta(hours=2),
        longest=timedelta(hours=13),
        demo=False,
        attempts=Attempts(lambda: clock.now().timestamp()),
    )


@pytest.fixture
def hire(database: Database, clock: ManualClock, login: Login) -> Hire:
    """Somebody new with `PASSWORD`."""

    async def make(name: str = "anna", **more: object) -> Agent:
        async with database.write() as connection:
            made = await agents.create(
                connection,
                **{"login": name, "name": name.title(), "now": clock.now(), **more},  # type: ignore[arg-type]
            )
        await login.set_password(made.id, PASSWORD)
        return made

    return make
