from datetime import timedelta

import pytest

from actions import complaints
from actions.shop.port import Complaint, ComplaintState, OrderState, Product
from tests.actions.doubles import NOON, Bot, FakeDesk, FakeShop

NUMBER = "ZA-2026-104763"
DAY = NOON.date()


@pytest.fixture(autouse=True)
def delivered(shop: FakeShop) -> None:
    shop.add(NUMBER, OrderState.DELIVERED, delivered_at=NOON - timedelta(days=3))


def complain(shop: FakeShop, state: ComplaintState, due: int = 12, **outcome: str) -> None:
    shop.complained.setdefault(NUMBER, []).append(
        Complaint(f"RK-{len(shop.complained.get(NUMBER, [])) + 1:06d}", NUMBER, "Czajnik", state,
                  NOON - timedelta(days=2), DAY + timedelta(days=due), **outcome)
    )  # fmt: skip


async def prove(bot: Bot) -> None:
    bot.slots["verified_orders"] = [NUMBER]
    bot.slots["order_number"] = NUMBER


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("104763", "complaints_ask_fault"),
        ("numer 104763", "complaints_ask_fault"),
        ("104763, czajnik przecieka", "complaints_ask_since"),
    ],
)
async def test_a_number_is_taken_when_the_fault_is_asked(bot: Bot, text: str, said: str) -> None:
    await bot.hear("reklamacja", "complaint_start")
    assert await bot.hear(text, "inform", order_number="104763") == [said]
    assert bot.slots["order_number"] == "104763"


async def test_another_question_is_answered_and_the_complaint_goes_on(bot: Bot) -> None:
    await bot.hear("reklamacja", "complaint_start")
    assert await bot.hear("jaki macie telefon?", "store_contact") == [
        "company_contact", "complaints_ask_fault"]  # fmt: skip


async def test_an_unclear_answer_is_asked_again_and_then_a_person_is_offered(bot: Bot) -> None:
    await bot.hear("reklamacja", "complaint_start")
    assert await bot.hear("hm", "nlu_fallback") == ["complaints_fault_unclear"]
    assert await bot.hear("chcę reklamację", "complaint_start") == ["escalation_offer_form"]


async def test_a_return_takes_the_place_of_a_complaint(bot: Bot) -> None:
    await prove(bot)
    await bot.hear("reklamacja", "complaint_start")
    said = await bot.hear("to nie reklamacja, tylko zwrot", "return_start")
    assert said[-1] == "returns_confirm"
    assert bot.slots.get("later_intent") is None


async def test_asking_for_a_person_hands_over_the_complaint(bot: Bot, desk: FakeDesk) -> None:
    await bot.hear("czajnik przecieka od spodu", "complaint_start")
    await bot.hear("proszę z konsultantem", "human_agent")
    assert desk.opened[0]["reason"] == "complaint"
    assert desk.opened[0]["detail"] == "czajnik przecieka od spodu"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Chcę złożyć reklamację.", False),
        ("jak zgłosić reklamację", False),
        ("mam wadliwy produkt", False),
        ("reklamuje buty", False),
        ("zgłoszenie wady towaru z zamówienia 101777", False),
        ("How can I lodge a complaint?", False),
        ("I have a complaint about a product.", False),
        ("/complaint_start", False),
        ("zegarek sie nie wlacza", True),
        ("nie działa mikser", True),
        ("reklamuję słuchawki, lewa strona nie gra", True),
        ("The kettle leaks.", True),
        ("my headphones stopped working after a week", True),
    ],
)
def test_a_wish_to_complain_is_told_from_a_fault(text: str, told: bool) -> None:
    assert complaints.tells_fault(text) is told


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (ComplaintState.RECEIVED, "complaints_received"),
        (ComplaintState.IN_REVIEW, "complaints_in_review"),
        (ComplaintState.ACCEPTED, "complaints_accepted"),
        (ComplaintState.DONE, "complaints_done"),
    ],
)
@pytest.mark.parametrize(("language", "channel"), [("pl", "web"), ("en", "voice")])
async def test_every_state_of_a_complaint_is_told(
    bot: Bot, shop: FakeShop, state: ComplaintState, said: str, language: str, channel: str
) -> None:
    bot.language, bot.channel = language, channel
    complain(shop, state)
    await prove(bot)
    assert await bot.hear("co z reklamacją?", "complaint_status") == [said]
    assert bot.slots.get("offer") is None


