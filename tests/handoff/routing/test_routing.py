from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from frontline.clock import LOCAL_ZONE
from frontline.errors import SettingsError
from handoff.case import Kind, Priority, Reason, Route
from handoff.routing import URGENCY, Placement, Routing, load_routing
from handoff.routing_file import PACKAGED
from handoff.sla import Standing

ROUTING = Routing()
MINUTE = timedelta(minutes=1)
TUESDAY = datetime(2026, 11, 24, 12, 0, tzinfo=LOCAL_ZONE)
SUNDAY = datetime(2026, 11, 29, 12, 0, tzinfo=LOCAL_ZONE)
MONDAY_MORNING = datetime(2026, 11, 30, 8, 0, tzinfo=LOCAL_ZONE)


def placed(
    reason: Reason = Reason.USER_REQUEST,
    *,
    kind: Kind = Kind.QUESTION,
    channel: str = "chat",
    now: datetime = TUESDAY,
    due_at: datetime | None = None,
    detail: str = "",
    said: tuple[str, ...] = (),
    **context: Any,
) -> Placement:
    """A placement of a case whose customer said these things, the newest last."""
    known: Mapping[str, Any] = {
        "reason": {"code": reason, "detail": detail},
        "intent": {"top": said[-1] if said else None, "history": [{"name": n} for n in said]},
        **context,
    }
    return ROUTING.place(
        kind=kind, reason=reason, channel=channel, language="pl", context=known, now=now,
        due_at=due_at,
    )  # fmt: skip


EXPECTED = {
    Reason.USER_REQUEST: ("general", 1, Priority.NORMAL, []),
    Reason.LOW_CONFIDENCE: ("general", 1, Priority.NORMAL, []),
    Reason.REPEATED_FAILURE: ("general", 1, Priority.HIGH, ["repeated_failure"]),
    Reason.POLICY: ("general", 1, Priority.NORMAL, []),
    Reason.NEGATIVE_SENTIMENT: ("general", 1, Priority.HIGH, ["anger"]),
    Reason.COMPLAINT: ("complaints", 1, Priority.HIGH, ["complaint"]),
    Reason.WITHDRAWAL: ("returns", 1, Priority.NORMAL, []),
    Reason.LEGAL_THREAT: ("complaints", 2, Priority.HIGH, ["legal_threat"]),
    Reason.VULNERABLE: ("care", 1, Priority.URGENT, ["vulnerable"]),
    Reason.PRIVACY: ("privacy", 1, Priority.NORMAL, []),
    Reason.TOOL_ERROR: ("general", 1, Priority.HIGH, ["tool_error"]),
    Reason.IDENTITY_LOCKED: ("general", 1, Priority.NORMAL, []),
}


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_has_its_line_and_its_priority(reason: Reason) -> None:
    got = placed(reason)
    assert (got.skill, got.level, got.priority, got.priority_reasons) == EXPECTED[reason]


@pytest.mark.parametrize(
    ("kind", "skill", "priority", "regime"),
    [
        (Kind.QUESTION, "general", Priority.NORMAL, None),
        (Kind.COMPLAINT, "complaints", Priority.HIGH, "PL_UPK_7A"),
        (Kind.WITHDRAWAL, "returns", Priority.NORMAL, "PL_UPK_32"),
        (Kind.PRIVACY_REQUEST, "privacy", Priority.LOW, "GDPR_12_3"),
        (Kind.CALLBACK, "general", Priority.NORMAL, None),
    ],
)
def test_each_kind_has_its_line_and_its_clock(
    kind: Kind, skill: str, priority: Priority, regime: str | None
) -> None:
    got = placed(kind=kind)
    assert (got.skill, got.priority) == (skill, priority)
    assert (got.legal and got.legal["regime"]) == regime


