"""Logging in with the company's own accounts: OpenID Connect, authorisation code with PKCE.

Between the two steps the browser keeps what belongs together (state, nonce, code verifier) in a
signed cookie for ten minutes; so any process can finish what another one began. Each state is
good for one log-in.
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import msgspec
import structlog
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select

from frontline.clock import Clock
from frontline.database import Database
from frontline.errors import SettingsError
from frontline.limits import RateLimit
from frontline.settings import Settings
from handoff import agents
from handoff.agents import AgentChange
from handoff.desk_tables import agents as agents_table
from handoff.idempotency import Idempotency
from handoff.login import Entry, Login, network
from handoff.oidc_provider import Client, Identity, OidcRefusedError, Provider

log = structlog.get_logger()

CALLBACK_PATH = "/api/v1/oidc/callback"
"""To be registered with the provider, after the desk's address."""
COOKIE_S = 600
LONGEST_CODE = 4096


class Begun(msgspec.Struct, frozen=True):
    """The first step of a log-in."""

    url: str
    """Where to send the browser."""
    cookie: str
    """What it must bring back, within `COOKIE_S`."""


class _Flow(msgspec.Struct, frozen=True):
    state: str
    nonce: str
    verifier: str
    until: float


class Oidc:
    """Log-ins with the provider of the settings."""

    def __init__(
        self,
        provider: Provider,
        database: Database,
        clock: Clock,
        login: Login,
        *,
        key: bytes,
        begins: RateLimit | None = None,
    ) -> None:
        self._provider = provider
        self._database = database
        self._clock = clock
        self._login = login
        self._used = Idempotency(database, clock)
        self._signer = URLSafeSerializer(
            key, salt="oidc-log-in", signer_kwargs={"digest_method": sha256}
        )
        self._begins = begins or RateLimit(60, 60)

    async def begin(self, address: str) -> Begun:
        """Start a log-in.

        Raises:
            TooManyError: too many from this network.
            UnavailableError: the provider does not answer.
        """
        self._begins.take(network(address))
        until = self._clock.now() + timedelta(seconds=COOKIE_S)
        flow = _Flow(_random(), _random(), _random(), until.timestamp())
        challenge = urlsafe_b64encode(sha256(flow.verifier.encode()).digest()).rstrip(b"=")
        url = await self._provider.authorization_url(flow.state, flow.nonce, challenge.decode())
        return Begun(url, str(self._signer.dumps(msgspec.to_builtins(flow))))

    async def finish(self, answer: Mapping[str, str], cookie: str | None) -> Entry:
        """Begin the session of whoever comes back from the provider.

        Args:
            answer: the query that the provider has sent the browser back with.
            cookie: what `begin` gave it.

        Raises:
            OidcRefusedError: it is not the answer to this browser's question, or was given
                before, or the provider refuses, or nobody here has that account.
            BadLoginError: the agent may not log in.
            UnavailableError: the provider does not answer.
        """
        flow = self._flow(cookie)
        state = answer.get("state", "")
        if not hmac.compare_digest(state.encode("utf-8", "surrogatepass"), flow.state.encode()):
            raise OidcRefusedError("this log-in was not begun here")
        if not self._provider.is_issuer(answer.get("iss", "")) and "iss" in answer:
            raise OidcRefusedError("another provider answers")
        if not await self._used.first("oidc", sha256(flow.state.encode()).hexdigest()):
            raise OidcRefusedError("this log-in was finished before; begin again")
        code = answer.get("code", "")
        if "error" in answer or not 0 < len(code) <= LONGEST_CODE:
            log.warning("oidc.refused", error=answer.get("error", "")[:40])
            raise OidcRefusedError("the provider refuses this log-in")
        identity = await self._provider.identify(code, flow.verifier, flow.nonce)
        return await self._login.admit(await self._agent(identity))

    async def close(self) -> None:
        """Give the connections back."""
        await self._provider.close()

    def _flow(self, cookie: str | None) -> _Flow:
        """What we gave the browser, if it is still good."""
        try:
            flow = msgspec.convert(self._signer.loads((cookie or "")[:2048]), _Flow)
        except (BadData, msgspec.ValidationError, UnicodeEncodeError):
            raise OidcRefusedError("this log-in was not begun here") from None
        if flow.until <= self._clock.now().timestamp():
            raise OidcRefusedError("this took too long; begin again")
        return flow

    async def _agent(self, identity: Identity) -> str:
        """The agent with this account; at first use, the one whose log-in name is its e-mail.

        Nobody is taken on here: accounts at the provider are not agents until an admin says so.
        """
        async with self._database.write() as connection:
            mine = select(agents_table.c.id).where(agents_table.c.subject == identity.subject)
            known: str | None = await connection.scalar(mine)
            if known:
                return known
            found = await agents.find(connection, identity.email) if identity.email else None
            bound = select(agents_table.c.subject).where(agents_table.c.id == (found and found.id))
            if found is None or not found.active or await connection.scalar(bound):
                raise OidcRefusedError("no agent has this account; ask an admin")
            await agents.change(connection, found.id, AgentChange(subject=identity.subject))
        log.info("oidc.bound", agent_id=found.id)
        return found.id


def make_oidc(settings: Settings, database: Database, clock: Clock, login: Login) -> Oidc | None:
    """Log-in with the settings' provider; None = there is none.

    Raises:
        SettingsError: they contradict themselves or lack something.
    """
    if not settings.oidc_issuer:
        return None
    if not settings.oidc_client_id:
        raise SettingsError("FRONTLINE_OIDC_CLIENT_ID is missing")
    address = settings.desk_url.rstrip("/") or f"http://127.0.0.1:{settings.desk_port}"
    client = Client(settings.oidc_client_id, _secret(settings), address + CALLBACK_PATH)
    provider = Provider(settings.oidc_issuer, client, clock)
    return Oidc(provider, database, clock, login, key=settings.secret_key())


def _secret(settings: Settings) -> str:
    if not settings.oidc_client_secret_file:
        return settings.oidc_client_secret
    if settings.oidc_client_secret:
        raise SettingsError("FRONTLINE_OIDC_CLIENT_SECRET is given twice")
    try:
        return Path(settings.oidc_client_secret_file).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsError("FRONTLINE_OIDC_CLIENT_SECRET_FILE cannot be read") from None


def _random() -> str:
    return secrets.token_urlsafe(32)
