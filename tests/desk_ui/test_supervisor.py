"""What supervisors, editors and administrators do on their page."""

import pytest
from playwright.async_api import Browser, expect

from tests.desk_ui.fake_state import FakeDesk
from tests.desk_ui.pages import DeskPage

pytestmark = pytest.mark.browser


@pytest.fixture
async def wall(browser: Browser, fake: FakeDesk, url: str) -> DeskPage:
    page = await DeskPage.open(browser, url, "/wall")
    await page.log_in("sonia")
    return page


async def test_the_wall_shows_lines_people_and_the_day(wall: DeskPage) -> None:
    await expect(wall.page.locator(".figures")).to_contain_text("84,5 %")
    await expect(wall.page.get_by_role("row", name="reklamacje")).to_contain_text("4 min")
    await expect(wall.page.get_by_role("row", name="Ania (demo)")).to_contain_text("czat 1/3")


async def test_the_wall_says_when_its_numbers_are_old(wall: DeskPage, fake: FakeDesk) -> None:
    await expect(wall.page.locator(".figures")).to_be_visible()
    fake.down = True
    await expect(wall.page.locator(".banner.bad")).to_be_visible(timeout=12_000)
    fake.down = False
    await expect(wall.page.locator(".banner.bad")).to_have_count(0, timeout=12_000)


async def test_statutory_deadlines_stand_nearest_first(wall: DeskPage) -> None:
    await wall.page.get_by_role("link", name="Terminy ustawowe").click()
    rows = wall.page.locator("tbody tr")
    await expect(rows.first).to_contain_text("R-2026-000004")
    await expect(rows.first).to_contain_text("2 dni do terminu")
    await expect(rows.nth(1)).to_contain_text("R-2026-000001")


async def test_a_case_is_assigned_with_its_revision(wall: DeskPage, fake: FakeDesk) -> None:
    await wall.page.get_by_role("link", name="Sprawy", exact=True).click()
    await wall.page.get_by_role("button", name="Przydziel R-2026-000002").click()
    dialog = wall.page.get_by_role("dialog")
    await dialog.get_by_label("Osoba", exact=True).select_option("AG-ania")
    await dialog.get_by_role("button", name="Przydziel").click()
    await expect(dialog).to_have_count(0)
    assert fake.cases["C0002"]["state"] == "offered"


async def test_a_report_tells_its_definition_numbers_and_cases(wall: DeskPage) -> None:
    await wall.page.get_by_role("link", name="Raporty").click()
    await expect(wall.page.locator(".definition")).to_contain_text("Odebrane w 20 s ÷")
    await expect(wall.page.get_by_role("img", name="Poziom obsługi")).to_be_visible()
    await expect(wall.page.locator(".chart canvas")).to_be_visible()
    link = wall.page.get_by_role("link", name="Pobierz CSV")
    address = await link.get_attribute("href") or ""
    assert address.startswith("/api/v1/reports/service_level.csv?from=")
    await wall.page.get_by_role("button", name="2 sprawy").first.click()
    behind = wall.page.get_by_role("region", name="Sprawy za liczbą")
    await expect(behind.locator("tbody tr")).to_have_count(2)
    await wall.page.get_by_label("Wskaźnik").select_option("asa")
    await expect(wall.page.locator(".total")).to_have_text("1 min")


async def test_the_proof_of_a_case(wall: DeskPage) -> None:
    await wall.page.goto(f"{wall.url}/wall#/case/C0001")
    await expect(wall.page.locator(".seal")).to_have_text("Łańcuch zdarzeń jest nienaruszony.")
    await expect(wall.page.locator("tbody tr")).to_have_count(5)
    await expect(wall.page.locator("tbody tr").nth(3)).to_contain_text("Ania (demo)")


async def test_a_supervisor_reads_along_but_does_not_write(wall: DeskPage, fake: FakeDesk) -> None:
    await wall.page.goto(f"{wall.url}/#/case/C0001")
    await expect(wall.log).to_contain_text("ZA-2026-104731")
    await expect(wall.field).to_have_count(0)
    await expect(wall.page.get_by_role("button", name="Przydziel")).to_be_visible()


async def test_an_editor_sees_and_changes_canned_answers_only(
    browser: Browser, fake: FakeDesk, url: str
) -> None:
    page = await DeskPage.open(browser, url, "/wall")
    await page.log_in("edek")
    await expect(page.page.locator(".wall-nav a")).to_have_count(1)
    await page.page.get_by_role("button", name="Dodaj odpowiedź").click()
    dialog = page.page.get_by_role("dialog")
    await dialog.get_by_label("Skrót").fill("/chwila")
    await dialog.get_by_label("Nazwa").fill("Chwila")
    await dialog.get_by_label("Treść").fill("Proszę o chwilę. <script>alert(1)</script>")
    await dialog.get_by_role("button", name="Zapisz").click()
    await expect(page.page.locator("tbody")).to_contain_text("<script>alert(1)</script>")
    assert fake.canned[-1]["shortcut"] == "chwila"
    await page.page.get_by_role("button", name="Edytuj Chwila").click()
    await dialog.get_by_role("button", name="Usuń").click()
    await dialog.get_by_role("button", name="Usunąć „Chwila”?").click()
    await expect(page.page.locator("tbody")).not_to_contain_text("Chwila")


async def test_an_agent_is_told_that_the_page_is_not_for_them(
    browser: Browser, fake: FakeDesk, url: str
) -> None:
    page = await DeskPage.open(browser, url, "/wall")
    await page.log_in("ania")
    await expect(page.page.locator("#content")).to_contain_text("jest dla nadzoru")


async def test_an_administrator_adds_and_changes_a_person(
    browser: Browser, fake: FakeDesk, url: str
) -> None:
    page = await DeskPage.open(browser, url, "/wall#/agents")
    await page.log_in("adam")
    await page.page.get_by_role("button", name="Dodaj osobę").click()
    dialog = page.page.get_by_role("dialog")
    await dialog.get_by_label("Login").fill("celina")
    await dialog.get_by_label("Imię widoczne").fill("Celina")
    await dialog.get_by_label("Hasło").fill("bardzo-dlugie-haslo")
    await dialog.get_by_label("zwroty").fill("2")
    await dialog.get_by_role("button", name="Zapisz").click()
    await expect(page.page.get_by_role("row", name="Celina")).to_contain_text("zwroty 2")
    assert fake.agents["celina"]["languages"] == ["pl"]
    await page.page.get_by_role("button", name="Edytuj Celina").click()
    await dialog.get_by_label("Konto czynne").uncheck()
    await dialog.get_by_role("button", name="Zapisz").click()
    await expect(page.page.get_by_role("row", name="Celina")).to_contain_text("wyłączone")
