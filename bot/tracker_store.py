"""Conversations in Redis at a flat cost: a long conversation costs what a short one does.

Rasa's own store reads, parses and merges the stored conversation on every save, and replays all
of it on every message. Here only the last few turns are kept; what the older ones left behind,
the slot values and the active loop, is put before them as events. The full conversation is in
the switchboard's SQL log.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from redis_connection import connect, redis_url

PREFIX = "frontline:rasa:tracker:"
KEEP_TURNS = 4
"""Customer turns that stay whole."""
EXPIRE_H = 48.0


class RedisTrackerStore(TrackerStore):
    """Rasa's tracker store on one Redis string per conversation."""

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        *,
        host: str | None = None,
        url: str | None = None,
        record_exp_h: float = EXPIRE_H,
        keep_turns: int = KEEP_TURNS,
        **kwargs: Any,
    ) -> None:
        # Rasa passes the `url` of endpoints.yml as `host`
        self._redis = connect(redis_url(url or host))
        self._expire_s = int(record_exp_h * 3600)
        self._keep_turns = keep_turns
        super().__init__(domain, event_broker, **kwargs)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the last turns of a conversation, and what the older ones left behind."""
        if self.event_broker:
            await self.stream_events(tracker)
        events = shorten([e.as_dict() for e in tracker.events], self._keep_turns)
        text = json.dumps(events, ensure_ascii=False, separators=(",", ":"))
        await self._redis.set(PREFIX + tracker.sender_id, text, ex=self._expire_s)

    async def create_tracker(
        self, sender_id: str, append_action_listen: bool = True
    ) -> DialogueStateTracker:
        """A fresh conversation; it is stored only after its first turn."""
        tracker = self.init_tracker(sender_id)
        if append_action_listen:
            tracker.update(Event.from_parameters(_action(ACTION_LISTEN_NAME, time.time())))
        return tracker

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation as it was saved, or None."""
        text = await self._redis.get(PREFIX + sender_id)
        if text is None:
            return None
        events = [Event.from_parameters(e) for e in json.loads(text)]
        return DialogueStateTracker.from_events(
            sender_id, [e for e in events if e is not None], self.domain.slots
        )

    async def keys(self) -> Iterable[str]:
        """Identifiers of all stored conversations."""
        found = [k async for k in self._redis.scan_iter(match=PREFIX + "*", count=1_000)]
        return [k.decode()[len(PREFIX) :] for k in found]


def shorten(events: list[dict[str, Any]], keep_turns: int) -> list[dict[str, Any]]:
    """Keep the last turns; put the slot values and loop of the dropped part before them.

    A turn begins with the `action_listen` before a customer's message. What is put in front is the
    start of a session, so that Rasa does not start another one.
    """
    cut = _cut(events, keep_turns)
    if cut <= 0:
        return events
    dropped, kept = events[:cut], events[cut:]
    at = dropped[-1]["timestamp"]
    head = [
        _action(ACTION_SESSION_START_NAME, at),
        {"event": "session_started", "timestamp": at},
    ]
    slots, loop = _left_behind(dropped)
    for name, value in slots.items():
        head.append({"event": "slot", "timestamp": at, "name": name, "value": value})
    if loop:
        head.append({"event": "active_loop", "timestamp": at, "name": loop})
    return head + kept


def _cut(events: list[dict[str, Any]], keep_turns: int) -> int:
    """Index at which the kept turns begin; 0 = nothing to drop."""
    seen = 0
    for index in range(len(events) - 1, 0, -1):
        if events[index]["event"] == "user":
            seen += 1
            if seen == keep_turns:
                before = events[index - 1]
                listens = before["event"] == "action" and before["name"] == ACTION_LISTEN_NAME
                return index - 1 if listens else index
    return 0


def _left_behind(events: list[dict[str, Any]]) -> tuple[dict[str, Any], str | None]:
    slots: dict[str, Any] = {}
    loop: str | None = None
    for event in events:
        kind = event["event"]
        if kind == "slot":
            slots[event["name"]] = event.get("value")
        elif kind == "active_loop":
            loop = event.get("name")
        elif kind in ("reset_slots", "restart", "session_started"):
            slots.clear()
            loop = None if kind != "reset_slots" else loop
    return slots, loop


def _action(name: str, at: float) -> dict[str, Any]:
    return {"event": "action", "timestamp": at, "name": name, "policy": None, "confidence": None}
