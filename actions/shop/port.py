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
    warranty_months: int | None = None
    """The maker's voluntary guarantee; None = there is none."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to deliver or to pay."""

    code: str
    """As in `Order.delivery_method` or `Order.payment_method`."""
    name_pl: str
    name_en: str
    price_grosze: int
    """What it costs the customer; 0 = nothing."""
    note_pl: str
    """One whole sentence on times or terms."""
    note_en: str
    free_from_grosze: int | None = None
    """Value of goods from which it costs nothing."""


class PaymentState(StrEnum):
    """Where a payment stands."""

    PENDING = "pending"
    BOOKED = "booked"
    FAILED = "failed"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Payment:
    """One attempt to pay for an order."""

    order_number: str
    method: str
    amount_grosze: int
    state: PaymentState
    at: datetime


class ReturnState(StrEnum):
    """Where a return stands."""

    ANNOUNCED = "announced"
    RECEIVED = "received"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class Return:
    """Goods that a customer sends back within the right of withdrawal."""

    number: str
    """Like `ZW-000123`."""
    order_number: str
    state: ReturnState
    announced_at: datetime
    refund_grosze: int
    refund_due: date
    """The last day for the money to go out."""
    address: str
    """Where the goods are sent, on one line."""
    received_at: datetime | None = None
    refunded_at: datetime | None = None


class ComplaintState(StrEnum):
    """Where a complaint stands."""

    RECEIVED = "received"
    IN_REVIEW = "in_review"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint about goods that were faulty or not as agreed."""

    number: str
    """Like `RK-000123`."""
    order_number: str
    product: str
    state: ComplaintState
    filed_at: datetime
    answer_due: date
    """The last day on which the answer must reach the customer."""
    outcome_pl: str | None = None
    """What was decided or done, one whole sentence."""
    outcome_en: str | None = None


@dataclass(frozen=True, slots=True)
class PromoCode:
    """A discount code."""

    code: str
    terms_pl: str
    """What it gives and on what, one whole sentence."""
    terms_en: str
    valid_from: date
    valid_until: date
    min_total_grosze: int = 0
    used_up: bool = False


@dataclass(frozen=True, slots=True)
class ServiceNotice:
    """Something that does not work as usual and that customers should know."""

    text_pl: str
    text_en: str
    since: datetime
    until: datetime | None = None


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

    @property
    def label(self) -> str:
        """The postal address as on a parcel, on one line."""
        return f"{self.name}, {self.street}, {self.postal_code} {self.city}"


class CannotChangeError(ConflictError):
    """The order has gone too far to be cancelled or changed."""

    code = "cannot_change"


class TooLateError(ConflictError):
    """The time in which it could be done has passed."""

    code = "too_late"


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

        A product's code alone finds that product. Forgives inflection, missing diacritics and
        small typing errors. Only the first 200 characters are looked at; no word that fits = no
        products.
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

    async def delivery_methods(self) -> Sequence[Offer]:
        """How the shop delivers, the most usual way first."""
        ...

    async def payment_methods(self) -> Sequence[Offer]:
        """How one can pay, the most usual way first."""
        ...

    async def payments(self, number: str) -> Sequence[Payment]:
        """Attempts to pay for an order, the first one first; none for an unknown order."""
        ...

    async def returns(self, number: str) -> Sequence[Return]:
        """Returns announced for an order, the latest first; none for an unknown order."""
        ...

    async def start_return(self, number: str) -> Return:
        """Announce that a delivered order is sent back; the same one when it was announced before.

        Raises:
            UnknownOrderError: no such order.
            CannotChangeError: it has not been delivered, or is already returned or cancelled.
            TooLateError: the 14 days after the delivery have passed.
        """
        ...

    async def complaints(self, number: str) -> Sequence[Complaint]:
        """Complaints filed about an order, the latest first; none for an unknown order."""
        ...

    async def request_invoice(self, number: str, wish: str, tax_id: str | None) -> str:
        """Ask the accounts for an invoice, a copy or a correction; returns the request's number.

        The same wish for the same order and tax id twice is one request.

        Args:
            number: as for `find_order`.
            wish: `invoice`, `copy` or `correction`.
            tax_id: a valid Polish NIP, ten digits; None = the customer is a private person.

        Raises:
            RefusedError: another wish, or a NIP that cannot exist.
            UnknownOrderError: no such order.
        """
        ...

    async def promo_code(self, code: str) -> PromoCode | None:
        """A discount code, whatever its letters' case; None when the shop knows no such code."""
        ...

    async def service_notices(self) -> Sequence[ServiceNotice]:
        """What does not work as usual now, the latest first."""
        ...

    async def close(self) -> None:
        """Give connections back."""
        ...
