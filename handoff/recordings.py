"""Consent to recording a call, and until when a recording may be kept.

Nothing is recorded without it; the voice gateway asks here before it begins and deletes what is
over. Consent can be taken back at any time, as easily as it was given (GDPR, art. 7(3)).
"""

from datetime import timedelta

from sqlalchemy import select, update

from frontline.clock import Clock
from frontline.database import Database
from handoff import call_store
from handoff.call_store import CallState
from handoff.call_tables import calls

BATCH = 500


class Recordings:
    """What callers have agreed to."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def agree(self, call_id: str, keep: timedelta) -> None:
        """The caller agrees to being recorded from now on; saying so twice changes nothing.

        Args:
            call_id: a call that is going on.
            keep: how long the recording is kept.

        Raises:
            NotFoundError: there is no such call in the gateway.
        """
        now = self._clock.now()
        async with self._database.write() as connection:
            row = await call_store.known(connection, call_id, CallState.BOT)
            if row.recording_from is None or row.recording_revoked_at is not None:
                await call_store.change(
                    connection, call_id, recording_from=now, recording_revoked_at=None,
                    recording_until=now + keep,
                )  # fmt: skip

    async def revoke(self, call_id: str) -> None:
        """The caller takes consent back: what was recorded is to be deleted now.

        Raises:
            NotFoundError: there is no such call.
        """
        now = self._clock.now()
        async with self._database.write() as connection:
            row = await call_store.known(connection, call_id)
            if row.recording_from is not None and row.recording_revoked_at is None:
                await call_store.change(
                    connection, call_id, recording_revoked_at=now, recording_until=now
                )

    async def over(self) -> list[str]:
        """Ids of calls whose recording has to be deleted now, at most 500."""
        async with self._database.read() as connection:
            wanted = select(calls.c.id).where(calls.c.recording_until <= self._clock.now())
            return list(await connection.scalars(wanted.order_by(calls.c.id).limit(BATCH)))

    async def deleted(self, call_id: str) -> None:
        """The recording is gone; that there was consent stays on record."""
        async with self._database.write() as connection:
            await connection.execute(
                update(calls).where(calls.c.id == call_id).values(recording_until=None)
            )
