"""The embedded shop: orders, products and hours in our own SQL database."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.shop import checks, hours, tables
from actions.shop.port import (
    CannotChangeError,
    Contact,
    DayHours,
    Order,
    OrderState,
    Product,
    UnknownOrderError,
)
from actions.shop.sql_after_sale import SqlAfterSale, load_contact
from actions.shop.sql_orders import load_order, lock_order
from actions.shop.words import WordIndex
from frontline.clock import Clock
from frontline.database import Database

CHANGEABLE = (OrderState.PLACED, OrderState.PAID)
"""Before the warehouse has packed it."""
CATALOGUE_LIFE = timedelta(seconds=60)
"""How long a product added to the table may stay unfound; prices and stock are always fresh."""


class SqlShop(SqlAfterSale):
    """A `Shop` on the tables of `actions.shop.tables`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Args: database: shared; whoever made it closes it."""
        super().__init__(database, clock)
        self._index: WordIndex | None = None
        self._indexed_at = clock.now()

    async def find_order(self, number: str) -> Order | None:
        """See `Shop`. Of two years' orders with the same six digits, the newer one."""
        async with self._database.read() as connection:
            return await load_order(connection, number)

    async def cancel_order(self, number: str) -> Order:
        """See `Shop`. One conditional UPDATE, so it cannot race with the warehouse packing."""
        async with self._database.write() as connection:
            order = await load_order(connection, number)
            if order is None:
                raise UnknownOrderError(number)
            await connection.execute(
                update(tables.orders)
                .where(tables.orders.c.number == order.number)
                .where(tables.orders.c.state.in_(CHANGEABLE))
                .values(state=OrderState.CANCELLED, closed_at=self._clock.now())
            )
            order = await load_order(connection, order.number)
        if order is None or order.state is not OrderState.CANCELLED:
            raise CannotChangeError(f"the order is {order.state if order else 'gone'}")
        return order

    async def request_change(self, number: str, wish: str) -> str:
        """See `Shop`. The order's row is locked, so that it is not packed meanwhile."""
        wish = checks.wish_text(wish)
        notes = tables.change_requests
        async with self._database.write() as connection:
            order = await lock_order(connection, number)
            key = checks.wish_key(order.number, wish)
            note: int | None = await connection.scalar(
                select(notes.c.id).where(
                    notes.c.order_number == order.number, notes.c.wish_key == key
                )
            )
            if note is None:
                if order.state not in CHANGEABLE:
                    raise CannotChangeError(f"the order is {order.state}")
                note = await connection.scalar(
                    insert(notes)
                    .values(
                        order_number=order.number,
                        wish_key=key,
                        wish=wish,
                        requested_at=self._clock.now(),
                    )
                    .returning(notes.c.id)
                )
        return f"ZM-{note:06d}"

    async def find_products(self, words: str, limit: int = 3) -> Sequence[Product]:
        """See `Shop`."""
        products, code = tables.products, checks.product_words(words).lower()
        if not code or limit < 1:
            return []
        async with self._database.read() as connection:
            query = select(products).where(func.lower(products.c.code) == code)
            if row := (await connection.execute(query)).first():
                return [Product(**row._mapping)]
            codes = (await self._catalogue(connection)).find(words, limit)
            if not codes:
                return []
            rows = await connection.execute(select(products).where(products.c.code.in_(codes)))
            found = {row.code: Product(**row._mapping) for row in rows}
        return [found[code] for code in codes if code in found]

    async def hours(self, place: str, first: date, days: int) -> Sequence[DayHours]:
        """See `Shop`."""
        checks.span(place, first, days)
        week, closures = tables.opening_hours.c, tables.closures.c
        async with self._database.read() as connection:
            usual = await connection.execute(
                select(week.weekday, week.opens, week.closes).where(week.place == place)
            )
            one_off = await connection.execute(
                select(tables.closures)
                .where(closures.place == place)
                .where(closures.day.between(first, first + timedelta(days=days)))
                .order_by(closures.day, closures.opens)
            )
            blocks = hours.collect_week([(r.weekday, r.opens, r.closes) for r in usual])
            return hours.days_from(first, days, blocks, _special_days(one_off.all()))

    async def contact(self) -> Contact:
        """See `Shop`."""
        async with self._database.read() as connection:
            return await load_contact(connection)

    async def close(self) -> None:
        """Nothing to do: the database is closed by whoever made it."""

    async def _catalogue(self, connection: AsyncConnection) -> WordIndex:
        """The index of product names, made anew once a minute."""
        now = self._clock.now()
        if self._index is None or now - self._indexed_at >= CATALOGUE_LIFE:
            columns = tables.products.c
            rows = await connection.execute(select(columns.code, columns.name_pl, columns.name_en))
            self._index = WordIndex({row.code: (row.name_pl, row.name_en) for row in rows})
            self._indexed_at = now
        return self._index


def _special_days(rows: Sequence[Row[tuple[object, ...]]]) -> dict[date, hours.SpecialDay]:
    """One-off days from rows in order of time; a row without times closes the whole day."""
    days: dict[date, list[Row[tuple[object, ...]]]] = defaultdict(list)
    for row in rows:
        days[row.day].append(row)
    return {
        day: hours.SpecialDay(
            blocks=()
            if any(row.opens is None for row in given)
            else tuple((row.opens, row.closes) for row in given),
            reason_pl=given[0].reason_pl,
            reason_en=given[0].reason_en,
        )
        for day, given in days.items()
    }
