"""Building the parts of the front line from settings, once for every process that needs them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from frontline.clock import Clock, SystemClock
from frontline.database import Database
from frontline.redis import Redis
from frontline.settings import Settings
from handoff.bell import Bell
from handoff.calls import Calls
from handoff.cases import Cases
from handoff.codes import Codes
from handoff.conversations import Conversations
from handoff.dispatcher import Dispatcher
from handoff.handling import Handling
from handoff.queue import CaseQueue
from handoff.recordings import Recordings
from handoff.relay import Relay
from handoff.routing import Routing, load_routing
from handoff.switching import Switching


@dataclass(frozen=True, slots=True)
class Parts:
    """What a process needs to follow conversations and cases."""

    clock: Clock
    database: Database
    redis: Redis
    bell: Bell
    conversations: Conversations
    queue: CaseQueue
    routing: Routing
    relay: Relay
    cases: Cases
    handling: Handling
    calls: Calls
    switching: Switching
    recordings: Recordings
    dispatcher: Dispatcher


def make_parts(
    clock: Clock,
    database: Database,
    redis: Redis,
    routing: Routing,
    lease_s: float = 12,
    *,
    key: bytes,
) -> Parts:
    """The parts on these stores.

    Args:
        clock: tells the time.
        database: the record.
        redis: what is live.
        routing: who gets which case.
        lease_s: how long a process may take for the bot's answer.
        key: the installation's secret.
    """
    bell = Bell(redis)
    queue = CaseQueue(redis, clock=clock)
    relay = Relay(database, queue, bell, routing)
    handling = Handling(database, relay, routing, clock)
    cases, codes = Cases(database, relay, routing, clock), Codes(key)
    return Parts(
        clock=clock,
        database=database,
        redis=redis,
        bell=bell,
        conversations=Conversations(database, clock, lease_s=lease_s),
        queue=queue,
        routing=routing,
        relay=relay,
        cases=cases,
        handling=handling,
        calls=Calls(database, cases, handling, relay, bell, routing, codes, clock),
        switching=Switching(database, relay, bell, codes, clock),
        recordings=Recordings(database, clock),
        dispatcher=Dispatcher(database, redis, queue, relay, handling, routing, clock),
    )


@asynccontextmanager
async def open_parts(settings: Settings) -> AsyncIterator[Parts]:
    """The parts on the settings' database and Redis; closed at the end."""
    database = Database(settings.resolved_database_url)
    redis = Redis(settings.redis_url)
    routing = load_routing(settings.routing_file, always_open=settings.always_open)
    parts = make_parts(
        SystemClock(), database, redis, routing, settings.bot_timeout_s + 4,
        key=settings.secret_key(),
    )  # fmt: skip
    try:
        yield parts
    finally:
        await parts.bell.close()
        await redis.close()
        await database.close()
