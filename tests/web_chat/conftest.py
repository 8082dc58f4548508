from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from frontline.settings import Settings
from handoff.app_parts import Parts
from tests.common.servers import BotDoor
from web_chat.app import make_app
from web_chat.client import ChatClient


@pytest.fixture
def settings(tmp_path: Path, door: BotDoor) -> Settings:
    return Settings(
        data_dir=tmp_path,
        rasa_url=door.url,
        bot_timeout_s=2,
        allowed_origins="http://shop.example.com",
        sockets_per_address=3,
        sessions_per_minute=20,
        messages_per_10s=20,
    )


@pytest.fixture
async def server(settings: Settings, parts: Parts, tmp_path: Path) -> AsyncIterator[TestServer]:
    dist = tmp_path / "dist"
    dist.mkdir()
    (dist / "widget.js").write_text("// widget")
    server = TestServer(make_app(settings, parts, dist))
    await server.start_server()
    yield server
    await server.close()


@pytest.fixture
async def customer(server: TestServer) -> AsyncIterator[ChatClient]:
    async with ChatClient(str(server.make_url("/"))) as client:
        yield client
