from datetime import date, time

import pytest

from frontline.lang.dates import (
    named_day,
    spoken_day,
    spoken_time,
    weekday_name,
    written_day,
    written_time,
)

TODAY = date(2026, 11, 24)  # a Tuesday


def test_a_day_is_written_and_said() -> None:
    assert written_day(TODAY, "pl") == "24 listopada 2026"
    assert written_day(TODAY, "en") == "24 November 2026"
    assert spoken_day(TODAY, "pl") == "dwudziestego czwartego listopada"
    assert spoken_day(TODAY, "en") == "the twenty-fourth of November"
    assert weekday_name(TODAY, "pl") == "wtorek"
    assert weekday_name(TODAY, "en") == "Tuesday"


@pytest.mark.parametrize(
    ("day", "polish", "english"),
    [(1, "pierwszego", "first"), (20, "dwudziestego", "twentieth"), (30, "trzydziestego",
     "thirtieth"), (31, "trzydziestego pierwszego", "thirty-first")],
)  # fmt: skip
def test_every_day_of_a_month_has_its_ordinal(day: int, polish: str, english: str) -> None:
    assert spoken_day(date(2026, 1, day), "pl") == f"{polish} stycznia"
    assert spoken_day(date(2026, 1, day), "en") == f"the {english} of January"


@pytest.mark.parametrize(
    ("moment", "written", "polish", "english"),
    [
        (time(9), "9:00", "dziewiątej", "nine AM"),
        (time(17, 30), "17:30", "siedemnastej trzydzieści", "five thirty PM"),
        (time(22, 5), "22:05", "dwudziestej drugiej zero pięć", "ten oh five PM"),
        (time(0), "0:00", "północy", "twelve AM"),
    ],
)
def test_a_time_is_written_and_said(moment: time, written: str, polish: str, english: str) -> None:
    assert written_time(moment) == written
    assert spoken_time(moment, "pl") == polish
    assert spoken_time(moment, "en") == english


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("a jutro?", date(2026, 11, 25)),
        ("pojutrze", date(2026, 11, 26)),
        ("The day after tomorrow", date(2026, 11, 26)),
        ("do której dzisiaj", TODAY),
        ("w sobotę", date(2026, 11, 28)),
        ("we wtorek", TODAY),
        ("w środę", date(2026, 11, 25)),
        ("on Sunday", date(2026, 11, 29)),
        ("24.12", date(2026, 12, 24)),
        ("1.02.2027", date(2027, 2, 1)),
        ("2026-12-31", date(2026, 12, 31)),
        ("24 grudnia", date(2026, 12, 24)),
        ("3 stycznia", date(2027, 1, 3)),
        ("December 24", date(2026, 12, 24)),
        ("24th of December", date(2026, 12, 24)),
        ("w Wigilię", date(2026, 12, 24)),
        ("w Nowy Rok", date(2027, 1, 1)),
        ("31.02", None),
        ("godziny otwarcia", None),
        ("czynne 9.99", None),
    ],
)
def test_a_day_is_understood_as_customers_name_it(text: str, day: date | None) -> None:
    assert named_day(text, TODAY) == day
