from dataclasses import replace
from datetime import date, timedelta

import pytest

from actions.shop.port import OrderState
from tests.actions.doubles import NOON, Bot, FakeDesk, FakeShop, make_order


async def prove(bot: Bot, number: str = "104731", code: str = "00-950") -> None:
    await bot.hear(f"{number}, {code}", order_number=number, postal_code=code)


async def test_status_asks_for_number_and_proof_and_then_tells_the_truth(bot: Bot) -> None:
    assert await bot.hear("Gdzie jest moja paczka?", "order_status") == ["orders_ask_number"]
    assert await bot.hear("104731", order_number="104731") == ["identity_ask_proof"]
    said = await bot.hear("00-950", postal_code="00-950")
    assert said == ["orders_status_shipped", "orders_tracking", "orders_promised"]
    assert bot.said == [
        "Zamówienie ZA-2026-104731 jest w drodze. Data nadania: 23 listopada 2026 (wczoraj). "
        "Przesyłkę wiezie DPD.",
        "Numer przesyłki: 620012345678.",
        "Przewidywany dzień dostawy: 25 listopada 2026 (jutro).",
    ]
    assert bot.slots["form"] is None


async def test_everything_in_one_message_is_asked_for_nothing(bot: Bot) -> None:
    said = await bot.hear("gdzie 104731, anna@example.com", "order_status",
                          order_number="104731", email="anna@example.com")  # fmt: skip
    assert said[0] == "orders_status_shipped"


async def test_the_proof_may_come_before_the_number(bot: Bot) -> None:
    await bot.hear("gdzie paczka", "order_status")
    assert await bot.hear("mój kod 00-950", postal_code="00-950") == ["orders_ask_number"]
    said = await bot.hear("104731", order_number="104731")
    assert said[0] == "orders_status_shipped"


async def test_a_bare_order_number_asks_for_its_state(bot: Bot) -> None:
    assert await bot.hear("ZA-2026-104731", order_number="ZA-2026-104731") == ["identity_ask_proof"]


async def test_digits_without_entities_are_taken_when_they_were_asked_for(bot: Bot) -> None:
    await bot.hear("gdzie paczka", "order_status")
    assert await bot.hear("numer 104 731", "nlu_fallback") == ["identity_ask_proof"]
    assert (await bot.hear("00 950", "nlu_fallback"))[0] == "orders_status_shipped"


async def test_a_verified_order_is_never_asked_again(bot: Bot) -> None:
    await prove(bot)
    assert (await bot.hear("a gdzie teraz?", "order_status"))[0] == "orders_status_shipped"
    await prove(bot, "104732", "30-001")
    said = await bot.hear("a co z 104731", "order_status", order_number="104731")
    assert said[0] == "orders_status_shipped"


async def test_two_orders_in_one_message_are_both_served(bot: Bot) -> None:
    bot.slots["verified_orders"] = ["ZA-2026-104731", "ZA-2026-104732"]
    said = await bot.hear("gdzie są 104731 i 104732", "order_status",
                          order_number=["104731", "104732"])  # fmt: skip
    assert "dialogue_second_question" in said
    assert said[-2] == "orders_status_paid" or said[-1] == "orders_status_paid"


async def test_status_is_heard_without_signs_and_in_groups(bot: Bot) -> None:
    bot.channel = "voice"
    await prove(bot)
    assert bot.said[0].startswith(
        "Zamówienie sto cztery, siedemset trzydzieści jeden jest w drodze. Data nadania: wczoraj."
    )
    assert bot.said[1] == (
        "Numer przesyłki: sześćset dwadzieścia, zero dwanaście, "
        "trzysta czterdzieści pięć, sześćset siedemdziesiąt osiem."
    )


async def test_status_is_told_in_english(bot: Bot) -> None:
    bot.language = "en"
    await prove(bot)
    assert bot.said[0].startswith(
        "Order ZA-2026-104731 is on its way. Date of dispatch: 23 November"
    )


YESTERDAY, TODAY = date(2026, 11, 23), date(2026, 11, 24)


