"""From what happened to what is counted: one sample for each thing that a key figure counts.

Pure: rows in, samples out. What counts and when it counts is said in `kpis.yml`.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

import msgspec

from frontline.clock import LOCAL_ZONE, local
from handoff.case import Kind, Move, Route
from handoff.reports.contacts import Contact, Offer, Queueing, Spell, lapsed
from handoff.reports.definitions import Options, small_talk
from handoff.reports.occupancy import Presence, shared_seconds, worked
from handoff.reports.sessions import FALLBACK, Session

Business = Callable[[Route, datetime, datetime], timedelta]
"""Opening time of a route's queue between two moments."""


class LegalClock(msgspec.Struct, frozen=True):
    """A case with a statutory last day."""

    case_id: str
    kind: str
    route: Route
    reason: str
    due: date
    answered_at: datetime | None
    """When it was answered on a durable medium, by the log."""


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What a report is made from; `since` belongs to the interval, `until` does not."""

    since: datetime
    until: datetime
    now: datetime
    contacts: list[Contact] = []
    sessions: list[Session] = []
    presence: list[Presence] = []
    legal: list[LegalClock] = []
    business: Business | None = None

    def has(self, moment: datetime | None) -> bool:
        """Whether a moment is in the interval."""
        return moment is not None and self.since <= moment < self.until


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is counted: `part` of `whole`."""

    at: datetime
    part: float
    whole: float = 1.0
    case_ids: tuple[str, ...] = ()
    conversation_id: str | None = None
    skill: str = ""
    channel: str = ""
    agent: str = ""
    reason: str = ""

    def key(self, group_by: str) -> str:
        """The group it belongs to; empty = none."""
        if group_by == "day":
            return local(self.at).date().isoformat()
        return str(getattr(self, group_by))


Sampler = Callable[[Facts, Options], Iterator[Sample]]


# --- The queue, by the moment of joining.
Judge = Callable[[Contact, Queueing, Options], bool | None]
"""Whether a queueing is counted; None = it is no part of the basis."""


def _of_queueing(contact: Contact, queueing: Queueing, part: float) -> Sample:
    return Sample(
        at=queueing.since, part=part, case_ids=(contact.case_id,), skill=queueing.route.skill,
        channel=contact.channel, agent=queueing.agent_id or "", reason=contact.reason,
    )  # fmt: skip


def _waited(contact: Contact) -> Iterator[Queueing]:
    return (queueing for queueing in contact.queueings if queueing.live and queueing.counts)


def _queued(facts: Facts) -> Iterator[tuple[Contact, Queueing]]:
    for contact in facts.contacts:
        for queueing in _waited(contact):
            if facts.has(queueing.since):
                yield contact, queueing


def _queueings(judge: Judge) -> Sampler:
    def sampler(facts: Facts, options: Options) -> Iterator[Sample]:
        for contact, queueing in _queued(facts):
            counted = judge(contact, queueing, options)
            if counted is not None:
                yield _of_queueing(contact, queueing, float(counted))

    return sampler


def _in_time(contact: Contact, queueing: Queueing, options: Options) -> bool:
    return queueing.wait_s is not None and queueing.wait_s <= options.target_s(contact.channel)


def _answered_in_time(contact: Contact, queueing: Queueing, options: Options) -> bool:
    return queueing.end is Move.ACCEPT and _in_time(contact, queueing, options)


def _is_short(queueing: Queueing, options: Options) -> bool:
    return queueing.end is Move.ABANDON and (queueing.wait_s or 0.0) <= options.short_s


def _service_b(contact: Contact, queueing: Queueing, options: Options) -> bool | None:
    if queueing.end not in (Move.ACCEPT, Move.ABANDON) or _is_short(queueing, options):
        return None
    return _answered_in_time(contact, queueing, options)


def _service_ac(contact: Contact, queueing: Queueing, options: Options) -> bool:
    ends = (Move.ACCEPT, Move.ABANDON, Move.CALL_BACK)
    return queueing.end in ends and _in_time(contact, queueing, options)


def _long_abandon(_contact: Contact, queueing: Queueing, options: Options) -> bool | None:
    if queueing.end not in (Move.ACCEPT, Move.ABANDON) or _is_short(queueing, options):
        return None
    return queueing.end is Move.ABANDON


def _asa(facts: Facts, _options: Options) -> Iterator[Sample]:
    for contact, queueing in _queued(facts):
        if queueing.end is Move.ACCEPT:
            yield _of_queueing(contact, queueing, queueing.wait_s or 0.0)


def _requests(facts: Facts, _options: Options) -> Iterator[Sample]:
    for contact in facts.contacts:
        if facts.has(contact.opened_at) and not any(_waited(contact)):
            yield _of_queueing(contact, contact.queueings[0], 1.0)


