"""The live queue in Redis: an index over the cases that SQL says are open.

SQL decides, Redis only finds: the earliest due case that an agent may have, in the time of a few
look-ups, and whose time has run out. Each method is one script of `lua/`, so it happens whole or
not at all; time is Redis' own, so clocks of machines that differ break no lease. Why:
docs/decisions/0009-queue-in-redis.md.

Keys, all under the hash tag `{q:<tenant>}` so that a Redis Cluster keeps them together:
    cases     hash, case id -> record: what SQL said last (`rev`), or a tombstone
    routes    set, routes in which a case waits
    r:<route> sorted set, case id -> due time in ms; earliest due is served first
    offers    sorted set, case id -> when it has rung long enough
    leases    sorted set, case id -> when its agent's sign of life is overdue
    loads     hash, agent|channel -> cases held
    excluded  sorted set, case|agent -> until when it is not offered to them
    tombs     sorted set, case id -> when its tombstone is dropped
    mended    string, there since the last `mend`: an emptied Redis does not have it
"""

from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Literal, cast

import msgspec
import structlog

from frontline.clock import Clock, SystemClock
from frontline.errors import UnavailableError
from frontline.redis import Redis, Script
from handoff.case import WITH_AGENT, Case, CaseState, Route

log = structlog.get_logger()

RING_S = 20.0
LEASE_S = 45.0
TOMBSTONE_S = 3600.0
"""So long a late `put` cannot revive a case that is over."""
GRACE_S = 5.0
"""An entry that somebody wrote just now may be ahead of what `mend` was told."""
CHANNELS = ("chat", "voice")
PBX = "pbx"
"""Stands for an agent: who waits in the PBX's queue is kept for it."""
LONG_S = 365 * 24 * 3600.0
GONE = "gone"
"""The state of a tombstone, and of every case that neither waits nor is held."""


class Seat(msgspec.Struct, frozen=True):
    """An agent who may be offered cases."""

    agent_id: str
    routes: tuple[Route, ...]
    capacity: dict[str, int]
    """Channel -> cases at once. Voice is exclusive: with a call nothing else, and no call while
    anything else is held."""


class Offer(msgspec.Struct, frozen=True):
    """A case that rings at an agent's desk, if SQL agrees."""

    case_id: str
    fence: int
    """As it will be after the offer: one more than SQL has now."""


class Expired(msgspec.Struct, frozen=True):
    """A case whose ring time or lease has run out."""

    case_id: str
    fence: int
    agent_id: str
    kind: Literal["offer", "lease"]


class Line(msgspec.Struct, frozen=True):
    """A route in which cases wait."""

    route: Route
    waiting: int
    first_due_ms: int
    """When the first is due, in ms since 1970."""


class Record(msgspec.Struct, frozen=True):
    """What Redis knows of a case."""

    rev: int
    state: str
    at: int
    """When it was written, in ms since 1970 by Redis' clock."""
    fence: int = 0
    due: float = 0
    route: str = ""
    channel: str = ""
    agent: str = ""
    prefer: str = ""
    prefer_until: float = 0


class Entry(msgspec.Struct, frozen=True):
    """What Redis is to know of a case."""

    case_id: str
    rev: int
    state: str
    fence: int = 0
    due_ms: int = 0
    route: str = ""
    channel: str = ""
    agent: str = ""
    prefer: str = ""
    prefer_ms: int = 0
    """For so long it is offered to nobody else."""

    def agrees(self, record: Record | None) -> bool:
        """Whether Redis knows it so already."""
        if self.state == GONE or record is None:
            return self.state == (record.state if record else GONE)
        return (self.rev, self.state, self.fence, self.due_ms, self.route, self.agent) == (
            *(record.rev, record.state, record.fence, record.due, record.route, record.agent),
        )


Place = tuple[str, str]
"""Where a case is found: in which key, and for a line its route."""


def _script(name: str) -> Script:
    return Script(files("handoff").joinpath("lua", f"{name}.lua").read_text("utf-8"))


PUT, OFFER, HEARTBEAT = _script("put"), _script("offer"), _script("heartbeat")
EXPIRED, EXCLUDE, LINES, RECOUNT = map(_script, ("expired", "exclude", "lines", "recount"))

REFUSED, DONE = 0, 1  # answers of put.lua


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _place(record: Record | None) -> set[Place]:
    """Where a case with this record has to be found, and nowhere else."""
    if record is None:
        return set()
    if record.state == CaseState.QUEUED:
        return {(f"line at {record.due:.0f}", record.route)}
    return {({GONE: "tombs", CaseState.OFFERED: "offers"}.get(record.state, "leases"), "")}


