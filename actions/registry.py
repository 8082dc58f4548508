"""Which function answers which intent."""

from actions import company, dialogue, escalate, orders, products
from actions.forms import Handler

HANDLERS: dict[str, Handler] = {
    "order_status": orders.order_status,
    "order_change": orders.order_change,
    "order_cancel": orders.order_cancel,
    "order_place": orders.order_place,
    "product_info": products.product_info,
    "opening_hours": company.opening_hours,
    "store_contact": company.store_contact,
    "human_agent": escalate.human_agent,
    "angry": escalate.angry,
    "legal_threat": escalate.legal_threat,
    "vulnerable": escalate.vulnerable,
    "greet": dialogue.greet,
    "goodbye": dialogue.goodbye,
    "thank": dialogue.thank,
    "affirm": dialogue.affirm,
    "deny": dialogue.deny,
    "inform": dialogue.inform,
    "help": dialogue.assist,
    "bot_challenge": dialogue.bot_challenge,
    "repeat": dialogue.repeat,
    "stop": dialogue.stop,
    "change_language": dialogue.change_language,
    "out_of_scope": dialogue.out_of_scope,
    "nlu_fallback": dialogue.nlu_fallback,
}
"""The rest is answered by `OFFER_PERSON`."""

OFFER_PERSON: Handler = escalate.offer_person

SETTLE: dict[str, Handler] = {
    "order_cancel": orders.cancel_confirmed,
    "order_change": orders.change_confirmed,
}
"""What a yes to a form's confirmation does."""

PERSON_INTENTS = (
    "delivery_info",
    "delivery_problem",
    "payment_info",
    "payment_problem",
    "invoice_request",
    "return_start",
    "refund_status",
    "complaint_start",
    "complaint_status",
    "warranty_info",
    "account_access",
    "privacy_request",
    "promo_code",
    "technical_problem",
    "callback_request",
)
"""Intents that a person handles for now."""

SECOND = frozenset(PERSON_INTENTS) | {
    "order_status",
    "order_change",
    "order_cancel",
    "order_place",
    "product_info",
    "opening_hours",
    "store_contact",
    "human_agent",
    "angry",
    "legal_threat",
    "vulnerable",
    "bot_challenge",
    "help",
}
"""Intents that count as a question when they come second in a message."""


def action_names() -> list[str]:
    """The actions of the domain: one per intent, and the offer of a person."""
    return [f"action_{intent}" for intent in HANDLERS] + ["action_offer_person"]
