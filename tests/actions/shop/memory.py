"""The demo shop in memory: what `actions.shop.seed` puts into a database."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from actions.shop import demo
from actions.shop.demo_after_sale import demo_codes, demo_complaints, demo_payments, demo_returns
from actions.shop.demo_orders import demo_orders
from actions.shop.hours import SpecialDay
from actions.shop.port import Product
from frontline.clock import Clock, local
from tests.actions.doubles import FakeShop


def demo_in_memory(clock: Clock) -> FakeShop:
    today = local(clock.now()).date()
    orders = demo_orders(today)
    shop = FakeShop(clock)
    shop.orders = {order.number: order for order in orders}
    for code, polish, english, price, stock, about_pl, about_en in demo.PRODUCTS:
        ahead = demo.RESTOCK_DAYS.get(code)
        back = today + timedelta(days=ahead) if ahead else None
        shop.products.append(
            Product(code, polish, english, about_pl, about_en, price, stock, back,
                    demo.warranty_months(code))
        )  # fmt: skip
    shop.week = {place: dict(week) for place, week in demo.HOURS.items()}
    place, ahead, polish, english = demo.STOCKTAKING
    shop.closures[place][today + timedelta(days=ahead)] = SpecialDay((), polish, english)
    shop.address = demo.CONTACT
    shop.deliveries = list(demo.DELIVERY_METHODS)
    shop.ways_to_pay = list(demo.PAYMENT_METHODS)
    shop.paid = by_order(demo_payments(orders))
    shop.returned = by_order(demo_returns(orders, today))
    shop.complained = by_order(demo_complaints(orders, today))
    shop.codes = list(demo_codes(today))
    return shop


def by_order(told: Any) -> dict[str, list[Any]]:
    found = defaultdict(list)
    for each in told:
        found[each.order_number].append(each)
    return dict(found)
