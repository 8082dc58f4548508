"""Takes calls, as many as the machine can serve; whoever cannot be served is told, and queued."""

import asyncio
import contextlib

import structlog

from frontline.errors import NotFoundError, UnavailableError
from frontline.lang import Language
from voice_gateway.session import Session
from voice_gateway.shared import Shared
from voice_gateway.texts import line_text
from voice_gateway.transport.port import Transport
from voice_gateway.turn_times import CALLS, CALLS_REFUSED

log = structlog.get_logger()

SAYS_WITHIN_S = 10.0


class Exchange:
    """All calls of this process."""

    def __init__(self, shared: Shared, most: int) -> None:
        self._shared = shared
        self._most = most
        self._calls = 0

    @property
    def is_full(self) -> bool:
        """Are there as many calls as there may be?"""
        return self._calls >= self._most

    async def serve(self, transport: Transport) -> None:
        """Serve one call, from its beginning to its end."""
        start = transport.start
        if self.is_full:
            await self._excuse(transport, "busy")
            return
        self._calls += 1
        CALLS.labels(start.transport).inc()
        try:
            await Session(transport, self._shared).run()
        except NotFoundError:
            log.warning("call.not_announced", call_id=start.call_id)
            CALLS_REFUSED.labels("not_announced").inc()
            await transport.close()
        except UnavailableError as error:
            log.warning("call.cannot_be_served", call_id=start.call_id, error=str(error))
            await self._excuse(transport, "trouble")
        finally:
            self._calls -= 1
            CALLS.labels(start.transport).dec()

    async def _excuse(self, transport: Transport, why: str) -> None:
        """Say why, and let the line take the caller to the queue."""
        CALLS_REFUSED.labels(why).inc()
        language: Language = transport.start.language or "pl"
        with contextlib.suppress(UnavailableError, TimeoutError):
            async with asyncio.timeout(SAYS_WITHIN_S):
                async for sound in self._shared.voice.speak(line_text(why, language), language):
                    await transport.play(sound)
        await transport.leave("queue")
        await transport.close()
