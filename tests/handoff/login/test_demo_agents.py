from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import select, update

from frontline.clock import ManualClock
from frontline.database import Database, metadata
from frontline.errors import SettingsError
from frontline.settings import Settings
from handoff import agents, demo_agents
from handoff.agent_values import SKILLS
from handoff.agents import Agent, AgentChange
from handoff.desk_tables import agents as table
from handoff.login import BadLoginError, LoggedOutError, make_login
from handoff.passwords import Passwords
from tests.handoff.login.conftest import PASSWORD

Hire = Callable[..., Awaitable[Agent]]
NAMES = ["ania", "bartek", "celina", "edek", "sonia"]
HOME = "192.0.2.1"


async def everyone(database: Database) -> list[Agent]:
    async with database.read() as connection:
        return await agents.everyone(connection, active_only=False)


async def test_the_demo_has_agents_of_different_skills_and_every_role_but_admin(
    database: Database, clock: ManualClock, passwords: Passwords
) -> None:
    assert await demo_agents.seed(database, clock, passwords, PASSWORD) == 5
    made = {agent.login: agent for agent in await everyone(database)}
    assert sorted(made) == NAMES
    assert all(agent.name.endswith("(demo)") for agent in made.values())
    assert {agent.role for agent in made.values()} == {"agent", "supervisor", "editor"}
    assert len({str(agent.skills) for agent in made.values()}) == 5
    assert made["bartek"].languages == ["pl"]
    assert made["edek"].capacity == {"chat": 0, "voice": 0}
    ordinary = [made[name].skills for name in ("ania", "bartek", "celina")]
    assert {skill for skills in ordinary for skill in skills} | {"general"} == set(SKILLS)


async def test_all_log_in_with_one_password_and_a_second_start_changes_nothing(
    database: Database, clock: ManualClock, passwords: Passwords
) -> None:
    await demo_agents.seed(database, clock, passwords, PASSWORD)
    login = make_login(Settings(demo=True), database, clock, passwords)
    entries = [await login.log_in(name, PASSWORD, HOME) for name in NAMES]
    assert await demo_agents.seed(database, clock, passwords, PASSWORD) == 0
    for entry in entries:
        await login.session(entry.token)


async def test_another_password_in_the_file_counts_from_the_next_start(
    database: Database, clock: ManualClock, passwords: Passwords
) -> None:
    await demo_agents.seed(database, clock, passwords, PASSWORD)
    login = make_login(Settings(demo=True), database, clock, passwords)
    entry = await login.log_in("ania", PASSWORD, HOME)
    await demo_agents.seed(database, clock, passwords, "another password")
    with pytest.raises(LoggedOutError):
        await login.session(entry.token)
    with pytest.raises(BadLoginError):
        await login.log_in("ania", PASSWORD, HOME)
    await login.log_in("ania", "another password", HOME)


async def test_a_real_agent_of_the_same_name_is_left_alone(
    database: Database, clock: ManualClock, passwords: Passwords, hire: Hire
) -> None:
    ania = await hire("ania", role="admin")
    assert await demo_agents.seed(database, clock, passwords, "another password") == 4
    assert await demo_agents.shut_out(database, clock) == 4
    async with database.read() as connection:
        assert await agents.get(connection, ania.id) == ania
    login = make_login(Settings(demo=False), database, clock, passwords)
    await login.log_in("ania", PASSWORD, HOME)


async def test_where_the_demo_is_switched_off_its_agents_are_shut_out_and_come_back_with_it(
    database: Database, clock: ManualClock, passwords: Passwords
) -> None:
    await demo_agents.seed(database, clock, passwords, PASSWORD)
    login = make_login(Settings(demo=True), database, clock, passwords)
    entry = await login.log_in("ania", PASSWORD, HOME)
    async with database.write() as connection:
        promoted = AgentChange(role="admin")
        await agents.change(connection, entry.session.agent.id, promoted)
    assert await demo_agents.shut_out(database, clock) == 5
    assert await demo_agents.shut_out(database, clock) == 0
    assert not any(agent.active for agent in await everyone(database))
    with pytest.raises(LoggedOutError):
        await login.session(entry.token)
    assert await demo_agents.seed(database, clock, passwords, PASSWORD) == 0
    await login.log_in("ania", PASSWORD, HOME)


async def test_forgotten_demo_agents_cannot_log_in_without_the_demo(
    database: Database, clock: ManualClock, passwords: Passwords
) -> None:
    await demo_agents.seed(database, clock, passwords, PASSWORD)
    async with database.write() as connection:
        await connection.execute(update(table).values(active=True))
    with pytest.raises(BadLoginError):
        await make_login(Settings(demo=False), database, clock, passwords).log_in(
            "ania", PASSWORD, HOME
        )


async def test_the_settings_decide_and_the_password_is_in_its_file(
    tmp_path: Path, passwords: Passwords
) -> None:
    on = Settings(data_dir=tmp_path, demo=True)
    with pytest.raises(SettingsError, match="no tables"):
        await demo_agents.run(on, passwords)
    off = Settings(data_dir=tmp_path, demo=False)
    with pytest.raises(SettingsError, match="no tables"):
        await demo_agents.run(off, passwords)
    database = Database(on.resolved_database_url)
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    assert await demo_agents.run(off, passwords) == "There are no demo agents."
    assert not (tmp_path / "demo-password").read_text().isspace()
    assert await demo_agents.run(on, passwords) == "Made 5 demo agents."
    assert await demo_agents.run(on, passwords) == "The demo agents are there."
    async with database.read() as connection:
        kept = await connection.scalar(select(table.c.password).where(table.c.login == "ania"))
    assert await passwords.matches((tmp_path / "demo-password").read_text(), kept)
    assert await demo_agents.run(off, passwords) == "Shut 5 demo agents out."
    await database.close()
