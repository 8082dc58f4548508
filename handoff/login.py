"""Logging in at the desk: who somebody is, for how long, and what they may do.

The browser holds a random token in a cookie, the database only its SHA-256, so that nobody who
reads the database can log in with it. Every request looks the session up with its agent: a
deactivated agent, a changed role or an ended session counts from the next request on.
"""

import hmac
import ipaddress
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec
import structlog
from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.clock import Clock
from frontline.database import Database
from frontline.errors import NotFoundError, RefusedError
from frontline.limits import RateLimit
from frontline.settings import Settings
from handoff.agent_values import plain_login
from handoff.agents import Agent, agent_of, set_presence
from handoff.desk_tables import agents, desk_sessions
from handoff.passwords import Passwords, check_policy

log = structlog.get_logger()

TOKEN_BYTES = 32
TOKEN_LETTERS = 43
"""Of a token in URL-safe base 64."""
MOST_HOMES = 10_000
"""Names with the networks they have logged in from, remembered while the process runs."""
TOUCHED_EVERY_S = 60
"""How exactly we know when a session was last used."""


class BadLoginError(RefusedError):
    """No such agent, a wrong password, or an agent who may not log in: which, is not said."""

    code = "bad_login"


class LoggedOutError(RefusedError):
    """There is no session, or it has ended."""

    code = "logged_out"


class BadCsrfError(RefusedError):
    """The request does not carry its session's CSRF token."""

    code = "bad_csrf"


class ForbiddenError(RefusedError):
    """The agent's role does not allow this."""

    code = "forbidden"


class Session(msgspec.Struct, frozen=True):
    """An agent who is logged in."""

    id: str
    """SHA-256 of the token; harmless to show in logs."""
    agent: Agent
    csrf: str
    """To be sent as `X-CSRF-Token` with everything that changes something."""
    expires_at: datetime

    def check_csrf(self, sent: str | None) -> None:
        """Was the request made by our page?

        Raises:
            BadCsrfError: it was not.
        """
        octets = (sent or "").encode("utf-8", "surrogatepass")  # a header may hold any octet
        if not hmac.compare_digest(octets, self.csrf.encode()):
            raise BadCsrfError("the request lacks its token; load the page again")

    def require(self, *roles: str) -> None:
        """Does the agent have one of these roles?

        Raises:
            ForbiddenError: they do not.
        """
        if self.agent.role not in roles:
            raise ForbiddenError("your role does not allow this")


class Entry(msgspec.Struct, frozen=True):
    """A session that has just begun; the token is known nowhere else."""

    token: str
    session: Session


