import pytest

from frontline.errors import UnavailableError
from tests.actions.doubles import Bot, FakeDesk, FakeShop


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
        ("legal_threat", "escalation_legal", "legal_threat"),
        ("vulnerable", "escalation_vulnerable", "vulnerable"),
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
    said = await bot.hear("co za dno", "angry")
    assert said == ["escalation_angry_go_on", "orders_ask_number"]
    assert await bot.hear("no ile można", "angry") == ["escalation_angry"]
    assert await bot.hear("nie", "deny") == ["escalation_declined", "orders_ask_number"]
    assert not desk.opened


async def test_an_offer_is_gone_after_one_turn(bot: Bot, desk: FakeDesk) -> None:
    await bot.hear("idę z tym do sądu", "legal_threat")
    await bot.hear("do której sklep?", "opening_hours")
    assert await bot.hear("tak", "affirm") == ["dialogue_how_can_i_help"]
    assert not desk.opened


async def test_a_yes_to_a_person_does_not_confirm_a_cancellation(bot: Bot, desk: FakeDesk) -> None:
    await bot.hear("104732", "order_cancel", order_number="104732", postal_code="30-001")
    await bot.hear("wkurzacie mnie", "angry")
    assert await bot.hear("co za dno", "angry") == ["escalation_angry"]
    await bot.hear("tak", "affirm")
    assert len(desk.opened) == 1


async def test_two_matters_for_a_person_are_one_offer(bot: Bot, desk: FakeDesk) -> None:
    said = await bot.hear("Zgłoszę to do UOKiK, słabo słyszę", "legal_threat",
                          second=("vulnerable", "słabo słyszę"))  # fmt: skip
    assert said == ["escalation_legal"]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["detail"] == "legal_threat, vulnerable"


async def test_anger_is_asked_what_happened_and_the_second_time_offered_a_person(
    bot: Bot, desk: FakeDesk
) -> None:
    assert await bot.hear("co za dno", "angry") == ["escalation_angry_first"]
    assert [b["payload"] for b in bot.buttons] == ["/human_agent"]
    assert await bot.hear("tak", "affirm") == ["dialogue_how_can_i_help"]
    assert await bot.hear("banda nieudaczników", "angry") == ["escalation_angry"]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["reason"] == "negative_sentiment"


@pytest.mark.parametrize(
    ("intent", "second"), [("angry", "order_status"), ("order_status", "angry")]
)
async def test_anger_beside_a_request_is_served(bot: Bot, intent: str, second: str) -> None:
    for _ in range(2):
        said = await bot.hear("Złodzieje, gdzie paczka?", intent,
                              second=(second, "gdzie paczka?"))  # fmt: skip
        assert said == ["escalation_angry_go_on", "orders_ask_number"]
        await bot.hear("nieważne", "stop")


@pytest.mark.parametrize(
    ("text", "language", "need"),
    [
        ("Jestem osobą niesłyszącą, mogę tylko pisać.", "pl", "hearing"),
        ("I'm hard of hearing", "en", "hearing"),
        ("Korzystam z czytnika ekranu, jestem niewidomy.", "pl", "sight"),
        ("i am blind and use a screen reader", "en", "sight"),
        ("mąż zmarł w zeszłym tygodniu a to jego zamówienie", "pl", "bereavement"),
        ("My mother has passed away", "en", "bereavement"),
        ("brat odebrał sobie życie, zamykam jego sprawy", "pl", "bereavement"),
        ("Partner mnie bije i kontroluje, co kupuję", "pl", "violence"),
        ("My husband beats me", "en", "violence"),
        ("Mam osiemdziesiąt sześć lat i gubię się w tym", "pl", "vulnerable"),
        ("I can't read.", "en", "vulnerable"),
    ],
)
async def test_care_fits_the_need(
    bot: Bot, desk: FakeDesk, text: str, language: str, need: str
) -> None:
    bot.language = language
    assert await bot.hear(text, "vulnerable") == [f"escalation_{need}"]
    assert [b["payload"] for b in bot.buttons] == ["/human_agent", "/deny"]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["reason"] == "vulnerable"
    assert desk.opened[0]["detail"].startswith("vulnerable")


@pytest.mark.parametrize(
    "text",
    [
        "nie chce mi sie zyc", "nie chcę żyć", "chcę umrzeć, wszystko mi jedno, co z tą paczką",
        "chyba się zabiję", "Myślę o tym, żeby ze sobą skończyć.", "mam mysli samobojcze",
        "zaraz coś sobie zrobię", "tne sie i nikt o tym nie wie", "nie mam już po co żyć",
        "i want to end it all", "I want to die", "i feel like i dont want to live anymore",
        "thinking about suicide", "it would be better if I wasn't here",
    ],
)  # fmt: skip
@pytest.mark.parametrize("intent", ["vulnerable", "order_status", "nlu_fallback", "human_agent"])
async def test_danger_to_life_comes_before_everything(
    bot: Bot, desk: FakeDesk, text: str, intent: str
) -> None:
    await bot.hear("gdzie paczka", "order_status")
    assert await bot.hear(text, intent, second=("human_agent", "x")) == ["escalation_crisis"]
    assert "112" in bot.said[0]
    assert "116 123" in bot.said[0]
    assert "116 111" in bot.said[0]
    assert not desk.opened
    await bot.hear("tak", "affirm")
    assert (desk.opened[0]["reason"], desk.opened[0]["detail"]) == (
        "vulnerable", "vulnerable: crisis")  # fmt: skip


