import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jwk, jwt

from frontline.clock import ManualClock
from frontline.database import Database
from frontline.errors import SettingsError, UnavailableError
from frontline.limits import TooManyError
from frontline.settings import Settings
from handoff import agents
from handoff.agents import Agent, AgentChange
from handoff.login import BadLoginError, Entry, Login
from handoff.oidc import COOKIE_S, Begun, Oidc, make_oidc
from handoff.oidc_provider import LARGEST_ANSWER, Client, OidcRefusedError, Provider
from tests.handoff.login.fake_provider import CLIENT_ID, SECRET, FakeProvider, fake_provider

Hire = Callable[..., Awaitable[Agent]]
HOME = "192.0.2.1"
REDIRECT = "http://127.0.0.1:8081/api/v1/oidc/callback"


@pytest.fixture
async def fake(clock: ManualClock) -> AsyncIterator[FakeProvider]:
    async with fake_provider(clock) as running:
        yield running


Make = Callable[..., Oidc]


@pytest.fixture
async def make(
    fake: FakeProvider, database: Database, clock: ManualClock, login: Login
) -> AsyncIterator[Make]:
    """A process that agents log in with."""
    made: list[Oidc] = []

    def one(issuer: str = "", secret: str = SECRET, timeout_s: float = 8) -> Oidc:
        client = Client(CLIENT_ID, secret, REDIRECT)
        provider = Provider(issuer or fake.issuer, client, clock, timeout_s=timeout_s)
        made.append(Oidc(provider, database, clock, login, key=b"k" * 32))
        return made[-1]

    yield one
    for oidc in made:
        await oidc.close()


@pytest.fixture
def oidc(make: Make) -> Oidc:
    return make()


async def come_in(oidc: Oidc, fake: FakeProvider) -> Entry:
    begun = await oidc.begin(HOME)
    return await oidc.finish(fake.log_in(begun.url), begun.cookie)


async def refused(oidc: Oidc, fake: FakeProvider, why: str | None = None) -> None:
    with pytest.raises(OidcRefusedError, match=why):
        await come_in(oidc, fake)


async def test_whoever_has_the_account_is_logged_in(
    oidc: Oidc, fake: FakeProvider, hire: Hire, login: Login
) -> None:
    anna = await hire("anna", subject="s-1")
    entry = await come_in(oidc, fake)
    assert (await login.session(entry.token)).agent == anna
    begun = await oidc.begin(HOME)
    assert begun.url.startswith(f"{fake.issuer}/authorize?tenant=a&")


async def test_a_verified_e_mail_binds_its_agent_once(
    oidc: Oidc, fake: FakeProvider, hire: Hire
) -> None:
    anna = await hire("anna@example.com")
    fake.claims = {"sub": "s-1", "email": "Anna@Example.com", "email_verified": True}
    assert (await come_in(oidc, fake)).session.agent == anna
    fake.claims = {"sub": "s-1", "email": "new@example.com", "email_verified": True}
    assert (await come_in(oidc, fake)).session.agent == anna
    # The address now belongs to somebody else at the company: they are not Anna.
    fake.claims = {"sub": "s-2", "email": "anna@example.com", "email_verified": True}
    await refused(oidc, fake, "no agent has this account")


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "anna@example.com"},
        {"email": "anna@example.com", "email_verified": False},
        {"email": "anna@example.com", "email_verified": "true"},
        {"email": ["anna@example.com"], "email_verified": True},
        {"email": "nobody@example.com", "email_verified": True},
        {"email": "plain", "email_verified": True},
        {"preferred_username": "anna@example.com", "role": "admin"},
    ],
)
async def test_an_account_that_is_nobody_s_makes_no_agent(
    oidc: Oidc, fake: FakeProvider, hire: Hire, database: Database, claims: dict[str, Any]
) -> None:
    hired = [await hire("anna@example.com"), await hire("plain")]
    fake.claims = {"sub": "s-1"} | claims
    await refused(oidc, fake, "no agent has this account")
    async with database.read() as connection:
        assert await agents.everyone(connection, active_only=False) == hired


async def test_a_deactivated_agent_is_refused(
    oidc: Oidc, fake: FakeProvider, hire: Hire, database: Database, clock: ManualClock
) -> None:
    anna = await hire("anna", subject="s-1")
    await hire("bea@example.com")
    async with database.write() as connection:
        await agents.deactivate(connection, anna.id, clock.now())
        bea = await agents.find(connection, "bea@example.com")
        assert bea
        await agents.deactivate(connection, bea.id, clock.now())
    with pytest.raises(BadLoginError):
        await come_in(oidc, fake)
    fake.claims = {"sub": "s-2", "email": "bea@example.com", "email_verified": True}
    await refused(oidc, fake, "no agent has this account")


