from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from frontline.clock import ManualClock
from frontline.database import Database
from frontline.errors import NotFoundError, RefusedError
from handoff import agents
from handoff.agent_values import (
    PRESENCES,
    checked_capacity,
    checked_languages,
    checked_login,
    checked_name,
    checked_reason,
    checked_skills,
    checked_subject,
)
from handoff.agents import Agent, AgentChange, AgentExistsError, LastAdminError
from handoff.desk_tables import presence_log

Hire = Callable[..., Awaitable[Agent]]


async def presences(database: Database, agent: Agent) -> list[tuple[str, str | None]]:
    async with database.read() as connection:
        rows = await connection.execute(
            select(presence_log.c.presence, presence_log.c.reason)
            .where(presence_log.c.agent_id == agent.id)
            .order_by(presence_log.c.id)
        )
        return [(row.presence, row.reason) for row in rows]


async def test_a_new_agent_is_found_by_name_however_it_is_written(
    database: Database, hire: Hire
) -> None:
    anna = await hire("anna", skills={"complaints": 2})
    async with database.read() as connection:
        assert await agents.find(connection, "  ANNA ") == await agents.get(connection, anna.id)
        assert await agents.find(connection, "nobody") is None
        assert await agents.everyone(connection) == [anna]
    assert (anna.role, anna.languages, anna.skills) == ("agent", ["pl", "en"], {"complaints": 2})
    assert (anna.presence, anna.capacity, anna.active) == ("offline", {"chat": 3, "voice": 1}, True)


async def test_there_is_one_agent_to_a_name(database: Database, hire: Hire) -> None:
    anna = await hire("anna")
    with pytest.raises(AgentExistsError):
        await hire("Anna ")
    async with database.read() as connection:
        assert await agents.everyone(connection) == [anna]


async def test_an_unknown_agent_is_not_found(database: Database, clock: ManualClock) -> None:
    async with database.write() as connection:
        for attempt in (
            agents.get(connection, "nobody"),
            agents.change(connection, "nobody", AgentChange(name="X")),
            agents.deactivate(connection, "nobody", clock.now()),
            agents.activate(connection, "nobody"),
            agents.set_presence(connection, "nobody", "busy", clock.now()),
        ):
            with pytest.raises(NotFoundError):
                await attempt


async def test_only_what_is_given_changes(database: Database, hire: Hire) -> None:
    anna = await hire("anna", skills={"complaints": 2})
    wanted = AgentChange(name="Anna K.", languages=["en"], capacity={"chat": 1}, subject="s-1")
    async with database.write() as connection:
        changed = await agents.change(connection, anna.id, wanted)
        assert await agents.change(connection, anna.id, AgentChange()) == changed
        skilled = await agents.change(connection, anna.id, AgentChange(skills={}, role="editor"))
    assert (changed.name, changed.languages) == ("Anna K.", ["en"])
    assert changed.capacity == {"chat": 1, "voice": 0}
    assert changed.skills == {"complaints": 2}
    assert (skilled.skills, skilled.role) == ({}, "editor")


async def test_a_subject_belongs_to_one_agent(database: Database, hire: Hire) -> None:
    await hire("anna", subject="s-1")
    bruno = await hire("bruno")
    async with database.write() as connection:
        with pytest.raises(AgentExistsError):
            await agents.change(connection, bruno.id, AgentChange(subject="s-1"))
        assert await agents.change(connection, bruno.id, AgentChange(subject="")) == bruno


async def test_the_last_admin_stays_one(database: Database, clock: ManualClock, hire: Hire) -> None:
    root = await hire("root", role="admin")
    await hire("anna")
    async with database.write() as connection:
        with pytest.raises(LastAdminError):
            await agents.change(connection, root.id, AgentChange(role="agent"))
        with pytest.raises(LastAdminError):
            await agents.deactivate(connection, root.id, clock.now())
        await agents.change(connection, root.id, AgentChange(name="Root", role="admin"))
    await hire("second", role="admin")
    async with database.write() as connection:
        await agents.change(connection, root.id, AgentChange(role="agent"))


async def test_a_change_of_presence_is_logged_and_a_repetition_is_not(
    database: Database, clock: ManualClock, hire: Hire
) -> None:
    anna = await hire("anna")
    async with database.write() as connection:
        await agents.set_presence(connection, anna.id, "available", clock.now())
        clock.advance(60)
        await agents.set_presence(connection, anna.id, "available", clock.now())
        away = await agents.set_presence(connection, anna.id, "break", clock.now(), " obiad ")
        with pytest.raises(RefusedError):
            await agents.set_presence(connection, anna.id, "asleep", clock.now())
    assert (away.presence_reason, away.presence_since) == ("obiad", clock.now())
    assert await presences(database, anna) == [("available", None), ("break", "obiad")]