@pytest.mark.parametrize(
    ("said", "skill", "priority"),
    [
        (("payment_problem",), "payments", Priority.HIGH),
        (("payment_problem", "human_agent"), "payments", Priority.HIGH),
        (("payment_problem", "order_status", "human_agent"), "general", Priority.NORMAL),
        (("order_status", "refund_status", "affirm"), "returns", Priority.NORMAL),
        (("invoice_request", "human_agent"), "payments", Priority.NORMAL),
        (("account_access",), "technical", Priority.NORMAL),
        (("technical_problem", "inform"), "technical", Priority.NORMAL),
        (("delivery_problem", "human_agent"), "complaints", Priority.NORMAL),
        (("privacy_request", "human_agent"), "privacy", Priority.NORMAL),
        (("greet", "human_agent"), "general", Priority.NORMAL),
        (("delivery_problem", "angry", "human_agent"), "complaints", Priority.HIGH),
        (("vulnerable", "order_status", "human_agent"), "care", Priority.URGENT),
        (("legal_threat", "payment_info", "human_agent"), "payments", Priority.HIGH),
    ],
)
def test_a_customer_who_asks_for_a_person_goes_where_the_matter_belongs(
    said: tuple[str, ...], skill: str, priority: Priority
) -> None:
    got = placed(said=said)
    assert (got.skill, got.priority) == (skill, priority)


def test_intents_of_the_turns_count_when_the_bot_left_no_context() -> None:
    got = ROUTING.place(
        kind=Kind.QUESTION, reason=Reason.USER_REQUEST, channel="chat", language="pl",
        context={"intents": [{"seq": 1, "name": "payment_problem"}, {"seq": 3, "name": "affirm"}]},
        now=TUESDAY,
    )  # fmt: skip
    assert got.skill == "payments"


@pytest.mark.parametrize(
    ("detail", "skill", "reasons"),
    [
        ("legal_threat", "complaints", ["legal_threat"]),
        ("vulnerable", "care", ["vulnerable"]),
        ("vulnerable: sight", "care", ["vulnerable"]),
        ("vulnerable: crisis", "care", ["crisis", "vulnerable"]),
        ("vulnerable: violence", "care", ["violence", "vulnerable"]),
        ("privacy_request: access, answer to a@example.com", "privacy", []),
        ("unknown code: WIOSNA", "general", []),
    ],
)
def test_what_the_bot_wrote_into_the_detail_counts(
    detail: str, skill: str, reasons: list[str]
) -> None:
    got = placed(Reason.POLICY, detail=detail)
    assert (got.skill, got.priority_reasons) == (skill, reasons)


def test_what_a_customer_writes_into_the_detail_does_not_count() -> None:
    got = placed(Reason.USER_REQUEST, detail="vulnerable: crisis")
    assert got.priority == Priority.NORMAL


def test_a_crisis_goes_before_everything_that_waits() -> None:
    crisis = placed(Reason.VULNERABLE, detail="crisis")
    violence = placed(Reason.VULNERABLE, detail="violence")
    long_overdue = placed(Reason.VULNERABLE, now=TUESDAY - timedelta(hours=3))
    urgent = placed(Reason.VULNERABLE)
    high = placed(Reason.COMPLAINT)
    order = [crisis, violence, long_overdue, urgent, high, placed()]
    assert sorted(order, key=lambda got: got.due_at) == order
    assert crisis.due_at == TUESDAY - timedelta(days=1)


def test_all_that_raises_is_told_and_the_highest_counts() -> None:
    got = placed(
        Reason.VULNERABLE, kind=Kind.COMPLAINT, said=("angry", "payment_problem"), misunderstood=2
    )
    assert got.priority == Priority.URGENT
    assert got.priority_reasons == [
        "vulnerable", "complaint", "payment_trouble", "repeated_failure", "anger",
    ]  # fmt: skip
    assert got.skill == "care"


def test_what_raises_wins_over_what_lowers() -> None:
    got = placed(Reason.NEGATIVE_SENTIMENT, kind=Kind.PRIVACY_REQUEST)
    assert (got.priority, got.priority_reasons) == (Priority.HIGH, ["anger"])
    assert placed(kind=Kind.PRIVACY_REQUEST).priority_reasons == ["statutory_month"]