async def test_the_e_mail_may_come_from_the_user_info(
    oidc: Oidc, fake: FakeProvider, hire: Hire
) -> None:
    anna = await hire("anna@example.com")
    fake.user_info = {"sub": "s-2", "email": "anna@example.com", "email_verified": True}
    await refused(oidc, fake, "somebody else")
    fake.user_info["sub"] = "s-1"
    assert (await come_in(oidc, fake)).session.agent == anna


@pytest.mark.parametrize("methods", [["client_secret_post"], ["client_secret_basic"], None])
async def test_we_prove_who_we_are_as_the_provider_wants(
    oidc: Oidc, fake: FakeProvider, hire: Hire, methods: list[str] | None
) -> None:
    await hire("anna", subject="s-1")
    fake.metadata = {"token_endpoint_auth_methods_supported": methods} if methods else {}
    await come_in(oidc, fake)


async def test_a_public_client_has_no_secret(make: Make, fake: FakeProvider, hire: Hire) -> None:
    await hire("anna", subject="s-1")
    await come_in(make(secret=""), fake)


async def test_another_process_may_finish_what_one_began(
    make: Make, fake: FakeProvider, hire: Hire
) -> None:
    await hire("anna", subject="s-1")
    begun = await make().begin(HOME)
    await make().finish(fake.log_in(begun.url), begun.cookie)


async def test_an_answer_is_good_once_whatever_process_hears_it(
    make: Make, fake: FakeProvider, hire: Hire
) -> None:
    await hire("anna", subject="s-1")
    one, other = make(), make()
    begun = await one.begin(HOME)
    answer = fake.log_in(begun.url)
    await one.finish(answer, begun.cookie)
    for process in (one, other):
        with pytest.raises(OidcRefusedError, match="finished before"):
            await process.finish(answer, begun.cookie)
    assert fake.asked.count("token") == 1


async def test_an_answer_to_another_browser_s_question_is_refused(
    oidc: Oidc, fake: FakeProvider, hire: Hire
) -> None:
    await hire("anna", subject="s-1")
    mine, other = await oidc.begin(HOME), await oidc.begin(HOME)
    answer = fake.log_in(other.url)
    for cookie in (mine.cookie, None, "", mine.cookie + "x", "a.b", "\ud800"):
        with pytest.raises(OidcRefusedError, match="not begun here"):
            await oidc.finish(answer, cookie)
    for state in ("", "ż", "\ud800"):
        with pytest.raises(OidcRefusedError, match="not begun here"):
            await oidc.finish(answer | {"state": state}, mine.cookie)
    assert "token" not in fake.asked


async def test_a_code_of_another_log_in_is_refused(
    oidc: Oidc, fake: FakeProvider, hire: Hire
) -> None:
    await hire("anna", subject="s-1")
    stolen = fake.log_in((await oidc.begin(HOME)).url)["code"]
    mine = await oidc.begin(HOME)
    answer = fake.log_in(mine.url) | {"code": stolen}
    with pytest.raises(OidcRefusedError, match="provider refuses"):
        await oidc.finish(answer, mine.cookie)


async def test_a_log_in_that_takes_too_long_is_refused(
    oidc: Oidc, fake: FakeProvider, clock: ManualClock
) -> None:
    begun = await oidc.begin(HOME)
    clock.advance(COOKIE_S)
    with pytest.raises(OidcRefusedError, match="too long"):
        await oidc.finish(fake.log_in(begun.url), begun.cookie)


@pytest.mark.parametrize(
    "answer",
    [{"error": "access_denied"}, {"code": ""}, {"code": "x" * 5000}, {"code": "unknown"},
     {"iss": "https://evil.example.com"}],
)  # fmt: skip
async def test_a_refusal_or_a_strange_answer_lets_nobody_in(
    oidc: Oidc, fake: FakeProvider, hire: Hire, answer: dict[str, str]
) -> None:
    await hire("anna", subject="s-1")
    begun = await oidc.begin(HOME)
    with pytest.raises(OidcRefusedError):
        await oidc.finish(fake.log_in(begun.url) | answer, begun.cookie)


