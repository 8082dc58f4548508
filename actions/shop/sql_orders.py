"""An order read from the embedded shop's tables."""

from dataclasses import fields

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.shop import checks, tables
from actions.shop.port import Order, OrderLine, OrderState, UnknownOrderError


async def load_order(
    connection: AsyncConnection, number: str, *, lock: bool = False
) -> Order | None:
    """The order with its lines, or None.

    Args:
        connection: in a transaction.
        number: as for `Shop.find_order`.
        lock: keep others from changing it until the transaction ends.
    """
    tidy = checks.order_number(number)
    if tidy is None:
        return None
    query = select(tables.orders).where(_same_order(tidy))
    query = query.order_by(tables.orders.c.placed_at.desc()).limit(1)
    row = (await connection.execute(query.with_for_update() if lock else query)).first()
    if row is None:
        return None
    values = dict(row._mapping)
    del values["digits"]
    values["state"] = OrderState(row.state)
    wanted = [getattr(tables.order_lines.c, field.name) for field in fields(OrderLine)]
    lines = await connection.execute(
        select(*wanted)
        .where(tables.order_lines.c.order_number == row.number)
        .order_by(tables.order_lines.c.position)
    )
    return Order(**values, lines=[OrderLine(**line._mapping) for line in lines])


async def lock_order(connection: AsyncConnection, number: str) -> Order:
    """The order, which nobody else can change until the transaction ends.

    Raises:
        UnknownOrderError: no such order.
    """
    order = await load_order(connection, number, lock=True)
    if order is None:
        raise UnknownOrderError(number)
    return order


async def order_number(connection: AsyncConnection, number: str) -> str | None:
    """The whole number of an order, or None; of two with the same six digits, the newer one."""
    tidy = checks.order_number(number)
    if tidy is None:
        return None
    found: str | None = await connection.scalar(
        select(tables.orders.c.number)
        .where(_same_order(tidy))
        .order_by(tables.orders.c.placed_at.desc())
        .limit(1)
    )
    return found


def _same_order(number: str) -> ColumnElement[bool]:
    if len(number) == 6:
        return tables.orders.c.digits == number
    return tables.orders.c.number == number
