"""Ending tasks for certain."""

import asyncio
import contextlib
from collections.abc import Iterable


async def end(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel, and again where a library swallowed it: redis-py may take one for a lost socket.

    Goes on when it is cancelled itself: a task that is left behind would keep the process alive.
    """
    waiting = set(tasks)
    while waiting:
        for task in waiting:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            _, waiting = await asyncio.wait(waiting, timeout=0.2)
