"""What an agent does at the desk, in Chromium against the fake server."""

import asyncio

import pytest
from playwright.async_api import Browser, expect

from tests.desk_ui import fake_cases as made
from tests.desk_ui.fake_state import FakeDesk
from tests.desk_ui.pages import DeskPage

pytestmark = pytest.mark.browser


async def until(check: object, timeout_s: float = 5) -> None:
    """Wait until `check()` is true on the server's side."""
    assert callable(check)
    for _ in range(int(timeout_s / 0.02)):
        if check():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen")


async def test_a_wrong_password_is_told_and_the_field_keeps_the_focus(
    browser: Browser, url: str
) -> None:
    desk = await DeskPage.open(browser, url)
    await desk.page.locator("input[name=username]").fill("ania")
    await desk.page.locator("input[name=password]").fill("zle")
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.locator(".error")).to_have_text("Login lub hasło się nie zgadza.")
    await expect(desk.page.locator("input[name=password]")).to_be_focused()


async def test_an_offer_rings_and_is_accepted_with_a_key(desk: DeskPage, fake: FakeDesk) -> None:
    case = await fake.ring(fake.cases["C0002"])
    await expect(desk.offers).to_contain_text("R-2026-000002")
    await expect(desk.page).to_have_title("(1) Nowa sprawa")
    alert = desk.page.get_by_role("alert")
    await expect(alert).to_contain_text("Nowa sprawa R-2026-000002")
    await desk.page.keyboard.press("Alt+y")
    await expect(desk.page.locator(".talk-head h2")).to_have_text("R-2026-000002")
    await expect(desk.field).to_be_focused()
    await expect(desk.offers).to_have_count(0)
    await until(lambda: fake.heartbeats[-1].get(case["id"]) == case["fence"])


async def test_an_offer_is_declined_and_one_that_rang_out_is_told(
    desk: DeskPage, fake: FakeDesk
) -> None:
    await fake.ring(fake.cases["C0002"])
    await desk.page.get_by_role("button", name="Odrzuć").click()
    await expect(desk.offers).to_have_count(0)
    case = await fake.ring(fake.cases["C0003"])
    await expect(desk.offers).to_contain_text(case["number"])
    fake.change(case, state="queued", agent_id=None)
    await fake.push("offer.gone", case_id=case["id"], why="rang_out")
    await expect(desk.page.locator(".notices")).to_contain_text("już nie dzwoni")


async def test_an_answer_reaches_the_customer_once(desk: DeskPage, fake: FakeDesk) -> None:
    await desk.choose(1)
    await desk.field.fill("Dzień dobry, <i>wymienimy</i> kubek.")
    await desk.field.press("Enter")
    sent = desk.turns("Dzień dobry, <i>wymienimy</i> kubek.")
    await expect(sent).to_have_count(1)
    await expect(sent).to_contain_text("Wysłano")
    await expect(desk.field).to_have_value("")
    assert [t["text"] for t in fake.turns["C0001"]][-1].startswith("Dzień dobry, <i>")
    assert {"case_id": "C0001", "on": True} in fake.typed


async def test_what_was_missed_is_shown_before_the_answer_goes_out(
    desk: DeskPage, fake: FakeDesk
) -> None:
    await desk.choose(1)
    await fake.customer_says(fake.cases["C0001"], "Jednak wolę zwrot", told=False)
    await desk.field.fill("Wysyłamy nowy kubek.")
    await desk.field.press("Enter")
    await expect(desk.page.locator(".missed")).to_contain_text("Jednak wolę zwrot")
    assert fake.turns["C0001"][-1]["author"] == "customer"
    await desk.page.get_by_role("button", name="Wyślij mimo to").click()
    await expect(desk.turns("Wysyłamy nowy kubek.")).to_contain_text("Wysłano")
    assert [t["author"] for t in fake.turns["C0001"][-2:]] == ["customer", "agent"]


async def test_a_missed_message_can_be_thought_over(desk: DeskPage, fake: FakeDesk) -> None:
    await desk.choose(1)
    await fake.customer_says(fake.cases["C0001"], "Jednak wolę zwrot", told=False)
    await desk.field.fill("Wysyłamy nowy kubek.")
    await desk.field.press("Enter")
    await expect(desk.page.get_by_role("button", name="Wróć do edycji")).to_be_focused()
    await desk.page.keyboard.press("Enter")
    await expect(desk.field).to_have_value("Wysyłamy nowy kubek.")
    await expect(desk.field).to_be_focused()
    assert fake.turns["C0001"][-1]["author"] == "customer"


