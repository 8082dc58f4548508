from dataclasses import replace
from datetime import timedelta

import pytest

from actions.shop.port import OrderState, Payment, PaymentState
from tests.actions.doubles import NOON, Bot, FakeDesk, FakeShop

NUMBER = "ZA-2026-104733"


@pytest.mark.parametrize(
    ("text", "said", "told"),
    [
        ("Jakie są u państwa sposoby płatności?", "payment_ways", "BLIK, Karta, Przelew"),
        ("mozna blikiem?", "payment_way", "BLIK: bez dopłaty. Płatność jest od razu."),
        ("czy mozna zaplacic karta", "payment_way", "Karta: bez dopłaty."),
        ("czy za pobraniem jest dodatkowa opłata", "payment_way", "odbiorze: +5,00\u00a0zł."),
        ("Czy mogę zapłacić zwykłym przelewem?", "payment_way", "czeka na wpłatę 7 dni"),
        ("jaka jest prowizja?", "payment_fees", "Płatność przy odbiorze: +5,00\u00a0zł"),
        ("karta czy przelew?", "payment_fees", "Karta: bez dopłaty; Przelew: bez dopłaty"),
        ("paypal obslugujecie?", "payment_not_listed", "PayPal – tego nie ma na liście"),
        ("apple pay dziala u was?", "payment_not_listed", "Apple Pay"),
        ("numer konta do przelewu poprosze", "payment_not_known", "konsultant"),
    ],
)
async def test_ways_to_pay_are_told_as_asked(bot: Bot, text: str, said: str, told: str) -> None:
    assert await bot.hear(text, "payment_info") == [said]
    assert told in bot.said[0]


async def test_ways_to_pay_are_heard_in_english(bot: Bot, desk: FakeDesk) -> None:
    bot.channel, bot.language = "voice", "en"
    await bot.hear("how can I pay", "payment_info")
    assert bot.said[0].startswith("You can pay like this: BLIK, Card, Bank transfer, Cash on")
    assert await bot.hear("cash on delivery", "nlu_fallback") == ["payment_way"]
    assert bot.said == ["Cash on delivery: five zlotys. The courier takes the money."]
    assert await bot.hear("do you take PayPal", "payment_info") == ["payment_not_listed"]
    await bot.hear("yes", "affirm")
    assert desk.opened[0]["detail"] == "payment_info: PayPal"


async def test_a_way_that_the_shop_has_added_is_no_longer_missing(bot: Bot, shop: FakeShop) -> None:
    shop.ways_to_pay[1] = replace(shop.ways_to_pay[1], name_pl="PayPal", name_en="PayPal")
    assert await bot.hear("paypal obslugujecie?", "payment_info") == ["payment_way"]
    shop.ways_to_pay = []
    assert await bot.hear("paypal?", "payment_info") == ["escalation_person_handles"]


def pay(shop: FakeShop, *states: PaymentState, method: str = "card", days: int = 0) -> None:
    at = NOON - timedelta(days=days)
    shop.paid[NUMBER] = [
        Payment(NUMBER, method, 16950, state, at + timedelta(minutes=n))
        for n, state in enumerate(states)
    ]


async def trouble(bot: Bot, text: str = "nie mogę zapłacić") -> list[str]:
    assert await bot.hear(text, "payment_problem") == ["orders_ask_number"]
    assert await bot.hear("104733", order_number="104733") == ["identity_ask_proof"]
    return await bot.hear("00-950", postal_code="00-950")


async def test_a_pending_transfer_is_told_with_the_shops_own_terms(bot: Bot) -> None:
    assert await trouble(bot, "przelew poszedl a status nieoplacone") == ["payment_pending"]
    assert bot.said == [
        "Przelew za zamówienie ZA-2026-104733 czeka na zaksięgowanie: 169,50\u00a0zł. "
        "Księgowanie trwa 1-2 dni robocze, a zamówienie czeka na wpłatę 7 dni."
    ]
    assert bot.slots["form"] is None


B, F, P, R = PaymentState.BOOKED, PaymentState.FAILED, PaymentState.PENDING, PaymentState.RETURNED


