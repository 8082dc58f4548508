from frontline.clock import ManualClock
from handoff import agents
from handoff.app_parts import Parts
from handoff.moves import Actor
from handoff.wait import ENOUGH
from tests.common.agents import hire
from tests.common.frames import until
from web_chat.client import ChatClient

TALK_S = 240


async def at_work(parts: Parts, name: str) -> Actor:
    """An agent who is there and takes cases."""
    agent = await hire(parts, name)
    async with parts.database.write() as connection:
        await agents.set_presence(connection, agent.id, "available", parts.clock.now())
    return agent


async def talks(parts: Parts, agent: Actor, count: int) -> None:
    """The agent serves so many customers, one after the other."""
    assert isinstance(parts.clock, ManualClock)
    for _ in range(count):
        other = await parts.conversations.create("web", "pl", "Dzień dobry")
        case = await parts.cases.open(other.id, reason="user_request")
        held = await parts.handling.claim(case.id, agent)
        parts.clock.advance(TALK_S)
        await parts.handling.give_back(held.id, agent, held.fence, "done")


async def test_the_wait_is_told_as_a_range_of_minutes(customer: ChatClient, parts: Parts) -> None:
    agent = await at_work(parts, "Ania")
    await talks(parts, agent, ENOUGH)
    await at_work(parts, "Ania")  # still there
    await parts.cases.open(str(customer.conversation), reason="user_request")
    told = await until(customer, "queue", position=1)
    places = (await the_agent(parts, agent)).capacity["chat"]
    least = TALK_S // 60 // places
    assert told["waiting"] == {"from_min": least, "to_min": least + 1}


async def test_the_wait_is_not_told_when_too_little_is_known(
    customer: ChatClient, parts: Parts
) -> None:
    agent = await at_work(parts, "Ania")
    await talks(parts, agent, ENOUGH - 1)
    await parts.cases.open(str(customer.conversation), reason="user_request")
    assert (await until(customer, "queue", position=1))["waiting"] is None


async def test_the_wait_is_not_told_when_nobody_is_there(
    customer: ChatClient, parts: Parts
) -> None:
    await talks(parts, await hire(parts, "Ania"), ENOUGH)
    await parts.cases.open(str(customer.conversation), reason="user_request")
    assert (await until(customer, "queue", position=1))["waiting"] is None


async def the_agent(parts: Parts, actor: Actor) -> agents.Agent:
    async with parts.database.read() as connection:
        return await agents.get(connection, actor.id)
