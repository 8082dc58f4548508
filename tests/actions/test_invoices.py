import pytest

from frontline.errors import UnavailableError
from tests.actions.doubles import Bot, FakeDesk, FakeShop

NUMBER, NIP = "ZA-2026-104731", "5252248481"


async def ask_for(bot: Bot, text: str = "Poproszę fakturę VAT do zamówienia 104731") -> list[str]:
    assert await bot.hear(text, "invoice_request", order_number="104731") == ["identity_ask_proof"]
    return await bot.hear("00-950", postal_code="00-950")


async def test_an_invoice_for_a_company_is_read_back_and_requested(
    bot: Bot, shop: FakeShop
) -> None:
    assert await ask_for(bot) == ["payment_invoice_ask_whom"]
    assert [b["title"] for b in bot.buttons] == ["Osoba prywatna"]
    assert await bot.hear("525-224-84-81", "inform") == ["payment_invoice_confirm"]
    assert bot.said == [
        "Zamówienie ZA-2026-104731: faktura, nabywca: firma, NIP 5252248481. Czy wysłać tę prośbę?"
    ]
    assert not shop.invoices
    assert await bot.hear("tak", "affirm") == ["payment_invoice_sent"]
    assert shop.invoices == {(NUMBER, "invoice", NIP): "FV-000001"}
    assert "FV-000001" in bot.said[0]
    assert bot.slots["form"] is None


async def test_everything_may_come_in_one_message(bot: Bot) -> None:
    text = "proszę o duplikat faktury do 104731, kod 00-950, NIP 525-22-48-481"
    said = await bot.hear(text, "invoice_request", order_number="104731",
                          postal_code=["00-950", "52-522", "48-481"])  # fmt: skip
    assert said == ["payment_invoice_confirm"]
    assert "kopia faktury, nabywca: firma, NIP 5252248481" in bot.said[0]


async def test_a_tax_number_is_no_order_postcode_or_phone(bot: Bot) -> None:
    said = await bot.hear("faktura na NIP 525-22-48-481", "invoice_request",
                          postal_code=["52-522", "48-481"])  # fmt: skip
    assert said == ["orders_ask_number"]
    assert bot.slots.get("proof") is None
    await bot.hear("104731", order_number="104731")
    assert await bot.hear("00-950", postal_code="00-950") == ["payment_invoice_confirm"]


async def test_an_order_number_beside_a_tax_number_stays_one(bot: Bot) -> None:
    text = "faktura do ZA-2026-104731, nip to 2012345678"
    await bot.hear(text, "invoice_request", order_number=["ZA-2026-104731", "ZA-2012-345678"])
    assert bot.slots["order_number"] == "ZA-2026-104731"
    assert bot.slots.get("later_intent") is None


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("Poproszę fakturę VAT do zamówienia.", "invoice"),
        ("zapomnialem nipu wpisac, co teraz", "invoice"),
        ("Proszę o duplikat faktury", "copy"),
        ("Plik nie chce mi się otworzyć, prześlijcie go jeszcze raz.", "copy"),
        ("na fakturze jest zły NIP, proszę o korektę", "correction"),
        ("Literówka w nazwie ulicy na fakturze", "correction"),
        ("nie korekta, tylko kopia faktury", "copy"),
        ("could I have a duplicate of the bill from March", "copy"),
        ("you put the wrong nip on the faktura", "correction"),
        ("Please issue an invoice to my firm", "invoice"),
    ],
)
async def test_the_document_is_understood_from_the_message(
    bot: Bot, text: str, document: str
) -> None:
    await bot.hear(text, "invoice_request")
    assert bot.slots["answers"]["invoice_kind"] == document


