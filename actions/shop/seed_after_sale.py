"""Puts into a database what happened after the sale in the demo, and what the demo offers."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.shop import demo, tables
from actions.shop.demo_after_sale import demo_codes, demo_complaints, demo_payments, demo_returns
from actions.shop.demo_orders import SPECIAL, demo_orders
from actions.shop.port import Order

PAID_AND_CANCELLED = "ZA-2026-104771"


async def add_orders(connection: AsyncConnection, orders: Sequence[Order]) -> None:
    """Add orders with their lines."""
    rows = [asdict(order) for order in orders]
    lines = [
        {**line, "order_number": row["number"], "position": position}
        for row in rows
        for position, line in enumerate(row.pop("lines"), start=1)
    ]
    for row in rows:
        row["digits"] = row["number"][-6:]
    await connection.execute(insert(tables.orders), rows)
    await connection.execute(insert(tables.order_lines), lines)


async def add_after_sale(connection: AsyncConnection, orders: Sequence[Order], today: date) -> None:
    """Add what happened to orders that are there, in the order of the numbers it gets."""
    for table, rows in (
        (tables.payments, demo_payments(orders)),
        (tables.returns, demo_returns(orders, today)),
        (tables.complaints, demo_complaints(orders, today)),
    ):
        values = [asdict(row) for row in rows]
        for value in values:
            value.pop("number", None)
        if values:
            await connection.execute(insert(table), values)


async def add_offers(connection: AsyncConnection, today: date) -> None:
    """Add ways to deliver and to pay, and the discount codes that are not there."""
    await connection.execute(insert(tables.offers), _offers())
    known = set(await connection.scalars(select(tables.promo_codes.c.code)))
    codes = [asdict(code) for code in demo_codes(today) if code.code not in known]
    if codes:
        await connection.execute(insert(tables.promo_codes), codes)


async def add_what_is_missing(connection: AsyncConnection, today: date) -> int:
    """Bring a demo of an earlier version up to date; returns how many orders it gained.

    A demo that offers any way to deliver or to pay is up to date. Orders that somebody removed
    or put in the demo's place are left alone.
    """
    if await connection.scalar(select(func.count()).select_from(tables.offers)):
        return 0
    orders = demo_orders(today)
    known = await _emails(connection)
    new = [order for order in orders if order.number in SPECIAL and order.number not in known]
    if new:
        await add_orders(connection, new)
        known = await _emails(connection)
    ours = [order for order in orders if known.get(order.number) == order.email]
    await add_after_sale(connection, ours, today)
    await add_offers(connection, today)
    await _add_guarantees(connection)
    paid = next((order.paid_at for order in ours if order.number == PAID_AND_CANCELLED), None)
    column = tables.orders.c
    await connection.execute(
        update(tables.orders)
        .where(column.number == PAID_AND_CANCELLED, column.paid_at.is_(None))
        .values(paid_at=paid)
    )
    return len(new)


async def _emails(connection: AsyncConnection) -> dict[str, str]:
    """Whose the orders are, by their numbers."""
    rows = await connection.execute(select(tables.orders.c.number, tables.orders.c.email))
    return {row.number: row.email for row in rows}


async def _add_guarantees(connection: AsyncConnection) -> None:
    column = tables.products.c
    for code, name, *_ in demo.PRODUCTS:
        await connection.execute(
            update(tables.products)
            .where(column.code == code, column.name_pl == name)
            .values(warranty_months=demo.warranty_months(code))
        )


def _offers() -> list[dict[str, Any]]:
    kinds = {"delivery": demo.DELIVERY_METHODS, "payment": demo.PAYMENT_METHODS}
    return [
        {"kind": kind, "position": position, **asdict(offer)}
        for kind, offers in kinds.items()
        for position, offer in enumerate(offers, start=1)
    ]
