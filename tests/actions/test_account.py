from datetime import UTC, datetime, timedelta

import pytest

from actions.privacy import month_later
from actions.shop.port import PromoCode, ServiceNotice
from frontline.errors import UnavailableError
from tests.actions.doubles import NOON, Bot, FakeDesk, FakeShop

MAIL = "ola@example.com"


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("Nie mogę się zalogować.", "general"),
        ("zapomnialam hasla", "password"),
        ("how do I change my password", "password"),
        ("konto mi sie zablokowalo", "blocked"),
        ("My account has been suspended", "blocked"),
        ("mail aktywacyjny nie dotarl", "activation"),
        ("the activation link has expired", "activation"),
        ("nie dochodzi kod sms do logowania", "code"),
        ("ktos sie wlamal na moje konto", "hacked"),
        ("Someone changed my password and it wasn't me!", "hacked"),
        ("Chciałbym założyć konto w sklepie", "register"),
        ("How do I set up an account?", "register"),
        ("jak zmienić adres e-mail przypisany do konta", "change"),
    ],
)
async def test_access_to_an_account_has_its_steps_and_a_person(
    bot: Bot, desk: FakeDesk, text: str, matter: str
) -> None:
    bot.language = "en" if text.isascii() and " my " in text.lower() else "pl"
    assert await bot.hear(text, "account_access") == [f"account_access_{matter}"]
    assert await bot.hear("tak", "affirm") == []
    assert desk.opened[0]["detail"] == f"account_access: {matter}"
    assert desk.opened[0]["reason"] == "policy"


async def test_a_password_is_never_asked_for(bot: Bot) -> None:
    await bot.hear("haslo nie dziala", "account_access")
    assert "O hasło nigdy nie pytamy" in bot.said[0]
    bot.language = "en"
    await bot.hear("locked out", "account_access")
    assert "We never ask for a password" in bot.said[0]


async def test_trouble_with_the_website_gets_steps_and_a_person(bot: Bot, desk: FakeDesk) -> None:
    assert await bot.hear("wyskakuje błąd 500", "technical_problem") == ["account_website_steps"]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["detail"] == "technical_problem: wyskakuje błąd 500"
    assert await bot.hear("apka sie wywala", "technical_problem") == ["account_app_steps"]


@pytest.mark.parametrize(
    ("until", "said"),
    [(None, "account_notice"), (NOON + timedelta(hours=3), "account_notice_until")],
)  # fmt: skip
async def test_known_trouble_is_told_first(
    bot: Bot, shop: FakeShop, until: datetime | None, said: str
) -> None:
    bot.language = "en"
    shop.notices = [ServiceNotice("Nie działa BLIK.", "BLIK does not work.", NOON, until)]
    assert await bot.hear("error on page", "technical_problem") == [said, "account_notice_other"]
    assert "BLIK does not work." in bot.said[0]
    assert ("15:00" in bot.said[0]) is (until is not None)


async def test_a_shop_that_does_not_tell_its_notices_is_admitted(bot: Bot, shop: FakeShop) -> None:
    shop.down = True
    assert await bot.hear("strona nie działa", "technical_problem") == ["escalation_tool_error"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kod DEMO10 co daje?", ["account_code_valid_from_amount"]),
        ("kod DEMO10 nie działa", ["account_code_valid_from_amount", "account_code_still_fails"]),
        ("mam demo10", ["account_code_valid_from_amount"]),
        ("co z kodem lato2026", ["account_code_expired"]),
        ("kod gwiazdka nie wchodzi", ["account_code_not_yet"]),
        ("START50", ["account_code_used_up"]),
        ("kod ZIMA77 nie działa", ["account_code_unknown"]),
        ("kod rabatowy nie działa", ["account_code_ask"]),
        ("my code is rejected", ["account_code_ask"]),
        ("gdzie wpisac kod promocyjny", ["account_codes_general"]),
        ("KOD RABATOWY GDZIE WPISAC", ["account_codes_general"]),
        ("mam 20zl w bonie podarunkowym", ["account_points_person"]),
        ("how many points have I got", ["account_points_person"]),
        ("do zamówienia ZA-2026-104731 i 104732 jakie macie promocje?", ["account_codes_general"]),
        ("napiszcie na OLA10@example.com o rabatach", ["account_codes_general"]),
    ],
)
async def test_codes(bot: Bot, text: str, said: list[str]) -> None:
    assert await bot.hear(text, "promo_code") == said


async def test_a_code_is_asked_for_and_checked(bot: Bot, shop: FakeShop) -> None:
    shop.codes.append(PromoCode("DARMOWA", "Daje darmową dostawę.", "Free delivery.",
                                NOON.date(), NOON.date() + timedelta(days=5)))  # fmt: skip
    await bot.hear("kod nie działa", "promo_code")
    said = await bot.hear("darmowa", "nlu_fallback")
    assert said == ["account_code_valid", "account_code_still_fails"]
    assert "Daje darmową dostawę." in bot.said[0]
    assert bot.slots["form"] is None


