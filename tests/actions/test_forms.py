import pytest

from tests.actions.doubles import Bot, FakeDesk


async def test_a_question_in_between_is_answered_and_the_form_goes_on(bot: Bot) -> None:
    await bot.hear("gdzie paczka", "order_status")
    said = await bot.hear("a do której dziś macie otwarte w sklepie?", "opening_hours")
    assert said == ["company_open_now", "orders_ask_number"]
    assert await bot.hear("104731", order_number="104731") == ["identity_ask_proof"]


async def test_a_question_that_brings_the_number_is_answered_too(bot: Bot) -> None:
    await bot.hear("gdzie paczka", "order_status")
    said = await bot.hear("104731, a jaki jest adres sklepu?", "store_contact",
                          order_number="104731")  # fmt: skip
    assert said == ["company_contact", "identity_ask_proof"]


async def test_a_number_is_corrected_while_the_postcode_is_asked(bot: Bot) -> None:
    await bot.hear("gdzie 104731", "order_status", order_number="104731")
    said = await bot.hear("nie, to inny numer 104732", "deny", order_number="104732")
    assert said == ["identity_ask_proof"]
    assert (await bot.hear("30-001", postal_code="30-001"))[0] == "orders_status_paid"


async def test_a_denied_number_is_not_taken(bot: Bot) -> None:
    await bot.hear("gdzie 104731", "order_status", order_number="104731")
    await bot.hear("nie 104731 tylko 104732", "inform", order_number=["104731", "104732"])
    assert bot.slots["order_number"] == "104732"
    assert bot.slots.get("later_intent") is None


@pytest.mark.parametrize(
    ("text", "intent"),
    [("nie, to inny numer", "deny"), ("it's a different order", "nlu_fallback"),
     ("zły numer, przepraszam", "inform")],
)  # fmt: skip
async def test_another_number_is_asked_for_when_none_is_given(
    bot: Bot, text: str, intent: str
) -> None:
    await bot.hear("gdzie 104731", "order_status", order_number="104731")
    assert await bot.hear(text, intent) == ["orders_ask_number"]


async def test_another_order_may_follow_an_answered_one(bot: Bot) -> None:
    await bot.hear("104731 00-950", order_number="104731", postal_code="00-950")
    assert await bot.hear("a drugie zamówienie?", "order_place") == ["orders_ask_number"]


async def test_a_form_is_dropped_on_stop(bot: Bot) -> None:
    await bot.hear("anuluj 104731", "order_cancel", order_number="104731")
    assert await bot.hear("nieważne", "stop") == ["dialogue_stopped"]
    assert bot.slots["form"] is bot.slots["order_number"] is None
    assert await bot.hear("stop", "stop") == ["dialogue_nothing_to_stop"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [("nie pamiętam numeru", "deny"), ("I don't know it", "out_of_scope"),
     ("gdzie znajdę ten numer?", "help")],
)  # fmt: skip
async def test_a_customer_without_the_number_is_told_where_it_is(
    bot: Bot, desk: FakeDesk, text: str, intent: str
) -> None:
    await bot.hear("gdzie paczka", "order_status")
    assert await bot.hear(text, intent) == ["orders_where_number"]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["reason"] == "repeated_failure"


async def test_a_customer_without_the_postcode_is_told_where_it_is(bot: Bot) -> None:
    await bot.hear("gdzie 104731", "order_status", order_number="104731")
    assert await bot.hear("nie mam tego", "deny") == ["identity_where_proof"]
    assert await bot.hear("nie", "deny") == ["escalation_declined", "identity_ask_proof"]


async def test_two_unusable_answers_offer_a_person_and_the_third_may_still_fit(bot: Bot) -> None:
    await bot.hear("gdzie paczka", "order_status")
    assert await bot.hear("bla", "nlu_fallback") == ["orders_number_unclear"]
    assert await bot.hear("bla bla", "inform") == ["escalation_offer_form"]
    assert await bot.hear("104731", order_number="104731") == ["identity_ask_proof"]
    assert await bot.hear("bla", "nlu_fallback") == ["identity_proof_unclear"]


async def test_another_wish_about_the_order_takes_the_form_over(bot: Bot) -> None:
    await bot.hear("gdzie 104732", "order_status", order_number="104732")
    await bot.hear("a właściwie to chcę je anulować", "order_cancel")
    said = await bot.hear("30-001", postal_code="30-001")
    assert said == ["orders_cancel_confirm"]


async def test_the_answer_to_a_cancelling_form_does_not_turn_into_a_status(bot: Bot) -> None:
    await bot.hear("chcę anulować zamówienie", "order_cancel")
    await bot.hear("zamówienie 104732", "order_status", order_number="104732")
    said = await bot.hear("30-001", postal_code="30-001")
    assert said == ["orders_cancel_confirm"]


async def test_a_change_of_language_puts_the_question_again(bot: Bot) -> None:
    await bot.hear("gdzie paczka", "order_status")
    bot.language = "en"
    said = await bot.hear("in English please", "change_language", language="en")
    assert said == ["dialogue_language_changed", "orders_ask_number"]
    assert bot.said[1].startswith("Please give me the order number")


async def test_a_short_answer_with_the_number_is_no_cancellation(bot: Bot) -> None:
    await bot.hear("gdzie paczka", "order_status")
    said = await bot.hear("no ta z zamówienia 104731", "order_cancel", confidence=0.6,
                          order_number="104731")  # fmt: skip
    assert said == ["identity_ask_proof"]
    assert bot.slots["form"] == "order_status"
    said = await bot.hear("anuluj 104731", "order_cancel", order_number="104731")
    assert bot.slots["form"] == "order_cancel"