class CaseQueue:
    """Waiting and held cases. Every call may raise `UnavailableError`."""

    def __init__(
        self,
        redis: Redis,
        tenant: str = "main",
        *,
        clock: Clock | None = None,
        tombstone_s: float = TOMBSTONE_S,
    ) -> None:
        self._redis = redis
        self._tag = f"{{q:{tenant}}}:"
        self._clock = clock or SystemClock()
        self._tombstone_s = tombstone_s

    async def put(self, case: Case, *, hold_s: float | None = None) -> bool:
        """Make Redis agree with SQL's case.

        Idempotent. A queued case waits at the place that its due time gives it; an offered one
        rings; one with an agent has a lease; any other is forgotten but for a tombstone.

        Args:
            case: as SQL has it.
            hold_s: ring time or lease; None = the usual one.

        Returns:
            False when Redis has a newer `rev`, and nothing was changed.
        """
        code = await self._put(self._entry(case), "rev", hold_s=hold_s)
        if code == DONE:
            await self._wake(str(case.route))
        return code != REFUSED

    async def offer(self, seat: Seat, *, ring_s: float = RING_S) -> Offer | None:
        """Let the earliest due case that fits ring at the agent's desk; None = nothing fits.

        It is in one of the seat's routes, within the capacity, not excluded for this agent and not
        preferred for another. The offer counts when SQL has agreed to it and `put` it.
        """
        capacity = dict.fromkeys(CHANNELS, 0) | seat.capacity
        routes = [route for route in seat.routes if capacity.get(route.channel)]
        pairs = [part for channel, count in capacity.items() for part in (channel, count)]
        answer = await self._redis.run(
            OFFER,
            self._keys("cases", "routes", "offers", "excluded", "loads")
            + [self._line(str(route)) for route in routes],
            [seat.agent_id, _ms(ring_s), len(capacity), *pairs, *(r.channel for r in routes)],
        )
        return Offer(answer[0], int(answer[1])) if answer else None

    async def heartbeat(
        self, agent_id: str, held: Mapping[str, int], *, lease_s: float = LEASE_S
    ) -> set[str]:
        """Prolong the leases of an agent who is there.

        Args:
            agent_id: whose sign of life it is.
            held: case id -> fence under which the agent holds it.
            lease_s: from now on.

        Returns:
            Ids that are not (any more) this agent's under this fence, or not known: ask SQL.
        """
        pairs = [part for pair in held.items() for part in pair]
        if not pairs:
            return set()
        keys = self._keys("cases", "leases")
        return set(await self._redis.run(HEARTBEAT, keys, [agent_id, _ms(lease_s), *pairs]))

    async def exclude(self, case_id: str, agent_id: str, seconds: float) -> None:
        """The case is not offered to this agent for so long, and waits for the others."""
        pair = f"{case_id}|{agent_id}"
        await self._redis.run(EXCLUDE, self._keys("excluded"), [pair, _ms(seconds)])

    async def expired(self, limit: int = 100) -> list[Expired]:
        """Ring times and leases that have run out, at most `limit` of each.

        They stay until SQL has decided and the case is `put`, or mended.
        """
        keys = self._keys("cases", "offers", "leases")
        answer = await self._redis.run(EXPIRED, keys, [limit])
        rows = zip(answer[::4], answer[1::4], answer[2::4], answer[3::4], strict=True)
        return [Expired(name, int(fence), agent, kind) for name, fence, agent, kind in rows]

    async def waiting(self) -> list[str]:
        """Ids of all waiting cases, earliest due first."""
        found: dict[str, float] = {}
        for route in await self._routes():
            found |= await self._ranked(self._line(route))
        return sorted(found, key=lambda case_id: (found[case_id], case_id))

    async def lines(self) -> list[Line]:
        """The routes in which cases wait."""
        routes = await self._routes()
        if not routes:
            return []
        answer = await self._redis.run(LINES, [self._line(route) for route in routes], [])
        rows = zip(routes, answer[::2], answer[1::2], strict=True)
        return [
            Line(Route.parse(route), count, int(float(first)))
            for route, count, first in rows
            if count
        ]

    async def loads(self) -> dict[str, dict[str, int]]:
        """Agent -> channel -> cases held, ringing ones included."""
        async with self._redis.commands() as client:
            rows = cast(dict[str, str], await client.hgetall(self._key("loads")))
        found: dict[str, dict[str, int]] = {}
        for holder, count in rows.items():
            agent, _, channel = holder.rpartition("|")
            found.setdefault(agent, {})[channel] = int(count)
        return found

    async def mend_one(self, case: Case) -> bool:
        """Make Redis agree with SQL's case, whatever it knows; for an offer that SQL refused."""
        await self._put(self._entry(case), "always")
        await self._wake(str(case.route))
        return True

    async def is_whole(self) -> bool:
        """False when Redis was emptied, or is a new one, since the last `mend`."""
        async with self._redis.commands() as client:
            return bool(await client.exists(self._key("mended")))

    async def mend(self, open_cases: Iterable[Case], *, grace_s: float = GRACE_S) -> int:
        """Make Redis agree with SQL.

        Args:
            open_cases: all of them, as SQL had them a moment ago.
            grace_s: an entry that was written since and is ahead of them is left for next time.

        Returns:
            How many entries were wrong.
        """
        wanted = {str(case.id): self._entry(case) for case in open_cases}
        async with self._redis.commands() as client:  # first: who empties it later is found out
            await client.set(self._key("mended"), 1)
        raws, places = await self._look({entry.route for entry in wanted.values()})
        wrong = 0
        for case_id in sorted(wanted.keys() | raws.keys() | places.keys()):
            raw, seen = raws.get(case_id, ""), places.get(case_id, set())
            known = msgspec.json.decode(raw, type=Record) if raw else None
            right = wanted.get(case_id) or Entry(case_id, known.rev if known else 0, GONE)
            agrees = right.agrees(known)
            if agrees and seen == _place(known):
                continue
            ahead = not agrees and known is not None and known.rev >= right.rev
            grace_ms = _ms(grace_s) if ahead else 0
            elsewhere = [route for _, route in seen if route]
            if await self._put(right, "seen", raw, grace_ms, elsewhere=elsewhere) == DONE:
                wrong += 1
        keys = self._keys("cases", "offers", "leases", "loads")
        wrong += int(await self._redis.run(RECOUNT, keys, []))
        if wrong:
            await self._wake("")
        return wrong

    async def _put(
        self,
        entry: Entry,
        guard: Literal["rev", "seen", "always"],
        seen: str = "",
        grace_ms: int = 0,
        *,
        hold_s: float | None = None,
        elsewhere: Iterable[str] = (),
    ) -> int:
        """Run put.lua; again if the case waits in a route that was not declared."""
        if hold_s is None:
            hold_s = RING_S if entry.state == CaseState.OFFERED else LEASE_S
        routes = [entry.route, *elsewhere]
        args: list[str | int | float] = [entry.case_id, entry.rev, entry.state, entry.fence]
        args += [entry.due_ms, entry.route, entry.channel, entry.agent, _ms(hold_s)]
        args += [entry.prefer, entry.prefer_ms, _ms(self._tombstone_s), guard, seen, grace_ms]
        while True:
            code, *route = await self._redis.run(
                PUT,
                self._keys("cases", "routes", "offers", "leases", "loads", "tombs")
                + [self._line(route) for route in routes],
                [*args, *routes[1:]],
            )
            if not route:
                return int(code)
            routes += route

    def _entry(self, case: Case) -> Entry:
        waits = case.state == CaseState.QUEUED
        prefer, prefer_ms = case.preferred_agent or "", 0
        if waits and case.call_id:  # the PBX's queue says who answers: no desk is offered it
            prefer, prefer_ms = PBX, _ms(LONG_S)
        elif waits and case.preferred_agent and case.preferred_until:
            left = case.preferred_until - self._clock.now()
            prefer_ms = max(0, _ms(left.total_seconds()))
        return Entry(
            case_id=case.id,
            rev=case.rev,
            state=str(case.state) if waits or case.state in WITH_AGENT else GONE,
            fence=case.fence,
            due_ms=_ms(case.due_at.timestamp()),
            route=str(case.route),
            channel=case.channel,
            agent=(case.agent_id or "") if case.state in WITH_AGENT else "",
            prefer=prefer if prefer_ms else "",
            prefer_ms=prefer_ms,
        )

    async def _look(self, routes: set[str]) -> tuple[dict[str, str], dict[str, set[Place]]]:
        """Every record, and where every case is found."""
        places: dict[str, set[Place]] = {}
        async with self._redis.commands() as client:
            records = client.hscan_iter(self._key("cases"), count=500)
            raws = {case_id: raw async for case_id, raw in records}
        named = set(await self._routes())
        for route in sorted(named | routes):
            for case_id, due in (await self._ranked(self._line(route))).items():
                kind = f"line at {due:.0f}" if route in named else "line that is not named"
                places.setdefault(case_id, set()).add((kind, route))
        for name in ("offers", "leases", "tombs"):
            for case_id in await self._ranked(self._key(name)):
                places.setdefault(case_id, set()).add((name, ""))
        return raws, places

    async def _routes(self) -> list[str]:
        async with self._redis.commands() as client:
            return sorted(cast(set[str], await client.smembers(self._key("routes"))))

    async def _ranked(self, key: str) -> dict[str, float]:
        async with self._redis.commands() as client:
            rows = await client.zrange(key, 0, -1, withscores=True)
        return dict(cast(list[tuple[str, float]], rows))

    async def _wake(self, route: str) -> None:
        try:
            await self._redis.wake_queue(route)
        except UnavailableError:
            log.warning("queue.wake_lost", route=route)  # the dispatcher looks every second anyway

    def _key(self, name: str) -> str:
        return self._tag + name

    def _keys(self, *names: str) -> list[str]:
        return [self._tag + name for name in names]

    def _line(self, route: str) -> str:
        return f"{self._tag}r:{route}"
