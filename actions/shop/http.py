"""A shop asked over its REST API, described in docs/dev/shop-api.md."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TypeVar

import aiohttp
import msgspec

from actions.shop import checks
from actions.shop.breaker import Breaker
from actions.shop.port import (
    CannotChangeError,
    Contact,
    DayHours,
    Order,
    Product,
    UnknownOrderError,
)
from frontline.clock import Clock
from frontline.errors import RefusedError, UnavailableError

FULL_NUMBER = len("ZA-2026-104731")
LARGEST_ANSWER = 1024 * 1024
"""Bytes, after decompression."""
PASSING = frozenset({429, 502, 503, 504})
"""Statuses that a second try may cure."""
FIRST_PAUSE_S = 0.1
"""Before the second try; doubled for each further one, times 0.5 to 1.5."""
T = TypeVar("T")


class ProductList(msgspec.Struct, frozen=True):
    """Answer of `GET /products`."""

    products: list[Product]


class HoursList(msgspec.Struct, frozen=True):
    """Answer of `GET /hours`."""

    days: list[DayHours]


class Note(msgspec.Struct, frozen=True):
    """Answer of `POST /orders/{number}/changes`."""

    number: str


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One question. All of them may be asked twice without harm."""

    method: str
    path: str
    query: dict[str, str] = {}
    headers: dict[str, str] = {}
    body: object = None


class Answer(msgspec.Struct, frozen=True):
    """What came back, read to its end."""

    status: int
    body: bytes
    retry_after_s: float
    """How long the shop asks to be left alone; 0 = it does not say."""


class HttpShop:
    """A `Shop` behind a REST API; see `docs/dev/shop-api.md` for what is expected of it."""

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        clock: Clock,
        timeout_s: float = 3.0,
        retries: int = 2,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Nothing is opened before the first call.

        Args:
            base_url: like `https://shop.example.com/api`.
            token: sent as `Authorization: Bearer`; empty = none.
            clock: tells how long the breaker has been open.
            timeout_s: for a whole call, with its retries and pauses.
            retries: further tries after the first.
            pause: waits that many seconds; tests hand in one that does not.
        """
        self._base = base_url.rstrip("/")
        self._headers = {"Accept": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._timeout_s = timeout_s
        self._retries = retries
        self._pause = pause
        self._breaker = Breaker(clock)
        self._session: aiohttp.ClientSession | None = None

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
        tidy = _known(number)
        return await self._order(Call(method="POST", path=f"/orders/{tidy}/cancel"), tidy)

    async def request_change(self, number: str, wish: str) -> str:
        """See `Shop`. The wish's key lets the shop tell a retry from a new wish."""
        wish, tidy = checks.wish_text(wish), _known(number)
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

    async def close(self) -> None:
        """See `Shop`."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _order(self, call: Call, number: str) -> Order:
        """The order asked for and no other, its moments in UTC."""
        order = await self._ask(Order, call)
        if order.number[-len(number) :] != number or len(order.number) != FULL_NUMBER:
            raise UnavailableError("the shop answered with another order than asked for")
        return replace(
            order,
            placed_at=_utc(order.placed_at),
            paid_at=order.paid_at and _utc(order.paid_at),
            shipped_at=order.shipped_at and _utc(order.shipped_at),
            delivered_at=order.delivered_at and _utc(order.delivered_at),
            closed_at=order.closed_at and _utc(order.closed_at),
        )

    async def _ask(self, kind: type[T], call: Call) -> T:
        """One call, counted by the breaker: an answer in time that makes sense, or an error."""
        self._breaker.admit()
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await self._try(call)
            result = _understand(kind, call, answer)
        except TimeoutError:
            self._breaker.failed()
            raise UnavailableError(f"the shop did not answer in {self._timeout_s:g} s") from None
        except UnavailableError:
            self._breaker.failed()
            raise
        except (UnknownOrderError, CannotChangeError, RefusedError):
            self._breaker.worked()
            raise
        self._breaker.worked()
        return result

    async def _try(self, call: Call) -> Answer:
        """Try again after passing failures; gives up early when asked to stay away for longer."""
        tries = 0
        while True:
            tries += 1
            wait_s = FIRST_PAUSE_S * 2 ** (tries - 1) * random.uniform(0.5, 1.5)  # noqa: S311
            try:
                answer = await self._send(call)
            except (aiohttp.ClientError, OSError) as error:
                if tries > self._retries:
                    # The message of the library may hold the address with what was asked.
                    name = type(error).__name__
                    raise UnavailableError(f"the shop cannot be reached ({name})") from None
            else:
                wait_s = max(wait_s, answer.retry_after_s)
                last = tries > self._retries or wait_s > self._timeout_s
                if last or answer.status not in PASSING:
                    return answer
            await self._pause(wait_s)

    async def _send(self, call: Call) -> Answer:
        """One request and all of its answer."""
        if self._session is None:
            # Time is limited by `_ask`, over all tries.
            limit = aiohttp.ClientTimeout(total=None)
            self._session = aiohttp.ClientSession(headers=self._headers, timeout=limit)
        async with self._session.request(
            call.method,
            self._base + call.path,
            params=call.query,
            headers=call.headers,
            json=call.body,
            allow_redirects=False,  # the token is for this address only
        ) as response:
            body = bytearray()
            async for chunk in response.content.iter_chunked(64 * 1024):
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise UnavailableError(f"the shop's answer is over {LARGEST_ANSWER} bytes")
            asked_s = response.headers.get("Retry-After", "")
            wait_s = float(asked_s) if asked_s.isascii() and asked_s.isdigit() else 0.0
            return Answer(response.status, bytes(body), wait_s)


def _known(number: str) -> str:
    tidy = checks.order_number(number)
    if tidy is None:
        raise UnknownOrderError("no order can have this number")
    return tidy


def _understand(kind: type[T], call: Call, answer: Answer) -> T:
    """The answer as a `kind`, or the error that its status stands for."""
    about_order = call.path.startswith("/orders/")
    match answer.status:
        case 200 | 201:
            try:
                return msgspec.json.decode(answer.body, type=kind)
            except (msgspec.MsgspecError, ValueError, RecursionError) as error:
                raise UnavailableError(f"the shop's answer makes no sense: {error}") from None
        case 404 if about_order:
            raise UnknownOrderError("the shop knows no such order")
        case 409 if about_order:
            raise CannotChangeError("the shop says that it is too late")
        case 400 | 422:
            raise RefusedError("the shop refuses what was asked")
    raise UnavailableError(f"the shop answered with status {answer.status}")


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise UnavailableError("the shop told a moment without a time zone")
    return moment.astimezone(UTC)
