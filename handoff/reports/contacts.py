"""A case's log, read as the contact that it was: queueings, offers, spells with agents.

Pure: the same log gives the same contact, whatever stands in the columns of `cases`.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from frontline.errors import ConflictError
from handoff.case import TALKING, WAITING, CaseState, Move, Route, after
from handoff.case_log import CaseEvent

MOVES = frozenset(Move)
READ = MOVES | {"first_reply", "legal_answered", "csat"}
"""The types of entries that are read here."""
ANSWERED_BY = "durable_medium"
ZERO = timedelta(0)


class BrokenLogError(ConflictError):
    """A log that no case can have had."""

    code = "broken_log"


class Stay(msgspec.Struct, frozen=True):
    """How long a case was in one state, without a break."""

    state: CaseState
    since: datetime
    until: datetime | None
    """None = it is still in it."""
    agent_id: str | None
    """With whom, if with an agent."""


class Offer(msgspec.Struct, frozen=True):
    """A case rang at an agent's desk."""

    agent_id: str
    at: datetime
    until: datetime | None
    end: Move | None
    """Accepted, declined, rang out, agent lost, abandoned, or transferred to another line."""


class Queueing(msgspec.Struct, frozen=True):
    """One time in the queue; an offer that came to nothing does not begin a new one."""

    cause: Move
    """Opened, queued (again, or its time has come), transferred, agent lost or reopened."""
    live: bool
    """The customer waited for it, there and then; for a call-back or a left message nobody does."""
    route: Route
    """The line it joined; it may have been widened since."""
    since: datetime
    until: datetime | None
    end: Move | None
    """Accepted, abandoned, call-back scheduled or message left."""
    agent_id: str | None
    """Who accepted it."""
    offers: tuple[Offer, ...]

    @property
    def wait_s(self) -> float | None:
        """Seconds in the queue; None while it lasts."""
        return (self.until - self.since).total_seconds() if self.until else None

    @property
    def counts(self) -> bool:
        """Whether it was a wait at all.

        A call-back agreed with the bot and a message left outside opening hours pass through the
        queue in the same moment.
        """
        passed = self.end in (Move.CALL_BACK, Move.LEAVE_MESSAGE)
        return not (passed and self.until == self.since)