async def test_the_status_of_a_complaint_wants_number_and_proof(bot: Bot, shop: FakeShop) -> None:
    complain(shop, ComplaintState.IN_REVIEW)
    said = await bot.hear("co z reklamacją RK-000001", "complaint_status", order_number="000001")
    assert said == ["orders_ask_number"]
    await bot.hear("104763", order_number="104763")
    assert await bot.hear("00-950", postal_code="00-950") == ["complaints_in_review"]
    assert bot.said == [
        "Reklamacja RK-000001 (Czajnik) jest rozpatrywana, data zgłoszenia: 22 listopada 2026. "
        "Ostatni dzień na odpowiedź: 6 grudnia 2026."
    ]


async def test_a_refusal_is_told_with_its_reason_and_a_person(
    bot: Bot, shop: FakeShop, desk: FakeDesk
) -> None:
    complain(shop, ComplaintState.REFUSED, outcome_pl="Uszkodzenie powstało mechanicznie.",
             outcome_en="The damage is mechanical.")  # fmt: skip
    await prove(bot)
    said = await bot.hear("co z reklamacją?", "complaint_status")
    assert said == ["complaints_refused", "complaints_outcome", "complaints_disagree"]
    assert bot.said[1] == "Odpowiedź sklepu: Uszkodzenie powstało mechanicznie."
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["reason"] == "complaint"


async def test_a_late_answer_is_an_apology_and_a_person(
    bot: Bot, shop: FakeShop, desk: FakeDesk
) -> None:
    complain(shop, ComplaintState.IN_REVIEW, due=-1)
    await prove(bot)
    said = await bot.hear("co z reklamacją?", "complaint_status")
    assert said == ["complaints_waiting", "complaints_overdue"]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["reason"] == "complaint"


async def test_without_a_complaint_one_may_be_filed(bot: Bot) -> None:
    await prove(bot)
    assert await bot.hear("co z reklamacją?", "complaint_status") == ["complaints_none"]
    assert await bot.hear("gdzie sklep?", "store_contact") == ["company_contact", "complaints_none"]
    assert await bot.hear("tak", "affirm") == ["complaints_rights", "complaints_ask_fault"]
    assert await bot.hear("czajnik przecieka", "inform") == ["complaints_ask_since"]


async def test_the_offer_to_file_may_be_declined_or_answered_with_the_fault(bot: Bot) -> None:
    await prove(bot)
    await bot.hear("co z reklamacją?", "complaint_status")
    assert await bot.hear("nie", "deny") == ["complaints_not_filed"]
    await bot.hear("co z reklamacją?", "complaint_status")
    said = await bot.hear("czajnik przecieka od spodu", "complaint_start")
    assert said == ["complaints_rights", "complaints_ask_since"]


@pytest.mark.parametrize(
    ("text", "entities", "said"),
    [
        ("ile trwa gwarancja?", {}, []),
        ("co pokrywa gwarancja", {}, []),
        ("jaka gwarancja na czajnik elektryczny", {}, ["complaints_warranty_product"]),
        ("what is the warranty on the desk lamp", {}, ["complaints_warranty_no_guarantee"]),
        ("a ten czajnik?", {"product": "Czajnik elektryczny"}, ["complaints_warranty_product"]),
        ("gwarancja na prezent", {}, []),
    ],
)
async def test_guarantee_and_law_are_told(
    bot: Bot, shop: FakeShop, text: str, entities: dict, said: list[str]
) -> None:
    shop.products = [
        Product("P-1", "Czajnik elektryczny", "Electric kettle", "", "", 12950, 12,
                warranty_months=24),
        Product("P-3", "Lampka biurkowa", "Desk lamp", "", "", 5900, 0),
    ]  # fmt: skip
    heard = await bot.hear(text, "warranty_info", **entities)
    assert heard == [*said, "complaints_warranty_law"]
    if "complaints_warranty_product" in said:
        assert bot.said[0] == "Czajnik elektryczny: gwarancja producenta trwa 24 miesiące."


async def test_months_are_spoken_as_months(bot: Bot, shop: FakeShop) -> None:
    shop.products = [Product("P-1", "Ekspres", "Coffee machine", "", "", 99900, 1,
                             warranty_months=32)]  # fmt: skip
    bot.channel = "voice"
    await bot.hear("gwarancja na ekspres", "warranty_info")
    assert bot.said[0] == "Ekspres: gwarancja producenta trwa trzydzieści dwa miesiące."
