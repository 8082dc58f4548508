"""The dialogue and the real cases together: what the bot asks for is what the record then holds."""

from datetime import timedelta
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

from actions.base import TurnAction
from actions.identity import Identity
from actions.registry import action_names
from actions.shop.port import OrderState
from actions.talk import Services
from frontline.clock import ManualClock
from frontline.database import Database
from frontline.turns import Author, Controller
from handoff.app_parts import Parts
from handoff.case import CaseState, Kind, Reason
from tests.actions.doubles import NOON, Bot, FakeShop
from tests.common.agents import hire

STORY = "czajnik przecieka od wczoraj, proszę o naprawę, mail anna@example.com"


@pytest.fixture
async def real_bot(
    parts: Parts, database: Database, shop: FakeShop, clock: ManualClock, domain: dict[str, Any]
) -> Bot:
    shop.add("ZA-2026-104763", OrderState.DELIVERED, delivered_at=NOON - timedelta(days=3))
    services = Services(shop, Identity(database, shop, clock), parts.cases, clock)
    executor = ActionExecutor()
    for name in action_names():
        executor.register_action(TurnAction(name, services))
    conversation = await parts.conversations.create("web", "pl", "Dzień dobry")
    bot = Bot(executor, domain, conversation.id)
    bot.slots["introduced"] = True
    return bot


async def file_complaint(bot: Bot) -> None:
    await bot.hear(STORY, "complaint_start", order_number="104763")
    await bot.hear("bez zdjęć", "inform")
    assert await bot.hear("tak", "affirm") == ["complaints_filed"]


async def test_a_complaint_is_a_case_with_clock_and_receipt(real_bot: Bot, parts: Parts) -> None:
    await file_complaint(real_bot)
    (case,) = await parts.cases.waiting()
    assert (case.kind, case.reason, case.skill) == (Kind.COMPLAINT, Reason.COMPLAINT, "complaints")
    assert case.legal is not None
    assert case.legal["due"].startswith("2026-12-08")
    assert case.number in real_bot.said[0]
    assert "8 grudnia 2026" in real_bot.said[0]
    turns = await parts.conversations.turns(real_bot.conversation)
    assert [turn.files[0].kind for turn in turns if turn.files] == ["application/pdf"]
    assert (await parts.conversations.get(real_bot.conversation)).controller == Controller.BOT


@pytest.mark.parametrize(("text", "intent"), [("tak", "affirm"), ("/human_agent", "human_agent")])
async def test_a_yes_after_it_waits_in_the_same_case(
    real_bot: Bot, parts: Parts, text: str, intent: str
) -> None:
    await file_complaint(real_bot)
    (left,) = await parts.cases.waiting()
    assert await real_bot.hear(text, intent) == []
    (waiting,) = await parts.cases.waiting()
    assert waiting.id == left.id
    conversation = await parts.conversations.get(real_bot.conversation)
    assert (conversation.controller, conversation.case_id) == (Controller.QUEUE, left.id)
    last = (await parts.conversations.turns(real_bot.conversation))[-1]
    assert (last.author, left.number in last.text) == (Author.SYSTEM, True)


async def test_a_withdrawal_is_a_case_with_a_receipt_and_the_bot_goes_on(
    real_bot: Bot, parts: Parts
) -> None:
    real_bot.slots |= {"verified_orders": ["ZA-2026-104763"], "order_number": "ZA-2026-104763"}
    await real_bot.hear("chcę to zwrócić", "return_start")
    assert (await real_bot.hear("tak", "affirm"))[-1] == "returns_receipt"
    (case,) = await parts.cases.waiting()
    assert (case.kind, case.reason) == (Kind.WITHDRAWAL, Reason.WITHDRAWAL)
    assert case.number in real_bot.said[-1]