@pytest.mark.parametrize(
    ("states", "order", "said"),
    [
        ((F,), OrderState.PLACED, ["payment_failed"]),
        ((B,), OrderState.PAID, ["payment_booked"]),
        ((F, B), OrderState.SHIPPED, ["payment_booked"]),
        ((B,), OrderState.PLACED, ["payment_booked_check"]),
        ((B, B), OrderState.PAID, ["payment_twice"]),
        ((B, R), OrderState.CANCELLED, ["payment_returned"]),
        ((B, B, R), OrderState.PAID, ["payment_returned", "payment_booked"]),
        ((R,), OrderState.CANCELLED, ["payment_returned"]),
        ((P,), OrderState.PLACED, ["payment_pending_now"]),
        ((F,), OrderState.CANCELLED, ["orders_status_cancelled_some_day", "payment_look"]),
        ((), OrderState.PLACED, ["payment_none"]),
    ],
)
@pytest.mark.parametrize(("language", "channel"), [("pl", "web"), ("en", "voice")])
async def test_every_state_of_a_payment_is_told_as_the_shop_knows_it(
    bot: Bot, shop: FakeShop, states: tuple[PaymentState, ...], order: OrderState,
    said: list[str], language: str, channel: str,
) -> None:  # fmt: skip
    bot.language, bot.channel = language, channel
    shop.add(NUMBER, order)
    pay(shop, *states)
    assert await trouble(bot) == said


async def test_a_double_payment_is_admitted_and_goes_to_a_person(
    bot: Bot, shop: FakeShop, desk: FakeDesk
) -> None:
    shop.add(NUMBER, OrderState.PAID)
    pay(shop, B, B)
    await trouble(bot, "pobralo mi dwa razy")
    assert "169,50\u00a0zł + 169,50\u00a0zł" in bot.said[0]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["reason"] == "policy"
    assert desk.opened[0]["detail"].endswith("paid twice: 169,50\u00a0zł")


async def test_two_parts_of_one_sum_are_no_double_payment(bot: Bot, shop: FakeShop) -> None:
    shop.add(NUMBER, OrderState.PAID)
    shop.paid[NUMBER] = [Payment(NUMBER, "card", 8475, B, NOON) for _ in range(2)]
    assert await trouble(bot, "nie wiem, czy przeszło") == ["payment_booked"]
    assert "169,50" in bot.said[0]


async def test_a_double_charge_that_the_shop_does_not_see_is_said_honestly(
    bot: Bot, shop: FakeShop, desk: FakeDesk
) -> None:
    shop.add(NUMBER, OrderState.PAID)
    pay(shop, B)
    assert await trouble(bot, "mam podwójne obciążenie") == ["payment_booked_once"]
    assert "Drugiej nie widzę" in bot.said[0]
    await bot.hear("tak", "affirm")
    assert "charged twice" in desk.opened[0]["detail"]


async def test_another_amount_is_checked_by_a_person(bot: Bot, shop: FakeShop) -> None:
    shop.add(NUMBER, OrderState.PAID)
    pay(shop, B)
    assert await trouble(bot, "za duzo mi pobraliscie o 15 zl") == ["payment_booked_check"]


async def test_a_payment_that_is_pending_for_long_goes_to_a_person(
    bot: Bot, shop: FakeShop
) -> None:
    pay(shop, P, method="transfer", days=6)
    assert await trouble(bot) == ["payment_pending_long"]


async def test_money_due_on_delivery_is_no_missing_payment(bot: Bot, shop: FakeShop) -> None:
    shop.add(NUMBER, OrderState.SHIPPED, payment_method="cash_on_delivery")
    shop.paid = {}
    assert await trouble(bot) == ["payment_on_delivery"]


async def test_how_to_pay_again_is_said_without_links_to_a_listener(
    bot: Bot, shop: FakeShop
) -> None:
    bot.channel = "voice"
    pay(shop, F)
    await trouble(bot, "platnosc odrzucona")
    assert "link" not in bot.said[0]


async def test_a_question_in_between_and_a_stop(bot: Bot) -> None:
    await bot.hear("zapłaciłem dwa razy", "payment_problem")
    said = await bot.hear("a da się blikiem?", "payment_info")
    assert said == ["payment_way", "orders_ask_number"]
    assert bot.slots["answers"] == {"payment_kind": "charged twice"}
    assert await bot.hear("nieważne", "stop") == ["dialogue_stopped"]


async def test_trouble_with_a_shop_that_is_down_leads_to_a_person(bot: Bot, shop: FakeShop) -> None:
    await bot.hear("nie mogę zapłacić", "payment_problem")
    shop.down = True
    said = await bot.hear("104733 00-950", order_number="104733", postal_code="00-950")
    assert said == ["escalation_tool_error"]
