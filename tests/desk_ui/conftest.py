from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from tests.common.browser import chromium
from tests.desk_ui import fake_cases as made
from tests.desk_ui.fake_desk import running_desk
from tests.desk_ui.fake_state import FakeDesk
from tests.desk_ui.pages import DeskPage


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def server() -> AsyncIterator[tuple[FakeDesk, str]]:
    async with running_desk() as (desk, url):
        fill(desk)
        yield desk, url


@pytest.fixture
def fake(server: tuple[FakeDesk, str]) -> FakeDesk:
    return server[0]


@pytest.fixture
def url(server: tuple[FakeDesk, str]) -> str:
    return server[1]


@pytest.fixture
async def desk(browser: Browser, fake: FakeDesk, url: str) -> DeskPage:
    """Ania, logged in."""
    page = await DeskPage.open(browser, url)
    await page.log_in("ania")
    return page


def fill(desk: FakeDesk) -> None:
    """An ordinary morning: one case in hand, some that wait, a call-back, two complaints."""
    held = {"state": "active", "agent_id": "AG-ania", "agent": "Ania (demo)", "fence": 2}
    desk.add(made.complaint(1, "Pęknięty kubek z ZA-2026-104731; oczekuje wymiany", 9, **held))
    desk.add(made.row(2, "Nie dotarła paczka ZA-2026-104802, kurier podaje „doręczono”"))
    desk.add(
        made.row(
            3, "Wants an invoice for order ZA-2026-104660",
            language="en", skill="payments", due_at=made.ago(minutes=-3),
        )
    )  # fmt: skip
    desk.add(
        made.complaint(4, "Buty rozkleiły się po tygodniu; żąda zwrotu ceny i grozi sądem", 2,
                       priority="urgent", priority_reasons=["legal_threat", "complaint"],
                       due_at=made.ago(minutes=2))
    )  # fmt: skip
    desk.add(
        made.row(5, "Prosi o telefon w sprawie rat", kind="callback", state="callback_scheduled",
                 callback={"phone": "+48600100200", "from": made.ago(hours=-1),
                           "to": made.ago(hours=-3)})
    )  # fmt: skip
    desk.add(
        made.row(6, "Zmiana adresu dostawy", state="closed", closed_at=made.ago(days=20),
                 created_at=made.ago(days=20))
    )  # fmt: skip