# --- Offers, by the moment of the offer.
def _offers(facts: Facts) -> Iterator[tuple[Contact, Queueing, Offer]]:
    for contact in facts.contacts:
        for queueing in contact.queueings:
            for offer in queueing.offers:
                if facts.has(offer.at):
                    yield contact, queueing, offer


def _of_offer(contact: Contact, queueing: Queueing, offer: Offer, counted: bool) -> Sample:
    sample = _of_queueing(contact, queueing, float(counted))
    return msgspec.structs.replace(sample, at=offer.at, agent=offer.agent_id)


def _non_response(facts: Facts, _options: Options) -> Iterator[Sample]:
    for contact, queueing, offer in _offers(facts):
        yield _of_offer(contact, queueing, offer, lapsed(offer))


def _requeued(facts: Facts, _options: Options) -> Iterator[Sample]:
    for contact, queueing, offer in _offers(facts):
        lost = any(
            spell.end is Move.LOSE and spell.since == offer.until
            for spell in contact.spells
            if offer.end is Move.ACCEPT
        )
        yield _of_offer(contact, queueing, offer, lost or lapsed(offer))


# --- Handling, by its end.
def _spells(facts: Facts) -> Iterator[tuple[Contact, Spell]]:
    for contact in facts.contacts:
        for spell in contact.spells:
            if facts.has(spell.until):
                yield contact, spell


def _of_spell(contact: Contact, spell: Spell, at: datetime, part: float) -> Sample:
    return Sample(
        at=at, part=part, case_ids=(contact.case_id,), skill=spell.route.skill,
        channel=contact.channel, agent=spell.agent_id, reason=contact.reason,
    )  # fmt: skip


def _handling(seconds: Callable[[Spell], float | None]) -> Sampler:
    def sampler(facts: Facts, _options: Options) -> Iterator[Sample]:
        for contact, spell in _spells(facts):
            took = seconds(spell)
            if took is not None:
                yield _of_spell(contact, spell, spell.until or spell.since, took)

    return sampler


def _shared(facts: Facts, _options: Options) -> Iterator[Sample]:
    spells = [(contact, spell) for contact in facts.contacts for spell in contact.spells]
    took = shared_seconds([spell for _, spell in spells], facts.now)
    for (contact, spell), seconds in zip(spells, took, strict=True):
        if spell.until and facts.has(spell.until):
            yield _of_spell(contact, spell, spell.until, seconds)


def _transferred(facts: Facts, _options: Options) -> Iterator[Sample]:
    for contact in facts.contacts:
        first = next((spell for spell in contact.spells if spell.until), None)
        if first and first.until and facts.has(first.until):
            yield _of_spell(contact, first, first.until, float(contact.transfers > 0))


# --- What came of it.
def _of_contact(contact: Contact, at: datetime, part: float) -> Sample:
    """With the agent who had it last before that."""
    spells = [spell for spell in contact.spells if spell.since <= at]
    if spells:
        return _of_spell(contact, spells[-1], at, part)
    sample = _of_queueing(contact, contact.queueings[0], part)
    return msgspec.structs.replace(sample, at=at, agent="")


def _fcr(facts: Facts, options: Options) -> Iterator[Sample]:
    window = timedelta(days=options.days)
    begun: dict[str, list[datetime]] = {}
    for contact in facts.contacts:
        moments = begun.setdefault(contact.conversation_id, [])
        moments += [contact.opened_at, *contact.reopenings]
    for moments in begun.values():
        moments.sort()
    for contact in facts.contacts:
        moments = begun[contact.conversation_id]
        for closing in filter(facts.has, contact.closings):
            if closing + window <= facts.now:
                n = bisect_right(moments, closing)
                back = n < len(moments) and moments[n] <= closing + window
                yield _of_contact(contact, closing, float(not back))


def _csat(facts: Facts, _options: Options) -> Iterator[Sample]:
    for contact in facts.contacts:
        if contact.csat is not None and contact.csat_at and facts.has(contact.csat_at):
            yield _of_contact(contact, contact.csat_at, float(contact.csat >= 4))


def _rated(facts: Facts, _options: Options) -> Iterator[Sample]:
    for contact in facts.contacts:
        for spell in contact.spells:
            if spell.until and facts.has(spell.until) and spell.end in (Move.CLOSE, Move.RETURN):
                yield _of_spell(contact, spell, spell.until, float(contact.csat is not None))
                break


def _time_to(moment_of: Callable[[Contact, Facts], datetime | None], business: bool) -> Sampler:
    def sampler(facts: Facts, _options: Options) -> Iterator[Sample]:
        if business and facts.business is None:
            return
        for contact in facts.contacts:
            moment = moment_of(contact, facts)
            if moment is None or not facts.has(moment):
                continue
            took = moment - contact.opened_at
            if business and facts.business:
                took = facts.business(contact.queueings[0].route, contact.opened_at, moment)
            yield _of_contact(contact, moment, max(took.total_seconds(), 0.0))

    return sampler


