"""STUB; replaced."""
# mypy: ignore-errors
# ruff: noqa

import json
from typing import Any
import msgspec
from frontline.redis import Redis
from handoff.case import Case, Route, CaseState


class Seat(msgspec.Struct, frozen=True):
    agent_id: str
    routes: tuple[Route, ...]
    capacity: dict[str, int]


class Offer(msgspec.Struct, frozen=True):
    case_id: str
    fence: int


K = "{q:main}:stub"


class CaseQueue:
    def __init__(self, redis: Redis) -> None:
        self._r = redis

    async def put(self, case: Case, *, hold_s=None):
        async with self._r.commands() as c:
            old = await c.hget(K, case.id)
            if old and json.loads(old)["rev"] > case.rev:
                return False
            await c.hset(
                K,
                case.id,
                json.dumps(
                    {
                        "rev": case.rev,
                        "state": case.state,
                        "due": case.due_at.timestamp(),
                        "route": str(case.route),
                        "fence": case.fence,
                    }
                ),
            )
        return True

    async def mend_one(self, case):
        return await self.put(case)

    async def offer(self, seat, *, ring_s=20):
        async with self._r.commands() as c:
            best = None
            routes = {str(r) for r in seat.routes}
            for i, raw in (await c.hgetall(K)).items():
                d = json.loads(raw)
                if (
                    d["state"] == "queued"
                    and d["route"] in routes
                    and (best is None or (d["due"], i) < best[0])
                ):
                    best = ((d["due"], i), d)
            if not best:
                return None
            d = best[1]
            i = best[0][1]
            d["state"] = "offered"
            await c.hset(K, i, json.dumps(d))
            return Offer(i, d["fence"] + 1)

    async def heartbeat(self, agent_id, held, *, lease_s=45):
        return set()

    async def exclude(self, case_id, agent_id, seconds):
        pass

    async def waiting(self):
        async with self._r.commands() as c:
            rows = [(i, json.loads(raw)) for i, raw in (await c.hgetall(K)).items()]
            return [i for _, i in sorted((d["due"], i) for i, d in rows if d["state"] == "queued")]

    async def mend(self, open_cases):
        n = 0
        async with self._r.commands() as c:
            for case in open_cases:
                old = await c.hget(K, case.id)
                if not old or json.loads(old)["rev"] != case.rev:
                    n += 1
                    await self.put(case)
        return n
