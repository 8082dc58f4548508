"""After a person has served the customer: the bot knows, says so once, and does what is left.

The turn's metadata name the case that an agent closed or gave back, maybe with an instruction:
the name of an intent whose form the bot should go on with, or words, which are for the record.
"""

import re
from collections.abc import Mapping
from typing import Any

from actions.state import FORMS
from actions.talk import Talk

RETURNED = "returned"
_MATTERS: dict[str, tuple[str, str]] = {
    "order_status": ("numer zamówienia do sprawdzenia", "the number of the order to look up"),
    "order_cancel": ("dane do anulowania zamówienia", "the details for cancelling the order"),
    "order_change": ("dane do zmiany zamówienia", "the details for changing the order"),
    "delivery_problem": ("dane do sprawdzenia dostawy", "the details of the delivery"),
    "payment_problem": ("dane do sprawdzenia płatności", "the details of the payment"),
    "invoice_request": ("dane do faktury", "the details of the invoice"),
    "return_start": ("dane do zwrotu", "the details of the return"),
    "refund_status": ("dane do sprawdzenia zwrotu pieniędzy", "the details of the refund"),
    "complaint_start": ("dane do reklamacji", "the details of the complaint"),
    "complaint_status": ("dane do sprawdzenia reklamacji", "the details of the complaint"),
    "product_info": ("nazwę produktu", "the name of the product"),
    "promo_code": ("kod rabatowy", "the discount code"),
    "privacy_request": (
        "szczegóły sprawy dotyczącej danych osobowych",
        "the details of the request about personal data",
    ),
    "callback_request": ("numer i porę telefonu", "a number and a time for the call"),
}
"""What the agent asks for, by form."""
_NAMED = re.compile(rf"(?<![a-z_])({'|'.join(sorted(FORMS))})(?![a-z_])")
_NOTHING_ASKED = frozenset({"greet", "thank", "affirm", "deny", "help"})
"""What a customer says who waits for what comes next."""
_MAY_ANSWER = frozenset({"inform", "nlu_fallback", "out_of_scope"})
"""Words that the agent's question may have been answered with, right after the return."""


def served(talk: Talk) -> Mapping[str, Any] | None:
    """The case in which a person has served the customer, unless it was mentioned."""
    case = talk.message.case
    return case if case and talk.state.case_told != _name(case) else None


def mark_told(talk: Talk) -> None:
    """The case has been mentioned."""
    if talk.message.case:
        talk.state.case_told = _name(talk.message.case)


def take_over(talk: Talk) -> bool:
    """Whether this is the first turn since a person was there; what was open before is stale."""
    case = talk.message.case
    if not case or talk.state.case_seen == _name(case):
        return False
    talk.state.case_seen = _name(case)
    return True


def instructed(talk: Talk, first: bool) -> str | None:
    """The form to go on with now, as the agent who gave the case back wants it.

    What the customer asks for comes first: then the form waits until nothing is asked.

    Args:
        talk: the turn.
        first: the first turn since.
    """
    case = served(talk)
    if case is None or case.get("state") != RETURNED:
        return None
    named = _NAMED.search(str(case.get("instruction") or ""))
    if named is None:
        return None
    form, intent = named[1], talk.message.intent
    waits = intent in _NOTHING_ASKED | (_MAY_ANSWER if first else frozenset())
    free = first or talk.state.form is None
    return form if free and not talk.message.second and (waits or intent == form) else None


def announce(talk: Talk, form: str) -> None:
    """Say what the agent still asks for, and turn to it."""
    mark_told(talk)
    matter = _MATTERS[form][0 if talk.message.language == "pl" else 1]
    talk.say("utter_escalation_instructed", matter=matter)
    said = "" if talk.message.intent in _NOTHING_ASKED else talk.message.text
    talk.turn_to(form, said)


def _name(case: Mapping[str, Any]) -> str:
    """The same case may be given back more than once."""
    return "|".join(str(case.get(key) or "") for key in ("number", "state", "instruction"))
