"""The scripts on a real Redis do what the model does, whatever happens in whatever order.

The long run, whose result is in docs/decisions/0009-queue-in-redis.md:
    FRONTLINE_QUEUE_RUNS=1300 FRONTLINE_QUEUE_STEPS=110 \\
        python -m pytest tests/handoff/queue/test_model.py -s --timeout 7200
"""

import asyncio
import os
from collections.abc import Coroutine, Iterator
from datetime import timedelta
from typing import Any, ClassVar, TypeVar, cast

import msgspec
import pytest
import redis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from frontline.clock import ManualClock
from frontline.ids import new_id
from frontline.redis import Redis
from handoff.case import OPEN, Case, CaseState, Route
from handoff.queue import CaseQueue, Seat
from tests.common.redis_servers import RedisCluster, RedisWithSentinels, Servers
from tests.handoff.queue.made import NOW, made
from tests.handoff.queue.model import LONG, OVER, Model

RUNS = int(os.environ.get("FRONTLINE_QUEUE_RUNS", "60"))
STEPS = int(os.environ.get("FRONTLINE_QUEUE_STEPS", "60"))

ROUTES = [
    Route(language, skill, channel, 1)
    for language in ("pl", "en")
    for skill in ("general", "complaints")
    for channel in ("chat", "voice")
]
AGENTS = ["ania", "bartek", "celina"]
NUMBERS = st.integers(0, 7)
"""Of the cases."""
agents = st.sampled_from(AGENTS)
durations = st.sampled_from([OVER, LONG])
# The states that matter most come most often.
states = st.sampled_from([CaseState.QUEUED] * 6 + [CaseState.ACTIVE] * 3 + list(CaseState))

Dump = dict[str, Any]
T = TypeVar("T")


