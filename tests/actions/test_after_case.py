import pytest

from tests.actions.doubles import Bot, FakeDesk

CLOSED = {"number": "R-2026-000007", "state": "closed", "outcome": "solved"}
RETURNED = {"number": "R-2026-000007", "state": "returned", "outcome": "told"}


def returned(instruction: str) -> dict[str, dict[str, str]]:
    return {"case": {**RETURNED, "instruction": instruction}}


@pytest.mark.parametrize(
    ("case", "intent", "said", "then"),
    [
        (CLOSED, "greet", "dialogue_greet_after_case", "dialogue_greet"),
        (CLOSED, "help", "dialogue_help_after_case", "dialogue_help"),
        (RETURNED, "greet", "dialogue_greet_after_part", "dialogue_greet"),
        (RETURNED, "help", "dialogue_help_after_part", "dialogue_help"),
        ({**RETURNED, "instruction": "proszę o cierpliwość"}, "greet",
         "dialogue_greet_after_part", "dialogue_greet"),
    ],
)  # fmt: skip
async def test_a_customer_whom_a_person_served_is_known_once(
    bot: Bot, case: dict[str, str], intent: str, said: str, then: str
) -> None:
    bot.metadata = {"case": case}
    assert await bot.hear("hej", intent) == [said]
    assert "R-2026-000007" in bot.said[0]
    assert not any(word in bot.said[0] for word in ("solved", "told", "cierpliwość"))
    assert await bot.hear("hej", intent) == [then]


async def test_a_served_customer_who_wants_a_person_again_is_asked_once(
    bot: Bot, desk: FakeDesk
) -> None:
    bot.metadata = {"case": CLOSED}
    assert await bot.hear("konsultant", "human_agent") == ["escalation_case_closed"]
    assert await bot.hear("konsultant", "human_agent") == []
    assert desk.opened[0]["context"]["earlier_case"]["number"] == "R-2026-000007"


async def test_a_case_that_was_given_back_goes_on_with_a_person_at_once(
    bot: Bot, desk: FakeDesk
) -> None:
    bot.metadata = returned("return_start")
    assert await bot.hear("konsultant", "human_agent") == []
    assert len(desk.opened) == 1


@pytest.mark.parametrize(
    ("instruction", "matter", "asked"),
    [
        ("return_start", "dane do zwrotu", "orders_ask_number"),
        ("/return_start", "dane do zwrotu", "orders_ask_number"),
        ("complaint_start", "dane do reklamacji", "complaints_ask_fault"),
        ("invoice_request", "dane do faktury", "orders_ask_number"),
        ("callback_request: rano", "numer i porę telefonu", "escalation_callback_ask_phone"),
        ("order_status", "numer zamówienia do sprawdzenia", "orders_ask_number"),
        ("privacy_request", "szczegóły sprawy dotyczącej danych osobowych",
         "account_privacy_ask_right"),
    ],
)  # fmt: skip
async def test_the_bot_goes_on_with_the_form_that_the_agent_names(
    bot: Bot, instruction: str, matter: str, asked: str
) -> None:
    bot.metadata = returned(instruction)
    said = await bot.hear("dobrze", "affirm")
    assert said[0] == "escalation_instructed"
    assert said[-1] == asked
    assert bot.said[0] == f"Konsultant prosi jeszcze o {matter}."
    assert "escalation_instructed" not in await bot.hear("hej", "greet")


@pytest.mark.parametrize(
    ("text", "intent"),
    [("dziękuję", "thank"), ("dzień dobry", "greet"), ("nie, dziękuję", "deny"),
     ("co możesz?", "help"), ("no to co teraz", "nlu_fallback")],
)  # fmt: skip
async def test_whatever_asks_for_nothing_lets_the_bot_go_on(
    bot: Bot, text: str, intent: str
) -> None:
    bot.metadata = returned("return_start")
    assert await bot.hear(text, intent) == ["escalation_instructed", "orders_ask_number"]


async def test_data_said_at_once_are_taken(bot: Bot) -> None:
    bot.metadata = returned("return_start")
    said = await bot.hear("104731", order_number="104731")
    assert said == ["escalation_instructed", "identity_ask_proof"]


async def test_another_question_is_served_first_and_the_form_comes_when_nothing_is_asked(
    bot: Bot,
) -> None:
    bot.metadata = returned("callback_request")
    assert await bot.hear("do której sklep?", "opening_hours") == ["company_open_now"]
    assert await bot.hear("dziękuję", "thank") == [
        "escalation_instructed", "escalation_callback_ask_phone"]  # fmt: skip


async def test_a_second_return_with_another_instruction_is_followed_too(bot: Bot) -> None:
    bot.metadata = returned("return_start")
    await bot.hear("tak", "affirm")
    await bot.hear("stop", "stop")
    bot.metadata = returned("callback_request")
    assert (await bot.hear("tak", "affirm"))[0] == "escalation_instructed"


async def test_a_goodbye_is_a_goodbye(bot: Bot) -> None:
    bot.metadata = returned("return_start")
    assert await bot.hear("do widzenia", "goodbye") == ["dialogue_goodbye"]


async def test_a_yes_after_a_person_was_there_confirms_nothing_of_before(
    bot: Bot, desk: FakeDesk
) -> None:
    said = await bot.hear("104732", "order_cancel", order_number="104732", postal_code="30-001")
    assert said == ["orders_cancel_confirm"]
    bot.metadata = {"case": CLOSED}
    assert await bot.hear("tak", "affirm") == ["orders_cancel_confirm"]
    assert await bot.hear("tak", "affirm") == ["orders_cancelled_paid"]


async def test_an_offer_of_before_is_stale_after_a_person_was_there(
    bot: Bot, desk: FakeDesk
) -> None:
    await bot.hear("idę do sądu", "legal_threat")
    bot.metadata = {"case": RETURNED}
    assert await bot.hear("tak", "affirm") == ["dialogue_how_can_i_help"]
    assert not desk.opened


async def test_a_crisis_comes_before_an_instruction(bot: Bot) -> None:
    bot.metadata = returned("return_start")
    assert await bot.hear("nie chce mi się żyć", "nlu_fallback") == ["escalation_crisis"]


async def test_an_open_form_waits_for_the_one_that_the_agent_wants(bot: Bot) -> None:
    await bot.hear("chcę złożyć reklamację", "complaint_start")
    await bot.hear("czajnik przecieka od wczoraj", "complaint_start")
    bot.metadata = returned("callback_request")
    said = await bot.hear("tak", "affirm")
    assert said == ["escalation_instructed", "escalation_callback_ask_phone"]
    assert bot.slots["later_intent"]["name"] == "complaint_start"


@pytest.mark.parametrize("channel", ["web", "voice"])
async def test_english(bot: Bot, channel: str) -> None:
    bot.language, bot.channel = "en", channel
    bot.metadata = returned("invoice_request")
    await bot.hear("ok", "affirm")
    assert bot.said[0] == "The agent still asks for the details of the invoice."
