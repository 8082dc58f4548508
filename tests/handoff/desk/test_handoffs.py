"""What an agent's telephone is given opens the case at the desk."""

from frontline.turns import Speech, SpokenWord
from handoff.app_parts import Parts
from tests.handoff.desk.conftest import Enter

CALL = "6f1c0d8e-aaaa-4bbb-8ccc-0123456789ab"


async def waiting_caller(parts: Parts, language: str = "pl") -> str:
    """Somebody in the PBX's queue; what their call says in X-Handoff-Id."""
    await parts.calls.register(CALL, "+48600100200", language)
    conversation = await parts.calls.begin(CALL)
    words = (SpokenWord("konsultant", 900, 1600, 0.5),)
    speech = Speech(from_ms=900, to_ms=1600, words=words)
    await parts.conversations.said(conversation.id, "c1", "konsultant", speech=speech)
    [greeting, _] = await parts.conversations.turns(conversation.id)
    await parts.conversations.cut(greeting.id, "Dzień dobry", 700, from_ms=0)
    await parts.cases.open(conversation.id, reason="user_request")
    handoff_id = (await parts.calls.next_of(CALL)).handoff_id
    assert handoff_id
    return handoff_id


async def test_the_case_is_opened_by_what_the_telephone_shows(enter: Enter, parts: Parts) -> None:
    anna, handoff_id = await enter(), await waiting_caller(parts)
    row = await anna.post(f"/handoffs/{handoff_id}")
    assert (row["state"], row["channel"], row["call_id"]) == ("queued", "voice", CALL)
    taken = await anna.post(f"/cases/{row['id']}/claim")
    assert taken["state"] == "active"
    card = await anna.get(f"/cases/{row['id']}")
    assert card["context"]["caller"] == "+48600100200"


async def test_who_does_not_serve_the_line_sees_the_case_of_their_call(
    enter: Enter, parts: Parts
) -> None:
    bert = await enter("bert", languages=("pl",), skills={}, capacity={"chat": 1})
    handoff_id = await waiting_caller(parts, "en")
    [case] = await parts.cases.waiting()
    assert (await bert.ask("GET", f"/cases/{case.id}")).status == 404
    assert (await bert.post(f"/handoffs/{handoff_id}"))["id"] == case.id
    assert (await bert.ask("GET", f"/cases/{case.id}")).status == 200


async def test_a_handoff_that_is_none_is_not_there(enter: Enter, parts: Parts) -> None:
    anna = await enter()
    await waiting_caller(parts)
    [case] = await parts.cases.waiting()
    for name in ("0" * 24, case.id, "x"):
        answer = await anna.ask("POST", f"/handoffs/{name}", headers={"Idempotency-Key": name})
        assert answer.status == 404


async def test_an_agent_sees_what_was_heard_and_how_surely(enter: Enter, parts: Parts) -> None:
    anna, handoff_id = await enter(), await waiting_caller(parts)
    row = await anna.post(f"/handoffs/{handoff_id}")
    greeting, said, *_ = (await anna.get(f"/cases/{row['id']}/turns"))["turns"]
    assert greeting["text"] == "Dzień dobry …"
    assert greeting["speech"]["heard_ms"] == 700
    assert said["speech"]["from_ms"] == 900
    assert said["speech"]["words"] == [{"text": "konsultant", "confidence": 0.5, "unsure": True}]


async def test_a_turn_cut_after_it_was_shown_is_shown_again(enter: Enter, parts: Parts) -> None:
    anna, handoff_id = await enter(), await waiting_caller(parts)
    row = await anna.post(f"/handoffs/{handoff_id}")
    await anna.post(f"/cases/{row['id']}/claim")
    tab = await anna.tab()
    await tab.hear_case("case.updated", "active")  # from now on it hears the conversation
    [greeting, *_] = await parts.conversations.turns(row["conversation_id"])
    cut = await parts.conversations.cut(greeting.id, "Dzień", 300)
    await parts.bell.ring(row["conversation_id"], turn=cut)
    assert (await tab.hear_turn("Dzień …"))["seq"] == 1
