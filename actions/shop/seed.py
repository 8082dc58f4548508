"""Fills an empty database with the made-up shop: `python -m actions.shop.seed [--refresh]`."""

import argparse
import asyncio
import sys
from collections.abc import Collection
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Table,
    bindparam,
    func,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.shop import demo, tables
from actions.shop.demo_orders import ANCHOR, ANCHOR_AHEAD, DEMO_EMAIL, demo_numbers, demo_orders
from frontline.clock import Clock, SystemClock, local
from frontline.database import Database
from frontline.errors import FrontlineError, SettingsError
from frontline.settings import load_settings

MOMENTS = ("placed_at", "paid_at", "shipped_at", "delivered_at", "closed_at")
DAYS = ("promised_on", "pickup_until")


async def seed(database: Database, clock: Clock) -> int:
    """Put the demo into a database without a shop; returns how many orders were made.

    A database that has products, orders or hours, whoever made them, is left as it is.

    Raises:
        SettingsError: the tables are missing.
    """
    today = local(clock.now()).date()
    async with database.write() as connection:
        await _need_tables(connection)
        for table in (tables.orders, tables.products, tables.opening_hours, tables.contact):
            if await connection.scalar(select(func.count()).select_from(table)):
                return 0
        orders = demo_orders(today)
        await connection.execute(insert(tables.contact), [asdict(demo.CONTACT)])
        await connection.execute(insert(tables.products), _products(today))
        await connection.execute(insert(tables.opening_hours), _hours())
        place, days, polish, english = demo.STOCKTAKING
        await connection.execute(
            insert(tables.closures),
            [
                {
                    "place": place,
                    "day": today + timedelta(days=days),
                    "reason_pl": polish,
                    "reason_en": english,
                }
            ],
        )
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
    return len(orders)


async def refresh(database: Database, clock: Clock) -> int:
    """Move the demo's dates to today; returns by how many days.

    States stay: an order that a customer cancelled remains cancelled. Orders of a real shop
    are never touched; without the demo's anchor order nothing is.
    """
    today = local(clock.now()).date()
    async with database.write() as connection:
        await _need_tables(connection)
        promised: date | None = await connection.scalar(
            select(tables.orders.c.promised_on)
            .where(tables.orders.c.number == ANCHOR)
            .where(tables.orders.c.email == DEMO_EMAIL)
            .with_for_update()
        )
        days = (today - (promised - ANCHOR_AHEAD)).days if promised else 0
        if days:
            await _move(connection, tables.orders, demo_numbers(), (*MOMENTS, *DAYS), days)
            await _move(connection, tables.products, demo.RESTOCK_DAYS, ("restock_on",), days)
            place, ahead, reason, _ = demo.STOCKTAKING
            await connection.execute(
                update(tables.closures)
                .where(tables.closures.c.place == place, tables.closures.c.reason_pl == reason)
                .values(day=today + timedelta(days=ahead))
            )
            await _keep_out_of_the_future(connection, clock)
    return days


async def _move(
    connection: AsyncConnection,
    table: Table,
    keys: Collection[str],
    columns: Collection[str],
    days: int,
) -> None:
    """Add days to the date columns of the rows with these primary keys."""
    (key,) = table.primary_key.columns
    rows = await connection.execute(
        select(key, *(table.c[name] for name in columns)).where(key.in_(keys))
    )
    moved = [
        {"row_key": row[0]}
        | {
            f"new_{name}": value + timedelta(days=days) if value else None
            for name, value in zip(columns, row[1:], strict=True)
        }
        for row in rows
    ]
    if moved:
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns}
        await connection.execute(
            update(table).where(key == bindparam("row_key")).values(values), moved
        )


async def _keep_out_of_the_future(connection: AsyncConnection, clock: Clock) -> None:
    """An order cancelled yesterday evening must not be cancelled this evening."""
    now = clock.now()
    for name in MOMENTS:
        column = tables.orders.c[name]
        await connection.execute(
            update(tables.orders)
            .where(tables.orders.c.number.in_(demo_numbers()), column > now)
            .values({name: now})
        )


def _products(today: date) -> list[dict[str, Any]]:
    names = ["code", "name_pl", "name_en", "price_grosze", "stock"]
    names += ["description_pl", "description_en"]
    return [
        dict(zip(names, product, strict=True))
        | {"restock_on": _days_ahead(today, demo.RESTOCK_DAYS.get(product[0]))}
        for product in demo.PRODUCTS
    ]


def _days_ahead(today: date, days: int | None) -> date | None:
    return None if days is None else today + timedelta(days=days)


def _hours() -> list[dict[str, Any]]:
    return [
        {"place": place, "weekday": weekday, "opens": opens, "closes": closes}
        for place, week in demo.HOURS.items()
        for weekday, blocks in week.items()
        for opens, closes in blocks
    ]


async def _need_tables(connection: AsyncConnection) -> None:
    def exists(sync: Connection) -> bool:
        return inspect(sync).has_table(tables.orders.name)

    if not await connection.run_sync(exists):
        raise SettingsError("the database has no tables yet; run `alembic upgrade head` first")


async def run(*, move: bool) -> str:
    """Seed, and refresh when told to, the configured database; returns what was done."""
    settings = load_settings()
    if settings.shop != "sql":
        return "The shop is not kept in this database; nothing to seed."
    database, clock = Database(settings.resolved_database_url), SystemClock()
    try:
        if made := await seed(database, clock):
            return f"Made the demo shop with {made} orders."
        if move and (days := await refresh(database, clock)):
            return f"Moved the demo's dates by {days} days."
    finally:
        await database.close()
    return "There is a shop already; nothing to do."


def main() -> int:
    """The command; 0 = done, 1 = the message on standard error says what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m actions.shop.seed", description=__doc__)
    parser.add_argument("--refresh", action="store_true", help="move the demo's dates to today")
    arguments = parser.parse_args()
    try:
        sys.stdout.write(asyncio.run(run(move=arguments.refresh)) + "\n")
    except FrontlineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
