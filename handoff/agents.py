"""STUB; replaced."""
# mypy: ignore-errors
# ruff: noqa

from datetime import timedelta
import msgspec
from sqlalchemy import select, insert, update
from frontline.ids import new_id
from handoff.desk_tables import agents


class Agent(msgspec.Struct, frozen=True):
    id: str
    login: str
    name: str
    role: str
    languages: list[str]
    skills: dict[str, int]
    capacity: dict[str, int]
    presence: str


def _of(r):
    return Agent(r.id, r.login, r.name, r.role, r.languages, r.skills, r.capacity, r.presence)


async def available(connection, now):
    rows = await connection.execute(
        select(agents)
        .where(
            agents.c.active,
            agents.c.presence == "available",
            agents.c.seen_at > now - timedelta(seconds=45),
        )
        .order_by(agents.c.presence_since)
    )
    return [_of(r) for r in rows]


async def lost(connection, since):
    rows = await connection.execute(
        select(agents.c.id).where((agents.c.seen_at < since) | agents.c.seen_at.is_(None))
    )
    return set(rows.scalars())


async def touch(connection, agent_id, now):
    await connection.execute(update(agents).where(agents.c.id == agent_id).values(seen_at=now))


async def ensure(connection, login, name, now):
    row = (await connection.execute(select(agents).where(agents.c.login == login))).one_or_none()
    if row is None:
        await connection.execute(
            insert(agents).values(
                id=new_id(),
                login=login,
                name=name,
                role="agent",
                languages=["pl", "en"],
                skills={"complaints": 1},
                capacity={"chat": 3, "voice": 1},
                active=True,
                demo=False,
                created_at=now,
                presence="offline",
                presence_since=now,
                seen_at=now,
            )
        )
        row = (await connection.execute(select(agents).where(agents.c.login == login))).one()
    return _of(row)
