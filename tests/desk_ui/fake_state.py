"""The state of the fake desk, and what all its handlers need."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.desk_ui import fake_cases as made

COOKIE = "frontline_desk"
PASSWORD = "cztery sliwki w koszu"

Json = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ProblemError(Exception):
    """Answered as RFC 9457 problem."""

    def __init__(self, status: int, code: str, **more: Any) -> None:
        super().__init__(code)
        self.status = status
        self.body = {"type": "about:blank", "title": code, "status": status, "code": code, **more}


class FakeDesk:
    """The state behind the pages, with hands for a test to move it."""

    def __init__(self) -> None:
        self.agents = {
            "ania": made.agent("ania", "Ania (demo)"),
            "bartek": made.agent("bartek", "Bartek (demo)", presence="busy"),
            "sonia": made.agent("sonia", "Sonia (demo)", "supervisor"),
            "edek": made.agent("edek", "Edek (demo)", "editor"),
            "adam": made.agent("adam", "Adam (demo)", "admin"),
        }
        self.cases: dict[str, Json] = {}
        self.turns: dict[str, list[Json]] = {}
        self.drafts: dict[str, str] = {}
        self.notes: dict[str, list[Json]] = {}
        self.checks: dict[str, list[Json]] = {}
        self.canned = [dict(one) for one in made.CANNED]
        self.sockets: set[web.WebSocketResponse] = set()
        self.heartbeats: list[dict[str, int]] = []
        self.hellos: list[Json] = []
        self.typed: list[Json] = []
        self.requests: list[tuple[str, str]] = []
        self.closed: list[Json] = []
        self.degraded = False
        self.down = False
        self.offer_ring_s = 20

    def add(self, case: Json) -> Json:
        self.cases[case["id"]] = case
        self.turns.setdefault(case["id"], made.opening())
        return case

    def change(self, case: Json, **values: Any) -> Json:
        case.update(values, rev=case["rev"] + 1)
        return case

    async def push(self, kind: str, **data: Any) -> None:
        frame = json.dumps({"v": 1, "type": kind, "data": data})
        for socket in list(self.sockets):
            await socket.send_str(frame)

    async def ring(self, case: Json) -> Json:
        self.change(case, state="offered", agent_id="AG-ania", fence=case["fence"] + 1)
        case["lease_until"] = made.ago(seconds=-self.offer_ring_s)
        await self.push("offer.created", case=case, ring_s=self.offer_ring_s)
        return case

    async def customer_says(self, case: Json, text: str, *, told: bool = True) -> Json:
        """`told=False`: the desk's socket does not get to know."""
        turn = self.append(case, "customer", text)
        if told:
            await self.push("turn", case_id=case["id"], turn=turn)
        return turn

    def append(self, case: Json, author: str, text: str, **more: Any) -> Json:
        turns = self.turns[case["id"]]
        turn = made.turn(len(turns) + 1, author, text, at=made.ago(), **more)
        turns.append(turn)
        case["last_seq"] = turn["seq"]
        return turn

    async def cut(self) -> None:
        """The network breaks: sockets close and requests find nobody."""
        self.down = True
        for socket in list(self.sockets):
            await socket.close()

    def who(self, request: web.Request) -> Json:
        login = request.cookies.get(COOKIE, "")
        if login not in self.agents:
            raise ProblemError(401, "logged_out")
        return self.agents[login]


DESK = web.AppKey("desk", FakeDesk)


def of(request: web.Request) -> FakeDesk:
    return request.app[DESK]


def the_case(request: web.Request) -> Json:
    case = of(request).cases.get(request.match_info["id"])
    if case is None:
        raise ProblemError(404, "not_found")
    return case


async def fenced(request: web.Request) -> tuple[Json, Json]:
    case, body = the_case(request), await request.json()
    if body.get("fence") != case["fence"]:
        raise ProblemError(409, "stale_fence")
    return case, body


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    desk = of(request)
    desk.requests.append((request.method, request.path))
    if desk.down and request.path.startswith("/api"):
        if request.transport:
            request.transport.abort()
        return web.Response(status=503)
    try:
        if request.method != "GET" and request.path != "/api/v1/login":
            desk.who(request)
            if request.headers.get("X-CSRF-Token") != "csrf-1":
                raise ProblemError(403, "bad_csrf")
            if request.method == "POST" and not request.headers.get("Idempotency-Key"):
                raise ProblemError(400, "no_idempotency_key")
        return await handler(request)
    except ProblemError as problem:
        return web.json_response(
            problem.body, status=problem.status, content_type="application/problem+json"
        )
