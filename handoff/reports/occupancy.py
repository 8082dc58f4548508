"""How agents' time was spent: handling, idle, and shared between cases held at once."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Protocol

import msgspec

from frontline.clock import LOCAL_ZONE, local
from handoff.reports.contacts import Offer, Spell

Span = tuple[datetime, datetime]


class Presence(msgspec.Struct, frozen=True):
    """An agent's presence from a moment on."""

    agent_id: str
    presence: str
    at: datetime


class Worked(msgspec.Struct, frozen=True):
    """One agent's local day, or the part of it that was asked for."""

    since: datetime
    handle_s: float
    idle_s: float
    case_ids: tuple[str, ...]


class _Lasting(Protocol):
    @property
    def until(self) -> datetime | None: ...


def worked(
    presence: Sequence[Presence],
    held: Sequence[tuple[str, Spell]],
    rang: Sequence[Offer],
    since: datetime,
    until: datetime,
) -> Iterator[Worked]:
    """Days of one agent on which there was anything to count.

    Args:
        presence: changes in order; the first may lie before `since`.
        held: case ids and the handling of them.
        rang: offers at the agent's desk.
        since: beginning of the interval.
        until: end of the interval, not later than now.
    """
    for begin, end in local_days(since, until):
        busy = united(clipped(((s.since, _end(s, end)) for _, s in held), begin, end))
        ringing = clipped(((offer.at, _end(offer, end)) for offer in rang), begin, end)
        there = clipped(_available(presence, end), begin, end)
        taken = united([*busy, *ringing])
        handle_s = _seconds(busy)
        idle_s = _seconds(there) - _seconds(common(there, taken))
        case_ids = {id_ for id_, s in held if s.since < end and _end(s, end) > begin}
        if handle_s or idle_s:
            yield Worked(begin, handle_s, idle_s, tuple(sorted(case_ids)))


def _end(lasting: _Lasting, until: datetime) -> datetime:
    return lasting.until or until


def _available(presence: Sequence[Presence], end: datetime) -> list[Span]:
    moments = [*(change.at for change in presence), end]
    spans = zip(presence, pairwise(moments), strict=True)
    return united(span for change, span in spans if change.presence == "available")


def local_days(since: datetime, until: datetime) -> list[Span]:
    """The interval cut at local midnights; a day has 23 hours in March and 25 in October."""
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    # Python subtracts two moments of one zone by the wall clock, which is wrong on two days a year.
    spans: list[Span] = []
    day = local(since).date()
    while since < until:
        day += timedelta(days=1)
        midnight = datetime.combine(day, time(), LOCAL_ZONE).astimezone(UTC)
        spans.append((since, min(midnight, until)))
        since = midnight
    return spans


def clipped(spans: Iterable[Span], begin: datetime, end: datetime) -> list[Span]:
    """The parts of spans between two moments; what has none is dropped."""
    cut = ((max(first, begin), min(last, end)) for first, last in spans)
    return [span for span in cut if span[0] < span[1]]


def united(spans: Iterable[Span]) -> list[Span]:
    """The same time as spans in order that do not touch."""
    whole: list[Span] = []
    for first, last in sorted(spans):
        if whole and first <= whole[-1][1]:
            whole[-1] = whole[-1][0], max(last, whole[-1][1])
        else:
            whole.append((first, last))
    return whole


def common(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """The time that belongs to both; each in order and without overlaps."""
    found: list[Span] = []
    i = j = 0
    while i < len(one) and j < len(other):
        first, last = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if first < last:
            found.append((first, last))
        if one[i][1] <= other[j][1]:
            i += 1
        else:
            j += 1
    return found


def _seconds(spans: Iterable[Span]) -> float:
    return sum((last - first).total_seconds() for first, last in spans)


def shared_seconds(spells: Sequence[Spell], now: datetime) -> list[float]:
    """Each spell's seconds when every second is divided among the cases held at that moment."""
    by_agent: dict[str, list[int]] = {}
    for n, spell in enumerate(spells):
        by_agent.setdefault(spell.agent_id, []).append(n)
    took = [0.0] * len(spells)
    for own in by_agent.values():
        own.sort(key=lambda n: spells[n].since)
        ends = {n: _end(spells[n], now) for n in own}
        bounds = sorted({moment for n in own for moment in (spells[n].since, ends[n])})
        held: list[int] = []
        begun = 0
        for first, last in pairwise(bounds):
            while begun < len(own) and spells[own[begun]].since <= first:
                held.append(own[begun])
                begun += 1
            held = [n for n in held if ends[n] > first]
            for n in held:
                took[n] += (last - first).total_seconds() / len(held)
    return took
