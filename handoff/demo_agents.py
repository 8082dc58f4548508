"""The demo's agents: `python -m handoff.demo_agents` makes them, or shuts them out.

They exist where the made-up shop does. Where the demo is switched off they cannot log in, whatever
is in the database.
"""

import asyncio
import sys
from typing import Any

import msgspec
import structlog
from sqlalchemy import Connection, Row, inspect, select
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.clock import Clock, SystemClock
from frontline.database import Database
from frontline.errors import FrontlineError, SettingsError
from frontline.settings import Settings, load_settings
from handoff import agents
from handoff.desk_tables import agents as table
from handoff.login import end_sessions, keep_password
from handoff.passwords import Passwords

log = structlog.get_logger()


class DemoAgent(msgspec.Struct, frozen=True):
    """Somebody to try the desk as; everybody sees from the name that they are made up."""

    login: str
    name: str
    role: str
    languages: tuple[str, ...]
    skills: dict[str, int]
    capacity: dict[str, int]


EVERYTHING = dict.fromkeys(("complaints", "returns", "payments", "technical", "privacy", "care"), 3)
AGENTS = (
    DemoAgent(
        "ania", "Ania (demo)", "agent", ("pl", "en"),
        {"complaints": 2, "returns": 2, "care": 1}, {"chat": 3, "voice": 1},
    ),
    DemoAgent(
        "bartek", "Bartek (demo)", "agent", ("pl",),
        {"payments": 2, "technical": 3, "returns": 1}, {"chat": 2, "voice": 1},
    ),
    DemoAgent(
        "celina", "Celina (demo)", "agent", ("pl", "en"),
        {"privacy": 2, "care": 3, "complaints": 3}, {"chat": 4, "voice": 1},
    ),
    DemoAgent(
        "sonia", "Sonia (demo)", "supervisor", ("pl", "en"), EVERYTHING, {"chat": 2, "voice": 1}
    ),
    DemoAgent("edek", "Edek (demo)", "editor", ("pl", "en"), {}, {"chat": 0, "voice": 0}),
)  # fmt: skip


async def seed(database: Database, clock: Clock, passwords: Passwords, password: str) -> int:
    """Make the demo agents that are missing and let all of them in; returns how many are new.

    An agent who is real keeps their name: the demo's agent of that name is not made.

    Raises:
        SettingsError: the tables are missing.
    """
    new = 0
    async with database.write() as connection:
        await _need_tables(connection)
        for one in AGENTS:
            known = await agents.find(connection, one.login)
            if known is None:
                values = msgspec.structs.asdict(one)
                await agents.create(connection, now=clock.now(), demo=True, **values)
                new += 1
        rows = await _demo_agents(connection)
        for row in rows:
            if not row.active:
                await agents.activate(connection, row.id)
    await _give_password(database, passwords, password, rows)
    return new


async def shut_out(database: Database, clock: Clock) -> int:
    """Deactivate all demo agents; returns how many were active.

    Raises:
        SettingsError: the tables are missing.
    """
    async with database.write() as connection:
        await _need_tables(connection)
        active = [row.id for row in await _demo_agents(connection) if row.active]
        for agent_id in active:
            await agents.deactivate(connection, agent_id, clock.now(), even_the_last=True)
    return len(active)


async def _give_password(
    database: Database, passwords: Passwords, password: str, rows: list[Row[Any]]
) -> None:
    """Give all the same password, unless they have it."""
    kept = {row.password for row in rows}
    if len(kept) == 1 and await passwords.matches(password, next(iter(kept))):
        return
    fresh = await passwords.hash(password)
    async with database.write() as connection:
        for row in rows:
            await keep_password(connection, row.id, fresh)
            await end_sessions(connection, row.id)


async def _demo_agents(connection: AsyncConnection) -> list[Row[Any]]:
    wanted = select(table).where(table.c.demo).order_by(table.c.login)
    return list(await connection.execute(wanted.with_for_update()))


async def _need_tables(connection: AsyncConnection) -> None:
    def exists(sync: Connection) -> bool:
        return inspect(sync).has_table(table.name)

    if not await connection.run_sync(exists):
        raise SettingsError("the database has no tables yet; run `frontline migrate` first")


async def run(settings: Settings, passwords: Passwords) -> str:
    """Do what the settings say in their database; returns what was done."""
    database, clock = Database(settings.resolved_database_url), SystemClock()
    try:
        if not settings.demo:
            shut = await shut_out(database, clock)
            return f"Shut {shut} demo agents out." if shut else "There are no demo agents."
        made = await seed(database, clock, passwords, settings.demo_password())
        return f"Made {made} demo agents." if made else "The demo agents are there."
    finally:
        await database.close()


def main() -> int:
    """The command; 0 = done, 1 = the message on standard error says what is wrong."""
    passwords = Passwords()
    try:
        sys.stdout.write(asyncio.run(run(load_settings(), passwords)) + "\n")
    except FrontlineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        passwords.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
