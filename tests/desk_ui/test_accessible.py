"""Every page and state through axe, in both languages and colours, and on a narrow screen."""

import re
from collections.abc import Awaitable, Callable

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from tests.desk_ui.fake_state import FakeDesk
from tests.desk_ui.pages import DeskPage

pytestmark = pytest.mark.browser

LOOKS = [("pl", "light"), ("pl", "dark"), ("en", "light"), ("en", "dark")]
WALL = ["live", "cases", "legal", "reports", "agents", "canned", "case/C0001"]


async def check(page: Page, what: str) -> None:
    results = await Axe().run(page)
    assert results.violations_count == 0, f"{what}: {results.generate_report()}"


async def dressed(
    browser: Browser, url: str, look: tuple[str, str], path: str = "/", width: int = 1440
) -> DeskPage:
    desk = await DeskPage.open(
        browser, url, path, width, color_scheme=look[1], reduced_motion="reduce"
    )
    if look[0] == "en":
        await desk.page.get_by_role("button", name="Switch to English").click()
    return desk


async def ringing(desk: DeskPage, fake: FakeDesk) -> None:
    await fake.ring(fake.cases["C0002"])
    await expect(desk.offers).to_be_visible()


async def canned(desk: DeskPage, _fake: FakeDesk) -> None:
    await desk.field.press_sequentially("/")
    await expect(desk.options).to_have_count(2)


async def missed(desk: DeskPage, fake: FakeDesk) -> None:
    await desk.field.fill("")
    await fake.customer_says(fake.cases["C0001"], "Jednak zwrot", told=False)
    await desk.field.fill("Wysyłamy.")
    await desk.field.press("Enter")
    await expect(desk.page.locator(".missed")).to_be_visible()


async def sheet(desk: DeskPage, _fake: FakeDesk) -> None:
    await desk.inbox.focus()
    await desk.page.keyboard.press("?")
    await expect(desk.page.get_by_role("dialog")).to_be_visible()


async def transfer(desk: DeskPage, _fake: FakeDesk) -> None:
    await desk.page.keyboard.press("Escape")
    await desk.page.keyboard.press("Alt+t")
    await expect(desk.page.get_by_role("dialog")).to_be_visible()


async def degraded_and_offline(desk: DeskPage, fake: FakeDesk) -> None:
    await desk.page.keyboard.press("Escape")
    waiting = [c for c in fake.cases.values() if c["state"] == "queued"]
    await fake.push("queue", degraded=True, lines=[], waiting=waiting)
    await fake.cut()
    await expect(desk.page.locator(".banner.bad")).to_be_visible()


async def wrap_up(desk: DeskPage, fake: FakeDesk) -> None:
    fake.down = False
    await expect(desk.page.locator(".banner.bad")).to_have_count(0, timeout=15_000)
    await desk.page.keyboard.press("Alt+w")
    await expect(desk.page.locator(".wrap-up")).to_be_visible()


STATES: list[Callable[[DeskPage, FakeDesk], Awaitable[None]]] = [
    ringing, canned, missed, sheet, transfer, degraded_and_offline, wrap_up,
]  # fmt: skip


@pytest.mark.parametrize("look", LOOKS, ids="-".join)
async def test_axe_finds_nothing_at_the_desk(
    browser: Browser, fake: FakeDesk, url: str, look: tuple[str, str]
) -> None:
    desk = await dressed(browser, url, look)
    await check(desk.page, "log-in")
    await desk.log_in("ania")
    await check(desk.page, "nothing chosen")
    await desk.choose(1)
    await expect(desk.page.locator(".suggestions")).to_be_visible()
    await check(desk.page, "case")
    for state in STATES:
        await state(desk, fake)
        await check(desk.page, state.__name__)


@pytest.mark.parametrize("look", LOOKS, ids="-".join)
async def test_axe_finds_nothing_on_the_supervisors_page(
    browser: Browser, fake: FakeDesk, url: str, look: tuple[str, str]
) -> None:
    desk = await dressed(browser, url, look, "/wall")
    await desk.log_in("adam")
    for part in WALL:
        await desk.page.goto(f"{url}/wall#/{part}")
        await expect(desk.page.locator("table").first).to_be_visible()
        await check(desk.page, part)
    for part in ("agents", "canned"):
        await desk.page.goto(f"{url}/wall#/{part}")
        await desk.page.get_by_role("button", name=re.compile("Edytuj|Edit")).first.click()
        await check(desk.page, f"form of {part}")
        await desk.page.keyboard.press("Escape")


async def test_everything_fits_on_320_pixels(browser: Browser, fake: FakeDesk, url: str) -> None:
    desk = await dressed(browser, url, ("pl", "light"), width=320)
    await desk.log_in("sonia")
    await desk.page.goto(f"{url}/#/case/C0001")
    await expect(desk.log.locator("article").first).to_be_visible()
    await check(desk.page, "narrow desk")
    assert await desk.page.evaluate("document.documentElement.scrollWidth") <= 320
    for part in WALL:
        await desk.page.goto(f"{url}/wall#/{part}")
        await expect(desk.page.locator("table").first).to_be_visible()
        assert await desk.page.evaluate("document.documentElement.scrollWidth") <= 320, part


async def test_targets_are_large_enough(desk: DeskPage, fake: FakeDesk) -> None:
    await desk.choose(1)
    await fake.ring(fake.cases["C0002"])
    await expect(desk.offers).to_be_visible()
    small = await desk.page.evaluate(
        """() => [...document.querySelectorAll('button, select, summary, .sources a, input')]
          .filter(e => !['checkbox', 'radio'].includes(e.type))  // their labels are as large
          .map(e => [e.innerText || e.name, e.getBoundingClientRect()])
          .filter(([, box]) => box.width && (box.height < 23.9 || box.width < 23.9))
          .map(([name]) => name)"""
    )
    assert [name for name in small if name] == []


async def test_a_calm_page_for_those_who_want_it(
    browser: Browser, fake: FakeDesk, url: str
) -> None:
    desk = await DeskPage.open(browser, url, reduced_motion="reduce")
    await desk.log_in("ania")
    await fake.ring(fake.cases["C0002"])
    await expect(desk.page).to_have_title("(1) Nowa sprawa")
    await desk.page.wait_for_timeout(2_300)
    assert await desk.page.title() == "(1) Nowa sprawa"