@pytest.mark.parametrize(
    ("language", "emergency", "adults"),
    [("pl", "jeden jeden dwa", "jeden jeden sześć, jeden dwa trzy"),
     ("en", "one one two", "one one six, one two three")],
)  # fmt: skip
async def test_a_voice_says_the_numbers_digit_by_digit(
    bot: Bot, language: str, emergency: str, adults: str
) -> None:
    bot.language, bot.channel = language, "voice"
    await bot.hear("nie chcę żyć", "vulnerable")
    assert emergency in bot.said[0]
    assert adults in bot.said[0]
    assert not any(sign.isdigit() for sign in bot.said[0])
    await bot.hear("mąż mnie bije", "vulnerable")
    assert not any(sign.isdigit() for sign in bot.said[0])


@pytest.mark.parametrize(
    "text",
    ["zabijacie mnie tą obsługą", "kill the order", "to die for, ten ekspres", "żyć nie umierać",
     "tnę koszty"],
)  # fmt: skip
async def test_everyday_words_are_no_crisis(bot: Bot, text: str) -> None:
    assert "escalation_crisis" not in await bot.hear(text, "order_status")


async def test_an_identity_that_is_locked_is_a_reason(bot: Bot, desk: FakeDesk) -> None:
    await bot.hear("gdzie 104731", "order_status", order_number="104731")
    for code in ("11-111", "22-222"):
        assert await bot.hear(code, postal_code=code) == ["identity_wrong"]
    said = []
    for code in ("33-333", "44-444", "55-555"):
        said = said or await bot.hear(code, postal_code=code)
        said = said if said == ["identity_locked"] else []
    assert said == ["identity_locked"]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["reason"] == "identity_locked"


async def test_a_shop_that_is_down_is_a_reason(bot: Bot, desk: FakeDesk, shop: FakeShop) -> None:
    bot.slots["verified_orders"] = ["ZA-2026-104731"]
    bot.slots["order_number"] = "ZA-2026-104731"
    shop.down = True
    assert await bot.hear("gdzie paczka", "order_status") == ["escalation_tool_error"]
    await bot.hear("tak", "affirm")
    assert (desk.opened[0]["reason"], desk.opened[0]["detail"]) == ("tool_error", "order_status")
    assert desk.opened[0]["context"]["attempted"][-1]["ok"] is False


@pytest.mark.parametrize("intents", [("nlu_fallback", "nlu_fallback"),
                                     ("out_of_scope", "nlu_fallback")])  # fmt: skip
async def test_two_misunderstandings_in_a_row_are_a_reason(
    bot: Bot, desk: FakeDesk, intents: tuple[str, str]
) -> None:
    await bot.hear("bzdrąg", intents[0])
    assert await bot.hear("bzdrąg kłąb", intents[1]) == ["escalation_offer_misunderstood"]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["reason"] == "low_confidence"


async def test_two_unusable_answers_in_a_form_are_a_reason(bot: Bot, desk: FakeDesk) -> None:
    await bot.hear("gdzie paczka", "order_status")
    await bot.hear("bla", "nlu_fallback")
    assert await bot.hear("bla bla", "nlu_fallback") == ["escalation_offer_form"]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["reason"] == "repeated_failure"


async def test_the_case_holds_the_mood_of_the_customers_own_words(bot: Bot, desk: FakeDesk) -> None:
    await bot.hear("dzień dobry", "greet")
    await bot.hear("jesteście beznadziejni, to skandal", "angry")
    await bot.choose({"payload": "/human_agent"})
    mood = desk.opened[0]["context"]["sentiment"]
    assert (mood["label"], mood["turns"]) == ("negative", [2])
    assert mood["score"] <= -0.9
    assert mood.keys() == {"label", "score", "trend", "turns"}


async def test_a_case_that_cannot_be_opened_is_admitted(bot: Bot, desk: FakeDesk) -> None:
    desk.error = UnavailableError("down")
    assert await bot.hear("konsultant", "human_agent") == ["escalation_unavailable"]
    desk.error = None
    assert await bot.hear("konsultant", "human_agent") == []
    assert len(desk.opened) == 1


@pytest.mark.parametrize(("form", "said"), [(None, "dialogue_file_about"),
                                            ("order_status", "dialogue_file_kept")])  # fmt: skip
async def test_a_file_that_nothing_asked_for_is_kept(bot: Bot, form: str | None, said: str) -> None:
    if form:
        await bot.hear("gdzie paczka", form)
    heard = await bot.choose({"payload": '/inform{"photo": "01F"}'})
    assert heard == [said, *(["orders_ask_number"] if form else [])]
    assert not bot.slots.get("unclear")


async def test_a_file_does_not_answer_the_offer_of_a_person(bot: Bot, desk: FakeDesk) -> None:
    await bot.hear("idę do sądu", "legal_threat")
    assert await bot.choose({"payload": '/inform{"photo": "01F"}'}) == ["dialogue_file_kept"]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["reason"] == "legal_threat"
