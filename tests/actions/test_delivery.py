from datetime import date

import pytest

from actions.shop.port import Offer, OrderState
from tests.actions.doubles import NOON, Bot, FakeDesk, FakeShop

YESTERDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "said", "told"),
    [
        ("Jakie macie formy dostawy?", "delivery_ways", "Odbiór w sklepie: bezpłatnie"),
        ("Ile kosztuje dostawa?", "delivery_costs", "Kurier: 15,99\u00a0zł (od 200,00\u00a0zł"),
        ("od jakiej kwoty wysylka gratis", "delivery_free", "od 150,00\u00a0zł bezpłatnie"),
        ("ile trwa dostawa", "delivery_times", "Kurier: Dostawa trwa 1-2 dni robocze."),
        ("ile kosztuje kurier", "delivery_way", "Kurier: 15,99\u00a0zł (od 200,00\u00a0zł"),
        ("dostarczacie do paczkomatów?", "delivery_way", "Automat paczkowy: 11,99\u00a0zł"),
        ("odbiór osobisty jest bezpłatny?", "delivery_way", "Odbiór w sklepie: bezpłatnie"),
        ("ile idzie kurierem, ile dni?", "delivery_way_time", "Kurier: Dostawa trwa 1-2"),
        ("ile kosztuje kurier a ile paczkomat", "delivery_costs", "Automat paczkowy: 11,99"),
    ],
)  # fmt: skip
async def test_what_was_asked_about_delivery_is_answered_first(
    bot: Bot, text: str, said: str, told: str
) -> None:
    assert await bot.hear(text, "delivery_info") == [said]
    assert told in bot.said[0]
    assert bot.slots.get("form") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("What are your delivery charges?", "delivery_costs"),
        ("Is shipping free over a certain amount?", "delivery_free"),
        ("how long does delivery usually take", "delivery_times"),
        ("Can parcels be sent to a locker?", "delivery_way"),
        ("do you ship to Germany?", "delivery_abroad"),
        ("do u deliver on saturdays", "delivery_not_known"),
    ],
)
async def test_delivery_questions_are_answered_in_english(bot: Bot, text: str, said: str) -> None:
    bot.language = "en"
    assert await bot.hear(text, "delivery_info") == [said]
    assert "Courier" in bot.said[0] or "locker" in bot.said[0]


async def test_a_listener_is_not_read_a_table(bot: Bot) -> None:
    bot.channel = "voice"
    await bot.hear("jakie macie formy dostawy", "delivery_info")
    assert bot.said == ["Do wyboru: Kurier, Automat paczkowy, Odbiór w sklepie. "
                        "O którym sposobie powiedzieć więcej?"]  # fmt: skip
    assert await bot.hear("o kurierze", "nlu_fallback") == ["delivery_way"]
    assert bot.said == [
        "Kurier: piętnaście złotych i dziewięćdziesiąt dziewięć groszy, a przy zakupach za "
        "dwieście złotych lub więcej bezpłatnie. Dostawa trwa jeden, dwa dni robocze."
    ]
    assert await bot.hear("ile trwa dostawa", "delivery_info") == ["delivery_times"]
    assert "czterdzieści osiem godzin" in bot.said[0]
    assert "Odbiór" not in bot.said[0]


async def test_times_and_prices_are_heard_in_english(bot: Bot) -> None:
    bot.channel, bot.language = "voice", "en"
    await bot.hear("how much is the courier", "delivery_info")
    assert bot.said == [
        "Courier: fifteen zlotys and ninety-nine groszy, and nothing if you buy for two hundred "
        "zlotys or more. Delivery takes one to two working days."
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [("wysyłacie za granicę?", "delivery_abroad"), ("koszt wysylki do niemiec", "delivery_abroad"),
     ("czy kurier wnosi lodówkę na trzecie piętro", "delivery_not_known"),
     ("Jaką firmą kurierską wysyłacie?", "delivery_not_known")],
)  # fmt: skip
async def test_what_is_not_known_is_said_and_a_person_offered(
    bot: Bot, desk: FakeDesk, text: str, said: str
) -> None:
    assert await bot.hear(text, "delivery_info") == [said]
    assert "Kurier, Automat paczkowy, Odbiór w sklepie" in bot.said[0]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["reason"] == "policy"


