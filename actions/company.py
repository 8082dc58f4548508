"""The company: when it is open, where it is."""

from collections.abc import Sequence
from datetime import date

from actions import phrases
from actions.shop.port import DayHours
from actions.talk import Talk
from frontline.clock import local
from frontline.lang.dates import named_day, weekday_name

LOOK_AHEAD_DAYS = 15
"""How far a next opening time is looked for; longer than any run of holidays."""


async def opening_hours(talk: Talk) -> None:
    """Opening hours of the store, the hotline or both, on the day asked for or today."""
    text, today = talk.message.text, talk.today()
    day = named_day(text, today)
    if day is not None and day < today:
        day = None
    for place in phrases.places_meant(text):
        days = await talk.shop.hours(place, day or today, LOOK_AHEAD_DAYS)
        if day is None and phrases.asks_for_week(text):
            _tell_week(talk, place, days[:7])
        elif (day or today) == today:
            _tell_today(talk, place, days)
        else:
            _tell_day(talk, place, days)


def _tell_today(talk: Talk, place: str, days: Sequence[DayHours]) -> None:
    """Open now, opening later today, or closed until the next time."""
    now, blocks = local(talk.clock.now()).time(), days[0].blocks
    name, hours = talk.words.place(place), talk.words.hours(blocks)
    open_until = next((closes for opens, closes in blocks if opens <= now < closes), None)
    if open_until is not None:
        until = talk.words.at(open_until)
        talk.say("utter_company_open_now", place=name, until=until, hours=hours)
        return
    opens_at = next((opens for opens, _ in blocks if now < opens), None)
    if opens_at is not None:
        talk.say("utter_company_opens_today", place=name, at=talk.words.at(opens_at), hours=hours)
        return
    next_time = _next_opening(talk, days[1:])
    holiday = talk.words.holiday(days[0].holiday_pl, days[0].holiday_en)
    if next_time is None:
        talk.say("utter_company_closed_for_long", place=name)
    elif blocks:
        talk.say("utter_company_closed_now", place=name, next=next_time, hours=hours)
    else:
        talk.say("utter_company_closed_today", place=name, next=next_time, holiday=holiday)


def _tell_day(talk: Talk, place: str, days: Sequence[DayHours]) -> None:
    """Open or closed on a coming day."""
    asked, name = days[0], talk.words.place(place)
    day = talk.words.named_day(asked.day, talk.today())
    holiday = talk.words.holiday(asked.holiday_pl, asked.holiday_en)
    if asked.blocks:
        hours = talk.words.hours(asked.blocks)
        talk.say("utter_company_hours_on", place=name, day=day, hours=hours, holiday=holiday)
        return
    next_time = _next_opening(talk, days[1:])
    if next_time is None:
        talk.say("utter_company_closed_for_long", place=name)
    else:
        talk.say("utter_company_closed_on", place=name, day=day, next=next_time, holiday=holiday)


def _next_opening(talk: Talk, days: Sequence[DayHours]) -> str | None:
    for entry in days:
        if entry.blocks:
            day = talk.words.named_day(entry.day, talk.today())
            return f"{day}, {talk.words.hours(entry.blocks)}"
    return None


def _tell_week(talk: Talk, place: str, days: Sequence[DayHours]) -> None:
    """The coming seven days, days in a row with the same hours joined, Monday first."""
    ordered = sorted(days, key=lambda entry: entry.day.weekday())
    runs: list[list[DayHours]] = []
    for entry in ordered:
        if runs and _alike(runs[-1][-1], entry):
            runs[-1].append(entry)
        else:
            runs.append([entry])
    week = "; ".join(_run(talk, run) for run in runs)
    talk.say("utter_company_hours_week", place=talk.words.place(place), week=week)


def _alike(one: DayHours, other: DayHours) -> bool:
    same_hours = list(one.blocks) == list(other.blocks)
    return same_hours and not one.holiday_pl and not other.holiday_pl


def _run(talk: Talk, run: Sequence[DayHours]) -> str:
    first, last = run[0], run[-1]
    language = talk.message.language
    name = weekday_name(first.day, language)
    if len(run) > 1:
        joint = " to " if language == "en" and talk.words.spoken else " – "
        name += f"{joint}{weekday_name(last.day, language)}"
    if first.holiday_pl:
        name += f", {talk.words.day(first.day, talk.today())}"
    holiday = talk.words.holiday(first.holiday_pl, first.holiday_en)
    return f"{name}: {talk.words.hours(first.blocks)}{holiday}"


async def store_contact(talk: Talk) -> None:
    """Address, telephone and e-mail."""
    contact = await talk.shop.contact()
    talk.say(
        "utter_company_contact",
        name=contact.name,
        street=contact.street,
        postal_code=talk.words.postal_code(contact.postal_code),
        city=contact.city,
        phone=talk.words.phone(contact.phone),
        email=talk.words.address(contact.email),
        website=contact.website,
    )


def follow_up_day(text: str, today: date) -> bool:
    """Whether a day is named, as in "a w sobotę?" after an answer about opening hours."""
    day = named_day(text, today)
    return day is not None and day >= today