@pytest.mark.parametrize(
    ("context", "priority"),
    [
        ({"misunderstood": 1}, Priority.NORMAL),
        ({"misunderstood": 2}, Priority.HIGH),
        ({"attempted": [{"ok": False}, {"ok": True}]}, Priority.NORMAL),
        ({"attempted": [{"ok": False}, {"ok": False}]}, Priority.HIGH),
    ],
)
def test_two_failures_raise_the_priority(context: dict[str, Any], priority: Priority) -> None:
    assert placed(**context).priority == priority


@pytest.mark.parametrize(
    "context",
    [
        {"intent": None, "reason": "x", "attempted": {"a": 1}, "misunderstood": "many"},
        {"intent": {"top": 7, "history": [None, {"name": None}]}, "intents": "x"},
        {"reason": {"detail": None}, "attempted": [3]},
    ],
)
def test_odd_context_does_no_harm(context: dict[str, Any]) -> None:
    got = ROUTING.place(
        kind=Kind.QUESTION, reason=Reason.POLICY, channel="chat", language="pl", context=context,
        now=TUESDAY,
    )  # fmt: skip
    assert (got.skill, got.priority) == ("general", Priority.NORMAL)


@pytest.mark.parametrize(
    ("channel", "minutes"),
    [
        ("chat", {"urgent": 1, "high": 3, "normal": 10}),
        ("voice", {"urgent": 0.5, "high": 1, "normal": 3}),
    ],
)
def test_targets_by_priority_and_channel(channel: str, minutes: dict[str, float]) -> None:
    for reason in (Reason.VULNERABLE, Reason.COMPLAINT, Reason.USER_REQUEST):
        got = placed(reason, channel=channel)
        assert got.due_at == TUESDAY + minutes[got.priority] * MINUTE
        assert ROUTING.target_min(got.priority, channel) == minutes[got.priority]


def test_low_priority_waits_an_hour_of_office_time() -> None:
    late = datetime(2026, 11, 24, 15, 30, tzinfo=LOCAL_ZONE)
    got = placed(kind=Kind.PRIVACY_REQUEST, now=late)
    assert got.due_at == datetime(2026, 11, 25, 8, 30, tzinfo=LOCAL_ZONE)


def test_on_a_closed_day_the_target_begins_with_the_next_opening() -> None:
    assert placed(now=SUNDAY).due_at == MONDAY_MORNING + 10 * MINUTE
    christmas = datetime(2026, 12, 24, 12, 0, tzinfo=LOCAL_ZONE)
    assert placed(now=christmas).due_at == datetime(2026, 12, 28, 8, 10, tzinfo=LOCAL_ZONE)


def test_a_crisis_is_before_all_others_on_a_closed_day_too() -> None:
    assert placed(Reason.VULNERABLE, detail="crisis", now=SUNDAY).due_at < SUNDAY


def test_a_promised_time_stays_and_is_not_passed_on_before_it_comes_near() -> None:
    promised = TUESDAY + timedelta(hours=3)
    got = placed(Reason.COMPLAINT, due_at=promised)
    assert got.due_at == promised
    assert got.widen_at == promised - 3 * MINUTE + 5 * MINUTE
    assert placed(Reason.VULNERABLE, detail="crisis", due_at=promised).due_at == promised


def test_urgency_names_every_priority() -> None:
    assert set(URGENCY) == set(Priority)


# --- widening


def waiting(skill: str, level: int = 1, channel: str = "chat", **values: Any) -> Any:
    return SimpleNamespace(skill=skill, level=level, channel=channel, language="pl", **values)


def test_a_case_goes_a_level_down_and_then_to_general() -> None:
    placed_at_first = placed(Reason.LEGAL_THREAT)
    assert placed_at_first.widen_at == TUESDAY + 5 * MINUTE
    later = TUESDAY + 5 * MINUTE
    step = ROUTING.widened(waiting("complaints", 2), later)
    assert step == (Route("pl", "complaints", "chat", 1), later + 5 * MINUTE)
    last = ROUTING.widened(waiting("complaints", 1), later)
    assert last == (Route("pl", "general", "chat", 1), None)
    assert ROUTING.widened(waiting("general"), later) is None
    assert ROUTING.widened(waiting("general", 2), later) == (
        Route("pl", "general", "chat", 1),
        None,
    )