@pytest.mark.parametrize(
    ("answer", "intent", "then"),
    [("Kopia faktury", "invoice_request", "payment_invoice_ask_whom"),
     ("nową", "nlu_fallback", "payment_invoice_ask_whom"),
     ("po prostu fakturę", "invoice_request", "payment_invoice_ask_whom"),
     ("Korekta faktury", "invoice_request", "payment_invoice_ask_correction"),
     ("nie wiem", "nlu_fallback", "payment_invoice_kind_unclear")],
)  # fmt: skip
async def test_the_document_is_asked_for_with_buttons(
    bot: Bot, answer: str, intent: str, then: str
) -> None:
    assert await ask_for(bot, "faktura do zamówienia 104731") == ["payment_invoice_ask_kind"]
    assert [b["title"] for b in bot.buttons] == ["Nowa faktura", "Kopia faktury", "Korekta faktury"]
    assert await bot.hear(answer, intent) == [then]


@pytest.mark.parametrize(
    ("text", "intent"),
    [("Osoba prywatna", "privacy_request"), ("na osobę fizyczną", "nlu_fallback"),
     ("nie mam nipu", "deny")],
)  # fmt: skip
async def test_a_private_person_needs_no_tax_number(
    bot: Bot, shop: FakeShop, text: str, intent: str
) -> None:
    await ask_for(bot)
    assert await bot.hear(text, intent) == ["payment_invoice_confirm"]
    await bot.hear("tak", "affirm")
    assert list(shop.invoices) == [(NUMBER, "invoice", None)]


@pytest.mark.parametrize(
    "text",
    ["PL5252248481", "nip: 525 224 84 81", "five two five two two four eight four eight one",
     "pięćset dwadzieścia pięć dwieście dwadzieścia cztery osiemdziesiąt cztery osiemdziesiąt "
     "jeden", "to jest pięć dwa pięć dwa dwa cztery osiem cztery osiem jeden"],
)  # fmt: skip
async def test_a_tax_number_is_taken_however_it_is_written_or_said(bot: Bot, text: str) -> None:
    await ask_for(bot)
    assert await bot.hear(text, "inform") == ["payment_invoice_confirm"]
    assert bot.slots["answers"]["invoice_whom"] == NIP


async def test_a_tax_number_that_cannot_exist_is_asked_again_then_a_person_is_offered(
    bot: Bot, desk: FakeDesk
) -> None:
    await ask_for(bot)
    assert await bot.hear("5252248482", "inform") == ["payment_invoice_wrong_nip"]
    assert "5252248482" in bot.said[0]
    assert await bot.hear("123", "inform") == ["payment_invoice_whom_unclear"]
    said = await bot.hear("5252248483", "inform")
    assert said == ["payment_invoice_wrong_nip", "payment_invoice_nip_person"]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["reason"] == "repeated_failure"


async def test_the_tax_number_is_corrected_at_the_end(bot: Bot, shop: FakeShop) -> None:
    await ask_for(bot)
    await bot.hear(NIP, "inform")
    assert await bot.hear("nie, to zły NIP", "deny") == ["payment_invoice_ask_whom"]
    assert await bot.hear("1234563218", "inform") == ["payment_invoice_confirm"]
    assert await bot.hear("nie, na osobę prywatną", "deny") == ["payment_invoice_confirm"]
    assert await bot.hear("tak", "affirm") == ["payment_invoice_sent"]
    assert list(shop.invoices) == [(NUMBER, "invoice", None)]


async def test_another_document_may_be_chosen_at_the_end(bot: Bot) -> None:
    await ask_for(bot)
    await bot.hear("osoba prywatna", "inform")
    assert await bot.hear("nie, kopię faktury", "invoice_request") == ["payment_invoice_confirm"]
    assert "kopia faktury" in bot.said[0]


async def test_a_no_sends_nothing(bot: Bot, shop: FakeShop) -> None:
    await ask_for(bot)
    await bot.hear("osoba prywatna", "inform")
    assert await bot.hear("nie", "deny") == ["payment_invoice_dropped"]
    assert not shop.invoices