async def test_paying_the_courier_is_a_question_about_payment(bot: Bot) -> None:
    assert await bot.hear("wysylka za pobraniem ile drozej", "delivery_info") == ["payment_way"]
    assert bot.said[0].startswith("Płatność przy odbiorze: +5,00\u00a0zł.")


async def test_a_shop_without_free_delivery_says_so(bot: Bot, shop: FakeShop) -> None:
    shop.deliveries = [Offer("courier", "Kurier", "Courier", 1599, "Trwa dzień.", "A day.")]
    assert await bot.hear("jest darmowa dostawa?", "delivery_info") == ["delivery_none_free"]
    shop.deliveries = []
    assert await bot.hear("jest darmowa dostawa?", "delivery_info") == ["escalation_person_handles"]


async def test_a_shop_that_is_down_leads_to_a_person(bot: Bot, shop: FakeShop) -> None:
    shop.down = True
    assert await bot.hear("ile kosztuje dostawa", "delivery_info") == ["escalation_tool_error"]
    said = await bot.hear("paczka zaginęła 104731 00-950", "delivery_problem",
                          order_number="104731", postal_code="00-950")  # fmt: skip
    assert said == ["escalation_tool_error"]


async def report(bot: Bot, text: str) -> list[str]:
    """Tell of trouble, then give what is asked for."""
    assert await bot.hear(text, "delivery_problem") == ["orders_ask_number"]
    assert await bot.hear("104731", order_number="104731") == ["identity_ask_proof"]
    return await bot.hear("00-950", postal_code="00-950")


async def test_a_parcel_that_is_not_late_is_told_honestly(bot: Bot, desk: FakeDesk) -> None:
    said = await report(bot, "paczka nie dotarła")
    assert said == ["orders_status_shipped", "orders_tracking", "orders_promised",
                    "delivery_not_late"]  # fmt: skip
    assert bot.slots["form"] is None
    assert await bot.hear("nie", "deny") == ["escalation_declined"]
    assert not desk.opened


async def test_a_late_parcel_gets_an_apology_and_a_person(
    bot: Bot, shop: FakeShop, desk: FakeDesk
) -> None:
    shop.add("ZA-2026-104731", OrderState.SHIPPED, promised_on=YESTERDAY)
    said = await report(bot, "Paczka miała być wczoraj i nadal jej nie ma.")
    assert said == ["orders_status_on_its_way", "orders_late"]
    assert "Przepraszamy" in bot.said[-1]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["detail"] == (
        "delivery_problem: late; ZA-2026-104731 shipped, promised 2026-11-23"
    )


async def test_an_order_out_for_delivery_may_be_late_too(bot: Bot, shop: FakeShop) -> None:
    shop.add("ZA-2026-104731", OrderState.OUT_FOR_DELIVERY, promised_on=YESTERDAY)
    assert await report(bot, "spóźnia się") == ["orders_status_out_for_delivery", "orders_late"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("kurier napisal ze dostarczyl a ja nic nie mam", "marked delivered, not received"),
     ("Status mówi doręczono, ale nikt u mnie nie był.", "marked delivered, not received"),
     ("it says delivered but I've got nothing", "marked delivered, not received"),
     ("paczki nie ma", "late")],
)  # fmt: skip
async def test_a_parcel_marked_delivered_is_looked_for(
    bot: Bot, shop: FakeShop, desk: FakeDesk, text: str, kind: str
) -> None:
    shop.add("ZA-2026-104731", OrderState.DELIVERED, delivered_at=NOON)
    assert await report(bot, text) == ["orders_status_delivered", "delivery_not_received"]
    assert "sąsiadów" in bot.said[-1]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["detail"] == f"delivery_problem: {kind}; ZA-2026-104731 delivered"


@pytest.mark.parametrize(
    ("text", "said"),
    [("Karton przyszedł rozerwany, a w środku wszystko potłuczone.", "delivery_damaged"),
     ("lustro przyjechało w drobny mak, kurier je rzucił", "delivery_damaged"),
     ("My parcel arrived crushed.", "delivery_damaged"),
     ("w paczce brakuje jednej rzeczy", "delivery_wrong_goods"),
     ("dostałam cudzą paczkę", "delivery_wrong_goods"),
     ("you sent me somebody else's order", "delivery_wrong_goods")],
)  # fmt: skip
async def test_harm_on_the_way_is_a_complaint_for_a_person(
    bot: Bot, shop: FakeShop, desk: FakeDesk, text: str, said: str
) -> None:
    shop.add("ZA-2026-104731", OrderState.DELIVERED, delivered_at=NOON)
    assert await report(bot, text) == [said]
    assert "zdjęci" in bot.said[0]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["reason"] == "complaint"


