from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from frontline.errors import SettingsError
from frontline.lang import Language
from frontline.settings import Settings
from frontline.speech_models import Kind, Model, Origin
from handoff.app_parts import Parts
from web_chat import demo
from web_chat.app import make_app


@pytest.fixture(autouse=True)
def models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Polish is heard by a demo model, English by none."""

    def find(settings: Settings, kind: Kind, language: Language) -> Model:
        if language == "en":
            raise SettingsError("no model")
        return Model(kind, language, Origin.DEMO, settings.data_dir, "")

    monkeypatch.setattr(demo, "find", find)


async def asked(settings: Settings, parts: Parts, dist: Path) -> tuple[int, object, str]:
    """The answer to where the call button calls, and where the page may connect to."""
    (dist / "demo").mkdir(parents=True)
    (dist / "demo" / "index.html").write_text("<p>demo</p>")
    async with TestClient(TestServer(make_app(settings, parts, dist))) as client:
        answer = await client.get("/demo/call.json")
        told = await answer.json() if answer.status == 200 else None
        page = await client.get("/")
        assert await page.text() == "<p>demo</p>"
        policy = page.headers["Content-Security-Policy"]
        (connect,) = [part for part in policy.split("; ") if part.startswith("connect-src ")]
        return answer.status, told, connect


async def test_the_call_button_finds_the_gateway_on_this_machine(
    parts: Parts, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path, voice_port=9000)
    status, told, connect = await asked(settings, parts, tmp_path / "dist")
    assert (status, told) == (200, {"url": "", "port": 9000, "demo": ["pl"]})
    assert connect == "connect-src 'self' ws://127.0.0.1:9000 ws://localhost:9000"


async def test_the_call_button_finds_the_gateway_behind_a_proxy(
    parts: Parts, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path, voice_url="https://voice.example.com/")
    _, told, connect = await asked(settings, parts, tmp_path / "dist")
    assert told == {"url": "wss://voice.example.com", "port": 8082, "demo": ["pl"]}
    assert connect == "connect-src 'self' wss://voice.example.com"


async def test_without_a_phone_line_there_is_no_button(parts: Parts, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, voice=False)
    status, _, connect = await asked(settings, parts, tmp_path / "dist")
    assert status == 404
    assert connect == "connect-src 'self'"
