from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.case import NEXT, WITH_AGENT, CaseState, IllegalTransitionError, Move, after
from handoff.case_log import CaseEvent
from handoff.reports.contacts import BrokenLogError, Contact, contact
from tests.handoff.reports.story import at, read

ROUTE = "pl|general|chat|1"
START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def one(table: str) -> Contact:
    [log] = read(table).values()
    return contact(log)


def test_a_plain_talk_is_one_queueing_and_one_spell() -> None:
    known = one(f"""
        A 10:00:00 opened      bot      route={ROUTE}
        A 10:00:10 offered     ania
        A 10:00:20 accepted    ania
        A 10:00:50 first_reply ania
        A 10:05:20 held        ania
        A 10:06:20 resumed     ania
        A 10:10:20 wrapping    ania
        A 10:11:20 closed      ania
        A 10:12:00 csat        customer score=5
    """)
    [queueing], [spell], [offer] = known.queueings, known.spells, known.offers
    assert (queueing.cause, queueing.end, queueing.wait_s) == (Move.OPEN, Move.ACCEPT, 20)
    assert (queueing.live, queueing.agent_id) == (True, "ania")
    assert (offer.agent_id, offer.at, offer.until) == ("ania", at("10:00:10"), at("10:00:20"))
    assert (spell.talk_s, spell.hold_s, spell.holds, spell.wrap_s) == (540, 60, 1, 60)
    assert known.handle_s == {"ania": 660}
    assert (known.answered_at, known.closed_at) == (at("10:00:20"), at("10:11:20"))
    assert (known.first_reply_at, known.csat) == (at("10:00:50"), 5)
    assert (known.state, known.agent_id, known.transfers, known.requeues) == ("closed", None, 0, 0)


def test_offers_that_come_to_nothing_are_one_wait_and_each_a_requeue() -> None:
    known = one(f"""
        A 10:00:00 opened     bot    route={ROUTE}
        A 10:00:10 offered    ania
        A 10:00:30 rang_out   system
        A 10:00:31 offered    bartek
        A 10:00:33 declined   bartek
        A 10:01:00 transferred system route=pl|general|chat|2 why=widened
        A 10:01:05 offered    celina
        A 10:01:10 agent_lost system
        A 10:02:00 offered    ania
        A 10:02:10 accepted   ania
    """)
    [queueing] = known.queueings
    assert queueing.wait_s == 130
    assert str(queueing.route) == ROUTE
    assert [offer.end for offer in queueing.offers] == [
        "rang_out", "declined", "agent_lost", "accepted",
    ]  # fmt: skip
    assert known.requeues == 3
    assert known.agent_id == "ania"


def test_a_transfer_and_a_lost_agent_begin_a_new_wait_and_end_a_spell() -> None:
    known = one(f"""
        A 10:00:00 opened      bot    route={ROUTE}
        A 10:00:00 offered     ania
        A 10:00:00 accepted    ania
        A 10:05:00 transferred ania   route=pl|returns|chat|1 why=transfer
        A 10:06:00 offered     bartek
        A 10:06:30 accepted    bartek
        A 10:08:00 agent_lost  system
        A 10:09:00 offered     celina
        A 10:09:10 accepted    celina
        A 10:10:00 returned    celina
        A 10:30:00 queued      bot
        A 10:31:00 abandoned   customer
        A 11:00:00 reopened    celina
    """)
    assert [(q.cause, q.wait_s, q.live) for q in known.queueings] == [
        ("opened", 0, True), ("transferred", 90, True), ("agent_lost", 70, True),
        ("queued", 60, True), ("reopened", None, False),
    ]  # fmt: skip
    assert [(s.agent_id, s.handle_s, s.end, s.route.skill) for s in known.spells] == [
        ("ania", 300, "transferred", "general"), ("bartek", 90, "agent_lost", "returns"),
        ("celina", 50, "returned", "returns"),
    ]  # fmt: skip
    assert (known.transfers, known.requeues) == (1, 1)
    assert (known.abandoned_at, known.closed_at) == (None, None)
    assert known.reopenings == (at("11:00:00"),)


def test_nobody_waits_for_a_call_back_or_a_message_and_passing_through_is_no_wait() -> None:
    known = one(f"""
        A 20:00:00 opened       bot      route={ROUTE}
        A 20:00:00 message_left customer
        A 20:05:00 callback_scheduled customer
        A 20:30:00 queued       system
        A 20:31:00 offered      ania
        A 20:31:05 accepted     ania
        A 20:32:00 callback_scheduled ania
    """)
    assert [(q.live, q.counts) for q in known.queueings] == [(True, False), (False, True)]
    assert known.spells[0].end is Move.CALL_BACK


