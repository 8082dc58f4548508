"""Reports: samples of a key figure put into groups, read from SQL for an interval of local days."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.clock import LOCAL_ZONE, local
from frontline.errors import RefusedError
from handoff.case import Route
from handoff.reports import sources
from handoff.reports.definitions import Definition, GroupBy, Options, Unit, definition, label
from handoff.reports.occupancy import local_days
from handoff.reports.samples import SAMPLERS, Business, Facts, Sample
from handoff.routing import Routing

MOST_IDS = 200
LONGEST_DAYS = 400
PERCENT = 100


class Total(msgspec.Struct, frozen=True):
    """A number and what it stands on."""

    value: float | None
    """None = it stands on too little."""
    n: int
    """How many are in the basis."""
    part: float
    """What is divided, as the definition says: seconds or how many."""
    whole: float
    """By what it is divided."""


class Group(Total, frozen=True, kw_only=True):
    """A number for one day, skill, channel, agent or reason."""

    key: str
    label: str
    cases: list[str]
    """Behind the number; not more than 200."""
    conversations: list[str] = []
    """Likewise, for figures of the bot."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A key figure with its definition, as `GET /reports/{kpi}` answers."""

    kpi: str
    name: str
    definition: str
    unit: Unit
    since: datetime
    until: datetime
    """The first moment that does not belong to it."""
    language: str
    group_by: GroupBy | None
    total: Total
    groups: list[Group]
    cases: list[str]
    """Behind the total; not more than 200."""


def interval(first: date, last: date) -> tuple[datetime, datetime]:
    """From the first to the last local day, both included, as two moments in UTC.

    Raises:
        RefusedError: the last is before the first, or more than 400 days later.
    """
    if not timedelta(0) <= last - first < timedelta(days=LONGEST_DAYS):
        raise RefusedError(f"an interval has 1 to {LONGEST_DAYS} days")
    begin = datetime.combine(first, time(), LOCAL_ZONE)
    end = datetime.combine(last + timedelta(days=1), time(), LOCAL_ZONE)
    return begin.astimezone(UTC), end.astimezone(UTC)


def business_of(routing: Routing) -> Business:
    """Business time by the opening hours of each route's queue."""

    def between(route: Route, earlier: datetime, later: datetime) -> timedelta:
        return routing.calendar(route.skill, route.channel).between(earlier, later)

    return between


async def report(
    connection: AsyncConnection,
    kpi: str,
    since: datetime,
    until: datetime,
    group_by: GroupBy | None = None,
    *,
    now: datetime,
    language: str = "pl",
    options: Options | None = None,
    business: Business | None = None,
    labels: Mapping[str, str] | None = None,
) -> Report:
    """A key figure in an interval.

    Args:
        connection: to read from.
        kpi: its id in `kpis.yml`.
        since: first moment.
        until: first moment that does not belong to it.
        group_by: by what to divide; None = only the total.
        now: the present.
        language: of names, labels and the definition.
        options: the values that definitions leave open.
        business: opening time of a route's queue between two moments, for business time.
        labels: names of skills; agents, channels and reasons are known here.

    Raises:
        UnknownKpiError: there is no such figure.
        RefusedError: it cannot be divided like that, or the interval makes no sense.
        UnavailableError: SQL does not answer (from `Database.read`).
    """
    check(kpi, since, until, group_by)
    with_values = options or Options()
    facts = await sources.facts(connection, kpi, since, until, now, with_values, business)
    names = dict(labels or {})
    if group_by == "agent":
        names = await sources.agent_names(connection)
    # A year takes seconds to count; whoever talks meanwhile is not to notice.
    return await asyncio.to_thread(
        compute, kpi, facts, group_by, language=language, options=with_values, labels=names
    )


