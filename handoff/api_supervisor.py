"""What supervisors and admins see and do: the wall, statutory deadlines, reports, the team."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Annotated, TypeVar

import msgspec
from aiohttp import web
from sqlalchemy import select

from frontline.clock import local
from handoff import agents, legal, store
from handoff.agents import Agent, AgentChange
from handoff.api_cases import attachment
from handoff.case import WAITING, WITH_AGENT, Case, Kind
from handoff.endpoints import ADMINS, EVERYBODY, SUPERVISORS, WORKERS, Call, Endpoints
from handoff.passwords import check_policy
from handoff.reports import wall
from handoff.reports.definitions import GroupBy, Kpi, listed
from handoff.reports.export import CSV_TYPE, XLSX_TYPE, csv_file, file_name, xlsx_file
from handoff.reports.report import Report, business_of, interval, report
from handoff.tables import cases
from handoff.views import CaseRow, rows_of

endpoints = Endpoints()
KEPT_S = 10.0
"""The day's figures read the day's log: they are made at most so often."""

Text = Annotated[str, msgspec.Meta(max_length=300)]
T = TypeVar("T")


class WallAgent(Agent, frozen=True, kw_only=True):
    """An agent with what they hold."""

    load: dict[str, int]
    """Channel → cases."""
    cases: list[str]
    """Ids."""


class Wall(msgspec.Struct, frozen=True):
    """The whole room at a glance."""

    at: datetime
    degraded: bool
    lines: list[wall.LineNow]
    agents: list[WallAgent]
    bot: wall.BotNow
    today: wall.Today


class LegalItem(msgspec.Struct, frozen=True):
    """A case whose statutory clock runs."""

    case: CaseRow
    days_left: int
    """0 = today is the last day; negative = it has passed."""
    due: str
    regime: str


class LegalBoard(msgspec.Struct, frozen=True):
    """Cases whose statutory clock runs, the nearest last day first."""

    items: list[LegalItem]


class Kpis(msgspec.Struct, frozen=True):
    """All key figures."""

    kpis: list[Kpi]


class ReportQuery(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """Local days, both included; without them the last seven."""

    from_: date | None = None
    to: date | None = None
    group_by: GroupBy | None = None


class NewAgent(msgspec.Struct, frozen=True):
    """Somebody to take on."""

    login: Text
    name: Text
    role: Text = "agent"
    languages: tuple[str, ...] = ("pl", "en")
    skills: dict[str, int] = {}
    capacity: dict[str, int] | None = None
    password: Annotated[str, msgspec.Meta(max_length=1000)] | None = None


class AgentPatch(msgspec.Struct, frozen=True):
    """What to change about an agent; what is left out stays."""

    name: Text | None = None
    role: Text | None = None
    languages: list[str] | None = None
    skills: dict[str, int] | None = None
    capacity: dict[str, int] | None = None
    subject: Text | None = None
    active: bool | None = None
    password: Annotated[str, msgspec.Meta(max_length=1000)] | None = None


class Kept:
    """A value that is made anew only when the last one has become old, by one caller at a time."""

    def __init__(self) -> None:
        self._values: dict[str, tuple[datetime, object]] = {}
        self._lock = asyncio.Lock()

    async def get(self, name: str, now: datetime, make: Callable[[], Awaitable[T]]) -> T:
        """The value of this name."""
        async with self._lock:
            at, value = self._values.get(name, (None, None))
            if at is None or not timedelta(0) <= now - at < timedelta(seconds=KEPT_S):
                value = await make()
                self._values[name] = (now, value)
            return value  # type: ignore[return-value]


DAY = web.AppKey("day", Kept)


@endpoints.add("GET", "/wall", SUPERVISORS, answer=Wall)
async def read_wall(call: Call[None]) -> Wall:
    """How the lines stand, who is there, and how the day has been so far."""
    parts, now = call.desk.parts, call.desk.parts.clock.now()
    async with parts.database.read() as connection:
        everyone = await agents.everyone(connection)
        rows = await connection.execute(
            select(cases).where(cases.c.state.in_(sorted(WAITING | WITH_AGENT)))
        )
        found = [store.case_of(row) for row in rows]

    async def made() -> tuple[wall.Today, wall.BotNow]:
        async with parts.database.read() as connection:
            return await wall.today_from(connection, now), await wall.bot_now(connection, now)

    today, bot = await call.request.app[DAY].get("day", now, made)
    return Wall(
        now,
        parts.dispatcher.degraded,
        wall.lines(found, now, parts.routing.standing),
        [_wall_agent(agent, found) for agent in everyone],
        bot,
        today,
    )


def _wall_agent(agent: Agent, found: list[Case]) -> WallAgent:
    held = [case for case in found if case.agent_id == agent.id]
    load: dict[str, int] = {}
    for case in held:
        load[case.channel] = load.get(case.channel, 0) + 1
    return WallAgent(
        **msgspec.structs.asdict(agent), load=load, cases=[str(case.id) for case in held]
    )


@endpoints.add("GET", "/legal/board", SUPERVISORS, answer=LegalBoard)
async def read_legal_board(call: Call[None]) -> LegalBoard:
    """Cases whose statutory clock runs, the nearest last day first."""
    parts, now = call.desk.parts, call.desk.parts.clock.now()
    timed = [str(kind) for kind in Kind if kind not in (Kind.QUESTION, Kind.CALLBACK)]
    async with parts.database.read() as connection:
        rows = await connection.execute(select(cases).where(cases.c.kind.in_(timed)))
        running = legal.board(store.case_of(row) for row in rows)
        shown = await rows_of(connection, running, call.language)
    clocks = [case.legal or {} for case in running]
    return LegalBoard(
        [
            LegalItem(row, legal.days_left(clock, now), str(clock["due"]), str(clock["regime"]))
            for row, clock in zip(shown, clocks, strict=True)
        ]
    )


@endpoints.add("GET", "/reports", SUPERVISORS, answer=Kpis)
async def list_reports(call: Call[None]) -> Kpis:
    """All key figures with their definitions."""
    return Kpis(listed(call.language))


@endpoints.add("GET", "/reports/{kpi}", SUPERVISORS, query=ReportQuery, answer=Report)
async def read_report(call: Call[ReportQuery]) -> Report:
    """A key figure in an interval, with the cases behind it."""
    return await _report(call)


@endpoints.add(
    "GET", "/reports/{kpi}.csv", SUPERVISORS, query=ReportQuery, answer=bytes, media_type="text/csv"
)
async def export_csv(call: Call[ReportQuery]) -> web.Response:
    """The report for a spreadsheet, without formulas."""
    made = await _report(call)
    content = csv_file(made, ";" if call.language == "pl" else ",")
    return _download(content, CSV_TYPE, file_name(made, "csv"))


@endpoints.add(
    "GET", "/reports/{kpi}.xlsx", SUPERVISORS, query=ReportQuery, answer=bytes, media_type=XLSX_TYPE
)
async def export_xlsx(call: Call[ReportQuery]) -> web.Response:
    """The report as a workbook, without formulas."""
    made = await _report(call)
    content = await asyncio.to_thread(xlsx_file, made)
    return _download(content, XLSX_TYPE, file_name(made, "xlsx"))


def _download(content: bytes, media_type: str, name: str) -> web.Response:
    headers = {"Content-Type": media_type, "Content-Disposition": attachment(name)}
    return web.Response(body=content, headers=headers)


async def _report(call: Call[ReportQuery]) -> Report:
    parts, asked = call.desk.parts, call.body
    now = parts.clock.now()
    last = asked.to or local(now).date()
    since, until = interval(asked.from_ or last - timedelta(days=6), last)
    labels = {c.code: c.label for c in parts.routing.choices("skills", call.language)}
    async with parts.database.read() as connection:
        return await report(
            connection, call.path("kpi"), since, until, asked.group_by, now=now,
            language=call.language, business=business_of(parts.routing), labels=labels,
        )  # fmt: skip


@endpoints.add("GET", "/agents", EVERYBODY, answer=list[Agent])
async def list_agents(call: Call[None]) -> list[Agent]:
    """The team; agents see those to whom a case can be passed on."""
    role = call.agent.role
    async with call.desk.parts.database.read() as connection:
        found = await agents.everyone(connection, active_only=role != "admin")
    if role in ("supervisor", "admin"):
        return found
    return [agent for agent in found if agent.role in WORKERS]


@endpoints.add("POST", "/agents", ADMINS, body=NewAgent, answer=Agent)
async def take_on(call: Call[NewAgent]) -> Agent:
    """Take somebody on."""
    asked, parts = call.body, call.desk.parts
    if asked.password is not None:
        check_policy(asked.password, asked.login)
    async with parts.database.write() as connection:
        agent = await agents.create(
            connection, login=asked.login, name=asked.name, now=parts.clock.now(),
            role=asked.role, languages=asked.languages, skills=asked.skills,
            capacity=asked.capacity,
        )  # fmt: skip
    if asked.password is not None:
        await call.desk.login.set_password(agent.id, asked.password)
    return agent


@endpoints.add("PATCH", "/agents/{id}", ADMINS, body=AgentPatch, answer=Agent)
async def change_agent(call: Call[AgentPatch]) -> Agent:
    """Change an agent; who is not active is logged out at once."""
    asked, parts, agent_id = call.body, call.desk.parts, call.path("id")
    if asked.password is not None:
        async with parts.database.read() as connection:
            check_policy(asked.password, (await agents.get(connection, agent_id)).login)
    wanted = AgentChange(**{name: getattr(asked, name) for name in AgentChange.__struct_fields__})
    async with parts.database.write() as connection:
        agent = await agents.change(connection, agent_id, wanted)
        if asked.active is False:
            agent = await agents.deactivate(connection, agent_id, parts.clock.now())
        elif asked.active:
            agent = await agents.activate(connection, agent_id)
    if asked.password is not None:
        await call.desk.login.set_password(agent_id, asked.password)
    await call.desk.hub.agent_changed(agent)
    return agent
