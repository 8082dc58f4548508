"""A customer of the real chat socket, for the terminal, tests and benchmarks."""

import uuid
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import aiohttp
import msgspec

from frontline.errors import UnavailableError


class ChatClient:
    """One customer: opens a session, says things, hears turns. Resumes where it was."""

    def __init__(self, url: str, language: str = "pl") -> None:
        self._url = url.rstrip("/")
        self._language = language
        self.token: str | None = None
        self.conversation: str | None = None
        self.seen = 0
        """Highest seq received."""
        self._http = aiohttp.ClientSession()
        self._ws: aiohttp.ClientWebSocketResponse | None = None

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def connect(self) -> None:
        """Open the socket, with a new session when there is none yet.

        Raises:
            UnavailableError: the server does not answer or refuses.
        """
        try:
            if self.token is None:
                body = {"language": self._language}
                async with self._http.post(f"{self._url}/chat/session", json=body) as answer:
                    answer.raise_for_status()
                    session = await answer.json()
                self.token, self.conversation = session["token"], session["conversation"]
            self._ws = await self._http.ws_connect(f"{self._url}/chat/socket", heartbeat=20)
            await self.send("hello", token=self.token, after_seq=self.seen)
        except (aiohttp.ClientError, OSError) as error:
            raise UnavailableError(f"no chat at {self._url}: {error}") from None

    async def send(self, kind: str, **fields: Any) -> None:
        """Send one frame."""
        if self._ws is None:
            raise UnavailableError("not connected")
        try:
            await self._ws.send_str(msgspec.json.encode({"type": kind, **fields}).decode())
        except (aiohttp.ClientError, ConnectionError) as error:
            raise UnavailableError("the connection was lost") from error

    async def say(self, text: str, client_id: str | None = None) -> str:
        """Say `text`; returns the message's client id."""
        client_id = client_id or str(uuid.uuid4())
        await self.send("say", client_id=client_id, text=text)
        return client_id

    async def send_file(self, name: str, content: bytes, client_id: str | None = None) -> str:
        """Send a photo or a paper; returns its id.

        Raises:
            UnavailableError: the server does not answer or refuses.
        """
        headers = {
            "Authorization": f"Bearer {self.token}",
            "X-Client-Id": client_id or str(uuid.uuid4()),
            "X-File-Name": quote(name),
        }
        try:
            async with self._http.post(
                f"{self._url}/chat/files", data=content, headers=headers
            ) as answer:
                answer.raise_for_status()
                file_id: str = (await answer.json())["file"]["id"]
                return file_id
        except (aiohttp.ClientError, OSError) as error:
            raise UnavailableError(f"the file was not taken: {error}") from None

    async def fetch_file(self, file_id: str) -> bytes:
        """The content of a file of this conversation; errors as `send_file`."""
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            async with self._http.get(
                f"{self._url}/chat/files/{file_id}", headers=headers
            ) as answer:
                answer.raise_for_status()
                return await answer.read()
        except (aiohttp.ClientError, OSError) as error:
            raise UnavailableError(f"the file was not given: {error}") from None

    async def frames(self) -> AsyncIterator[dict[str, Any]]:
        """Frames as they come, until the connection ends. Turns come once each, in order."""
        if self._ws is None:
            raise UnavailableError("not connected")
        async for message in self._ws:
            if message.type != aiohttp.WSMsgType.TEXT:
                break
            frame: dict[str, Any] = msgspec.json.decode(message.data)
            if frame["type"] == "turn":
                if frame["seq"] <= self.seen:
                    continue
                self.seen = frame["seq"]
            yield frame

    async def hang_up(self) -> None:
        """Drop the socket; the session stays."""
        if self._ws is not None:
            await self._ws.close()
            self._ws = None

    async def close(self) -> None:
        """Drop everything."""
        await self.hang_up()
        await self._http.close()
