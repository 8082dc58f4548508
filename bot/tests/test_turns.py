"""Whole turns through Rasa with a small trained bot, a real Redis and a real action server."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web
from rasa.core.agent import Agent
from rasa.shared.core.events import UserUttered
from rasa.utils.endpoints import EndpointConfig

import patches
from action_endpoint import ActionEndpoint
from channel import FrontlineOutput, Turn, _process
from lock_store import RedisLockStore
from tracker_store import RedisTrackerStore
from train import train

SMALL = Path(__file__).resolve().parent / "small_bot"
BOT = SMALL.parent.parent


@pytest.fixture(scope="session")
def model(tmp_path_factory):
    patches.apply()
    path = tmp_path_factory.mktemp("model") / "small.tar.gz"
    train(SMALL / "data", SMALL / "domain.yml", BOT / "config.yml", path)
    return path


class ActionServer:
    """Answers like the action server, counts the calls, and can be slow or broken."""

    def __init__(self) -> None:
        self.calls: list[dict] = []
        self.answer = {
            "events": [{"event": "slot", "name": "form", "value": "status"}],
            "responses": [{"response": "utter_order", "order": "104731"}],
        }
        self.status = 200
        self.gate = asyncio.Event()
        self.gate.set()

    async def handle(self, request: web.Request) -> web.Response:
        self.calls.append(await request.json())
        await self.gate.wait()
        return web.json_response(self.answer, status=self.status)

    async def start(self, port: int = 0) -> int:
        app = web.Application(client_max_size=2**22)
        app.router.add_post("/webhook", self.handle)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        return self._runner.addresses[0][1]

    async def stop(self) -> None:
        await self._runner.cleanup()


@pytest.fixture
async def actions():
    server = ActionServer()
    server.port = await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def bot(model, redis_server, actions):
    agent = Agent.load(
        model,
        tracker_store=RedisTrackerStore(url=redis_server.url),
        lock_store=RedisLockStore(url=redis_server.url),
        action_endpoint=EndpointConfig(
            f"http://127.0.0.1:{actions.port}/webhook", enable_selective_domain=True
        ),
    )
    yield agent
    await agent.processor.action_endpoint.close()


async def say(agent, text, turn_id="t1", sender="c1", channel="web", language="pl"):
    turn = Turn(sender, turn_id, text, channel, language, False, None)
    output = FrontlineOutput(channel)
    await _process(turn, output, agent.handle_message)
    lines = []
    while (line := await output.next_line()) is not None:
        lines.append(line)
    return lines


async def test_a_turn_gives_its_replies_and_what_was_understood(bot, actions):
    reply, done = await say(bot, "gdzie jest moja paczka 104731")
    assert reply == {"type": "reply", "text": "Zamówienie 104731", "buttons": [], "custom": None}
    assert done["intent"]["name"] == "order_status"
    assert [(e["entity"], e["value"]) for e in done["entities"]] == [("order_number", "104731")]
    assert done["slots"] == {"language": "pl", "form": "status"}
    assert (done["language"], done["replayed"]) == ("pl", False)
    assert "domain" not in actions.calls[0]


async def test_channel_and_language_choose_the_wording(bot):
    assert (await say(bot, "gdzie jest moja paczka", channel="voice"))[0][
        "text"
    ] == "Zamówienie, głosem"
    lines = await say(bot, "where is my parcel", turn_id="t2", sender="c2", language="en")
    assert lines[0]["text"] == "Order 104731"


async def test_a_turn_is_processed_once_and_repeated_from_memory(bot, actions):
    first = await say(bot, "gdzie jest moja paczka")
    await say(bot, "dzień dobry", turn_id="t2")
    again = await say(bot, "gdzie jest moja paczka")
    assert again[0] == first[0]
    assert again[1]["replayed"] is True
    assert len(actions.calls) == 1


async def test_the_same_turn_posted_twice_at_once_is_processed_once(bot, actions):
    both = await asyncio.gather(*(say(bot, "gdzie jest moja paczka") for _ in range(2)))
    assert sorted(lines[-1]["replayed"] for lines in both) == [False, True]
    assert both[0][0] == both[1][0]
    assert len(actions.calls) == 1


async def test_a_failed_action_fails_the_turn_and_it_can_be_tried_again(bot, actions):
    actions.status = 500
    assert await say(bot, "gdzie jest moja paczka") == [
        {"type": "failed", "error": "ActionServerError"}
    ]
    actions.status = 200
    reply, done = await say(bot, "gdzie jest moja paczka")
    assert reply["text"] == "Zamówienie 104731"
    assert done["replayed"] is False


async def test_a_stopped_action_server_fails_the_turn_until_it_is_back(bot, actions):
    await actions.stop()
    assert (await say(bot, "gdzie jest moja paczka"))[0]["type"] == "failed"
    await actions.start(actions.port)
    assert (await say(bot, "gdzie jest moja paczka"))[-1]["type"] == "done"


async def test_an_answer_of_the_wrong_form_fails_the_turn(bot, actions):
    actions.answer = {"events": [{"event": "no such event"}], "responses": []}
    assert (await say(bot, "gdzie jest moja paczka"))[0]["type"] == "failed"


async def test_a_slow_action_server_fails_the_turn_in_time(bot, actions, monkeypatch):
    monkeypatch.setattr("action_endpoint.ANSWER_S", 0.1)
    actions.gate.clear()
    assert await say(bot, "gdzie jest moja paczka") == [
        {"type": "failed", "error": "ActionServerError"}
    ]
    actions.gate.set()


async def test_a_redis_outage_fails_turns_and_ends_by_itself(bot, redis_server):
    assert (await say(bot, "gdzie jest moja paczka"))[-1]["type"] == "done"
    redis_server.stop()
    assert [line["type"] for line in await say(bot, "tak", turn_id="t2")] == ["failed"]
    redis_server.start()
    assert (await say(bot, "tak", turn_id="t2"))[-1]["intent"]["name"] == "affirm"


async def test_a_payload_is_processed_without_the_model(bot):
    done = (await say(bot, "/affirm", language="en"))[-1]
    assert done["intent"] == {"name": "affirm", "confidence": 1.0}
    assert done["language"] == "en"


@pytest.mark.parametrize(
    "text", ["", "😀", "?" * 4_000, "<script>alert(1)</script>", "\x00", "/", "/nobody"]
)
async def test_senseless_messages_are_answered_or_passed_over(bot, text):
    assert (await say(bot, text))[-1]["type"] == "done"


async def test_a_long_conversation_sends_no_more_than_a_short_one(bot, actions):
    for number in range(12):
        await say(bot, "gdzie jest moja paczka", turn_id=f"t{number}")
    sizes = [len(call["tracker"]["events"]) for call in actions.calls]
    assert max(sizes[5:]) == sizes[-1] < 50
    tracker = await bot.processor.tracker_store.retrieve("c1")
    assert sum(isinstance(e, UserUttered) for e in tracker.events) == 4
    assert tracker.get_slot("form") == "status"


def test_an_endpoint_keeps_its_configuration():
    config = EndpointConfig("http://x", token="t", enable_selective_domain=True)  # noqa: S106
    ours = ActionEndpoint.from_config(config)
    assert (ours.url, ours.token, ours.kwargs) == (
        "http://x",
        "t",
        {"enable_selective_domain": True},
    )
