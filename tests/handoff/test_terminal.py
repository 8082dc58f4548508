from collections.abc import AsyncIterator

import pytest

from frontline.clock import ManualClock
from frontline.turns import Author, Controller
from handoff.app_parts import Parts
from handoff.case import CaseState
from handoff.moves import Actor
from handoff.terminal import AnswerDesk, describe, list_cases
from tests.common.servers import RedisServer


async def typed(*lines: str) -> AsyncIterator[str]:
    for line in lines:
        yield line + "\n"


async def opened(parts: Parts) -> str:
    conversation = await parts.conversations.create("web", "pl", "Dzień dobry")
    case = await parts.cases.open(
        conversation.id,
        reason="user_request",
        detail="gdzie paczka",
        context={"identity": {"level": "none"}},
    )
    return case.id


async def test_the_list_shows_waiting_cases_in_order(
    parts: Parts, clock: ManualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    await list_cases(parts)
    assert "No case is waiting" in capsys.readouterr().out
    await opened(parts)
    clock.advance(1)
    await opened(parts)
    await list_cases(parts)
    shown = capsys.readouterr().out.splitlines()
    numbers = [line.split()[0] for line in shown if line.startswith("R-")]
    assert numbers == ["R-2026-000001", "R-2026-000002"]


async def test_the_list_comes_from_sql_when_redis_is_down(
    parts: Parts, redis: RedisServer, capsys: pytest.CaptureFixture[str]
) -> None:
    await opened(parts)
    redis.kill()
    await list_cases(parts)
    shown = capsys.readouterr().out
    assert "comes from the database" in shown
    assert "R-2026-000001" in shown


async def test_an_agent_answers_and_returns_the_conversation(
    parts: Parts, capsys: pytest.CaptureFixture[str], anna: Actor
) -> None:
    case = await parts.handling.claim(await opened(parts), anna)
    assert any("gdzie paczka" in line for line in describe(case))
    await AnswerDesk(parts, case, anna).run(typed("Już sprawdzam", "", "/return paczka w drodze"))
    turns = await parts.conversations.turns(case.conversation_id)
    assert [t.text for t in turns if t.author == Author.AGENT] == ["Już sprawdzam"]
    conversation = await parts.conversations.get(case.conversation_id)
    assert conversation.controller == Controller.BOT
    assert conversation.served is not None
    assert conversation.served["outcome"] == "paczka w drodze"
    assert "Już sprawdzam" in capsys.readouterr().out


async def test_a_case_goes_back_to_the_queue_when_the_agent_just_leaves(
    parts: Parts, anna: Actor
) -> None:
    case = await parts.handling.claim(await opened(parts), anna)
    await AnswerDesk(parts, case, anna).run(typed("Chwileczkę"))
    assert (await parts.cases.find(case.number)).state == CaseState.QUEUED
