"""An agent's whole day without a mouse."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.desk_ui.fake_state import PASSWORD, FakeDesk
from tests.desk_ui.pages import DeskPage

pytestmark = pytest.mark.browser


async def tab_to(page: Page, name: str, most: int = 40, key: str = "Tab") -> None:
    """Go on with Tab until the element with this name or text has the focus."""
    for _ in range(most):
        await page.keyboard.press(key)
        told = await page.evaluate(
            "() => { const e = document.activeElement; if (e === document.body) return '';"
            " return [e.getAttribute('aria-label'), e.innerText, e.labels?.[0]?.innerText]"
            ".filter(Boolean).join(' ') }"
        )
        if name in told:
            return
    raise AssertionError(f"no way to {name!r} by {key}")


async def test_the_agents_day_by_keyboard_alone(browser: Browser, fake: FakeDesk, url: str) -> None:
    desk = await DeskPage.open(browser, url)
    page = desk.page
    press, write = page.keyboard.press, page.keyboard.type

    await expect(page.locator("input[name=username]")).to_be_focused()
    await write("ania")
    await press("Tab")
    await write(PASSWORD)
    await press("Enter")
    await expect(desk.inbox).to_be_visible()

    await press("Alt+p")
    await write("Przyj")
    await press("?")
    await expect(page.get_by_role("dialog")).to_have_count(0)  # a letter for the list, no shortcut
    await press("Alt+i")
    await expect(desk.inbox).to_be_focused()
    await press("?")
    await expect(page.get_by_role("dialog")).to_contain_text("Skróty klawiszowe")
    await press("Escape")
    await expect(desk.inbox).to_be_focused()

    await expect(desk.row(1)).to_be_visible()
    await tab_to(page, "R-2026-000001")
    await press("Enter")
    await expect(desk.log).to_contain_text("ZA-2026-104731")
    await press("Alt+m")
    await write("Dzień dobry, sprawdzam.")
    await press("Enter")
    await expect(desk.turns("Dzień dobry, sprawdzam.")).to_contain_text("Wysłano")

    await fake.ring(fake.cases["C0002"])
    await expect(desk.offers).to_be_visible()
    await write("Piszę dal")  # the ringing does not take the focus away
    await expect(desk.field).to_have_value("Piszę dal")
    await press("Alt+y")
    await expect(page.locator(".talk-head h2")).to_have_text("R-2026-000002")
    await expect(desk.field).to_be_focused()
    await write("/dz")
    await expect(desk.options).to_have_count(1)
    await press("Enter")
    await expect(desk.field).to_have_value("Dzień dobry, z tej strony Ania (demo). Już pomagam.")
    await press("Enter")
    await expect(desk.turns("Już pomagam.")).to_contain_text("Wysłano")

    await press("Alt+h")
    await expect(page.locator(".foot-note")).to_contain_text("wstrzymana")
    await press("Alt+h")
    await expect(desk.field).to_be_visible()
    await press("Alt+t")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Przekazanie sprawy")
    await tab_to(page, "Notatka dla następnej osoby")
    await write("Zna sprawę od wczoraj.")
    await press("Escape")
    await expect(dialog).to_have_count(0)

    await press("Alt+k")
    await expect(desk.card).to_be_focused()
    await tab_to(page, "Nowa notatka", 60)
    await write("Paczka u sąsiada.")
    await tab_to(page, "Dodaj notatkę")
    await press("Enter")
    await expect(desk.card).to_contain_text("Paczka u sąsiada.")

    await press("Alt+w")
    await expect(page.get_by_label("Wynik sprawy")).to_be_focused()
    await write("Rozw")
    await tab_to(page, "Zamknij sprawę")
    await press("Enter")
    await expect(desk.inbox.locator(".mine .row")).to_have_count(1)
    assert fake.closed[0]["disposition"] == "solved"

    await press("Alt+j")
    await expect(page.locator(".talk-head h2")).to_have_text("R-2026-000001")
    await expect(desk.field).to_have_value("Piszę dal")
    await press("F6")
    await press("F6")
    await press("Alt+b")
    await expect(dialog).to_contain_text("Co bot ma zrobić")
    await tab_to(page, "Oddaj botowi")
    await press("Enter")
    await expect(desk.inbox).to_contain_text("Żadnej sprawy w toku")

    await press("Alt+p")
    await tab_to(page, "Wyloguj")
    await press("Enter")
    await expect(page.get_by_role("button", name="Zaloguj")).to_be_visible()


async def test_skip_links_come_first_and_lead_there(desk: DeskPage) -> None:
    await desk.choose(1)
    await desk.page.evaluate("document.activeElement.blur()")
    await desk.page.reload()
    await expect(desk.field).to_be_visible()
    await desk.page.keyboard.press("Tab")
    skip = desk.page.get_by_role("link", name="Przejdź do listy spraw")
    await expect(skip).to_be_focused()
    await desk.page.keyboard.press("Tab")
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.locator("#talk")).to_be_focused()


async def test_tabs_move_with_arrows(desk: DeskPage) -> None:
    await desk.page.get_by_role("tab", name="Czekające").focus()
    await desk.page.keyboard.press("ArrowRight")
    await expect(desk.page.get_by_role("tab", name="Oddzwonienia")).to_be_focused()
    await desk.page.keyboard.press("End")
    await expect(desk.page.get_by_role("tab", name="Szukaj")).to_have_attribute(
        "aria-selected", "true"
    )


async def test_single_letter_shortcuts_can_be_switched_off(desk: DeskPage) -> None:
    await desk.inbox.focus()
    await desk.page.keyboard.press("?")
    await desk.page.get_by_label("Skróty bez klawisza Alt").uncheck()
    await desk.page.keyboard.press("Escape")
    await desk.inbox.focus()
    await desk.page.keyboard.press("?")
    await expect(desk.page.get_by_role("dialog")).to_have_count(0)
