"""Agents: who works at the desk, what they can do, and whether they are there now."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
import structlog
from sqlalchemy import ColumnElement, Row, and_, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.errors import ConflictError, NotFoundError
from frontline.ids import new_id
from handoff.agent_values import (
    DEFAULT_CAPACITY,
    LANGUAGES,
    Presence,
    Role,
    checked_capacity,
    checked_languages,
    checked_login,
    checked_name,
    checked_presence,
    checked_reason,
    checked_role,
    checked_skills,
    checked_subject,
    plain_login,
)
from handoff.desk_tables import agents, desk_sessions, presence_log

log = structlog.get_logger()

SEEN_WITHIN_S = 45
"""Whoever gave no sign of life for so long is not there, whatever they have set."""
LOST = "lost"
"""The reason of those who went offline because nothing was heard of them."""


class AgentExistsError(ConflictError):
    """Another agent has this log-in name, or this account at the provider."""

    code = "agent_exists"


class LastAdminError(ConflictError):
    """Without this one nobody could manage agents any more."""

    code = "last_admin"


class Agent(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who logs in at the desk."""

    id: str
    login: str
    name: str
    """What customers are shown."""
    role: Role
    languages: list[str]
    skills: dict[str, int]
    """Skill → highest level."""
    capacity: dict[str, int]
    """Channel → cases at once."""
    presence: Presence
    presence_reason: str | None
    presence_since: datetime
    active: bool
    """May log in and be given cases."""


class AgentChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change about an agent; what is None stays."""

    name: str | None = None
    role: str | None = None
    languages: list[str] | None = None
    skills: dict[str, int] | None = None
    capacity: dict[str, int] | None = None
    subject: str | None = None
    """The `sub` of their account at the OpenID Connect provider; empty = unbind it."""

    def checked(self) -> dict[str, Any]:
        """The columns to set.

        Raises:
            RefusedError: a value makes no sense; the message says which.
        """
        values: dict[str, Any] = {}
        if self.name is not None:
            values["name"] = checked_name(self.name)
        if self.role is not None:
            values["role"] = checked_role(self.role)
        if self.languages is not None:
            values["languages"] = checked_languages(self.languages)
        if self.skills is not None:
            values["skills"] = checked_skills(self.skills)
        if self.capacity is not None:
            values["capacity"] = checked_capacity(self.capacity)
        if self.subject is not None:
            values["subject"] = checked_subject(self.subject)
        return values


async def get(connection: AsyncConnection, agent_id: str) -> Agent:
    """The agent with this id, active or not.

    Raises:
        NotFoundError: there is none.
    """
    return agent_of(await _row(connection, agent_id))


async def find(connection: AsyncConnection, login: str) -> Agent | None:
    """The agent who logs in under this name, active or not."""
    wanted = select(agents).where(agents.c.login == plain_login(login))
    row = (await connection.execute(wanted)).one_or_none()
    return agent_of(row) if row else None


async def everyone(connection: AsyncConnection, *, active_only: bool = True) -> list[Agent]:
    """All agents by name."""
    wanted = select(agents).order_by(agents.c.name, agents.c.id)
    if active_only:
        wanted = wanted.where(agents.c.active)
    return [agent_of(row) for row in await connection.execute(wanted)]


async def create(
    connection: AsyncConnection,
    *,
    login: str,
    name: str,
    now: datetime,
    role: str = "agent",
    languages: Collection[str] = LANGUAGES,
    skills: Mapping[str, int] | None = None,
    capacity: Mapping[str, int] | None = None,
    subject: str = "",
    demo: bool = False,
) -> Agent:
    """Take somebody on. Without a password or a subject they cannot log in yet.

    Raises:
        RefusedError: a value makes no sense; the message says which.
        AgentExistsError: the log-in name or the subject is taken.
    """
    values = {
        "id": new_id(),
        "login": checked_login(login),
        "name": checked_name(name),
        "role": checked_role(role),
        "languages": checked_languages(languages),
        "skills": checked_skills(skills or {}),
        "capacity": checked_capacity(DEFAULT_CAPACITY if capacity is None else capacity),
        "subject": checked_subject(subject),
        "active": True,
        "demo": demo,
        "created_at": now,
        "presence": "offline",
        "presence_since": now,
    }
    try:
        async with connection.begin_nested():
            await connection.execute(insert(agents).values(values))
    except IntegrityError:
        raise AgentExistsError(f"there is an agent {values['login']} already") from None
    log.info("agent.created", agent_id=values["id"], role=role, demo=demo)
    return await get(connection, str(values["id"]))


async def ensure(connection: AsyncConnection, login: str, name: str, now: datetime) -> Agent:
    """The agent of this log-in name, taken on without a password if there is none."""
    login = re.sub(r"[^a-z0-9._@+-]+", "-", login.strip().lower())
    known = await find(connection, login)
    return known or await create(connection, login=login, name=name, now=now)


async def change(connection: AsyncConnection, agent_id: str, wanted: AgentChange) -> Agent:
    """Change what is given.

    Raises:
        NotFoundError: there is no such agent.
        RefusedError: a value makes no sense; the message says which.
        AgentExistsError: another agent has this subject.
        LastAdminError: the only admin would stop being one.
    """
    row = await _row(connection, agent_id, lock=True)
    values = wanted.checked()
    if values.get("role", row.role) != "admin":
        await _keep_an_admin(connection, row)
    if values:
        try:
            async with connection.begin_nested():
                await _set(connection, agent_id, **values)
        except IntegrityError:
            raise AgentExistsError("another agent has this subject") from None
        log.info("agent.changed", agent_id=agent_id, what=sorted(values))
    return await get(connection, agent_id)


async def deactivate(
    connection: AsyncConnection, agent_id: str, now: datetime, *, even_the_last: bool = False
) -> Agent:
    """Take the desk away from an agent at once: sessions end, and what they hold goes back.

    Args:
        connection: within a transaction that writes.
        agent_id: whom.
        now: when.
        even_the_last: although nobody could manage agents at the desk any more.

    Raises:
        NotFoundError: there is no such agent.
        LastAdminError: it is the only admin.
    """
    row = await _row(connection, agent_id, lock=True)
    if not even_the_last:
        await _keep_an_admin(connection, row)
    await set_presence(connection, agent_id, "offline", now)
    # Whoever was never seen counts as lost, so the dispatcher takes their cases back.
    await _set(connection, agent_id, active=False, seen_at=None)
    await connection.execute(delete(desk_sessions).where(desk_sessions.c.agent_id == agent_id))
    log.info("agent.deactivated", agent_id=agent_id)
    return await get(connection, agent_id)


async def activate(connection: AsyncConnection, agent_id: str) -> Agent:
    """Let an agent log in again.

    Raises:
        NotFoundError: there is no such agent.
    """
    await _row(connection, agent_id)
    await _set(connection, agent_id, active=True)
    log.info("agent.activated", agent_id=agent_id)
    return await get(connection, agent_id)


async def set_presence(
    connection: AsyncConnection,
    agent_id: str,
    presence: str,
    now: datetime,
    reason: str | None = None,
) -> Agent:
    """Write down that an agent is there or not; a change is logged, a repetition is not.

    Raises:
        NotFoundError: there is no such agent.
        RefusedError: no such presence, or a reason that is too long.
    """
    presence, reason = checked_presence(presence), checked_reason(reason)
    row = await _row(connection, agent_id, lock=True)
    if (row.presence, row.presence_reason) != (presence, reason):
        await _set(
            connection, agent_id, presence=presence, presence_reason=reason, presence_since=now
        )
        entry = {"agent_id": agent_id, "presence": presence, "reason": reason, "at": now}
        await connection.execute(insert(presence_log).values(entry))
    return await get(connection, agent_id)


async def touch(connection: AsyncConnection, agent_id: str, now: datetime) -> None:
    """A sign of life."""
    await _set(connection, agent_id, seen_at=now)


async def available(connection: AsyncConnection, now: datetime) -> list[Agent]:
    """Those who may be offered cases now; who has been available for longest comes first."""
    rows = await connection.execute(
        select(agents).where(_is_available(now)).order_by(agents.c.presence_since, agents.c.id)
    )
    return [agent_of(row) for row in rows]


async def lock_available(connection: AsyncConnection, agent_id: str, now: datetime) -> bool:
    """Whether this agent may be offered a case; if so nobody else offers one meanwhile."""
    found = select(agents.c.id).where(agents.c.id == agent_id, _is_available(now))
    return await connection.scalar(found.with_for_update()) is not None


def _is_available(now: datetime) -> ColumnElement[bool]:
    return and_(
        agents.c.active,
        agents.c.presence == "available",
        agents.c.seen_at > now - timedelta(seconds=SEEN_WITHIN_S),
    )


async def lost(connection: AsyncConnection, since: datetime) -> set[str]:
    """Ids of those who gave no sign of life since then, or never."""
    unseen = or_(agents.c.seen_at < since, agents.c.seen_at.is_(None))
    return set(await connection.scalars(select(agents.c.id).where(unseen)))


async def sign_off_lost(connection: AsyncConnection, since: datetime, now: datetime) -> list[Agent]:
    """Set those offline who have not been heard of since then; their reason is `LOST`."""
    unseen = or_(agents.c.seen_at < since, agents.c.seen_at.is_(None))
    wanted = select(agents.c.id).where(agents.c.presence != "offline", unseen)
    found = list(await connection.scalars(wanted.order_by(agents.c.id)))
    return [await set_presence(connection, one, "offline", now, LOST) for one in found]


def agent_of(row: Row[Any]) -> Agent:
    """The agent in a row of the table."""
    return Agent(**{name: getattr(row, name) for name in Agent.__struct_fields__})


async def _row(connection: AsyncConnection, agent_id: str, *, lock: bool = False) -> Row[Any]:
    wanted = select(agents).where(agents.c.id == agent_id)
    row = (await connection.execute(wanted.with_for_update() if lock else wanted)).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no agent {agent_id}")
    return row


async def _set(connection: AsyncConnection, agent_id: str, **values: Any) -> None:
    await connection.execute(update(agents).where(agents.c.id == agent_id).values(values))


async def _keep_an_admin(connection: AsyncConnection, row: Row[Any]) -> None:
    if row.role != "admin" or not row.active:
        return
    admins = select(agents.c.id).where(agents.c.role == "admin", agents.c.active)
    if set(await connection.scalars(admins.with_for_update())) == {row.id}:
        raise LastAdminError("this is the only admin; make another one first")