async def test_a_draft_survives_a_reload_and_another_computer(
    browser: Browser, desk: DeskPage, fake: FakeDesk, url: str
) -> None:
    await desk.choose(1)
    await desk.field.fill("Już sprawdzam w magaz")
    await desk.page.reload()
    await expect(desk.field).to_have_value("Już sprawdzam w magaz")
    await until(lambda: fake.drafts.get("C0001") == "Już sprawdzam w magaz")
    other = await DeskPage.open(browser, url)
    await other.log_in("ania")
    await other.choose(1)
    await expect(other.field).to_have_value("Już sprawdzam w magaz")


async def test_without_a_network_nothing_written_is_lost(desk: DeskPage, fake: FakeDesk) -> None:
    await desk.choose(1)
    await fake.cut()
    await expect(desk.page.locator(".banner.bad")).to_contain_text("Brak połączenia")
    await desk.field.fill("Czy kubek był w pudełku?")
    await desk.field.press("Enter")
    await expect(desk.turns("Czy kubek był w pudełku?")).to_contain_text("Nie wysłano.")
    fake.down = False
    await fake.customer_says(fake.cases["C0001"], "Halo?", told=False)
    await expect(desk.turns("Halo?")).to_be_visible(timeout=15_000)
    await expect(desk.page.locator(".banner.bad")).to_have_count(0)
    await desk.page.get_by_role("button", name="Wyślij ponownie").click()
    await expect(desk.turns("Czy kubek był w pudełku?")).to_contain_text("Wysłano")
    assert sum(t["text"] == "Czy kubek był w pudełku?" for t in fake.turns["C0001"]) == 1
    assert fake.hellos[-1]["seen"]["C0001"] == 4


async def test_an_offer_rings_again_after_a_reconnect(desk: DeskPage, fake: FakeDesk) -> None:
    await fake.ring(fake.cases["C0002"])
    await expect(desk.offers).to_be_visible()
    for socket in list(fake.sockets):
        await socket.close()
    await until(lambda: len(fake.hellos) > 1)
    await expect(desk.offers.locator(".offer")).to_have_count(1)


async def test_a_lost_case_is_told_and_cannot_be_written_to(desk: DeskPage, fake: FakeDesk) -> None:
    await desk.choose(1)
    await desk.field.fill("Zaraz odp")
    fake.change(fake.cases["C0001"], state="queued", agent_id=None)
    await fake.push("case.lost", case_id="C0001", why="lease")
    await expect(desk.page.locator(".notice.error")).to_contain_text("wróciła do kolejki")
    await expect(desk.field).to_have_count(0)
    await expect(desk.page.locator(".foot-note")).to_be_visible()


async def test_canned_answers_come_by_slash_with_their_places_filled(desk: DeskPage) -> None:
    await desk.choose(1)
    await desk.field.press_sequentially("Dobrze. /wy")
    option = desk.options
    await expect(option).to_contain_text("Wymiana towaru")
    active = await desk.field.get_attribute("aria-activedescendant")
    assert active == await option.get_attribute("id")
    await desk.field.press("Enter")
    wanted = "Dobrze. Wymienimy towar z zamówienia ZA-2026-104731 do dnia {data}."
    await expect(desk.field).to_have_value(wanted)
    assert await desk.page.evaluate("getSelection().toString()") == "{data}"
    await desk.field.press("Enter")
    await expect(desk.page.locator(".composer .error")).to_contain_text("{data}")
    await desk.field.press_sequentially("1 grudnia")
    await desk.field.press("Enter")
    await expect(desk.turns("do dnia 1 grudnia.")).to_contain_text("Wysłano")


async def test_suggestions_are_marked_and_only_put_into_the_field(
    desk: DeskPage, fake: FakeDesk
) -> None:
    await desk.choose(1)
    await desk.page.get_by_role("button", name="Wymiana uszkodzonego towaru").click()
    await expect(desk.field).to_have_value(made.ARTICLES[0]["text"])
    await expect(desk.page.locator(".composer")).to_contain_text("Treść z podpowiedzi")
    assert len(fake.turns["C0001"]) == 4
    await desk.field.press_sequentially(" Pozdrawiam.")
    await expect(desk.page.locator(".composer")).not_to_contain_text("Treść z podpowiedzi")


