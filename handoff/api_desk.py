"""The desk itself: logging in, who one is and whether one is there, the queue, canned answers."""

from typing import Annotated, Literal

import msgspec
from aiohttp import web
from sqlalchemy import select

from frontline.errors import FrontlineError
from handoff import agents, store
from handoff.agent_values import Presence
from handoff.agents import Agent
from handoff.canned import Canned, Draft
from handoff.case import WITH_AGENT, Case
from handoff.endpoints import (
    API,
    COOKIE,
    EDITORS,
    EVERYBODY,
    LANGUAGE_COOKIE,
    NOBODY,
    WORKERS,
    Call,
    Desk,
    Endpoints,
    address_of,
    json_answer,
)
from handoff.knowledge import Article
from handoff.login import Entry
from handoff.oidc import COOKIE_S
from handoff.problems import HoldsCasesError
from handoff.queue_view import QueueView
from handoff.routing import Choice
from handoff.tables import cases

endpoints = Endpoints()
OIDC_COOKIE = "frontline_oidc"
YEAR_S = 365 * 24 * 3600


class LogIn(msgspec.Struct, frozen=True):
    """Name and password."""

    login: Annotated[str, msgspec.Meta(max_length=200)]
    password: Annotated[str, msgspec.Meta(max_length=1000)]


class LoggedIn(msgspec.Struct, frozen=True):
    """Who is logged in."""

    agent: Agent
    csrf: str
    """To be sent as `X-CSRF-Token` with everything that changes something."""


class DeskSettings(msgspec.Struct, frozen=True):
    """What the desk has to know."""

    wrap_up_s: float
    ring_s: float
    dispositions: list[Choice]
    break_reasons: list[Choice]
    skills: list[Choice]


class Me(LoggedIn, frozen=True):
    """Who is logged in, and what the desk has to know."""

    oidc: bool
    settings: DeskSettings


class NewPresence(msgspec.Struct, frozen=True):
    """Whether the agent is there."""

    presence: Presence
    reason: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    force: bool = False
    """Going offline, give held cases back to the queue instead of being asked."""


class NewLanguage(msgspec.Struct, frozen=True):
    """The language in which the desk is shown."""

    language: Literal["pl", "en"]


class OldPassword(msgspec.Struct, frozen=True):
    """The agent's own password, and the next one."""

    old: Annotated[str, msgspec.Meta(max_length=1000)]
    new: Annotated[str, msgspec.Meta(max_length=1000)]


class KnowledgeQuery(msgspec.Struct, frozen=True):
    """What to look for."""

    q: Annotated[str, msgspec.Meta(max_length=200)] = ""
    language: Literal["pl", "en"] = "pl"


class ArticleView(msgspec.Struct, frozen=True):
    """A knowledge article."""

    id: str
    title: str
    text: str
    language: str


class Articles(msgspec.Struct, frozen=True):
    """Articles, best first."""

    items: list[ArticleView]


class CannedQuery(msgspec.Struct, frozen=True):
    """In which language; empty = in all."""

    language: Literal["", "pl", "en"] = ""


class CannedList(msgspec.Struct, frozen=True):
    """Canned answers."""

    items: list[Canned]


@endpoints.add("POST", "/login", NOBODY, body=LogIn, answer=LoggedIn)
async def log_in(call: Call[LogIn]) -> web.Response:
    """Log in with a password."""
    entry = await call.desk.login.log_in(
        call.body.login, call.body.password, address_of(call.request)
    )
    return _entered(call.desk, entry)


@endpoints.add("POST", "/logout", NOBODY)
async def log_out(call: Call[None]) -> web.Response:
    """End the session; without one, nothing happens."""
    token = call.request.cookies.get(COOKIE)
    try:
        session = await call.desk.login.session(token)
    except FrontlineError:
        session = None
    if session:
        session.check_csrf(call.request.headers.get("X-CSRF-Token"))
        await call.desk.login.log_out(token)
        async with call.desk.parts.database.read() as connection:
            await call.desk.hub.agent_changed(await agents.get(connection, session.agent.id))
    response = web.Response(status=204)
    response.del_cookie(COOKIE, path="/")
    return response


@endpoints.add("PUT", "/me/password", EVERYBODY, body=OldPassword, answer=LoggedIn)
async def change_password(call: Call[OldPassword]) -> web.Response:
    """Choose another password; all other sessions end."""
    asked = call.body
    entry = await call.desk.login.change_password(
        call.session, asked.old, asked.new, address_of(call.request)
    )
    return _entered(call.desk, entry)


def _entered(desk: Desk, entry: Entry) -> web.Response:
    response = json_answer(LoggedIn(entry.session.agent, entry.session.csrf))
    set_session(response, desk, entry)
    return response


def set_session(response: web.Response, desk: Desk, entry: Entry) -> None:
    """Give the browser its token."""
    response.set_cookie(
        COOKIE, entry.token, path="/", httponly=True, samesite="Strict",
        secure=desk.settings.desk_secure,
    )  # fmt: skip


