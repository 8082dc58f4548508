"""Take the pictures in docs/user/: what a customer sees, and the desk with the complaint they made.

Starts a front line of its own. Needs Chromium (`apt-get install chromium`).
"""

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from frontline.settings import PROJECT
from tests.common.browser import FLAGS
from tests.common.stack import Stack, running_stack
from tests.common.widget import Widget
from tests.desk_ui.pages import DeskPage
from tests.end_to_end.test_handoff_in_browser import at_work, complaint

PICTURES = PROJECT / "docs" / "user" / "pictures"
DIALOGUES = {
    "pl": (("Gdzie jest moja paczka?", "numer"), ("ZA-2026-104731", "kod"), ("00-950", "w drodze")),
    "en": (
        ("Where is my parcel?", "order number"),
        ("ZA-2026-104731", "postcode"),
        ("00-950", "on its way"),
    ),
}


async def picture(browser: Browser, stack: Stack, language: str, width: int, name: str) -> None:
    """One dialogue on the demo page, up to the order's status."""
    page = "" if language == "pl" else "demo/en.html"
    widget = await Widget.open(browser, f"{stack.url}/{page}", width)
    for said, heard in DIALOGUES[language]:
        await widget.says(said)
        await widget.hears(heard)
    await widget.hears("DEMO00104731PL")
    await asyncio.sleep(1)  # the last of the answer scrolls into sight
    await save(widget.page, name)


async def desk_pictures(browser: Browser, stack: Stack) -> None:
    """A complaint at the desk, its card, and the supervisor's wall."""
    widget = await Widget.open(browser, stack.url)
    await complaint(widget)
    waiting = await Widget.open(browser, stack.url)
    await waiting.says("Proszę o rozmowę z konsultantem")
    await waiting.hears("kolejce")
    desk = await at_work(browser, stack)
    await desk.offers.get_by_role("button").first.wait_for()
    await desk.page.keyboard.press("Alt+y")
    await desk.field.fill("Dzień dobry, nowy czajnik wysyłamy jutro.")
    await desk.field.press("Enter")
    await widget.hears("wysyłamy jutro")
    await asyncio.sleep(1)
    await save(desk.page, "desk")
    await desk.card.screenshot(path=PICTURES / "case-card.png")
    wall = await DeskPage.open(browser, stack.desk_url, "/wall")
    await wall.log_in("sonia", stack.demo_password)
    await wall.page.locator(".figures").wait_for()
    await asyncio.sleep(1)
    await save(wall.page, "wall")


async def save(page: Page, name: str) -> None:
    """What the window shows."""
    await page.screenshot(path=PICTURES / f"{name}.png")
    print(f"docs/user/pictures/{name}.png")


async def take_all(stack: Stack, chromium: str) -> None:
    """All pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        await picture(browser, stack, "pl", 1280, "order-status-pl")
        await picture(browser, stack, "en", 1280, "order-status-en")
        await picture(browser, stack, "pl", 360, "order-status-phone")
        await desk_pictures(browser, stack)
        await browser.close()


def main() -> int:
    """Entry point; returns the exit code."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("needs Chromium: apt-get install chromium", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="fl-") as folder, running_stack(Path(folder)) as stack:
        asyncio.run(take_all(stack, chromium))
    return 0


if __name__ == "__main__":
    sys.exit(main())
