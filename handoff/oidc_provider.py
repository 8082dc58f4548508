"""An OpenID Connect provider, seen from its client: discovery, keys, tokens.

OpenID Connect Core 1.0 and Discovery 1.0, RFC 6749, RFC 7636 (PKCE). What the provider says is
checked before it is believed: its name, where its endpoints are, and every ID token.
"""

import contextlib
import hmac
from datetime import datetime, timedelta
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote_plus, urlencode, urlsplit, urlunsplit

import aiohttp
import msgspec
from joserfc import jwk, jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jws import JWSRegistry

from frontline.clock import Clock
from frontline.errors import RefusedError, SettingsError, UnavailableError
from handoff.agent_values import SUBJECT

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
              "Ed25519", "EdDSA")  # fmt: skip
"""Signatures with a public key: neither `none` nor HMACs, whose key others may know."""
T = TypeVar("T")

KEY_TYPES = {"RSA", "EC", "OKP"}
SCOPE = "openid email"
KEPT = timedelta(hours=1)
"""How long the provider's endpoints and keys are remembered."""
ASK_AGAIN = timedelta(seconds=30)
"""At most so often for keys that we do not know, whoever shows us them."""
LEEWAY_S = 60
"""How far the provider's clock may be from ours."""
LARGEST_ANSWER = 256 * 1024


class OidcRefusedError(RefusedError):
    """The log-in with the provider did not work out; try again or ask an admin."""

    code = "oidc_refused"


class Endpoints(msgspec.Struct, frozen=True):
    """What we use of the provider's metadata."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    """The default is the standard's."""


class Tokens(msgspec.Struct, frozen=True):
    """What the provider gives for a code."""

    id_token: str
    access_token: str = ""


class Identity(msgspec.Struct, frozen=True):
    """Who the provider says has logged in."""

    subject: str
    email: str | None
    """Only when the provider has verified it."""


class Client(msgspec.Struct, frozen=True):
    """How the provider knows us."""

    id: str
    secret: str
    redirect_uri: str

    def __repr__(self) -> str:
        """Without the secret."""
        return f"Client({self.id!r}, …, {self.redirect_uri!r})"


