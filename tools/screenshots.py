"""Take the pictures in docs/user/: a customer asks for an order's status, in Polish and English.

Starts a front line of its own. Needs Chromium (`apt-get install chromium`).
"""

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from frontline.settings import PROJECT
from tests.common.browser import FLAGS
from tests.common.stack import Stack, running_stack
from tests.common.widget import Widget

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
    await widget.page.screenshot(path=PICTURES / f"{name}.png")
    print(f"docs/user/pictures/{name}.png")


async def take_all(stack: Stack, chromium: str) -> None:
    """All pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        await picture(browser, stack, "pl", 1280, "order-status-pl")
        await picture(browser, stack, "en", 1280, "order-status-en")
        await picture(browser, stack, "pl", 360, "order-status-phone")
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
