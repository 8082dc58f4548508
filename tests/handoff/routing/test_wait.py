from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.database import Database, metadata
from handoff import store
from handoff.case import CaseState
from handoff.tables import case_events, cases, conversations
from handoff.wait import ENOUGH, Range, estimate, recent_durations, wait_of

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FOUR_MINUTES = [240.0] * 10


# --- the formula


def test_one_agent_and_nobody_ahead_is_one_talk() -> None:
    assert estimate(FOUR_MINUTES, agents=1, ahead=0) == Range(4, 5)


def test_everyone_ahead_adds_a_talk_and_every_agent_divides() -> None:
    assert estimate(FOUR_MINUTES, agents=1, ahead=2) == Range(12, 13)
    assert estimate(FOUR_MINUTES, agents=2, ahead=2) == Range(6, 7)
    assert estimate(FOUR_MINUTES, agents=4, ahead=5) == Range(6, 7)


def test_the_quartiles_make_the_range() -> None:
    durations = [60.0 * n for n in range(1, 14)]  # quartiles: 4 and 10 minutes
    assert estimate(durations, agents=1, ahead=0) == Range(4, 10)
    assert estimate(durations, agents=2, ahead=1) == Range(4, 10)


def test_one_odd_talk_does_not_move_the_range() -> None:
    assert estimate([*FOUR_MINUTES, 36000.0], agents=1, ahead=0) == Range(4, 5)


def test_a_free_place_means_no_wait() -> None:
    assert estimate(FOUR_MINUTES, agents=2, ahead=0, free=1) == Range(0, 1)
    assert estimate(FOUR_MINUTES, agents=2, ahead=3, free=2) == Range(4, 5)


def test_who_serves_two_lines_counts_half() -> None:
    assert estimate(FOUR_MINUTES, agents=0.5, ahead=0) == Range(8, 9)


def test_too_few_samples_say_nothing() -> None:
    assert ENOUGH == 10
    assert estimate(FOUR_MINUTES[:9], agents=1, ahead=0) is None
    assert estimate([*FOUR_MINUTES[:9], -5.0], agents=1, ahead=0) is None
    assert estimate([], agents=1, ahead=0) is None


def test_nobody_there_says_nothing() -> None:
    assert estimate(FOUR_MINUTES, agents=0, ahead=0) is None


@given(
    st.lists(st.floats(0, 7200), min_size=10, max_size=40),
    st.floats(0.25, 60),
    st.integers(0, 500),
)
def test_a_range_is_in_order_and_longer_with_more_ahead(
    answered: list[float], agents: float, ahead: int
) -> None:
    one, more = estimate(answered, agents, ahead), estimate(answered, agents, ahead + 1)
    assert one is not None
    assert more is not None
    assert 0 <= one.from_min < one.to_min
    assert more.from_min >= one.from_min
    assert more.to_min >= one.to_min


# --- from the log


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[AsyncConnection]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    async with database.write() as connection:
        await connection.execute(
            insert(conversations).values(
                id="c", channel="web", language="pl", controller="bot", created_at=NOW,
                updated_at=NOW,
            )
        )  # fmt: skip
        yield connection
    await database.close()


async def add_case(connection: AsyncConnection, name: str, **values: Any) -> None:
    usual = {
        "number": name, "conversation_id": "c", "state": CaseState.CLOSED, "kind": "question",
        "channel": "chat", "language": "pl", "reason": "user_request", "context": {},
        "skill": "general", "priority": "normal", "priority_reasons": [], "linked": [],
        "created_at": NOW, "queued_at": NOW, "due_at": NOW,
    }  # fmt: skip
    await connection.execute(insert(cases).values(id=name, **usual | values))


