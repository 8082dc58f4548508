"""The complaint as a form: fault, order, since when, wish, contact, photos, a yes, a receipt."""

from datetime import timedelta

import pytest

from actions import complaint_form
from actions.shop.port import Contact, OrderState
from frontline.errors import UnavailableError
from tests.actions.doubles import NOON, Bot, FakeDesk, FakeShop

NUMBER = "ZA-2026-104763"
STORY = "czajnik przecieka od wczoraj, proszę o naprawę, mail anna@example.com"


@pytest.fixture(autouse=True)
def delivered(shop: FakeShop) -> None:
    shop.add(NUMBER, OrderState.DELIVERED, delivered_at=NOON - timedelta(days=3))


def photo(name: str) -> dict[str, str]:
    """What the chat says when a picture has been sent."""
    return {"payload": f'/inform{{"photo": "{name}"}}'}


async def read_back(bot: Bot) -> None:
    """A complaint in which only the yes is missing."""
    await bot.hear(STORY, "complaint_start")
    await bot.hear("104763", order_number="104763")
    if bot.channel == "web":
        await bot.hear("bez zdjęć", "inform")
    assert bot.slots["asking"] == "confirm"


async def test_every_field_is_asked_read_back_and_filed_with_a_receipt(
    bot: Bot, desk: FakeDesk
) -> None:
    said = await bot.hear("chcę złożyć reklamację", "complaint_start")
    assert said == ["complaints_rights", "complaints_ask_fault"]
    said = await bot.hear("czajnik przecieka od spodu", "complaint_start")
    assert said == ["complaints_ask_order"]
    assert await bot.hear("104763", order_number="104763") == ["complaints_ask_since"]
    assert await bot.hear("od tygodnia", "nlu_fallback") == ["complaints_ask_wish"]
    assert [b["title"] for b in bot.buttons] == [
        "Naprawa", "Wymiana", "Obniżenie ceny", "Zwrot pieniędzy", "Jeszcze nie wiem"]  # fmt: skip
    assert await bot.choose(bot.buttons[0]) == ["complaints_ask_contact"]
    said = await bot.hear("anna@example.com", "inform", email="anna@example.com")
    assert said == ["complaints_ask_photos"]
    assert await bot.choose(photo("01A")) == ["complaints_more_photos"]
    assert await bot.choose(photo("01B")) == ["complaints_more_photos"]
    assert bot.said == ["Dołączone zdjęcia: 2. Czy to wszystkie?"]
    assert await bot.choose(bot.buttons[0]) == ["complaints_confirm"]
    assert bot.said == [
        "Reklamacja do zamówienia 104763: „czajnik przecieka od spodu”. Od kiedy: od tygodnia. "
        "Żądanie: naprawa. Odpowiedź: anna@example.com. Czy przyjąć tę reklamację?"
    ]
    assert not desk.opened
    assert await bot.hear("tak", "affirm") == ["complaints_filed"]
    assert "R-2026-000001" in bot.said[0]
    assert "8 grudnia 2026" in bot.said[0]
    (case,) = desk.opened
    assert (case["reason"], case["kind"], case["waits"]) == ("complaint", "complaint", False)
    assert case["detail"] == "104763: czajnik przecieka od spodu"
    assert case["context"]["slots"]["answers"]["complaint_wish"] == "repair"
    assert case["receipt"] == {
        "title": "Potwierdzenie przyjęcia reklamacji",
        "rows": [
            ["Towar i wada", "czajnik przecieka od spodu"],
            ["Zamówienie", "104763"],
            ["Od kiedy", "od tygodnia"],
            ["Żądanie", "naprawa"],
            ["Sposób odpowiedzi", "anna@example.com"],
            ["Dołączone zdjęcia", "2"],
            ["Sprzedawca", "Sklep, Długa 5, 00-238 Warszawa"],
        ],
    }
    assert bot.slots["form"] is None


