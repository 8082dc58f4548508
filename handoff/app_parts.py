"""Building the parts of the front line from settings, once for every process that needs them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from frontline.clock import Clock, SystemClock
from frontline.database import Database
from frontline.redis import Redis
from frontline.settings import Settings
from handoff.bell import Bell
from handoff.cases import Cases
from handoff.conversations import Conversations
from handoff.queue import CaseQueue


@dataclass(frozen=True, slots=True)
class Parts:
    """What a process needs to follow conversations and cases."""

    clock: Clock
    database: Database
    redis: Redis
    bell: Bell
    conversations: Conversations
    queue: CaseQueue
    cases: Cases


@asynccontextmanager
async def open_parts(settings: Settings) -> AsyncIterator[Parts]:
    """The parts on the settings' database and Redis; closed at the end."""
    clock = SystemClock()
    database = Database(settings.resolved_database_url)
    redis = Redis(settings.redis_url)
    bell = Bell(redis)
    queue = CaseQueue(redis)
    conversations = Conversations(database, clock, lease_s=settings.bot_timeout_s + 4)
    cases = Cases(database, queue, bell, clock)
    try:
        yield Parts(clock, database, redis, bell, conversations, queue, cases)
    finally:
        await bell.close()
        await redis.close()
        await database.close()
