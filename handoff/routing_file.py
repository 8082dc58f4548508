"""What `routing.yml` may say, and reading it: whatever is wrong in it is told with its line."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode
from ruamel.yaml.reader import ReaderError

from frontline.errors import SettingsError
from handoff.case import Kind, Priority, Reason
from handoff.hours import DAY, Blocks, Calendar
from handoff.legal import Labels, Regime

PACKAGED = Path(__file__).parent / "routing.yml"
GENERAL = "general"
HIGHEST_LEVEL = 9
LARGEST = 1_000_000
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
T = TypeVar("T")
Place = tuple[str | int, ...]
"""Where in the file: keys and positions from the top."""


class Closure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Days on which nobody is there."""

    on: date
    to: date | None = None
    """The last of them, when there are several."""
    reason: Labels


class Opening(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A day with hours of its own, even on a public holiday."""

    on: date
    hours: list[str]
    reason: Labels


class CalendarPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Opening hours."""

    week: dict[str, Any]
    """Weekdays, like `mon` or `mon-fri`, and their blocks, like `08:00-12:00`."""
    public_holidays: Literal["open", "closed"] = "closed"
    closed: list[Closure] = []
    open: list[Opening] = []


class Queue(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A line."""

    label: Labels
    calendar: str
    channels: dict[str, str] = {}
    """Another calendar for a channel."""
    widen_min: float | None = None
    """Minutes of opening time until a waiting case may go to others; None = never."""


class Targets(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Minutes of opening time until an answer, by priority."""

    urgent: float
    high: float
    normal: float
    low: float


class Channel(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is usual on a channel, in seconds."""

    ring_s: float
    wrap_up_s: float
    preferred_s: float


class When(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A condition: everything that it names holds; of a list one is enough."""

    kinds: list[Kind] = []
    reasons: list[Reason] = []
    intents: list[str] = []
    said: list[str] = []
    details: list[str] = []
    failures: int = 0


class Position(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which line for whom."""

    skill: str
    level: int = 1
    when: list[When]


class PriorityRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How urgent something is, and why."""

    priority: Priority
    reason: Labels
    when: list[When]
    ahead_min: float = 0


class RoutingFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole file."""

    calendars: dict[str, CalendarPart]
    queues: dict[str, Queue]
    targets: dict[str, Targets]
    channels: dict[str, Channel]
    call_back: list[Priority] = []
    """Who hangs up in the telephone queue with a case of one of these is called back."""
    places: list[Position]
    priorities: dict[str, PriorityRule]
    clocks: dict[str, str]
    regimes: dict[str, Regime]
    dispositions: dict[str, Labels]
    break_reasons: dict[str, Labels]


class Loaded(msgspec.Struct, frozen=True):
    """The file, checked, and the calendars that it describes."""

    file: RoutingFile
    calendars: dict[str, Calendar]


class _Fault(Exception):
    """Something is wrong at a place of the file."""

    def __init__(self, place: Place, what: str) -> None:
        super().__init__(what)
        self.place = place


def load(path: Path | None = None) -> Loaded:
    """Read and check the file; the packaged one when no other is named.

    Raises:
        SettingsError: it cannot be read or something in it is wrong; the message begins with the
            file's name and the line.
    """
    path = path or PACKAGED
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read: {error}") from None
    try:
        content = YAML(typ="safe", pure=True).load(text)
        file = _file_of(content)
        calendars = {n: _calendar(n, part) for n, part in file.calendars.items()}
        for fault in _contradictions(file):
            raise fault
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SettingsError(f"{path}:{line}: {error.problem}") from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise SettingsError(f"{path}:{line}: {error.reason}") from None
    except _Fault as fault:
        name = ".".join(str(step) for step in fault.place)
        where = f"{path}:{_line(text, fault.place)}"
        raise SettingsError(f"{where}: {name}: {fault}" if name else f"{where}: {fault}") from None
    return Loaded(file, calendars)


def _file_of(content: Any) -> RoutingFile:
    """The file's parts, entry by entry, so that a fault's place has the entry's name."""
    if not isinstance(content, dict):
        raise _Fault((), "has to be a mapping")
    sections = get_type_hints(RoutingFile)
    for name in content:
        if name not in sections:
            raise _Fault((name,), "unknown; known are " + ", ".join(sections))
    parts: dict[str, Any] = {}
    for name, kind in sections.items():
        if name not in content:
            raise _Fault((), f"the section {name} is missing")
        parts[name] = _section(name, content[name], kind)
    return RoutingFile(**parts)


def _section(name: str, content: Any, kind: Any) -> Any:
    entry = get_args(kind)[-1]
    if get_origin(kind) is list:
        if not isinstance(content, list):
            raise _Fault((name,), "has to be a list")
        return [_convert(value, entry, (name, n)) for n, value in enumerate(content)]
    if not isinstance(content, dict):
        raise _Fault((name,), "has to be a mapping")
    return {str(key): _convert(value, entry, (name, key)) for key, value in content.items()}


def _convert(value: Any, kind: type[T], place: Place) -> T:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at `$")
        steps = tuple(key or int(n) for key, n in _STEP.findall(path.split("[...]")[0]))
        if unknown := re.fullmatch(r"Object contains unknown field `(\w+)`", what):
            steps, what = (*steps, unknown[1]), "unknown"
        raise _Fault(place + steps, what) from None


def _line(text: str, place: Place) -> int:
    """The line, from 1, of the deepest part of `place` that the file has."""
    node: Node | None = YAML(typ="safe", pure=True).compose(text)
    line = 0
    for step in place:
        if isinstance(node, MappingNode):
            found = next((pair for pair in node.value if pair[0].value == str(step)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line, found[1]
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line
    return line + 1


def _calendar(name: str, part: CalendarPart) -> Calendar:
    top: Place = ("calendars", name)
    week: dict[int, Blocks] = {}
    for days, hours in part.week.items():
        place = (*top, "week", days)
        for weekday in _weekdays(days, place):
            if weekday in week:
                raise _Fault(place, f"{WEEKDAYS[weekday]} is there twice")
            week[weekday] = _blocks(hours, place)
    if not any(week.values()):
        raise _Fault((*top, "week"), "nobody would ever be there")
    special: dict[date, Blocks] = {}
    for n, closure in enumerate(part.closed):
        place, last = (*top, "closed", n), closure.to or closure.on
        if not timedelta(0) <= last - closure.on < timedelta(366):
            raise _Fault(place, "`to` comes before `on`, or more than a year after it")
        for days_on in range((last - closure.on).days + 1):
            _set_once(special, closure.on + days_on * DAY, (), place)
    for n, opening in enumerate(part.open):
        place = (*top, "open", n)
        _set_once(special, opening.on, _blocks(opening.hours, (*place, "hours")), place)
    return Calendar(name, week, special=special, on_holidays=part.public_holidays == "open")


def _set_once(special: dict[date, Blocks], day: date, blocks: Blocks, place: Place) -> None:
    if day in special:
        raise _Fault(place, f"{day} is there twice")
    special[day] = blocks


def _weekdays(text: str, place: Place) -> range:
    first, _, last = text.partition("-")
    try:
        start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    except ValueError:
        raise _Fault(place, f"days are {', '.join(WEEKDAYS)}, or two with - between") from None
    if end < start:
        raise _Fault(place, "the week goes from mon to sun")
    return range(start, end + 1)


def _blocks(hours: Any, place: Place) -> Blocks:
    if not isinstance(hours, list):
        raise _Fault(place, "has to be a list of hours")
    found: list[tuple[timedelta, timedelta]] = []
    for n, text in enumerate(hours):
        match = _HOURS.fullmatch(str(text))
        if not match:
            raise _Fault((*place, n), f"{text!r} is not like 08:00-16:00")
        if int(match[2]) > 59 or int(match[4]) > 59:
            raise _Fault((*place, n), f"{text!r}: an hour has minutes 00 to 59")
        opens, closes = (timedelta(hours=int(match[i]), minutes=int(match[i + 1])) for i in (1, 3))
        if not opens < closes <= DAY:
            raise _Fault((*place, n), f"{text!r} has to end after it begins, at 24:00 the latest")
        if found and opens < found[-1][1]:
            raise _Fault((*place, n), f"{text!r} overlaps the block before, or comes before it")
        found.append((opens, closes))
    return tuple(found)


def _contradictions(file: RoutingFile) -> Iterator[_Fault]:
    """What each part says well and does not fit together."""
    if GENERAL not in file.queues:
        yield _Fault(("queues",), f"the queue {GENERAL} is missing; everyone serves it")
    if file.targets.keys() != file.channels.keys():
        yield _Fault(("targets",), "has to have the same channels as the section channels")
    for section in ("targets", "channels"):
        for channel, part in getattr(file, section).items():
            for field, value in msgspec.structs.asdict(part).items():
                yield from _out_of_range((section, channel, field), value)
    for name, queue in file.queues.items():
        yield from _queue_faults(file, name, queue)
    yield from _rule_faults(file)
    yield from _law_faults(file)


def _out_of_range(place: Place, value: float) -> Iterator[_Fault]:
    if not 0 < value < LARGEST:
        yield _Fault(place, "has to be above 0 and below a million")


def _queue_faults(file: RoutingFile, name: str, queue: Queue) -> Iterator[_Fault]:
    place: Place = ("queues", name)
    if not re.fullmatch(r"[a-z_]{1,24}", name):
        yield _Fault(place, "names are of a-z and _, at most 24 letters")
    if queue.calendar not in file.calendars:
        yield _Fault((*place, "calendar"), f"there is no calendar {queue.calendar}")
    for channel, calendar in queue.channels.items():
        if channel not in file.channels:
            yield _Fault((*place, "channels", channel), "there is no such channel")
        if calendar not in file.calendars:
            yield _Fault((*place, "channels", channel), f"there is no calendar {calendar}")
    if queue.widen_min is not None:
        yield from _out_of_range((*place, "widen_min"), queue.widen_min)


def _rule_faults(file: RoutingFile) -> Iterator[_Fault]:
    for n, position in enumerate(file.places):
        place: Place = ("places", n)
        if position.skill not in file.queues:
            yield _Fault((*place, "skill"), f"there is no queue {position.skill}")
        if not 1 <= position.level <= HIGHEST_LEVEL:
            yield _Fault((*place, "level"), f"levels are 1 to {HIGHEST_LEVEL}")
        yield from _empty_conditions(position.when, (*place, "when"))
    for code, rule in file.priorities.items():
        if not 0 <= rule.ahead_min < LARGEST:
            yield _Fault(("priorities", code, "ahead_min"), "has to be 0 to a million")
        yield from _empty_conditions(rule.when, ("priorities", code, "when"))


def _empty_conditions(conditions: list[When], place: Place) -> Iterator[_Fault]:
    for n, when in enumerate(conditions):
        if when == When():
            yield _Fault((*place, n), "an empty condition would hold for every case")


def _law_faults(file: RoutingFile) -> Iterator[_Fault]:
    for kind, regime in file.clocks.items():
        if kind not in set(Kind):
            yield _Fault(("clocks", kind), "is no kind of case")
        if regime not in file.regimes:
            yield _Fault(("clocks", kind), f"there is no regime {regime}")
    for name, rule in file.regimes.items():
        place: Place = ("regimes", name, "terms")
        if not rule.terms:
            yield _Fault(place, "needs at least one")
        for n, term in enumerate(rule.terms):
            if min(term.days, term.months) != 0 or max(term.days, term.months) <= 0:
                yield _Fault((*place, n), "needs either days or months, above 0")