@pytest.mark.parametrize(("text", "intent"), [("tak", "affirm"), ("/human_agent", "human_agent")])
async def test_a_yes_after_it_is_filed_asks_for_a_person_in_the_same_matter(
    bot: Bot, desk: FakeDesk, text: str, intent: str
) -> None:
    await read_back(bot)
    await bot.hear("tak", "affirm")
    assert await bot.hear(text, intent) == []
    waiting = desk.opened[1]
    assert (waiting["reason"], waiting["kind"], waiting["waits"]) == (
        "complaint", "complaint", True)  # fmt: skip


async def test_a_no_after_it_is_filed_ends_it(bot: Bot, desk: FakeDesk) -> None:
    await read_back(bot)
    await bot.hear("tak", "affirm")
    assert await bot.hear("nie, dziękuję", "deny") == ["escalation_declined"]
    assert len(desk.opened) == 1


async def test_what_the_story_tells_is_not_asked(bot: Bot) -> None:
    said = await bot.hear("czajnik przestał działać po tygodniu, chcę zwrot pieniędzy",
                          "complaint_start")  # fmt: skip
    assert said == ["complaints_rights", "complaints_ask_order"]
    assert await bot.hear("104763", order_number="104763") == ["complaints_ask_contact"]
    assert bot.slots["answers"]["complaint_since"] == "po tygodniu"
    assert bot.slots["answers"]["complaint_wish"] == "refund"


async def test_all_of_it_may_be_told_at_once(bot: Bot) -> None:
    said = await bot.hear(f"{STORY}, zamówienie 104763", "complaint_start", order_number="104763")
    assert said == ["complaints_rights", "complaints_ask_photos"]
    assert await bot.hear("nie", "deny") == ["complaints_confirm"]


async def test_english_by_voice_has_no_photos_and_no_figures(bot: Bot, desk: FakeDesk) -> None:
    bot.language, bot.channel = "en", "voice"
    said = await bot.hear("my kettle leaks all over the table", "complaint_start")
    assert said == ["complaints_rights", "complaints_ask_order"]
    assert await bot.hear("it is 104763", order_number="104763") == ["complaints_ask_since"]
    assert await bot.hear("for two weeks", "inform") == ["complaints_ask_wish"]
    assert await bot.hear("I'd like a replacement", "inform") == ["complaints_ask_contact"]
    said = await bot.hear("anna at example dot com", "inform", email="anna@example.com")
    assert said == ["complaints_confirm"]
    assert "Since: for two weeks. You ask for: replacement." in bot.said[0]
    assert "@" not in bot.said[0]
    assert not any(sign.isdigit() for sign in bot.said[0])
    assert await bot.hear("yes please", "affirm") == ["complaints_filed"]
    rows = dict(desk.opened[0]["receipt"]["rows"])
    assert rows["Where the answer goes"] == "anna@example.com"
    assert desk.opened[0]["receipt"]["title"] == "Confirmation of a complaint"


@pytest.mark.parametrize("answer", ["nie mam", "nie pamiętam numeru", "bez numeru"])
async def test_the_number_may_be_missing_and_then_a_letter_needs_an_address(
    bot: Bot, desk: FakeDesk, answer: str
) -> None:
    await bot.hear("czajnik przecieka od wczoraj, proszę o naprawę", "complaint_start")
    assert await bot.hear(answer, "nlu_fallback") == ["complaints_ask_contact_no_number"]
    assert await bot.hear("listem", "inform") == ["complaints_contact_unclear"]
    said = await bot.hear("Długa 5 m. 3, 00-238 Warszawa", "inform", postal_code="00-238")
    assert said == ["complaints_ask_photos"]
    assert await bot.hear("bez", "nlu_fallback") == ["complaints_confirm_no_number"]
    assert "Odpowiedź: Długa 5 m. 3, 00-238 Warszawa" in bot.said[0]
    await bot.hear("tak", "affirm")
    rows = dict(desk.opened[0]["receipt"]["rows"])
    assert rows["Zamówienie"] == "numeru nie podano"