def check(kpi: str, since: datetime, until: datetime, group_by: str | None) -> Definition:
    """The figure's definition, if it can be asked for like this. Raises as `report`."""
    wanted = definition(kpi)
    if group_by is not None and group_by not in wanted.groups:
        raise RefusedError(f"{kpi} is divided by one of: {', '.join(wanted.groups)}")
    if since.tzinfo is None or until.tzinfo is None or since >= until:
        raise RefusedError("an interval begins before it ends")
    if until - since > timedelta(days=LONGEST_DAYS + 1):
        raise RefusedError(f"an interval has 1 to {LONGEST_DAYS} days")
    return wanted


def compute(
    kpi: str,
    facts: Facts,
    group_by: GroupBy | None = None,
    *,
    language: str = "pl",
    options: Options | None = None,
    labels: Mapping[str, str] | None = None,
) -> Report:
    """Count what has been read. Raises UnknownKpiError."""
    wanted, with_values = definition(kpi), options or Options()
    samples = list(SAMPLERS[kpi](facts, with_values))
    total = _total(wanted, samples, with_values.least)
    groups: dict[str, list[Sample]] = {}
    if group_by == "day":
        groups = {local(day).date().isoformat(): [] for day, _ in _days(facts)}
    for sample in samples if group_by else ():
        groups.setdefault(sample.key(group_by or ""), []).append(sample)
    if group_by in wanted.whole:
        groups.pop("", None)
    made = [
        _group(wanted, key, part, total if group_by in wanted.whole else None, with_values.least)
        for key, part in groups.items()
    ]
    named = [
        msgspec.structs.replace(
            group,
            label=(labels or {}).get(group.key) or label(group_by or "", group.key, language),
        )
        for group in made
    ]
    by_day = group_by == "day"
    named.sort(key=lambda group: (0 if by_day else -group.n, group.key))
    return Report(
        kpi=kpi,
        name=wanted.name.text(language),
        definition=wanted.text(language, with_values),
        unit=wanted.unit,
        since=facts.since,
        until=facts.until,
        language=language,
        group_by=group_by,
        total=total,
        groups=named,
        cases=_cases(wanted, samples),
    )


def _days(facts: Facts) -> list[tuple[datetime, datetime]]:
    return local_days(facts.since, facts.until)


def _total(wanted: Definition, samples: Sequence[Sample], least: int) -> Total:
    part = round(sum(sample.part for sample in samples), 3)
    whole = round(sum(sample.whole for sample in samples), 3)
    return Total(_value(wanted, part, whole, len(samples), least), len(samples), part, whole)


def _value(wanted: Definition, part: float, whole: float, n: int, least: int) -> float | None:
    if wanted.shape == "count":
        return part
    if n < max(least, 1) or whole <= 0:
        return None
    return round(part / whole * (PERCENT if wanted.shape == "ratio" else 1), 2)


def _group(
    wanted: Definition, key: str, samples: Sequence[Sample], whole: Total | None, least: int
) -> Group:
    own = _total(wanted, samples, least)
    if whole:
        value = _value(wanted, own.part, whole.whole, whole.n, least)
        own = Total(value, whole.n, own.part, whole.whole)
    behind = _behind(wanted, samples)
    conversations = {s.conversation_id: None for s in behind if s.conversation_id}
    return Group(
        own.value, own.n, own.part, own.whole, key=key, label=key,
        cases=_cases(wanted, samples), conversations=list(conversations)[:MOST_IDS],
    )  # fmt: skip


def _behind(wanted: Definition, samples: Iterable[Sample]) -> list[Sample]:
    """The samples to look into: the counted, the missed, or all; the longest first."""
    if wanted.cases == "all":
        return sorted(samples, key=lambda sample: -sample.part)
    counted = wanted.cases == "counted"
    return [sample for sample in samples if (sample.part > 0) == counted]


def _cases(wanted: Definition, samples: Iterable[Sample]) -> list[str]:
    ids = (case_id for sample in _behind(wanted, samples) for case_id in sample.case_ids)
    return list(dict.fromkeys(ids))[:MOST_IDS]
