import pytest

from frontline.errors import NotFoundError, UnavailableError
from tests.actions.doubles import Bot, FakeDesk, FakeShop


@pytest.mark.parametrize(
    ("intent", "said"),
    [
        ("greet", "dialogue_greet"),
        ("help", "dialogue_help"),
        ("thank", "dialogue_thank"),
        ("goodbye", "dialogue_goodbye"),
        ("affirm", "dialogue_how_can_i_help"),
        ("deny", "dialogue_anything_else"),
        ("bot_challenge", "dialogue_bot"),
        ("repeat", "dialogue_how_can_i_help"),
        ("change_language", "dialogue_which_language"),
        ("out_of_scope", "dialogue_out_of_scope"),
        ("inform", "dialogue_what_about_it"),
        ("nlu_fallback", "dialogue_rephrase"),
    ],
)
async def test_each_dialogue_act_has_its_answer(bot: Bot, intent: str, said: str) -> None:
    assert await bot.hear("…", intent) == [said]


async def test_the_first_turn_says_that_it_is_a_machine_once(new_bot) -> None:
    bot = new_bot()
    said = await bot.hear("gdzie paczka", "order_status")
    assert said == ["dialogue_introduction", "orders_ask_number"]
    assert "automatyczny asystent" in bot.said[0]
    assert await bot.hear("hej", "greet") == ["dialogue_greet_short", "orders_ask_number"]
    greeted = new_bot("conversation-2")
    await greeted.hear("hej", "greet")
    assert "automatyczny asystent" in greeted.said[0]
    told = new_bot("conversation-3")
    told.metadata = {"introduced": True}
    assert await told.hear("gdzie paczka", "order_status") == ["orders_ask_number"]


async def test_a_misunderstanding_asks_back_and_the_second_offers_a_person(
    bot: Bot, desk: FakeDesk
) -> None:
    ranking = ["inform", "order_status", "delivery_problem", "help"]
    assert await bot.hear("paczka hmm", "nlu_fallback", ranking=ranking) == [
        "dialogue_did_you_mean"
    ]
    assert [b["payload"] for b in bot.buttons] == ["/order_status", "/delivery_problem"]
    assert "„Gdzie jest moje zamówienie” czy „Problem z dostawą”" in bot.said[0]
    said = await bot.hear("hmm", "nlu_fallback", ranking=ranking)
    assert said == ["escalation_offer_misunderstood"]
    assert await bot.hear("tak", "affirm") == []
    assert desk.opened[0]["reason"] == "low_confidence"
    assert desk.opened[0]["context"]["misunderstood"] == 2


async def test_off_topic_twice_in_a_row_offers_a_person_too(bot: Bot) -> None:
    assert await bot.hear("opowiedz żart", "out_of_scope") == ["dialogue_out_of_scope"]
    assert await bot.hear("qwer", "nlu_fallback") == ["escalation_offer_misunderstood"]


async def test_an_understood_turn_forgets_misunderstandings(bot: Bot) -> None:
    await bot.hear("hmm", "nlu_fallback")
    await bot.hear("dzięki", "thank")
    assert await bot.hear("hmm", "nlu_fallback") == ["dialogue_rephrase"]


async def test_another_language_is_answered_in_both(bot: Bot) -> None:
    said = await bot.hear("Wo ist mein Paket?", "nlu_fallback", heard="other")
    assert said == ["dialogue_other_language"]
    await bot.hear("dzięki", "thank")
    assert await bot.hear("Guten Tag", "out_of_scope", heard="other") == ["dialogue_other_language"]
    await bot.hear("dzięki", "thank")
    assert await bot.hear("🙂🙂", "out_of_scope", heard="other") == ["dialogue_out_of_scope"]


async def test_repeat_says_the_last_answers_with_their_buttons(bot: Bot) -> None:
    await bot.hear("hej", "greet")
    texts, buttons = bot.said, bot.buttons
    for _ in range(2):
        await bot.hear("słucham?", "repeat")
        assert (bot.said, bot.buttons) == (texts, buttons)


async def test_language_buttons_set_the_language(bot: Bot) -> None:
    await bot.hear("zmień język", "change_language")
    assert bot.buttons[1]["payload"] == (
        '/change_language{"language": "en", "language_chosen": "yes"}'
    )
    await bot.hear(bot.buttons[1]["payload"], "change_language", language="en")
    assert bot.said == ["All right, we go on in English."]