async def talk(
    connection: AsyncConnection,
    name: str,
    begun: datetime,
    *steps: tuple[float, str, str],
    route: str = "pl|general|chat|1",
) -> None:
    """A served case; steps are minutes since the acceptance, the event and the state after it."""
    await add_case(connection, name)
    for n, (minutes, kind, state) in enumerate([(0, "accepted", "active"), *steps], 1):
        data = {"to": state, "route": route} if state else {"agent_id": "a"}
        await connection.execute(
            insert(case_events).values(
                case_id=name, n=n, type=kind, at=begun + minutes * MINUTE, actor="a", data=data,
                prev_hash="", hash="",
            )
        )  # fmt: skip


USUAL = ((1, "first_reply", ""), (2, "held", "on_hold"), (3, "resumed", "active"),
         (4, "wrapping", "wrap_up"), (5, "closed", "closed"))  # fmt: skip


async def waiting_case(connection: AsyncConnection, ahead: int = 0) -> Any:
    for n in range(ahead):
        await add_case(
            connection, f"ahead{n}", state=CaseState.QUEUED, due_at=NOW - (n + 1) * MINUTE
        )
    await add_case(connection, "mine", state=CaseState.QUEUED)
    return await store.load(connection, "mine")


async def test_a_talk_lasts_until_the_agent_is_free_again(connection: AsyncConnection) -> None:
    case = await waiting_case(connection)
    start = NOW - 30 * MINUTE
    await talk(connection, "usual", start, *USUAL)
    await talk(connection, "returned", start, (2, "returned", "bot"), (9, "closed", "closed"))
    await talk(connection, "lost", start, (1, "agent_lost", "queued"), (3, "accepted", "active"),
               (6, "closed", "closed"))  # fmt: skip
    await talk(connection, "moved", start, (7, "transferred", "queued"))
    await talk(connection, "still going on", start, (1, "first_reply", ""))
    found = await recent_durations(connection, case, NOW - timedelta(hours=1), NOW)
    assert sorted(found) == [60, 120, 180, 300, 420]


async def test_other_skills_channels_and_times_are_left_out(connection: AsyncConnection) -> None:
    case = await waiting_case(connection)
    recently = NOW - 30 * MINUTE
    await talk(connection, "voice", recently, *USUAL, route="pl|general|voice|1")
    await talk(connection, "returns", recently, *USUAL, route="pl|returns|chat|1")
    await talk(connection, "long ago", NOW - timedelta(hours=2), *USUAL)
    await talk(connection, "later", NOW + MINUTE, *USUAL)
    await talk(connection, "english", recently, *USUAL, route="en|general|chat|2")
    found = await recent_durations(connection, case, NOW - timedelta(hours=1), NOW)
    assert found == [300]


async def test_the_wait_from_the_last_hour(connection: AsyncConnection) -> None:
    case = await waiting_case(connection, ahead=3)
    for n in range(10):
        await talk(connection, f"t{n}", NOW - (10 + n) * MINUTE, *USUAL)
        await talk(connection, f"o{n}", NOW - timedelta(hours=2), (60, "closed", "closed"))
    assert await wait_of(connection, case, NOW, agents_serving=2) == Range(10, 11)


async def test_a_quiet_hour_looks_further_back(connection: AsyncConnection) -> None:
    case = await waiting_case(connection)
    for n in range(10):
        await talk(connection, f"t{n}", NOW - timedelta(hours=2), *USUAL)
    assert await wait_of(connection, case, NOW, agents_serving=1) == Range(5, 6)


async def test_nothing_is_said_from_too_little(connection: AsyncConnection) -> None:
    case = await waiting_case(connection)
    for n in range(9):
        await talk(connection, f"t{n}", NOW - 20 * MINUTE, *USUAL)
    await talk(connection, "yesterday", NOW - timedelta(hours=24), *USUAL)
    assert await wait_of(connection, case, NOW, agents_serving=1) is None
    await talk(connection, "tenth", NOW - 20 * MINUTE, *USUAL)
    assert await wait_of(connection, case, NOW, agents_serving=1) == Range(5, 6)
    assert await wait_of(connection, case, NOW, agents_serving=0) is None
