"""Who gets a case, how soon and when somebody is there, as `routing.yml` says."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import msgspec

from handoff import legal, sla
from handoff.case import Case, Kind, Priority, Reason, Route
from handoff.hours import Calendar
from handoff.legal import Labels, Regime
from handoff.routing_file import GENERAL, PriorityRule, When, load

URGENCY = (Priority.URGENT, Priority.HIGH, Priority.NORMAL, Priority.LOW)
"""Most urgent first."""


class Placement(msgspec.Struct, frozen=True):
    """Where a new case waits, and until when."""

    skill: str
    level: int
    priority: Priority
    priority_reasons: list[str]
    """Codes of `routing.yml`; `Routing.reasons` has their words."""
    due_at: datetime
    widen_at: datetime | None
    legal: dict[str, Any] | None
    """The statutory clock: `regime`, `received_at`, `due`, `rolls_to`; see `handoff.legal`."""


class Choice(msgspec.Struct, frozen=True):
    """Something to choose from."""

    code: str
    label: str


class Facts(msgspec.Struct, frozen=True):
    """What the rules look at."""

    kind: Kind
    reason: Reason
    detail: str
    matter: str | None
    """The newest intent that the section `places` names."""
    said: frozenset[str]
    failures: int


class Routing:
    """The rules of `routing.yml`, and the opening hours."""

    def __init__(self, path: Path | None = None, *, always_open: bool = False) -> None:
        """Load the rules.

        Args:
            path: another file than the packaged one.
            always_open: every queue is open day and night, whatever the file says.

        Raises:
            SettingsError: the file is wrong; the message says where.
        """
        loaded = load(path)
        self._file = loaded.file
        self._calendars = loaded.calendars
        self._always = Calendar.always() if always_open else None
        self._matters = frozenset(
            intent for place in self._file.places for when in place.when for intent in when.intents
        )

    def place(
        self,
        *,
        kind: Kind,
        reason: Reason,
        channel: str,
        language: str,
        context: Mapping[str, Any],
        now: datetime,
        due_at: datetime | None = None,
    ) -> Placement:
        """Where a new case waits.

        Args:
            kind: what sort of matter.
            reason: why a person is needed.
            channel: `chat` or `voice`.
            language: of the conversation; each has its own lines.
            context: what is known, as `actions/escalate.py` writes it.
            now: when it came in.
            due_at: when it was promised to be dealt with; None = the target of its priority.
        """
        del language  # part of the route; no rule asks for it
        facts = self._facts(kind, reason, context)
        skill, level = self._position(facts)
        priority, rules = self._priority(facts)
        target = timedelta(minutes=self.target_min(priority, channel))
        ahead = max((rule.ahead_min for rule in rules.values()), default=0)
        begin = now
        if due_at:  # what is promised for later is not passed on before its time comes near
            begin = max(now, due_at - target)
        elif ahead:
            due_at = now - timedelta(minutes=ahead)
        else:
            due_at = self.calendar(skill, channel).add(now, target)
        return Placement(
            skill,
            level,
            priority,
            list(rules),
            due_at,
            self.widens_at(skill, level, channel, begin),
            self.clock(kind, now),
        )

    def _facts(self, kind: Kind, reason: Reason, context: Mapping[str, Any]) -> Facts:
        said = _said(context)
        failed = sum(1 for tried in _list(context, "attempted") if tried.get("ok") is False)
        misunderstood = context.get("misunderstood")
        return Facts(
            kind,
            reason,
            str(_mapping(context, "reason").get("detail") or ""),
            next((name for name in said if name in self._matters), None),
            frozenset(said),
            max(failed, misunderstood if isinstance(misunderstood, int) else 0),
        )

    def _position(self, facts: Facts) -> tuple[str, int]:
        for place in self._file.places:
            if _any_holds(place.when, facts):
                return place.skill, place.level
        return GENERAL, 1

    def _priority(self, facts: Facts) -> tuple[Priority, dict[str, PriorityRule]]:
        """The priority and the rules that raise it; or that lower it, when nothing raises it."""
        hold = {
            code: rule
            for code, rule in self._file.priorities.items()
            if _any_holds(rule.when, facts)
        }
        raising = {c: r for c, r in hold.items() if r.priority in (Priority.URGENT, Priority.HIGH)}
        if not raising and any(rule.priority == Priority.NORMAL for rule in hold.values()):
            return Priority.NORMAL, {}
        kept = raising or hold
        highest = min((rule.priority for rule in kept.values()), key=URGENCY.index, default=None)
        return highest or Priority.NORMAL, kept

    def widens_at(self, skill: str, level: int, channel: str, since: datetime) -> datetime | None:
        """When a case that waits in this line since then is passed on to others; None = never."""
        queue = self._file.queues.get(skill)
        if queue is None or queue.widen_min is None or (skill == GENERAL and level <= 1):
            return None
        return self.calendar(skill, channel).add(since, timedelta(minutes=queue.widen_min))

    def widened(self, case: Case, now: datetime) -> tuple[Route, datetime | None] | None:
        """The next broader line for a case that has waited long enough, and when it widens again.

        One level down, and from level 1 to `general`; the due time stays. None = there is none.
        """
        queue = self._file.queues.get(case.skill)
        if queue is not None and queue.widen_min is None:
            return None
        if case.level > 1:
            skill, level = case.skill, case.level - 1
        elif case.skill != GENERAL:
            skill, level = GENERAL, 1
        else:
            return None
        route = Route(case.language, skill, case.channel, level)
        return route, self.widens_at(skill, level, case.channel, now)

    def calendar(self, skill: str, channel: str) -> Calendar:
        """Opening hours of a line; of `general` for one that the file does not have any more."""
        if self._always:
            return self._always
        queue = self._file.queues.get(skill) or self._file.queues[GENERAL]
        return self._calendars[queue.channels.get(channel, queue.calendar)]

    def is_open(self, skill: str, channel: str, now: datetime) -> bool:
        """Whether somebody is there."""
        return self.calendar(skill, channel).is_open(now)

    def opens_at(self, skill: str, channel: str, now: datetime) -> datetime | None:
        """The next opening, for a promise outside opening hours; None = it is open now.

        Raises:
            NeverOpenError: it does not open within three years.
        """
        calendar = self.calendar(skill, channel)
        return None if calendar.is_open(now) else calendar.opens_at(now)

    def routes_of(
        self, languages: Iterable[str], skills: Mapping[str, int], channels: Iterable[str]
    ) -> tuple[Route, ...]:
        """The lines that an agent may serve: up to their level of each skill, and `general`.

        A skill that the file does not have any more gives no line.
        """
        levels = {GENERAL: 1} | {s: n for s, n in skills.items() if s in self._file.queues}
        ways = [channel for channel in dict.fromkeys(channels) if channel in self._file.channels]
        return tuple(
            Route(language, skill, channel, level)
            for language in dict.fromkeys(languages)
            for skill, highest in levels.items()
            for channel in ways
            for level in range(1, max(highest, skill == GENERAL) + 1)
        )

    def target_min(self, priority: Priority, channel: str) -> float:
        """Minutes of opening time until a person should answer."""
        minutes: float = getattr(self._file.targets[channel], priority.value)
        return minutes

    def standing(self, case: Case, now: datetime) -> sla.Standing:
        """How a waiting case stands against its due time."""
        calendar = self.calendar(case.skill, case.channel)
        return sla.standing(calendar, case.queued_at, case.due_at, now)

    def ring_s(self, channel: str) -> float:
        """How long an offer rings."""
        return self._file.channels[channel].ring_s

    def wrap_up_s(self, channel: str) -> float:
        """How long an agent may take to write up what came of a case."""
        return self._file.channels[channel].wrap_up_s

    def preferred_s(self, channel: str = "chat") -> float:
        """How long a case is kept for the agent who knows it."""
        return self._file.channels[channel].preferred_s

    def called_back(self) -> frozenset[Priority]:
        """Priorities of cases whose callers are called back when they hang up in the queue."""
        return frozenset(self._file.call_back)

    def clock(self, kind: Kind, received_at: datetime) -> dict[str, Any] | None:
        """The statutory clock of a case of this kind that came in then; None = it has none."""
        name = self._file.clocks.get(kind)
        return legal.clock(name, self._file.regimes[name], received_at) if name else None

    @property
    def regimes(self) -> Mapping[str, Regime]:
        """The rules of law by name."""
        return self._file.regimes

    def reasons(self, codes: Iterable[str], language: str) -> list[str]:
        """Priority reasons in words; a code that the file does not have any more stays as it is."""
        rules = self._file.priorities
        return [rules[c].reason.text(language) if c in rules else c for c in codes]

    def choices(
        self, what: Literal["skills", "dispositions", "break_reasons"], language: str
    ) -> list[Choice]:
        """What there is to choose from, in the file's order."""
        labels: Mapping[str, Labels]
        if what == "skills":
            labels = {name: queue.label for name, queue in self._file.queues.items()}
        else:
            labels = getattr(self._file, what)
        return [Choice(code, label.text(language)) for code, label in labels.items()]


