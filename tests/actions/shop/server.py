"""A shop's REST API as docs/dev/shop-api.md describes it: a real local server over a SqlShop."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date

import msgspec
from aiohttp import web

from actions.shop import SqlShop
from actions.shop.port import UnknownOrderError
from frontline.errors import ConflictError, NotFoundError, RefusedError

TOKEN = "only-for-tests"
Fault = Callable[[web.Request], Awaitable[web.StreamResponse]]


def says(status: int, body: str | bytes = "", **headers: str) -> Fault:
    """A fault: answer with this instead."""

    async def fault(_request: web.Request) -> web.Response:
        data = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, body=data, headers=named)

    return fault


async def hangs_up(request: web.Request) -> web.StreamResponse:
    """A fault: the connection breaks before an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def breaks_off(request: web.Request) -> web.StreamResponse:
    """A fault: the connection breaks in the middle of an answer."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"number": ')
    assert request.transport is not None
    request.transport.abort()
    return response


class ShopServer:
    """Answers truly, unless faults are waiting: each of them spoils one request."""

    def __init__(self, shop: SqlShop) -> None:
        self.shop = shop
        self.faults: list[Fault] = []
        self.requests: list[web.Request] = []
        self.pauses: list[float] = []
        self.silent = asyncio.Event()
        """Set when a request hangs in `never_answers`."""

        @web.middleware
        async def spoil(request: web.Request, handler: Fault) -> web.StreamResponse:
            return await self._spoil(request, handler)

        app = web.Application(middlewares=[spoil])
        app.add_routes(
            [
                web.get("/api/orders/{number}", self._order),
                web.post("/api/orders/{number}/cancel", self._cancel),
                web.post("/api/orders/{number}/changes", self._change),
                web.get("/api/products", self._products),
                web.get("/api/hours", self._hours),
                web.get("/api/contact", self._contact),
                web.get("/api/delivery-methods", self._delivery_methods),
                web.get("/api/payment-methods", self._payment_methods),
                web.get("/api/orders/{number}/payments", self._payments),
                web.get("/api/orders/{number}/returns", self._returns),
                web.post("/api/orders/{number}/returns", self._start_return),
                web.get("/api/orders/{number}/complaints", self._complaints),
                web.post("/api/orders/{number}/invoices", self._invoice),
                web.get("/api/promo-codes", self._codes),
                web.get("/api/service-notices", self._notices),
            ]
        )
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        self.url = ""

    async def start(self) -> None:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/api/"

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def note_pause(self, seconds: float) -> None:
        """Stands in for the wait between two tries."""
        self.pauses.append(seconds)

    async def never_answers(self, _request: web.Request) -> web.StreamResponse:
        """A fault: nothing comes until the client goes away."""
        self.silent.set()
        await asyncio.Event().wait()
        return web.Response()

    async def _spoil(self, request: web.Request, handler: Fault) -> web.StreamResponse:
        self.requests.append(request)
        if self.faults:
            return await self.faults.pop(0)(request)
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.Response(status=401)
        try:
            return await handler(request)
        except NotFoundError:
            return web.Response(status=404)
        except ConflictError as error:
            return _json({"code": error.code}, status=409)
        except RefusedError:
            return web.Response(status=422)

    async def _order(self, request: web.Request) -> web.Response:
        order = await self.shop.find_order(request.match_info["number"])
        return _json(order) if order else web.Response(status=404)

    async def _cancel(self, request: web.Request) -> web.Response:
        return _json(await self.shop.cancel_order(request.match_info["number"]))

    async def _change(self, request: web.Request) -> web.Response:
        assert request.headers["Idempotency-Key"]
        wish = (await request.json())["wish"]
        number = await self.shop.request_change(request.match_info["number"], wish)
        return _json({"number": number}, status=201)

    async def _products(self, request: web.Request) -> web.Response:
        limit = int(request.query["limit"])
        return _json({"products": await self.shop.find_products(request.query["q"], limit)})

    async def _hours(self, request: web.Request) -> web.Response:
        query = request.query
        days = await self.shop.hours(
            query["place"], date.fromisoformat(query["from"]), int(query["days"])
        )
        return _json({"days": days})

    async def _contact(self, _request: web.Request) -> web.Response:
        return _json(await self.shop.contact())

    async def _delivery_methods(self, _request: web.Request) -> web.Response:
        return _json({"methods": await self.shop.delivery_methods()})

    async def _payment_methods(self, _request: web.Request) -> web.Response:
        return _json({"methods": await self.shop.payment_methods()})

    async def _existing(self, request: web.Request) -> str:
        number = request.match_info["number"]
        if await self.shop.find_order(number) is None:
            raise UnknownOrderError(number)
        return number

    async def _payments(self, request: web.Request) -> web.Response:
        number = await self._existing(request)
        return _json({"payments": await self.shop.payments(number)})

    async def _returns(self, request: web.Request) -> web.Response:
        number = await self._existing(request)
        return _json({"returns": await self.shop.returns(number)})

    async def _start_return(self, request: web.Request) -> web.Response:
        return _json(await self.shop.start_return(request.match_info["number"]), status=201)

    async def _complaints(self, request: web.Request) -> web.Response:
        number = await self._existing(request)
        return _json({"complaints": await self.shop.complaints(number)})

    async def _invoice(self, request: web.Request) -> web.Response:
        assert request.headers["Idempotency-Key"]
        asked = await request.json()
        number = await self.shop.request_invoice(
            request.match_info["number"], asked["wish"], asked["tax_id"]
        )
        return _json({"number": number}, status=201)

    async def _codes(self, request: web.Request) -> web.Response:
        code = await self.shop.promo_code(request.query["code"])
        return _json({"codes": [code] if code else []})

    async def _notices(self, _request: web.Request) -> web.Response:
        return _json({"notices": await self.shop.service_notices()})


def _json(value: object, status: int = 200) -> web.Response:
    body = msgspec.json.encode(value)
    return web.Response(status=status, body=body, content_type="application/json")
