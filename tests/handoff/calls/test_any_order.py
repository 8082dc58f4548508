"""Whatever order things happen in, no caller and no case is left hanging."""

import contextlib
import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from frontline.clock import ManualClock
from frontline.errors import ConflictError, NotFoundError, RefusedError
from frontline.turns import Controller
from handoff import store
from handoff.app_parts import Parts
from handoff.call_store import CallState
from handoff.call_tables import calls
from handoff.calls import LONGEST
from handoff.case import TALKING, WAITING
from handoff.moves import Actor
from handoff.reports.proof import recompute
from handoff.tables import cases, conversations
from tests.handoff.calls.conftest import CALL, CALLER

CALLS = [f"{CALL[:-2]}{n:02}" for n in range(12)]
REASONS = ("user_request", "vulnerable", "complaint", "tool_error")
STEPS = 100


class Walk:
    """One random story."""

    def __init__(self, parts: Parts, agent: Actor, dice: random.Random) -> None:
        self.parts = parts
        self.agent = agent
        self.dice = dice
        self.chats: list[str] = []
        self.done = 0
        """Steps that were not out of place."""

    async def step(self) -> None:
        """Something happens that may be out of place; only a refusal may come of it."""
        do = self.dice.choice(
            [self.register, self.begin, self.leave, self.end, self.next, self.after, self.person,
             self.message, self.claim, self.close, self.chat, self.to_phone, self.to_chat,
             self.give_up, self.pass_time]
        )  # fmt: skip
        with contextlib.suppress(ConflictError, NotFoundError, RefusedError):
            await do(self.dice.choice(CALLS))
            self.done += 1

    async def conversation(self, call: str) -> str:
        return (await self.parts.calls.get(call)).conversation_id or "none"

    async def register(self, call: str) -> None:
        caller = self.dice.choice([CALLER, None])
        await self.parts.calls.register(call, caller, self.dice.choice(["pl", "en"]))

    async def begin(self, call: str) -> None:
        await self.register(call)
        await self.parts.calls.begin(call)

    async def leave(self, call: str) -> None:
        await self.parts.calls.leave(call, self.dice.choice(["queue", "hangup"]))

    async def end(self, call: str) -> None:
        await self.parts.calls.end(call, self.dice.choice(["caller", "left", "lost"]))

    async def next(self, call: str) -> None:
        assert (await self.parts.calls.next_of(call)).to in ("queue", "hangup")

    async def after(self, call: str) -> None:
        outcome = self.dice.choice(["answered", "hung_up", "unserved"])
        await self.parts.calls.after_queue(call, outcome)

    async def person(self, call: str) -> None:
        reason = self.dice.choice(REASONS)
        await self.parts.cases.open(await self.conversation(call), reason=reason)

    async def message(self, call: str) -> None:
        await self.parts.cases.open(
            await self.conversation(call), reason="user_request", kind="callback", waits=False,
            callback={"phone": "+48500500500"},
        )  # fmt: skip

    async def claim(self, call: str) -> None:
        case = await self.parts.cases.open_case(await self.conversation(call))
        if case:
            await self.parts.handling.claim(case.id, self.agent)

    async def close(self, call: str) -> None:
        case = await self.parts.cases.open_case(await self.conversation(call))
        if case and case.state in TALKING:
            await self.parts.handling.close(case.id, self.agent, case.fence, "solved")

    async def chat(self, _call: str) -> None:
        chat = await self.parts.conversations.create("web", "pl", "Dzień dobry")
        self.chats.append(chat.id)
        if self.dice.random() < 0.5:
            await self.parts.cases.open(chat.id, reason="user_request")

    async def to_phone(self, call: str) -> None:
        if self.chats:
            code = await self.parts.switching.phone_code(self.dice.choice(self.chats))
            await self.parts.switching.to_phone(call, code.digits)

    async def to_chat(self, call: str) -> None:
        code = await self.parts.switching.chat_code(call)
        await self.parts.switching.to_chat(code.digits, "chat", "192.0.2.1")

    async def give_up(self, call: str) -> None:
        await self.parts.cases.leave(await self.conversation(call))

    async def pass_time(self, _call: str) -> None:
        assert isinstance(self.parts.clock, ManualClock)
        self.parts.clock.advance(self.dice.choice([1, 70, 200]))
        await self.parts.calls.sweep()


@pytest.mark.parametrize("seed", range(5))
async def test_no_case_is_left_hanging(
    parts: Parts, clock: ManualClock, anna: Actor, seed: int
) -> None:
    walk = Walk(parts, anna, random.Random(seed))
    if seed % 4 == 3:
        clock.advance(timedelta(hours=12).total_seconds())  # nobody works
    for _ in range(STEPS):
        await walk.step()
    assert walk.done > STEPS / 4
    clock.advance(LONGEST.total_seconds() + 1)
    await parts.calls.sweep()
    async with parts.database.read() as connection:
        over = list(await connection.scalars(select(calls.c.state)))
        left = [store.case_of(row) for row in await connection.execute(select(cases))]
        spoken = list(await connection.execute(select(conversations)))
        assert await recompute(connection) == []
    assert set(over) <= {CallState.OVER, CallState.REGISTERED}
    assert [case.number for case in left if case.call_id] == []
    by_id = {case.id: case for case in left}
    for conversation in spoken:
        case = by_id.get(conversation.case_id)
        if conversation.controller == Controller.QUEUE:
            assert case
            assert case.state in WAITING
        if conversation.controller == Controller.AGENT:
            assert case
            assert case.state in TALKING
    for case in left:  # who waits is offered to somebody
        if case.state in WAITING:
            assert case.id in await parts.queue.waiting()