def load_routing(path: str | Path | None = None, *, always_open: bool = False) -> Routing:
    """The routing as the settings name it; an empty path = the packaged file.

    Raises:
        SettingsError: the file is wrong; the message says where.
    """
    return Routing(Path(path) if path else None, always_open=always_open)


def _any_holds(conditions: Iterable[When], facts: Facts) -> bool:
    return any(_holds(when, facts) for when in conditions)


def _holds(when: When, facts: Facts) -> bool:
    """Whether everything that the condition names holds."""
    return (
        (not when.kinds or facts.kind in when.kinds)
        and (not when.reasons or facts.reason in when.reasons)
        and (not when.intents or facts.matter in when.intents)
        and (not when.said or not facts.said.isdisjoint(when.said))
        and (not when.details or facts.detail.startswith(tuple(when.details)))
        and facts.failures >= when.failures
    )


def _said(context: Mapping[str, Any]) -> list[str]:
    """Intents of the conversation, the newest first."""
    newest = _mapping(context, "intent")
    earlier = [*_list(context, "intents"), *_list(newest, "history")]
    names = [newest.get("top"), *(entry.get("name") for entry in reversed(earlier))]
    return list(dict.fromkeys(name for name in names if isinstance(name, str)))


def _mapping(context: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = context.get(key)
    return value if isinstance(value, Mapping) else {}


def _list(context: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = context.get(key)
    return (
        [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []
    )