class Comparison(RuleBasedStateMachine):
    """The queue and its model side by side; SQL is a list of all that each case has been."""

    servers: ClassVar[Servers]
    lengths: ClassVar[list[int]] = []
    """Steps of each run; Hypothesis ends a few early."""

    @initialize()
    def begin(self) -> None:
        self.lengths.append(0)
        self.loop = asyncio.new_event_loop()
        self.redis = Redis(self.servers.url)
        self.tenant = new_id()
        self.clock = ManualClock(NOW)
        self.queues = {
            life: CaseQueue(self.redis, self.tenant, clock=self.clock, tombstone_s=life)
            for life in (OVER, LONG)
        }
        self.queue = self.queues[LONG]
        self.model = Model()
        self.preferring = True
        self.direct = client_of_tag(self.servers, f"{{q:{self.tenant}}}")
        self.sql = [[made(number % 3, id=new_id())] for number in range(8)]

    def do(self, call: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(call)

    def teardown(self) -> None:
        if hasattr(self, "loop"):
            self.do(self.redis.close())
            self.loop.close()
            self.direct.close()

    # What SQL decides

    @rule(
        number=NUMBERS,
        state=states,
        route=st.sampled_from(ROUTES),
        agent=agents,
        due_s=st.integers(0, 3),
        handed_on=st.booleans(),
        prefer=st.none() | agents,
        told=st.booleans(),
        hold_s=durations,
        life=durations,
    )
    def change(
        self,
        number: int,
        state: CaseState,
        route: Route,
        agent: str,
        due_s: int,
        handed_on: bool,
        prefer: str | None,
        told: bool,
        hold_s: float,
        life: float,
    ) -> None:
        """Any change at all: the table of moves is not the queue's business."""
        old = self.sql[number][-1]
        new = msgspec.structs.replace(
            old,
            rev=old.rev + 1,
            state=state,
            language=route.language,
            skill=route.skill,
            channel=route.channel,
            agent_id=agent,
            fence=old.fence + handed_on,
            due_at=NOW + timedelta(seconds=due_s),
            preferred_agent=prefer,
            preferred_until=NOW + timedelta(seconds=LONG) if prefer else None,
        )
        self.sql[number].append(new)
        if told:
            self.tell(new, hold_s, life)

    def tell(self, case: Case, hold_s: float, life: float) -> None:
        done = self.do(self.queues[life].put(case, hold_s=hold_s))
        assert done == self.model.put(case, hold_s, life, self.preferring)

    @rule(number=NUMBERS, back=st.integers(1, 3), hold_s=durations, life=durations)
    def tell_again(self, number: int, back: int, hold_s: float, life: float) -> None:
        """Or late: an outbox may carry over what is past."""
        known = self.sql[number]
        self.tell(known[max(0, len(known) - back)], hold_s, life)

    @rule(later=st.booleans())
    def nobody_is_preferred_any_more(self, later: bool) -> None:
        """Cases told from now on."""
        if later and self.preferring:
            self.preferring = False
            self.clock.advance(LONG)

    # What agents do

    @rule(
        agent=agents,
        routes=st.lists(st.sampled_from(ROUTES), min_size=1, max_size=8, unique=True),
        chat=st.integers(0, 3),
        voice=st.integers(0, 1),
        ring_s=durations,
        agreed=st.booleans(),
    )
    def offer(
        self, agent: str, routes: list[Route], chat: int, voice: int, ring_s: float, agreed: bool
    ) -> None:
        seat = Seat(agent, tuple(routes), {"chat": chat, "voice": voice})
        offer = self.do(self.queue.offer(seat, ring_s=ring_s))
        assert offer == self.model.offer(seat, ring_s)
        if offer and agreed:
            known = next(known for known in self.sql if known[0].id == offer.case_id)
            known.append(
                msgspec.structs.replace(
                    known[-1],
                    rev=known[-1].rev + 1,
                    state=CaseState.OFFERED,
                    agent_id=agent,
                    fence=offer.fence,
                )
            )
            self.tell(known[-1], ring_s, LONG)

    @rule(agent=agents, behind=st.lists(st.integers(0, 2), min_size=8, max_size=8), s=durations)
    def heartbeat(self, agent: str, behind: list[int], s: float) -> None:
        held = {
            str(known[-1].id): known[-1].fence - less
            for known, less in zip(self.sql, behind, strict=True)
            if known[-1].agent_id == agent
        }
        lost = self.do(self.queue.heartbeat(agent, held, lease_s=s))
        assert lost == self.model.heartbeat(agent, held, s)

    @rule(number=NUMBERS, agent=agents, seconds=durations)
    def exclude(self, number: int, agent: str, seconds: float) -> None:
        case_id = self.sql[number][0].id
        self.do(self.queue.exclude(case_id, agent, seconds))
        self.model.exclude(case_id, agent, seconds)

    # What goes wrong, and is mended

    @rule(number=NUMBERS)
    def mend_one(self, number: int) -> None:
        case = self.sql[number][-1]
        self.do(self.queue.mend_one(case))
        self.model.mend_one(case, self.preferring)

    @rule(grace_s=durations, unseen=st.none() | NUMBERS)
    def mend(self, grace_s: float, unseen: int | None) -> None:
        """`unseen`: a case that is newer than what was read from SQL."""
        cases = self.open_cases(unseen)
        wrong = self.do(self.queue.mend(cases, grace_s=grace_s))
        assert wrong == self.model.mend(cases, grace_s, self.preferring)

    def open_cases(self, unseen: int | None = None) -> list[Case]:
        newest = [known[-1] for number, known in enumerate(self.sql) if number != unseen]
        return [case for case in newest if case.state in OPEN]

    @rule(lost=st.booleans())
    def wipe(self, lost: bool) -> None:
        if lost:
            names = list(self.direct.scan_iter(f"{{q:{self.tenant}}}:*", count=1000))
            if names:
                self.direct.delete(*names)
            self.model = Model()

    @rule(
        number=NUMBERS,
        damage=st.sampled_from(["line", "offers", "leases", "tombs", "record", "loads", "routes"]),
        added=st.booleans(),
    )
    def damage_and_mend(self, number: int, damage: str, added: bool) -> None:
        """Somebody's hand in Redis: an entry too few or too many."""
        case_id = str(self.sql[number][0].id)
        before, tag = self.dump(), f"{{q:{self.tenant}}}:"
        if damage == "record":
            self.direct.hdel(tag + "cases", case_id)
            self.model.records.pop(case_id, None)
        elif damage == "loads":
            self.direct.hincrby(tag + "loads", "ania|chat", 1 if added else -1)
        elif damage == "routes":
            self.direct.srem(tag + "routes", *map(str, ROUTES))
        else:
            line = damage == "line"
            key = tag + (f"r:{ROUTES[number]}" if line else damage)
            if not added:
                self.direct.zrem(key, case_id)
            elif line:
                self.direct.zadd(key, {case_id: 1})
                self.direct.sadd(tag + "routes", str(ROUTES[number]))
            else:
                self.direct.zadd(key, {case_id: 1}, nx=True)
        cases = self.open_cases()
        broken = self.broken(before, self.dump())
        assert self.do(self.queue.mend(cases, grace_s=OVER)) >= len(broken)
        self.model.mend(cases, OVER, self.preferring, frozenset(broken))

    def broken(self, before: Dump, after: Dump) -> set[str]:
        """Cases that are not where their records say."""
        changed = before["records"].keys() - after["records"].keys()
        for name in ("offers", "leases", "tombs"):
            changed |= before[name].keys() ^ after[name].keys()
        for route in map(str, ROUTES):
            was, now = before["lines"][route], after["lines"][route]
            changed |= {case_id for case_id, _ in was.items() ^ now.items()}
            if now and route not in after["routes"]:
                changed |= now.keys()
        return changed

    # What must be true

    @rule()
    def readers(self) -> None:
        assert self.do(self.queue.waiting()) == self.model.waiting()
        assert self.do(self.queue.loads()) == self.model.loads()
        assert set(self.do(self.queue.expired())) == self.model.expired()
        lines = {
            str(line.route): (line.waiting, line.first_due_ms)
            for line in self.do(self.queue.lines())
        }
        assert lines == self.model.lines()

    @invariant()
    def same(self) -> None:
        self.lengths[-1] += 1
        dump = self.dump()
        for case_id, record in self.model.records.items():
            raw = dump["records"][case_id]
            assert (raw["rev"], raw["state"]) == (record.rev, record.state)
            if record.state != "gone":
                assert (raw["fence"], raw["due"], raw["route"]) == (
                    *(record.fence, record.due_ms, record.route),
                )
                assert (raw["channel"], raw["agent"]) == (record.channel, record.agent)
        assert dump["records"].keys() == self.model.records.keys()
        by_place: dict[str, dict[str, Any]] = {n: {} for n in ("offers", "leases", "tombs")}
        lines: dict[str, dict[str, float]] = {str(route): {} for route in ROUTES}
        for case_id, record in self.model.records.items():
            if record.state == "queued":
                lines[record.route][case_id] = record.due_ms
            else:
                place = {"gone": "tombs", "offered": "offers"}.get(record.state, "leases")
                by_place[place][case_id] = record.over
        assert dump["lines"] == lines
        assert dump["routes"] == {route for route, line in lines.items() if line}
        for name, right in by_place.items():
            found = {case_id: until <= dump["now"] for case_id, until in dump[name].items()}
            assert found == right, name
        assert dump["loads"] == {
            f"{agent}|{channel}": count
            for agent, load in self.model.loads().items()
            for channel, count in load.items()
        }

    def dump(self) -> Dump:
        tag = f"{{q:{self.tenant}}}:"
        pipe = self.direct.pipeline(transaction=False)
        pipe.hgetall(tag + "cases").smembers(tag + "routes").hgetall(tag + "loads")
        for name in ("offers", "leases", "tombs", *(f"r:{route}" for route in ROUTES)):
            pipe.zrange(tag + name, 0, -1, withscores=True)
        pipe.time()
        cases, routes, loads, *ranked, (seconds, micros) = pipe.execute()
        return {
            "records": {case_id: msgspec.json.decode(raw) for case_id, raw in cases.items()},
            "routes": routes,
            "loads": {holder: int(count) for holder, count in loads.items()},
            **dict(zip(("offers", "leases", "tombs"), map(dict, ranked), strict=False)),
            "lines": dict(zip(map(str, ROUTES), map(dict, ranked[3:]), strict=True)),
            "now": seconds * 1000 + micros / 1000,
        }


def client_of_tag(servers: Servers, tag: str) -> "redis.Redis":
    """A connection to the node that has these keys."""
    if isinstance(servers, RedisWithSentinels):
        return servers.replica.client
    if isinstance(servers, RedisCluster):
        slot = cast(int, servers.nodes[0].client.execute_command("CLUSTER KEYSLOT", tag))
        return servers.node_of(slot).client
    return servers.nodes[0].client


@pytest.fixture(autouse=True)
def _counted() -> Iterator[None]:
    Comparison.lengths.clear()
    yield
    lengths = Comparison.lengths
    long = sum(length >= 100 for length in lengths)
    print(f"{len(lengths)} runs, {long} of at least 100 steps, {sum(lengths)} steps")  # noqa: T201


def test_scripts_and_model_never_differ(servers: Servers) -> None:
    Comparison.servers = servers
    run_state_machine_as_test(
        Comparison,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert len(Comparison.lengths) >= RUNS
