"""An agent's browser for tests and benchmarks: the desk's API and socket over real connections."""

import asyncio
import itertools
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import ClientWebSocketResponse, CookieJar

ORIGIN = "http://desk.example.com"
PASSWORD = "correct horse battery"
PATIENCE_S = 10


class Answered:
    """An HTTP answer, read."""

    def __init__(self, status: int, body: Any, headers: Any) -> None:
        self.status = status
        self.body = body
        self.headers = headers

    @property
    def code(self) -> str:
        return str(self.body["code"])


class DeskBrowser:
    """One browser with its cookies."""

    def __init__(self, url: str, agent_id: str = "", origin: str = ORIGIN) -> None:
        self.url = url.rstrip("/")
        self.agent_id = agent_id
        self.origin = origin
        self.csrf = ""
        self.http = aiohttp.ClientSession(cookie_jar=CookieJar(unsafe=True))
        self._keys = itertools.count(1)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _t: type[BaseException] | None, _e: BaseException | None, _b: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self.http.close()

    async def log_in(self, login: str, password: str = PASSWORD) -> Answered:
        answer = await self.ask("POST", "/login", {"login": login, "password": password})
        if answer.status == 200:
            self.csrf = answer.body["csrf"]
            self.agent_id = answer.body["agent"]["id"]
        return answer

    async def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> Answered:
        sent = {"Origin": self.origin, "X-CSRF-Token": self.csrf} | (headers or {})
        if body is not None:
            more["json"] = body
        url = f"{self.url}/api/v1{path}"
        async with self.http.request(method, url, headers=sent, **more) as response:
            raw = await response.read()
            is_json = "json" in response.content_type
            return Answered(
                response.status, await response.json(content_type=None) if is_json else raw,
                response.headers,
            )  # fmt: skip

    async def get(self, path: str, **query: Any) -> Any:
        answer = await self.ask("GET", path, params=query)
        assert answer.status == 200, answer.body
        return answer.body

    async def post(self, path: str, body: Any = None, *, key: str = "", rev: int = 0) -> Any:
        headers = {"Idempotency-Key": key or f"key-{next(self._keys)}"}
        if rev:
            headers["If-Match"] = f'"{rev}"'
        answer = await self.ask("POST", path, body, headers=headers)
        assert answer.status in (200, 204), answer.body
        return answer.body

    async def put(self, path: str, body: Any) -> Any:
        answer = await self.ask("PUT", path, body)
        assert answer.status in (200, 204), answer.body
        return answer.body

    async def tab(self, seen: dict[str, int] | None = None) -> "Tab":
        """A browser tab: an open socket that has said hello."""
        tab = Tab(await self.socket())
        await tab.say("hello", csrf=self.csrf, seen=seen or {})
        await tab.hear("hello")
        return tab

    async def socket(self, **headers: str) -> ClientWebSocketResponse:
        sent = {"Origin": self.origin} | headers
        return await self.http.ws_connect(f"{self.url}/api/v1/socket", headers=sent)


class Tab:
    """A socket of the desk that remembers everything it heard."""

    def __init__(self, ws: ClientWebSocketResponse) -> None:
        self.ws = ws
        self.heard: list[dict[str, Any]] = []

    async def say(self, kind: str, **data: Any) -> None:
        await self.ws.send_json({"v": 1, "type": kind, "data": data})

    async def hear(self, kind: str, **fields: Any) -> dict[str, Any]:
        """The data of the next frame of this kind in which these fields are so."""
        async with asyncio.timeout(PATIENCE_S):
            async for message in self.ws:
                frame = message.json()
                self.heard.append(frame)
                data: dict[str, Any] = frame["data"]
                if frame["type"] == kind and all(data.get(k) == v for k, v in fields.items()):
                    return data
        raise AssertionError(f"the socket ended without {kind} {fields}")

    async def hear_case(self, kind: str, state: str) -> dict[str, Any]:
        """The next row of a case in this state."""
        while True:
            data = await self.hear(kind)
            if data["case"]["state"] == state:
                row: dict[str, Any] = data["case"]
                return row

    async def hear_turn(self, text: str) -> dict[str, Any]:
        """The turn with this text."""
        while True:
            turn: dict[str, Any] = (await self.hear("turn"))["turn"]
            if turn["text"] == text:
                return turn

    async def closed(self) -> int | None:
        """The code with which the server closes."""
        async with asyncio.timeout(PATIENCE_S):
            async for message in self.ws:
                self.heard.append(message.json())
        return self.ws.close_code