async def test_a_correction_is_described_and_kept_for_a_person(
    bot: Bot, shop: FakeShop, desk: FakeDesk
) -> None:
    said = await ask_for(bot, "proszę o korektę faktury do 104731")
    assert said == ["payment_invoice_ask_correction"]
    said = await bot.hear("zły numer NIP, ma być 525 224 84 81", "privacy_request")
    assert said == ["payment_invoice_confirm_correction"]
    assert "Do poprawy: „zły numer NIP, ma być 525 224 84 81”" in bot.said[0]
    assert "NIP 5252248481" in bot.said[0]
    assert await bot.hear("tak", "affirm") == ["payment_invoice_correction_sent"]
    assert shop.invoices == {(NUMBER, "correction", NIP): "FV-000001"}
    (case,) = desk.opened
    assert case["waits"] is False
    assert case["detail"] == (
        "invoice_request: FV-000001 ZA-2026-104731: zły numer NIP, ma być 525 224 84 81"
    )
    assert "R-2026-000001" in bot.said[0]


async def test_a_correction_whose_words_cannot_be_kept_is_not_called_done(
    bot: Bot, shop: FakeShop, desk: FakeDesk
) -> None:
    await ask_for(bot, "proszę o korektę faktury do 104731")
    await bot.hear("literówka w nazwisku, Nowak", "nlu_fallback")
    await bot.hear("osoba prywatna", "inform")
    desk.error = UnavailableError("down")
    assert await bot.hear("tak", "affirm") == ["escalation_unavailable"]
    desk.error = None
    assert await bot.hear("tak", "affirm") == ["payment_invoice_correction_sent"]
    assert len(shop.invoices) == 1


async def test_a_question_while_a_correction_is_described_is_answered(bot: Bot) -> None:
    await ask_for(bot, "proszę o korektę faktury do 104731")
    said = await bot.hear("jaki jest wasz adres?", "store_contact")
    assert said == ["company_contact", "payment_invoice_ask_correction"]
    assert await bot.hear("nie", "deny") == ["payment_invoice_ask_correction"]


@pytest.mark.parametrize(
    "text", ["proforma do zamowienia", "zgubiłam paragon, da się wystawić drugi raz",
             "May I have the invoice in English?"]
)  # fmt: skip
async def test_other_documents_are_for_a_person(bot: Bot, desk: FakeDesk, text: str) -> None:
    assert await bot.hear(text, "invoice_request") == ["payment_invoice_other"]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["detail"] == f"invoice_request: {text}"


async def test_a_receipt_may_become_an_invoice(bot: Bot) -> None:
    said = await bot.hear("czy da się zamienić paragon na fakturę z nipem", "invoice_request")
    assert said == ["orders_ask_number"]


async def test_an_invoice_is_asked_for_by_voice_in_english(bot: Bot, shop: FakeShop) -> None:
    bot.channel, bot.language = "voice", "en"
    await ask_for(bot, "I need an invoice for 104731")
    assert bot.said == ["Who is the invoice for? Please say the company's Polish tax number, or "
                        "say: private person."]  # fmt: skip
    await bot.hear("five two five two two four eight four eight one", "nlu_fallback")
    assert "NIP five two five, two two four, eight four, eight one" in bot.said[0]
    await bot.hear("yes", "affirm")
    assert "F V, zero zero zero, zero zero one" in bot.said[0]


async def test_the_language_may_change_in_the_middle(bot: Bot) -> None:
    await ask_for(bot)
    bot.language = "en"
    said = await bot.hear("in English please", "change_language", language="en")
    assert said == ["dialogue_language_changed", "payment_invoice_ask_whom"]
    assert bot.buttons[-1]["title"] == "Private person"
    assert await bot.hear("Private person", "inform") == ["payment_invoice_confirm"]


async def test_the_request_can_be_stopped_and_a_shop_that_is_down_leads_to_a_person(
    bot: Bot, shop: FakeShop
) -> None:
    await ask_for(bot)
    assert await bot.hear("stop", "stop") == ["dialogue_stopped"]
    await bot.hear("poproszę fakturę", "invoice_request")
    await bot.hear("osoba prywatna", "inform")
    shop.down = True
    assert await bot.hear("tak", "affirm") == ["escalation_tool_error"]