class Attempts:
    """How often somebody may try a password. What succeeds does not count.

    A name is also limited from everywhere at once, against guessing by many machines. So that
    these cannot lock an agent out, that limit spares networks from which the name has logged in.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._pairs = RateLimit(10, 300, clock=clock)
        self._networks = RateLimit(60, 300, clock=clock)
        self._names = RateLimit(100, 3600, clock=clock)
        self._homes: OrderedDict[str, None] = OrderedDict()

    def take(self, login: str, address: str) -> Callable[[], None]:
        """Count a try; call what is returned when it succeeded.

        Raises:
            TooManyError: too often for this name, from this network or both.
        """
        place = network(address)
        pair = f"{place} {login}"
        counted = [(self._pairs, pair), (self._networks, place)]
        if pair not in self._homes:
            counted.append((self._names, login))
        for limit, key in counted:
            limit.take(key)

        def succeeded() -> None:
            for limit, key in counted:
                limit.give_back(key)
            self._homes[pair] = None
            self._homes.move_to_end(pair)
            if len(self._homes) > MOST_HOMES:
                self._homes.popitem(last=False)

        return succeeded


class Login:
    """Sessions of agents."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        passwords: Passwords,
        *,
        idle: timedelta,
        longest: timedelta,
        demo: bool,
        attempts: Attempts | None = None,
    ) -> None:
        """A session ends when idle for `idle`, at the latest after `longest`.

        With `demo`, demo agents may log in too.
        """
        self._database = database
        self._clock = clock
        self._passwords = passwords
        self._idle = idle
        self._longest = longest
        self._demo = demo
        self._attempts = attempts or Attempts()

    async def log_in(self, login: str, password: str, address: str) -> Entry:
        """Begin a session with a password.

        Raises:
            BadLoginError: refused, without saying why.
            TooManyError: tried too often.
        """
        name = plain_login(login)
        succeeded = self._attempts.take(name, address)
        async with self._database.read() as connection:
            row = await self._admitted(connection, agents.c.login == name)
        kept: str | None = row.password if row else None
        right = await self._passwords.matches(password, kept)
        if row is None or kept is None or not right:
            log.warning("login.refused", agent_id=row.id if row else None, pii_address=address)
            raise BadLoginError("the name or the password is wrong")
        fresh = await self._passwords.hash(password) if self._passwords.outdated(kept) else kept
        async with self._database.write() as connection:
            entry = await self._begin(connection, row.id, kept)
            if fresh != kept:
                await keep_password(connection, row.id, fresh)
        succeeded()
        return entry

    async def admit(self, agent_id: str) -> Entry:
        """Begin a session for somebody whom another authority has identified.

        Raises:
            BadLoginError: there is no such active agent.
        """
        async with self._database.write() as connection:
            return await self._begin(connection, agent_id, None)

    async def session(self, token: str | None, *, touch: bool = True) -> Session:
        """The session of a token.

        Args:
            token: what the cookie holds.
            touch: the agent does something now; False for what their browser does by itself.

        Raises:
            LoggedOutError: forged, expired, ended, or the agent is not active any more.
        """
        found = _digest(token)
        now = self._clock.now()
        async with self._database.read() as connection:
            row = await self._session_row(connection, found, now)
        if row is None:
            raise LoggedOutError("log in again")
        if touch and row.touched_at < now - timedelta(seconds=TOUCHED_EVERY_S):
            async with self._database.write() as connection:
                await connection.execute(
                    update(desk_sessions)
                    .where(desk_sessions.c.token_hash == found)
                    .values(seen_at=now)
                )
        return Session(found, agent_of(row), row.csrf, row.expires_at)

    async def log_out(self, token: str | None) -> None:
        """End the session, if there is one; after the last one the agent is offline."""
        async with self._database.write() as connection:
            mine = desk_sessions.c.token_hash == _digest(token)
            agent_id = await connection.scalar(select(desk_sessions.c.agent_id).where(mine))
            if agent_id is None:
                return
            await connection.execute(delete(desk_sessions).where(mine))
            left = select(func.count()).where(
                desk_sessions.c.agent_id == agent_id, self._alive(self._clock.now())
            )
            if not await connection.scalar(left):
                await set_presence(connection, agent_id, "offline", self._clock.now())
        log.info("login.ended", agent_id=agent_id)

    async def set_password(self, agent_id: str, password: str) -> None:
        """Give an agent a password; all their sessions end.

        Raises:
            NotFoundError: there is no such agent.
            WeakPasswordError: it is not good enough.
        """
        async with self._database.read() as connection:
            wanted = select(agents.c.login).where(agents.c.id == agent_id)
            login = await connection.scalar(wanted)
        if login is None:
            raise NotFoundError(f"there is no agent {agent_id}")
        check_policy(password, login)
        kept = await self._passwords.hash(password)
        async with self._database.write() as connection:
            await keep_password(connection, agent_id, kept)
            await end_sessions(connection, agent_id)
        log.info("login.password_set", agent_id=agent_id)

    async def change_password(self, session: Session, old: str, new: str, address: str) -> Entry:
        """Let agents change their own password; all their sessions end and a new one begins.

        Raises:
            BadLoginError: the old one is wrong.
            WeakPasswordError: the new one is not good enough.
            TooManyError: tried too often.
        """
        agent = session.agent
        check_policy(new, agent.login)
        succeeded = self._attempts.take(agent.login, address)
        async with self._database.read() as connection:
            row = await self._admitted(connection, agents.c.id == agent.id)
        if row is None or not await self._passwords.matches(old, row.password):
            raise BadLoginError("the password is wrong")
        succeeded()
        await self.set_password(agent.id, new)
        return await self.admit(agent.id)

    async def sweep(self) -> int:
        """Forget sessions that have expired; returns how many."""
        async with self._database.write() as connection:
            over = ~self._alive(self._clock.now())
            return (await connection.execute(delete(desk_sessions).where(over))).rowcount

    async def _begin(self, connection: AsyncConnection, agent_id: str, kept: str | None) -> Entry:
        """A new session, unless the agent's password has changed since it was checked."""
        row = await self._admitted(connection, agents.c.id == agent_id)
        if row is None or (kept is not None and row.password != kept):
            raise BadLoginError("the name or the password is wrong")
        token, csrf = secrets.token_urlsafe(TOKEN_BYTES), secrets.token_urlsafe(TOKEN_BYTES)
        now = self._clock.now()
        session = Session(_digest(token), agent_of(row), csrf, now + self._longest)
        await connection.execute(
            insert(desk_sessions).values(
                token_hash=session.id,
                agent_id=agent_id,
                csrf=csrf,
                created_at=now,
                seen_at=now,
                expires_at=session.expires_at,
            )
        )
        log.info("login.began", agent_id=agent_id)
        return Entry(token, session)

    async def _admitted(self, connection: AsyncConnection, condition: Any) -> Row[Any] | None:
        """The agent, if they may log in."""
        wanted = select(agents).where(condition, *self._welcome())
        return (await connection.execute(wanted)).one_or_none()

    async def _session_row(
        self, connection: AsyncConnection, found: str, now: datetime
    ) -> Row[Any] | None:
        wanted = (
            select(
                agents,
                desk_sessions.c.csrf,
                desk_sessions.c.expires_at,
                desk_sessions.c.seen_at.label("touched_at"),
            )
            .join(desk_sessions, desk_sessions.c.agent_id == agents.c.id)
            .where(desk_sessions.c.token_hash == found, self._alive(now), *self._welcome())
        )
        return (await connection.execute(wanted)).one_or_none()

    def _welcome(self) -> tuple[Any, ...]:
        return (agents.c.active, agents.c.demo.in_([False, self._demo]))

    def _alive(self, now: datetime) -> Any:
        return (desk_sessions.c.expires_at > now) & (desk_sessions.c.seen_at > now - self._idle)


def make_login(settings: Settings, database: Database, clock: Clock, passwords: Passwords) -> Login:
    """The log-in that the settings describe."""
    return Login(
        database,
        clock,
        passwords,
        idle=timedelta(hours=settings.desk_idle_hours),
        longest=timedelta(hours=settings.desk_session_hours),
        demo=settings.demo,
    )


async def keep_password(connection: AsyncConnection, agent_id: str, kept: str) -> None:
    """Write an agent's hashed password down."""
    await connection.execute(update(agents).where(agents.c.id == agent_id).values(password=kept))


async def end_sessions(connection: AsyncConnection, agent_id: str) -> None:
    """Log an agent out everywhere."""
    await connection.execute(delete(desk_sessions).where(desk_sessions.c.agent_id == agent_id))


def network(address: str) -> str:
    """What one customer of an internet provider has: an IPv4 address or an IPv6 /64."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def _digest(token: str | None) -> str:
    """What the database knows of a token; of what cannot be one, nothing that is in it."""
    if token is None or len(token) != TOKEN_LETTERS:
        return ""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
