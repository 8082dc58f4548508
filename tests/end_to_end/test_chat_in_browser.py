"""A customer in a real browser, and an agent in a real terminal."""

import asyncio
import re
import sys
from asyncio.subprocess import PIPE

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from frontline.settings import PROJECT
from tests.common.stack import Stack
from tests.common.widget import Widget

pytestmark = [pytest.mark.stack, pytest.mark.browser]


async def frontline(stack: Stack, *arguments: str, typed: str = "") -> str:
    """Run a `frontline` command against the stack; what it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "frontline", *arguments),
        cwd=PROJECT,
        env=stack.environment(),
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(typed.encode()), 60)
    assert process.returncode == 0, err.decode()
    return out.decode()


async def test_the_order_status_is_told_after_the_postcode(browser: Browser, stack: Stack) -> None:
    widget = await Widget.open(browser, stack.url)
    await widget.says("Gdzie jest moja paczka?")
    await widget.hears("numer zamówienia")
    await widget.says("ZA-2026-104731")
    await widget.hears("kod pocztowy")
    await widget.says("00-950")
    await widget.hears("przewoźnik|kurier|nadan|wysłan")


async def test_a_wrong_postcode_tells_nothing_and_three_lock(
    browser: Browser, stack: Stack
) -> None:
    widget = await Widget.open(browser, stack.url)
    await widget.says("gdzie jest zamowienie 104731")
    await widget.hears("kod pocztowy")
    for postcode in ("11-111", "22-222", "33-333"):
        before = await widget.log.locator(":scope > *").count()
        await widget.says(postcode)
        await expect(widget.log.locator(":scope > *").nth(before + 1)).to_be_visible(timeout=20_000)
    await widget.hears("konsultant")
    assert await widget.messages("DPD|InPost|przewoźnik").count() == 0
    await widget.says("00-950")
    await asyncio.sleep(1.5)
    assert await widget.messages("DPD|InPost|przewoźnik").count() == 0


async def test_a_reload_in_the_middle_keeps_every_message_once(
    browser: Browser, stack: Stack
) -> None:
    widget = await Widget.open(browser, stack.url)
    await widget.says("Gdzie jest moja paczka?")
    await widget.hears("numer zamówienia")
    await widget.page.reload()
    await widget.hears("Gdzie jest moja paczka", count=1)
    await widget.says("ZA-2026-104731")
    await widget.hears("kod pocztowy")
    await widget.hears("automatyczny asystent", count=1)


async def test_a_server_restart_in_the_middle_loses_and_doubles_nothing(
    browser: Browser, stack: Stack
) -> None:
    widget = await Widget.open(browser, stack.url)
    await widget.says("Gdzie jest moja paczka?")
    await widget.hears("numer zamówienia")
    stack.kill("web")
    await widget.says("104751")
    await widget.hears("kod pocztowy")
    await widget.hears(r"(?<![-\d])104751", count=1)  # the bot says it with ZA-2026- before it
    await widget.hears("Gdzie jest moja paczka", count=1)


async def test_a_person_is_asked_for_answers_and_gives_back_to_a_bot_that_knows(
    browser: Browser, stack: Stack
) -> None:
    widget = await Widget.open(browser, stack.url)
    await widget.says("Gdzie jest zamówienie 104731?")
    await widget.hears("kod pocztowy")
    await widget.chat.locator("button.human").click()
    await widget.hears(r"R-\d{4}-\d{6}")
    number = re.findall(r"R-\d{4}-\d{6}", await widget.log.inner_text())[-1]
    assert number in await frontline(stack, "cases")
    shown = await frontline(
        stack, "answer", number, typed="Dzień dobry, już pomagam.\n/return paczka odnaleziona\n"
    )
    assert "Gdzie jest zamówienie 104731?" in shown
    await widget.hears("już pomagam")
    await widget.hears("Znów odpowiada automatyczny asystent")
    await widget.says("dzień dobry")
    await widget.hears(number)


async def test_english_customers_are_answered_in_english(browser: Browser, stack: Stack) -> None:
    widget = await Widget.open(browser, stack.url)
    await widget.says("Where is my order ZA-2026-104731, please?")
    await widget.hears("postcode|postal code")
    await widget.says("00-950")
    await widget.hears("shipped|carrier|on its way")


@pytest.mark.parametrize("width", [320, 1280])
async def test_axe_finds_no_violation(browser: Browser, stack: Stack, width: int) -> None:
    widget = await Widget.open(browser, stack.url, width)
    await widget.says("<b>pomoc</b>")
    await widget.hears("<b>pomoc</b>")
    results = await Axe().run(widget.page)
    assert results.violations_count == 0, results.generate_report()


async def test_a_customer_in_the_terminal_gets_the_same_answers(stack: Stack) -> None:
    typed = "Gdzie jest moja paczka?\nZA-2026-104731\n00-950\n"
    shown = await frontline(stack, "chat", typed=typed)
    assert "automatyczny asystent" in shown
    assert re.search("numer zamówienia", shown, re.IGNORECASE)
    assert re.search("kod pocztowy", shown, re.IGNORECASE)
    assert re.search("przewoźnik|kurier|nadan|wysłan", shown, re.IGNORECASE)