async def test_wrap_up_asks_for_the_outcome_and_offers_a_note(
    desk: DeskPage, fake: FakeDesk
) -> None:
    await desk.choose(1)
    await desk.page.get_by_role("button", name="Zakończ rozmowę").click()
    await expect(desk.page.get_by_label("Wynik sprawy")).to_be_focused()
    note = desk.page.locator(".wrap-up textarea")
    await expect(note).to_have_value(
        "Kubek z zamówienia ZA-2026-104731 pęknięty; wymiana uzgodniona."
    )
    await desk.page.get_by_role("button", name="Zamknij sprawę").click()
    await expect(desk.page.locator(".wrap-up .error")).to_be_visible()
    await note.fill("Wymiana do 1 grudnia.")
    await desk.page.get_by_label("Wynik sprawy").select_option("solved")
    await desk.page.get_by_role("button", name="Zamknij sprawę").click()
    await expect(desk.inbox).to_contain_text("Żadnej sprawy w toku")
    assert fake.closed == [
        {
            "fence": fake.cases["C0001"]["fence"],
            "disposition": "solved",
            "note": "Wymiana do 1 grudnia.",
        }
    ]


async def test_the_card_tells_what_is_known_and_where_it_was_said(desk: DeskPage) -> None:
    await desk.choose(1)
    for text in (
        "Kubek przyszedł pęknięty.",
        "Czy kubek można wymienić na nowy?",
        "potwierdzona",
        "P-2026-000017",
        "Dzwonił też wczoraj.",
        "R-2026-000006",
    ):
        await expect(desk.card).to_contain_text(text)
    await desk.card.get_by_role("link", name="Wypowiedź 4").first.click()
    await expect(desk.page.locator("#turn-4")).to_be_focused()
    await expect(desk.page).to_have_url(f"{desk.url}/#/case/C0001")


async def test_notes_identity_and_the_legal_answer_are_recorded(
    desk: DeskPage, fake: FakeDesk
) -> None:
    await desk.choose(1)
    await desk.card.get_by_label("Nowa notatka").fill("Klient woli e-mail.")
    await desk.card.get_by_role("button", name="Dodaj notatkę").click()
    await expect(desk.card).to_contain_text("Klient woli e-mail.")
    await desk.card.get_by_text("Odnotuj sprawdzenie").click()
    await desk.card.get_by_label("Sposób").select_option("phone_match")
    await desk.card.get_by_role("button", name="Zgadza się", exact=True).click()
    await expect(desk.card.locator(".checks")).to_contain_text("numer telefonu")
    await desk.card.get_by_text("Odnotuj odpowiedź na reklamację").click()
    await desk.card.get_by_role("button", name="Zapisz").click()
    await expect(desk.card).to_contain_text("Odpowiedziano")
    assert fake.cases["C0001"]["legal"]["durable_medium"] == "email"


async def test_hold_transfer_return_and_call_back(desk: DeskPage, fake: FakeDesk) -> None:
    case = fake.cases["C0001"]
    await desk.choose(1)
    await desk.page.get_by_role("button", name="Wstrzymaj").click()
    await expect(desk.page.locator(".foot-note")).to_contain_text("wstrzymana")
    await desk.page.get_by_role("button", name="Wznów").click()
    await expect(desk.field).to_be_visible()
    await desk.page.get_by_role("button", name="Przekaż").click()
    dialog = desk.page.get_by_role("dialog")
    await dialog.get_by_label("Do osoby").check()
    await dialog.get_by_label("Osoba", exact=True).select_option("AG-bartek")
    await dialog.get_by_role("button", name="Przekaż").click()
    await expect(desk.inbox).to_contain_text("Żadnej sprawy w toku")
    for name, button, state in (
        ("Oddaj botowi", "Oddaj botowi", "bot"),
        ("Oddzwoń", "Umów", "callback_scheduled"),
    ):
        fake.change(case, state="active", agent_id="AG-ania")
        await fake.push("case.updated", case=case)
        await desk.page.get_by_role("button", name=name).click()
        if state == "callback_scheduled":
            await dialog.get_by_label("Numer telefonu").fill("+48 600 100 200")
        await dialog.get_by_role("button", name=button).click()
        await expect(dialog).to_have_count(0)
        assert case["state"] == state
    assert case["callback"]["phone"] == "+48600100200"


async def test_presence_and_breaks(desk: DeskPage, fake: FakeDesk) -> None:
    await desk.page.get_by_label("Dostępność").select_option("break:meal")
    await until(lambda: fake.agents["ania"]["presence_reason"] == "meal")
    await expect(desk.page.locator(".presence .since")).to_have_text("od 0 s")


