import pytest

from tests.actions.doubles import Bot, FakeDesk


async def test_a_person_is_called_at_once_and_the_bot_is_silent(new_bot, desk: FakeDesk) -> None:
    bot = new_bot()
    assert await bot.hear("Chcę rozmawiać z człowiekiem", "human_agent") == []
    assert desk.opened[0]["reason"] == "user_request"
    assert desk.opened[0]["conversation"] == "conversation-1"


async def test_the_case_holds_what_is_known(bot: Bot, desk: FakeDesk) -> None:
    await bot.hear("104731 00-950", order_number="104731", postal_code="00-950")
    await bot.hear("konsultant", "human_agent", ranking=["callback_request"])
    context = desk.opened[0]["context"]
    assert context["schema"] == "case.context.v1"
    assert context["identity"] == {
        "level": "verified", "method": "order_match", "orders": ["ZA-2026-104731"]}  # fmt: skip
    assert context["intent"]["top"] == "human_agent"
    assert [h["name"] for h in context["intent"]["history"]] == ["inform", "human_agent"]
    assert context["intent"]["ranking"][1]["name"] == "callback_request"
    assert context["slots"]["order_number"] == "ZA-2026-104731"
    assert context["attempted"] == [{"action": "order_status", "ok": True}]
    assert (context["channel"], context["language"]) == ("web", "pl")


@pytest.mark.parametrize(
    ("intent", "said", "reason"),
    [
        ("angry", "escalation_angry", "negative_sentiment"),
        ("legal_threat", "escalation_legal", "policy"),
        ("vulnerable", "escalation_vulnerable", "policy"),
        ("complaint_start", "escalation_person_handles", "complaint"),
        ("invoice_request", "escalation_person_handles", "policy"),
        ("callback_request", "escalation_person_handles", "policy"),
    ],
)
@pytest.mark.parametrize(("answer", "text"), [("affirm", "tak"), ("human_agent", "konsultant")])
async def test_a_person_is_offered_and_a_yes_opens_the_case(
    bot: Bot, desk: FakeDesk, intent: str, said: str, reason: str, answer: str, text: str
) -> None:
    assert await bot.hear("…", intent) == [said]
    assert [b["payload"] for b in bot.buttons] == ["/human_agent", "/deny"]
    assert not desk.opened
    assert await bot.hear(text, answer) == []
    assert desk.opened[0]["reason"] == reason


async def test_a_no_goes_on_with_the_open_form(bot: Bot, desk: FakeDesk) -> None:
    await bot.hear("gdzie paczka", "order_status")
    assert await bot.hear("co za dno", "angry") == ["escalation_angry"]
    assert await bot.hear("nie", "deny") == ["escalation_declined", "orders_ask_number"]
    assert not desk.opened


async def test_an_offer_is_gone_after_one_turn(bot: Bot, desk: FakeDesk) -> None:
    await bot.hear("co za dno", "angry")
    await bot.hear("do której sklep?", "opening_hours")
    assert await bot.hear("tak", "affirm") == ["dialogue_how_can_i_help"]
    assert not desk.opened


async def test_a_yes_to_a_person_does_not_confirm_a_cancellation(bot: Bot, desk: FakeDesk) -> None:
    await bot.hear("104732", "order_cancel", order_number="104732", postal_code="30-001")
    await bot.hear("wkurzacie mnie", "angry")
    await bot.hear("tak", "affirm")
    assert len(desk.opened) == 1


async def test_two_matters_for_a_person_are_one_offer(bot: Bot, desk: FakeDesk) -> None:
    said = await bot.hear("Reklamacja i to zgłoszę do UOKiK", "complaint_start",
                          second=("legal_threat", "zgłoszę do UOKiK"))  # fmt: skip
    assert said == ["escalation_person_handles"]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["detail"] == "complaint_start, legal_threat"


@pytest.mark.parametrize(
    ("intent", "said", "then"),
    [
        ("greet", "dialogue_greet_after_case", "dialogue_greet"),
        ("help", "dialogue_help_after_case", "dialogue_help"),
    ],
)
async def test_a_customer_whom_a_person_served_is_known_once(
    bot: Bot, intent: str, said: str, then: str
) -> None:
    bot.metadata = {"case": {"number": "R-2026-000007", "outcome": "solved"}}
    assert await bot.hear("hej", intent) == [said]
    assert "R-2026-000007" in bot.said[0]
    assert await bot.hear("hej", intent) == [then]


async def test_a_served_customer_who_wants_a_person_again_is_asked_once(
    bot: Bot, desk: FakeDesk
) -> None:
    bot.metadata = {"case": {"number": "R-2026-000007", "outcome": "solved"}}
    assert await bot.hear("konsultant", "human_agent") == ["escalation_case_closed"]
    assert await bot.hear("konsultant", "human_agent") == []
    assert desk.opened[0]["context"]["earlier_case"]["number"] == "R-2026-000007"
