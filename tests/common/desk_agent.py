"""The desk as an agent's browser uses it, without the browser."""

import asyncio
import uuid
from typing import Any

import aiohttp
import msgspec

JSON = "application/json"


class DeskRefusedError(Exception):
    """The desk's answer is a problem."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem}")
        self.status = status
        self.code = str(problem.get("code"))
        self.problem = problem


class DeskClient:
    """One agent at one of several desk processes; goes on at the next when one is gone."""

    def __init__(self, *urls: str) -> None:
        self._urls = list(urls)
        self._session = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True), timeout=aiohttp.ClientTimeout(total=20)
        )
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self.agent: dict[str, Any] = {}
        self.csrf = ""
        self.held: dict[str, dict[str, Any]] = {}
        """Cases that the desk has shown as this agent's."""
        self.offers: dict[str, dict[str, Any]] = {}
        """Cases that ring here."""

    @property
    def url(self) -> str:
        return self._urls[0]

    def next_desk(self) -> None:
        """Turn to another process, as behind a balancer."""
        self._urls.append(self._urls.pop(0))

    async def log_in(self, login: str, password: str) -> None:
        entered = await self.ask("POST", "/login", {"login": login, "password": password})
        self.agent, self.csrf = entered["agent"], entered["csrf"]

    async def ask(
        self, method: str, path: str, body: Any = None, *, key: str = "", rev: int | None = None
    ) -> Any:
        """One request; what is lost on the way is sent again, under the same key.

        Raises:
            DeskRefusedError: the desk does not want it.
            aiohttp.ClientError, TimeoutError: nobody answers.
        """
        key = key or (str(uuid.uuid4()) if method == "POST" else "")
        for left in (3, 2, 1, 0):
            try:
                return await self._ask(method, path, body, key, rev)
            except (aiohttp.ClientError, TimeoutError):
                if not left:
                    raise
                self.next_desk()
                await asyncio.sleep(0.3)
        return None

    async def _ask(self, method: str, path: str, body: Any, key: str, rev: int | None) -> Any:
        headers = {"Origin": self.url, "X-CSRF-Token": self.csrf}
        headers |= {"Idempotency-Key": key} if key else {}
        headers |= {"If-Match": f'"{rev}"'} if rev is not None else {}
        data = None if body is None else msgspec.json.encode(body)
        if data is not None:
            headers["Content-Type"] = JSON
        address = f"{self.url}/api/v1{path}"
        async with self._session.request(method, address, data=data, headers=headers) as answer:
            raw = await answer.read()
            if answer.status >= 400:
                problem = msgspec.json.decode(raw) if "json" in answer.content_type else {}
                raise DeskRefusedError(answer.status, problem)
            return msgspec.json.decode(raw) if "json" in answer.content_type and raw else raw

    async def do(self, case: dict[str, Any], what: str, **body: Any) -> dict[str, Any]:
        """A step with a case, under the fence that the agent has."""
        path = f"/cases/{case['id']}/{what}"
        answer: dict[str, Any] = await self.ask("POST", path, {"fence": case["fence"], **body})
        return answer

    async def presence(self, presence: str) -> None:
        await self.ask("PUT", "/me/presence", {"presence": presence})

    async def connect(self) -> None:
        """Open the socket and say hello."""
        self.held.clear()
        self.offers.clear()
        headers = {"Origin": self.url}
        self._socket = await self._session.ws_connect(f"{self.url}/api/v1/socket", headers=headers)
        await self.send("hello", csrf=self.csrf, seen={})

    async def send(self, kind: str, **data: Any) -> None:
        if self._socket is None:
            raise ConnectionError("not connected")
        await self._socket.send_str(
            msgspec.json.encode({"v": 1, "type": kind, "data": data}).decode()
        )

    async def heartbeat(self) -> None:
        """A sign of life for the agent and what they hold."""
        await self.send("heartbeat", cases={name: row["fence"] for name, row in self.held.items()})

    async def frame(self) -> tuple[str, dict[str, Any]]:
        """The next frame; what it says about this agent's cases is taken note of.

        Raises:
            ConnectionError: the socket is gone.
        """
        if self._socket is None:
            raise ConnectionError("not connected")
        message = await self._socket.receive()
        if message.type != aiohttp.WSMsgType.TEXT:
            raise ConnectionError(f"the socket is {message.type.name}")
        envelope = msgspec.json.decode(message.data)
        self._note(envelope["type"], envelope["data"])
        return envelope["type"], envelope["data"]

    def _note(self, kind: str, data: dict[str, Any]) -> None:
        if kind == "offer.created":
            self.offers[data["case"]["id"]] = data["case"]
        elif kind in ("offer.gone", "case.lost"):
            self.offers.pop(data["case_id"], None)
            self.held.pop(data["case_id"], None)
        elif kind == "case.updated":
            self.take(data["case"])

    def take(self, row: dict[str, Any]) -> None:
        """This is how a case stands now."""
        known = self.held.get(row["id"])
        if known and known["rev"] > row["rev"]:
            return
        self.held.pop(row["id"], None)
        mine = row["agent_id"] == self.agent["id"]
        if mine and row["state"] in ("active", "on_hold", "wrap_up"):
            self.held[row["id"]] = row
        if row["state"] != "offered":
            self.offers.pop(row["id"], None)

    async def close(self) -> None:
        await self._session.close()