async def test_without_a_number_another_orders_number_is_not_taken(bot: Bot) -> None:
    await bot.hear(STORY, "complaint_start")
    await bot.hear("nie mam numeru", "deny")
    await bot.hear("gdzie moja paczka 104731, 00-950", "order_status", order_number="104731",
                   postal_code="00-950")  # fmt: skip
    assert bot.slots["form"] == "complaint_start"
    assert bot.slots["answers"]["complaint_order"] == "none"


@pytest.mark.parametrize(
    ("answers", "asking", "unclear"),
    [
        ((), "complaint_order", "complaints_order_unclear"),
        (("104763",), "complaint_since", "complaints_since_unclear"),
        (("104763", "od wczoraj"), "complaint_wish", "complaints_wish_unclear"),
        (("104763", "od wczoraj", "naprawa"), "complaint_contact", "complaints_contact_unclear"),
        (("104763", "od wczoraj", "naprawa", "listem"), "complaint_photos",
         "complaints_photos_unclear"),
        (("104763", "od wczoraj", "naprawa", "listem", "bez zdjęć"), "confirm",
         "dialogue_yes_or_no"),
    ],
)  # fmt: skip
async def test_what_is_unclear_is_asked_once_more_and_then_a_person_is_offered(
    bot: Bot, desk: FakeDesk, answers: tuple[str, ...], asking: str, unclear: str
) -> None:
    await bot.hear("czajnik przecieka od spodu", "complaint_start")
    for answer in answers:
        await bot.hear(answer, "inform", **({"order_number": answer} if answer[0] == "1" else {}))
    assert bot.slots["asking"] == asking
    assert await bot.hear("hm", "nlu_fallback") == [unclear]
    assert await bot.hear("hm hm?", "nlu_fallback") == ["escalation_offer_form"]
    assert await bot.hear("tak", "affirm") == []
    assert desk.opened[0]["reason"] == "repeated_failure"
    assert desk.opened[0]["context"]["slots"]["answers"]["fault"] == "czajnik przecieka od spodu"


@pytest.mark.parametrize("answer", ["nie pamiętam", "nie wiem", "I don't remember"])
async def test_since_when_may_be_forgotten(bot: Bot, answer: str) -> None:
    await bot.hear("czajnik przecieka, proszę o naprawę, mail a@b.pl, bez zdjęć", "complaint_start",
                   order_number="104763")  # fmt: skip
    await bot.hear(answer, "nlu_fallback")
    await bot.hear("bez zdjęć", "inform")
    assert "Od kiedy: nie wiadomo dokładnie" in bot.said[0]


@pytest.mark.parametrize(
    ("text", "intent", "entities", "shown"),
    [
        ("wolę wymianę", "inform", {}, "Żądanie: wymiana na nowy towar"),
        ("nie, jednak zwrot pieniędzy", "deny", {}, "Żądanie: zwrot pieniędzy"),
        ("chcę jednak zwrot pieniędzy", "return_start", {}, "Żądanie: zwrot pieniędzy"),
        ("chcę zwrot pieniędzy zamiast naprawy", "refund_status", {}, "zwrot pieniędzy"),
        ("nie naprawa, tylko obniżenie ceny", "deny", {}, "Żądanie: obniżenie ceny"),
        ("inny mail: ola@example.com", "inform", {"email": "ola@example.com"}, "ola@example.com"),
        ("nie, ola@example.com", "deny", {"email": "ola@example.com"}, "ola@example.com"),
        ("wyślijcie lepiej listem", "inform", {}, "list na adres z zamówienia"),
        ("nie od wczoraj, tylko od miesiąca", "deny", {}, "Od kiedy: od miesiąca"),
        ("nie, zamówienie 104762", "deny", {"order_number": "104762"}, "zamówienia 104762"),
        ("nie, to inny numer, 104762", "deny", {"order_number": "104762"}, "zamówienia 104762"),
        ("nie, 104762 i wymiana", "deny", {"order_number": "104762"}, "Żądanie: wymiana"),
        ("nie, to ekspres kapie, nie czajnik", "deny", {}, "to ekspres kapie"),
        ("i jeszcze pękła pokrywka czajnika", "complaint_start", {}, "pękła pokrywka"),
        ("tak, ale na maila ola@example.com", "affirm", {"email": "ola@example.com"}, "ola@"),
    ],
)
async def test_what_was_read_back_is_corrected(
    bot: Bot, desk: FakeDesk, text: str, intent: str, entities: dict[str, str], shown: str
) -> None:
    await read_back(bot)
    assert await bot.hear(text, intent, **entities) == ["complaints_confirm"]
    assert shown in bot.said[0]
    assert not desk.opened
    assert await bot.hear("tak", "affirm") == ["complaints_filed"]


