"""What every request to the desk goes through."""

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from handoff.app_parts import Parts
from tests.common.desk_browser import ORIGIN, PASSWORD, DeskBrowser
from tests.handoff.desk.conftest import Enter, Open


async def test_pages_are_served_under_a_strict_policy(desk: TestServer) -> None:
    async with aiohttp.ClientSession() as http:
        for path, text in (("/", "desk"), ("/wall", "wall"), ("/assets/desk.js", "// desk")):
            async with http.get(desk.make_url(path)) as response:
                assert response.status == 200, path
                assert text in await response.text()
                policy = response.headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy
                assert "frame-ancestors 'none'" in policy
                assert "unsafe" not in policy
        for path in ("/../secret.key", "/assets/", "/assets/../../secret.key", "/nothing"):
            async with http.get(str(desk.make_url("/")) + path.lstrip("/")) as response:
                assert response.status in (403, 404), path
        async with http.get(desk.make_url("/health")) as response:
            assert await response.json() == {"status": "ok"}


async def test_nothing_is_told_without_a_log_in(desk: TestServer) -> None:
    async with DeskBrowser(str(desk.make_url(""))) as nobody:
        for path in ("/me", "/queue", "/cases", "/agents", "/wall", "/reports", "/knowledge"):
            answer = await nobody.ask("GET", path)
            assert (answer.status, answer.code) == (401, "logged_out"), path
        forged = {"Cookie": "frontline_desk=" + "A" * 43}
        assert (await nobody.ask("GET", "/me", headers=forged)).status == 401
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await nobody.socket()
        assert caught.value.status == 401


async def test_logging_in_and_out(enter: Enter, desk: TestServer) -> None:
    anna = await enter()
    me = await anna.get("/me")
    assert (me["agent"]["login"], me["csrf"], me["oidc"]) == ("anna", anna.csrf, False)
    assert "password" not in me["agent"]
    cookie = next(iter(anna.http.cookie_jar))
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    await anna.post("/logout")
    assert (await anna.ask("GET", "/me")).status == 401
    wrong = await anna.log_in("anna", PASSWORD + "!")
    nobody = await anna.log_in("nobody", PASSWORD)
    assert (wrong.status, wrong.code) == (401, "bad_login")
    assert wrong.body == nobody.body


async def test_a_request_of_another_page_is_refused(enter: Enter, waiting: Open) -> None:
    anna, case = await enter(), await waiting()
    path = f"/cases/{case.id}/claim"
    for headers, code in (
        ({"X-CSRF-Token": "wrong"}, "bad_csrf"),
        ({"X-CSRF-Token": ""}, "bad_csrf"),
        ({"Origin": "http://evil.example.com"}, "bad_origin"),
        ({"Origin": "null"}, "bad_origin"),
        ({"Origin": ""}, "bad_origin"),
    ):
        answer = await anna.ask("POST", path, headers=headers)
        assert (answer.status, answer.code) == (403, code)
    form = await anna.ask(
        "POST", f"/cases/{case.id}/notes", data=b'{"text": "x"}',
        headers={"Content-Type": "text/plain"},
    )  # fmt: skip
    assert (form.status, form.code) == (415, "not_json")
    login = await anna.ask(
        "POST", "/login", {"login": "anna", "password": PASSWORD},
        headers={"Origin": "http://evil.example.com"},
    )  # fmt: skip
    assert login.status == 403
    assert (await anna.get(f"/cases/{case.id}"))["state"] == "queued"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/wall", {"supervisor", "admin"}),
        ("GET", "/legal/board", {"supervisor", "admin"}),
        ("GET", "/reports", {"supervisor", "admin"}),
        ("GET", "/reports/queued.csv", {"supervisor", "admin"}),
        ("GET", "/queue", {"agent", "supervisor", "admin"}),
        ("GET", "/cases", {"agent", "supervisor", "admin"}),
        ("POST", "/agents", {"admin"}),
        ("PATCH", f"/agents/{'0' * 26}", {"admin"}),
        ("PUT", "/canned/x1", {"supervisor", "editor", "admin"}),
        ("POST", f"/cases/{'0' * 26}/reassign", {"supervisor", "admin"}),
    ],
)
async def test_roles(enter: Enter, method: str, path: str, allowed: set[str]) -> None:
    for role in ("agent", "supervisor", "editor", "admin"):
        browser = await enter(role, role=role)
        forged = {"X-Role": "admin", "X-Forwarded-User": "admin"}
        body = None if method == "GET" else {"role": "admin"}
        answer = await browser.ask(method, path, body, headers=forged)
        assert (answer.status != 403) == (role in allowed), (role, answer.body)


