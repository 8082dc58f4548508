"""The state of an order, told truthfully: only what the shop knows."""

from collections.abc import Callable
from datetime import date, datetime

from actions.shop.port import Order, OrderState
from actions.talk import Talk
from frontline.clock import local


def tell_state(talk: Talk, order: Order) -> None:
    """Say where `order` stands and what comes next."""
    _TELL[order.state](talk, order)


def _say(talk: Talk, response: str, order: Order, **values: str) -> None:
    talk.say(response, number=talk.words.order_number(order.number), **values)


def _day(talk: Talk, moment: datetime | date) -> str:
    day = local(moment).date() if isinstance(moment, datetime) else moment
    return talk.words.day(day, talk.today())


def _placed(talk: Talk, order: Order) -> None:
    day, total = _day(talk, order.placed_at), talk.words.money(order.total_grosze)
    if order.payment_method == "cash_on_delivery":
        _say(talk, "utter_orders_status_placed_cod", order, day=day, total=total)
    else:
        _say(talk, "utter_orders_status_placed", order, day=day, total=total)


def _paid(talk: Talk, order: Order) -> None:
    _say(talk, "utter_orders_status_paid", order)
    _promise(talk, order)


def _packed(talk: Talk, order: Order) -> None:
    _say(talk, "utter_orders_status_packed", order)
    _promise(talk, order)


def _shipped(talk: Talk, order: Order) -> None:
    day = _day(talk, order.shipped_at or order.placed_at)
    carrier = talk.words.carrier(order)
    if order.shipped_at is None:
        _say(talk, "utter_orders_status_on_its_way", order, carrier=carrier)
    else:
        _say(talk, "utter_orders_status_shipped", order, day=day, carrier=carrier)
    _tracking(talk, order)
    _promise(talk, order)


def _out_for_delivery(talk: Talk, order: Order) -> None:
    carrier = talk.words.carrier(order)
    _say(talk, "utter_orders_status_out_for_delivery", order, carrier=carrier)
    _tracking(talk, order)


def _in_pickup_point(talk: Talk, order: Order) -> None:
    point, until = order.pickup_point, order.pickup_until
    if point is None:
        _say(talk, "utter_orders_status_ready_for_pickup", order)
    else:
        _say(talk, "utter_orders_status_in_pickup_point", order, point=point)
    if until is None:
        return
    if until < talk.today():
        talk.offer_person("utter_orders_pickup_overdue", "policy", "pick-up deadline passed")
    else:
        talk.say("utter_orders_pickup_until", day=_day(talk, until))


def _delivered(talk: Talk, order: Order) -> None:
    if order.delivered_at is None:
        _say(talk, "utter_orders_status_delivered_some_day", order)
    else:
        _say(talk, "utter_orders_status_delivered", order, day=_day(talk, order.delivered_at))


def _closed(response: str) -> Callable[[Talk, Order], None]:
    def tell(talk: Talk, order: Order) -> None:
        total = talk.words.money(order.total_grosze)
        if order.closed_at is None:
            _say(talk, f"{response}_some_day", order, total=total)
        else:
            _say(talk, response, order, day=_day(talk, order.closed_at), total=total)

    return tell


def _return_in_transit(talk: Talk, order: Order) -> None:
    _say(talk, "utter_orders_status_return_in_transit", order)


def _tracking(talk: Talk, order: Order) -> None:
    if order.tracking_number:
        talk.say("utter_orders_tracking", tracking=talk.words.code(order.tracking_number))


def _promise(talk: Talk, order: Order) -> None:
    """The expected day; when it has passed, an apology and a person."""
    if order.promised_on is None:
        return
    day = _day(talk, order.promised_on)
    if order.promised_on >= talk.today():
        talk.say("utter_orders_promised", day=day)
        return
    talk.offer_person("utter_orders_late", "policy", "promised day passed", day=day)


_TELL: dict[OrderState, Callable[[Talk, Order], None]] = {
    OrderState.PLACED: _placed,
    OrderState.PAID: _paid,
    OrderState.PACKED: _packed,
    OrderState.SHIPPED: _shipped,
    OrderState.OUT_FOR_DELIVERY: _out_for_delivery,
    OrderState.IN_PICKUP_POINT: _in_pickup_point,
    OrderState.DELIVERED: _delivered,
    OrderState.CANCELLED: _closed("utter_orders_status_cancelled"),
    OrderState.RETURN_IN_TRANSIT: _return_in_transit,
    OrderState.RETURNED: _closed("utter_orders_status_returned"),
    OrderState.REFUNDED: _closed("utter_orders_status_refunded"),
}