async def test_two_questions_without_a_form_are_both_answered(bot: Bot) -> None:
    text = "Ile kosztuje lampka biurkowa i gdzie jesteście?"
    said = await bot.hear(text, "product_info", second=("store_contact", "gdzie jesteście?"))
    assert said == ["company_contact", "products_sold_out"]
    text = "Jaki macie adres i o której otwieracie?"
    said = await bot.hear(text, "store_contact", second=("opening_hours", "o której otwieracie?"))
    assert said[0] == "company_contact"
    assert said[1] == "company_open_now"


async def test_two_questions_that_blur_into_one_are_told_apart(bot: Bot) -> None:
    said = await bot.hear("Gdzie paczka i gdzie jesteście?", "nlu_fallback",
                          ranking=["store_contact", "order_status"],
                          second=("store_contact", "gdzie jesteście?"))  # fmt: skip
    assert said == ["company_contact", "orders_ask_number"]


async def test_a_question_beside_a_form_is_answered_before_the_form_asks(bot: Bot) -> None:
    said = await bot.hear("Gdzie paczka i do której dziś czynny sklep?", "order_status",
                          second=("opening_hours", "do której dziś czynny sklep?"))  # fmt: skip
    assert said == ["company_open_now", "orders_ask_number"]


async def test_a_second_form_waits_until_the_first_is_done(bot: Bot) -> None:
    said = await bot.hear("Gdzie 104731 i czy mogę anulować 104732?", "order_status",
                          order_number="104731",
                          second=("order_cancel", "czy mogę anulować?"))  # fmt: skip
    assert said == ["identity_ask_proof"]
    assert bot.slots["later_intent"]["name"] == "order_cancel"
    said = await bot.hear("00-950", postal_code="00-950")
    assert said[-2:] == ["dialogue_second_question", "orders_too_late_to_cancel"]
    assert bot.slots["later_intent"] is None


async def test_each_of_two_questions_keeps_its_own_order(bot: Bot) -> None:
    text, second = "Cancel order 104733 and where is 104731?", "where is 104731?"
    said = await bot.hear(text, "order_cancel", order_number=["104733", "104731"],
                          second=("order_status", second))  # fmt: skip
    assert said == ["identity_ask_proof"]
    assert "104733" in bot.said[0]
    said = await bot.hear("00-950", postal_code="00-950")
    assert said == ["orders_cancel_confirm"]
    said = await bot.hear("yes", "affirm")
    assert said == ["orders_cancelled", "dialogue_second_question", "identity_ask_proof"]
    assert "104731" in bot.said[-1]


async def test_a_greeting_in_front_of_a_question_is_not_a_question(bot: Bot) -> None:
    said = await bot.hear("Dzień dobry, gdzie jest paczka?", "greet",
                          second=("order_status", "gdzie jest paczka?"))  # fmt: skip
    assert said == ["orders_ask_number"]


async def test_a_wish_for_a_person_wins_over_another_question(bot: Bot, desk: FakeDesk) -> None:
    await bot.hear("Gdzie paczka, albo dajcie konsultanta", "order_status",
                   second=("human_agent", "dajcie konsultanta"))  # fmt: skip
    assert [c["reason"] for c in desk.opened] == ["user_request"]


@pytest.mark.parametrize(
    "intent", ["order_status", "store_contact", "opening_hours", "product_info"]
)
async def test_a_shop_that_does_not_answer_is_admitted(
    bot: Bot, shop: FakeShop, desk: FakeDesk, intent: str
) -> None:
    shop.down = True
    said = await bot.hear("lampka 104731 00-950", intent, order_number="104731",
                          postal_code="00-950")  # fmt: skip
    assert said == ["escalation_tool_error"]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["reason"] == "tool_error"
    assert desk.opened[0]["context"]["attempted"][-1]["error"] == "unavailable"


async def test_after_an_outage_the_form_goes_on(bot: Bot, shop: FakeShop) -> None:
    shop.down = True
    await bot.hear("104731 00-950", "order_status", order_number="104731", postal_code="00-950")
    shop.down = False
    assert (await bot.hear("i co z paczką?", "order_status"))[0] == "orders_status_shipped"


@pytest.mark.parametrize("error", [UnavailableError("down"), NotFoundError("none")])
async def test_a_case_that_cannot_be_opened_is_admitted(
    bot: Bot, desk: FakeDesk, error: Exception
) -> None:
    desk.error = error
    assert await bot.hear("konsultant", "human_agent") == ["escalation_unavailable"]
    desk.error = None
    assert await bot.hear("konsultant", "human_agent") == []
    assert len(desk.opened) == 1


async def test_an_unsure_question_with_its_order_is_taken_for_the_likeliest(bot: Bot) -> None:
    await bot.hear("czy płatność przeszła, 104731", "nlu_fallback", ranking=["payment_problem"],
                   order_number="104731")  # fmt: skip
    assert bot.slots["form"] == "payment_problem"
