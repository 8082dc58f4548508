"""A small desk server that speaks the contract: what the pages are tried against."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

from tests.desk_ui import fake_cases as made

PAGES = Path(__file__).parents[2] / "web" / "dist" / "desk"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' blob: data:; font-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
COOKIE = "frontline_desk"
PASSWORD = "tajne-haslo"

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
routes = web.RouteTableDef()


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


@routes.post("/api/v1/login")
async def login(request: web.Request) -> web.Response:
    body = await request.json()
    agent = of(request).agents.get(body["login"])
    if agent is None or body["password"] != PASSWORD:
        raise ProblemError(401, "bad_login")
    answer = web.json_response({"agent": agent, "csrf": "csrf-1"})
    answer.set_cookie(COOKIE, agent["login"], httponly=True, samesite="Strict")
    return answer


@routes.post("/api/v1/logout")
async def logout(request: web.Request) -> web.Response:
    answer = web.Response(status=204)
    answer.del_cookie(COOKIE)
    return answer


@routes.get("/api/v1/me")
async def me(request: web.Request) -> web.Response:
    agent = of(request).who(request)
    return web.json_response(
        {"agent": agent, "csrf": "csrf-1", "oidc": False, "settings": made.SETTINGS}
    )


@routes.put("/api/v1/me/presence")
async def presence(request: web.Request) -> web.Response:
    agent, body = of(request).who(request), await request.json()
    agent.update(
        presence=body["presence"], presence_reason=body["reason"], presence_since=made.ago()
    )
    await of(request).push("presence", agent=agent)
    return web.json_response(agent)


@routes.put("/api/v1/me/language")
async def desk_language(request: web.Request) -> web.Response:
    return web.Response(status=204)


def queue_of(desk: FakeDesk, agent: Json) -> Json:
    mine = [c for c in desk.cases.values() if c["agent_id"] == agent["id"]]
    waiting = [c for c in desk.cases.values() if c["state"] == "queued"]
    lines: dict[str, int] = {}
    for case in waiting:
        name = f"{case['language']}|{case['skill']}|{case['channel']}|{case['level']}"
        lines[name] = lines.get(name, 0) + 1
    return {
        "degraded": desk.degraded,
        "lines": [{"route": r, "waiting": n, "longest_wait_s": 240} for r, n in lines.items()],
        "offers": [c for c in mine if c["state"] == "offered"],
        "mine": [c for c in mine if c["state"] in ("active", "on_hold", "wrap_up")],
        "waiting": waiting,
    }


@routes.get("/api/v1/queue")
async def queue(request: web.Request) -> web.Response:
    return web.json_response(queue_of(of(request), of(request).who(request)))


@routes.get("/api/v1/cases")
async def cases(request: web.Request) -> web.Response:
    found = list(of(request).cases.values())
    for name in ("state", "kind"):
        if name in request.query:
            found = [c for c in found if c[name] == request.query[name]]
    if "q" in request.query:
        word = request.query["q"].lower()
        found = [c for c in found if word in (c["number"] + c["summary_line"]).lower()]
    return web.json_response({"items": found, "next": None})


@routes.get("/api/v1/cases/{id}")
async def case_card(request: web.Request) -> web.Response:
    desk, case = of(request), the_case(request)
    history = [c for c in desk.cases.values() if c["state"] == "closed" and c["id"] != case["id"]]
    card = made.card(case, history[:2])
    card["draft"] = desk.drafts.get(case["id"], "")
    card["notes"] += desk.notes.get(case["id"], [])
    card["identity"]["checks"] = desk.checks.get(case["id"], [])
    return web.json_response(card)


@routes.get("/api/v1/cases/{id}/turns")
async def turns(request: web.Request) -> web.Response:
    after = int(request.query.get("after", 0))
    found = [t for t in of(request).turns[the_case(request)["id"]] if t["seq"] > after]
    return web.json_response({"turns": found})


@routes.get("/api/v1/cases/{id}/events")
async def case_events(request: web.Request) -> web.Response:
    return web.json_response({"events": made.events(the_case(request)), "intact": True})


@routes.get("/api/v1/cases/{id}/suggestions")
async def suggestions(request: web.Request) -> web.Response:
    return web.json_response({"items": made.SUGGESTIONS})


@routes.post("/api/v1/cases/{id}/messages")
async def message(request: web.Request) -> web.Response:
    desk = of(request)
    case, body = await fenced(request)
    known = [t for t in desk.turns[case["id"]] if t["client_id"] == body["client_id"]]
    if known:
        return web.json_response(known[0])
    missed = [t for t in desk.turns[case["id"]] if t["seq"] > body["last_seen_seq"]]
    if any(t["author"] == "customer" for t in missed):
        raise ProblemError(409, "missed", missed=missed)
    said = {"name": "Ania (demo)", "client_id": body["client_id"]}
    turn = desk.append(case, "agent", body["text"], **said)
    await desk.push("turn", case_id=case["id"], turn=turn)
    return web.json_response(turn)


@routes.post("/api/v1/cases/{id}/notes")
async def note(request: web.Request) -> web.Response:
    desk, case, body = of(request), the_case(request), await request.json()
    made_note = {"id": f"N{len(desk.requests)}", "agent": "Ania (demo)", "text": body["text"]}
    desk.notes.setdefault(case["id"], []).append({**made_note, "at": made.ago()})
    return web.json_response(made_note)


@routes.put("/api/v1/cases/{id}/draft")
async def draft(request: web.Request) -> web.Response:
    of(request).drafts[the_case(request)["id"]] = (await request.json())["text"]
    return web.Response(status=204)


@routes.post("/api/v1/cases/{id}/identity")
async def identity(request: web.Request) -> web.Response:
    check = {**await request.json(), "at": made.ago(), "agent": "Ania (demo)"}
    of(request).checks.setdefault(the_case(request)["id"], []).append(check)
    return web.json_response(check)


@routes.post("/api/v1/cases/{id}/legal-answer")
async def legal_answer(request: web.Request) -> web.Response:
    case, body = the_case(request), await request.json()
    legal = {**case["legal"], **body, "answered_at": made.ago()}
    return web.json_response(of(request).change(case, legal=legal))


MOVES: dict[str, Json] = {
    "accept": {"state": "active"},
    "decline": {"state": "queued", "agent_id": None},
    "claim": {"state": "active"},
    "hold": {"state": "on_hold"},
    "resume": {"state": "active"},
    "transfer": {"state": "queued", "agent_id": None},
    "return": {"state": "bot", "agent_id": None},
    "wrap-up": {"state": "wrap_up"},
    "close": {"state": "closed", "agent_id": None},
    "callback": {"state": "callback_scheduled", "agent_id": None},
    "reopen": {"state": "queued"},
    "reassign": {"state": "offered"},
}


@routes.post("/api/v1/cases/{id}/{move}")
async def move(request: web.Request) -> web.Response:
    desk, name = of(request), request.match_info["move"]
    if name not in MOVES:
        raise ProblemError(404, "not_found")
    case, body = the_case(request), await request.json()
    if name in ("reopen", "reassign"):
        if request.headers.get("If-Match") != f'"{case["rev"]}"':
            raise ProblemError(412, "changed")
    elif name != "claim":
        await fenced(request)
    values = dict(MOVES[name])
    if name in ("accept", "claim"):
        values |= {"agent_id": desk.who(request)["id"], "answered_at": made.ago()}
    if name == "callback":
        values["callback"] = {key: body[key] for key in ("phone", "from", "to")}
    if name == "close":
        desk.closed.append(body)
    desk.change(case, **values)
    await desk.push("case.updated", case=case)
    return web.json_response(case)


@routes.get("/api/v1/knowledge")
async def knowledge(request: web.Request) -> web.Response:
    word = request.query["q"].lower()[:5]
    found = [one for one in made.ARTICLES if word in (one["title"] + one["text"]).lower()]
    return web.json_response({"items": found})


@routes.get("/api/v1/canned")
async def canned(request: web.Request) -> web.Response:
    wanted = request.query.get("language")
    found = [one for one in of(request).canned if wanted in (None, one["language"])]
    return web.json_response({"items": found})


@routes.put("/api/v1/canned/{id}")
async def put_canned(request: web.Request) -> web.Response:
    desk, body = of(request), await request.json()
    told = {"id": request.match_info["id"], **body}
    desk.canned = [one for one in desk.canned if one["id"] != told["id"]] + [told]
    return web.json_response(told)


@routes.delete("/api/v1/canned/{id}")
async def delete_canned(request: web.Request) -> web.Response:
    desk = of(request)
    desk.canned = [one for one in desk.canned if one["id"] != request.match_info["id"]]
    return web.Response(status=204)


@routes.get("/api/v1/agents")
async def agents(request: web.Request) -> web.Response:
    return web.json_response(list(of(request).agents.values()))


@routes.post("/api/v1/agents")
async def new_agent(request: web.Request) -> web.Response:
    body = await request.json()
    body.pop("password", None)
    told = made.agent(body["login"], body["name"], body["role"])
    of(request).agents[body["login"]] = told | body
    return web.json_response(told | body, status=201)


@routes.patch("/api/v1/agents/{id}")
async def change_agent(request: web.Request) -> web.Response:
    body = await request.json()
    body.pop("password", None)
    found = [a for a in of(request).agents.values() if a["id"] == request.match_info["id"]]
    found[0].update(body)
    return web.json_response(found[0])


@routes.get("/api/v1/wall")
async def wall(request: web.Request) -> web.Response:
    desk = of(request)
    told = []
    for line in queue_of(desk, desk.who(request))["lines"]:
        language, skill, channel, level = line["route"].split("|")
        names = {"language": language, "skill": skill, "channel": channel, "level": int(level)}
        told.append({**line, **names, "at_risk": 1, "breached": 0})
    held = {
        a["id"]: [
            c["id"]
            for c in desk.cases.values()
            if c["agent_id"] == a["id"] and c["state"] != "closed"
        ]
        for a in desk.agents.values()
    }
    return web.json_response(
        {
            "at": made.ago(),
            "degraded": desk.degraded,
            "lines": told,
            "agents": [
                {**a, "load": {"chat": len(held[a["id"]]), "voice": 0}, "cases": held[a["id"]]}
                for a in desk.agents.values()
            ],
            "bot": {"conversations_now": 17, "contained_today": 231},
            "today": {
                "queued": 84,
                "answered": 78,
                "abandoned": 3,
                "service_level": 84.5,
                "asa_s": 37,
            },
        }
    )


@routes.get("/api/v1/legal/board")
async def legal_board(request: web.Request) -> web.Response:
    found = [c for c in of(request).cases.values() if c["legal"] and not c["legal"]["answered_at"]]
    items = [
        {"case": c, "days_left": 3, "due": c["legal"]["due"], "regime": c["legal"]["regime"]}
        for c in found
    ]
    return web.json_response({"items": items})


@routes.get("/api/v1/reports")
async def reports(request: web.Request) -> web.Response:
    return web.json_response({"kpis": made.KPIS})


@routes.get("/api/v1/reports/{kpi}")
async def one_report(request: web.Request) -> web.Response:
    return web.json_response(
        made.report(request.match_info["kpi"], request.query.get("group_by", "day"))
    )


@routes.get("/api/v1/socket")
async def socket(request: web.Request) -> web.WebSocketResponse:
    desk, agent = of(request), of(request).who(request)
    answer = web.WebSocketResponse()
    await answer.prepare(request)
    try:
        async for message in answer:
            if message.type is not WSMsgType.TEXT:
                continue
            frame = json.loads(message.data)
            await hear(desk, agent, answer, frame)
    finally:
        desk.sockets.discard(answer)
    return answer


async def hear(desk: FakeDesk, agent: Json, socket: web.WebSocketResponse, frame: Json) -> None:
    async def say(kind: str, **data: Any) -> None:
        await socket.send_json({"v": 1, "type": kind, "data": data})

    match frame["type"]:
        case "hello":
            desk.hellos.append(frame["data"])
            desk.sockets.add(socket)
            await say("hello", agent=agent, csrf="csrf-1")
            for case in desk.cases.values():
                if case["state"] == "offered" and case["agent_id"] == agent["id"]:
                    await say("offer.created", case=case, ring_s=desk.offer_ring_s)
        case "heartbeat":
            desk.heartbeats.append(frame["data"]["cases"])
        case "typing":
            desk.typed.append(frame["data"])
        case "ping":
            await say("pong")


async def page(request: web.Request) -> web.FileResponse:
    name = "wall.html" if request.path == "/wall" else "index.html"
    return web.FileResponse(PAGES / name, headers={"Content-Security-Policy": CSP})


def make_app(desk: FakeDesk) -> web.Application:
    app = web.Application(middlewares=[guard])
    app[DESK] = desk
    app.add_routes(routes)
    app.router.add_get("/", page)
    app.router.add_get("/wall", page)
    app.router.add_static("/", PAGES)
    return app


@asynccontextmanager
async def running_desk() -> AsyncIterator[tuple[FakeDesk, str]]:
    """A desk on a port of its own."""
    if not (PAGES / "index.html").exists():
        raise RuntimeError("the pages are not built: npm run build in web/")
    desk = FakeDesk()
    runner = web.AppRunner(make_app(desk), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        host, port = runner.addresses[0][:2]
        yield desk, f"http://{host}:{port}"
    finally:
        for socket in list(desk.sockets):
            await asyncio.wait_for(socket.close(), 5)
        await runner.cleanup()
