from dataclasses import replace
from datetime import timedelta

import pytest

from actions import phrases
from actions.shop.port import (
    CannotChangeError,
    Contact,
    OrderState,
    Payment,
    PaymentState,
    Return,
    ReturnState,
    TooLateError,
)
from frontline.clock import ManualClock
from frontline.errors import UnavailableError
from tests.actions.doubles import NOON, Bot, FakeDesk, FakeShop

NUMBER = "ZA-2026-104761"
DAY = NOON.date()


@pytest.fixture(autouse=True)
def delivered(shop: FakeShop) -> None:
    shop.add(NUMBER, OrderState.DELIVERED, delivered_at=NOON - timedelta(days=2))


def known_return(state: ReturnState, **changes) -> Return:
    found = Return("ZW-000001", NUMBER, state, NOON - timedelta(days=3), 16950,
                   DAY + timedelta(days=11), "Sklep, Długa 5, 00-238 Warszawa")  # fmt: skip
    return replace(found, **changes)


async def prove(bot: Bot) -> None:
    bot.slots["verified_orders"] = [NUMBER]
    bot.slots["order_number"] = NUMBER


async def test_a_return_is_read_back_confirmed_and_registered(bot: Bot, shop: FakeShop) -> None:
    said = await bot.hear("chcę zwrócić zamówienie 104761", "return_start", order_number="104761")
    assert said == ["identity_ask_proof"]
    said = await bot.hear("00-950", postal_code="00-950")
    assert said == ["returns_whole_order", "returns_confirm"]
    assert bot.said[1] == (
        "Zwrot zamówienia ZA-2026-104761: Czajnik, Kubek (2 sztuki). "
        "Ostatni dzień na zgłoszenie: 7 grudnia 2026. Czy zgłosić zwrot?"
    )
    assert not await shop.returns(NUMBER)
    said = await bot.hear("tak", "affirm")
    assert said == ["returns_started", "returns_money", "returns_receipt"]
    assert "ZW-000001" in bot.said[0]
    assert "00-238" in bot.said[0]
    assert "Ostatni dzień na wysłanie: 8 grudnia 2026" in bot.said[0]
    assert bot.said[1].startswith("Oddamy 169,50\u00a0zł najpóźniej 8 grudnia 2026.")
    assert (await shop.returns(NUMBER))[0].state is ReturnState.ANNOUNCED
    assert bot.slots["form"] is None


async def test_a_withdrawal_is_a_case_with_a_confirmation(bot: Bot, desk: FakeDesk) -> None:
    await prove(bot)
    await bot.hear("chcę to zwrócić", "return_start")
    await bot.hear("tak", "affirm")
    (case,) = desk.opened
    assert (case["reason"], case["kind"], case["waits"]) == ("withdrawal", "withdrawal", False)
    receipt = dict(case["receipt"]["rows"])
    assert case["receipt"]["title"].startswith("Potwierdzenie otrzymania oświadczenia")
    assert receipt["Zamówienie"] == NUMBER
    assert receipt["Numer zwrotu"] == "ZW-000001"
    assert receipt["Sprzedawca"] == "Sklep, Długa 5, 00-238 Warszawa"
    assert "R-2026-000001" in bot.said[2]


async def test_a_return_stays_registered_when_no_confirmation_can_be_made(
    bot: Bot, desk: FakeDesk, shop: FakeShop
) -> None:
    await prove(bot)
    await bot.hear("chcę to zwrócić", "return_start")
    desk.error = UnavailableError("down")
    assert await bot.hear("tak", "affirm") == ["returns_started", "returns_money"]
    assert await shop.returns(NUMBER)


async def test_a_confirmation_does_not_hang_on_the_shops_address(
    bot: Bot, desk: FakeDesk, shop: FakeShop
) -> None:
    async def gone() -> Contact:
        raise UnavailableError("down")

    await prove(bot)
    await bot.hear("chcę to zwrócić", "return_start")
    shop.contact = gone  # type: ignore[method-assign]
    assert (await bot.hear("tak", "affirm"))[0] == "returns_started"
    assert "Sprzedawca" not in dict(desk.opened[0]["receipt"]["rows"])


async def test_a_no_registers_nothing(bot: Bot, shop: FakeShop) -> None:
    await prove(bot)
    await bot.hear("chcę to zwrócić", "return_start")
    assert await bot.hear("nie", "deny") == ["returns_not_started"]
    assert not await shop.returns(NUMBER)


