from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from frontline.errors import SettingsError
from handoff import legal
from handoff.case import Kind
from handoff.legal import Labels, Regime, Term
from handoff.routing import Routing

ROUTING = Routing()


def clock(name: str, received: datetime) -> dict[str, Any]:
    return legal.clock(name, ROUTING.regimes[name], received)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("received", "due", "rolls_to"),
    [
        (utc(2026, 11, 23, 10), "2026-12-07", None),  # Monday to Monday
        (utc(2026, 11, 21, 10), "2026-12-05", "2026-12-07"),  # ends on a Saturday
        (utc(2026, 11, 22, 10), "2026-12-06", "2026-12-07"),  # Sunday
        (utc(2026, 12, 10, 10), "2026-12-24", "2026-12-28"),  # Christmas Eve, Thursday
        (utc(2026, 12, 23, 10), "2027-01-06", "2027-01-07"),  # Epiphany, over the year's end
        (utc(2026, 3, 15, 10), "2026-03-29", "2026-03-30"),  # the clocks change that night
        (utc(2026, 10, 11, 10), "2026-10-25", "2026-10-26"),
        (utc(2028, 2, 15, 10), "2028-02-29", None),  # a leap year
    ],
)
def test_a_complaint_is_answered_by_day_14_and_never_later(
    received: datetime, due: str, rolls_to: str | None
) -> None:
    """Art. 7a ustawy o prawach konsumenta; art. 111 § 2 and 115 KC."""
    kept = clock("PL_UPK_7A", received)
    assert (kept["due"], kept["rolls_to"]) == (due, rolls_to)
    assert kept["regime"] == "PL_UPK_7A"
    assert kept["received_at"] == received.isoformat()
    assert kept["answered_at"] is None
    assert kept["durable_medium"] is None


def test_the_day_of_receipt_is_the_one_in_poland() -> None:
    assert clock("PL_UPK_7A", utc(2026, 11, 23, 22, 59))["due"] == "2026-12-07"
    assert clock("PL_UPK_7A", utc(2026, 11, 23, 23, 0))["due"] == "2026-12-08"  # 00:00 on the 24th
    assert clock("PL_UPK_7A", utc(2026, 7, 1, 22, 0))["due"] == "2026-07-16"  # summer: 00:00


@pytest.mark.parametrize(
    ("regime", "due"),
    [
        ("PL_UPK_7A", "2026-12-08"),
        ("PL_FINANCIAL", "2026-12-24"),
        ("PL_TELECOM", "2026-12-24"),
        ("PL_UPK_27", "2026-12-08"),
        ("PL_UPK_32", "2026-12-08"),
        ("GDPR_12_3", "2026-12-24"),
    ],
)
def test_each_regime_has_its_last_day(regime: str, due: str) -> None:
    assert clock(regime, utc(2026, 11, 24, 10))["due"] == due


def test_every_regime_is_tested_and_has_a_source() -> None:
    assert set(ROUTING.regimes) == {
        "PL_UPK_7A", "PL_FINANCIAL", "PL_TELECOM", "PL_UPK_27", "PL_UPK_32", "GDPR_12_3",
    }  # fmt: skip
    assert all(term.source for regime in ROUTING.regimes.values() for term in regime.terms)


def test_what_the_law_adds_to_the_days() -> None:
    complaint = ROUTING.regimes["PL_UPK_7A"]
    assert complaint.must_reach
    assert complaint.durable_medium
    assert complaint.silence_accepts
    assert complaint.binds == "trader"
    assert ROUTING.regimes["PL_UPK_27"].binds == "consumer"


def test_a_telecom_complaint_is_confirmed_first() -> None:
    assert clock("PL_TELECOM", utc(2026, 11, 24, 10))["confirm_by"] == "2026-12-08"
    assert "confirm_by" not in clock("PL_UPK_7A", utc(2026, 11, 24, 10))


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2026, 8, 31), date(2026, 9, 30)),
        (date(2026, 12, 15), date(2027, 1, 15)),
        (date(2026, 3, 5), date(2026, 4, 5)),
    ],
)
def test_a_month_ends_on_the_same_number_or_on_its_last_day(received: date, due: date) -> None:
    """Regulation 1182/71, art. 3(2)(c)."""
    assert legal.last_day(received, Term(valid_from=date(2018, 5, 25), months=1, source="")) == due