async def test_what_was_not_sent_cannot_have_arrived_damaged(bot: Bot, shop: FakeShop) -> None:
    shop.add("ZA-2026-104731", OrderState.PACKED)
    assert await report(bot, "paczka uszkodzona") == ["orders_status_packed", "delivery_look"]


@pytest.mark.parametrize(
    ("text", "kind"), [("kurier był niegrzeczny", "courier"),
                       ("kod odbioru do paczkomatu nie działa", "parcel locker")]
)  # fmt: skip
async def test_trouble_with_the_courier_or_a_locker_goes_to_a_person(
    bot: Bot, desk: FakeDesk, text: str, kind: str
) -> None:
    assert (await report(bot, text))[-1] == "delivery_trouble"
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["detail"].startswith(f"delivery_problem: {kind};")


async def test_an_overdue_pick_up_asks_once_for_a_person(
    bot: Bot, shop: FakeShop, desk: FakeDesk
) -> None:
    shop.add("ZA-2026-104731", OrderState.IN_PICKUP_POINT, pickup_point="WAW01",
             pickup_until=YESTERDAY, promised_on=YESTERDAY)  # fmt: skip
    said = await report(bot, "paczkomat sie nie otwiera")
    assert said == ["orders_status_in_pickup_point", "orders_pickup_overdue"]
    await bot.hear("tak", "affirm")
    assert "parcel locker" in desk.opened[0]["detail"]


async def test_a_parcel_that_waits_in_a_locker_is_not_called_late(bot: Bot, shop: FakeShop) -> None:
    shop.add("ZA-2026-104731", OrderState.IN_PICKUP_POINT, promised_on=YESTERDAY)
    said = await report(bot, "paczka nie dotarła")
    assert said == ["orders_status_ready_for_pickup", "delivery_look"]


async def test_the_trouble_may_be_described_better_later(bot: Bot, desk: FakeDesk) -> None:
    await bot.hear("paczka nie dotarła", "delivery_problem")
    await bot.hear("to znaczy dotarła, ale uszkodzona", "delivery_problem")
    assert bot.slots["answers"] == {"delivery_kind": "damaged"}
    await bot.hear("104731", order_number="104731")
    assert await bot.hear("00-950", postal_code="00-950") == ["delivery_damaged"]


async def test_what_is_denied_did_not_happen(bot: Bot) -> None:
    await bot.hear("nie jest uszkodzona, tylko czegoś brakuje", "delivery_problem")
    assert bot.slots["answers"] == {"delivery_kind": "wrong or missing goods"}


async def test_a_question_in_between_does_not_lose_the_trouble(bot: Bot) -> None:
    await bot.hear("kurier zgubił paczkę", "delivery_problem")
    said = await bot.hear("a ile kosztuje kurier?", "delivery_info")
    assert said == ["delivery_way", "orders_ask_number"]
    assert bot.slots["answers"] == {"delivery_kind": "courier"}


async def test_reporting_can_be_stopped(bot: Bot) -> None:
    await bot.hear("paczka zaginęła", "delivery_problem")
    assert await bot.hear("nieważne", "stop") == ["dialogue_stopped"]
    assert bot.slots["answers"] is None


async def test_trouble_is_told_by_voice_in_english(bot: Bot, shop: FakeShop) -> None:
    bot.channel, bot.language = "voice", "en"
    shop.add("ZA-2026-104731", OrderState.DELIVERED, delivered_at=NOON)
    assert await report(bot, "the box is smashed") == ["delivery_damaged"]
    assert "one zero four, seven three one" in bot.said[0]
    assert not bot.buttons


async def test_trouble_that_is_not_understood_is_not_taken_for_a_lost_parcel(
    bot: Bot, shop: FakeShop, desk: FakeDesk
) -> None:
    shop.add("ZA-2026-104731", OrderState.DELIVERED, delivered_at=NOON)
    assert await report(bot, "mam kłopot z paczką") == ["orders_status_delivered", "delivery_look"]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["detail"].startswith("delivery_problem: unclear;")