async def test_a_return_in_english_by_voice_has_no_figures(bot: Bot, domain: dict) -> None:
    bot.language, bot.channel = "en", "voice"
    await prove(bot)
    assert "returns_confirm" in await bot.hear("I want to return it", "return_start")
    said = await bot.hear("yes", "affirm")
    assert said == ["returns_started", "returns_money", "returns_receipt"]
    assert "Z W, zero zero zero, zero zero one" in bot.said[0]
    assert "00-238" not in bot.said[0]


async def test_stop_ends_a_return(bot: Bot, shop: FakeShop) -> None:
    await prove(bot)
    await bot.hear("chcę to zwrócić", "return_start")
    assert await bot.hear("stop", "stop") == ["dialogue_stopped"]
    assert await bot.hear("tak", "affirm") == ["dialogue_how_can_i_help"]
    assert not await shop.returns(NUMBER)


async def test_a_question_in_the_middle_is_answered_and_the_yes_asked_again(bot: Bot) -> None:
    await prove(bot)
    await bot.hear("chcę to zwrócić", "return_start")
    said = await bot.hear("a jaki macie telefon?", "store_contact")
    assert said == ["company_contact", "returns_whole_order", "returns_confirm"]
    said = await bot.hear("a kto płaci za odesłanie?", "return_start")
    assert said == ["returns_cost", "returns_whole_order", "returns_confirm"]


async def test_a_corrected_number_is_read_back_before_anything_happens(
    bot: Bot, shop: FakeShop
) -> None:
    other = "ZA-2026-104763"
    shop.add(other, OrderState.DELIVERED, delivered_at=NOON - timedelta(days=3))
    await prove(bot)
    bot.slots["verified_orders"] = [NUMBER, other]
    await bot.hear("chcę to zwrócić", "return_start")
    said = await bot.hear("nie, 104763", "deny", order_number="104763")
    assert said[-1] == "returns_confirm"
    assert "104763" in bot.said[-1]
    await bot.hear("tak", "affirm")
    assert await shop.returns(other)
    assert not await shop.returns(NUMBER)


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("ile mam dni na zwrot", "pl", "returns_rule"),
        ("jak zrobić zwrot", "pl", "returns_rule"),
        ("Czy zwrot jest darmowy?", "pl", "returns_cost"),
        ("kto płaci za odesłanie", "pl", "returns_cost"),
        ("How long do I have to return it?", "en", "returns_rule"),
        ("who pays for sending it back", "en", "returns_cost"),
    ],
)
async def test_a_general_question_is_answered_and_a_start_offered(
    bot: Bot, text: str, language: str, said: str
) -> None:
    bot.language = language
    assert await bot.hear(text, "return_start") == [said, "returns_start"]
    assert await bot.hear("nie", "deny") == ["returns_not_started"]
    assert bot.slots["form"] is None


async def test_the_offered_start_is_taken_with_a_yes_or_a_number(bot: Bot) -> None:
    await bot.hear("jak zwrócić towar?", "return_start")
    assert await bot.hear("a gdzie sklep?", "store_contact") == ["company_contact", "returns_start"]
    assert await bot.hear("tak", "affirm") == ["orders_ask_number"]
    await bot.hear("stop", "stop")
    await bot.hear("jak zwrócić towar?", "return_start")
    assert await bot.hear("104761", order_number="104761") == ["identity_ask_proof"]
    assert (await bot.hear("00-950", postal_code="00-950"))[-1] == "returns_confirm"


async def test_a_wish_after_the_offered_start_begins_it(bot: Bot) -> None:
    await bot.hear("jak zwrócić towar?", "return_start")
    assert await bot.hear("chcę zwrócić czajnik", "return_start") == ["orders_ask_number"]


async def test_a_general_question_about_a_proved_order_does_not_register_it(
    bot: Bot, shop: FakeShop
) -> None:
    await prove(bot)
    said = await bot.hear("ile mam czasu na zwrot?", "return_start")
    assert said == ["returns_rule", "returns_whole_order", "returns_confirm"]
    assert not await shop.returns(NUMBER)


@pytest.mark.parametrize(
    ("state", "facts", "said"),
    [
        (OrderState.PAID, {}, ["returns_not_sent"]),
        (OrderState.SHIPPED, {}, ["returns_not_delivered"]),
        (OrderState.DELIVERED, {"delivered_at": NOON - timedelta(days=20)}, ["returns_too_late"]),
        (OrderState.DELIVERED, {}, ["returns_person"]),
        (OrderState.CANCELLED, {"closed_at": NOON}, ["orders_status_cancelled"]),
        (OrderState.RETURN_IN_TRANSIT, {}, ["orders_status_return_in_transit"]),
    ],
)
@pytest.mark.parametrize(("language", "channel"), [("pl", "voice"), ("en", "web")])
async def test_what_cannot_be_returned_now_is_explained(
    bot: Bot, shop: FakeShop, state: OrderState, facts: dict, said: list[str], language: str,
    channel: str,
) -> None:  # fmt: skip
    bot.language, bot.channel = language, channel
    shop.add(NUMBER, state, **facts)
    await prove(bot)
    assert await bot.hear("chcę zwrócić to", "return_start") == said
    assert (bot.slots.get("offer") is not None) == (said[0] in ("returns_too_late",
                                                                "returns_person"))  # fmt: skip
    assert bot.slots.get("form") is None


