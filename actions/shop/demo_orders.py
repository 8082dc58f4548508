"""The demo's orders: a fixed few to try things with, and many more in every state."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from actions.shop.demo import PRODUCTS
from actions.shop.port import Order, OrderLine, OrderState
from frontline.clock import LOCAL_ZONE

DEMO_POSTAL_CODE = "00-950"
DEMO_EMAIL = "anna.demo@example.com"
SPECIAL: dict[str, OrderState] = {
    "ZA-2026-104704": OrderState.PAID,
    "ZA-2026-104705": OrderState.PLACED,
    "ZA-2026-104732": OrderState.SHIPPED,
    "ZA-2026-104762": OrderState.DELIVERED,
    "ZA-2026-104763": OrderState.DELIVERED,
    "ZA-2026-104764": OrderState.DELIVERED,
}
"""Orders to which something special happened: the demo had none of them at first."""
FRIENDLY: dict[str, OrderState] = {
    "ZA-2026-104701": OrderState.PLACED,
    "ZA-2026-104702": OrderState.PAID,
    "ZA-2026-104703": OrderState.PACKED,
    "ZA-2026-104731": OrderState.SHIPPED,
    "ZA-2026-104741": OrderState.OUT_FOR_DELIVERY,
    "ZA-2026-104751": OrderState.IN_PICKUP_POINT,
    "ZA-2026-104761": OrderState.DELIVERED,
    "ZA-2026-104771": OrderState.CANCELLED,
    "ZA-2026-104781": OrderState.RETURN_IN_TRANSIT,
    "ZA-2026-104782": OrderState.RETURNED,
    "ZA-2026-104783": OrderState.REFUNDED,
    **SPECIAL,
}
"""Orders to try things with: one per state, then those to which something special happened.

All have `DEMO_POSTAL_CODE` and `DEMO_EMAIL`. New ones go to the end: the dice fall in this order.

ZA-2026-104731 was shipped yesterday by Kurier Demo with the tracking number DEMO00104731PL and
is promised for tomorrow; ZA-2026-104751 waits in a pick-up point until the day after tomorrow.
ZA-2026-104701, ZA-2026-104702, ZA-2026-104704 and ZA-2026-104705 can be cancelled and changed,
no other can. Of the newer ones, ZA-2026-104704 was paid twice, the card of ZA-2026-104705 was
turned down, ZA-2026-104732 is late; ZA-2026-104762 was delivered 20 days ago, ZA-2026-104763 3 and
ZA-2026-104764 10 days ago. More about them is in `demo_after_sale`.
"""
ANCHOR = "ZA-2026-104731"
"""The order that tells for which day the demo was made: the one before its promised day."""

ANCHOR_AHEAD = timedelta(days=1)

OTHERS = 190
"""Further orders: ZA-2026-100001, ZA-2026-100002 …; no two have the same postcode and e-mail."""
ON_THE_WAY = (OrderState.SHIPPED, OrderState.OUT_FOR_DELIVERY, OrderState.IN_PICKUP_POINT)
CARRIERS = ("Kurier Demo", "Paczka Demo")
CITIES = ("Warszawa", "Kraków", "Łódź", "Wrocław", "Poznań", "Gdańsk", "Szczecin", "Lublin")
PREFIXES = ("00", "30", "90", "50", "60", "80", "70", "20")
GIVEN_NAMES = ("adam", "beata", "celina", "daniel", "ewa", "filip", "grazyna", "hubert", "iga")


@dataclass(frozen=True, slots=True)
class Timeline:
    """Days before today at which things happened; None = not yet, negative = still to come."""

    placed: int
    paid: int | None = None
    shipped: int | None = None
    promised: int | None = None
    delivered: int | None = None
    closed: int | None = None
    pickup_until: int | None = None


TIMELINES: dict[OrderState, Timeline] = {
    OrderState.PLACED: Timeline(1, promised=-4),
    OrderState.PAID: Timeline(1, paid=1, promised=-3),
    OrderState.PACKED: Timeline(2, paid=2, promised=-2),
    OrderState.SHIPPED: Timeline(3, paid=3, shipped=1, promised=-1),
    OrderState.OUT_FOR_DELIVERY: Timeline(3, paid=3, shipped=1, promised=0),
    OrderState.IN_PICKUP_POINT: Timeline(4, paid=4, shipped=3, promised=1, pickup_until=-2),
    OrderState.DELIVERED: Timeline(6, paid=6, shipped=4, promised=2, delivered=2),
    OrderState.CANCELLED: Timeline(5, closed=4),
    OrderState.RETURN_IN_TRANSIT: Timeline(12, paid=12, shipped=10, promised=8, delivered=8),
    OrderState.RETURNED: Timeline(16, paid=16, shipped=14, promised=12, delivered=12, closed=3),
    OrderState.REFUNDED: Timeline(20, paid=20, shipped=18, promised=16, delivered=16, closed=2),
}
"""Nothing happens today, so that no moment lies ahead, however early the demo is made."""

OWN_TIMELINES: dict[str, Timeline] = {
    "ZA-2026-104732": Timeline(6, paid=6, shipped=4, promised=2),
    "ZA-2026-104762": Timeline(24, paid=24, shipped=22, promised=20, delivered=20),
    "ZA-2026-104763": Timeline(7, paid=7, shipped=5, promised=3, delivered=3),
    "ZA-2026-104764": Timeline(14, paid=14, shipped=12, promised=10, delivered=10),
    "ZA-2026-104771": Timeline(5, paid=5, closed=4),
}
"""Friendly orders that differ from others of their state."""
OWN_PAYMENTS = {"ZA-2026-104705": "card"}


def demo_numbers() -> list[str]:
    """Numbers of all the demo's orders."""
    return [*(f"ZA-2026-{100000 + n}" for n in range(1, OTHERS + 1)), *FRIENDLY]