@endpoints.add("GET", "/me", EVERYBODY, answer=Me)
async def me(call: Call[None]) -> Me:
    """Who is logged in, and what the desk has to know."""
    routing = call.desk.parts.routing
    settings = DeskSettings(
        routing.wrap_up_s("chat"),
        routing.ring_s("chat"),
        routing.choices("dispositions", call.language),
        routing.choices("break_reasons", call.language),
        routing.choices("skills", call.language),
    )
    return Me(call.agent, call.session.csrf, call.desk.oidc is not None, settings)


@endpoints.add("PUT", "/me/presence", EVERYBODY, body=NewPresence, answer=Agent)
async def set_presence(call: Call[NewPresence]) -> Agent:
    """Be there, or not; who goes with cases in hand is asked first."""
    asked, parts = call.body, call.desk.parts
    if asked.presence == "offline":
        await _let_go(call, force=asked.force)
    now = parts.clock.now()
    async with parts.database.write() as connection:
        await agents.touch(connection, call.agent.id, now)
        agent = await agents.set_presence(
            connection, call.agent.id, asked.presence, now, asked.reason
        )
    await call.desk.hub.agent_changed(agent)
    parts.dispatcher.wake()
    return agent


async def _let_go(call: Call[NewPresence], *, force: bool) -> None:
    """Give what the agent holds back to the queue.

    Raises:
        HoldsCasesError: without `force`, when there is anything.
    """
    parts = call.desk.parts
    held = await _held(call)
    if held and not force:
        raise HoldsCasesError([case.number for case in held])
    for case in held:
        await parts.handling.lose(case.id, call.agent.id, case.fence)


async def _held(call: Call[NewPresence]) -> list[Case]:
    async with call.desk.parts.database.read() as connection:
        rows = await connection.execute(
            select(cases)
            .where(cases.c.agent_id == call.agent.id, cases.c.state.in_(sorted(WITH_AGENT)))
            .order_by(cases.c.id)
        )
        return [store.case_of(row) for row in rows]


@endpoints.add("PUT", "/me/language", EVERYBODY, body=NewLanguage)
async def set_language(call: Call[NewLanguage]) -> web.Response:
    """Choose the language in which the desk is shown; the browser keeps it."""
    response = web.Response(status=204)
    response.set_cookie(
        LANGUAGE_COOKIE, call.body.language, path="/", max_age=YEAR_S, httponly=True,
        samesite="Strict", secure=call.desk.settings.desk_secure,
    )  # fmt: skip
    return response


@endpoints.add("GET", "/queue", WORKERS, answer=QueueView)
async def queue(call: Call[None]) -> QueueView:
    """What rings, what the agent holds, and what they may take."""
    return await call.desk.hub.queue_of(call.agent, call.language)


@endpoints.add("GET", "/knowledge", EVERYBODY, query=KnowledgeQuery, answer=Articles)
async def knowledge(call: Call[KnowledgeQuery]) -> Articles:
    """Search the knowledge articles; without words, all of them."""
    found = call.desk.knowledge.search(call.body.q, call.body.language)
    return Articles([_article(one) for one in found])


def _article(article: Article) -> ArticleView:
    return ArticleView(article.id, article.title, article.text, article.language)


@endpoints.add("GET", "/canned", EVERYBODY, query=CannedQuery, answer=CannedList)
async def canned(call: Call[CannedQuery]) -> CannedList:
    """Canned answers."""
    return CannedList(list(await call.desk.canned.list(call.body.language or None)))


@endpoints.add("PUT", "/canned/{id}", EDITORS, body=Draft, answer=Canned)
async def keep_canned(call: Call[Draft]) -> Canned:
    """Write a canned answer; an id that is not known becomes a new one's."""
    return await call.desk.canned.save(call.body, call.path("id"))


@endpoints.add("DELETE", "/canned/{id}", EDITORS)
async def drop_canned(call: Call[None]) -> None:
    """Remove a canned answer."""
    await call.desk.canned.delete(call.path("id"))


@endpoints.add("GET", "/oidc/start", NOBODY)
async def begin_oidc(call: Call[None]) -> web.Response:
    """Go to the company's log-in."""
    desk, response = call.desk, web.Response(status=302)
    if desk.oidc is None:
        return _to(response, "/?login=no_oidc")
    try:
        begun = await desk.oidc.begin(address_of(call.request))
    except FrontlineError as error:
        return _to(response, f"/?login={error.code}")
    response.set_cookie(
        OIDC_COOKIE, begun.cookie, path=f"{API}/oidc", max_age=COOKIE_S, httponly=True,
        samesite="Lax", secure=desk.settings.desk_secure,
    )  # fmt: skip
    return _to(response, begun.url)


@endpoints.add("GET", "/oidc/callback", NOBODY)
async def finish_oidc(call: Call[None]) -> web.Response:
    """Come back from the company's log-in."""
    desk, response = call.desk, web.Response(status=302)
    response.del_cookie(OIDC_COOKIE, path=f"{API}/oidc")
    if desk.oidc is None:
        return _to(response, "/?login=no_oidc")
    try:
        entry = await desk.oidc.finish(call.request.query, call.request.cookies.get(OIDC_COOKIE))
    except FrontlineError as error:
        return _to(response, f"/?login={error.code}")
    set_session(response, desk, entry)
    return _to(response, "/")


def _to(response: web.Response, url: str) -> web.Response:
    response.headers["Location"] = url
    return response
