"""An OpenID Connect provider on loopback with keys of its own, that can be told to lie."""

import base64
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiohttp import web
from joserfc import jwk, jwt
from joserfc.jws import JWSRegistry

from frontline.clock import Clock

CLIENT_ID, SECRET = "desk", "hush: it's a secret"


@dataclass
class FakeProvider:
    """Gives codes for whoever `claims` says, and tokens for codes."""

    clock: Clock
    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "s-1"})
    """What the next ID token says beside the usual."""
    keys: list[jwk.Key] = field(default_factory=lambda: [_key("RSA", 2048, "one")])
    algorithm: str = "RS256"
    metadata: dict[str, Any] = field(default_factory=dict)
    token: str | None = None
    """Sent instead of an ID token."""
    user_info: dict[str, Any] | None = None
    status: int = 200
    """Of the token endpoint."""
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def log_in(self, url: str) -> dict[str, str]:
        """What a person does at the provider's page; returns what the browser comes back with."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert (query["response_type"], query["client_id"]) == ("code", CLIENT_ID)
        assert query["code_challenge_method"] == "S256"
        code = f"code {len(self.codes)} + é"
        self.codes[code] = query
        return {"code": code, "state": query["state"]}

    def sign(self, nonce: str, **more: Any) -> str:
        now = int(self.clock.now().timestamp())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300}
        claims |= {"nonce": nonce} | self.claims | more
        claims = {name: value for name, value in claims.items() if value is not None}
        registry = JWSRegistry(algorithms=[self.algorithm], strict_check_header=False)
        header = {"alg": self.algorithm, "kid": self.keys[-1].kid, "x-vendor": "as some do"}
        return jwt.encode(header, claims, self.keys[-1], registry=registry)

    async def discovery(self, request: web.Request) -> web.Response:
        self.asked.append("discovery")
        found = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize?tenant=a",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "more": ["than", "we", "need"],
        }
        if self.user_info is not None:
            found["userinfo_endpoint"] = f"{self.issuer}/me"
        return web.json_response(found | self.metadata)

    async def jwks(self, request: web.Request) -> web.Response:
        self.asked.append("keys")
        strange = [{"kty": "AKP", "kid": "post-quantum"}, {"kty": "RSA", "kid": "broken"}, "?"]
        return web.json_response(
            {"keys": [*strange, *(k.as_dict(private=False) for k in self.keys)]}
        )

    async def exchange(self, request: web.Request) -> web.Response:
        """RFC 6749, section 4.1.3, with RFC 7636, section 4.6."""
        self.asked.append("token")
        form = await request.post()
        if "Authorization" in request.headers:
            sent = base64.b64decode(request.headers["Authorization"].removeprefix("Basic "))
            assert sent == b"desk:hush%3A+it%27s+a+secret"
        else:
            assert form["client_id"] == CLIENT_ID
            assert form.get("client_secret") in (SECRET, None)
        begun = self.codes.pop(str(form["code"]), None)
        if self.status != 200:
            return web.json_response({"error": "server_error"}, status=self.status)
        if begun is None or form["redirect_uri"] != begun["redirect_uri"]:
            return web.json_response({"error": "invalid_grant"}, status=400)
        digest = hashlib.sha256(str(form["code_verifier"]).encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != begun["code_challenge"]:
            return web.json_response({"error": "invalid_grant"}, status=400)
        token = self.sign(begun["nonce"]) if self.token is None else self.token
        return web.json_response({"id_token": token, "access_token": "opaque", "token_type": "b"})

    async def me(self, request: web.Request) -> web.Response:
        self.asked.append("me")
        assert request.headers["Authorization"] == "Bearer opaque"
        return web.json_response(self.user_info)


def _key(kind: Any, size: Any, kid: str) -> jwk.Key:
    return jwk.generate_key(kind, size, {"kid": kid})


@asynccontextmanager
async def fake_provider(clock: Clock) -> AsyncIterator[FakeProvider]:
    """A provider that runs."""
    provider = FakeProvider(clock)
    app = web.Application()
    app.router.add_get("/.well-known/openid-configuration", provider.discovery)
    app.router.add_get("/keys", provider.jwks)
    app.router.add_post("/token", provider.exchange)
    app.router.add_get("/me", provider.me)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    provider.issuer = f"http://{host}:{port}"
    yield provider
    await runner.cleanup()
