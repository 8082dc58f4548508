"""The live queue in Redis: an index over the cases that SQL says are waiting.

Keys, all under the hash tag `{q:main}`:
    {q:main}:r:<route>   sorted set, case id -> due time in ms; earliest due is served first
    {q:main}:routes      set of routes that have had a case
"""

from collections.abc import Iterable
from typing import cast

from frontline.ids import CaseId
from frontline.redis import Redis
from handoff.case import Case

ROUTES = "{q:main}:routes"


def _key(route: str) -> str:
    return "{q:main}:r:" + route


def _score(case: Case) -> float:
    return case.due_at.timestamp() * 1000


class CaseQueue:
    """Waiting cases by route. Every call may raise `UnavailableError`."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def put(self, case: Case) -> None:
        """Let a case wait at the place its due time gives it; putting it again changes nothing."""
        async with self._redis.commands() as client:
            await client.sadd(ROUTES, case.route)
            await client.zadd(_key(case.route), {case.id: _score(case)})

    async def remove(self, case: Case) -> None:
        """The case does not wait any more."""
        async with self._redis.commands() as client:
            await client.zrem(_key(case.route), case.id)

    async def waiting(self) -> list[str]:
        """Ids of all waiting cases, earliest due first."""
        async with self._redis.commands() as client:
            found: list[tuple[float, str]] = []
            for route in sorted(cast(set[str], await client.smembers(ROUTES))):
                rows = await client.zrange(_key(route), 0, -1, withscores=True)
                found += [(score, name) for name, score in cast(list[tuple[str, float]], rows)]
        return [case_id for _, case_id in sorted(found)]

    async def mend(self, queued: Iterable[Case]) -> int:
        """Make Redis agree with SQL's queued cases; returns how many entries were wrong."""
        wanted = {case.id: case for case in queued}
        wrong = 0
        known: set[str] = set()
        async with self._redis.commands() as client:
            for route in sorted(cast(set[str], await client.smembers(ROUTES))):
                for case_id in cast(list[CaseId], await client.zrange(_key(route), 0, -1)):
                    case = wanted.get(case_id)
                    if case is None or case.route != route:
                        await client.zrem(_key(route), case_id)
                        wrong += 1
                    else:
                        known.add(case_id)
        for case_id, case in wanted.items():
            if case_id not in known:
                await self.put(case)
                wrong += 1
        return wrong
