"""Fills an empty database with the made-up shop: `python -m actions.shop.seed [--refresh]`."""

import argparse
import asyncio
import sys
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    func,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.shop import demo, tables
from actions.shop.demo_orders import ANCHOR, ANCHOR_AHEAD, DEMO_EMAIL, demo_orders
from actions.shop.seed_after_sale import (
    add_after_sale,
    add_offers,
    add_orders,
    add_what_is_missing,
)
from actions.shop.seed_dates import dated, move
from frontline.clock import Clock, SystemClock, local
from frontline.database import Database
from frontline.errors import FrontlineError, SettingsError
from frontline.settings import load_settings

FILLED = (tables.orders, tables.products, tables.opening_hours, tables.contact, tables.offers)
"""A database with a row in one of these has a shop."""


async def seed(database: Database, clock: Clock) -> int:
    """Put the demo into a database without a shop; returns how many orders were made.

    A database that has products, orders, hours or offers, whoever made them, is left as it is.

    Raises:
        SettingsError: the tables are missing.
    """
    today = local(clock.now()).date()
    async with database.write() as connection:
        await _need_tables(connection)
        for table in FILLED:
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
        await add_orders(connection, orders)
        await add_after_sale(connection, orders, today)
        await add_offers(connection, today)
    return len(orders)


async def refresh(database: Database, clock: Clock) -> int:
    """Move the demo's dates to today; returns by how many days.

    States stay: an order that a customer cancelled remains cancelled. Orders of a real shop
    are never touched; without the demo's anchor order nothing is.
    """
    now = clock.now()
    today = local(now).date()
    async with database.write() as connection:
        await _need_tables(connection)
        made_for = await _day_of_demo(connection)
        days = (today - made_for).days if made_for else 0
        if days:
            for what in dated():
                await move(connection, what, days, now)
            place, ahead, reason, _ = demo.STOCKTAKING
            await connection.execute(
                update(tables.closures)
                .where(tables.closures.c.place == place, tables.closures.c.reason_pl == reason)
                .values(day=today + timedelta(days=ahead))
            )
    return days


async def catch_up(database: Database, clock: Clock) -> int:
    """Add to a demo of an earlier version what it lacks; returns how many orders it gained.

    To be called when the demo's dates are today's. A real shop is never touched.
    """
    async with database.write() as connection:
        await _need_tables(connection)
        if await _day_of_demo(connection) is None:
            return 0
        return await add_what_is_missing(connection, local(clock.now()).date())


async def _day_of_demo(connection: AsyncConnection) -> date | None:
    """The day for which the demo was made or moved last; None = this is not the demo."""
    promised: date | None = await connection.scalar(
        select(tables.orders.c.promised_on)
        .where(tables.orders.c.number == ANCHOR)
        .where(tables.orders.c.email == DEMO_EMAIL)
        .with_for_update()
    )
    return promised - ANCHOR_AHEAD if promised else None


def _products(today: date) -> list[dict[str, Any]]:
    names = ["code", "name_pl", "name_en", "price_grosze", "stock"]
    names += ["description_pl", "description_en"]
    return [
        dict(zip(names, product, strict=True))
        | {
            "restock_on": _days_ahead(today, demo.RESTOCK_DAYS.get(product[0])),
            "warranty_months": demo.warranty_months(product[0]),
        }
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


async def run(*, dates: bool) -> str:
    """Seed, and refresh when told to, the configured database; returns what was done."""
    settings = load_settings()
    if settings.shop != "sql":
        return "The shop is not kept in this database; nothing to seed."
    database, clock = Database(settings.resolved_database_url), SystemClock()
    try:
        if made := await seed(database, clock):
            return f"Made the demo shop with {made} orders."
        done = []
        if dates and (days := await refresh(database, clock)):
            done.append(f"Moved the demo's dates by {days} days.")
        if dates and (gained := await catch_up(database, clock)):
            done.append(f"Added {gained} orders that the demo has gained.")
    finally:
        await database.close()
    return " ".join(done) or "There is a shop already; nothing to do."


def main() -> int:
    """The command; 0 = done, 1 = the message on standard error says what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m actions.shop.seed", description=__doc__)
    parser.add_argument("--refresh", action="store_true", help="move the demo's dates to today")
    arguments = parser.parse_args()
    try:
        sys.stdout.write(asyncio.run(run(dates=arguments.refresh)) + "\n")
    except FrontlineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
