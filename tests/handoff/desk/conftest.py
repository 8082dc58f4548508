from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from argon2 import PasswordHasher

from frontline.settings import Settings
from handoff import agents
from handoff.app import make_app
from handoff.app_parts import Parts
from handoff.case import Case
from handoff.endpoints import DESK
from handoff.passwords import Passwords
from tests.common.desk_browser import ORIGIN, PASSWORD, DeskBrowser

LIGHT = {"time_cost": 1, "memory_cost": 64, "parallelism": 1}
Enter = Callable[..., Awaitable[DeskBrowser]]
Open = Callable[..., Awaitable[Case]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, desk_url=ORIGIN)


@pytest.fixture
async def desk(settings: Settings, parts: Parts, tmp_path: Path) -> AsyncIterator[TestServer]:
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text("<title>desk</title>")
    (dist / "wall.html").write_text("<title>wall</title>")
    (dist / "assets" / "desk.js").write_text("// desk")
    server = TestServer(make_app(settings, parts, dist, Passwords(PasswordHasher(**LIGHT))))
    await server.start_server()
    yield server
    await server.close()


@pytest.fixture
async def enter(desk: TestServer, parts: Parts) -> AsyncIterator[Enter]:
    """A browser in which somebody new is logged in; available when told so."""
    opened: list[DeskBrowser] = []

    async def make(login: str = "anna", *, available: bool = False, **more: object) -> DeskBrowser:
        async with parts.database.write() as connection:
            known = await agents.find(connection, login)
            if known is None:
                known = await agents.create(
                    connection,
                    **{"login": login, "name": login.title(), "now": parts.clock.now(), **more},  # type: ignore[arg-type]
                )
                fresh = True
            else:
                fresh = False
        if fresh:
            await desk.app[DESK].login.set_password(known.id, PASSWORD)
        browser = DeskBrowser(str(desk.make_url("")), known.id)
        opened.append(browser)
        await browser.log_in(login)
        if available:
            await browser.put("/me/presence", {"presence": "available"})
        return browser

    yield make
    for browser in opened:
        await browser.close()


@pytest.fixture
def waiting(parts: Parts) -> Open:
    """A customer who has said something and waits."""

    async def make(text: str = "Chcę rozmawiać z człowiekiem", **more: object) -> Case:
        conversation = await parts.conversations.create("web", "pl", "Dzień dobry")
        await parts.conversations.said(conversation.id, "first", text)
        return await parts.cases.open(conversation.id, **{"reason": "user_request", **more})  # type: ignore[arg-type]

    return make
