from datetime import UTC, date, datetime

import pytest

from actions.call_time import Wish, read
from frontline.clock import LOCAL_ZONE, ManualClock
from frontline.errors import UnavailableError
from tests.actions.doubles import NOON, Bot, FakeDesk, FakeShop

PHONE = "+48600100200"
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=LOCAL_ZONE)  # a Tuesday


async def agree(bot: Bot, when: str) -> None:
    await bot.hear(f"zadzwońcie {when}", "callback_request", phone=PHONE)


async def test_number_and_time_are_asked_read_back_and_left_for_the_agents(
    bot: Bot, desk: FakeDesk
) -> None:
    assert await bot.hear("oddzwońcie", "callback_request") == ["escalation_callback_ask_phone"]
    said = await bot.hear("600 100 200", "inform", phone=PHONE)
    assert said == ["escalation_callback_ask_when"]
    assert bot.buttons[0]["title"] == "Jak najszybciej"
    assert await bot.hear("jutro po 15", "inform") == ["escalation_callback_confirm"]
    assert "+48 600 100 200" in bot.said[0]
    assert "25 listopada 2026 (jutro), od godziny 15:00" in bot.said[0]
    assert not desk.opened
    assert await bot.hear("tak", "affirm") == ["escalation_callback_noted"]
    (case,) = desk.opened
    assert case["reason"] == "user_request"
    assert case["detail"] == "callback: +48600100200 2026-11-25 15:00"
    assert case["due_at"] == datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
    assert case["waits"] is False
    assert "R-2026-000001" in bot.said[0]
    assert bot.slots["form"] is None


async def test_everything_may_be_said_at_once(bot: Bot) -> None:
    said = await bot.hear("Zadzwońcie na 600 100 200 w piątek o 10", "callback_request",
                          phone=PHONE)  # fmt: skip
    assert said == ["escalation_callback_confirm"]
    assert "27 listopada 2026, od godziny 10:00" in bot.said[0]


async def test_as_soon_as_possible_waits_for_nothing(bot: Bot, desk: FakeDesk) -> None:
    await bot.hear("oddzwońcie", "callback_request", phone=PHONE)
    assert await bot.hear("jak najszybciej", "nlu_fallback") == ["escalation_callback_confirm"]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["detail"] == "callback: +48600100200 as soon as possible"
    assert desk.opened[0]["due_at"] is None


@pytest.mark.parametrize("calls_from", [PHONE, "600100200", "0048600100200"])
async def test_on_the_phone_the_calling_number_is_read_back(
    bot: Bot, desk: FakeDesk, calls_from: str
) -> None:
    bot.channel, desk.calls_from = "voice", calls_from
    assert await bot.hear("oddzwońcie", "callback_request") == ["escalation_callback_ask_when"]
    assert await bot.hear("jutro po 15", "inform") == ["escalation_callback_confirm"]
    assert "sześćset, sto, dwieście" in bot.said[0]
    said = await bot.hear("nie, inny numer", "inform")
    assert said == ["escalation_callback_ask_phone"]
    assert await bot.hear("500 500 500", "inform", phone="500500500") == [
        "escalation_callback_confirm"
    ]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["callback"]["phone"] == "+48500500500"


@pytest.mark.parametrize("calls_from", [None, "112", "anonymous"])
async def test_who_calls_from_no_number_is_asked_for_one(
    bot: Bot, desk: FakeDesk, calls_from: str | None
) -> None:
    bot.channel, desk.calls_from = "voice", calls_from
    assert await bot.hear("oddzwońcie", "callback_request") == ["escalation_callback_ask_phone"]


async def test_in_the_chat_nobody_calls(bot: Bot, desk: FakeDesk) -> None:
    desk.calls_from = PHONE
    assert await bot.hear("oddzwońcie", "callback_request") == ["escalation_callback_ask_phone"]


async def test_english_by_voice(bot: Bot, desk: FakeDesk) -> None:
    bot.language, bot.channel = "en", "voice"
    await bot.hear("please call me back", "callback_request", phone=PHONE)
    assert await bot.hear("tomorrow at 3 pm", "inform") == ["escalation_callback_confirm"]
    assert "six zero zero, one zero zero, two zero zero" in bot.said[0]
    assert "tomorrow, from three PM" in bot.said[0]
    await bot.hear("yes", "affirm")
    assert "under number R, two zero two" in bot.said[0]
    assert len(desk.opened) == 1


async def test_polish_by_voice(bot: Bot) -> None:
    bot.channel = "voice"
    await agree(bot, "dziś wieczorem")
    assert "dzisiaj, od siedemnastej do osiemnastej" in bot.said[0]