@pytest.mark.parametrize(
    ("state", "facts", "said"),
    [
        (OrderState.PLACED, {}, ["placed"]),
        (OrderState.PLACED, {"payment_method": "cash_on_delivery"}, ["placed_cod"]),
        (OrderState.PAID, {}, ["paid"]),
        (OrderState.PAID, {"promised_on": TODAY}, ["paid", "promised"]),
        (OrderState.PACKED, {"promised_on": YESTERDAY}, ["packed", "late"]),
        (OrderState.SHIPPED, {}, ["on_its_way"]),
        (OrderState.SHIPPED, {"shipped_at": NOON}, ["shipped"]),
        (OrderState.OUT_FOR_DELIVERY, {"tracking_number": "X1"}, ["out_for_delivery", "tracking"]),
        (OrderState.IN_PICKUP_POINT, {}, ["ready_for_pickup"]),
        (OrderState.IN_PICKUP_POINT, {"pickup_point": "WAW01", "pickup_until": TODAY},
         ["in_pickup_point", "pickup_until"]),
        (OrderState.IN_PICKUP_POINT, {"pickup_point": "WAW01", "pickup_until": YESTERDAY},
         ["in_pickup_point", "pickup_overdue"]),
        (OrderState.DELIVERED, {"delivered_at": NOON}, ["delivered"]),
        (OrderState.DELIVERED, {}, ["delivered_some_day"]),
        (OrderState.CANCELLED, {"closed_at": NOON}, ["cancelled"]),
        (OrderState.CANCELLED, {}, ["cancelled_some_day"]),
        (OrderState.RETURN_IN_TRANSIT, {}, ["return_in_transit"]),
        (OrderState.RETURNED, {"closed_at": NOON}, ["returned"]),
        (OrderState.RETURNED, {}, ["returned_some_day"]),
        (OrderState.REFUNDED, {"closed_at": NOON}, ["refunded"]),
        (OrderState.REFUNDED, {}, ["refunded_some_day"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("language", "channel"), [("pl", "web"), ("en", "voice")])
async def test_every_state_is_told_with_what_the_shop_knows(
    bot: Bot, shop: FakeShop, state: OrderState, facts: dict, said: list[str], language: str,
    channel: str,
) -> None:  # fmt: skip
    bot.language, bot.channel = language, channel
    shop.orders["ZA-2026-104731"] = make_order("ZA-2026-104731", state, **facts)
    heard = await bot.hear("104731 00-950", "order_status", order_number="104731",
                           postal_code="00-950")  # fmt: skip
    assert [h.removeprefix("orders_").removeprefix("status_") for h in heard] == said
    assert (bot.slots.get("offer") is not None) == (said[-1] in ("late", "pickup_overdue"))


async def test_cancelling_wants_a_yes_and_is_real(bot: Bot, shop: FakeShop) -> None:
    await bot.hear("anuluj 104732", "order_cancel", order_number="104732")
    assert await bot.hear("30-001", postal_code="30-001") == ["orders_cancel_confirm"]
    assert bot.said == ["Zamówienie ZA-2026-104732: Czajnik, Kubek (2 sztuki), razem "
                        "169,50\u00a0zł. Czy na pewno je anulować?"]  # fmt: skip
    assert [b["payload"] for b in bot.buttons] == ["/affirm", "/deny"]
    assert shop.orders["ZA-2026-104732"].state is OrderState.PAID
    assert await bot.hear("tak", "affirm") == ["orders_cancelled_paid"]
    assert shop.orders["ZA-2026-104732"].state is OrderState.CANCELLED
    again = await bot.hear("anuluj", "order_cancel")
    assert again == ["orders_already_cancelled"]


async def test_a_no_cancels_nothing(bot: Bot, shop: FakeShop) -> None:
    await prove(bot, "104733")
    await bot.hear("anuluj", "order_cancel")
    assert await bot.hear("nie", "deny") == ["orders_nothing_changed"]
    assert shop.orders["ZA-2026-104733"].state is OrderState.PLACED
    assert await bot.hear("tak", "affirm") == ["dialogue_how_can_i_help"]
    assert shop.orders["ZA-2026-104733"].state is OrderState.PLACED


async def test_a_longer_yes_confirms_and_an_unclear_answer_is_asked_again(
    bot: Bot, shop: FakeShop
) -> None:
    await prove(bot, "104733")
    await bot.hear("anuluj", "order_cancel")
    assert await bot.hear("hm", "nlu_fallback") == ["dialogue_yes_or_no"]
    assert await bot.hear("no nie wiem, anulować czy nie", "order_cancel") == [
        "orders_cancel_confirm"
    ]
    assert await bot.hear("tak, proszę anulować", "order_cancel") == ["orders_cancelled"]


async def test_a_question_before_the_yes_is_answered_and_the_yes_is_asked_again(bot: Bot) -> None:
    await prove(bot, "104733")
    await bot.hear("anuluj", "order_cancel")
    said = await bot.hear("a jaki macie telefon?", "store_contact")
    assert said == ["company_contact", "orders_cancel_confirm"]


async def test_too_late_to_cancel_says_why_and_what_instead(
    bot: Bot, shop: FakeShop, desk: FakeDesk
) -> None:
    await prove(bot)
    assert await bot.hear("anuluj je", "order_cancel") == ["orders_too_late_to_cancel"]
    assert await bot.hear("tak", "affirm") == []
    assert desk.opened[0]["reason"] == "policy"
    assert desk.opened[0]["context"]["attempted"][-1] == {
        "action": "order_cancel", "ok": False, "error": "too late: shipped"}  # fmt: skip


@pytest.mark.parametrize(
    ("days", "said"), [(3, "orders_delivered_return"), (20, "orders_delivered_long_ago")]
)
async def test_a_delivered_order_can_be_returned_for_14_days(
    bot: Bot, shop: FakeShop, days: int, said: str
) -> None:
    shop.add("ZA-2026-104799", OrderState.DELIVERED, delivered_at=NOON - timedelta(days=days))
    await prove(bot, "104799")
    assert await bot.hear("chcę anulować", "order_cancel") == [said]


async def test_an_order_packed_between_question_and_yes_is_not_cancelled(
    bot: Bot, shop: FakeShop
) -> None:
    await prove(bot, "104733")
    await bot.hear("anuluj", "order_cancel")
    order = shop.orders["ZA-2026-104733"]

    async def packed_meanwhile(number: str):
        shop.orders[order.number] = replace(order, state=OrderState.PACKED)
        return await FakeShop.cancel_order(shop, number)

    shop.cancel_order = packed_meanwhile  # type: ignore[method-assign]
    assert await bot.hear("tak", "affirm") == ["orders_too_late_to_cancel"]


async def test_a_change_is_described_read_back_and_noted(bot: Bot, shop: FakeShop) -> None:
    await prove(bot, "104732", "30-001")
    assert await bot.hear("chcę zmienić zamówienie", "order_change") == ["orders_change_ask"]
    said = await bot.hear("nowy adres:\nPolna 7, 00-400 Warszawa", "delivery_info",
                          postal_code="00-400")  # fmt: skip
    assert said == ["orders_change_confirm"]
    assert "„nowy adres: Polna 7, 00-400 Warszawa”" in bot.said[0]
    assert await bot.hear("nie", "deny") == ["orders_change_ask_again"]
    await bot.hear("Polna 9, Warszawa", "nlu_fallback")
    assert await bot.hear("tak", "affirm") == ["orders_change_noted"]
    assert list(shop.notes) == [("ZA-2026-104732", "Polna 9, Warszawa")]


async def test_an_address_is_a_wish_however_it_is_understood(bot: Bot) -> None:
    await prove(bot, "104732", "30-001")
    await bot.hear("chcę zmienić zamówienie", "order_change")
    said = await bot.hear("ul. Polna 7, 00-400 Warszawa", "inform", postal_code="00-400")
    assert said == ["orders_change_confirm"]


async def test_another_order_while_a_wish_is_asked_is_another_order(bot: Bot) -> None:
    await prove(bot, "104732", "30-001")
    await bot.hear("chcę zmienić zamówienie", "order_change")
    assert await bot.hear("nie, to inny numer: 104733", "inform", order_number="104733") == [
        "identity_ask_proof"
    ]


async def test_a_change_that_is_already_described_is_not_asked_for(bot: Bot) -> None:
    await prove(bot, "104732", "30-001")
    text = "proszę zmienić adres dostawy na Polna 7 Warszawa"
    assert await bot.hear(text, "order_change") == ["orders_change_confirm"]


async def test_a_change_of_mind_leaves_the_order_as_it_is(bot: Bot, shop: FakeShop) -> None:
    await prove(bot, "104732", "30-001")
    await bot.hear("chcę zmienić zamówienie", "order_change")
    assert await bot.hear("nic", "deny") == ["orders_nothing_changed"]
    assert not shop.notes


async def test_a_shipped_order_cannot_be_changed(bot: Bot) -> None:
    await prove(bot)
    assert await bot.hear("zmień adres", "order_change") == ["orders_too_late_to_change"]


async def test_how_to_order_is_told(bot: Bot) -> None:
    assert await bot.hear("chcę coś zamówić", "order_place") == ["orders_how_to_place"]


async def test_an_order_packed_between_wish_and_yes_is_not_changed(
    bot: Bot, shop: FakeShop
) -> None:
    await prove(bot, "104733")
    await bot.hear("chcę zmienić zamówienie", "order_change")
    await bot.hear("Polna 9, Warszawa", "nlu_fallback")
    order = shop.orders["ZA-2026-104733"]

    async def packed_meanwhile(number: str, wish: str) -> str:
        shop.orders[order.number] = replace(order, state=OrderState.PACKED)
        return await FakeShop.request_change(shop, number, wish)

    shop.request_change = packed_meanwhile  # type: ignore[method-assign]
    assert await bot.hear("tak", "affirm") == ["orders_too_late_to_change"]
    assert not shop.notes


async def test_a_returned_order_is_not_cancelled_but_told(bot: Bot, shop: FakeShop) -> None:
    shop.add("ZA-2026-104790", OrderState.REFUNDED, closed_at=NOON)
    await prove(bot, "104790")
    assert await bot.hear("anuluj", "order_cancel") == ["orders_status_refunded"]


async def test_an_order_the_shop_has_lost_must_be_proved_again(bot: Bot, shop: FakeShop) -> None:
    await prove(bot)
    del shop.orders["ZA-2026-104731"]
    assert await bot.hear("gdzie jest?", "order_status") == ["identity_ask_proof"]
