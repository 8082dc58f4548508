"""Brings waiting cases to free agents, and takes them back from absent ones.

Each desk process runs one. They need no leader: every step is a compare-and-set in SQL, and what
one process was first to do the others find done.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from sqlalchemy import select

from frontline.clock import Clock
from frontline.database import Database
from frontline.errors import ConflictError, NotFoundError, UnavailableError
from frontline.redis import Redis
from frontline.tasks import end
from handoff import agents, store
from handoff.agents import Agent
from handoff.case import WITH_AGENT, Case, CaseState
from handoff.handling import Handling
from handoff.moves import SYSTEM, Actor
from handoff.queue import CaseQueue, Seat
from handoff.relay import LEASE_S, Relay
from handoff.room import has_room, held_by
from handoff.routing import Routing
from handoff.tables import cases

log = structlog.get_logger()

SWEEP_EVERY_S = 1.0
MEND_EVERY = 30
"""Sweeps between two comparisons of Redis with SQL."""
NOT_AGAIN_S = 60.0
"""An agent who declined or did not answer is not offered the same case for this long."""
BUSY_S = 15.0
"""A case whose customer is in another one is looked at again after this long."""
BOT_KEEPS = timedelta(hours=24)


class Dispatcher:
    """Matches cases and agents."""

    def __init__(
        self,
        database: Database,
        redis: Redis,
        queue: CaseQueue,
        relay: Relay,
        handling: Handling,
        routing: Routing,
        clock: Clock,
    ) -> None:
        self._database = database
        self._redis = redis
        self._queue = queue
        self._relay = relay
        self._handling = handling
        self._routing = routing
        self._clock = clock
        self._woken = asyncio.Event()
        self._excluded: dict[tuple[str, str], float] = {}
        self._sweeps = 0
        self._doubted = True
        self.degraded = False
        """Redis does not answer: cases come from SQL, oldest due first."""

    def wake(self) -> None:
        """Something may have changed: look at once."""
        self._woken.set()

    async def run(self) -> None:
        """Match at every wake-up, and once a second what time brings; runs until cancelled.

        Each has a task of its own: while many agents become free a match has no end, and to tell
        an emptied Redis everything takes long, but a call that rings in vain is not to wait.
        """
        steps = (
            self._listen(), self._match_always(), self._always(self.sweep), self._always(self.carry)
        )  # fmt: skip
        tasks = [asyncio.create_task(step) for step in steps]
        try:
            await asyncio.gather(*tasks)
        finally:
            await end(tasks)

    async def _match_always(self) -> None:
        while True:
            self._woken.clear()
            await self._attempt(self.match)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SWEEP_EVERY_S):
                    await self._woken.wait()

    async def _always(self, step: Callable[[], Awaitable[object]]) -> None:
        while True:
            await self._attempt(step)
            await asyncio.sleep(SWEEP_EVERY_S)

    async def _attempt(self, step: Callable[[], Awaitable[object]]) -> None:
        try:
            await step()
        except UnavailableError:
            log.warning("dispatcher.unavailable")
        except Exception:
            log.exception("dispatcher.failed")

    async def _listen(self) -> None:
        """Hear from other processes that a case has begun to wait."""
        while True:
            try:
                async for _route in self._redis.queue_wakes():
                    self.wake()
            except UnavailableError:
                self._doubted = True  # one that comes back may lack what it was told last
                await asyncio.sleep(0.5)

    async def match(self) -> int:
        """Offer waiting cases to agents who are free, the longest idle first; how many."""
        async with self._database.read() as connection:
            free = await agents.available(connection, self._clock.now())
        offered = 0
        for agent in free:
            while await self._offer_to(agent):
                offered += 1
        return offered

    async def _offer_to(self, agent: Agent) -> bool:
        seat = self._seat(agent)
        try:
            offer = await self._queue.offer(seat, ring_s=self._routing.ring_s("chat"))
            self.degraded = False
        except UnavailableError:
            self.degraded = True
            return await self._offer_from_sql(agent, seat)
        if offer is None:
            return False
        return await self._make_offer(offer.case_id, agent, offer.fence - 1)

    def _seat(self, agent: Agent) -> Seat:
        routes = self._routing.routes_of(agent.languages, agent.skills, agent.capacity)
        return Seat(agent.id, routes, agent.capacity)

    async def _make_offer(self, case_id: str, agent: Agent, fence: int | None) -> bool:
        try:
            await self._handling.offer(case_id, Actor(agent.id, agent.name), fence, agent.capacity)
        except (ConflictError, NotFoundError) as error:
            log.info("dispatcher.refused", case_id=case_id, why=error.code)
            await self._set_right(case_id, agent.id)
            return False
        return True

    async def _set_right(self, case_id: str, agent_id: str) -> None:
        """SQL said no to an offer of Redis: Redis is to be told how it is."""
        self._doubted = True  # it may be wrong about more than this case
        try:
            await self._queue.exclude(case_id, agent_id, BUSY_S)
            async with self._database.read() as connection:
                case = await store.find(connection, case_id)
            await self._queue.mend_one(case)
        except NotFoundError:
            await self._relay.mend()

    async def _offer_from_sql(self, agent: Agent, seat: Seat) -> bool:
        """Without Redis: the earliest due case that this agent may serve and has room for."""
        now = self._clock.now()
        async with self._database.read() as connection:
            holds = await held_by(connection, agent.id)
            rows = await connection.execute(
                select(cases).where(cases.c.state == CaseState.QUEUED)
                .order_by(cases.c.due_at, cases.c.id).limit(200)
            )  # fmt: skip
            waiting = [store.case_of(row) for row in rows]
        wall = now.timestamp()
        for case in waiting:
            if (
                case.call_id
                or case.route not in seat.routes
                or not has_room(case.channel, holds, agent.capacity)
            ):
                continue
            if self._excluded.get((case.id, agent.id), 0) > wall:
                continue
            if case.preferred_agent not in (None, agent.id) and (
                case.preferred_until and case.preferred_until > now
            ):
                continue
            if await self._make_offer_sql(case, agent):
                return True
        return False

    async def _make_offer_sql(self, case: Case, agent: Agent) -> bool:
        try:
            await self._handling.offer(
                case.id, Actor(agent.id, agent.name), case.fence, agent.capacity
            )
        except (ConflictError, NotFoundError):
            return False
        return True

    async def decline(self, case_id: str, agent: Actor, fence: int) -> Case:
        """The agent does not want it now; it is not offered to them again for a while."""
        # Before it is back in the line: else it may ring at once where it was declined.
        await self._not_again(case_id, agent.id)
        return await self._handling.decline(case_id, agent, fence)

    async def _not_again(self, case_id: str, agent_id: str) -> None:
        now = self._clock.now().timestamp()
        self._excluded = {k: until for k, until in self._excluded.items() if until > now}
        self._excluded[case_id, agent_id] = now + NOT_AGAIN_S
        try:
            await self._queue.exclude(case_id, agent_id, NOT_AGAIN_S)
        except UnavailableError:
            log.warning("queue.unreachable", case_id=case_id)

    async def sweep(self) -> None:
        """Everything that time brings: rings, leases, call-backs, wider routes."""
        steps = (
            self._sign_off, self._take_back, self._drop_dead_offers, self._wake_sleepers,
            self._widen, self._expire,
        )  # fmt: skip
        for step in steps:  # one that fails does not keep the others from being taken
            await self._attempt(step)

    async def carry(self) -> None:
        """What SQL knows and Redis lacks is carried over; whether they agree is looked at."""
        self._sweeps += 1
        await self._attempt(self._relay.drain)
        await self._attempt(self._mend)

    async def _expire(self) -> None:
        await self._handling.expire_bot_cases(BOT_KEEPS)

    async def _mend(self) -> None:
        """Compare Redis with SQL: now and then, and at once when it was away or emptied."""
        try:
            due = self._doubted or self._sweeps % MEND_EVERY == 1
            if due or not await self._queue.is_whole():
                if mended := await self._relay.mend():
                    log.warning("queue.mended", entries=mended)
                self._doubted = False
            self.degraded = False
        except UnavailableError:
            self._doubted = self.degraded = True

    async def _sign_off(self) -> None:
        """Who has not been heard of is no more there to be offered anything."""
        now = self._clock.now()
        async with self._database.write() as connection:
            await agents.sign_off_lost(connection, now - timedelta(seconds=LEASE_S), now)

    async def _drop_dead_offers(self) -> None:
        """An offer that Redis made and SQL never heard of: its process died in between."""
        try:
            for expired in await self._queue.expired():
                async with self._database.read() as connection:
                    case = await store.find(connection, expired.case_id)
                if case.fence != expired.fence or case.state not in WITH_AGENT:
                    await self._queue.mend_one(case)
        except UnavailableError:
            self.degraded = True
        except NotFoundError:
            await self._relay.mend()

    async def _take_back(self) -> None:
        # All at once: with a Redis that hangs each would wait for it after the other.
        await asyncio.gather(*(self._take_one(*one) for one in await self._overdue()))

    async def _take_one(self, case: Case, rang: bool) -> None:
        agent_id = case.agent_id or ""
        try:
            if rang:
                await self._not_again(case.id, agent_id)
                await self._handling.ring_out(case.id, agent_id, case.fence)
            else:
                await self._handling.lose(case.id, agent_id, case.fence)
        except (ConflictError, NotFoundError):
            log.info("dispatcher.overtaken", case_id=case.id)  # by the agent, or another process

    async def _overdue(self) -> list[tuple[Case, bool]]:
        """Cases with an agent whose time is over; whether it rang in vain."""
        now = self._clock.now()
        async with self._database.read() as connection:
            lost = await agents.lost(connection, now - timedelta(seconds=LEASE_S))
            rows = await connection.execute(
                select(cases).where(cases.c.state.in_(sorted(WITH_AGENT)))
            )
            found = []
            for case in map(store.case_of, rows):
                timed = case.state in (CaseState.OFFERED, CaseState.WRAP_UP)
                over = timed and case.lease_until is not None and case.lease_until <= now
                if over or case.agent_id in lost:
                    found.append((case, over and case.state == CaseState.OFFERED))
        return found

    async def _wake_sleepers(self) -> None:
        """Call-backs and left messages whose time has come."""
        for case in await self._due([CaseState.CALLBACK_SCHEDULED, CaseState.LEFT_MESSAGE]):
            if self._routing.is_open(case.skill, case.channel, self._clock.now()):
                await self._try(self._handling.wake, case.id)

    async def _widen(self) -> None:
        for case in await self._due([CaseState.QUEUED]):
            wider = self._routing.widened(case, self._clock.now())
            route, again = wider or (case.route, None)
            await self._try(
                lambda case_id, r=route, a=again: self._handling.reroute(  # type: ignore[misc]
                    case_id, SYSTEM, "widened", skill=r.skill, level=r.level, wake_at=a
                ),
                case.id,
            )

    async def _due(self, states: list[CaseState]) -> list[Case]:
        async with self._database.read() as connection:
            rows = await connection.execute(
                select(cases).where(cases.c.state.in_(states), cases.c.wake_at <= self._clock.now())
            )
            return [store.case_of(row) for row in rows]

    async def _try(self, step: Callable[[str], Awaitable[Case]], case_id: str) -> None:
        try:
            await step(case_id)
        except (ConflictError, NotFoundError):
            log.info("dispatcher.overtaken", case_id=case_id)
