"""What the queue should do, in plain Python, without Redis and without time.

A duration is either `OVER` (it has run out at once) or `LONG` (it does not run out in a test). What
Redis keeps in several indexes, the model derives from one table of records.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from handoff.case import WITH_AGENT, Case, CaseState
from handoff.queue import Expired, Offer, Seat

OVER, LONG = 0.0, 3600.0


@dataclass(frozen=True)
class Known:
    """What the queue knows of a case; the state `gone` is a tombstone."""

    rev: int
    state: str
    over: bool = False
    """Ring time, lease or life of the tombstone has run out."""
    fence: int = 0
    due_ms: int = 0
    route: str = ""
    channel: str = ""
    agent: str = ""
    prefer: str = ""

    @property
    def held(self) -> bool:
        return self.state not in ("queued", "gone")

    def same(self, other: "Known | None") -> bool:
        """Whether the queue would be told the same."""
        if other is None or "gone" in (self.state, other.state):
            return self.state == (other.state if other else "gone")
        return replace(self, over=False, prefer="") == replace(other, over=False, prefer="")


def known(case: Case, *, over: bool = False, preferred: bool = False) -> Known:
    """As the queue should know SQL's case."""
    with_agent = case.state in WITH_AGENT
    if not with_agent and case.state != CaseState.QUEUED:
        return Known(case.rev, "gone", over)
    return Known(
        rev=case.rev,
        state=str(case.state),
        over=over and with_agent,
        fence=case.fence,
        due_ms=round(case.due_at.timestamp() * 1000),
        route=str(case.route),
        channel=case.channel,
        agent=(case.agent_id or "") if with_agent else "",
        prefer=(case.preferred_agent or "") if preferred and not with_agent else "",
    )


class Model:
    """The same methods as `CaseQueue`."""

    def __init__(self) -> None:
        self.records: dict[str, Known] = {}
        self.excluded: set[tuple[str, str]] = set()

    def put(self, case: Case, hold_s: float, tombstone_s: float, preferred: bool) -> bool:
        dropped = [i for i, r in self.records.items() if r.state == "gone" and r.over]
        for case_id in dropped:
            del self.records[case_id]
        old = self.records.get(case.id)
        if old and old.rev >= case.rev:
            return old.rev == case.rev
        gone = known(case).state == "gone"
        over = (tombstone_s if gone else hold_s) == OVER
        self.records[case.id] = known(case, over=over, preferred=preferred)
        return True

    def offer(self, seat: Seat, ring_s: float) -> Offer | None:
        held = self.loads().get(seat.agent_id, {})
        routes = {str(route) for route in seat.routes}
        fitting = [
            (record.due_ms, case_id)
            for case_id, record in self.records.items()
            if record.state == "queued"
            and record.route in routes
            and record.prefer in ("", seat.agent_id)
            and (case_id, seat.agent_id) not in self.excluded
            and has_room(record.channel, held, seat.capacity)
        ]
        if not fitting:
            return None
        case_id = min(fitting)[1]
        old = self.records[case_id]
        self.records[case_id] = replace(
            old, state="offered", agent=seat.agent_id, fence=old.fence + 1, over=ring_s == OVER
        )
        return Offer(case_id, old.fence + 1)

    def heartbeat(self, agent_id: str, held: Mapping[str, int], lease_s: float) -> set[str]:
        lost = set()
        for case_id, fence in held.items():
            record = self.records.get(case_id)
            if not record or not record.held or (record.agent, record.fence) != (agent_id, fence):
                lost.add(case_id)
            elif record.state in ("active", "on_hold"):
                self.records[case_id] = replace(record, over=lease_s == OVER)
        return lost

    def exclude(self, case_id: str, agent_id: str, seconds: float) -> None:
        pair = (case_id, agent_id)
        self.excluded = self.excluded | {pair} if seconds == LONG else self.excluded - {pair}

    def expired(self) -> set[Expired]:
        return {
            Expired(
                case_id,
                record.fence,
                record.agent,
                "offer" if record.state == "offered" else "lease",
            )
            for case_id, record in self.records.items()
            if record.held and record.over
        }

    def waiting(self) -> list[str]:
        rows = [(r.due_ms, i) for i, r in self.records.items() if r.state == "queued"]
        return [case_id for _, case_id in sorted(rows)]

    def lines(self) -> dict[str, tuple[int, int]]:
        """Route -> how many wait, and the first one's due time."""
        due: dict[str, list[int]] = {}
        for record in self.records.values():
            if record.state == "queued":
                due.setdefault(record.route, []).append(record.due_ms)
        return {route: (len(times), min(times)) for route, times in due.items()}

    def loads(self) -> dict[str, dict[str, int]]:
        counts = Counter((r.agent, r.channel) for r in self.records.values() if r.held)
        found: dict[str, dict[str, int]] = {}
        for (agent, channel), count in counts.items():
            found.setdefault(agent, {})[channel] = count
        return found

    def mend_one(self, case: Case, preferred: bool) -> None:
        self.records[case.id] = known(case, preferred=preferred)

    def mend(
        self,
        cases: Iterable[Case],
        grace_s: float,
        preferred: bool,
        broken: frozenset[str] = frozenset(),
    ) -> int:
        """`broken`: cases whose indexes disagree with their record."""
        wanted = {str(case.id): known(case, preferred=preferred) for case in cases}
        wrong = 0
        for case_id in wanted.keys() | self.records.keys() | broken:
            old = self.records.get(case_id)
            right = wanted.get(case_id) or Known(old.rev if old else 0, "gone")
            if right.same(old) and case_id not in broken:
                continue
            ahead = old is not None and not right.same(old) and old.rev >= right.rev
            if ahead and grace_s == LONG:
                continue
            self.records[case_id] = right
            wrong += 1
        return wrong


def has_room(channel: str, held: Mapping[str, int], capacity: Mapping[str, int]) -> bool:
    if held.get("voice") or (channel == "voice" and sum(held.values())):
        return False
    return held.get(channel, 0) < capacity.get(channel, 0)
