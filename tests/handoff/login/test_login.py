import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from frontline.clock import ManualClock
from frontline.database import Database
from frontline.errors import NotFoundError
from frontline.limits import TooManyError
from frontline.settings import Settings
from handoff import agents
from handoff.agents import Agent, AgentChange
from handoff.desk_tables import agents as agents_table
from handoff.desk_tables import desk_sessions
from handoff.login import (
    Attempts,
    BadCsrfError,
    BadLoginError,
    ForbiddenError,
    LoggedOutError,
    Login,
    make_login,
    network,
)
from handoff.passwords import LONGEST, Passwords, WeakPasswordError
from tests.handoff.login.conftest import LIGHT, PASSWORD

Hire = Callable[..., Awaitable[Agent]]
HOME = "192.0.2.1"


async def everything_stored(database: Database) -> str:
    async with database.read() as connection:
        tables = (agents_table, desk_sessions)
        return repr([(await connection.execute(select(table))).all() for table in tables])


async def refused(login: Login, name: str, password: str, address: str = HOME) -> None:
    with pytest.raises(BadLoginError, match="the name or the password is wrong"):
        await login.log_in(name, password, address)


async def logged_out(login: Login, token: str | None) -> None:
    with pytest.raises(LoggedOutError):
        await login.session(token)


async def test_the_right_password_begins_a_session(login: Login, hire: Hire) -> None:
    anna = await hire("anna")
    entry = await login.log_in(" Anna", PASSWORD, HOME)
    assert entry.session.agent == anna
    assert await login.session(entry.token) == entry.session


async def test_neither_passwords_nor_tokens_are_stored(
    login: Login, hire: Hire, database: Database
) -> None:
    await hire("anna")
    entry = await login.log_in("anna", PASSWORD, HOME)
    stored = await everything_stored(database)
    assert "$argon2id$" in stored
    assert PASSWORD not in stored
    assert entry.token not in stored
    assert len(entry.token) == 43


async def test_wrong_unknown_deactivated_demo_and_without_password_are_refused_alike(
    login: Login, hire: Hire, database: Database, clock: ManualClock
) -> None:
    anna = await hire("anna")
    await hire("demo", demo=True)
    async with database.write() as connection:
        await agents.create(connection, login="ola", name="Ola", now=clock.now())
    await refused(login, "anna", PASSWORD + "!")
    await refused(login, "nobody", PASSWORD)
    await refused(login, "demo", PASSWORD)
    await refused(login, "ola", PASSWORD)
    await refused(login, "ola", "")
    async with database.write() as connection:
        await agents.deactivate(connection, anna.id, clock.now())
    await refused(login, "anna", PASSWORD)


@pytest.mark.parametrize("name", ["", "\x00", "\ud800", "a" * 100_000, "' or 1=1 --", "%"])
async def test_a_strange_name_is_nobody(login: Login, name: str) -> None:
    await refused(login, name, PASSWORD)


