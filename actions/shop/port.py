"""What the front line asks of a shop, whatever the shop runs on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Protocol

from frontline.errors import ConflictError, NotFoundError


class OrderState(StrEnum):
    """Where an order stands."""

    PLACED = "placed"
    PAID = "paid"
    PACKED = "packed"
    SHIPPED = "shipped"
    OUT_FOR_DELIVERY = "out_for_delivery"
    IN_PICKUP_POINT = "in_pickup_point"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURN_IN_TRANSIT = "return_in_transit"
    RETURNED = "returned"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One product in an order."""

    product_code: str
    name: str
    quantity: int
    unit_price_grosze: int


@dataclass(frozen=True, slots=True)
class Order:
    """An order as the shop knows it. Moments are aware UTC."""

    number: str
    """Like `ZA-2026-104731`."""
    state: OrderState
    placed_at: datetime
    lines: Sequence[OrderLine]
    total_grosze: int
    delivery_method: str
    """`courier`, `pickup_point` or `store`."""
    payment_method: str
    """`card`, `blik`, `transfer` or `cash_on_delivery`."""
    postal_code: str
    email: str
    paid_at: datetime | None = None
    shipped_at: datetime | None = None
    promised_on: date | None = None
    """The day by which delivery is expected."""
    delivered_at: datetime | None = None
    closed_at: datetime | None = None
    """When it was cancelled, returned or refunded."""
    carrier: str | None = None
    tracking_number: str | None = None
    pickup_point: str | None = None
    pickup_until: date | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """Something the shop sells."""

    code: str
    name_pl: str
    name_en: str
    description_pl: str
    description_en: str
    price_grosze: int
    stock: int
    """Pieces in the warehouse."""
    restock_on: date | None = None


@dataclass(frozen=True, slots=True)
class DayHours:
    """Opening hours of one place on one day; the names say why it differs from a usual one."""

    day: date
    blocks: Sequence[tuple[time, time]]
    """Local opening and closing times, in order; empty = closed."""
    holiday_pl: str | None = None
    holiday_en: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the shop."""

    name: str
    street: str
    postal_code: str
    city: str
    phone: str
    """E.164, like `+48221234567`."""
    email: str
    website: str


class CannotChangeError(ConflictError):
    """The order has gone too far to be cancelled or changed."""

    code = "cannot_change"


class UnknownOrderError(NotFoundError):
    """There is no order of that number."""

    code = "unknown_order"


class Shop(Protocol):
    """A shop. Every call may raise `frontline.errors.UnavailableError`."""

    async def find_order(self, number: str) -> Order | None:
        """The order with this number, or None.

        Args:
            number: `ZA-2026-104731`, or the six digits alone.
        """
        ...

    async def cancel_order(self, number: str) -> Order:
        """Cancel an order that is placed or paid; returns it as it is now. Idempotent.

        Raises:
            UnknownOrderError: no such order.
            CannotChangeError: it is packed or further.
        """
        ...

    async def request_change(self, number: str, wish: str) -> str:
        """Note a wish to change an order for the warehouse; returns the note's number.

        The same wish for the same order twice is one note.

        Args:
            number: as for `find_order`.
            wish: the customer's words, 1 to 2 000 characters.

        Raises:
            RefusedError: the wish is empty or too long.
            UnknownOrderError: no such order.
            CannotChangeError: it is packed or further.
        """
        ...

    async def find_products(self, words: str, limit: int = 3) -> Sequence[Product]:
        """Products whose name fits the words in Polish or English, best first.

        Forgives inflection, missing diacritics and small typing errors. Only the first
        200 characters are looked at; no word that fits = no products.
        """
        ...

    async def hours(self, place: str, first: date, days: int) -> Sequence[DayHours]:
        """Opening hours of `store` or `hotline` for `days` days from `first`, one entry a day.

        Raises:
            RefusedError: another place, no or more than 62 days, or a year out of 2000-2100.
        """
        ...

    async def contact(self) -> Contact:
        """How to reach the shop."""
        ...

    async def close(self) -> None:
        """Give connections back."""
        ...