async def test_a_code_spelt_wrong_is_asked_again_and_then_shown_to_a_person(
    bot: Bot, desk: FakeDesk
) -> None:
    await bot.hear("kod nie działa", "promo_code")
    assert await bot.hear("DEM010", "inform") == ["account_code_unknown"]
    assert "DEM010" in bot.said[0]
    assert await bot.hear("DEM0 10", "inform") == ["account_code_still_unknown"]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["detail"] == "unknown code: DEM010"


async def test_a_misspelt_code_is_put_right(bot: Bot) -> None:
    await bot.hear("kod DEM010 nie działa", "promo_code")
    said = await bot.hear("DEMO10", "inform")
    assert said == ["account_code_valid_from_amount", "account_code_still_fails"]


async def test_an_amount_below_the_minimum_is_the_reason(bot: Bot) -> None:
    said = await bot.hear("kod DEMO10 nie działa przy 80 zł", "promo_code", amount="80.00 PLN")
    assert said == ["account_code_below_minimum"]
    assert "100,00\N{NO-BREAK SPACE}zł" in bot.said[0]


async def test_a_bare_code_after_a_talk_about_codes_is_looked_up(bot: Bot) -> None:
    await bot.hear("gdzie wpisac kod", "promo_code")
    assert await bot.hear("DEMO10", "inform") == ["account_code_valid_from_amount"]


async def test_codes_in_english_by_voice(bot: Bot) -> None:
    bot.language, bot.channel = "en", "voice"
    await bot.hear("is the code LATO2026 valid", "promo_code")
    assert "L A T O" in bot.said[0]
    assert "no longer works" in bot.said[0]


async def test_no_code_is_an_answer_that_is_asked_again(bot: Bot) -> None:
    await bot.hear("kod nie działa", "promo_code")
    assert await bot.hear("no ten z ulotki co przyszła", "inform") == ["account_code_unclear"]
    said = await bot.hear("do której dziś sklep?", "opening_hours")
    assert said == ["company_open_now", "account_code_ask"]
    assert await bot.hear("nieważne", "stop") == ["dialogue_stopped"]


async def test_deletion_is_read_back_and_left_for_the_agents(bot: Bot, desk: FakeDesk) -> None:
    said = await bot.hear("proszę usunąć moje dane", "privacy_request")
    assert said == ["account_privacy_ask_email"]
    assert await bot.hear(MAIL, "inform", email=MAIL) == ["account_privacy_confirm"]
    assert "usunięcie danych" in bot.said[0]
    assert MAIL in bot.said[0]
    assert not desk.opened
    assert await bot.hear("tak", "affirm") == ["account_privacy_noted"]
    (case,) = desk.opened
    assert case["detail"] == f"privacy_request: delete, answer to {MAIL}"
    assert case["due_at"] == datetime(2026, 12, 24, 11, 0, tzinfo=UTC)
    assert (case["reason"], case["waits"]) == ("privacy", False)
    assert case["kind"] == "privacy_request"
    assert "R-2026-000001" in bot.said[0]
    assert "najpóźniej do 24 grudnia 2026" in bot.said[0]
    assert "sprawdzi tożsamość" in bot.said[0]


async def test_a_copy_in_english_by_voice_is_read_back(bot: Bot, desk: FakeDesk) -> None:
    bot.language, bot.channel = "en", "voice"
    await bot.hear("I'd like a copy of my data", "privacy_request")
    await bot.hear("ola at example dot com", "inform", email=MAIL)
    assert "ola at example dot com" in bot.said[0]
    await bot.hear("yes", "affirm")
    assert "by the twenty-fourth of December" in bot.said[0]
    assert desk.opened[0]["detail"].startswith("privacy_request: export")


async def test_a_correction_says_what_is_wrong(bot: Bot, desk: FakeDesk) -> None:
    said = await bot.hear("sprostowanie danych", "privacy_request")
    assert said == ["account_privacy_ask_correction"]
    said = await bot.hear("nazwisko ma być Nowak", "account_access")
    assert said == ["account_privacy_ask_email"]
    await bot.hear(MAIL, "inform", email=MAIL)
    assert "nazwisko ma być Nowak" in bot.said[0]
    await bot.hear("tak", "affirm")
    assert "nazwisko ma być Nowak" in desk.opened[0]["detail"]
    said = await bot.hear("macie w bazie zły rok urodzenia, powinno być 1980", "privacy_request")
    assert said == ["account_privacy_ask_email"]


@pytest.mark.parametrize(
    ("text", "contact", "shown"),
    [(MAIL, {"email": MAIL}, MAIL), ("600 100 200", {"phone": "+48600100200"}, "600 100 200")],
)
async def test_a_consent_ends_with_one_question(
    bot: Bot, desk: FakeDesk, text: str, contact: dict[str, str], shown: str
) -> None:
    said = await bot.hear("wypiszcie mnie z newslettera", "privacy_request")
    assert said == ["account_privacy_ask_consent_contact"]
    assert await bot.hear(text, "inform", **contact) == ["account_privacy_consent_noted"]
    assert shown in bot.said[0]
    assert desk.opened[0]["due_at"] is None


