import json

import pytest

from channel import (
    MAX_BODY_BYTES,
    MAX_TEXT_CHARS,
    BadTurnError,
    FrontlineOutput,
    Turn,
    read_payload,
)

GOOD = {
    "sender": "c1",
    "turn_id": "t1",
    "message": "Dzień dobry",
    "channel": "voice",
    "language": "pl",
    "language_chosen": True,
    "case": {"number": "R-2026-000123", "outcome": "solved"},
}


def body(**changes):
    return json.dumps({**GOOD, **changes}).encode()


def test_a_turn_is_read_as_it_was_posted():
    turn = Turn.parse(body())
    assert (turn.sender, turn.message, turn.channel) == ("c1", "Dzień dobry", "voice")
    assert turn.metadata() == {
        "turn_id": "t1",
        "language": "pl",
        "language_chosen": True,
        "case": GOOD["case"],
        "introduced": False,
    }
    assert Turn.parse(body(introduced=True)).metadata()["introduced"] is True


@pytest.mark.parametrize(
    ("posted", "reason"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 50_000, "not JSON"),
        (b"[]", "not a JSON object"),
        (body(message=None), "message"),
        (body(message=7), "message"),
        (body(sender=""), "sender"),
        (body(sender="x" * 201), "sender"),
        (body(turn_id=5), "turn_id"),
        (body(channel="fax"), "channel"),
        (body(language="de"), "language"),
        (body(case="R-1"), "case"),
        (body(message="x" * MAX_BODY_BYTES), "longer"),
    ],
)
def test_a_malformed_turn_is_refused_with_the_reason(posted, reason):
    with pytest.raises(BadTurnError, match=reason):
        Turn.parse(posted)


def test_a_long_message_is_cut_and_letters_are_composed():
    turn = Turn.parse(body(message="zamo\u0301wienie " * 1_000))
    assert turn.message.startswith("zamówienie ")
    assert len(turn.message) <= MAX_TEXT_CHARS


def test_a_payload_is_understood_without_the_model():
    parse = read_payload(Turn.parse(body(message='/inform{"order_number": "104731"}')))
    assert parse["intent"] == {"name": "inform", "confidence": 1.0}
    assert {e["entity"]: e["value"] for e in parse["entities"]} == {
        "order_number": "104731",
        "language": "pl",
    }


@pytest.mark.parametrize("text", ["hello", "/", "/ affirm", "1/2", "/affirm now"])
def test_other_text_is_no_payload(text):
    assert read_payload(Turn.parse(body(message=text))) is None


@pytest.mark.parametrize("text", ["/affirm{", "/affirm{}", '/affirm{"x"}', "/affirm"])
def test_a_damaged_payload_keeps_its_intent_or_is_text(text):
    parse = read_payload(Turn.parse(body(message=text)))
    assert parse is None or parse["intent"]["name"] == "affirm"


async def test_lines_come_in_the_order_they_were_sent():
    output = FrontlineOutput("voice")
    assert output.name() == "voice"
    await output.send_response(
        "c1", {"text": "one", "buttons": [{"title": "Yes", "payload": "/affirm"}]}
    )
    await output.send_response("c1", {"custom": {"image": "x"}})
    output.fail("Broken")
    output.close()
    lines = [await output.next_line() for _ in range(4)]
    assert lines == [
        {
            "type": "reply",
            "text": "one",
            "buttons": [{"title": "Yes", "payload": "/affirm"}],
            "custom": None,
        },
        {"type": "reply", "text": "", "buttons": [], "custom": {"image": "x"}},
        {"type": "failed", "error": "Broken"},
        None,
    ]
