"""Each transport's server with its far side connected."""

import asyncio
import contextlib
import functools
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from frontline.errors import UnavailableError
from frontline.limits import Doors
from handoff.calls import Next, Outcome
from tests.common.lines import (
    AsteriskCaller,
    AudioSocketCaller,
    BrowserCaller,
    Caller,
    TwilioCaller,
)
from voice_gateway.transport import asterisk_websocket, audiosocket, browser, twilio
from voice_gateway.transport.port import Event, HungUp, KeyPress, Played, Sound, Start, Transport


@dataclass
class Gateway:
    """Where calls end up: each stays until its transport is over or the test."""

    calls: asyncio.Queue[Transport] = field(default_factory=asyncio.Queue)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    """A call's connection and all its tasks are gone."""
    finish: asyncio.Event = field(default_factory=asyncio.Event)
    """Lets `on_call` return."""

    async def on_call(self, transport: Transport) -> None:
        self.calls.put_nowait(transport)
        await self.finish.wait()

    async def admit(self, call: UUID) -> Start | None:
        return Start(call_id=str(call), transport="test", language="pl")

    async def announce(self, start: Start) -> None:
        """Any call may come."""


class Records:
    """What is kept of calls."""

    def __init__(self) -> None:
        self.registered: list[tuple[str, str | None, str | None]] = []
        self.outcomes: list[str] = []
        self.next: Next | Exception = Next("hangup")
        self.full = False

    async def register(
        self,
        call_id: str,
        caller: str | None = None,
        language: str | None = None,
        code: str | None = None,
    ) -> None:
        if self.full:
            raise UnavailableError("too many calls")
        self.registered.append((call_id, caller, language))

    async def next_of(self, call_id: str) -> Next:
        if isinstance(self.next, Exception):
            raise self.next
        return self.next

    async def after_queue(self, call_id: str, outcome: Outcome) -> Next:
        self.outcomes.append(outcome)
        return await self.next_of(call_id)


@dataclass
class Call:
    """Both ends of one call; collects the events."""

    transport: Transport
    caller: Caller
    gateway: Gateway
    happened: list[Event] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def collect(self) -> None:
        async for event in self.transport.events():
            self.happened.append(event)
            self._news.set()

    async def until(self, is_it: Callable[[Event], bool], seconds: float = 10) -> Event:
        """The first event that is it."""
        await self.when(lambda: any(map(is_it, self.happened)), seconds)
        return next(filter(is_it, self.happened))

    async def hung_up(self) -> str:
        event = await self.until(lambda e: isinstance(e, HungUp))
        assert isinstance(event, HungUp)
        return event.reason

    async def when(self, is_so: Callable[[], bool], seconds: float = 10) -> None:
        """Wait until events have made it so."""
        async with asyncio.timeout(seconds):
            while not is_so():
                self._news.clear()
                await self._news.wait()

    async def played(self, mark: str) -> None:
        await self.until(lambda e: e == Played(mark))

    def marks(self) -> list[str]:
        return [e.mark for e in self.happened if isinstance(e, Played)]

    def keys(self) -> str:
        return "".join(e.digit for e in self.happened if isinstance(e, KeyPress))

    def sound(self) -> bytes:
        return b"".join(e.pcm for e in self.happened if isinstance(e, Sound))


@contextlib.asynccontextmanager
async def audiosocket_server(gateway: Gateway) -> AsyncIterator[int]:
    """The port of an AudioSocket server."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await audiosocket.make_handler(gateway.on_call, gateway.admit)(reader, writer)
        finally:
            gateway.ended.set()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        gateway.finish.set()


@contextlib.asynccontextmanager
async def audiosocket_call(gateway: Gateway) -> AsyncIterator[Caller]:
    async with audiosocket_server(gateway) as port:
        caller = await AudioSocketCaller.connect(port, uuid4())
        yield caller
        await caller.cut()


@contextlib.asynccontextmanager
async def web_server(gateway: Gateway, path: str, handler: Handler) -> AsyncIterator[str]:
    """The WebSocket address of one handler."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        finally:
            gateway.ended.set()

    app = web.Application()
    app.router.add_get(path, handle)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"ws://127.0.0.1:{runner.addresses[0][1]}{path}"
    finally:
        gateway.finish.set()
        await runner.cleanup()


@contextlib.asynccontextmanager
async def asterisk_call(gateway: Gateway) -> AsyncIterator[AsteriskCaller]:
    login = {"user": "pbx", "password": "s3cret"}
    handler = asterisk_websocket.make_handler(gateway.on_call, admit=gateway.admit, **login)
    async with web_server(gateway, "/asterisk", handler) as url:
        caller = await AsteriskCaller.connect(url, call=uuid4(), **login)
        yield caller
        assert caller.errors == []
        await caller.cut()


@contextlib.asynccontextmanager
async def twilio_call(gateway: Gateway) -> AsyncIterator[TwilioCaller]:
    handler = twilio.make_handler(gateway.on_call, allowed=lambda _: True)
    async with web_server(gateway, "/twilio/stream", handler) as url:
        caller = await TwilioCaller.connect(url, call="CA5ef8732a3c49700934481addd5ce1659")
        yield caller
        assert caller.errors == []
        await caller.cut()


@contextlib.asynccontextmanager
async def browser_server(gateway: Gateway, most: int = 2) -> AsyncIterator[str]:
    handler = browser.make_handler(
        gateway.on_call,
        origins=frozenset({"https://shop.example"}),
        announce=gateway.announce,
        doors=Doors(most),
    )
    async with web_server(gateway, browser.PATH, handler) as url:
        yield url


@contextlib.asynccontextmanager
async def browser_call(gateway: Gateway) -> AsyncIterator[BrowserCaller]:
    async with browser_server(gateway) as url:
        caller = await BrowserCaller.connect(url, Origin="https://shop.example")
        yield caller
        assert caller.errors == []
        await caller.cut()


Connect = Callable[[Gateway], AbstractAsyncContextManager[Caller]]
LINES: dict[str, Connect] = {
    "audiosocket": audiosocket_call,
    "websocket": asterisk_call,
    "twilio": twilio_call,
    "browser": browser_call,
}


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
def records() -> Records:
    return Records()


@contextlib.asynccontextmanager
async def calling(connect: Connect, gateway: Gateway) -> AsyncIterator[Call]:
    """One call, until all of it is gone."""
    async with connect(gateway) as caller:
        async with asyncio.timeout(20):
            transport = await gateway.calls.get()
        call = Call(transport, caller, gateway)
        collecting = asyncio.create_task(call.collect())
        yield call
        gateway.finish.set()
        await transport.close()
        async with asyncio.timeout(20):
            await collecting
            await gateway.ended.wait()


Test = Callable[..., Awaitable[None]]


def over_all_lines(test: Test) -> Test:
    """Run a test over all transports side by side, for each needs its time on the real clock."""

    async def over(name: str, parameters: dict[str, object]) -> None:
        try:
            async with calling(LINES[name], Gateway()) as call:
                await test(call, **parameters)
        except BaseException as error:
            error.add_note(f"over {name}")
            raise

    @functools.wraps(test)
    async def run(**parameters: object) -> None:
        async with asyncio.TaskGroup() as group:
            for name in LINES:
                group.create_task(over(name, parameters))

    signature = inspect.signature(test)
    _call, *rest = signature.parameters.values()
    run.__signature__ = signature.replace(parameters=rest)  # type: ignore[attr-defined]
    return run
