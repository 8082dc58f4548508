"""From chat to phone and back as a customer in a real browser meets it."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect
from sqlalchemy import select

from frontline.settings import Settings
from handoff.app_parts import Parts
from handoff.tables import conversations
from tests.common.browser import chromium
from tests.common.servers import BotDoor
from tests.common.stack import free_port
from tests.common.widget import Widget
from web_chat.app import make_app

pytestmark = pytest.mark.browser
CALL = "6f1c0d8e-aaaa-4bbb-8ccc-0123456789ab"


@pytest.fixture
async def widget(tmp_path: Path, door: BotDoor, parts: Parts) -> AsyncIterator[Widget]:
    settings = Settings(
        data_dir=tmp_path, rasa_url=door.url, port=free_port(), phone_number="+48 22 123 45 67"
    )
    server = TestServer(make_app(settings, parts), port=settings.port)
    await server.start_server()
    async with chromium() as browser:
        yield await Widget.open(browser, str(server.make_url("/")))
    await server.close()


async def test_the_chat_goes_on_by_phone_and_the_call_in_the_chat(
    widget: Widget, parts: Parts
) -> None:
    await widget.chat.get_by_role("button", name="Wolę zadzwonić").click()
    shown = widget.log.locator(".code")
    await expect(shown).to_have_text(re.compile(r"\d{3} \d{3}"))
    number = widget.log.get_by_role("link", name="+48 22 123 45 67")
    await expect(number).to_have_attribute("href", "tel:+48221234567")
    assert (await Axe().run(widget.page)).violations_count == 0
    await parts.calls.register(CALL, code=await shown.inner_text())
    conversation = await parts.calls.begin(CALL)
    async with parts.database.read() as connection:
        assert list(await connection.scalars(select(conversations.c.id))) == [conversation.id]
    await expect(widget.log).to_contain_text("ten sam co na czacie")

    other = CALL.replace("6", "7")
    await parts.calls.register(other)
    called = await parts.calls.begin(other)
    await parts.conversations.said(called.id, "c1", "gdzie jest moja paczka")
    code = (await parts.switching.chat_code(other)).digits
    await widget.chat.get_by_role("button", name="Mam kod z rozmowy").click()
    typed = widget.log.get_by_label("Kod podany w rozmowie")
    await expect(typed).to_be_focused()
    await typed.fill("12")
    await typed.press("Enter")
    await expect(widget.log.get_by_role("alert")).to_have_text("Kod ma sześć cyfr.")
    await typed.fill(f"{(int(code) + 1) % 1_000_000:06}")
    await typed.press("Enter")
    await expect(widget.log.get_by_role("alert")).to_contain_text("nie działa")
    assert (await Axe().run(widget.page)).violations_count == 0
    await typed.fill(f"{code[:3]} {code[3:]}")
    await typed.press("Enter")
    await expect(widget.log).to_contain_text("gdzie jest moja paczka")
    await expect(widget.log).to_contain_text("Rozmowa toczy się dalej na czacie")


async def test_who_would_rather_call_is_offered_it(widget: Widget) -> None:
    await widget.says("Wolę zadzwonić")
    await widget.log.get_by_role("button", name="Pokaż numer i kod").click()
    await expect(widget.log.locator(".code")).to_be_visible()
