"""The chat widget as a person uses it in a browser."""

import re

from playwright.async_api import Browser, Locator, Page, expect

from tests.common.pictures import picture

ANSWER_MS = 20_000


class Widget:
    """The open chat on a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.chat = page.locator("frontline-chat")
        self.log = self.chat.get_by_role("log")
        self.field = self.chat.get_by_role("textbox", name=re.compile("^(Wiadomość|Message)$"))

    @classmethod
    async def open(cls, browser: Browser, url: str, width: int = 1280) -> "Widget":
        """A new browser window on the demo shop, with the chat open."""
        context = await browser.new_context(viewport={"width": width, "height": 800})
        page = await context.new_page()
        await page.goto(url)
        widget = cls(page)
        await widget.chat.locator("button.launcher").click()
        await widget.hears("automatyczny asystent|automatic assistant")
        return widget

    def messages(self, text: str) -> Locator:
        """Log entries that match the pattern `text`."""
        return self.log.locator(":scope > *").filter(has_text=re.compile(text, re.IGNORECASE))

    async def hears(self, text: str, count: int | None = None) -> None:
        """Wait until `text` stands in the log."""
        if count is None:
            await expect(self.messages(text).last).to_be_visible(timeout=ANSWER_MS)
        else:
            await expect(self.messages(text)).to_have_count(count, timeout=ANSWER_MS)

    async def says(self, text: str) -> None:
        """Type and send."""
        await self.field.fill(text)
        await self.field.press("Enter")

    async def chooses(self, button: str) -> None:
        """Press the newest button with this name."""
        await self.chat.get_by_role("button", name=button).last.click()

    async def sends_photo(self) -> None:
        """Choose a picture from the disk."""
        photo = {"name": "czajnik.jpg", "mimeType": "image/jpeg", "buffer": picture()}
        await self.chat.locator("input[type=file]").set_input_files(photo)  # type: ignore[arg-type]
