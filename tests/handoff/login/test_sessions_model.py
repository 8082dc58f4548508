"""Sessions against a model of a few lines: whatever happens in whatever order."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frontline.clock import ManualClock
from frontline.database import Database
from frontline.ids import new_id
from handoff import agents
from handoff.agents import Agent
from handoff.login import BadLoginError, LoggedOutError, Login
from tests.handoff.login.conftest import PASSWORD

Hire = Callable[..., Awaitable[Agent]]
IDLE, LONGEST = timedelta(hours=2), timedelta(hours=13)
TOUCH = timedelta(seconds=60)

steps = st.lists(
    st.one_of(
        st.just(("log_in", 0)),
        st.tuples(st.sampled_from(["use", "look", "log_out"]), st.integers(0, 5)),
        st.tuples(st.just("wait"), st.sampled_from([30, 60, 61, 3599, 3600, 7199, 7200, 46_800])),
        st.sampled_from([("deactivate", 0), ("activate", 0), ("password", 0), ("sweep", 0)]),
    ),
    min_size=1,
    max_size=25,
)


@dataclass
class Expected:
    """What should be true of one session."""

    began: datetime
    used: datetime
    ended: bool = False

    def alive(self, now: datetime) -> bool:
        return not self.ended and now < self.began + LONGEST and now < self.used + IDLE


class World:
    """One agent, their sessions and what we think of them."""

    def __init__(self, login: Login, agent: Agent, database: Database, clock: ManualClock) -> None:
        self.login, self.agent, self.database, self.clock = login, agent, database, clock
        self.model: dict[str, Expected] = {}
        self.active = True

    def chosen(self, number: int) -> str:
        return list(self.model)[number % len(self.model)] if self.model else "no token"

    async def log_in(self, _: int) -> None:
        now = self.clock.now()
        try:
            entry = await self.login.log_in(self.agent.login, PASSWORD, self.agent.id)
        except BadLoginError:
            assert not self.active
        else:
            assert self.active
            self.model[entry.token] = Expected(now, now)

    async def use(self, number: int, *, touch: bool = True) -> None:
        now, token = self.clock.now(), self.chosen(number)
        expected = self.model.get(token)
        alive = self.active and expected is not None and expected.alive(now)
        try:
            session = await self.login.session(token, touch=touch)
        except LoggedOutError:
            assert not alive
        else:
            assert alive
            assert session.agent.id == self.agent.id
        if expected and alive and touch and expected.used < now - TOUCH:
            expected.used = now

    async def look(self, number: int) -> None:
        await self.use(number, touch=False)

    async def log_out(self, number: int) -> None:
        token = self.chosen(number)
        await self.login.log_out(token)
        self.model.pop(token, None)

    async def wait(self, seconds: int) -> None:
        self.clock.advance(seconds)

    async def sweep(self, _: int) -> None:
        await self.login.sweep()

    async def password(self, _: int) -> None:
        await self.login.set_password(self.agent.id, PASSWORD)
        self.end_all()

    async def deactivate(self, _: int) -> None:
        async with self.database.write() as connection:
            await agents.deactivate(connection, self.agent.id, self.clock.now())
        self.active = False
        self.end_all()

    async def activate(self, _: int) -> None:
        async with self.database.write() as connection:
            await agents.activate(connection, self.agent.id)
        self.active = True

    def end_all(self) -> None:
        for one in self.model.values():
            one.ended = True


@given(steps=steps)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_a_session_is_alive_exactly_when_it_should_be(
    login: Login, hire: Hire, database: Database, clock: ManualClock, steps: list[tuple[str, int]]
) -> None:
    world = World(login, await hire(new_id().lower()), database, clock)
    for what, number in steps:
        await getattr(world, what)(number)