class Spell(msgspec.Struct, frozen=True):
    """One agent's handling of a case, from accepting it to letting it go."""

    agent_id: str
    route: Route
    since: datetime
    until: datetime | None
    end: Move | None
    """Closed, transferred, returned, agent lost or call-back scheduled."""
    talk_s: float
    hold_s: float
    holds: int
    wrap_s: float | None
    """None = there was no wrap-up."""

    @property
    def handle_s(self) -> float:
        """Talk, hold and wrap-up together, up to now or to the last entry."""
        return self.talk_s + self.hold_s + (self.wrap_s or 0.0)


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to one case."""

    case_id: str
    conversation_id: str
    kind: str
    reason: str
    channel: str
    opened_at: datetime
    state: CaseState
    agent_id: str | None
    """Who holds it now."""
    stays: tuple[Stay, ...]
    """Every state it was in, one after the other."""
    queueings: tuple[Queueing, ...]
    spells: tuple[Spell, ...]
    closings: tuple[datetime, ...]
    reopenings: tuple[datetime, ...]
    answered_at: datetime | None
    """When an agent accepted it for the first time."""
    abandoned_at: datetime | None
    """When the customer gave up; None when it was reopened since."""
    closed_at: datetime | None
    """When it ended, closed or abandoned; None when it was reopened since."""
    first_reply_at: datetime | None
    csat: int | None
    csat_at: datetime | None
    legal_answered_at: datetime | None
    """When the claim was first answered on a durable medium."""

    @property
    def queued_at(self) -> datetime:
        """When it first joined the queue: as it was opened."""
        return self.opened_at

    @property
    def offers(self) -> list[Offer]:
        """All its offers, in order."""
        return [offer for queueing in self.queueings for offer in queueing.offers]

    @property
    def transfers(self) -> int:
        """How often one agent passed it on."""
        return sum(spell.end is Move.TRANSFER for spell in self.spells)

    @property
    def requeues(self) -> int:
        """How often it came back from an agent who did not take it, or vanished."""
        offers = sum(lapsed(offer) for offer in self.offers)
        return offers + sum(spell.end is Move.LOSE for spell in self.spells)

    @property
    def handle_s(self) -> dict[str, float]:
        """Seconds that each agent gave to it."""
        total: dict[str, float] = {}
        for spell in self.spells:
            total[spell.agent_id] = total.get(spell.agent_id, 0.0) + spell.handle_s
        return total

    def spent(self, until: datetime) -> dict[CaseState, timedelta]:
        """How long it was in each state up to `until`; together, as long as it exists."""
        total: dict[CaseState, timedelta] = {}
        for stay in self.stays:
            end = stay.until or max(until, stay.since)
            total[stay.state] = total.get(stay.state, ZERO) + (end - stay.since)
        return total


def lapsed(offer: Offer) -> bool:
    """Whether the agent let it pass: declined, did not answer, or vanished."""
    return offer.end in (Move.DECLINE, Move.RING_OUT, Move.LOSE)


def contact(events: Iterable[CaseEvent], now: datetime | None = None) -> Contact:
    """Read a case's log.

    Times that go back, because clocks of two machines differ, count as no time.

    Args:
        events: the whole log of one case, in order; entries of other types are passed over.
        now: up to when spells that go on are counted; None = the last entry.

    Raises:
        BrokenLogError: it is empty, or does not begin with the opening.
        IllegalTransitionError: a move that the table does not have.
    """
    reader: _Reader | None = None
    for event in events:
        if event.type == Move.OPEN:
            if reader is not None:
                raise BrokenLogError("a case is opened twice")
            reader = _Reader(event)
        elif reader is None:
            raise BrokenLogError("the log does not begin with the opening")
        elif event.type in MOVES:
            reader.move(Move(event.type), event)
        else:
            reader.note(event)
    if reader is None:
        raise BrokenLogError("the log is empty")
    return reader.contact(now)


class _Reader:
    """Walks along a log."""

    def __init__(self, opening: CaseEvent) -> None:
        self._opening = opening
        self._at = opening.at
        self._state = CaseState.QUEUED
        self._since = opening.at
        self._agent: str | None = None
        self._route = Route.parse(opening.data["route"])
        self._stays: list[Stay] = []
        self._queueings: list[Queueing] = []
        self._offers: list[Offer] = []
        self._spells: list[Spell] = []
        self._spell_route = self._route
        self._first_stay = 0
        self._closings: list[datetime] = []
        self._reopenings: list[datetime] = []
        self._facts: dict[str, Any] = {}
        self._enter_queue(Move.OPEN, live=bool(opening.data.get("waits", True)))

    def move(self, what: Move, event: CaseEvent) -> None:
        """Take one move."""
        came_from, goes_to = self._state, after(self._state, what)
        self._at = max(self._at, event.at)
        self._route = Route.parse(event.data["route"])
        if came_from is CaseState.OFFERED:
            self._end_offer(what)
        elif came_from in TALKING | {CaseState.WRAP_UP} and not _keeps(goes_to):
            self._end_spell(what)
        if what is Move.OFFER:
            self._agent = str(event.data["agent_id"])
        self._step(goes_to)
        if came_from in WAITING and goes_to not in WAITING:
            self._leave_queue(what)
        elif came_from not in WAITING and goes_to in WAITING:
            self._enter_queue(what, live=self._waits(what, came_from, event.actor))
        self._mark(what, event.at)

    def note(self, event: CaseEvent) -> None:
        """Take an entry that is no move; the first of each type counts."""
        if event.type == "csat":
            self._facts.setdefault("csat", int(event.data["score"]))
            self._facts.setdefault("csat_at", event.at)
        elif event.type == "first_reply":
            self._facts.setdefault("first_reply_at", event.at)
        elif event.type == "legal_answered" and event.data.get(ANSWERED_BY):
            self._facts.setdefault("legal_answered_at", event.at)

    def _waits(self, what: Move, came_from: CaseState, actor: str) -> bool:
        """Whether the customer waits who is put in the queue by this move."""
        if what in (Move.TRANSFER, Move.LOSE):
            return self._queueings[-1].live
        # The bot puts its own case back when the customer asks for a person again. An agent who
        # takes one from the list, and a call-back whose time has come, find nobody waiting.
        return what is Move.QUEUE and came_from is CaseState.BOT and actor in ("bot", "customer")

    def _mark(self, what: Move, at: datetime) -> None:
        if what is Move.ACCEPT:
            self._facts.setdefault("answered_at", at)
            self._first_stay, self._spell_route = len(self._stays), self._route
        elif what is Move.CLOSE:
            self._closings.append(at)
            self._facts["closed_at"] = at
        elif what is Move.ABANDON:
            self._facts["abandoned_at"] = self._facts["closed_at"] = at
        elif what is Move.REOPEN:
            self._reopenings.append(at)
            self._facts["abandoned_at"] = self._facts["closed_at"] = None

    def _step(self, goes_to: CaseState) -> None:
        """One stay ends, the next begins."""
        held = self._agent if self._state in TALKING | _OTHERS_WITH_AGENT else None
        self._stays.append(Stay(self._state, self._since, self._at, held))
        self._state, self._since = goes_to, self._at
        if goes_to not in TALKING | _OTHERS_WITH_AGENT:
            self._agent = None

    def _enter_queue(self, cause: Move, *, live: bool) -> None:
        self._queued = (cause, live, self._route, self._at)
        self._offers = []

    def _leave_queue(self, end: Move | None) -> None:
        cause, live, route, since = self._queued
        agent = self._agent if end is Move.ACCEPT else None
        until = self._at if end else None
        queueing = Queueing(cause, live, route, since, until, end, agent, tuple(self._offers))
        self._queueings.append(queueing)

    def _end_offer(self, end: Move | None) -> None:
        until = self._at if end else None
        self._offers.append(Offer(self._agent or "", self._since, until, end))

    def _end_spell(self, end: Move | None, now: datetime | None = None) -> None:
        last = Stay(self._state, self._since, now or self._at, self._agent)
        stays = [*self._stays[self._first_stay :], last]
        wraps = [_seconds(stay) for stay in stays if stay.state is CaseState.WRAP_UP]
        holds = [_seconds(stay) for stay in stays if stay.state is CaseState.ON_HOLD]
        talks = [_seconds(stay) for stay in stays if stay.state is CaseState.ACTIVE]
        self._spells.append(
            Spell(
                self._agent or "", self._spell_route, stays[0].since, self._at if end else None,
                end, sum(talks), sum(holds), len(holds), sum(wraps) if wraps else None,
            )
        )  # fmt: skip

    def contact(self, now: datetime | None) -> Contact:
        """What has been read."""
        holder = self._agent
        if self._state is CaseState.OFFERED:
            self._end_offer(None)
        elif holder is not None:
            self._end_spell(None, max(now or self._at, self._at))
        if self._state in WAITING:
            self._leave_queue(None)
        facts = dict.fromkeys(_FACTS) | self._facts
        data = self._opening.data
        return Contact(
            case_id=self._opening.case_id,
            conversation_id=data["conversation_id"],
            kind=data["kind"],
            reason=data["reason"],
            channel=data["channel"],
            opened_at=self._opening.at,
            state=self._state,
            agent_id=holder,
            stays=(*self._stays, Stay(self._state, self._since, None, holder)),
            queueings=tuple(self._queueings),
            spells=tuple(self._spells),
            closings=tuple(self._closings),
            reopenings=tuple(self._reopenings),
            **facts,
        )


_OTHERS_WITH_AGENT = {CaseState.OFFERED, CaseState.WRAP_UP}
_FACTS = (
    "answered_at", "abandoned_at", "closed_at", "first_reply_at", "csat", "csat_at",
    "legal_answered_at",
)  # fmt: skip


def _keeps(state: CaseState) -> bool:
    """Whether the agent goes on handling it there."""
    return state in TALKING or state is CaseState.WRAP_UP


def _seconds(stay: Stay) -> float:
    return ((stay.until or stay.since) - stay.since).total_seconds()
