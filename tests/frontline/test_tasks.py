import asyncio
import contextlib

from frontline.tasks import end


async def stubborn(swallows: int) -> None:
    """A task that takes some cancels for something else."""
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            swallows -= 1
            if swallows < 0:
                raise


async def test_who_swallows_cancels_is_ended_even_by_one_who_is_cancelled() -> None:
    tasks = [asyncio.create_task(stubborn(n)) for n in (0, 2)]
    await asyncio.sleep(0)
    ending = asyncio.create_task(end(tasks))
    await asyncio.sleep(0.05)
    ending.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await ending
    assert all(task.cancelled() for task in tasks)
