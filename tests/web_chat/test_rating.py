import asyncio

import pytest
from aiohttp.test_utils import TestServer

from handoff.app_parts import Parts
from handoff.case import Case
from handoff.tables import cases
from tests.common.agents import hire
from tests.common.frames import until
from web_chat.client import ChatClient


async def served(customer: ChatClient, parts: Parts) -> Case:
    """The customer's case, after an agent has given it back to the bot."""
    await until(customer, "controller", controller="bot")
    case = await parts.cases.open(str(customer.conversation), reason="user_request")
    agent = await hire(parts, "Demo Agent")
    held = await parts.handling.claim(case.id, agent)
    return await parts.handling.give_back(held.id, agent, held.fence, "done")


async def test_the_customer_is_asked_once_when_the_agents_part_has_ended(
    customer: ChatClient, parts: Parts
) -> None:
    case = await served(customer, parts)
    assert (await until(customer, "csat"))["case"] == case.id
    await customer.send("rate", client_id="r1", case=case.id, score=5, comment=" Dziękuję! \u0000")
    assert (await until(customer, "rated"))["case"] == case.id
    async with parts.database.read() as connection:
        row = (await connection.execute(cases.select())).one()
    assert (row.csat, row.csat_comment) == (5, "Dziękuję!")
    await customer.hang_up()
    await customer.connect()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await until(customer, "csat")


async def test_who_was_away_is_asked_on_coming_back(customer: ChatClient, parts: Parts) -> None:
    await until(customer, "controller", controller="bot")
    case = await parts.cases.open(str(customer.conversation), reason="user_request")
    agent = await hire(parts, "Demo Agent")
    held = await parts.handling.claim(case.id, agent)
    await until(customer, "controller", controller="agent")
    await customer.hang_up()
    await parts.handling.give_back(held.id, agent, held.fence, "done")
    await customer.connect()
    assert (await until(customer, "csat"))["case"] == case.id


@pytest.mark.parametrize("score", [0, 6, -1, 4.5, "5", None])
async def test_only_scores_from_one_to_five_are_understood(
    customer: ChatClient, parts: Parts, score: object
) -> None:
    case = await served(customer, parts)
    await customer.send("rate", client_id="r1", case=case.id, score=score)
    assert (await until(customer, "error"))["code"] == "bad_frame"


async def test_nobody_rates_twice_or_a_case_of_another(
    customer: ChatClient, parts: Parts, server: TestServer
) -> None:
    case = await served(customer, parts)
    async with ChatClient(str(server.make_url("/"))) as other:
        await other.send("rate", client_id="r0", case=case.id, score=1)
        assert (await until(other, "error", client_id="r0"))["code"] == "refused"
    await customer.send("rate", client_id="r1", case=case.id, score=4)
    await until(customer, "rated")
    await customer.send("rate", client_id="r2", case=case.id, score=1)
    assert (await until(customer, "error", client_id="r2"))["code"] == "refused"


async def test_a_case_that_still_waits_is_not_rated(customer: ChatClient, parts: Parts) -> None:
    case = await parts.cases.open(str(customer.conversation), reason="user_request")
    await customer.send("rate", client_id="r1", case=case.id, score=1)
    assert (await until(customer, "error", client_id="r1"))["code"] == "refused"