def test_personal_data_is_never_passed_on() -> None:
    assert placed(Reason.PRIVACY).widen_at is None
    assert ROUTING.widened(waiting("privacy", 2), TUESDAY) is None


def test_nothing_is_passed_on_while_nobody_is_there() -> None:
    assert placed(Reason.COMPLAINT, now=SUNDAY).widen_at == MONDAY_MORNING + 5 * MINUTE


def test_a_general_case_has_nowhere_wider_to_go() -> None:
    assert placed().widen_at is None


def test_a_case_of_a_line_that_was_taken_out_goes_to_general() -> None:
    assert ROUTING.widened(waiting("bicycles"), TUESDAY) == (
        Route("pl", "general", "chat", 1),
        None,
    )
    assert ROUTING.widens_at("bicycles", 1, "chat", TUESDAY) is None
    assert ROUTING.is_open("bicycles", "chat", TUESDAY)


# --- opening


def test_open_and_the_next_opening() -> None:
    assert ROUTING.is_open("general", "chat", TUESDAY)
    assert ROUTING.opens_at("general", "chat", TUESDAY) is None
    assert not ROUTING.is_open("general", "voice", SUNDAY)
    assert ROUTING.opens_at("general", "voice", SUNDAY) == MONDAY_MORNING
    evening = datetime(2026, 11, 24, 18, 0, tzinfo=LOCAL_ZONE)
    assert ROUTING.opens_at("privacy", "chat", evening) == datetime(2026, 11, 25, 7, tzinfo=UTC)


def test_always_open_is_open_at_christmas_night() -> None:
    always = Routing(always_open=True)
    christmas = datetime(2026, 12, 25, 3, 0, tzinfo=LOCAL_ZONE)
    assert always.is_open("privacy", "voice", christmas)
    assert always.opens_at("general", "chat", christmas) is None
    got = always.place(
        kind=Kind.QUESTION, reason=Reason.USER_REQUEST, channel="chat", language="pl", context={},
        now=christmas,
    )  # fmt: skip
    assert got.due_at == christmas + 10 * MINUTE


def test_a_channel_may_have_hours_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.yml"
    text = PACKAGED.read_text("utf-8")
    path.write_text(
        text.replace("    widen_min: 5\n", "    channels: {voice: office}\n", 1), "utf-8"
    )
    mine = load_routing(str(path))
    evening = datetime(2026, 11, 24, 18, 0, tzinfo=LOCAL_ZONE)
    assert mine.is_open("general", "chat", evening)
    assert not mine.is_open("general", "voice", evening)


def test_one_off_days_of_the_file_count(tmp_path: Path) -> None:
    path = tmp_path / "mine.yml"
    text = PACKAGED.read_text("utf-8")
    closed = "{on: 2026-12-30, to: 2027-01-02, reason: {pl: Inwentaryzacja, en: Stocktaking}}"
    opened = '{on: 2026-12-24, hours: ["08:00-12:00"], reason: {pl: Wigilia, en: Christmas Eve}}'
    text = text.replace("closed: [] ", f"closed: [{closed}]", 1)
    path.write_text(text.replace("open: [] ", f"open: [{opened}]", 1), "utf-8")
    mine = Routing(path)
    eve = datetime(2026, 12, 24, 11, 55, tzinfo=LOCAL_ZONE)
    assert mine.is_open("general", "chat", eve)
    assert not mine.is_open("general", "chat", eve + 5 * MINUTE)
    last_day = datetime(2026, 12, 29, 20, 0, tzinfo=LOCAL_ZONE)
    opening = datetime(2027, 1, 4, 8, 0, tzinfo=LOCAL_ZONE)
    assert mine.opens_at("general", "chat", last_day) == opening


def test_the_demo_hotline_of_the_shop_and_of_the_queue_are_the_same() -> None:
    from actions.shop.demo import HOURS

    monday = datetime(2026, 11, 30, tzinfo=LOCAL_ZONE).date()
    for weekday in range(7):
        day = monday + timedelta(days=weekday)
        told = [
            (timedelta(hours=opens.hour), timedelta(hours=closes.hour))
            for opens, closes in HOURS["hotline"].get(weekday, ())
        ]
        assert list(ROUTING.calendar("general", "voice").blocks(day)) == told