async def test_the_issuer_in_the_answer_may_be_ours(
    oidc: Oidc, fake: FakeProvider, hire: Hire
) -> None:
    await hire("anna", subject="s-1")
    begun = await oidc.begin(HOME)
    await oidc.finish(fake.log_in(begun.url) | {"iss": fake.issuer}, begun.cookie)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another"},
        {"aud": ["another"]},
        {"aud": []},
        {"aud": None},
        {"aud": {"desk": 1}},
        {"aud": ["desk", "another"]},
        {"aud": ["desk", "another"], "azp": "another"},
        {"azp": "another"},
        {"iss": "https://evil.example.com"},
        {"iss": None},
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": 7},
        {"exp": None},
        {"exp": "later"},
        {"exp": 1},
        {"iat": 4_000_000_000},
        {"iat": None},
        {"nbf": 4_000_000_000},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "\x00"},
        {"sub": "x" * 256},
    ],
)
async def test_a_token_that_is_not_for_us_now_is_refused(
    oidc: Oidc, fake: FakeProvider, hire: Hire, claims: dict[str, Any]
) -> None:
    await hire("anna", subject="s-1")
    fake.claims |= claims
    await refused(oidc, fake)


@pytest.mark.parametrize(
    "claims", [{"aud": ["desk"]}, {"aud": ["desk", "another"], "azp": "desk"}, {"azp": "desk"}]
)
async def test_a_token_for_us_among_others_is_taken(
    oidc: Oidc, fake: FakeProvider, hire: Hire, claims: dict[str, Any]
) -> None:
    await hire("anna", subject="s-1")
    fake.claims |= claims
    await come_in(oidc, fake)


@pytest.mark.parametrize(
    ("kind", "size", "algorithm"),
    [("RSA", 2048, "PS256"), ("EC", "P-256", "ES256"), ("OKP", "Ed25519", "EdDSA")],
)
async def test_signatures_of_every_usual_kind_are_understood(
    oidc: Oidc, fake: FakeProvider, hire: Hire, kind: str, size: Any, algorithm: str
) -> None:
    await hire("anna", subject="s-1")
    fake.keys, fake.algorithm = [jwk.generate_key(kind, size, {"kid": "k"})], algorithm  # type: ignore[call-overload]
    await come_in(oidc, fake)


def encoded(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


async def begun_with(oidc: Oidc, fake: FakeProvider, forge: Callable[[str], str]) -> None:
    """Finish a log-in for which the provider gives what `forge` makes of the right token."""
    begun = await oidc.begin(HOME)
    answer = fake.log_in(begun.url)
    fake.token = forge(fake.sign(fake.codes[answer["code"]]["nonce"]))
    with pytest.raises(OidcRefusedError):
        await oidc.finish(answer, begun.cookie)


async def test_a_forged_token_is_refused(oidc: Oidc, fake: FakeProvider, hire: Hire) -> None:
    await hire("anna", subject="s-1")
    await hire("root", subject="root", role="admin")
    public = fake.keys[0].as_pem(private=False)  # type: ignore[union-attr]
    thief = jwk.generate_key("RSA", 2048, {"kid": "one"})

    def parts(token: str) -> tuple[str, dict[str, Any], str]:
        head, claims, signature = token.split(".")
        return head, json.loads(base64.urlsafe_b64decode(claims + "==")), signature

    def hmac_with_public_key(token: str) -> str:
        key = jwk.OctKey.import_key(base64.urlsafe_b64encode(public))
        return jwt.encode({"alg": "HS256", "kid": "one"}, parts(token)[1], key)

    forgeries: dict[str, Callable[[str], str]] = {
        "other claims": lambda t: (
            f"{parts(t)[0]}.{encoded(parts(t)[1] | {'sub': 'root'})}.{parts(t)[2]}"
        ),
        "cut signature": lambda t: t[:-5],
        "no signature": lambda t: t.rpartition(".")[0] + ".",
        "alg none": lambda t: f"{encoded({'alg': 'none'})}.{encoded(parts(t)[1])}.",
        "alg nOnE": lambda t: f"{encoded({'alg': 'nOnE'})}.{encoded(parts(t)[1])}.",
        "another's key": lambda t: jwt.encode({"alg": "RS256", "kid": "one"}, parts(t)[1], thief),
        "key in header": lambda t: jwt.encode(
            {"alg": "RS256", "jwk": thief.as_dict(private=False)}, parts(t)[1], thief
        ),
        "hmac": hmac_with_public_key,
        "unknown kid": lambda t: jwt.encode({"alg": "RS256", "kid": "two"}, parts(t)[1], thief),
        "nothing": lambda t: "",
        "words": lambda t: "not a token at all",
        "too long": lambda t: "a" * 200_000,
    }
    for forge in forgeries.values():
        await begun_with(oidc, fake, forge)
    fake.token = None
    await come_in(oidc, fake)


@given(token=st.text() | st.from_regex(r"[\w-]*\.[\w-]*\.[\w-]*", fullmatch=True))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
async def test_no_text_is_a_token(make: Make, token: str) -> None:
    provider = make()._provider
    with pytest.raises(OidcRefusedError):
        await provider._verified(token)


async def test_a_new_key_is_fetched_but_not_at_everybody_s_bidding(
    oidc: Oidc, fake: FakeProvider, hire: Hire, clock: ManualClock
) -> None:
    await hire("anna", subject="s-1")
    await come_in(oidc, fake)
    fake.keys.append(jwk.generate_key("RSA", 2048, {"kid": "two"}))
    await refused(oidc, fake)  # we asked a moment ago
    assert fake.asked.count("keys") == 1
    clock.advance(31)
    await come_in(oidc, fake)
    await come_in(oidc, fake)
    assert (fake.asked.count("keys"), fake.asked.count("discovery")) == (2, 1)


async def test_a_withdrawn_key_is_forgotten_within_the_hour(
    oidc: Oidc, fake: FakeProvider, hire: Hire, clock: ManualClock
) -> None:
    await hire("anna", subject="s-1")
    await come_in(oidc, fake)
    clock.advance(3601)
    begun = await oidc.begin(HOME)
    answer = fake.log_in(begun.url)
    fake.token = fake.sign(fake.codes[answer["code"]]["nonce"])
    fake.keys = [jwk.generate_key("RSA", 2048, {"kid": "two"})]
    with pytest.raises(OidcRefusedError):
        await oidc.finish(answer, begun.cookie)


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example.com"},
        {"token_endpoint": "http://evil.example.com/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": None},
        {"token_endpoint": "http://[bad"},
        {"padding": "x" * LARGEST_ANSWER},
    ],
)
async def test_a_provider_that_is_not_ours_is_not_used(
    oidc: Oidc, fake: FakeProvider, metadata: dict[str, Any]
) -> None:
    fake.metadata = metadata
    with pytest.raises(UnavailableError):
        await oidc.begin(HOME)


