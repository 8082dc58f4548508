"""A shop asked over its REST API, described in docs/dev/shop-api.md."""

from collections.abc import Sequence
from datetime import date

import msgspec

from actions.shop import checks
from actions.shop.http_after_sale import HttpAfterSale
from actions.shop.http_client import Call, Note, about, in_utc
from actions.shop.port import Contact, DayHours, Order, Product, UnknownOrderError
from frontline.errors import UnavailableError


class ProductList(msgspec.Struct, frozen=True):
    """Answer of `GET /products`."""

    products: list[Product]


class HoursList(msgspec.Struct, frozen=True):
    """Answer of `GET /hours`."""

    days: list[DayHours]


class HttpShop(HttpAfterSale):
    """A `Shop` behind a REST API."""

    async def find_order(self, number: str) -> Order | None:
        """See `Shop`."""
        tidy = checks.order_number(number)
        if tidy is None:
            return None
        try:
            return await self._order(Call(method="GET", path=f"/orders/{tidy}"), tidy)
        except UnknownOrderError:
            return None

    async def cancel_order(self, number: str) -> Order:
        """See `Shop`."""
        tidy = checks.known_number(number)
        return await self._order(Call(method="POST", path=f"/orders/{tidy}/cancel"), tidy)

    async def request_change(self, number: str, wish: str) -> str:
        """See `Shop`. The wish's key lets the shop tell a retry from a new wish."""
        wish, tidy = checks.wish_text(wish), checks.known_number(number)
        call = Call(
            method="POST",
            path=f"/orders/{tidy}/changes",
            headers={"Idempotency-Key": checks.wish_key(tidy, wish)},
            body={"wish": wish},
        )
        return (await self._ask(Note, call)).number

    async def find_products(self, words: str, limit: int = 3) -> Sequence[Product]:
        """See `Shop`."""
        query = checks.product_words(words)
        if not query or limit < 1:
            return []
        call = Call(method="GET", path="/products", query={"q": query, "limit": str(limit)})
        return (await self._ask(ProductList, call)).products[:limit]

    async def hours(self, place: str, first: date, days: int) -> Sequence[DayHours]:
        """See `Shop`."""
        checks.span(place, first, days)
        query = {"place": place, "from": first.isoformat(), "days": str(days)}
        told = (await self._ask(HoursList, Call(method="GET", path="/hours", query=query))).days
        if [(day.day - first).days for day in told] != list(range(days)):
            raise UnavailableError("the shop told the hours of other days than asked for")
        return told

    async def contact(self) -> Contact:
        """See `Shop`."""
        return await self._ask(Contact, Call(method="GET", path="/contact"))

    async def _order(self, call: Call, number: str) -> Order:
        """The order asked for and no other, its moments in UTC."""
        order = await self._ask(Order, call)
        return in_utc(about(number, order.number, order))
