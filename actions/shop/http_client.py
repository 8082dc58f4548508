"""One call to a shop's REST API: within its time, tried again, and understood or an error."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

import aiohttp
import msgspec

from actions.shop.breaker import Breaker
from actions.shop.port import (
    CannotChangeError,
    Complaint,
    Order,
    Payment,
    Return,
    ServiceNotice,
    TooLateError,
    UnknownOrderError,
)
from frontline.clock import Clock
from frontline.errors import ConflictError, RefusedError, UnavailableError

LARGEST_ANSWER = 1024 * 1024
"""Bytes, after decompression."""
PASSING = frozenset({429, 502, 503, 504})
"""Statuses that a second try may cure."""
FIRST_PAUSE_S = 0.1
"""Before the second try; doubled for each further one, times 0.5 to 1.5."""
FULL_NUMBER = len("ZA-2026-104731")
T = TypeVar("T")
D = TypeVar("D", Order, Payment, Return, Complaint, ServiceNotice)


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


class Note(msgspec.Struct, frozen=True):
    """The answer to a request that gets a number."""

    number: str


class Problem(msgspec.Struct, frozen=True):
    """What a shop may say with status 409."""

    code: str = ""


class HttpClient:
    """Asks one shop; see `docs/dev/shop-api.md` for what is expected of it."""

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

    async def close(self) -> None:
        """Give connections back; the next call opens new ones."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _ask(self, kind: type[T], call: Call) -> T:
        """One call, counted by the breaker: an answer in time that makes sense, or an error.

        Raises:
            UnavailableError: no answer in time, or none that makes sense.
            UnknownOrderError: the order that was asked about does not exist.
            CannotChangeError: the order has gone too far.
            TooLateError: the time for it has passed.
            RefusedError: the shop does not take what was asked.
        """
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
        except (UnknownOrderError, ConflictError, RefusedError):
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
            raise _conflict(answer)
        case 400 | 422:
            raise RefusedError("the shop refuses what was asked")
    raise UnavailableError(f"the shop answered with status {answer.status}")


def _conflict(answer: Answer) -> ConflictError:
    """Which of the two it is; a shop that does not say so means the order's state."""
    try:
        problem = msgspec.json.decode(answer.body, type=Problem)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        problem = Problem()
    if problem.code == TooLateError.code:
        return TooLateError("the shop says that the time for it has passed")
    return CannotChangeError("the shop says that the order has gone too far")


def about(asked: str, told: str, value: T) -> T:
    """The value, when the whole order number that it tells is the one asked for.

    Args:
        asked: a tidy number, whole or six digits.
        told: the order number in the answer.
        value: what the answer is.

    Raises:
        UnavailableError: it is about another order.
    """
    if not told.endswith(asked) or len(told) != FULL_NUMBER:
        raise UnavailableError("the shop answered with another order than asked for")
    return value


def in_utc(value: D) -> D:
    """A data class with its moments in UTC.

    Raises:
        UnavailableError: one of them has no time zone.
    """
    told = {field.name: getattr(value, field.name) for field in fields(value)}
    moments: dict[str, Any] = {
        name: _utc(each) for name, each in told.items() if isinstance(each, datetime)
    }
    return replace(value, **moments)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise UnavailableError("the shop told a moment without a time zone")
    return moment.astimezone(UTC)
