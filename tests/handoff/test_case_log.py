from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import delete, update

from handoff.app_parts import Parts
from handoff.case import Case
from handoff.case_log import events_of, verify
from handoff.moves import Actor
from handoff.tables import case_events, cases

Open = Callable[[], Awaitable[Case]]


async def a_life(parts: Parts, anna: Actor, opened: Open) -> Case:
    case = await parts.handling.claim((await opened()).id, anna)
    await parts.handling.says(case.id, anna, case.fence, "Dzień dobry", "1")
    return await parts.handling.close(case.id, anna, case.fence, "solved", "done")


async def test_every_step_is_in_the_log_and_the_log_is_whole(
    parts: Parts, anna: Actor, opened: Open
) -> None:
    case = await a_life(parts, anna, opened)
    async with parts.database.read() as connection:
        events = await events_of(connection, case.id)
        assert await verify(connection) == []
    assert [event.type for event in events] == [
        "opened", "offered", "accepted", "first_reply", "wrapping", "closed",
    ]  # fmt: skip
    assert [event.n for event in events] == [1, 2, 3, 4, 5, 6]
    assert events[-1].data["disposition"] == "solved"
    assert events[2].data["agent_id"] == anna.id


@pytest.mark.parametrize(
    "forge",
    [
        update(case_events).where(case_events.c.n == 2).values(actor="nobody"),
        delete(case_events).where(case_events.c.n == 3),
        delete(case_events).where(case_events.c.n == 6),
        update(case_events).where(case_events.c.n == 4).values(data={"agent_id": "other"}),
        update(cases).values(log_head="0" * 64),
    ],
)
async def test_a_forged_log_is_found(
    parts: Parts, anna: Actor, opened: Open, forge: object
) -> None:
    case = await a_life(parts, anna, opened)
    async with parts.database.write() as connection:
        await connection.execute(forge)
        [fault] = await verify(connection)
    assert fault.startswith(case.number)
