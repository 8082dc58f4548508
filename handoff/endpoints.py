"""The desk's API as one table: what a request needs, who may make it, what it takes and answers.

The router is made from it, the rights are checked by it, and openapi.py describes it; so that none
of the three can differ from the others.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler

from frontline.errors import RefusedError
from frontline.lang import Language
from frontline.limits import RateLimit
from frontline.settings import Settings
from handoff.agents import Agent
from handoff.annotations import Annotations
from handoff.app_parts import Parts
from handoff.canned import CannedAnswers
from handoff.desk_hub import DeskHub
from handoff.files import Files
from handoff.idempotency import Answer, Idempotency, fingerprint
from handoff.knowledge import Knowledge
from handoff.login import Login, Session
from handoff.moves import Actor
from handoff.oidc import Oidc

API = "/api/v1"
COOKIE = "frontline_desk"
LANGUAGE_COOKIE = "frontline_desk_language"
JSON = "application/json"

EVERYBODY = ("agent", "supervisor", "editor", "admin")
WORKERS = ("agent", "supervisor", "admin")
"""Who serves customers."""
SUPERVISORS = ("supervisor", "admin")
EDITORS = ("supervisor", "editor", "admin")
ADMINS = ("admin",)
NOBODY: tuple[str, ...] = ()
"""The endpoint needs no log-in."""

B = TypeVar("B", covariant=True)


class BadOriginError(RefusedError):
    """The request was made by a page that is not the desk."""

    code = "bad_origin"


class NotJsonError(RefusedError):
    """The body is not declared to be JSON: a form of another site could have sent it."""

    code = "not_json"


class PreconditionMissingError(RefusedError):
    """The change needs `If-Match` with the revision that was looked at (RFC 6585, section 3)."""

    code = "precondition_required"


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desk's endpoints work with."""

    settings: Settings
    parts: Parts
    login: Login
    idempotency: Idempotency
    annotations: Annotations
    knowledge: Knowledge
    canned: CannedAnswers
    files: Files
    hub: DeskHub
    oidc: Oidc | None
    requests: RateLimit
    """Per session."""


DESK = web.AppKey("desk", Desk)


