"""Moves the demo's dates to today, table by table."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Table, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.shop import demo, tables
from actions.shop.demo_orders import demo_numbers


@dataclass(frozen=True, slots=True)
class Dated:
    """Columns with dates in the rows of a table that are the demo's."""

    table: Table
    key: Column[Any]
    """Tells by its value which rows are the demo's."""
    values: Collection[str]
    moments: tuple[str, ...] = ()
    days: tuple[str, ...] = ()


def dated() -> list[Dated]:
    """All that moves with the days; what customers did to the demo's orders moves with them."""
    numbers = demo_numbers()
    payments, returns, complaints = tables.payments, tables.returns, tables.complaints
    codes = [code.code for code in demo.PROMO_CODES]
    order_moments = ("placed_at", "paid_at", "shipped_at", "delivered_at", "closed_at")
    order_days = ("promised_on", "pickup_until")
    return_moments = ("announced_at", "received_at", "refunded_at")
    return [
        Dated(tables.orders, tables.orders.c.number, numbers, order_moments, order_days),
        Dated(tables.products, tables.products.c.code, demo.RESTOCK_DAYS, days=("restock_on",)),
        Dated(payments, payments.c.order_number, numbers, ("at",)),
        Dated(returns, returns.c.order_number, numbers, return_moments, ("refund_due",)),
        Dated(complaints, complaints.c.order_number, numbers, ("filed_at",), ("answer_due",)),
        Dated(
            tables.promo_codes,
            tables.promo_codes.c.code,
            codes,
            days=("valid_from", "valid_until"),
        ),
    ]


async def move(connection: AsyncConnection, what: Dated, days: int, now: datetime) -> None:
    """Add days to the dates, but no moment moves into the future.

    An order cancelled yesterday evening must not be cancelled this evening.
    """
    (key,) = what.table.primary_key.columns
    names = (*what.moments, *what.days)
    rows = await connection.execute(
        select(key, *(what.table.c[name] for name in names)).where(what.key.in_(what.values))
    )
    moved = [
        {"row_key": row[0]}
        | {
            f"new_{name}": value + timedelta(days=days) if value else None
            for name, value in zip(names, row[1:], strict=True)
        }
        for row in rows
    ]
    for row in moved:
        for name in what.moments:
            moment = row[f"new_{name}"]
            row[f"new_{name}"] = moment and min(moment, now)
    if moved:
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        await connection.execute(
            update(what.table).where(key == bindparam("row_key")).values(values), moved
        )