async def test_a_term_that_ends_on_a_sunday_is_open_on_monday(
    bot: Bot, shop: FakeShop, clock: ManualClock
) -> None:
    clock.advance(6 * 86_400)  # Monday, 30 November
    shop.add(NUMBER, OrderState.DELIVERED, delivered_at=NOON - timedelta(days=9))
    await prove(bot)
    assert (await bot.hear("chcę zwrócić to", "return_start"))[-1] == "returns_confirm"
    clock.advance(86_400)
    await bot.hear("stop", "stop")
    assert await bot.hear("chcę zwrócić to", "return_start") == ["returns_too_late"]


async def test_an_announced_return_is_not_announced_twice(bot: Bot, shop: FakeShop) -> None:
    shop.returned[NUMBER] = [known_return(ReturnState.ANNOUNCED)]
    await prove(bot)
    said = await bot.hear("chcę zwrócić to zamówienie", "return_start")
    assert said == ["returns_announced", "returns_money"]


@pytest.mark.parametrize(
    ("error", "said"), [(TooLateError, "returns_too_late"), (CannotChangeError, "returns_person")]
)
async def test_a_return_that_the_shop_refuses_goes_to_a_person(
    bot: Bot, shop: FakeShop, desk: FakeDesk, error: type[Exception], said: str
) -> None:
    async def refuse(number: str) -> Return:
        raise error(number)

    shop.start_return = refuse  # type: ignore[method-assign]
    await prove(bot)
    await bot.hear("chcę to zwrócić", "return_start")
    assert await bot.hear("tak", "affirm") == [said]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["reason"] == "policy"


async def test_a_shop_that_is_down_offers_a_person(bot: Bot, shop: FakeShop) -> None:
    await prove(bot)
    shop.down = True
    assert await bot.hear("chcę to zwrócić", "return_start") == ["escalation_tool_error"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("nie chcę zwrotu, chcę wymianę", "pl"),
        ("nie zwrot tylko wymiana na większy rozmiar", "pl"),
        ("I don't want a refund, I'd like a bigger size", "en"),
    ],
)
async def test_an_exchange_is_said_honestly_and_the_customer_chooses(
    bot: Bot, desk: FakeDesk, text: str, language: str
) -> None:
    bot.language = language
    assert await bot.hear(text, "return_start") == ["returns_exchange"]
    assert await bot.hear("hm", "nlu_fallback") == ["returns_way_unclear"]
    answer = "wymiana" if language == "pl" else "an exchange"
    assert await bot.hear(answer, "inform") == ["returns_exchange_person"]
    assert await bot.hear("tak", "affirm") == []
    assert desk.opened[0]["reason"] == "policy"


async def test_instead_of_an_exchange_a_return_may_be_chosen(bot: Bot) -> None:
    await prove(bot)
    await bot.hear("wymienicie na większy?", "return_start")
    assert (await bot.hear("/return_start", "return_start"))[-1] == "returns_confirm"


@pytest.mark.parametrize(
    "text",
    ["nie chcę wymiany, tylko oddać", "to nie jest reklamacja, nic się nie zepsuło, chcę oddać",
     "towar nie jest uszkodzony, odsyłam"],
)  # fmt: skip
async def test_what_is_denied_is_not_asked_about(bot: Bot, text: str) -> None:
    assert await bot.hear(text, "return_start") == ["orders_ask_number"]


@pytest.mark.parametrize("answer", ["/return_start", "zostaję przy zwrocie"])
async def test_faulty_goods_may_still_be_returned(bot: Bot, answer: str) -> None:
    await prove(bot)
    said = await bot.hear("chcę zwrócić uszkodzony czajnik", "return_start")
    assert said == ["returns_faulty"]
    assert [b["payload"] for b in bot.buttons] == ["/complaint_start", "/return_start"]
    assert await bot.hear("a gdzie sklep?", "store_contact") == [
        "company_contact", "returns_faulty"]  # fmt: skip
    assert (await bot.hear(answer, "return_start"))[-1] == "returns_confirm"


