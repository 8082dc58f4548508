"""The embedded shop after the sale: payments, returns, complaints, invoices, codes, notices."""

from collections.abc import Sequence
from dataclasses import fields
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.shop import checks, tables
from actions.shop.port import (
    CannotChangeError,
    Complaint,
    ComplaintState,
    Contact,
    Offer,
    OrderState,
    Payment,
    PaymentState,
    PromoCode,
    Return,
    ReturnState,
    ServiceNotice,
    TooLateError,
)
from actions.shop.sql_orders import lock_order, order_number
from actions.shop.terms import last_day_to_return, refund_due
from frontline.clock import Clock, local
from frontline.database import Database
from frontline.errors import UnavailableError

RETURNABLE = (OrderState.DELIVERED, OrderState.RETURN_IN_TRANSIT)
"""Delivered, and not back in the warehouse yet."""


class SqlAfterSale:
    """The part of a `SqlShop` that begins when an order is placed."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Args: database: shared; whoever made it closes it."""
        self._database = database
        self._clock = clock

    async def delivery_methods(self) -> Sequence[Offer]:
        """See `Shop`."""
        return await self._offers("delivery")

    async def payment_methods(self) -> Sequence[Offer]:
        """See `Shop`."""
        return await self._offers("payment")

    async def _offers(self, kind: str) -> Sequence[Offer]:
        query = _select(Offer, tables.offers).where(tables.offers.c.kind == kind)
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(tables.offers.c.position))
            return [Offer(**row._mapping) for row in rows]

    async def payments(self, number: str) -> Sequence[Payment]:
        """See `Shop`."""
        columns = tables.payments.c
        async with self._database.read() as connection:
            rows = await connection.execute(
                _select(Payment, tables.payments)
                .where(columns.order_number == await order_number(connection, number))
                .order_by(columns.at, columns.id)
            )
            return [Payment(**{**row._mapping, "state": PaymentState(row.state)}) for row in rows]

    async def returns(self, number: str) -> Sequence[Return]:
        """See `Shop`."""
        async with self._database.read() as connection:
            whole = await order_number(connection, number)
            return await _returns(connection, tables.returns.c.order_number == whole)

    async def start_return(self, number: str) -> Return:
        """See `Shop`. The order's row is locked, so that two at once are one return."""
        today = local(self._clock.now()).date()
        async with self._database.write() as connection:
            order = await lock_order(connection, number)
            if order.state not in RETURNABLE:
                raise CannotChangeError(f"the order is {order.state}")
            of_order = tables.returns.c.order_number == order.number
            if known := await _returns(connection, of_order):
                return known[0]
            if order.state is not OrderState.DELIVERED or order.delivered_at is None:
                raise CannotChangeError(f"the order is {order.state} and has no return")
            last = last_day_to_return(local(order.delivered_at).date())
            if today > last:
                raise TooLateError(f"it could be returned until {last}")
            await connection.execute(
                insert(tables.returns).values(
                    order_number=order.number,
                    state=ReturnState.ANNOUNCED,
                    announced_at=self._clock.now(),
                    refund_grosze=order.total_grosze,
                    refund_due=refund_due(today),
                    address=(await load_contact(connection)).label,
                )
            )
            (made,) = await _returns(connection, of_order)
        return made

    async def complaints(self, number: str) -> Sequence[Complaint]:
        """See `Shop`."""
        columns = tables.complaints.c
        async with self._database.read() as connection:
            rows = await connection.execute(
                select(tables.complaints)
                .where(columns.order_number == await order_number(connection, number))
                .order_by(columns.filed_at.desc(), columns.id.desc())
            )
            return [Complaint(**_numbered("RK", row, ComplaintState)) for row in rows]

    async def request_invoice(self, number: str, wish: str, tax_id: str | None) -> str:
        """See `Shop`. The order's row is locked, so that two at once are one request."""
        wish, tax_id = checks.invoice_wish(wish), checks.tax_id(tax_id)
        requests = tables.invoice_requests
        async with self._database.write() as connection:
            order = await lock_order(connection, number)
            values = {"order_number": order.number, "wish": wish, "tax_id": tax_id or ""}
            request: int | None = await connection.scalar(
                select(requests.c.id).where(
                    *(requests.c[name] == value for name, value in values.items())
                )
            )
            if request is None:
                request = await connection.scalar(
                    insert(requests)
                    .values(**values, requested_at=self._clock.now())
                    .returning(requests.c.id)
                )
        return f"FV-{request:06d}"

    async def promo_code(self, code: str) -> PromoCode | None:
        """See `Shop`."""
        wanted = checks.promo_code(code)
        if wanted is None:
            return None
        codes = tables.promo_codes
        async with self._database.read() as connection:
            query = select(codes).where(func.upper(codes.c.code) == wanted)
            row = (await connection.execute(query)).first()
        return PromoCode(**row._mapping) if row else None

    async def service_notices(self) -> Sequence[ServiceNotice]:
        """See `Shop`."""
        now, columns = self._clock.now(), tables.service_notices.c
        async with self._database.read() as connection:
            rows = await connection.execute(
                _select(ServiceNotice, tables.service_notices)
                .where(columns.since <= now, or_(columns.until.is_(None), columns.until > now))
                .order_by(columns.since.desc(), columns.id.desc())
            )
            return [ServiceNotice(**row._mapping) for row in rows]


async def load_contact(connection: AsyncConnection) -> Contact:
    """How to reach the shop.

    Raises:
        UnavailableError: nobody has entered it.
    """
    row = (await connection.execute(select(tables.contact).limit(1))).first()
    if row is None:
        raise UnavailableError("the table shop_contact is empty")
    return Contact(**row._mapping)


def _select(kind: type[Offer | Payment | ServiceNotice], table: Table) -> Select[Any]:
    """The columns that are named as the fields of the data class."""
    return select(*(table.c[field.name] for field in fields(kind)))


async def _returns(connection: AsyncConnection, which: ColumnElement[bool]) -> list[Return]:
    columns = tables.returns.c
    rows = await connection.execute(
        select(tables.returns).where(which).order_by(columns.announced_at.desc(), columns.id.desc())
    )
    return [Return(**_numbered("ZW", row, ReturnState)) for row in rows]


def _numbered(prefix: str, row: Row[Any], state: type[StrEnum]) -> dict[str, Any]:
    """Values of a row, with a number made of its id."""
    values = {**row._mapping, "number": f"{prefix}-{row.id:06d}", "state": state(row.state)}
    del values["id"]
    return values