async def test_a_consent_with_its_address_ends_at_once(bot: Bot, desk: FakeDesk) -> None:
    said = await bot.hear(f"unsubscribe {MAIL}", "privacy_request", email=MAIL)
    assert said == ["account_privacy_consent_noted"]
    assert len(desk.opened) == 1


async def test_the_right_is_asked_for_with_buttons(bot: Bot) -> None:
    assert await bot.hear("rodo", "privacy_request") == ["account_privacy_ask_right"]
    assert len(bot.buttons) == 5
    for button in bot.buttons:
        await bot.hear("nieważne", "stop")
        await bot.hear("rodo", "privacy_request")
        said = await bot.choose(button)
        assert said != ["account_privacy_right_unclear"], button
        assert bot.slots.get("topic") == "privacy_request"
    assert said == ["account_privacy_info"]


async def test_a_question_is_answered_with_what_is_true(bot: Bot, desk: FakeDesk) -> None:
    said = await bot.hear("kto jest administratorem moich danych", "privacy_request")
    assert said == ["account_privacy_info"]
    assert "bok@sklep.example" in bot.said[0]
    assert bot.slots.get("form") is None
    assert not desk.opened


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("usuncie mnie z listy mailingowej", "consent"),
        ("nie zyczę sobie żadnych reklam na maila", "consent"),
        ("Konto chcę zachować, ale zgodę na reklamy cofam", "consent"),
        ("I object to my data being used for advertising", "consent"),
        ("cofam zgody i usuńcie moje konto", "delete"),
        ("chcę być zapomniany", "delete"),
        ("close my account for good", "delete"),
        ("wniosek o dostęp do danych", "export"),
        ("I want to download my data", "export"),
        ("You have the wrong surname in your database", "correct"),
        ("jak długo przechowujecie dane", "question"),
        ("do you sell my details", "question"),
    ],
)
async def test_rights_are_known_by_their_words(bot: Bot, text: str, right: str) -> None:
    await bot.hear(text, "privacy_request", email=MAIL)
    told = {"question": "account_privacy_info", "consent": "account_privacy_consent_noted"}
    if right in told:
        assert bot.said[0].split()[0] in bot.variant(f"utter_{told[right]}")["text"]
    else:
        assert bot.slots["answers"]["privacy_right"] == right


async def test_address_and_right_are_corrected_at_the_end(bot: Bot, desk: FakeDesk) -> None:
    await bot.hear("usuńcie moje dane", "privacy_request", email=MAIL)
    said = await bot.hear("nie, inny adres: ala@example.com", "deny", email="ala@example.com")
    assert said == ["account_privacy_confirm"]
    assert "ala@example.com" in bot.said[0]
    assert await bot.hear("jednak kopia danych", "privacy_request") == ["account_privacy_confirm"]
    await bot.hear("tak", "affirm")
    assert desk.opened[0]["detail"] == "privacy_request: export, answer to ala@example.com"


async def test_a_request_is_declined_stopped_or_interrupted(bot: Bot, desk: FakeDesk) -> None:
    await bot.hear("usuńcie moje dane", "privacy_request", email=MAIL)
    assert await bot.hear("nie", "deny") == ["account_privacy_declined"]
    await bot.hear("usuńcie moje dane", "privacy_request")
    said = await bot.hear("gdzie jest sklep?", "store_contact")
    assert said == ["company_contact", "account_privacy_ask_email"]
    assert await bot.hear("ola", "inform") == ["account_privacy_contact_unclear"]
    assert await bot.hear("stop", "stop") == ["dialogue_stopped"]
    assert not desk.opened


async def test_a_request_that_cannot_be_written_is_admitted(bot: Bot, desk: FakeDesk) -> None:
    await bot.hear("usuńcie moje dane", "privacy_request", email=MAIL)
    desk.error = UnavailableError("down")
    assert await bot.hear("tak", "affirm") == ["escalation_unavailable"]
    desk.error = None
    assert await bot.hear("tak", "affirm") == ["account_privacy_noted"]


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ((2026, 1, 31, 12), (2026, 2, 28, 12)),
        ((2028, 1, 31, 12), (2028, 2, 29, 12)),
        ((2026, 12, 15, 12), (2027, 1, 15, 12)),
        ((2026, 8, 31, 22, 30), (2026, 9, 30, 22, 30)),  # 1 September in Warsaw
    ],
)
def test_a_month_later(start: tuple[int, ...], due: tuple[int, ...]) -> None:
    assert month_later(datetime(*start, tzinfo=UTC)) == datetime(*due, tzinfo=UTC)