@pytest.mark.parametrize(
    ("answer", "intent"),
    [("/complaint_start", "complaint_start"), ("reklamacja", "inform"), ("wymiana", "inform")],
)
async def test_faulty_goods_become_a_complaint_that_knows_the_fault(
    bot: Bot, answer: str, intent: str
) -> None:
    await prove(bot)
    await bot.hear("chcę zwrócić czajnik bo przecieka", "return_start")
    assert await bot.hear(answer, intent) == ["complaints_rights", "complaints_ask_since"]
    assert bot.slots["answers"]["fault"] == "chcę zwrócić czajnik bo przecieka"
    assert bot.slots.get("later_intent") is None


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"state": ReturnState.ANNOUNCED}, ["returns_announced", "returns_money"]),
        ({"state": ReturnState.ANNOUNCED, "refund_due": DAY - timedelta(days=1)},
         ["returns_announced_overdue"]),
        ({"state": ReturnState.RECEIVED}, ["returns_received"]),
        ({"state": ReturnState.RECEIVED, "refund_due": DAY - timedelta(days=1)},
         ["returns_overdue"]),
        ({"state": ReturnState.REFUNDED, "refunded_at": NOON}, ["returns_refunded"]),
        ({"state": ReturnState.REFUNDED}, ["returns_refunded_some_day"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("language", "channel"), [("pl", "web"), ("en", "voice")])
async def test_the_money_of_a_return_is_told_truthfully(
    bot: Bot, shop: FakeShop, facts: dict, said: list[str], language: str, channel: str
) -> None:
    bot.language, bot.channel = language, channel
    shop.returned[NUMBER] = [known_return(**facts)]
    await prove(bot)
    assert await bot.hear("gdzie moje pieniądze?", "refund_status") == said
    assert (bot.slots.get("offer") is not None) == said[0].endswith("overdue")


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ((PaymentState.BOOKED, PaymentState.RETURNED), "returns_payment_returned"),
        ((PaymentState.RETURNED,), "returns_payment_returned"),
        ((PaymentState.BOOKED,), "returns_payment_not_returned"),
        ((PaymentState.FAILED,), "returns_nothing_paid"),
        ((), "returns_nothing_paid"),
    ],
)
async def test_the_payment_of_a_cancelled_order_is_told(
    bot: Bot, shop: FakeShop, states: tuple[PaymentState, ...], said: str
) -> None:
    shop.add(NUMBER, OrderState.CANCELLED, closed_at=NOON)
    shop.paid[NUMBER] = [Payment(NUMBER, "card", 16950, state, NOON) for state in states]
    await prove(bot)
    assert await bot.hear("kiedy oddacie pieniądze", "refund_status") == [said]


async def test_without_a_return_one_is_offered(bot: Bot, shop: FakeShop) -> None:
    await prove(bot)
    assert await bot.hear("kiedy zwrot?", "refund_status") == ["returns_none"]
    assert await bot.hear("gdzie sklep?", "store_contact") == ["company_contact", "returns_none"]
    assert (await bot.hear("tak", "affirm"))[-1] == "returns_confirm"
    assert not await shop.returns(NUMBER)
    said = await bot.hear("tak", "affirm")
    assert said == ["returns_started", "returns_money", "returns_receipt"]


@pytest.mark.parametrize(
    ("state", "said"),
    [(OrderState.PAID, "returns_no_refund"), (OrderState.RETURNED, "orders_status_returned")],
)
async def test_the_money_of_other_orders(
    bot: Bot, shop: FakeShop, state: OrderState, said: str
) -> None:
    shop.add(NUMBER, state, closed_at=NOON)
    await prove(bot)
    assert await bot.hear("kiedy zwrot?", "refund_status") == [said]


async def test_the_terms_of_a_refund_are_told_before_the_number_is_asked(bot: Bot) -> None:
    said = await bot.hear("ile trwa zwrot na kartę?", "refund_status")
    assert said == ["returns_refund_rule", "orders_ask_number"]
    assert await bot.hear("104761", order_number="104761") == ["identity_ask_proof"]


async def test_a_return_number_is_no_order_number(bot: Bot) -> None:
    said = await bot.hear("co ze zwrotem ZW-000001", "refund_status", order_number="000001")
    assert said == ["orders_ask_number"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("to nie jest reklamacja, tylko zwrot", "return_start"),
        ("nie chcę zwrotu, składam reklamację", "complaint_start"),
        ("it's not a complaint, I just want to return it", "return_start"),
        ("reklamacja i zwrot", None),
        ("nie chcę nic zwracać", None),
    ],
)
def test_what_is_denied_gives_way_to_what_is_meant(text: str, intent: str | None) -> None:
    assert phrases.rather(text) == intent