@pytest.mark.parametrize(
    ("text", "entity", "phone"),
    [
        ("600100200", None, "+48600100200"),
        ("22 123 45 67", None, "+48221234567"),
        ("022 123 45 67", None, "+48221234567"),
        ("0048 600 100 200", None, "+48600100200"),
        ("+49 151 12345678", "+4915112345678", "+4915112345678"),
        ("mój to +44 20 7946 0000", "+442079460000", "+442079460000"),
    ],
)
async def test_telephone_numbers(bot: Bot, text: str, entity: str | None, phone: str) -> None:
    await bot.hear("oddzwońcie", "callback_request")
    said = await bot.hear(text, "inform", **({"phone": entity} if entity else {}))
    assert said == ["escalation_callback_ask_when"]
    assert bot.slots["answers"]["callback_phone"] == phone
    assert bot.slots.get("order_number") is None


@pytest.mark.parametrize(
    ("text", "entities"),
    [("600 100", {"order_number": "600100"}), ("012345678", {"phone": "+48012345678"}),
     ("na numer z zamówienia", {}), ("+48 600 100", {"phone": "+48600100"})],
)  # fmt: skip
async def test_what_is_no_number_is_asked_again_and_then_a_person_offered(
    bot: Bot, desk: FakeDesk, text: str, entities: dict[str, str]
) -> None:
    await bot.hear("oddzwońcie", "callback_request")
    said = await bot.hear(text, "inform", **entities)
    assert said == ["escalation_callback_phone_unclear"]
    assert bot.slots.get("order_number") is None
    assert await bot.hear("nie wiem", "nlu_fallback") == ["escalation_offer_form"]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["reason"] == "repeated_failure"


async def test_a_number_is_corrected_while_the_time_is_asked(bot: Bot) -> None:
    await bot.hear("oddzwońcie", "callback_request", phone=PHONE)
    said = await bot.hear("nie, inny numer: 601 100 200", "deny", phone="+48601100200")
    assert said == ["escalation_callback_ask_when"]
    assert bot.slots["answers"]["callback_phone"] == "+48601100200"


async def test_number_and_time_are_corrected_at_the_end(bot: Bot, desk: FakeDesk) -> None:
    await agree(bot, "jutro o 10")
    assert await bot.hear("nie, inny numer", "deny") == ["escalation_callback_ask_phone"]
    said = await bot.hear("601100200", "inform", phone="+48601100200")
    assert said == ["escalation_callback_confirm"]
    assert "601 100 200" in bot.said[0]
    assert await bot.hear("tak, ale o 12", "affirm") == ["escalation_callback_confirm"]
    assert "12:00" in bot.said[0]
    assert not desk.opened
    assert await bot.hear("inna godzina", "deny") == ["escalation_callback_ask_when"]
    await bot.hear("pojutrze rano", "inform")
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["detail"] == "callback: +48601100200 2026-11-26 08:00-12:00"


async def test_a_no_leaves_nothing(bot: Bot, desk: FakeDesk) -> None:
    await agree(bot, "jutro o 10")
    assert await bot.hear("nie", "deny") == ["escalation_callback_declined"]
    assert not desk.opened
    assert bot.slots["form"] is None


async def test_a_call_is_dropped_on_stop(bot: Bot, desk: FakeDesk) -> None:
    await bot.hear("oddzwońcie", "callback_request")
    assert await bot.hear("nieważne", "stop") == ["dialogue_stopped"]
    assert not desk.opened


async def test_a_question_in_between_is_answered(bot: Bot) -> None:
    await bot.hear("oddzwońcie", "callback_request", phone=PHONE)
    said = await bot.hear("a do której jutro czynna infolinia?", "opening_hours")
    assert said == ["company_hours_on", "escalation_callback_ask_when"]
    assert await bot.hear("jutro o 12", "opening_hours") == ["escalation_callback_confirm"]


async def test_an_order_in_between_does_not_lose_the_number(bot: Bot) -> None:
    await agree(bot, "jutro o 10")
    said = await bot.hear("a gdzie moja paczka 104731?", "order_status", order_number="104731")
    assert said == ["identity_ask_proof"]
    said = await bot.hear("00-950", postal_code="00-950")
    assert said[-2:] == ["dialogue_second_question", "escalation_callback_confirm"]
    assert "600 100 200" in bot.said[-1]
    assert "10:00" in bot.said[-1]


async def test_a_call_in_the_middle_of_an_order_comes_first(bot: Bot) -> None:
    await bot.hear("gdzie paczka", "order_status")
    said = await bot.hear("niech ktoś zadzwoni", "callback_request")
    assert said == ["escalation_callback_ask_phone"]
    assert bot.slots["later_intent"]["name"] == "order_status"


