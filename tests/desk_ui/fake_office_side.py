"""The part of the fake desk that supervisors and editors use, and what agents look up."""

from aiohttp import web

from tests.desk_ui import fake_cases as made
from tests.desk_ui.fake_agents_side import queue_of
from tests.desk_ui.fake_state import of

routes = web.RouteTableDef()


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