async def test_what_is_too_large_or_malformed_is_refused(enter: Enter, waiting: Open) -> None:
    anna, case = await enter(), await waiting()
    path = f"/cases/{case.id}/notes"
    large = await anna.ask("POST", path, {"text": "x" * 70_000})
    assert (large.status, large.code) == (413, "too_large")
    for body in ({"text": "x" * 4001}, {"text": ""}, {"text": "\x00\u0007"}, {}, [], {"text": 5}):
        answer = await anna.ask("POST", path, body)
        assert answer.status == 400, body
    broken = await anna.ask(
        "POST", path, data=b'{"text": "\xff"}', headers={"Content-Type": "application/json"}
    )
    assert broken.status == 400
    assert (await anna.ask("GET", "/cases/no%00thing")).status == 404
    assert (await anna.ask("GET", "/nothing")).code == "not_found"
    assert (await anna.ask("DELETE", "/queue")).status == 405
    assert (await anna.get(f"/cases/{case.id}"))["notes"] == []


async def test_a_flood_is_slowed_down(enter: Enter) -> None:
    anna = await enter()
    for _ in range(2000):  # some are forgiven while time passes
        late = await anna.ask("GET", "/me")
        if late.status != 200:
            break
    assert (late.status, late.code) == (429, "too_many")
    assert int(late.headers["Retry-After"]) >= 1


async def test_who_goes_with_cases_in_hand_is_asked(
    enter: Enter, waiting: Open, parts: Parts
) -> None:
    anna, case = await enter(), await waiting()
    await anna.post(f"/cases/{case.id}/claim")
    asked = await anna.ask("PUT", "/me/presence", {"presence": "offline"})
    assert (asked.status, asked.code) == (409, "holds_cases")
    assert asked.body["cases"] == [case.number]
    agent = await anna.put("/me/presence", {"presence": "offline", "force": True})
    assert agent["presence"] == "offline"
    assert (await parts.cases.find(case.id)).state == "queued"


async def test_the_desks_language_is_kept(enter: Enter, waiting: Open) -> None:
    anna, _ = await enter(), await waiting()
    polish = (await anna.get("/me"))["settings"]["skills"]
    await anna.put("/me/language", {"language": "en"})
    assert (await anna.get("/me"))["settings"]["skills"] != polish
    assert (await anna.ask("PUT", "/me/language", {"language": "de"})).status == 400


async def test_canned_answers_and_knowledge(enter: Enter) -> None:
    edek, anna = await enter("edek", role="editor"), await enter()
    draft = {"shortcut": "zwrot-7", "language": "pl", "title": "Zwrot", "text": "Zwrot trwa 7 dni."}
    kept = await edek.put("/canned/c7", draft)
    assert kept["id"] == "c7"
    assert "c7" in [one["id"] for one in (await anna.get("/canned", language="pl"))["items"]]
    assert (await edek.ask("DELETE", "/canned/c7")).status == 204
    assert (await edek.ask("DELETE", "/canned/c7")).status == 404
    assert (await anna.get("/knowledge", q="zwrot", language="pl"))["items"]


async def test_agents_are_managed_by_admins(enter: Enter, desk: TestServer) -> None:
    adam = await enter("adam", role="admin")
    weak = await adam.ask("POST", "/agents", {"login": "nowy", "name": "Nowy", "password": "x"})
    assert (weak.status, weak.code) == (400, "weak_password")
    body = {"login": "nowy", "name": "Nowy", "password": "dobre i bardzo długie"}
    made = await adam.post("/agents", body)
    async with DeskBrowser(str(desk.make_url(""))) as other:
        assert (await other.log_in("nowy", "dobre i bardzo długie")).status == 200
        off = await adam.ask("PATCH", f"/agents/{made['id']}", {"active": False})
        assert off.body["active"] is False
        assert (await other.ask("GET", "/me")).status == 401
    last = await adam.ask("PATCH", f"/agents/{adam.agent_id}", {"role": "agent"})
    assert (last.status, last.code) == (409, "last_admin")
    assert adam.origin == ORIGIN