async def test_something_is_wrong_and_the_customer_says_what(bot: Bot) -> None:
    await read_back(bot)
    said = await bot.hear("nie, coś się nie zgadza", "deny")
    assert said == ["complaints_what_to_change", "complaints_confirm"]
    assert await bot.hear("to inny numer", "deny") == ["complaints_ask_order"]
    assert await bot.hear("numer 104 762", "nlu_fallback") == ["complaints_confirm"]
    assert "104762" in bot.said[0]


async def test_a_no_at_the_end_files_nothing(bot: Bot, desk: FakeDesk) -> None:
    await read_back(bot)
    assert await bot.hear("nie", "deny") == ["complaints_not_filed"]
    assert bot.slots["form"] is None
    assert not desk.opened


@pytest.mark.parametrize("answers", range(4))
async def test_stop_ends_it_anywhere(bot: Bot, desk: FakeDesk, answers: int) -> None:
    await bot.hear("czajnik przecieka od spodu", "complaint_start")
    for answer in ("nie mam numeru", "od wczoraj", "naprawa")[:answers]:
        await bot.hear(answer, "inform")
    assert await bot.hear("stop", "stop") == ["dialogue_stopped"]
    assert await bot.hear("tak", "affirm") == ["dialogue_how_can_i_help"]
    assert not desk.opened


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        (("104763",), "complaints_ask_since"),
        (("104763", "od wczoraj"), "complaints_ask_wish"),
        (("104763", "od wczoraj", "naprawa"), "complaints_ask_contact"),
        (("104763", "od wczoraj", "naprawa", "listem"), "complaints_ask_photos"),
        (("104763", "od wczoraj", "naprawa", "listem", "bez zdjęć"), "complaints_confirm"),
    ],
)
async def test_another_question_is_answered_and_the_complaint_goes_on(
    bot: Bot, answers: tuple[str, ...], asked: str
) -> None:
    await bot.hear("czajnik przecieka od spodu", "complaint_start")
    for answer in answers:
        await bot.hear(answer, "inform", **({"order_number": answer} if answer[0] == "1" else {}))
    assert await bot.hear("jaki macie telefon?", "store_contact") == ["company_contact", asked]


async def test_another_form_in_between_loses_nothing(bot: Bot) -> None:
    await bot.hear("czajnik przecieka od spodu", "complaint_start")
    await bot.hear("104763", order_number="104763")
    await bot.hear("od wczoraj")
    await bot.hear("wymiana")
    await bot.choose(photo("01A"))
    await bot.hear("gdzie jest 104731?", "order_status", order_number="104731")
    said = await bot.hear("00-950", postal_code="00-950")
    assert said[-2:] == ["dialogue_second_question", "complaints_ask_contact"]
    answers = bot.slots["answers"]
    assert answers["complaint_since"] == "od wczoraj"
    assert answers["complaint_wish"] == "replacement"
    assert answers["complaint_photos"] == "01A"
    assert bot.slots["order_number"] == "104763"


