"""What happened to the demo's orders after the sale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from actions.shop.demo import CONTACT, PROMO_CODES
from actions.shop.demo_orders import FRIENDLY, at
from actions.shop.port import (
    Complaint,
    ComplaintState,
    Order,
    OrderState,
    Payment,
    PaymentState,
    PromoCode,
    Return,
    ReturnState,
)
from actions.shop.terms import ANSWER, refund_due
from frontline.clock import local

PAID_TWICE = "ZA-2026-104704"
TURNED_DOWN = "ZA-2026-104705"
HOUR = 9
"""By the local clock: of what no order tells the moment."""

RETURN_STATES = {
    OrderState.RETURN_IN_TRANSIT: ReturnState.ANNOUNCED,
    OrderState.RETURNED: ReturnState.RECEIVED,
    OrderState.REFUNDED: ReturnState.REFUNDED,
}
ANNOUNCED_DAYS = {ReturnState.ANNOUNCED: 4, ReturnState.RECEIVED: 5, ReturnState.REFUNDED: 10}
"""Days before today; of the received ones, the money is due in nine days."""
REFUNDED_RECEIVED_DAYS = 5


@dataclass(frozen=True, slots=True)
class DemoComplaint:
    """A complaint about the first product of an order."""

    order_number: str
    state: ComplaintState
    filed: int
    """Days before today."""
    outcome_pl: str | None = None
    outcome_en: str | None = None


COMPLAINTS = (
    DemoComplaint("ZA-2026-104763", ComplaintState.IN_REVIEW, 2),
    DemoComplaint(
        "ZA-2026-104764",
        ComplaintState.ACCEPTED,
        8,
        "Wymienimy produkt na nowy i wyślemy go w ciągu trzech dni roboczych.",
        "We will replace the product and send the new one within three working days.",
    ),
    DemoComplaint(
        "ZA-2026-104762",
        ComplaintState.REFUSED,
        16,
        "Uszkodzenie powstało mechanicznie, dlatego reklamacja nie została uznana.",
        "The damage is mechanical, so the complaint was not accepted.",
    ),
)


def demo_payments(orders: Sequence[Order]) -> Sequence[Payment]:
    """Attempts to pay for the demo's orders, in order of time for each."""
    return [payment for order in orders for payment in _payments(order)]


def _payments(order: Order) -> list[Payment]:
    def paid(state: PaymentState) -> Payment:
        moment = order.paid_at or order.placed_at
        if state is PaymentState.RETURNED:
            moment = order.closed_at or moment
        return Payment(order.number, order.payment_method, order.total_grosze, state, moment)

    if order.number == TURNED_DOWN:
        return [paid(PaymentState.FAILED)]
    if order.paid_at is None:
        waiting = order.state is OrderState.PLACED
        return [paid(PaymentState.PENDING)] if waiting else []
    booked = paid(PaymentState.BOOKED)
    if order.number == PAID_TWICE:
        return [booked, booked]
    if order.state in (OrderState.CANCELLED, OrderState.REFUNDED):
        return [booked, paid(PaymentState.RETURNED)]
    return [booked]


def demo_returns(orders: Sequence[Order], today: date) -> Sequence[Return]:
    """A return for each order that came back, those of the friendly ones first."""
    back = [order for order in orders if order.state in RETURN_STATES]
    back.sort(key=lambda order: order.number not in FRIENDLY)
    return [_return(f"ZW-{n:06d}", order, today) for n, order in enumerate(back, start=1)]


def _return(number: str, order: Order, today: date) -> Return:
    state = RETURN_STATES[order.state]
    announced = at(today, ANNOUNCED_DAYS[state], HOUR)
    refunded = state is ReturnState.REFUNDED
    return Return(
        number=number,
        order_number=order.number,
        state=state,
        announced_at=announced,
        refund_grosze=order.total_grosze,
        refund_due=refund_due(local(announced).date()),
        address=CONTACT.label,
        received_at=at(today, REFUNDED_RECEIVED_DAYS, HOUR) if refunded else order.closed_at,
        refunded_at=order.closed_at if refunded else None,
    )


def demo_complaints(orders: Sequence[Order], today: date) -> Sequence[Complaint]:
    """The complaints about friendly orders."""
    products = {order.number: order.lines[0].name for order in orders}
    return [
        Complaint(
            number=f"RK-{n:06d}",
            order_number=given.order_number,
            product=products[given.order_number],
            state=given.state,
            filed_at=at(today, given.filed, HOUR),
            answer_due=today - timedelta(days=given.filed) + ANSWER,
            outcome_pl=given.outcome_pl,
            outcome_en=given.outcome_en,
        )
        for n, given in enumerate(COMPLAINTS, start=1)
        if given.order_number in products
    ]


def demo_codes(today: date) -> Sequence[PromoCode]:
    """Discount codes of every kind."""
    return [
        PromoCode(
            code=given.code,
            terms_pl=given.terms_pl,
            terms_en=given.terms_en,
            valid_from=today + timedelta(days=given.first),
            valid_until=today + timedelta(days=given.last),
            min_total_grosze=given.min_total_grosze,
            used_up=given.used_up,
        )
        for given in PROMO_CODES
    ]
