"""Files and the rating as a customer in a real browser meets them, on the real chat server."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import FilePayload, Locator, expect
from sqlalchemy import select

from frontline.settings import Settings
from handoff.app_parts import Parts
from handoff.case import Case
from handoff.files import MOST_BYTES, MOST_FILES
from handoff.tables import cases, conversations
from tests.common.agents import hire
from tests.common.browser import chromium
from tests.common.pictures import PLACE, picture
from tests.common.servers import BotDoor
from tests.common.stack import free_port
from tests.common.widget import Widget
from web_chat.app import DIST, make_app

pytestmark = pytest.mark.browser


@pytest.fixture
async def url(tmp_path: Path, door: BotDoor, parts: Parts) -> AsyncIterator[str]:
    assert (DIST / "widget-extras.js").exists(), "the front end is not built: node web/build.mjs"
    settings = Settings(data_dir=tmp_path, rasa_url=door.url, port=free_port())
    server = TestServer(make_app(settings, parts), port=settings.port)
    await server.start_server()
    yield str(server.make_url("/"))
    await server.close()


@pytest.fixture
async def widget(url: str) -> AsyncIterator[Widget]:
    async with chromium() as browser:
        yield await Widget.open(browser, url)


def photo(name: str = "Pęknięcie.jpg", **shape: int) -> FilePayload:
    size = (shape.get("width", 40), shape.get("height", 20))
    return {"name": name, "mimeType": "image/jpeg", "buffer": picture(size=size)}


async def attach(widget: Widget, *files: FilePayload) -> None:
    """Choose files with the paper clip."""
    async with widget.page.expect_file_chooser() as chooser:
        await widget.chat.get_by_role(
            "button", name=re.compile("Dodaj zdjęcie|Add a photo")
        ).click()
    await (await chooser.value).set_files(list(files))


def link(widget: Widget, text: str) -> Locator:
    return widget.log.get_by_role("button", name=re.compile(text))


async def saved(widget: Widget, text: str) -> tuple[str, bytes]:
    """What the browser saves when a file's button is pressed."""
    async with widget.page.expect_download() as download:
        await link(widget, text).press("Enter")
    path = await (await download.value).path()
    return (await download.value).suggested_filename, path.read_bytes()


async def conversation_of(parts: Parts) -> str:
    async with parts.database.read() as connection:
        found: str = (await connection.execute(select(conversations.c.id))).scalar_one()
        return found


async def no_violations(widget: Widget) -> None:
    found = await Axe().run(widget.page)
    assert found.violations_count == 0, found.generate_report()


async def test_a_photo_is_sent_read_by_the_bot_and_fetched_again(
    widget: Widget, door: BotDoor
) -> None:
    await attach(widget, photo())
    await expect(link(widget, r"Zdjęcie: Pęknięcie\.jpg \(1 kB\) – pobierz")).to_be_visible()
    await widget.hears("echo: /inform")
    assert '"photo"' in door.asked[-1]["message"]
    await expect(widget.log.get_by_text("[zdjęcie:")).to_be_hidden()
    await expect(widget.log.get_by_role("progressbar")).to_have_count(0)
    name, content = await saved(widget, "Pęknięcie")
    assert name == "Pęknięcie.jpg"
    assert content.startswith(b"\xff\xd8\xff")
    assert PLACE not in content
    assert "token" not in widget.page.url
    await no_violations(widget)