@dataclass(frozen=True, slots=True)
class Call(Generic[B]):
    """One request, checked."""

    desk: Desk
    request: web.Request
    who: Session | None
    body: B
    """The JSON body, or the query where the endpoint takes none."""

    @property
    def session(self) -> Session:
        """The session, at endpoints that need one."""
        if self.who is None:
            raise RuntimeError("this endpoint needs no log-in")
        return self.who

    @property
    def agent(self) -> Agent:
        """Who asks."""
        return self.session.agent

    @property
    def actor(self) -> Actor:
        """Who asks, as a case's log names them."""
        return Actor(self.agent.id, self.agent.name)

    @property
    def language(self) -> Language:
        """The language in which the desk is shown."""
        return language_of(self.request)

    @property
    def rev(self) -> int:
        """The revision in `If-Match`.

        Raises:
            PreconditionMissingError: there is none.
            RefusedError: it is none of ours.
        """
        given = self.request.headers.get("If-Match", "").strip()
        if not given:
            raise PreconditionMissingError("send If-Match with the case's rev")
        number = given.strip('"')
        if not number.isascii() or not number.isdigit() or len(number) > 9:
            raise RefusedError("If-Match is a revision in quotes")
        return int(number)

    def path(self, name: str) -> str:
        """A part of the address."""
        return self.request.match_info[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One row of the table."""

    method: str
    path: str
    """Below `API`; `{id}` and its like are letters and digits."""
    handler: Callable[[Call[Any]], Awaitable[object]]
    roles: tuple[str, ...]
    body: Any = None
    """Type of the JSON body."""
    query: Any = None
    """Type of the query."""
    answer: Any = None
    """Type of the answer; None = no content."""
    media_type: str = JSON
    if_match: bool = False
    repeatable: bool = False
    """The body names what is done, so that once more does nothing: no key is kept for it."""

    @property
    def summary(self) -> str:
        """What it does."""
        return (self.handler.__doc__ or "").strip().partition("\n")[0]


class Endpoints:
    """Collects endpoints of one module."""

    def __init__(self) -> None:
        self.all: list[Endpoint] = []

    def add(
        self, method: str, path: str, roles: tuple[str, ...], **more: Any
    ) -> Callable[
        [Callable[[Call[Any]], Awaitable[object]]], Callable[[Call[Any]], Awaitable[object]]
    ]:
        """The decorated function answers this method and path; `more` are fields of `Endpoint`."""

        def keep(
            handler: Callable[[Call[Any]], Awaitable[object]],
        ) -> Callable[[Call[Any]], Awaitable[object]]:
            endpoint = Endpoint(method=method, path=path, handler=handler, roles=roles, **more)
            self.all.append(endpoint)
            return handler

        return keep


def language_of(request: web.Request) -> Language:
    """The language that the desk's cookie names."""
    return "en" if request.cookies.get(LANGUAGE_COOKIE) == "en" else "pl"


def address_of(request: web.Request) -> str:
    """Where the request comes from: what the last trusted proxy says, else the peer."""
    trusted = request.app[DESK].settings.trusted_proxies
    hops = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if trusted and len(hops) >= trusted and hops[-trusted]:
        return hops[-trusted]
    return request.remote or "?"


def check_origin(request: web.Request, origins: frozenset[str]) -> None:
    """Was the request made by a page of the desk?

    Raises:
        BadOriginError: it was not, or does not say so.
    """
    origin = request.headers.get("Origin", "").rstrip("/")
    if origin not in origins:
        raise BadOriginError("this page is not the desk")


def json_answer(value: object, status: int = 200) -> web.Response:
    """`value` as JSON."""
    body = msgspec.json.encode(value)
    return web.Response(body=body, status=status, content_type=JSON)


def route(endpoint: Endpoint) -> Handler:
    """The endpoint as a handler: log-in, rights, origin, CSRF token, body, and once for each key.

    The request is judged in this order, and only then is anything done.
    """

    async def handle(request: web.Request) -> web.StreamResponse:
        desk = request.app[DESK]
        session = None
        if endpoint.method != "GET":
            check_origin(request, desk.settings.desk_origins)
        if endpoint.roles:
            session = await desk.login.session(request.cookies.get(COOKIE))
            desk.requests.take(session.id)
            if endpoint.method != "GET":
                session.check_csrf(request.headers.get("X-CSRF-Token"))
            session.require(*endpoint.roles)
        raw = await request.read() if endpoint.body else b""
        call = Call(desk, request, session, _taken(endpoint, request, raw))
        key = request.headers.get("Idempotency-Key")
        if session and endpoint.method == "POST" and key and not endpoint.repeatable:
            return await _once(call, endpoint, key, raw)
        return _response(await endpoint.handler(call))

    return handle


def _taken(endpoint: Endpoint, request: web.Request, raw: bytes) -> Any:
    """The body or query, of the type that the endpoint names."""
    try:
        if endpoint.query:
            return msgspec.convert(dict(request.query), endpoint.query, strict=False)
        if not endpoint.body:
            return None
        if raw and request.content_type != JSON:
            raise NotJsonError("the body is application/json")
        return msgspec.json.decode(raw or b"{}", type=endpoint.body)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise RefusedError(str(error)[:300]) from None


async def _once(call: Call[Any], endpoint: Endpoint, key: str, raw: bytes) -> web.StreamResponse:
    """The same request twice is done once and answered twice."""

    async def work() -> Answer:
        done = _response(await endpoint.handler(call))
        text = done.body.decode() if isinstance(done.body, bytes) else ""
        return Answer(done.status, text)

    mark = fingerprint(endpoint.method, call.request.path, raw)
    answer = await call.desk.idempotency.once(call.agent.id, key, mark, work)
    response = web.Response(status=answer.status)
    if answer.body:
        response = web.Response(text=answer.body, status=answer.status, content_type=JSON)
    if answer.replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def _response(done: object) -> web.Response:
    if isinstance(done, web.Response):
        return done
    return web.Response(status=204) if done is None else json_answer(done)
