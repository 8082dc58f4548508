from datetime import UTC, datetime

import pytest

from frontline.settings import PROJECT
from handoff.canned import Canned, seeds
from handoff.knowledge import Knowledge
from handoff.suggestions import suggest
from tests.handoff.summary.samples import COMPLAINT_TURNS, ORDER, case, complaint, turn

CANNED = [
    Canned(f"c{n}", d.shortcut, d.language, d.title, d.text, d.intents, datetime.now(UTC))
    for n, d in enumerate(seeds())
]


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge(PROJECT)


def test_what_the_nlu_ranks_first_comes_first(knowledge: Knowledge) -> None:
    ranking = {"account_access": 0.9, "promo_code": 0.05}
    turns = [turn(1, "customer", "nie pamiętam hasła", intent="account_access", ranking=ranking)]
    found = suggest(case(), turns, knowledge, CANNED)
    assert found[0].id.startswith("utter_account_access_")
    assert 1 <= len(found) <= 5
    assert all(f.suggestion and 0 < f.score <= 1 for f in found)
    assert [f.score for f in found] == sorted((f.score for f in found), reverse=True)


def test_articles_and_canned_answers_stand_side_by_side(knowledge: Knowledge) -> None:
    turns = COMPLAINT_TURNS[:6]
    found = suggest(complaint(), turns, knowledge, CANNED, agent="Ania")
    assert {f.source for f in found} == {"article", "canned"}
    assert not any("{" in f.text for f in found)


def test_places_are_filled_and_open_ones_are_not_offered(knowledge: Knowledge) -> None:
    turns = [turn(1, "customer", "paczka przyszła uszkodzona, karton zgnieciony",
                  intent="delivery_problem")]  # fmt: skip
    context = {"slots": {"order_number": ORDER}}
    damaged = "utter_delivery_damaged"
    found = {f.id: f.text for f in suggest(case(context=context), turns, knowledge, CANNED)}
    assert f"zamówienia {ORDER} dotarła uszkodzona" in found[damaged]
    assert damaged not in [f.id for f in suggest(case(), turns, knowledge, CANNED)]


def test_what_would_have_to_be_looked_up_is_never_offered(knowledge: Knowledge) -> None:
    turns = [turn(1, "customer", "gdzie jest zamówienie", intent="order_status")]
    context = {"slots": {"order_number": ORDER}}
    found = suggest(case(context=context), turns, knowledge, CANNED, agent="Ania", limit=50)
    assert not any(f.id.startswith("utter_orders_status") for f in found)


def test_newer_messages_count_more(knowledge: Knowledge) -> None:
    turns = [
        turn(1, "customer", "kod nie działa", intent="promo_code"),
        turn(2, "customer", "i chcę zwrócić buty", intent="return_start"),
    ]
    first = suggest(case(), turns, knowledge, [])[0]
    assert first.id.startswith("utter_returns")


def test_bare_answers_do_not_hide_the_matter(knowledge: Knowledge) -> None:
    turns = [
        turn(1, "customer", "nie pamiętam hasła", intent="account_access"),
        *(turn(n, "customer", "tak", intent="affirm") for n in range(2, 9)),
    ]
    assert suggest(case(), turns, knowledge, [])[0].id.startswith("utter_account_access")


def test_words_said_to_an_agent_are_compared_themselves(knowledge: Knowledge) -> None:
    turns = [
        turn(1, "customer", "chcę rozmawiać z człowiekiem", intent="human_agent"),
        turn(2, "agent", "W czym pomóc?"),
        turn(3, "customer", "jaki jest koszt odesłania przy zwrocie, kto płaci"),
    ]
    assert "utter_returns_cost" in [f.id for f in suggest(case(), turns, knowledge, CANNED)]


def test_the_customers_language_is_answered(knowledge: Knowledge) -> None:
    turns = [turn(1, "customer", "I forgot my password", intent="account_access")]
    found = suggest(case(language="en"), turns, knowledge, CANNED)
    assert found[0].id == "utter_account_access_password"
    assert "log-in page" in found[0].text


def test_what_was_said_already_is_not_offered_again(knowledge: Knowledge) -> None:
    turns = [turn(1, "customer", "nie pamiętam hasła", intent="account_access")]
    first = suggest(case(), turns, knowledge, CANNED)[0]
    said = [*turns, turn(2, "agent", first.text)]
    assert first.id not in [f.id for f in suggest(case(), said, knowledge, CANNED)]


@pytest.mark.parametrize("context", [{}, None, {"intent": 5, "slots": []},
                                     {"intent": {"ranking": [5, {"name": 1}]}}])  # fmt: skip
def test_odd_contexts_and_no_turns_suggest_nothing(knowledge: Knowledge, context: object) -> None:
    assert suggest(case(context=context), [], knowledge, CANNED) == []


def test_without_turns_of_the_nlu_the_context_tells_the_matter(knowledge: Knowledge) -> None:
    context = {"intent": {"ranking": [{"name": "refund_status", "confidence": 0.8}]}}
    found = suggest(case(context=context), [], knowledge, [])
    assert "utter_returns_refund_rule" in [f.id for f in found]