@pytest.mark.parametrize(
    ("when", "hours", "proposed"),
    [
        ("dziś o 20", "8:00–18:00", "25 listopada 2026 (jutro), od godziny 8:00"),
        ("dzisiaj o 9", "8:00–18:00", "24 listopada 2026 (dzisiaj), od godziny 12:00"),
        ("w niedzielę", "nieczynne", "30 listopada 2026, od godziny 8:00"),
        ("jutro o 7 rano", "8:00–18:00", "25 listopada 2026 (jutro), od godziny 8:00"),
        ("w czwartek", "nieczynne", "27 listopada 2026, od godziny 8:00"),
    ],
)
async def test_when_nobody_calls_the_next_time_is_proposed(
    bot: Bot, desk: FakeDesk, shop: FakeShop, when: str, hours: str, proposed: str
) -> None:
    shop.holidays[date(2026, 11, 26)] = ("Inwentaryzacja", "Stock-taking")
    await agree(bot, when)
    assert hours in bot.said[0]
    assert proposed in bot.said[0]
    assert bot.slots["asking"] == "confirm"
    assert await bot.hear("tak", "affirm") == ["escalation_callback_noted"]
    assert desk.opened[0]["due_at"] is not None


async def test_soon_at_night_is_the_next_morning(bot: Bot, clock: ManualClock) -> None:
    clock.advance(9 * 3600)
    await agree(bot, "jak najszybciej")
    assert "25 listopada 2026 (jutro), od godziny 8:00" in bot.said[0]


async def test_a_time_that_passed_meanwhile_is_proposed_anew(
    bot: Bot, desk: FakeDesk, clock: ManualClock
) -> None:
    await agree(bot, "dziś o 13")
    clock.advance(2 * 3600)
    assert await bot.hear("tak", "affirm") == ["escalation_callback_closed"]
    assert not desk.opened
    assert "14:00" in bot.said[0]


async def test_a_hotline_that_stays_closed_is_a_matter_for_a_person(
    bot: Bot, shop: FakeShop
) -> None:
    for day in range(30):
        shop.holidays[date.fromordinal(NOON.date().toordinal() + day)] = ("Urlop", "Holidays")
    assert await bot.hear("oddzwońcie jutro", "callback_request", phone=PHONE) == [
        "escalation_person_handles"
    ]


async def test_a_request_that_cannot_be_written_is_admitted(bot: Bot, desk: FakeDesk) -> None:
    await agree(bot, "jutro o 10")
    desk.error = UnavailableError("down")
    assert await bot.hear("tak", "affirm") == ["escalation_unavailable"]
    desk.error = None
    assert await bot.hear("tak", "affirm") == ["escalation_callback_noted"]


async def test_a_shop_without_hours_is_admitted(bot: Bot, shop: FakeShop) -> None:
    shop.down = True
    said = await bot.hear("oddzwońcie jutro", "callback_request", phone=PHONE)
    assert said == ["escalation_tool_error"]


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("w piątek o 10", "2026-11-27|10:00|"),
        ("tomorrow at 3", "2026-11-25|15:00|"),
        ("o wpół do czwartej", "2026-11-24|15:30|"),
        ("half past three", "2026-11-24|15:30|"),
        ("o 15.30", "2026-11-24|15:30|"),
        ("25.11 o 14", "2026-11-25|14:00|"),
        ("2026-11-25 15:00", "2026-11-25|15:00|"),
        ("15", "2026-11-24|15:00|"),
        ("10", "2026-11-25|10:00|"),
        ("za godzinę", "2026-11-24|13:00|"),
        ("za pół godziny", "2026-11-24|12:30|"),
        ("in 20 minutes", "2026-11-24|12:30|"),
        ("za dwa dni", "2026-11-26|00:00|23:59"),
        ("między dziewiątą a dwunastą jutro", "2026-11-25|09:00|12:00"),
        ("przed 10", "2026-11-25|00:00|10:00"),
        ("nie przed 10", "2026-11-25|10:00|"),
        ("po szóstej wieczorem", "2026-11-24|18:00|"),
        ("o dwudziestej pierwszej", "2026-11-24|21:00|"),
        ("at 8 am", "2026-11-25|08:00|"),
        ("eight in the evening", "2026-11-24|20:00|"),
        ("w przyszłym tygodniu w piątek po 12", "2026-12-04|12:00|"),
        ("w weekend", "2026-11-28|00:00|23:59"),
        ("pracuję do 17, najlepiej wieczorem jutro", "2026-11-25|17:00|22:00"),
        ("whenever", "soon"),
        ("teraz", "soon"),
        ("zadzwońcie na 22 123 45 67", None),
        ("nie mogę teraz rozmawiać", None),
        ("w sprawie zamówienia 104731", None),
        ("24.12.2031", None),
        ("o 25", None),
    ],
)
def test_times_as_customers_say_them(text: str, wish: str | None) -> None:
    assert read(text, NOW) == wish


@pytest.mark.parametrize("end", [None, NOW.time()])
def test_a_wish_is_remembered_as_it_was(end) -> None:
    wish = Wish(NOW.date(), NOW.replace(hour=9).time(), end)
    assert Wish.load(wish.dump()) == wish
