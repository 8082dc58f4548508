"""Which function answers which intent."""

from collections.abc import Callable

from actions import (
    account,
    callback,
    company,
    complaint_form,
    complaints,
    delivery,
    dialogue,
    escalate,
    invoices,
    orders,
    payment,
    privacy,
    products,
    promo,
    returns,
)
from actions.forms import Book, Field, Handler
from actions.talk import Talk

HANDLERS: dict[str, Handler] = {
    "order_status": orders.order_status,
    "order_change": orders.order_change,
    "order_cancel": orders.order_cancel,
    "order_place": orders.order_place,
    "product_info": products.product_info,
    "delivery_info": delivery.delivery_info,
    "delivery_problem": delivery.delivery_problem,
    "payment_info": payment.payment_info,
    "payment_problem": payment.payment_problem,
    "invoice_request": invoices.invoice_request,
    "return_start": returns.return_start,
    "refund_status": returns.refund_status,
    "complaint_start": complaints.complaint_start,
    "complaint_status": complaints.complaint_status,
    "warranty_info": complaints.warranty_info,
    "account_access": account.account_access,
    "privacy_request": privacy.privacy_request,
    "promo_code": promo.promo_code,
    "technical_problem": account.technical_problem,
    "opening_hours": company.opening_hours,
    "store_contact": company.store_contact,
    "human_agent": escalate.human_agent,
    "callback_request": callback.callback_request,
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
SETTLE: dict[str, Handler] = {
    "order_cancel": orders.cancel_confirmed,
    "order_change": orders.change_confirmed,
    "return_start": returns.return_confirmed,
    "invoice_request": invoices.invoice_confirmed,
    "complaint_start": complaints.complaint_confirmed,
    "callback_request": callback.callback_confirmed,
    "privacy_request": privacy.privacy_confirmed,
}
"""What a yes to a form's confirmation does."""

DECLINED: dict[str, str] = {
    "order_cancel": "utter_orders_nothing_changed",
    "order_change": "utter_orders_nothing_changed",
    "return_start": "utter_returns_not_started",
    "invoice_request": "utter_payment_invoice_dropped",
    "complaint_start": "utter_complaints_not_filed",
    "callback_request": "utter_escalation_callback_declined",
    "privacy_request": "utter_account_privacy_declined",
}
"""What is said to a no."""

FIELDS: dict[str, Field] = {
    invoices.KIND: Field(invoices.read_kind, "utter_payment_invoice_kind_unclear"),
    invoices.CORRECTION: Field(invoices.read_correction, "utter_payment_invoice_ask_correction"),
    invoices.WHOM: Field(invoices.read_whom, "utter_payment_invoice_whom_unclear"),
    "return_way": Field(returns.read_way, "utter_returns_way_unclear"),
    "fault": Field(complaints.read_fault, "utter_complaints_fault_unclear"),
    "complaint_order": Field(complaints.read_order, "utter_complaints_order_unclear"),
    complaint_form.SINCE: Field(complaint_form.read_since, "utter_complaints_since_unclear"),
    complaint_form.WISH: Field(complaint_form.read_wish, "utter_complaints_wish_unclear"),
    complaint_form.CONTACT: Field(complaint_form.read_contact, "utter_complaints_contact_unclear"),
    complaint_form.PHOTOS: Field(complaint_form.read_photos, "utter_complaints_photos_unclear"),
    callback.PHONE: Field(callback.read_phone, "utter_escalation_callback_phone_unclear"),
    callback.WHEN: Field(callback.read_when, "utter_escalation_callback_when_unclear"),
    privacy.RIGHT: Field(privacy.read_right, "utter_account_privacy_right_unclear"),
    privacy.CONTACT: Field(privacy.read_contact, "utter_account_privacy_contact_unclear"),
    privacy.CORRECTION: Field(privacy.read_correction, "utter_account_privacy_ask_correction"),
    promo.CODE: Field(promo.read_code, "utter_account_code_unclear"),
}
"""The topics' own questions."""

TAKES: dict[str, Callable[[Talk], bool]] = {
    "invoice_request": invoices.take,
    "complaint_start": complaints.take,
    "callback_request": callback.take,
    "privacy_request": privacy.take,
}
"""What a form takes from a message beside the answer to its question."""

BOOK = Book(HANDLERS, SETTLE, DECLINED, FIELDS, TAKES)

PERSON_INTENTS = frozenset({"angry", "legal_threat", "vulnerable"})
"""Intents whose answer is the offer of a person."""

SECOND = frozenset(HANDLERS) - {
    "greet",
    "goodbye",
    "thank",
    "affirm",
    "deny",
    "inform",
    "repeat",
    "stop",
    "change_language",
    "out_of_scope",
    "nlu_fallback",
}
"""Intents that count as a question when they come second in a message."""


def action_names() -> list[str]:
    """The actions of the domain: one per intent."""
    return [f"action_{intent}" for intent in HANDLERS]