def test_a_spell_that_goes_on_is_counted_up_to_now() -> None:
    [log] = read(f"""
        A 10:00:00 opened   bot  route={ROUTE}
        A 10:00:00 offered  ania
        A 10:00:00 accepted ania
        A 10:05:00 held     ania
    """).values()
    [spell] = contact(log, at("10:15:00")).spells
    assert (spell.until, spell.end, spell.talk_s, spell.hold_s) == (None, None, 300, 600)


def test_an_answer_counts_for_the_law_only_on_a_durable_medium() -> None:
    known = one(f"""
        A 10:00:00 opened         bot  route={ROUTE} kind=complaint
        A 10:01:00 legal_answered ania
        A 10:02:00 legal_answered ania durable_medium=email
    """)
    assert known.legal_answered_at == at("10:02:00")


@pytest.mark.parametrize(
    ("types", "error"),
    [
        ([], BrokenLogError),
        (["offered"], BrokenLogError),
        (["opened", "opened"], BrokenLogError),
        (["opened", "accepted"], IllegalTransitionError),
        (["opened", "closed"], IllegalTransitionError),
    ],
)
def test_a_log_that_no_case_can_have_is_refused(types: list[str], error: type[Exception]) -> None:
    with pytest.raises(error):
        contact(event(n, kind, START) for n, kind in enumerate(types, 1))


def event(n: int, kind: str, moment: datetime, agent: str = "ania") -> CaseEvent:
    data = {
        "route": ROUTE, "agent_id": agent, "kind": "question", "reason": "user_request",
        "channel": "chat", "conversation_id": "k", "waits": True,
    }  # fmt: skip
    return CaseEvent("A", n, kind, moment, "system", data, "", "")


@st.composite
def lives(draw: st.DrawFn) -> tuple[list[CaseEvent], CaseState, datetime]:
    """Any legal sequence of moves, with clocks that may go back a little."""
    state, moment = CaseState.QUEUED, START
    log = [event(1, "opened", moment)]
    for n in range(2, draw(st.integers(1, 40)) + 1):
        what = draw(st.sampled_from(sorted(NEXT[state])))
        moment += timedelta(milliseconds=draw(st.integers(-200, 600_000)))
        log.append(event(n, what, moment, draw(st.sampled_from(["ania", "bartek"]))))
        state = after(state, what)
    return log, state, max(entry.at for entry in log) + timedelta(seconds=draw(st.integers(0, 99)))


@given(lives())
def test_of_any_legal_sequence_of_moves_the_parts_are_the_whole(
    life: tuple[list[CaseEvent], CaseState, datetime],
) -> None:
    log, state, now = life
    known = contact(log, now)
    spent = known.spent(now)
    assert known.state is state
    assert (known.agent_id is not None) == (state in WITH_AGENT)
    assert sum(spent.values(), timedelta(0)) == now - known.opened_at
    assert all(part >= timedelta(0) for part in spent.values())

    waited = sum(((q.until or now) - q.since for q in known.queueings), timedelta(0))
    in_queue = (CaseState.QUEUED, CaseState.OFFERED)
    assert waited == sum((spent.get(s, timedelta(0)) for s in in_queue), timedelta(0))

    rang = sum(((o.until or now) - o.at for o in known.offers), timedelta(0))
    assert rang == spent.get(CaseState.OFFERED, timedelta(0))

    parts = {
        CaseState.ACTIVE: sum(s.talk_s for s in known.spells),
        CaseState.ON_HOLD: sum(s.hold_s for s in known.spells),
        CaseState.WRAP_UP: sum(s.wrap_s or 0 for s in known.spells),
    }
    for where, seconds in parts.items():
        assert seconds == pytest.approx(spent.get(where, timedelta(0)).total_seconds())
    handled = sum(((s.until or now) - s.since).total_seconds() for s in known.spells)
    assert sum(known.handle_s.values()) == pytest.approx(handled)

    accepted = sum(entry.type == Move.ACCEPT for entry in log)
    assert len(known.spells) == accepted == sum(q.end is Move.ACCEPT for q in known.queueings)
    assert len(known.offers) == sum(entry.type == Move.OFFER for entry in log)
    assert sum(q.until is None for q in known.queueings) == (state in in_queue)
