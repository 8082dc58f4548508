from datetime import timedelta

import pytest

from frontline.clock import ManualClock
from frontline.errors import NotFoundError
from handoff.app_parts import Parts
from tests.handoff.calls.conftest import CALL, Ring

KEEP = timedelta(days=30)


async def test_nobody_is_recorded_who_has_not_agreed(parts: Parts, ring: Ring) -> None:
    with pytest.raises(NotFoundError):
        await parts.recordings.agree(CALL, KEEP)
    await ring()
    assert not (await parts.calls.get(CALL)).recording
    await parts.recordings.agree(CALL, KEEP)
    assert (await parts.calls.get(CALL)).recording


async def test_a_recording_is_deleted_when_its_time_is_over(
    parts: Parts, ring: Ring, clock: ManualClock
) -> None:
    await ring()
    await parts.recordings.agree(CALL, KEEP)
    clock.advance(10)
    await parts.recordings.agree(CALL, KEEP)
    clock.advance(KEEP.total_seconds() - 11)
    assert await parts.recordings.over() == []
    clock.advance(1)
    assert await parts.recordings.over() == [CALL]
    await parts.recordings.deleted(CALL)
    assert await parts.recordings.over() == []


async def test_who_takes_consent_back_is_recorded_no_more(parts: Parts, ring: Ring) -> None:
    await ring()
    await parts.recordings.revoke(CALL)
    assert await parts.recordings.over() == []
    await parts.recordings.agree(CALL, KEEP)
    await parts.recordings.revoke(CALL)
    assert not (await parts.calls.get(CALL)).recording
    assert await parts.recordings.over() == [CALL]