async def test_files_are_there_after_a_reload_and_in_english(widget: Widget) -> None:
    pdf: FilePayload = {"name": "faktura.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    await attach(widget, photo(), pdf)
    await expect(link(widget, "Plik: faktura.pdf")).to_be_visible()
    await widget.page.reload()
    await expect(link(widget, "Zdjęcie: Pęknięcie.jpg")).to_be_visible()
    await widget.chat.get_by_role("button", name="EN – Switch").click()
    assert await saved(widget, r"File: faktura.pdf \(1 kB\) – download") == (
        "faktura.pdf",
        b"%PDF-1.7",
    )


async def test_what_cannot_be_sent_is_told_and_can_be_discarded(widget: Widget) -> None:
    for name, kind, content, said in (
        ("film.mp4", "video/mp4", b"\0\0\0\x20ftypmp42", "JPEG, PNG lub WebP albo plik PDF"),
        ("wielki.pdf", "application/pdf", b"%PDF-" + bytes(MOST_BYTES), "więcej niż 5 MB"),
        ("udaje.jpg", "image/jpeg", b"GIF89a", "JPEG, PNG lub WebP albo plik PDF"),
        ("pusty.pdf", "application/pdf", b"", "JPEG, PNG lub WebP albo plik PDF"),
    ):
        await attach(widget, {"name": name, "mimeType": kind, "buffer": content})
        row = widget.messages(re.escape(name))
        await expect(row).to_contain_text(said)
        await expect(row.get_by_role("button", name="Wyślij ponownie")).to_have_count(0)
        await no_violations(widget)
        await row.get_by_role("button", name="Odrzuć").press("Enter")
        await expect(row).to_have_count(0)
        await expect(widget.field).to_be_focused()


async def test_a_photo_that_is_too_large_is_made_smaller(widget: Widget, parts: Parts) -> None:
    large = photo("duże.jpg", width=3000, height=1500)
    large["buffer"] += bytes(MOST_BYTES)
    await attach(widget, large)
    await expect(link(widget, "Zdjęcie: duże.jpg")).to_be_visible()
    turns = await parts.conversations.turns(await conversation_of(parts))
    [file] = [file for turn in turns for file in turn.files]
    assert file.size < 500_000


async def test_a_picture_can_be_pasted(widget: Widget) -> None:
    await widget.field.evaluate(
        """(field, bytes) => {
            const clipboardData = new DataTransfer();
            const content = new Uint8Array(bytes);
            clipboardData.items.add(new File([content], "zrzut.png", { type: "image/png" }));
            const paste = { clipboardData, bubbles: true, cancelable: true };
            field.dispatchEvent(new ClipboardEvent("paste", paste));
        }""",
        list(picture("PNG")),
    )
    await expect(link(widget, "Zdjęcie: zrzut.png")).to_be_visible()


async def test_the_eleventh_file_is_refused_with_its_reason(widget: Widget) -> None:
    await attach(widget, *[photo(f"{n}.jpg", width=20 + n) for n in range(MOST_FILES)])
    await expect(link(widget, "Zdjęcie:")).to_have_count(MOST_FILES)
    await attach(widget, photo("jedenaste.jpg", width=99))
    await expect(widget.messages("jedenaste")).to_contain_text("najwyżej 10 plików")


async def test_without_a_network_the_photo_waits_for_the_customer(widget: Widget) -> None:
    await widget.page.context.route("**/chat/files", lambda route: route.abort())
    await attach(widget, photo())
    row = widget.messages("Pęknięcie")
    await expect(row).to_contain_text("brak połączenia")
    await widget.page.context.unroute("**/chat/files")
    await row.get_by_role("button", name="Wyślij ponownie").press("Enter")
    await expect(link(widget, "Zdjęcie: Pęknięcie.jpg")).to_be_visible()
    await expect(widget.messages("Pęknięcie.jpg.*pobierz")).to_have_count(1)


async def served(parts: Parts) -> Case:
    """The customer's case, after an agent has given it back to the bot."""
    case = await parts.cases.open(await conversation_of(parts), reason="user_request")
    agent = await hire(parts, "Demo Agent")
    held = await parts.handling.claim(case.id, agent)
    return await parts.handling.give_back(held.id, agent, held.fence, "done")


async def test_the_customer_rates_with_the_keyboard_alone(widget: Widget, parts: Parts) -> None:
    await served(parts)
    form = widget.log.get_by_role("group", name="Jak ocenia Pan/Pani pomoc konsultanta")
    await expect(form).to_be_visible()
    await no_violations(widget)
    await form.get_by_role("button", name="Wyślij ocenę").press("Enter")
    await expect(form).to_contain_text("Proszę wybrać ocenę od 1 do 5.")
    radios = form.get_by_role("radio")
    assert await radios.count() == 5
    await form.get_by_role("radio", name="1 – bardzo źle").focus()
    for _ in range(3):
        await widget.page.keyboard.press("ArrowDown")
    await expect(form.get_by_role("radio", name="4 – dobrze")).to_be_checked()
    await widget.page.keyboard.press("Tab")
    await widget.page.keyboard.type("Szybko i miło <b>!</b>")
    await widget.chat.get_by_role("button", name="EN – Switch").click()
    form = widget.log.get_by_role("group", name="How was the help")
    await expect(form.get_by_role("radio", name="4 – good")).to_be_checked()
    await form.get_by_role("button", name="Send the rating").press("Enter")
    await expect(form).to_have_count(0)
    await expect(widget.log).to_contain_text("Thank you for your rating.")
    await expect(widget.field).to_be_focused()
    async with parts.database.read() as connection:
        row = (await connection.execute(select(cases.c.csat, cases.c.csat_comment))).one()
    assert tuple(row) == (4, "Szybko i miło <b>!</b>")


async def test_nobody_is_made_to_rate(widget: Widget, parts: Parts) -> None:
    await served(parts)
    form = widget.log.get_by_role("group", name="Jak ocenia")
    await expect(form).to_be_visible()
    await widget.page.reload()
    await expect(form).to_be_visible()
    await widget.says("halo")
    await widget.hears("echo: halo")
    await form.get_by_role("button", name="Nie teraz").press("Enter")
    await expect(form).to_have_count(0)
    await widget.page.reload()
    await widget.hears("echo: halo")
    await expect(form).to_have_count(0)


async def test_without_the_second_script_the_chat_goes_on(url: str) -> None:
    async with chromium() as browser:
        context = await browser.new_context()
        await context.route("**/widget-extras.js", lambda route: route.abort())
        page = await context.new_page()
        await page.goto(url)
        widget = Widget(page)
        await widget.chat.locator("button.launcher").click()
        await widget.says("halo")
        await widget.hears("echo: halo")
