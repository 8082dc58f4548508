from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from handoff.app_parts import Parts
from handoff.case import Case
from handoff.case_log import record
from handoff.moves import Actor
from handoff.reports import proof
from handoff.reports.proof import recompute
from handoff.tables import case_events, cases
from tests.common.agents import hire

Open = Callable[[], Awaitable[Case]]


async def check(parts: Parts) -> list[str]:
    async with parts.database.read() as connection:
        return await recompute(connection)


async def test_whatever_agents_and_customers_do_the_columns_are_as_the_log_has_them(
    parts: Parts, anna: Actor, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "BATCH", 2)  # so that there are several
    jan = await hire(parts, "Demo Jan")
    handling, clock = parts.handling, parts.clock
    assert await check(parts) == []

    closed = await handling.claim((await opened()).id, anna)
    clock.advance(30)  # type: ignore[attr-defined]
    await handling.says(closed.id, anna, closed.fence, "Dzień dobry", "1")
    closed = await handling.hold(closed.id, anna, closed.fence)
    clock.advance(30)  # type: ignore[attr-defined]
    closed = await handling.resume(closed.id, anna, closed.fence)
    closed = await handling.transfer(closed.id, anna, closed.fence, skill="returns")
    closed = await handling.claim(closed.id, jan)
    await handling.close(closed.id, jan, closed.fence, "solved", "done")
    await parts.cases.rate(closed.conversation_id, closed.id, 4)

    left = await opened()
    await parts.cases.leave(left.conversation_id)
    declined = await handling.offer((await opened()).id, anna)
    await handling.decline(declined.id, anna, declined.fence)
    lost = await handling.claim((await opened()).id, anna)
    await handling.lose(lost.id, anna.id, lost.fence)
    ringing = await handling.offer((await opened()).id, jan)
    held = await handling.claim((await opened()).id, jan)
    returned = await handling.claim((await opened()).id, anna)
    returned = await handling.give_back(returned.id, anna, returned.fence, "sent")
    again = await parts.cases.open(returned.conversation_id, reason="user_request")
    assert again.id == returned.id
    reopened = await handling.claim((await opened()).id, anna)
    reopened = await handling.close(reopened.id, anna, reopened.fence, None)
    await handling.reopen(reopened.id, anna)
    call = await handling.claim((await opened()).id, anna)
    when = clock.now() + timedelta(hours=1)
    await handling.call_back(call.id, anna, call.fence, {"phone": "+48…"}, when)
    assert {ringing.state, held.state} == {"offered", "active"}
    assert await check(parts) == []
    async with parts.database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(cases)) == 9


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        ({"csat": 5}, "csat is 5, by its log 1"),
        ({"answered_at": None}, "answered_at is empty, by its log 2026-11-24T10:00:12+00:00"),
        ({"state": "queued"}, "state is queued, by its log closed"),
        ({"agent_id": "nobody"}, "agent_id is nobody, by its log empty"),
    ],
)
async def test_a_column_that_was_changed_by_hand_is_found(
    parts: Parts, anna: Actor, opened: Open, columns: dict[str, object], fault: str
) -> None:
    case = await opened()
    parts.clock.advance(12)  # type: ignore[attr-defined]
    case = await parts.handling.claim(case.id, anna)
    await parts.handling.close(case.id, anna, case.fence, "solved")
    await parts.cases.rate(case.conversation_id, case.id, 1)
    async with parts.database.write() as connection:
        await connection.execute(update(cases).values(columns))
    assert await check(parts) == [f"{case.number}: {fault}"]


@pytest.mark.parametrize(
    "values", [{"type": "accepted"}, {"type": "note"}, {"data": {}}, {"data": {"route": "x"}}]
)
async def test_a_log_that_makes_no_sense_is_found(
    parts: Parts, opened: Open, values: dict[str, object]
) -> None:
    case = await opened()
    async with parts.database.write() as connection:
        await connection.execute(update(case_events).values(values))
    [fault] = await check(parts)
    assert fault.startswith(f"{case.number}: ")
    assert "its log" in fault


async def test_entries_written_after_the_row_was_read_do_not_disturb(
    parts: Parts, anna: Actor, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await opened()
    async with parts.database.write() as connection:
        rows = await proof._rows(connection, "")
        await record(
            connection, case.id, "csat", actor="customer", at=parts.clock.now(), data={"score": 1}
        )

        async def before(_connection: object, after: str) -> object:
            return rows if not after else []

        monkeypatch.setattr(proof, "_rows", before)
        assert await recompute(connection) == []