class Provider:
    """One provider; its metadata and keys are fetched when needed and kept for a while."""

    def __init__(self, issuer: str, client: Client, clock: Clock, *, timeout_s: float = 8) -> None:
        if not _private(issuer):
            raise SettingsError("FRONTLINE_OIDC_ISSUER: an https address")
        self._issuer = issuer
        self._client = client
        self._clock = clock
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, connect=3)
        self._session: aiohttp.ClientSession | None = None
        self._endpoints: tuple[Endpoints, datetime] | None = None
        self._keys: tuple[jwk.KeySet, datetime] | None = None

    async def close(self) -> None:
        """Give the connections back."""
        if self._session:
            await self._session.close()

    async def authorization_url(self, state: str, nonce: str, challenge: str) -> str:
        """Where to send the browser.

        Raises:
            UnavailableError: the provider does not answer, or not as a provider does.
        """
        query = {
            "response_type": "code",
            "client_id": self._client.id,
            "redirect_uri": self._client.redirect_uri,
            "scope": SCOPE,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        endpoints = await self._found()
        parts = urlsplit(endpoints.authorization_endpoint)
        asked = [*parse_qsl(parts.query, keep_blank_values=True), *query.items()]
        return urlunsplit(parts._replace(query=urlencode(asked), fragment=""))

    async def identify(self, code: str, verifier: str, nonce: str) -> Identity:
        """Who the code was given for.

        Raises:
            OidcRefusedError: the provider refuses the code, or its ID token is not right.
            UnavailableError: as `authorization_url`.
        """
        tokens = await self._exchange(code, verifier)
        claims = await self._verified(tokens.id_token)
        self._check(claims, nonce)
        if "email" not in claims and tokens.access_token:
            claims = await self._with_user_info(claims, tokens.access_token)
        email = claims.get("email")
        proven = isinstance(email, str) and "@" in email and claims.get("email_verified") is True
        return Identity(claims["sub"], email if proven else None)

    def is_issuer(self, name: str) -> bool:
        """Is this our provider's name? Answers may say who gives them (RFC 9207)."""
        return name == self._issuer

    async def _exchange(self, code: str, verifier: str) -> Tokens:
        endpoints = await self._found()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._client.redirect_uri,
            "code_verifier": verifier,
        }
        headers = {}
        methods = endpoints.token_endpoint_auth_methods_supported
        if self._client.secret and "client_secret_basic" in methods:
            # RFC 6749, section 2.3.1: both are form-encoded first.
            pair = (quote_plus(self._client.id), quote_plus(self._client.secret))
            headers["Authorization"] = aiohttp.encode_basic_auth(*pair)
        else:
            form["client_id"] = self._client.id
            if self._client.secret:
                form["client_secret"] = self._client.secret
        status, body = await self._ask("POST", endpoints.token_endpoint, data=form, headers=headers)
        if status in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED):
            raise OidcRefusedError("the provider refuses this log-in")
        return _read(status, body, Tokens)

    async def _verified(self, token: str) -> dict[str, Any]:
        """The claims of a token that one of the provider's keys signed."""
        try:
            try:
                return _decode(token, await self._key_set())
            except InvalidKeyIdError:  # the provider may have a new key
                return _decode(token, await self._key_set(younger_than=ASK_AGAIN))
        except (JoseError, ValueError, TypeError) as error:
            raise OidcRefusedError(
                f"not a token of the provider ({type(error).__name__})"
            ) from None

    def _check(self, claims: dict[str, Any], nonce: str) -> None:
        """OpenID Connect Core 1.0, section 3.1.3.7.

        Raises:
            OidcRefusedError: it was issued by or for somebody else, or is too old.
        """
        rules = jwt.JWTClaimsRegistry(
            now=int(self._clock.now().timestamp()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._client.id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
        )
        try:
            rules.validate(claims)
        except JoseError as error:
            raise OidcRefusedError(f"the provider's token is not for us now ({error})") from None
        if not SUBJECT.fullmatch(claims["sub"]):
            raise OidcRefusedError("the provider's token names nobody")
        audience, presenter = claims["aud"], claims.get("azp")
        alone = audience in (self._client.id, [self._client.id])
        if presenter != self._client.id and not (alone and presenter is None):
            raise OidcRefusedError("the provider's token is for another program")
        sent = claims.get("nonce")
        if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), nonce.encode()):
            raise OidcRefusedError("the provider's token belongs to another log-in")

    async def _with_user_info(self, claims: dict[str, Any], access_token: str) -> dict[str, Any]:
        """The claims with those of the user-info endpoint (section 5.3), if there is one."""
        endpoint = (await self._found()).userinfo_endpoint
        if endpoint is None:
            return claims
        headers = {"Authorization": f"Bearer {access_token}"}
        status, body = await self._ask("GET", endpoint, headers=headers)
        told = _read(status, body, dict[str, Any])
        if told.get("sub") != claims["sub"]:  # section 5.3.4
            raise OidcRefusedError("the provider speaks of somebody else")
        return {"email": told.get("email"), "email_verified": told.get("email_verified")} | claims

    async def _found(self) -> Endpoints:
        """The provider's endpoints."""
        now = self._clock.now()
        if self._endpoints and self._endpoints[1] > now - KEPT:
            return self._endpoints[0]
        where = self._issuer.rstrip("/") + "/.well-known/openid-configuration"
        found = _read(*await self._ask("GET", where), Endpoints)
        used = [found.authorization_endpoint, found.token_endpoint, found.jwks_uri]
        used += [found.userinfo_endpoint] if found.userinfo_endpoint else []
        if found.issuer != self._issuer or not all(map(_private, used)):
            raise UnavailableError("the provider is not the one in FRONTLINE_OIDC_ISSUER")
        self._endpoints = (found, now)
        return found

    async def _key_set(self, *, younger_than: timedelta = KEPT) -> jwk.KeySet:
        now = self._clock.now()
        if self._keys and self._keys[1] > now - younger_than:
            return self._keys[0]
        where = (await self._found()).jwks_uri
        told = _read(*await self._ask("GET", where), dict[str, Any])
        keys = [key for one in told.get("keys", []) if (key := _public_key(one))]
        self._keys = (jwk.KeySet(keys), now)
        return self._keys[0]

    async def _ask(self, method: str, url: str, **options: Any) -> tuple[int, bytes]:
        """The status and the body of an answer of bearable size."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        body = bytearray()
        try:
            async with self._session.request(
                method, url, allow_redirects=False, **options
            ) as response:
                async for part in response.content.iter_chunked(16 * 1024):
                    body += part
                    if len(body) > LARGEST_ANSWER:
                        raise UnavailableError("the provider's answer is too large")
                return response.status, bytes(body)
        except (aiohttp.ClientError, TimeoutError, OSError):
            # Not `from error`: what it says may hold the code or the secret.
            raise UnavailableError("the log-in provider does not answer") from None


def _read(status: int, body: bytes, kind: type[T]) -> T:
    """What a good answer says."""
    if status == HTTPStatus.OK:
        with contextlib.suppress(msgspec.MsgspecError):
            return msgspec.json.decode(body, type=kind)
    raise UnavailableError(f"the log-in provider answers strangely (status {status})")


def _decode(token: str, keys: jwk.KeySet) -> dict[str, Any]:
    registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
    return jwt.decode(token, keys, registry=registry).claims


def _public_key(told: Any) -> jwk.Key | None:
    """A key to check signatures with; None = one of another kind, which is no reason to fail."""
    if not isinstance(told, dict) or told.get("kty") not in KEY_TYPES or told.get("use") == "enc":
        return None
    try:
        return jwk.import_key(told)
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def _private(address: str) -> bool:
    """Can nobody on the way read along? So it is with https, and inside this machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme == "https":
        return bool(host)
    return parts.scheme == "http" and _loopback(host)


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
