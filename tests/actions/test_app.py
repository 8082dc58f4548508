import json
from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer
from rasa_sdk import Action
from rasa_sdk.interfaces import ActionExecutionRejection

from actions.app import EXECUTOR, MAX_BODY_BYTES, make_app
from actions.talk import Services
from frontline.settings import Settings
from tests.actions.doubles import FakeShop


class Declining(Action):
    def name(self) -> str:
        return "action_declining"

    async def run(self, dispatcher, tracker, domain):
        raise ActionExecutionRejection(self.name(), "not now")


class Failing(Action):
    def name(self) -> str:
        return "action_failing"

    async def run(self, dispatcher, tracker, domain):
        raise RuntimeError("00-950 is private")


@pytest.fixture
async def client(services: Services) -> AsyncIterator[TestClient]:
    app = make_app(Settings(), services.shop, services.identity, services.cases, services.clock)
    app[EXECUTOR].register_action(Declining())
    app[EXECUTOR].register_action(Failing())
    async with TestClient(TestServer(app)) as client:
        yield client


def call(action: str) -> dict:
    return {
        "next_action": action,
        "sender_id": "c",
        "version": "3.6.21",
        "tracker": {
            "sender_id": "c",
            "slots": {"language": "en", "introduced": True},
            "latest_message": {"text": "hi", "intent": {"name": "greet", "confidence": 1.0},
                               "entities": [], "metadata": {}},
            "events": [{"event": "user", "text": "hi", "input_channel": "web"}],
        },
    }  # fmt: skip


async def test_an_action_answers_with_responses_and_slots(client: TestClient) -> None:
    response = await client.post("/webhook", json=call("action_greet"))
    body = await response.json()
    assert response.status == 200
    assert [r["response"] for r in body["responses"]] == ["utter_dialogue_greet"]
    assert body["events"] == []


@pytest.mark.parametrize(
    ("action", "status", "error"),
    [
        ("action_declining", 400, "not now"),
        ("action_nobody", 404, "No registered action found for name 'action_nobody'."),
        ("action_failing", 500, "RuntimeError"),
        ("", 422, "no action named"),
    ],
)
async def test_what_fails_is_answered_as_rasa_expects(
    client: TestClient, action: str, status: int, error: str
) -> None:
    response = await client.post("/webhook", json=call(action))
    assert response.status == status
    assert await response.json() == {"action_name": action, "error": error}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"next_action": 1}', b"\xff\xfe"])
async def test_a_malformed_call_is_refused(client: TestClient, body: bytes) -> None:
    assert (await client.post("/webhook", data=body)).status == 422


async def test_a_tracker_that_is_too_large_is_refused(client: TestClient) -> None:
    body = json.dumps({"next_action": "x" * MAX_BODY_BYTES, "tracker": {}})
    assert (await client.post("/webhook", data=body)).status == 413


async def test_health_names_the_actions_and_the_shop_is_closed_at_the_end(
    services: Services, shop: FakeShop
) -> None:
    app = make_app(Settings(), services.shop, services.identity, services.cases, services.clock)
    async with TestClient(TestServer(app)) as client:
        body = await (await client.get("/health")).json()
    assert body["status"] == "ok"
    assert "action_order_status" in body["actions"]
    assert shop.closed
