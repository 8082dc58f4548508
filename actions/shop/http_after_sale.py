"""A shop's REST API after the sale: payments, returns, complaints, invoices, codes, notices."""

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from actions.shop import checks
from actions.shop.http_client import Call, HttpClient, Note, about, in_utc
from actions.shop.port import (
    Complaint,
    Offer,
    Payment,
    PromoCode,
    Return,
    ServiceNotice,
    UnknownOrderError,
)
from frontline.errors import UnavailableError

L = TypeVar("L")
D = TypeVar("D", Payment, Return, Complaint)


class OfferList(msgspec.Struct, frozen=True):
    """Answer of `GET /delivery-methods` and `GET /payment-methods`."""

    methods: list[Offer]


class PaymentList(msgspec.Struct, frozen=True):
    """Answer of `GET /orders/{number}/payments`."""

    payments: list[Payment]


class ReturnList(msgspec.Struct, frozen=True):
    """Answer of `GET /orders/{number}/returns`."""

    returns: list[Return]


class ComplaintList(msgspec.Struct, frozen=True):
    """Answer of `GET /orders/{number}/complaints`."""

    complaints: list[Complaint]


class CodeList(msgspec.Struct, frozen=True):
    """Answer of `GET /promo-codes`."""

    codes: list[PromoCode]


class NoticeList(msgspec.Struct, frozen=True):
    """Answer of `GET /service-notices`."""

    notices: list[ServiceNotice]


class HttpAfterSale(HttpClient):
    """The part of a `HttpShop` that begins when an order is placed."""

    async def delivery_methods(self) -> Sequence[Offer]:
        """See `Shop`."""
        return (await self._ask(OfferList, Call(method="GET", path="/delivery-methods"))).methods

    async def payment_methods(self) -> Sequence[Offer]:
        """See `Shop`."""
        return (await self._ask(OfferList, Call(method="GET", path="/payment-methods"))).methods

    async def payments(self, number: str) -> Sequence[Payment]:
        """See `Shop`."""
        answer = await self._ask_about(number, "payments", PaymentList)
        found = _checked(number, answer.payments if answer else [])
        return sorted(found, key=lambda payment: payment.at)

    async def returns(self, number: str) -> Sequence[Return]:
        """See `Shop`."""
        answer = await self._ask_about(number, "returns", ReturnList)
        found = _checked(number, answer.returns if answer else [])
        return sorted(found, key=lambda announced: announced.announced_at, reverse=True)

    async def start_return(self, number: str) -> Return:
        """See `Shop`. Announced again, it is the same return: nothing tells a retry apart."""
        tidy = checks.known_number(number)
        made = await self._ask(Return, Call(method="POST", path=f"/orders/{tidy}/returns"))
        return _checked(tidy, [made])[0]

    async def complaints(self, number: str) -> Sequence[Complaint]:
        """See `Shop`."""
        answer = await self._ask_about(number, "complaints", ComplaintList)
        found = _checked(number, answer.complaints if answer else [])
        return sorted(found, key=lambda complaint: complaint.filed_at, reverse=True)

    async def request_invoice(self, number: str, wish: str, tax_id: str | None) -> str:
        """See `Shop`. The key lets the shop tell a retry from a new request."""
        wish, tax_id = checks.invoice_wish(wish), checks.tax_id(tax_id)
        tidy = checks.known_number(number)
        call = Call(
            method="POST",
            path=f"/orders/{tidy}/invoices",
            headers={"Idempotency-Key": checks.invoice_key(tidy, wish, tax_id)},
            body={"wish": wish, "tax_id": tax_id},
        )
        return (await self._ask(Note, call)).number

    async def promo_code(self, code: str) -> PromoCode | None:
        """See `Shop`."""
        wanted = checks.promo_code(code)
        if wanted is None:
            return None
        call = Call(method="GET", path="/promo-codes", query={"code": wanted})
        found = (await self._ask(CodeList, call)).codes
        if any(known.code.upper() != wanted for known in found):
            raise UnavailableError("the shop told of another code than asked for")
        return found[0] if found else None

    async def service_notices(self) -> Sequence[ServiceNotice]:
        """See `Shop`."""
        call = Call(method="GET", path="/service-notices")
        found = [in_utc(notice) for notice in (await self._ask(NoticeList, call)).notices]
        return sorted(found, key=lambda notice: notice.since, reverse=True)

    async def _ask_about(self, number: str, what: str, kind: type[L]) -> L | None:
        """What the shop knows of an order; None when it has no such order."""
        tidy = checks.order_number(number)
        if tidy is None:
            return None
        try:
            return await self._ask(kind, Call(method="GET", path=f"/orders/{tidy}/{what}"))
        except UnknownOrderError:
            return None


def _checked(number: str, told: Sequence[D]) -> list[D]:
    """Moments in UTC, and all about the order that was asked about."""
    tidy = checks.order_number(number) or ""
    return [in_utc(about(tidy, each.order_number, each)) for each in told]