async def test_the_available_are_there_now_and_who_waits_longest_comes_first(
    database: Database, clock: ManualClock, hire: Hire
) -> None:
    hired = {name: await hire(name) for name in ("anna", "bruno", "celia", "dora", "ewa")}
    async with database.write() as connection:
        for name in ("bruno", "anna", "dora", "ewa"):
            clock.advance(1)
            await agents.set_presence(connection, hired[name].id, "available", clock.now())
        for name in ("anna", "bruno", "celia", "ewa"):
            await agents.touch(connection, hired[name].id, clock.now())
        await agents.deactivate(connection, hired["ewa"].id, clock.now())
        found = await agents.available(connection, clock.now())
        assert [agent.login for agent in found] == ["bruno", "anna"]
        clock.advance(agents.SEEN_WITHIN_S)
        assert await agents.available(connection, clock.now()) == []


async def test_who_gives_no_sign_of_life_is_lost_and_signed_off(
    database: Database, clock: ManualClock, hire: Hire
) -> None:
    anna, bruno, celia = [await hire(name) for name in ("anna", "bruno", "celia")]
    async with database.write() as connection:
        for agent in (anna, bruno):
            await agents.set_presence(connection, agent.id, "available", clock.now())
        await agents.touch(connection, bruno.id, clock.now())
        clock.advance(60)
        await agents.touch(connection, anna.id, clock.now())
        since = clock.now() - timedelta(seconds=45)
        assert await agents.lost(connection, since) == {bruno.id, celia.id}
        signed_off = await agents.sign_off_lost(connection, since, clock.now())
        assert [(a.id, a.presence_reason) for a in signed_off] == [(bruno.id, agents.LOST)]
        assert await agents.sign_off_lost(connection, since, clock.now()) == []


async def test_the_deactivated_are_lost_at_once_until_they_come_back(
    database: Database, clock: ManualClock, hire: Hire
) -> None:
    anna = await hire("anna")
    async with database.write() as connection:
        await agents.touch(connection, anna.id, clock.now())
        await agents.set_presence(connection, anna.id, "available", clock.now())
        gone = await agents.deactivate(connection, anna.id, clock.now())
        assert (gone.active, gone.presence) == (False, "offline")
        assert anna.id in await agents.lost(connection, clock.now() - timedelta(hours=1))
        assert await agents.everyone(connection) == []
        assert [a.id for a in await agents.everyone(connection, active_only=False)] == [anna.id]
        assert (await agents.activate(connection, anna.id)).active


async def test_the_terminal_makes_its_agent_once(database: Database, clock: ManualClock) -> None:
    async with database.write() as connection:
        made = await agents.ensure(connection, "Demo Anna", "Demo Anna", clock.now())
        again = await agents.ensure(connection, "demo anna", "Somebody else", clock.now())
    assert made == again
    assert made.login == "demo-anna"


@pytest.mark.parametrize(
    "login", ["", "a", "-anna", "an na", "an\nna", "а" * 5, "a" * 81, "anna/x", "<script>"]
)
def test_a_login_that_could_be_mixed_up_is_refused(login: str) -> None:
    with pytest.raises(RefusedError):
        checked_login(login)


@pytest.mark.parametrize("name", ["", "  ", "A\nB", "A\u202eB", "A\u2028B", "A\x00", "x" * 81])
def test_a_name_that_hides_something_is_refused(name: str) -> None:
    with pytest.raises(RefusedError):
        checked_name(name)


def test_values_out_of_range_are_refused() -> None:
    for wrong in (
        lambda: checked_languages([]),
        lambda: checked_languages(["pl", "de"]),
        lambda: checked_skills({"magic": 1}),
        lambda: checked_skills({"returns": 0}),
        lambda: checked_skills({"returns": True}),
        lambda: checked_skills({"returns": "1"}),  # type: ignore[dict-item]
        lambda: checked_capacity({"chat": -1}),
        lambda: checked_capacity({"chat": 21}),
        lambda: checked_capacity({"fax": 1}),
        lambda: checked_subject("ż"),
        lambda: checked_subject("x" * 256),
        lambda: checked_reason("x" * 41),
        lambda: checked_reason("\x07"),
    ):
        with pytest.raises(RefusedError):
            wrong()


def test_languages_are_kept_once_and_in_our_order() -> None:
    assert checked_languages(["en", "pl", "en"]) == ["pl", "en"]
    assert checked_reason("") is None


@given(st.text(max_size=300))
def test_a_checked_value_passes_again_unchanged(text: str) -> None:
    for check in (checked_login, checked_name, checked_subject, checked_reason):
        try:
            once = check(text)
        except RefusedError:
            continue
        assert once is None or check(once) == once


def test_every_presence_fits_its_column() -> None:
    assert all(len(presence) <= 12 for presence in PRESENCES)