# --- agents and settings


def test_an_agent_serves_each_skill_up_to_the_level_and_general() -> None:
    routes = ROUTING.routes_of(["pl", "en"], {"complaints": 2, "bicycles": 3}, ["chat"])
    assert [str(route) for route in routes] == [
        "pl|general|chat|1", "pl|complaints|chat|1", "pl|complaints|chat|2",
        "en|general|chat|1", "en|complaints|chat|1", "en|complaints|chat|2",
    ]  # fmt: skip


def test_general_is_served_even_at_level_nought_and_no_line_twice() -> None:
    routes = ROUTING.routes_of(["pl", "pl"], {"general": 0, "care": 0}, ["chat", "chat", "fax"])
    assert [str(route) for route in routes] == ["pl|general|chat|1"]
    higher = ROUTING.routes_of(["pl"], {"general": 2}, {"voice": 1})
    assert [route.level for route in higher] == [1, 2]


def test_a_placed_case_is_in_a_line_that_somebody_with_its_skill_serves() -> None:
    for reason in Reason:
        got = placed(reason)
        routes = ROUTING.routes_of(["pl"], {got.skill: got.level}, ["chat"])
        assert Route("pl", got.skill, "chat", got.level) in routes


def test_seconds_of_each_channel() -> None:
    assert (ROUTING.ring_s("chat"), ROUTING.ring_s("voice")) == (20, 15)
    assert (ROUTING.wrap_up_s("chat"), ROUTING.wrap_up_s("voice")) == (120, 90)
    assert (ROUTING.preferred_s(), ROUTING.preferred_s("voice")) == (30, 20)


def test_reasons_in_words_of_both_languages() -> None:
    codes = ["crisis", "legal_threat", "taken_out"]
    assert ROUTING.reasons(codes, "pl") == [
        "Zagrożone życie lub zdrowie", "Zapowiedź kroków prawnych", "taken_out",
    ]  # fmt: skip
    assert ROUTING.reasons(codes, "en") == [
        "A life may be in danger", "Legal steps were announced", "taken_out",
    ]  # fmt: skip


def test_choices_in_both_languages() -> None:
    skills = ROUTING.choices("skills", "en")
    assert [(choice.code, choice.label) for choice in skills][:2] == [
        ("general", "General"),
        ("complaints", "Complaints"),
    ]
    assert ROUTING.choices("dispositions", "pl")[0].label == "Załatwione"
    assert {choice.code for choice in ROUTING.choices("break_reasons", "pl")} >= {
        "lunch",
        "training",
    }


def test_how_a_case_stands_follows_its_lines_hours() -> None:
    case = waiting(
        "general",
        queued_at=SUNDAY,
        due_at=MONDAY_MORNING + 10 * MINUTE,
    )
    assert ROUTING.standing(case, SUNDAY + timedelta(hours=6)) == Standing.ON_TIME
    assert ROUTING.standing(case, MONDAY_MORNING + 9 * MINUTE) == Standing.AT_RISK
    assert ROUTING.standing(case, MONDAY_MORNING + 11 * MINUTE) == Standing.BREACHED


def test_an_empty_path_is_the_packaged_file_and_a_wrong_one_is_told() -> None:
    assert load_routing("").target_min(Priority.NORMAL, "chat") == 10
    assert load_routing(None, always_open=True).is_open("general", "chat", SUNDAY)
    with pytest.raises(SettingsError, match="cannot be read"):
        load_routing("/nowhere/routing.yml")


def test_a_rule_may_say_that_something_is_normal(tmp_path: Path) -> None:
    path = tmp_path / "mine.yml"
    text = PACKAGED.read_text("utf-8")
    path.write_text(text.replace("priority: low", "priority: normal"), "utf-8")
    got = Routing(path).place(
        kind=Kind.PRIVACY_REQUEST, reason=Reason.PRIVACY, channel="chat", language="pl",
        context={}, now=TUESDAY,
    )  # fmt: skip
    assert (got.priority, got.priority_reasons) == (Priority.NORMAL, [])