async def test_a_provider_that_fails_is_unavailable(
    make: Make, fake: FakeProvider, hire: Hire
) -> None:
    await hire("anna", subject="s-1")
    with pytest.raises(UnavailableError):
        await make("http://127.0.0.1:9").begin(HOME)
    fake.status = 503
    with pytest.raises(UnavailableError) as failed:
        await come_in(make(), fake)
    assert SECRET not in str(failed.value)


async def test_beginning_is_limited_by_network(oidc: Oidc) -> None:
    for _ in range(60):
        await oidc.begin(HOME)
    with pytest.raises(TooManyError):
        await oidc.begin(HOME)
    assert isinstance(await oidc.begin("192.0.2.2"), Begun)


async def test_a_bound_account_can_be_unbound(
    oidc: Oidc, fake: FakeProvider, hire: Hire, database: Database
) -> None:
    anna = await hire("anna", subject="s-1")
    async with database.write() as connection:
        await agents.change(connection, anna.id, AgentChange(subject=""))
    await refused(oidc, fake, "no agent has this account")


def settings_with(tmp_path: Path, **more: str) -> Settings:
    return Settings(data_dir=tmp_path, **more)  # type: ignore[arg-type]


async def test_settings_say_whether_there_is_a_provider(
    tmp_path: Path, database: Database, clock: ManualClock, login: Login
) -> None:
    assert make_oidc(settings_with(tmp_path), database, clock, login) is None
    secret = tmp_path / "secret"
    secret.write_text("hush\n")
    given = settings_with(
        tmp_path,
        oidc_issuer="https://id.example.com",
        oidc_client_id="desk",
        oidc_client_secret_file=str(secret),
        desk_url="https://desk.example.com/",
    )
    made = make_oidc(given, database, clock, login)
    assert made
    client = made._provider._client
    assert client.secret == "hush"
    assert client.redirect_uri == "https://desk.example.com/api/v1/oidc/callback"
    assert "hush" not in repr(client)


@pytest.mark.parametrize(
    "wrong",
    [
        {"oidc_client_id": ""},
        {"oidc_issuer": "http://id.example.com"},
        {"oidc_issuer": "id.example.com"},
        {"oidc_client_secret": "a", "oidc_client_secret_file": "b"},
        {"oidc_client_secret_file": "/does/not/exist"},
    ],
)
async def test_settings_that_cannot_work_are_refused(
    tmp_path: Path, database: Database, clock: ManualClock, login: Login, wrong: dict[str, str]
) -> None:
    right = {"oidc_issuer": "https://id.example.com", "oidc_client_id": "desk"}
    with pytest.raises(SettingsError):
        make_oidc(settings_with(tmp_path, **(right | wrong)), database, clock, login)