async def test_leaving_with_cases_in_hand_is_asked_about(desk: DeskPage, fake: FakeDesk) -> None:
    await desk.page.get_by_label("Dostępność").select_option("offline")
    dialog = desk.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("1 sprawa wróci do kolejki")
    await desk.page.keyboard.press("Escape")
    await expect(desk.page.get_by_label("Dostępność")).to_have_value("available")
    await desk.page.get_by_label("Dostępność").select_option("offline")
    await dialog.get_by_role("button", name="Oddaj i zakończ pracę").click()
    await expect(desk.inbox).to_contain_text("Żadnej sprawy w toku")
    assert fake.agents["ania"]["presence"] == "offline"


async def test_what_is_given_away_is_not_told_as_lost(desk: DeskPage, fake: FakeDesk) -> None:
    await desk.choose(1)
    await desk.page.keyboard.press("Alt+t")
    await desk.page.get_by_role("dialog").get_by_role("button", name="Przekaż").click()
    await expect(desk.inbox).to_contain_text("Żadnej sprawy w toku")
    await fake.push("case.lost", case_id="C0001", why="queued")
    await fake.ring(fake.cases["C0002"])
    await expect(desk.offers).to_be_visible()
    await expect(desk.page.locator(".notice")).to_have_count(0)


async def test_without_redis_the_list_is_taken_from(desk: DeskPage, fake: FakeDesk) -> None:
    fake.degraded = True
    waiting = [c for c in fake.cases.values() if c["state"] == "queued"]
    await fake.push("queue", degraded=True, lines=[], waiting=waiting)
    await expect(desk.page.locator(".banner.warn")).to_contain_text("Redis nie działa")
    await desk.choose(2)
    await desk.page.get_by_role("button", name="Weź sprawę").click()
    await expect(desk.field).to_be_visible()


async def test_call_backs_complaints_and_search(desk: DeskPage) -> None:
    await desk.page.get_by_role("tab", name="Oddzwonienia").click()
    await expect(desk.row(5)).to_contain_text("Prosi o telefon")
    await desk.page.get_by_role("tab", name="Reklamacje").click()
    await expect(desk.inbox.locator(".others .row")).to_have_count(2)
    await desk.page.get_by_role("tab", name="Szukaj").click()
    await desk.page.get_by_label("Numer sprawy lub treść").fill("000006")
    await desk.page.keyboard.press("Enter")
    await expect(desk.row(6)).to_contain_text("Zmiana adresu")


async def test_knowledge_is_found_and_put_into_the_answer(desk: DeskPage) -> None:
    await desk.choose(1)
    await desk.page.keyboard.press("Alt+g")
    await expect(desk.page.locator("#knowledge-search")).to_be_focused()
    await desk.page.keyboard.type("wymiana")
    await desk.page.keyboard.press("Enter")
    await desk.card.get_by_role("button", name="Wstaw do odpowiedzi").click()
    await expect(desk.field).to_have_value(made.ARTICLES[0]["text"])


async def test_a_message_for_another_case_is_marked_unread(desk: DeskPage, fake: FakeDesk) -> None:
    await desk.choose(2)
    await fake.customer_says(fake.cases["C0001"], "Halo, jest tam kto?")
    await expect(desk.row(1)).to_contain_text("nieprzeczytane")
    await desk.page.keyboard.press("Alt+u")
    await expect(desk.turns("Halo, jest tam kto?")).to_be_visible()
    await expect(desk.row(1)).not_to_contain_text("nieprzeczytane")


async def test_the_language_changes_in_place(desk: DeskPage) -> None:
    await desk.choose(1)
    await desk.field.fill("zostaje")
    await desk.page.get_by_role("button", name="Switch to English").click()
    await expect(desk.page.locator("html")).to_have_attribute("lang", "en")
    await expect(desk.page.get_by_role("button", name="End the talk")).to_be_visible()
    await expect(desk.field).to_have_value("zostaje")


async def test_being_logged_out_elsewhere_leads_to_the_log_in(
    desk: DeskPage, fake: FakeDesk
) -> None:
    await desk.choose(1)
    await desk.field.fill("nie zginie")
    await desk.page.context.clear_cookies()
    await desk.page.get_by_role("button", name="Wstrzymaj").click()
    await expect(desk.page.get_by_role("button", name="Zaloguj")).to_be_visible()
    await desk.log_in("ania")
    await expect(desk.field).to_have_value("nie zginie")


async def test_the_pages_keep_to_their_policy(desk: DeskPage, fake: FakeDesk) -> None:
    await desk.choose(1)
    await fake.ring(fake.cases["C0002"])
    await desk.page.goto(f"{desk.url}/wall#/reports")
    await asyncio.sleep(0.5)
    assert desk.errors == []
