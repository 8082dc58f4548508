"""Statutory clocks: by which day an answer must be there, counted in local days.

The day of receipt is not counted (art. 111 § 2 Kodeks cywilny). A last day on a Saturday or a
public holiday moves to the next working day (art. 115 KC); this is kept for information only, and
the safe, earlier day is the one that is shown and promised.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal

import msgspec

from frontline.clock import local
from frontline.errors import SettingsError
from handoff.case import Case
from handoff.hours import public_holidays

SATURDAY = 5


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A regime's term as the law has it since some day."""

    valid_from: date
    source: str
    days: int = 0
    months: int = 0
    """Either days or months."""
    confirm_days: int | None = None
    """By then the receipt has to be confirmed."""


class Labels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words in both languages."""

    pl: str
    en: str

    def text(self, language: str) -> str:
        """In this language; Polish when it is none of ours."""
        return self.en if language == "en" else self.pl


class Regime(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rule of law that sets a last day."""

    label: Labels
    terms: list[Term]
    binds: Literal["trader", "consumer"] = "trader"
    """Whose last day it is."""
    must_reach: bool = False
    """Sending is not enough: the answer has to be with the consumer on the last day."""
    durable_medium: bool = False
    """The answer has to be on paper or another durable medium."""
    silence_accepts: bool = False
    """No answer in time means that the claim is accepted."""
    rolls: bool = True
    """Art. 115 KC or its like applies; for information only."""

    def term(self, received: date) -> Term:
        """The term in force on that day.

        Raises:
            SettingsError: the table has none for a day so long ago.
        """
        known = [term for term in self.terms if term.valid_from <= received]
        if not known:
            raise SettingsError(f"{self.label.en}: no term of the law is known for {received}")
        return max(known, key=lambda term: term.valid_from)


def last_day(received: date, term: Term) -> date:
    """The last day, without rolling; a month ends on the same day's number, or on its last day."""
    if not term.months:
        return received + timedelta(days=term.days)
    years, month = divmod(received.month - 1 + term.months, 12)
    year, month = received.year + years, month + 1
    return date(year, month, min(received.day, monthrange(year, month)[1]))


def working_day(day: date) -> date:
    """The day itself, or the next that is no Saturday, Sunday or public holiday (art. 115 KC)."""
    while day.weekday() >= SATURDAY or day in public_holidays(day.year):
        day += timedelta(days=1)
    return day


def clock(name: str, regime: Regime, received_at: datetime) -> dict[str, Any]:
    """What a case keeps of its statutory clock; days as `YYYY-MM-DD`.

    Args:
        name: the regime's name in the table.
        regime: its rule.
        received_at: when the customer's words came in.
    """
    received = local(received_at).date()
    term = regime.term(received)
    due = last_day(received, term)
    rolled = working_day(due)
    kept: dict[str, Any] = {
        "regime": name,
        "received_at": received_at.isoformat(),
        "due": due.isoformat(),
        "rolls_to": rolled.isoformat() if regime.rolls and rolled != due else None,
        "answered_at": None,
        "durable_medium": None,
    }
    if term.confirm_days is not None:
        kept["confirm_by"] = (received + timedelta(days=term.confirm_days)).isoformat()
    return kept


def days_left(legal: Mapping[str, Any], now: datetime) -> int:
    """Whole local days up to the last one: 0 = today is the last, negative = it has passed."""
    return (date.fromisoformat(legal["due"]) - local(now).date()).days


def answered(legal: Mapping[str, Any], now: datetime, durable_medium: str) -> dict[str, Any]:
    """The clock, stopped by an answer on this medium."""
    return {**legal, "answered_at": now.isoformat(), "durable_medium": durable_medium}


def on_time(legal: Mapping[str, Any]) -> bool:
    """Whether it was answered not later than on its last day."""
    if legal["answered_at"] is None:
        return False
    answer = local(datetime.fromisoformat(legal["answered_at"])).date()
    return answer <= date.fromisoformat(legal["due"])


def board(cases: Iterable[Case]) -> list[Case]:
    """Cases whose clock runs: the nearest last day first, then the longest with us.

    A closed case that was never answered stays: closing does not answer anybody. An abandoned talk
    likewise.
    """
    running = [case for case in cases if case.legal and not case.legal.get("answered_at")]
    return sorted(
        running,
        key=lambda case: (case.legal["due"], case.legal["received_at"], case.id),  # type: ignore[index]
    )
