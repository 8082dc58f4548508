"""Reading cases: lists, cards, conversations, logs, files, and what could be answered."""

from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from aiohttp import web
from sqlalchemy import ColumnElement, Text, and_, cast, desc, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.errors import NotFoundError
from handoff import store
from handoff.access import seen, sees_conversation, visible
from handoff.case import Case, CaseState, Kind
from handoff.case_log import broken, events_of
from handoff.desk_tables import files
from handoff.endpoints import WORKERS, Call, Endpoints
from handoff.suggestions import Suggestion, suggest
from handoff.tables import cases
from handoff.views import CaseCard, CaseRow, DeskTurn, card_of, desk_turn, rows_of, turns_of

endpoints = Endpoints()
CASE = "/cases/{id}"
FILE_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "private, no-store",
}


class CasesQuery(msgspec.Struct, frozen=True):
    """Which cases to list, newest first."""

    state: str = ""
    """One state, or several with commas between."""
    mine: bool = False
    kind: Kind | None = None
    q: Annotated[str, msgspec.Meta(max_length=80)] = ""
    """In number, order, detail, outcome or agent's name."""
    after: Annotated[str, msgspec.Meta(max_length=26)] = ""
    """`next` of the page before."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 50


class CasePage(msgspec.Struct, frozen=True):
    """Some cases."""

    items: list[CaseRow]
    next: str | None
    """For `after`; None = there are no more."""


class TurnsQuery(msgspec.Struct, frozen=True):
    """From where on."""

    after: Annotated[int, msgspec.Meta(ge=0)] = 0


class Turns(msgspec.Struct, frozen=True):
    """A conversation, or what is new in it."""

    turns: list[DeskTurn]


class EventView(msgspec.Struct, frozen=True):
    """An entry of a case's log."""

    n: int
    type: str
    at: str
    actor: str
    data: dict[str, Any]
    hash: str


class Log(msgspec.Struct, frozen=True):
    """A case's log."""

    events: list[EventView]
    intact: bool
    """Each entry's hash is right, and none is missing."""


class Suggestions(msgspec.Struct, frozen=True):
    """What could be answered, best first."""

    items: list[Suggestion]


async def load(call: Call[object], connection: AsyncConnection) -> Case:
    """The case in the address, if the agent may see it."""
    return await seen(connection, call.agent, call.path("id"), call.desk.parts.routing)


@endpoints.add("GET", "/cases", WORKERS, query=CasesQuery, answer=CasePage)
async def list_cases(call: Call[CasesQuery]) -> CasePage:
    """Cases that the agent may see, newest first."""
    asked = call.body
    wanted = select(cases).where(and_(*_conditions(call))).order_by(desc(cases.c.id))
    async with call.desk.parts.database.read() as connection:
        rows = await connection.execute(wanted.limit(asked.limit + 1))
        found = [store.case_of(row) for row in rows]
        page = found[: asked.limit]
        items = await rows_of(connection, page, call.language)
    return CasePage(items, page[-1].id if len(found) > asked.limit else None)


def _conditions(call: Call[CasesQuery]) -> list[ColumnElement[bool]]:
    asked = call.body
    found: list[ColumnElement[bool]] = [visible(call.agent, call.desk.parts.routing)]
    if asked.state:
        known = set(CaseState)
        found.append(cases.c.state.in_([s for s in asked.state.split(",") if s in known]))
    if asked.mine:
        own = or_(cases.c.agent_id == call.agent.id, cases.c.preferred_agent == call.agent.id)
        found.append(own)
    if asked.kind:
        found.append(cases.c.kind == asked.kind)
    if asked.after:
        found.append(cases.c.id < asked.after)
    if words := asked.q.strip():
        found.append(_about(words))
    return found


def _about(words: str) -> ColumnElement[bool]:
    columns = (cases.c.number, cases.c.detail, cases.c.outcome, cases.c.agent)
    alike = [column.icontains(words, autoescape=True) for column in columns]
    if words.isascii():  # the context is JSON, in which other letters are written as codes
        alike.append(cast(cases.c.context, Text).icontains(words, autoescape=True))
    return or_(*alike)


@endpoints.add("GET", CASE, WORKERS, answer=CaseCard)
async def card(call: Call[None]) -> CaseCard:
    """Everything that is known about a case."""
    async with call.desk.parts.database.read() as connection:
        case = await load(call, connection)
        return await card_of(connection, case, call.agent, call.language)


@endpoints.add("GET", CASE + "/turns", WORKERS, query=TurnsQuery, answer=Turns)
async def read_turns(call: Call[TurnsQuery]) -> Turns:
    """The case's conversation, or what is new in it."""
    async with call.desk.parts.database.read() as connection:
        case = await load(call, connection)
        found = await turns_of(connection, case.conversation_id, call.body.after)
    return Turns([desk_turn(turn) for turn in found])


@endpoints.add("GET", CASE + "/events", WORKERS, answer=Log)
async def read_log(call: Call[None]) -> Log:
    """The case's log, and whether it is whole."""
    async with call.desk.parts.database.read() as connection:
        case = await load(call, connection)
        events = await events_of(connection, case.id)
        wanted = select(cases.c.log_length, cases.c.log_head).where(cases.c.id == case.id)
        row = (await connection.execute(wanted)).one()
    shown = [EventView(e.n, e.type, e.at.isoformat(), e.actor, e.data, e.hash) for e in events]
    return Log(shown, broken(events, row.log_length, row.log_head) is None)


@endpoints.add("GET", CASE + "/suggestions", WORKERS, answer=Suggestions)
async def read_suggestions(call: Call[None]) -> Suggestions:
    """What could be answered; a suggestion is never sent by itself."""
    desk = call.desk
    async with desk.parts.database.read() as connection:
        case = await load(call, connection)
        said = await turns_of(connection, case.conversation_id)
    canned = await desk.canned.list(case.language)
    return Suggestions(suggest(case, said, desk.knowledge, canned, agent=call.agent.name))


@endpoints.add("GET", "/files/{id}", WORKERS, answer=bytes, media_type="application/octet-stream")
async def read_file(call: Call[None]) -> web.Response:
    """A file of a conversation that the agent may see, to be saved and never to be run."""
    parts, file_id = call.desk.parts, call.path("id")
    async with parts.database.read() as connection:
        wanted = select(files.c.conversation_id).where(files.c.id == file_id)
        owner = await connection.scalar(wanted)
        if owner is None or not await sees_conversation(
            connection, call.agent, owner, parts.routing
        ):
            raise NotFoundError("no such file")
    stored = await call.desk.files.load(file_id, owner)
    response = web.Response(body=stored.content, headers=FILE_HEADERS)
    response.content_type = stored.ref.kind
    response.headers["Content-Disposition"] = attachment(stored.ref.name)
    return response


def attachment(name: str) -> str:
    """The header under which a file is saved as `name` (RFC 6266, RFC 8187)."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