def demo_orders(today: date) -> Sequence[Order]:
    """All orders as of a local day; the same day gives the same orders."""
    dice = random.Random(104731)  # noqa: S311 - made-up data, the same every time
    states = list(OrderState)
    orders = [
        _order(f"ZA-2026-{100000 + n}", states[n % len(states)], today, dice)
        for n in range(1, OTHERS + 1)
    ]
    for number, state in FRIENDLY.items():
        order = _order(number, state, today, dice)
        carrier = order.carrier and CARRIERS[0]
        orders.append(
            replace(order, postal_code=DEMO_POSTAL_CODE, email=DEMO_EMAIL, carrier=carrier)
        )
    return orders


def _order(number: str, state: OrderState, today: date, dice: random.Random) -> Order:
    timeline = OWN_TIMELINES.get(number, TIMELINES[state])
    digits = number[-6:]
    city = dice.randrange(len(CITIES))
    lines = _lines(dice)
    in_pickup_point = state is OrderState.IN_PICKUP_POINT
    method = "pickup_point" if in_pickup_point else "courier"
    if timeline.shipped is None:
        method = dice.choice(("courier", "pickup_point", "store"))
    hour = dice.randrange(8, 16)
    payment = OWN_PAYMENTS.get(number) or _payment(state, dice)

    def moment(days_ago: int | None, later_h: int) -> datetime | None:
        return None if days_ago is None else at(today, days_ago, hour + later_h)

    return Order(
        number=number,
        state=state,
        placed_at=at(today, timeline.placed, hour),
        lines=lines,
        total_grosze=sum(line.quantity * line.unit_price_grosze for line in lines),
        delivery_method=method,
        payment_method=payment,
        postal_code=f"{PREFIXES[city]}-{dice.randrange(100, 900)}",
        email=f"{dice.choice(GIVEN_NAMES)}.{digits}@example.com",
        paid_at=None if payment == "cash_on_delivery" else moment(timeline.paid, 1),
        shipped_at=moment(timeline.shipped, 4),
        promised_on=_day(today, timeline.promised),
        delivered_at=moment(timeline.delivered, 2),
        closed_at=moment(timeline.closed, 3),
        carrier=None if timeline.shipped is None else dice.choice(CARRIERS),
        tracking_number=None if timeline.shipped is None else f"DEMO00{digits}PL",
        pickup_point=f"Punkt Demo, ul. Testowa {1 + city}, {CITIES[city]}"
        if method == "pickup_point"
        else None,
        pickup_until=_day(today, timeline.pickup_until),
    )


def _payment(state: OrderState, dice: random.Random) -> str:
    if state in (OrderState.PLACED, OrderState.CANCELLED):
        return "transfer"  # the money has not come
    methods = ["card", "blik", "transfer"]
    if state in ON_THE_WAY:
        methods.append("cash_on_delivery")
    return dice.choice(methods)


def _lines(dice: random.Random) -> list[OrderLine]:
    chosen = dice.sample(PRODUCTS, dice.choice((1, 1, 2, 3)))
    return [
        OrderLine(code, name, dice.choice((1, 1, 1, 2)), price)
        for code, name, _, price, *_ in chosen
    ]


def _day(today: date, days_ago: int | None) -> date | None:
    return None if days_ago is None else today - timedelta(days=days_ago)


def at(today: date, days_ago: int, hour: int) -> datetime:
    """A moment by the local wall clock, in UTC."""
    day = today - timedelta(days=days_ago)
    return datetime.combine(day, time(hour, 17), LOCAL_ZONE).astimezone(UTC)
