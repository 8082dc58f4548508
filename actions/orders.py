"""Orders: where one is, cancelling it, changing it, placing one."""

from datetime import timedelta

from actions import forms, phrases
from actions.order_state import tell_state
from actions.shop.port import CannotChangeError, Order, OrderState
from actions.talk import Talk
from frontline.clock import local

WITHDRAWAL = timedelta(days=14)
"""Time to withdraw from a distance contract (ustawa o prawach konsumenta, art. 27)."""
_CHANGEABLE = (OrderState.PLACED, OrderState.PAID)
_GONE = (
    OrderState.RETURN_IN_TRANSIT,
    OrderState.RETURNED,
    OrderState.REFUNDED,
    OrderState.CANCELLED,
)


async def order_status(talk: Talk) -> None:
    """Say where the order is."""
    if (order := await forms.verified_order(talk, "order_status")) is None:
        return
    talk.state.note("order_status")
    talk.state.finish_form()
    tell_state(talk, order)


async def order_cancel(talk: Talk) -> None:
    """Cancel an order after a yes."""
    if (order := await forms.verified_order(talk, "order_cancel")) is None:
        return
    if order.state not in _CHANGEABLE:
        _too_late(talk, order, "order_cancel")
        return
    talk.ask(
        "confirm",
        "utter_orders_cancel_confirm",
        number=talk.words.order_number(order.number),
        goods=talk.words.goods(order),
        total=talk.words.money(order.total_grosze),
    )


async def cancel_confirmed(talk: Talk) -> None:
    """The customer said yes: cancel."""
    if (order := await forms.verified_order(talk, "order_cancel")) is None:
        return
    try:
        done = await talk.shop.cancel_order(order.number)
    except CannotChangeError:
        _too_late(talk, await talk.shop.find_order(order.number) or order, "order_cancel")
        return
    talk.state.note("order_cancel")
    talk.state.finish_form()
    response = "utter_orders_cancelled_paid" if done.paid_at else "utter_orders_cancelled"
    talk.say(
        response,
        number=talk.words.order_number(done.number),
        total=talk.words.money(done.total_grosze),
    )


async def order_change(talk: Talk) -> None:
    """Note a change for the warehouse: what it is, read back, a yes."""
    first = talk.state.form != "order_change"
    if first and phrases.holds_details(talk.message.text):
        forms.begin(talk, "order_change")
        talk.state.wish = phrases.one_line(talk.message.text, 500)
    if (order := await forms.verified_order(talk, "order_change")) is None:
        return
    if order.state not in _CHANGEABLE:
        _too_late(talk, order, "order_change")
        return
    number = talk.words.order_number(order.number)
    if not talk.state.wish:
        talk.ask("wish", "utter_orders_change_ask", number=number)
        return
    talk.ask("confirm", "utter_orders_change_confirm", number=number, wish=talk.state.wish)


async def change_confirmed(talk: Talk) -> None:
    """The customer said yes: note the change."""
    order, wish = await forms.verified_order(talk, "order_change"), talk.state.wish
    if order is None:
        return
    if not wish:
        await order_change(talk)
        return
    try:
        note = await talk.shop.request_change(order.number, wish)
    except CannotChangeError:
        _too_late(talk, await talk.shop.find_order(order.number) or order, "order_change")
        return
    talk.state.note("order_change")
    talk.state.finish_form()
    talk.say(
        "utter_orders_change_noted",
        number=talk.words.order_number(order.number),
        note=talk.words.code(note),
    )


async def order_place(talk: Talk) -> None:
    """Say how to order."""
    talk.say("utter_orders_how_to_place")


def _too_late(talk: Talk, order: Order, wanted: str) -> None:
    """Why it cannot be cancelled or changed any more, and what can be done instead."""
    talk.state.finish_form()
    number = talk.words.order_number(order.number)
    if order.state is OrderState.CANCELLED:
        talk.say("utter_orders_already_cancelled", number=number)
        return
    if order.state in _GONE:
        tell_state(talk, order)
        return
    talk.state.note(wanted, f"too late: {order.state.value}")
    if order.state is OrderState.DELIVERED and order.delivered_at:
        last = local(order.delivered_at).date() + WITHDRAWAL
        if last < talk.today():
            talk.offer_person("utter_orders_delivered_long_ago", "policy", wanted)
            return
        day = talk.words.day(last, talk.today())
        talk.say("utter_orders_delivered_return", number=number, day=day)
    elif wanted == "order_cancel":
        talk.say("utter_orders_too_late_to_cancel", number=number)
    else:
        talk.say("utter_orders_too_late_to_change", number=number)
    talk.state.offer = {"reason": "policy", "detail": f"{wanted}: {order.state.value}"}
