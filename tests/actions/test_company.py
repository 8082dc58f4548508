from datetime import date, timedelta

import pytest

from frontline.clock import ManualClock
from tests.actions.doubles import Bot, FakeShop


async def test_both_places_are_told_when_none_is_named(bot: Bot) -> None:
    said = await bot.hear("do której macie dziś otwarte?", "opening_hours")
    assert said == ["company_open_now", "company_open_now"]
    assert bot.said == [
        "Sklep stacjonarny: teraz otwarte do 18:00. Dzisiaj: 10:00–18:00.",
        "Infolinia: teraz otwarte do 18:00. Dzisiaj: 8:00–18:00.",
    ]


@pytest.mark.parametrize(
    ("hours", "said", "text"),
    [
        (-3, "company_opens_today", "Sklep stacjonarny: dzisiaj otwarte od 10:00. "
                                    "Godziny: 10:00–18:00."),
        (7, "company_closed_now", "Sklep stacjonarny: dzisiaj już nieczynne (godziny: 10:00–18:00)."
            " Najbliższe otwarcie: środa, 25 listopada 2026 (jutro), 10:00–18:00."),
        (-3 + 24 * 5, "company_closed_today", "Sklep stacjonarny: dzisiaj nieczynne. Najbliższe "
            "otwarcie: poniedziałek, 30 listopada 2026 (jutro), 10:00–18:00."),
    ],
)  # fmt: skip
async def test_when_it_is_closed_the_next_opening_is_told(
    bot: Bot, clock: ManualClock, hours: int, said: str, text: str
) -> None:
    clock.advance(3600 * hours)
    assert await bot.hear("czy sklep jest otwarty?", "opening_hours") == [said]
    assert bot.said == [text]


async def test_a_named_day_and_its_holiday_are_told(bot: Bot, shop: FakeShop) -> None:
    shop.holidays[date(2026, 12, 25)] = ("Boże Narodzenie", "Christmas Day")
    shop.holidays[date(2026, 12, 26)] = ("Boże Narodzenie", "Christmas Day")
    assert await bot.hear("a infolinia w sobotę?", "opening_hours") == ["company_hours_on"]
    assert bot.said == ["Infolinia – sobota, 28 listopada 2026: 8:00–14:00."]
    assert await bot.hear("a sklep 25 grudnia?", "opening_hours") == ["company_closed_on"]
    assert bot.said == [
        "Sklep stacjonarny – piątek, 25 grudnia 2026: nieczynne (Boże Narodzenie). "
        "Najbliższe otwarcie potem: poniedziałek, 28 grudnia 2026, 10:00–18:00."
    ]


async def test_hours_are_heard_in_words(bot: Bot) -> None:
    bot.channel = "voice"
    await bot.hear("sklep jutro", "opening_hours")
    assert bot.said == ["Sklep stacjonarny, środa, jutro: od dziesiątej do osiemnastej."]
    bot.language = "en"
    await bot.hear("the store tomorrow", "opening_hours")
    assert bot.said == ["The store, Wednesday, tomorrow: from ten AM to six PM."]


async def test_general_hours_are_a_week(bot: Bot, shop: FakeShop) -> None:
    await bot.hear("w jakich godzinach czynny jest sklep?", "opening_hours")
    assert bot.said == [
        "Sklep stacjonarny: poniedziałek – piątek: 10:00–18:00; sobota: 10:00–14:00; "
        "niedziela: nieczynne."
    ]
    shop.holidays[date(2026, 11, 25)] = ("Święto", "Feast")
    await bot.hear("store opening hours", "opening_hours")
    assert "środa, 25 listopada 2026 (jutro): nieczynne (Święto)" in bot.said[0]


async def test_a_day_alone_goes_on_about_hours(bot: Bot) -> None:
    await bot.hear("do której otwarte?", "opening_hours")
    assert (await bot.hear("a w sobotę?", "nlu_fallback"))[0] == "company_hours_on"


async def test_contact_is_told_and_speech_has_no_website(bot: Bot) -> None:
    assert await bot.hear("gdzie jesteście", "store_contact") == ["company_contact"]
    assert bot.said[0] == (
        "Sklep, Długa 5, 00-238 Warszawa. Telefon: +48 22 123 45 67. E-mail: bok@sklep.example. "
        "Strona: https://sklep.example."
    )
    bot.channel = "voice"
    await bot.hear("gdzie jesteście", "store_contact")
    assert "http" not in bot.said[0]
    assert "bok małpa sklep kropka example" in bot.said[0]


async def test_a_long_closure_is_told(bot: Bot, shop: FakeShop) -> None:
    for n in range(40):
        shop.holidays[date(2026, 11, 24) + timedelta(days=n)] = ("Remont", "Works")
    assert await bot.hear("sklep dziś", "opening_hours") == ["company_closed_for_long"]
    assert await bot.hear("sklep jutro", "opening_hours") == ["company_closed_for_long"]