def _replied(contact: Contact, _facts: Facts) -> datetime | None:
    return contact.first_reply_at


def _closed(contact: Contact, facts: Facts) -> datetime | None:
    return max(filter(facts.has, contact.closings), default=None)


def _legal(facts: Facts, _options: Options) -> Iterator[Sample]:
    today = local(facts.now).date()
    for clock in facts.legal:
        at = datetime.combine(clock.due, time(), LOCAL_ZONE)
        undecided = clock.answered_at is None and clock.due >= today
        if clock.kind != Kind.COMPLAINT or undecided or not facts.has(at):
            continue
        answer = local(clock.answered_at).date() if clock.answered_at else None
        yield Sample(
            at=at, part=float(answer is not None and answer <= clock.due),
            case_ids=(clock.case_id,), skill=clock.route.skill, channel=clock.route.channel,
            reason=clock.reason,
        )  # fmt: skip


def _occupancy(facts: Facts, _options: Options) -> Iterator[Sample]:
    until = min(facts.until, facts.now)
    held: dict[str, list[tuple[str, Spell]]] = {}
    rang: dict[str, list[Offer]] = {}
    for contact in facts.contacts:
        for spell in contact.spells:
            held.setdefault(spell.agent_id, []).append((contact.case_id, spell))
        for offer in contact.offers:
            rang.setdefault(offer.agent_id, []).append(offer)
    for agent in sorted({change.agent_id for change in facts.presence} | set(held)):
        changes = [change for change in facts.presence if change.agent_id == agent]
        for day in worked(changes, held.get(agent, []), rang.get(agent, []), facts.since, until):
            yield Sample(
                at=day.since, part=day.handle_s, whole=day.handle_s + day.idle_s,
                case_ids=day.case_ids, agent=agent,
            )  # fmt: skip


# --- The bot, by the beginning of the session.
def _sessions(judge: Callable[[Session, timedelta], bool], wait: bool) -> Sampler:
    def sampler(facts: Facts, options: Options) -> Iterator[Sample]:
        window = timedelta(hours=options.hours)
        for session in facts.sessions:
            young = wait and session.last + window > facts.now
            if facts.has(session.since) and not young:
                yield _of_session(session, float(judge(session, window)))

    return sampler


def _of_session(session: Session, part: float) -> Sample:
    return Sample(
        at=session.since, part=part, conversation_id=session.conversation_id,
        case_ids=tuple(handoff.case_id for handoff in session.handoffs), channel=session.channel,
        reason=session.handoffs[0].reason if session.handoffs else "",
    )  # fmt: skip


def _fallback(facts: Facts, _options: Options) -> Iterator[Sample]:
    for session in facts.sessions:
        for turn in session.asked:
            if turn.intent is not None and facts.has(turn.at):
                sample = _of_session(session, float(turn.intent == FALLBACK))
                yield msgspec.structs.replace(sample, at=turn.at)


def _deflected(session: Session, window: timedelta) -> bool:
    return session.contained(window) and session.concerns(small_talk())


SAMPLERS: dict[str, Sampler] = {
    "queued": _queueings(lambda *_: True),
    "requests": _requests,
    "answered": _queueings(lambda _, queueing, __: queueing.end is Move.ACCEPT),
    "service_level": _queueings(_service_b),
    "service_level_a": _queueings(_answered_in_time),
    "service_level_ac": _queueings(_service_ac),
    "short_abandons": _queueings(lambda _, queueing, options: _is_short(queueing, options)),
    "asa": _asa,
    "abandon_rate": _queueings(lambda _, queueing, __: queueing.end is Move.ABANDON),
    "abandon_rate_long": _queueings(_long_abandon),
    "aht": _handling(lambda spell: spell.handle_s),
    "aht_shared": _shared,
    "acw": _handling(lambda spell: spell.wrap_s),
    "hold": _handling(lambda spell: spell.hold_s if spell.holds else None),
    "occupancy": _occupancy,
    "non_response": _non_response,
    "requeue_rate": _requeued,
    "transfer_rate": _transferred,
    "fcr": _fcr,
    "containment": _sessions(Session.contained, wait=True),
    "abandoned_in_bot": _sessions(lambda session, _: session.gave_up, wait=True),
    "deflection": _sessions(_deflected, wait=True),
    "handoff_rate": _sessions(lambda session, _: bool(session.handoffs), wait=False),
    "fallback_rate": _fallback,
    "fallback_sessions": _sessions(
        lambda session, _: sum(turn.failed for turn in session.asked) > 1, wait=False
    ),
    "csat": _csat,
    "csat_response": _rated,
    "first_reply": _time_to(_replied, business=False),
    "first_reply_business": _time_to(_replied, business=True),
    "resolution": _time_to(_closed, business=False),
    "resolution_business": _time_to(_closed, business=True),
    "legal_on_time": _legal,
}
"""How each key figure of `kpis.yml` is sampled."""
