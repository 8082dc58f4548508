"""The pages before the real desk: what the fake server takes for granted is true there."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer, unused_port
from argon2 import PasswordHasher
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from frontline.settings import Settings
from frontline.turns import Speech, SpokenWord
from handoff import agents
from handoff.app import make_app
from handoff.app_parts import Parts
from handoff.case import Case
from handoff.endpoints import DESK
from handoff.passwords import Passwords
from tests.desk_ui.fake_desk import PAGES
from tests.desk_ui.fake_state import PASSWORD
from tests.desk_ui.pages import DeskPage

pytestmark = pytest.mark.browser

LIGHT = {"time_cost": 1, "memory_cost": 64, "parallelism": 1}


@pytest.fixture
async def real(parts: Parts, tmp_path: Path) -> AsyncIterator[str]:
    """The real desk with a supervisor and an agent; its address."""
    port = unused_port()
    url = f"http://127.0.0.1:{port}"
    settings = Settings(data_dir=tmp_path, desk_url=url, desk_port=port)
    app = make_app(settings, parts, PAGES, Passwords(PasswordHasher(**LIGHT)))
    server = TestServer(app, port=port)
    await server.start_server()
    for login, role in (("ania", "agent"), ("sonia", "supervisor"), ("adam", "admin")):
        async with parts.database.write() as connection:
            hired = await agents.create(
                connection, login=login, name=login.title(), role=role, now=parts.clock.now()
            )  # fmt: skip
        await app[DESK].login.set_password(hired.id, PASSWORD)
    yield url
    await server.close()


async def waits(parts: Parts, text: str) -> Case:
    """A customer who has said something and waits."""
    conversation = await parts.conversations.create("web", "pl", "Dzień dobry")
    await parts.conversations.said(conversation.id, "first", text)
    return await parts.cases.open(conversation.id, reason="user_request")


async def test_a_case_from_the_ring_to_the_wrap_up(
    browser: Browser, real: str, parts: Parts
) -> None:
    desk = await DeskPage.open(browser, real)
    await desk.log_in("ania")
    await desk.page.get_by_label("Dostępność").select_option("available")
    await expect(desk.page.locator(".link-state.open")).to_be_visible()
    case = await waits(parts, "Gdzie jest moja paczka?")
    await expect(desk.offers).to_contain_text(case.number)
    await desk.page.keyboard.press("Alt+y")
    await expect(desk.turns("Gdzie jest moja paczka?")).to_be_visible()

    await desk.field.fill("Dzień dobry, już sprawdzam.")
    await desk.field.press("Enter")
    await expect(desk.turns("Dzień dobry, już sprawdzam.")).to_contain_text("Wysłano")
    await desk.field.fill("W drodze od wczoraj.")
    await desk.page.wait_for_timeout(1000)  # until the desk has heard that there is typing
    await parts.conversations.said(case.conversation_id, "second", "Dziękuję!")
    await desk.field.press("Enter")
    await desk.page.get_by_role("button", name="Wyślij mimo to").click()
    await expect(desk.turns("W drodze od wczoraj.")).to_contain_text("Wysłano")
    await expect(desk.turns("Dziękuję!")).to_be_visible()

    await desk.card.get_by_label("Nowa notatka").fill("Paczka w Łodzi.")
    await desk.card.get_by_role("button", name="Dodaj notatkę").click()
    await expect(desk.card.locator(".notes")).to_contain_text("Paczka w Łodzi.")
    await desk.card.get_by_text("Odnotuj sprawdzenie").click()
    await desk.card.get_by_role("button", name="Zgadza się", exact=True).click()
    await expect(desk.card.locator(".checks")).to_contain_text("numer zamówienia")

    await desk.page.get_by_role("button", name="Wstrzymaj").click()
    await desk.page.get_by_role("button", name="Wznów").click()
    await expect(desk.field).to_be_visible()
    await desk.page.get_by_role("button", name="Zakończ rozmowę").click()
    await desk.page.get_by_label("Wynik sprawy").select_option(label="Załatwione")
    await desk.page.get_by_role("button", name="Zamknij sprawę").click()
    await expect(desk.inbox).to_contain_text("Żadnej sprawy w toku")
    assert (await parts.cases.find(case.id)).disposition == "solved"
    await expect(desk.page.locator(".notice")).to_have_count(0)
    assert desk.errors == []


async def test_every_part_of_the_supervisors_page(
    browser: Browser, real: str, parts: Parts
) -> None:
    case = await waits(parts, "Poproszę człowieka")
    desk = await DeskPage.open(browser, real, "/wall")
    await desk.log_in("adam")
    await expect(desk.page.locator(".figures")).to_be_visible()
    for part in ("cases", "legal", "agents", "canned", f"case/{case.id}"):
        await desk.page.goto(f"{real}/wall#/{part}")
        await expect(desk.page.locator("table").first).to_be_visible()
    await expect(desk.page.locator(".seal.good")).to_be_visible()
    await desk.page.goto(f"{real}/wall#/reports")
    kpis = await desk.page.get_by_label("Wskaźnik").locator("option").count()
    for n in range(kpis):
        await desk.page.get_by_label("Wskaźnik").select_option(index=n)
        await expect(desk.page.locator(".report h2")).to_be_visible()
    await desk.page.goto(f"{real}/wall#/canned")
    await desk.page.get_by_role("button", name="Dodaj odpowiedź").click()
    dialog = desk.page.get_by_role("dialog")
    await dialog.get_by_label("Skrót").fill("chwila-moment")
    await dialog.get_by_label("Nazwa").fill("Chwila")
    await dialog.get_by_label("Treść").fill("Proszę o chwilę.")
    await dialog.get_by_role("button", name="Zapisz").click()
    await expect(desk.page.locator("tbody")).to_contain_text("chwila-moment")
    await desk.page.goto(f"{real}/wall#/agents")
    await desk.page.get_by_role("button", name="Dodaj osobę").click()
    await dialog.get_by_label("Login").fill("celina")
    await dialog.get_by_label("Imię widoczne").fill("Celina")
    await dialog.get_by_label("Hasło").fill("bardzo dlugie i rzadkie haslo 71")
    await dialog.get_by_label("zwroty").fill("2")
    await dialog.get_by_role("button", name="Zapisz").click()
    await expect(desk.page.get_by_role("row", name="Celina")).to_contain_text("zwroty 2")
    await expect(desk.page.locator(".notice.error")).to_have_count(0)
    assert desk.errors == []


async def test_a_call_is_opened_by_what_the_telephone_shows(
    browser: Browser, real: str, parts: Parts
) -> None:
    call = "6f1c0d8e-aaaa-4bbb-8ccc-0123456789ab"
    await parts.calls.register(call, "+48600100200")
    conversation = await parts.calls.begin(call)
    [greeting] = await parts.conversations.turns(conversation.id)
    await parts.conversations.cut(greeting.id, "Dzień dobry, tu", 1250, from_ms=0)
    heard = [("nie", 0.97), ("ma", 0.9), ("czajnika", 0.31)]
    words = tuple(SpokenWord(text, 2000, 2400, sure) for text, sure in heard)
    speech = Speech(from_ms=65_000, to_ms=66_000, words=words)
    await parts.conversations.said(conversation.id, "c1", "Nie ma czajnika", speech=speech)
    number = (SpokenWord("sto", 2000, 2400, 0.4), SpokenWord("cztery", 2000, 2400, 0.9))
    speech = Speech(from_ms=70_000, to_ms=71_000, words=number)
    said = await parts.conversations.said(conversation.id, "c2", "104731", speech=speech)
    nlu = {"entities": [{"entity": "order_number", "value": "104731"}], "intent": {}}
    await parts.conversations.settle(said.turn, "done", nlu)
    case = await parts.cases.open(conversation.id, reason="user_request")
    handoff_id = (await parts.calls.next_of(call)).handoff_id

    desk = await DeskPage.open(browser, real, f"/#/handoff/{handoff_id}")
    await desk.log_in("ania")
    await expect(desk.page.locator(".talk-head")).to_contain_text(case.number)
    await expect(desk.page.locator(".talk-head .chip.call")).to_have_text("w kolejce telefonicznej")
    unsure = desk.turns("Nie ma")
    await expect(unsure.locator("mark.unsure")).to_have_text("czajnika (?) (usłyszane niepewnie)")
    await expect(unsure).to_contain_text("1:05")
    await expect(desk.turns("Dzień dobry, tu …")).to_contain_text("Klient przerwał po 1,3 s")
    await expect(desk.turns("104731").locator(".unsure-list")).to_contain_text("sto (?)")
    await expect(desk.card).to_contain_text("+48600100200")
    fact = desk.card.locator(".pair").filter(has_text="104731")
    await expect(fact.locator(".chip")).to_have_text("(?) usłyszane niepewnie")
    found = await Axe().run(desk.page)
    assert found.violations_count == 0, found.generate_report()

    await desk.page.get_by_role("button", name="Weź sprawę").click()
    await expect(desk.page.locator(".foot-note")).to_contain_text("Klient jest przy telefonie")
    await expect(desk.page.locator(".talk-head .chip.call")).to_have_text("przy telefonie")
    await parts.calls.after_queue(call, "answered")
    await expect(desk.page.locator(".talk-head .chip.call")).to_have_count(0)
    await desk.page.get_by_role("tab", name="Szukaj").click()
    await desk.page.get_by_label("Numer sprawy lub treść").fill(str(handoff_id))
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.locator(".talk-head")).to_contain_text(case.number)
    assert not desk.errors
