"""A customer in one real browser and an agent in another, from the complaint to the rating."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.async_playwright import Axe
from PIL import Image
from playwright.async_api import Browser, expect

from tests.common.stack import Stack, running_stack
from tests.common.widget import Widget
from tests.desk_ui.pages import DeskPage

pytestmark = [pytest.mark.stack, pytest.mark.browser]

COMPLAINT = (
    ("Chcę złożyć reklamację", "Jaki to produkt"),
    ("czajnik przecieka od spodu od tygodnia", "Z którego zamówienia"),
    ("104761", "Czego Pan/Pani oczekuje"),
    ("proszę o wymianę", "adres e-mail"),
    ("klientka.demo@example.com", "zdjęcia"),
)


@pytest.fixture
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One of its own, where nobody else waits."""
    with running_stack(tmp_path_factory.mktemp("handoff")) as started:
        yield started


async def complaint(widget: Widget) -> str:
    """The customer complains, adds a photo, has the receipt and asks for a person; the case."""
    for said, heard in COMPLAINT:
        await widget.says(said)
        await widget.hears(heard)
    await widget.sends_photo()
    await widget.hears("Dołączone zdjęcia: 1")
    await widget.chooses("To wszystkie")
    await widget.hears("Czy przyjąć")
    await widget.says("tak")
    await widget.hears(r"R-\d{4}-\d{6}")
    await widget.hears("Plik: .*PDF|pobierz")
    told = await widget.messages(r"R-\d{4}-\d{6}").last.inner_text()
    await widget.says("konsultant")
    await widget.hears("Miejsce w kolejce|kolejce")
    return told[told.index("R-20") :][:13]


async def at_work(browser: Browser, stack: Stack) -> DeskPage:
    """A demo agent, logged in and available."""
    desk = await DeskPage.open(browser, stack.desk_url)
    await desk.log_in("ania", stack.demo_password)
    await desk.page.get_by_label("Dostępność").select_option("available")
    return desk


async def no_violations(desk: DeskPage) -> None:
    results = await Axe().run(desk.page)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.timeout(180)
async def test_from_the_complaint_to_the_rating(browser: Browser, stack: Stack) -> None:
    widget = await Widget.open(browser, stack.url)
    number = await complaint(widget)
    desk = await at_work(browser, stack)
    await expect(desk.offers).to_contain_text(number)
    await no_violations(desk)
    await desk.page.keyboard.press("Alt+y")
    await expect(desk.page.locator(".talk-head h2")).to_have_text(number)
    for known in ("104761", "przecieka", "wymian", "klientka.demo@example.com"):
        await expect(desk.card).to_contain_text(known)
    async with desk.page.expect_download() as photo:
        await desk.log.get_by_role("link", name="czajnik.jpg").click()
    assert Image.open(await (await photo.value).path()).format == "JPEG"
    await widget.hears("Ania")
    await no_violations(desk)

    await desk.field.fill("Dzień dobry, nowy czajnik wysyłamy jutro.")
    await widget.page.bring_to_front()
    await desk.field.press("Enter")
    await widget.hears("nowy czajnik wysyłamy jutro")
    await widget.says("Dziękuję, jak odesłać stary?")
    await expect(desk.turns("jak odesłać stary")).to_be_visible()

    await desk.page.get_by_role("button", name="Oddaj botowi").click()
    await desk.page.get_by_label("Co ustalono").fill("wymiana czajnika, wysyłka jutro")
    await desk.page.get_by_role("dialog").get_by_role("button", name="Oddaj botowi").click()
    await expect(desk.inbox).not_to_contain_text(number)
    form = widget.log.get_by_role("group", name="Jak ocenia")
    await form.get_by_text("5 – bardzo dobrze").click()
    await form.get_by_role("button", name="Wyślij ocenę").click()
    await widget.hears("Dziękujemy za ocenę")

    await widget.says("Dzień dobry")
    await widget.hears(f"ponownie! Konsultant zakończył swoją część sprawy {number}")
    await widget.says("W jakich godzinach pracujecie?")
    await widget.hears("poniedziałk|od pon|8:00|9:00")
    assert desk.errors == []