@pytest.mark.parametrize("asked", range(6))
async def test_a_photo_may_come_at_any_time(bot: Bot, desk: FakeDesk, asked: int) -> None:
    answers = [
        ("reklamacja", "complaint_start", {}),
        ("czajnik przecieka od spodu", "complaint_start", {}),
        ("104763", "inform", {"order_number": "104763"}),
        ("od wczoraj", "inform", {}),
        ("naprawa", "inform", {}),
        ("listem", "inform", {}),
        ("to wszystko", "inform", {}),
    ]
    for place, (text, intent, entities) in enumerate(answers):
        await bot.hear(text, intent, **entities)
        if place == asked:
            before = bot.slots["asking"]
            said = await bot.choose(photo("01A"))
            expected = "complaint_photos" if before == "complaint_photos" else before
            assert bot.slots["asking"] == expected
            if before != "complaint_photos":
                assert said[0] == "complaints_photo_added"
    await bot.choose(photo("01B"))
    assert bot.slots["asking"] == "confirm"
    await bot.hear("tak", "affirm")
    assert dict(desk.opened[0]["receipt"]["rows"])["Dołączone zdjęcia"] == "2"


async def test_a_photo_before_the_complaint_counts(bot: Bot) -> None:
    assert await bot.choose(photo("01A")) == ["dialogue_file_about"]
    await bot.hear(STORY, "complaint_start", order_number="104763")
    assert bot.said[-1] == "Dołączone zdjęcia: 1. Czy to wszystkie?"


async def test_photos_are_waited_for(bot: Bot) -> None:
    await bot.hear(STORY, "complaint_start", order_number="104763")
    assert await bot.hear("tak", "affirm") == ["complaints_photos_coming"]
    assert await bot.choose(photo("01A")) == ["complaints_more_photos"]
    assert await bot.choose(photo("01A")) == ["complaints_photos_unclear"]  # the same once more
    assert await bot.hear("nie, mam jeszcze jedno", "deny") == ["complaints_photos_coming"]
    assert await bot.choose(photo("01B")) == ["complaints_more_photos"]
    assert await bot.hear("tak", "affirm") == ["complaints_confirm"]


async def test_announced_photos_may_stay_away(bot: Bot) -> None:
    await bot.hear(STORY, "complaint_start", order_number="104763")
    await bot.hear("zaraz wyślę", "inform")
    assert await bot.hear("nie", "deny") == ["complaints_confirm"]


async def test_sql_that_is_down_loses_nothing_and_another_yes_tries_again(
    bot: Bot, desk: FakeDesk
) -> None:
    await read_back(bot)
    desk.error = UnavailableError("down")
    assert await bot.hear("tak", "affirm") == ["escalation_unavailable"]
    desk.error = None
    assert await bot.hear("tak", "affirm") == ["complaints_filed"]
    assert dict(desk.opened[0]["receipt"]["rows"])["Żądanie"] == "naprawa"


async def test_a_shop_that_is_down_does_not_stop_a_complaint(
    bot: Bot, desk: FakeDesk, shop: FakeShop
) -> None:
    async def gone() -> Contact:
        raise UnavailableError("down")

    await read_back(bot)
    shop.contact = gone  # type: ignore[method-assign]
    assert await bot.hear("tak", "affirm") == ["complaints_filed"]
    assert "Sprzedawca" not in dict(desk.opened[0]["receipt"]["rows"])


async def test_asking_for_a_person_hands_over_all_that_was_told(bot: Bot, desk: FakeDesk) -> None:
    await bot.hear(STORY, "complaint_start", order_number="104763")
    assert await bot.hear("proszę z konsultantem", "human_agent") == []
    case = desk.opened[0]
    assert (case["reason"], case["kind"], case["waits"]) == ("complaint", "complaint", True)
    assert case["context"]["slots"]["answers"]["complaint_wish"] == "repair"


async def test_a_return_takes_the_place_of_the_complaint_that_was_read_back(bot: Bot) -> None:
    bot.slots["verified_orders"] = [NUMBER]
    await read_back(bot)
    said = await bot.hear("to jednak nie reklamacja, tylko zwrot", "return_start")
    assert said[-1] == "returns_confirm"


def test_every_wish_has_words_in_both_languages() -> None:
    assert all(len(words) == 2 and all(words) for words in complaint_form.WISHES.values())