@pytest.mark.parametrize(
    ("text", "intent", "reason", "skill", "priority"),
    [
        ("idę z tym do sądu", "legal_threat", "legal_threat", "complaints", "high"),
        ("nie chce mi się żyć", "nlu_fallback", "vulnerable", "care", "urgent"),
        ("mąż mnie bije", "vulnerable", "vulnerable", "care", "urgent"),
    ],
)
async def test_reasons_find_their_place(
    real_bot: Bot, parts: Parts, text: str, intent: str, reason: str, skill: str, priority: str
) -> None:
    await real_bot.hear(text, intent)
    await real_bot.hear("tak", "affirm")
    (case,) = await parts.cases.waiting()
    assert (case.reason, case.skill, case.priority) == (reason, skill, priority)
    assert case.context["sentiment"].keys() == {"label", "score", "trend", "turns"}


async def test_what_an_agent_gives_back_is_gone_on_with(real_bot: Bot, parts: Parts) -> None:
    await real_bot.hear("konsultant", "human_agent")
    (case,) = await parts.cases.waiting()
    anna = await hire(parts, "Demo Anna")
    held = await parts.handling.claim(case.id, anna)
    await parts.handling.give_back(held.id, anna, held.fence, "etykieta wysłana", "return_start")
    served = (await parts.conversations.get(real_bot.conversation)).served
    real_bot.metadata = {"case": served}
    assert await real_bot.hear("dobrze", "affirm") == [
        "escalation_instructed", "orders_ask_number"]  # fmt: skip
    assert "etykieta" not in " ".join(real_bot.said)
    assert await real_bot.hear("konsultant", "human_agent") == []
    (again,) = await parts.cases.waiting()
    assert again.id == case.id


async def at_night(clock: ManualClock) -> None:
    clock.advance(12 * 3600)  # 23:00 in Warsaw


async def test_at_night_a_message_is_left_and_a_call_keeps_its_place(
    real_bot: Bot, parts: Parts, clock: ManualClock
) -> None:
    await at_night(clock)
    assert await real_bot.hear("konsultant", "human_agent") == []
    (left,) = await parts.cases.in_states([CaseState.LEFT_MESSAGE])
    turn = (await parts.conversations.turns(real_bot.conversation))[-1]
    assert [button.payload for button in turn.buttons] == ["/callback_request"]
    assert await real_bot.hear("/callback_request", "callback_request") == [
        "escalation_callback_ask_phone"]  # fmt: skip
    await real_bot.hear("600 100 200", "inform", phone="+48600100200")
    assert await real_bot.hear("jutro o 10", "inform") == ["escalation_callback_confirm"]
    assert await real_bot.hear("tak", "affirm") == ["escalation_callback_noted"]
    (called,) = await parts.cases.in_states([CaseState.CALLBACK_SCHEDULED])
    assert (called.id, called.due_at) == (left.id, left.due_at)
    assert called.callback is not None
    assert called.callback["phone"] == "+48600100200"
    assert left.number in real_bot.said[0]
    assert (await parts.conversations.get(real_bot.conversation)).controller == Controller.BOT


async def test_at_night_the_bot_stays_of_use(
    real_bot: Bot, parts: Parts, clock: ManualClock
) -> None:
    await at_night(clock)
    await real_bot.hear("konsultant", "human_agent")
    assert await real_bot.hear("tak", "affirm") == ["dialogue_how_can_i_help"]
    assert await real_bot.hear("gdzie paczka", "order_status") == ["orders_ask_number"]
    assert await real_bot.hear("104763", order_number="104763") == ["identity_ask_proof"]


async def test_a_complaint_at_night_is_filed_and_its_case_is_the_message(
    real_bot: Bot, parts: Parts, clock: ManualClock
) -> None:
    await at_night(clock)
    await file_complaint(real_bot)
    assert await real_bot.hear("tak", "affirm") == []
    (left,) = await parts.cases.in_states([CaseState.LEFT_MESSAGE])
    assert left.kind == Kind.COMPLAINT
    assert not await parts.cases.waiting()
