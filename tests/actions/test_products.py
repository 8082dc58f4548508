import pytest

from tests.actions.doubles import Bot


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ile kosztuje czajnik elektryczny?", "products_in_stock"),
        ("czy jest czajnik emaliowany", "products_restock"),
        ("Is the desk lamp available?", "products_sold_out"),
    ],
)
async def test_one_product_is_told_with_price_and_stock(bot: Bot, text: str, said: str) -> None:
    assert await bot.hear(text, "product_info") == [said]


async def test_price_and_stock_are_true(bot: Bot) -> None:
    await bot.hear("ile kosztuje czajnik elektryczny?", "product_info")
    assert bot.said == [
        "Czajnik elektryczny: 129,50\u00a0zł. Dostępność: 12 sztuk. Pojemność 1,7 l."
    ]


async def test_several_hits_are_listed_to_choose_from(bot: Bot) -> None:
    assert await bot.hear("ile kosztuje czajnik", "product_info") == ["products_choose"]
    assert [b["payload"] for b in bot.buttons] == [
        '/product_info{"product": "P-1"}', '/product_info{"product": "P-2"}'
    ]  # fmt: skip
    said = await bot.hear('/product_info{"product": "P-2"}', "product_info", product="P-2")
    assert said == ["products_restock"]
    assert bot.slots["form"] is None


async def test_a_choice_may_be_typed(bot: Bot) -> None:
    await bot.hear("ile kosztuje czajnik", "product_info")
    assert await bot.hear("ten elektryczny czajnik", "nlu_fallback") == ["products_in_stock"]


async def test_without_a_name_the_product_is_asked_for_and_then_a_person_offered(bot: Bot) -> None:
    assert await bot.hear("mam pytanie o produkt, ile kosztuje?", "product_info") == [
        "products_ask"
    ]
    assert await bot.hear("rower", "inform") == ["products_none"]
    assert await bot.hear("hulajnoga", "inform") == ["escalation_offer_form"]


async def test_a_product_in_between_leaves_an_order_form_open(bot: Bot) -> None:
    await bot.hear("gdzie paczka", "order_status")
    said = await bot.hear("ile kosztuje lampka biurkowa?", "product_info")
    assert said == ["products_sold_out", "orders_ask_number"]
    said = await bot.hear("ile kosztuje czajnik?", "product_info")
    assert said == ["products_choose", "orders_ask_number"]


async def test_a_product_question_without_a_name_waits_for_its_turn(bot: Bot) -> None:
    await bot.hear("gdzie paczka", "order_status")
    assert await bot.hear("mam pytanie o produkt", "product_info") == ["products_ask"]
    said = await bot.hear("lampka biurkowa", "inform")
    assert said == ["products_sold_out", "dialogue_second_question", "orders_ask_number"]


async def test_a_question_in_between_leaves_the_choice_open(bot: Bot) -> None:
    await bot.hear("ile kosztuje czajnik", "product_info")
    said = await bot.hear("a jaki macie adres?", "store_contact")
    assert said == ["company_contact", "products_ask"]
    assert await bot.hear("emaliowany", "inform") == ["products_restock"]
