import pytest
from rasa.shared.nlu.training_data.message import Message

from components.fallback import LimitFallback

LIMITS = {"scope": 0.8, "confidence": 0.4}


def read(name, confidence, in_scope):
    intent = {"name": name, "confidence": confidence}
    message = Message({"text": "x", "intent": intent, "intent_ranking": [dict(intent)],
                       "scope": {"in_scope": in_scope, **LIMITS}})  # fmt: skip
    (message,) = LimitFallback().process([message])
    return message.get("intent")["name"], [r["name"] for r in message.get("intent_ranking")]


def test_a_sure_reading_in_scope_stands():
    assert read("order_status", 0.9, 0.95) == ("order_status", ["order_status"])


@pytest.mark.parametrize(("confidence", "in_scope"), [(0.9, 0.7), (0.3, 0.95)])
def test_a_doubtful_reading_becomes_the_fallback_and_stays_in_the_ranking(confidence, in_scope):
    doubtful = ("nlu_fallback", ["nlu_fallback", "order_status"])
    assert read("order_status", confidence, in_scope) == doubtful


def test_what_is_out_of_scope_stays_so():
    assert read("out_of_scope", 0.5, 0.2)[0] == "out_of_scope"


def test_what_a_rule_is_sure_of_stands():
    assert read("change_language", 1.0, 0.1)[0] == "change_language"


def test_a_message_without_letters_has_no_reading():
    message = Message({"text": "😀", "intent": {"name": None, "confidence": 0.0}, "scope": None})
    assert LimitFallback().process([message])[0].get("intent")["name"] is None
