"""The desk as an agent uses it in a browser."""

import re

from playwright.async_api import Browser, Locator, Page, expect

from tests.desk_ui.fake_state import PASSWORD

NAMES = re.compile("^(Zaloguj|Log in)$")


class DeskPage:
    """One window with the desk in it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._hear)
        self.log = page.get_by_role("log")
        self.field = page.locator("#message")
        self.inbox = page.locator("#inbox")
        self.card = page.locator("#card")
        self.options = page.get_by_role("listbox", name=re.compile("Gotowe|Canned")).get_by_role(
            "option"
        )
        self.offers = page.locator(".offers")

    def _hear(self, message: object) -> None:
        text = str(getattr(message, "text", ""))
        if "Content Security Policy" in text:
            self.errors.append(text)

    @classmethod
    async def open(
        cls, browser: Browser, url: str, path: str = "/", width: int = 1440, **options: object
    ) -> "DeskPage":
        """A new browser window on the desk's log-in."""
        context = await browser.new_context(
            viewport={"width": width, "height": 900},
            timezone_id="Europe/Warsaw",
            **options,  # type: ignore[arg-type]
        )
        page = await context.new_page()
        desk = cls(page, url)
        await page.goto(url + path)
        return desk

    async def log_in(self, login: str, password: str = PASSWORD) -> None:
        await self.page.locator("input[name=username]").fill(login)
        await self.page.locator("input[name=password]").fill(password)
        await self.page.get_by_role("button", name=NAMES).click()
        await expect(self.page.locator("#inbox, #wall")).to_be_visible()

    def row(self, number: int) -> Locator:
        """The case with this number in the list."""
        return self.inbox.locator("button.row").filter(has_text=f"R-2026-{number:06}").first

    async def choose(self, number: int) -> None:
        await self.row(number).click()
        await expect(self.page.locator(".talk-head h2")).to_have_text(f"R-2026-{number:06}")
        await expect(self.log.locator("article").first).to_be_visible()

    def turns(self, text: str) -> Locator:
        return self.log.locator("article").filter(has_text=text)