async def test_an_unknown_name_costs_as_much_as_a_known_one(
    login: Login, hire: Hire, passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hire("anna")
    checked: list[str] = []
    original = passwords._verify

    def verify(kept: str, password: bytes) -> bool:
        checked.append(kept.rpartition("$")[0].rpartition("$")[0])
        return original(kept, password)

    monkeypatch.setattr(passwords, "_verify", verify)
    await refused(login, "anna", "wrong password")
    await refused(login, "nobody", "wrong password")
    assert checked[0] == checked[1]
    assert len(checked) == 2


async def test_an_enormous_password_is_refused_before_it_is_hashed(
    login: Login, hire: Hire, passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = await hire("anna")
    monkeypatch.setattr(passwords, "_run", None)
    await refused(login, "anna", "x" * 10_000_000)
    with pytest.raises(WeakPasswordError):
        await login.set_password(anna.id, "x" * (LONGEST + 1))


async def test_the_same_letters_typed_differently_are_the_same_password(
    login: Login, hire: Hire
) -> None:
    anna = await hire("anna")
    await login.set_password(anna.id, "zażółć gęślą jaźń \ud800")
    await login.log_in(
        "anna", "zaz\u0307o\u0301łc\u0301 ge\u0328s\u0301la\u0328 jaz\u0301n\u0301 \ud800", HOME
    )


@pytest.mark.parametrize(
    "password",
    ["", "short", "x" * 11, "anna.nowakowa@example.com", "Anna.Nowakowa@Example.com",
     "anna.nowakowa", "anna.nowakowa anna.nowakowa", "abababababababab", "x" * 257],
)  # fmt: skip
async def test_a_weak_password_is_refused(login: Login, hire: Hire, password: str) -> None:
    anna = await hire("anna.nowakowa@example.com")
    with pytest.raises(WeakPasswordError):
        await login.set_password(anna.id, password)
    await login.log_in("anna.nowakowa@example.com", PASSWORD, HOME)


@given(token=st.text(max_size=60) | st.text(min_size=43, max_size=43))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
async def test_a_forged_token_is_nobody(login: Login, hire: Hire, token: str) -> None:
    await logged_out(login, token)


async def test_no_token_or_a_changed_one_is_nobody(login: Login, hire: Hire) -> None:
    await hire("anna")
    entry = await login.log_in("anna", PASSWORD, HOME)
    swapped = ("A" if entry.token[0] != "A" else "B") + entry.token[1:]
    for forged in (None, "", entry.session.id, swapped, entry.token + "=", "\ud800" * 43):
        await logged_out(login, forged)


async def test_a_session_ends_when_idle_and_lives_on_when_used(
    login: Login, hire: Hire, clock: ManualClock
) -> None:
    await hire("anna")
    used = await login.log_in("anna", PASSWORD, HOME)
    idle = await login.log_in("anna", PASSWORD, HOME)
    for _ in range(3):
        clock.advance(3600)
        await login.session(used.token)
        if clock.now() < idle.session.expires_at - timedelta(hours=11):
            await login.session(idle.token, touch=False)
    await logged_out(login, idle.token)
    assert await login.sweep() == 1
    await login.session(used.token)


async def test_a_session_ends_at_last_however_much_it_is_used(
    login: Login, hire: Hire, clock: ManualClock
) -> None:
    await hire("anna")
    entry = await login.log_in("anna", PASSWORD, HOME)
    for _ in range(12):
        clock.advance(3600)
        await login.session(entry.token)
    clock.advance(3600)
    await logged_out(login, entry.token)


async def test_a_use_is_written_down_once_a_minute_only(
    login: Login, hire: Hire, clock: ManualClock, database: Database
) -> None:
    await hire("anna")
    entry = await login.log_in("anna", PASSWORD, HOME)
    began = clock.now()
    clock.advance(59)
    await login.session(entry.token)
    async with database.read() as connection:
        assert await connection.scalar(select(desk_sessions.c.seen_at)) == began
    clock.advance(2)
    await login.session(entry.token)
    async with database.read() as connection:
        assert await connection.scalar(select(desk_sessions.c.seen_at)) == clock.now()


async def test_two_sessions_of_one_agent_end_separately_and_the_last_takes_them_offline(
    login: Login, hire: Hire, database: Database, clock: ManualClock
) -> None:
    anna = await hire("anna")
    first = await login.log_in("anna", PASSWORD, HOME)
    second = await login.log_in("anna", PASSWORD, HOME)
    assert first.session.csrf != second.session.csrf
    async with database.write() as connection:
        await agents.set_presence(connection, anna.id, "available", clock.now())
    await login.log_out(first.token)
    await login.log_out(first.token)
    await login.log_out(None)
    await logged_out(login, first.token)
    assert (await login.session(second.token)).agent.presence == "available"
    await login.log_out(second.token)
    async with database.read() as connection:
        assert (await agents.get(connection, anna.id)).presence == "offline"


async def test_a_deactivated_agent_loses_access_at_once_and_for_good(
    login: Login, hire: Hire, database: Database, clock: ManualClock
) -> None:
    anna = await hire("anna")
    entry = await login.log_in("anna", PASSWORD, HOME)
    async with database.write() as connection:
        await connection.execute(update(agents_table).values(active=False))
    await logged_out(login, entry.token)
    async with database.write() as connection:
        await agents.deactivate(connection, anna.id, clock.now())
        await agents.activate(connection, anna.id)
    await logged_out(login, entry.token)


async def test_a_changed_role_counts_from_the_next_request(
    login: Login, hire: Hire, database: Database
) -> None:
    anna = await hire("anna", role="supervisor")
    entry = await login.log_in("anna", PASSWORD, HOME)
    entry.session.require("supervisor", "admin")
    async with database.write() as connection:
        await agents.change(connection, anna.id, AgentChange(role="agent"))
    with pytest.raises(ForbiddenError):
        (await login.session(entry.token)).require("supervisor", "admin")


async def test_only_the_session_s_own_csrf_token_counts(login: Login, hire: Hire) -> None:
    await hire("anna")
    mine = (await login.log_in("anna", PASSWORD, HOME)).session
    other = (await login.log_in("anna", PASSWORD, HOME)).session
    mine.check_csrf(mine.csrf)
    for forged in (None, "", other.csrf, mine.csrf + "x", "ż", "\ud800"):
        with pytest.raises(BadCsrfError):
            mine.check_csrf(forged)


async def test_a_new_password_ends_every_session(login: Login, hire: Hire) -> None:
    anna = await hire("anna")
    entries = [await login.log_in("anna", PASSWORD, HOME) for _ in range(2)]
    await login.set_password(anna.id, "a better password")
    for entry in entries:
        await logged_out(login, entry.token)
    await refused(login, "anna", PASSWORD)
    await login.log_in("anna", "a better password", HOME)
    with pytest.raises(NotFoundError):
        await login.set_password("nobody", PASSWORD)


async def test_agents_change_their_own_password_with_the_old_one(login: Login, hire: Hire) -> None:
    await hire("anna")
    entry = await login.log_in("anna", PASSWORD, HOME)
    with pytest.raises(BadLoginError):
        await login.change_password(entry.session, "guessed", "a better password", HOME)
    with pytest.raises(WeakPasswordError):
        await login.change_password(entry.session, PASSWORD, "short", HOME)
    await login.session(entry.token)
    fresh = await login.change_password(entry.session, PASSWORD, "a better password", HOME)
    await logged_out(login, entry.token)
    await login.session(fresh.token)


async def test_a_password_that_changes_while_it_is_checked_lets_nobody_in(
    login: Login, hire: Hire, passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = await hire("anna")
    original = passwords.matches

    async def slow(password: str, kept: str | None) -> bool:
        right = await original(password, kept)
        await login.set_password(anna.id, "a better password")
        return right

    monkeypatch.setattr(passwords, "matches", slow)
    await refused(login, "anna", PASSWORD)


async def test_an_old_hash_is_renewed_at_log_in(
    login: Login, hire: Hire, database: Database
) -> None:
    anna = await hire("anna")
    old = PasswordHasher(**(LIGHT | {"memory_cost": 32})).hash(PASSWORD)
    async with database.write() as connection:
        await connection.execute(update(agents_table).values(password=old))
    await login.log_in("anna", PASSWORD, HOME)
    async with database.read() as connection:
        kept = await connection.scalar(
            select(agents_table.c.password).where(agents_table.c.id == anna.id)
        )
    assert "m=64," in kept
    await login.log_in("anna", PASSWORD, HOME)


async def test_a_damaged_hash_lets_nobody_in(login: Login, hire: Hire, database: Database) -> None:
    await hire("anna")
    for damaged in ("", "plain text", "$argon2id$v=19$m=64"):
        async with database.write() as connection:
            await connection.execute(update(agents_table).values(password=damaged))
        await refused(login, "anna", damaged)


async def test_guessing_is_slowed_down_and_goes_on_after_a_while(
    login: Login, hire: Hire, clock: ManualClock
) -> None:
    await hire("anna")
    for _ in range(10):
        await refused(login, "anna", "guess")
    with pytest.raises(TooManyError):
        await login.log_in("anna", PASSWORD, HOME)
    await login.log_in("anna", PASSWORD, "192.0.2.2")
    clock.advance(30)
    await login.log_in("anna", PASSWORD, HOME)


async def test_one_network_cannot_try_many_names(login: Login) -> None:
    for number in range(60):
        await refused(login, f"agent{number}", "guess", f"2001:db8:0:1::{number:x}")
    with pytest.raises(TooManyError):
        await login.log_in("another", "guess", "2001:db8:0:1:ffff::1")
    await refused(login, "another", "guess", "2001:db8:0:2::1")


async def test_many_networks_cannot_try_one_name(login: Login, clock: ManualClock) -> None:
    for number in range(100):
        await refused(login, "anna", "guess", f"198.51.100.{number}")
    with pytest.raises(TooManyError):
        await login.log_in("anna", "guess", "203.0.113.1")


async def test_many_networks_cannot_lock_an_agent_out_of_where_they_work(
    login: Login, hire: Hire
) -> None:
    await hire("anna")
    await login.log_in("anna", PASSWORD, HOME)
    for number in range(100):
        await refused(login, "anna", "guess", f"198.51.100.{number}")
    with pytest.raises(TooManyError):
        await login.log_in("anna", PASSWORD, "203.0.113.1")
    await login.log_in("anna", PASSWORD, HOME)
    for _ in range(10):
        await refused(login, "anna", "guess", HOME)
    with pytest.raises(TooManyError):
        await login.log_in("anna", PASSWORD, HOME)


async def test_a_whole_shift_can_log_in_from_one_address(login: Login, hire: Hire) -> None:
    await hire("anna")
    for _ in range(80):
        await login.log_in("anna", PASSWORD, HOME)


async def test_who_is_identified_elsewhere_needs_no_password(
    login: Login, hire: Hire, database: Database, clock: ManualClock
) -> None:
    anna = await hire("anna")
    entry = await login.admit(anna.id)
    assert (await login.session(entry.token)).agent.id == anna.id
    async with database.write() as connection:
        await agents.deactivate(connection, anna.id, clock.now())
    for nobody in (anna.id, "nobody"):
        with pytest.raises(BadLoginError):
            await login.admit(nobody)


async def test_demo_agents_log_in_only_where_the_demo_is_on(
    login: Login, hire: Hire, database: Database, clock: ManualClock, passwords: Passwords
) -> None:
    await hire("ania", demo=True)
    on = make_login(Settings(demo=True), database, clock, passwords)
    entry = await on.log_in("ania", PASSWORD, HOME)
    await on.session(entry.token)
    await logged_out(login, entry.token)


async def test_sessions_are_counted_right_when_many_log_in_at_once(
    login: Login, hire: Hire, database: Database
) -> None:
    await hire("anna")
    entries = await asyncio.gather(*(login.log_in("anna", PASSWORD, HOME) for _ in range(8)))
    assert len({entry.token for entry in entries}) == 8
    async with database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(desk_sessions)) == 8


def test_attempts_of_other_names_do_not_count() -> None:
    attempts = Attempts(lambda: 0.0)
    for _ in range(10):
        attempts.take("anna", HOME)
    attempts.take("bruno", HOME)
    with pytest.raises(TooManyError):
        attempts.take("anna", HOME)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("?", "?"),
        ("x" * 100, "x" * 64),
    ],
)
def test_a_customer_of_an_internet_provider_is_one_network(address: str, expected: str) -> None:
    assert network(address) == expected
