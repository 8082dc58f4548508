"""The part of the fake desk that agents use: log-in, queue, cases, socket."""

import json
from typing import Any

from aiohttp import WSMsgType, web

from tests.desk_ui import fake_cases as made
from tests.desk_ui.fake_state import (
    COOKIE,
    PASSWORD,
    FakeDesk,
    Json,
    ProblemError,
    fenced,
    of,
    the_case,
)

routes = web.RouteTableDef()


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
    held = queue_of(of(request), agent)["mine"]
    if body["presence"] == "offline" and held and not body["force"]:
        raise ProblemError(409, "holds_cases")
    for case in held if body["force"] else ():
        of(request).change(case, state="queued", agent_id=None)
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