@pytest.mark.parametrize(("months", "due"), [(2, date(2027, 1, 30)), (13, date(2027, 12, 30))])
def test_months_cross_the_end_of_the_year(months: int, due: date) -> None:
    term = Term(valid_from=date(2018, 5, 25), months=months, source="")
    assert legal.last_day(date(2026, 11, 30), term) == due


def test_the_law_of_the_day_of_receipt_counts() -> None:
    changing = Regime(
        label=Labels("Próba", "Trial"),
        terms=[
            Term(valid_from=date(2023, 1, 1), days=14, source="new"),
            Term(valid_from=date(2017, 1, 1), days=30, source="old"),
        ],
    )
    assert legal.clock("X", changing, utc(2022, 12, 31, 10))["due"] == "2023-01-30"
    assert legal.clock("X", changing, utc(2023, 1, 1, 10))["due"] == "2023-01-15"
    with pytest.raises(SettingsError, match="Trial: no term of the law is known for 2016-12-31"):
        legal.clock("X", changing, utc(2016, 12, 31, 10))


def test_a_regime_that_does_not_roll_says_nothing_of_rolling() -> None:
    fixed = Regime(
        label=Labels("Próba", "Trial"),
        terms=[Term(valid_from=date(2023, 1, 1), days=14, source="")],
        rolls=False,
    )
    assert legal.clock("X", fixed, utc(2026, 11, 21, 10))["rolls_to"] is None


@pytest.mark.parametrize(
    ("now", "left"),
    [
        (utc(2026, 11, 24, 10), 14),
        (utc(2026, 12, 7, 22, 59), 1),
        (utc(2026, 12, 7, 23, 0), 0),  # midnight in Poland: the last day begins
        (utc(2026, 12, 8, 22, 59), 0),
        (utc(2026, 12, 8, 23, 0), -1),
    ],
)
def test_days_left_are_local_days(now: datetime, left: int) -> None:
    assert legal.days_left(clock("PL_UPK_7A", utc(2026, 11, 24, 10)), now) == left


def test_an_answer_on_the_last_day_is_on_time() -> None:
    running = clock("PL_UPK_7A", utc(2026, 11, 24, 10))
    assert not legal.on_time(running)
    answered = legal.answered(running, utc(2026, 12, 8, 22, 59), "email_pdf")
    assert answered["durable_medium"] == "email_pdf"
    assert legal.on_time(answered)
    assert not legal.on_time(legal.answered(running, utc(2026, 12, 8, 23, 0), "letter"))
    assert running["answered_at"] is None


def case(name: str, kept: dict[str, Any] | None) -> Any:
    return SimpleNamespace(id=name, legal=kept)


def test_the_board_shows_the_nearest_last_day_first_and_no_answered_case() -> None:
    late = clock("PL_FINANCIAL", utc(2026, 11, 1, 10))  # due 2026-12-01
    early = clock("PL_UPK_7A", utc(2026, 11, 10, 10))  # due 2026-11-24
    same_day_later = clock("PL_UPK_7A", utc(2026, 11, 10, 12))
    done = legal.answered(early, utc(2026, 11, 12, 10), "letter")
    cases = [
        case("a", late),
        case("b", same_day_later),
        case("c", early),
        case("d", done),
        case("e", None),
    ]
    assert [shown.id for shown in legal.board(cases)] == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("kind", "regime"),
    [
        (Kind.COMPLAINT, "PL_UPK_7A"),
        (Kind.WITHDRAWAL, "PL_UPK_32"),
        (Kind.PRIVACY_REQUEST, "GDPR_12_3"),
        (Kind.QUESTION, None),
        (Kind.CALLBACK, None),
    ],
)
def test_each_kind_of_case_has_the_clock_of_the_table(kind: Kind, regime: str | None) -> None:
    kept = ROUTING.clock(kind, utc(2026, 11, 24, 10))
    assert (kept and kept["regime"]) == regime
