import json

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered
from redis.exceptions import RedisError

from tracker_store import PREFIX, RedisTrackerStore, shorten

DOMAIN = Domain.from_dict(
    {
        "version": "3.1",
        "intents": ["greet"],
        "slots": {
            name: {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
            for name in ("form", "order_number")
        },
    }
)


def turn(number):
    return [
        ActionExecuted("action_listen"),
        UserUttered(f"message {number}", {"name": "greet"}, metadata={"turn_id": str(number)}),
        ActionExecuted("action_greet"),
        SlotSet("form", f"form {number}"),
        BotUttered(f"reply {number}"),
    ]


def conversation(store, turns):
    tracker = store.init_tracker("c1")
    start = [
        ActionExecuted("action_session_start"),
        SessionStarted(),
        SlotSet("order_number", "104731"),
    ]
    tracker.update_with_events([*start, *(e for n in range(turns) for e in turn(n))], DOMAIN)
    return tracker


async def test_a_conversation_comes_back_as_it_was(redis_server):
    store = RedisTrackerStore(DOMAIN, url=redis_server.url)
    tracker = conversation(store, 2)
    await store.save(tracker)
    again = await store.retrieve("c1")
    assert [e.as_dict() for e in again.events] == [e.as_dict() for e in tracker.events]
    assert again.current_slot_values() == tracker.current_slot_values()
    assert list(await store.keys()) == ["c1"]


async def test_an_unknown_conversation_is_none_and_starts_empty(redis_server):
    store = RedisTrackerStore(DOMAIN, url=redis_server.url)
    assert await store.retrieve("nobody") is None
    tracker = await store.get_or_create_tracker("nobody", append_action_listen=False)
    assert not tracker.events


async def test_a_long_conversation_is_stored_no_larger_than_a_short_one(redis_server):
    store = RedisTrackerStore(DOMAIN, url=redis_server.url)
    sizes = []
    for turns in (6, 60):
        await store.save(conversation(store, turns))
        sizes.append(await store._redis.strlen(PREFIX + "c1"))
    assert sizes[1] <= sizes[0] * 1.1


async def test_slot_values_survive_their_turn(redis_server):
    store = RedisTrackerStore(DOMAIN, url=redis_server.url)
    await store.save(conversation(store, 60))
    again = await store.retrieve("c1")
    assert again.get_slot("order_number") == "104731"
    assert again.get_slot("form") == "form 59"
    assert [e.text for e in again.events if isinstance(e, UserUttered)] == [
        f"message {n}" for n in (56, 57, 58, 59)
    ]
    assert again.applied_events()


async def test_shortening_again_and_again_loses_nothing(redis_server):
    store = RedisTrackerStore(DOMAIN, url=redis_server.url)
    tracker = conversation(store, 0)
    for number in range(20):
        tracker.update_with_events(turn(number), DOMAIN)
        await store.save(tracker)
        tracker = await store.retrieve("c1")
    assert tracker.get_slot("order_number") == "104731"
    assert tracker.get_slot("form") == "form 19"


async def test_a_conversation_expires(redis_server):
    store = RedisTrackerStore(DOMAIN, url=redis_server.url, record_exp_h=1)
    await store.save(conversation(store, 1))
    assert 3_500 < await store._redis.ttl(PREFIX + "c1") <= 3_600


async def test_an_outage_is_an_error_and_ends_by_itself(redis_server):
    store = RedisTrackerStore(DOMAIN, url=redis_server.url)
    await store.save(conversation(store, 1))
    redis_server.stop()
    with pytest.raises((RedisError, OSError)):
        await store.retrieve("c1")
    redis_server.start()
    await store.save(conversation(store, 1))
    assert await store.retrieve("c1") is not None


def test_an_active_loop_and_a_reset_are_kept():
    events = [e.as_dict() for n in range(9) for e in turn(n)]
    events.insert(0, {"event": "slot", "timestamp": 0.0, "name": "order_number", "value": "1"})
    events.insert(1, {"event": "reset_slots", "timestamp": 0.0})
    events.insert(2, {"event": "active_loop", "timestamp": 0.0, "name": "some_form"})
    head = shorten(events, 2)[:4]
    assert [e["event"] for e in head] == ["action", "session_started", "slot", "active_loop"]
    assert "order_number" not in json.dumps(head)


def test_few_turns_are_left_alone():
    events = [e.as_dict() for n in range(3) for e in turn(n)]
    assert shorten(events, 4) is events
    assert shorten([], 4) == []
