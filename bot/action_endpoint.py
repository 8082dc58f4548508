"""Calls to the action server over connections that stay open."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import ujson
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import ClientResponseError, EndpointConfig, concat_url

ANSWER_S = 6.0
"""Less than the customer waits for the whole bot, so that the failure is told in time."""
CONNECT_S = 1.0


class ActionServerError(RasaException):
    """The action server cannot be reached, took too long, or failed."""


class ActionEndpoint(EndpointConfig):
    """Rasa's endpoint with one client session for all calls."""

    _session: aiohttp.ClientSession | None = None

    @classmethod
    def from_config(cls, config: EndpointConfig) -> ActionEndpoint:
        """The same endpoint as configured in `endpoints.yml`."""
        return cls(
            config.url,
            config.params,
            config.headers,
            config.basic_auth,
            config.token,
            config.token_name,
            config.cafile,
            **config.kwargs,
        )

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Call the action server and return its answer.

        Raises:
            ActionServerError: no usable answer within `ANSWER_S` seconds.
            ClientResponseError: status 400, by which an action refuses to run.
        """
        try:
            async with self._client().request(
                method,
                concat_url(self.url, subpath),
                json=kwargs.get("json"),
                params=self.combine_parameters(),
                compress=compress or None,
            ) as response:
                body = await response.read()
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise ActionServerError(type(error).__name__) from None
        if response.status == 400:
            raise ClientResponseError(response.status, response.reason, body)
        if response.status != 200:
            raise ActionServerError(f"status {response.status}")
        try:
            return ujson.loads(body)
        except ValueError:
            raise ActionServerError("the answer is not JSON") from None

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            auth = aiohttp.BasicAuth(**self.basic_auth) if self.basic_auth else None
            self._session = aiohttp.ClientSession(
                headers=self.headers,
                auth=auth,
                json_serialize=ujson.dumps,
                timeout=aiohttp.ClientTimeout(total=ANSWER_S, connect=CONNECT_S),
            )
        return self._session

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
