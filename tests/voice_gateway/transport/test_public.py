from pathlib import Path

import pytest
from aiohttp import web

from frontline.errors import SettingsError
from frontline.settings import Settings
from handoff.calls import Calls
from tests.common.lines import BrowserCaller
from tests.voice_gateway.transport.conftest import Gateway, Records
from voice_gateway.transport.public import add_public_lines
from voice_gateway.transport.twilio import Records as Port


def paths(app: web.Application) -> set[str]:
    return {resource.canonical for resource in app.router.resources()}


def test_twilio_is_served_where_its_token_is_set(
    tmp_path: Path, gateway: Gateway, records: Records
) -> None:
    without, with_token = web.Application(), web.Application()
    add_public_lines(without, Settings(data_dir=tmp_path), gateway.on_call, records)
    assert paths(without) == {"/voice/call"}
    url = "https://voice.example.com"
    settings = Settings(data_dir=tmp_path, twilio_token="t", voice_url=url)
    add_public_lines(with_token, settings, gateway.on_call, records)
    assert "/twilio/stream" in paths(with_token)


def test_twilio_must_know_the_address(tmp_path: Path, gateway: Gateway, records: Records) -> None:
    settings = Settings(data_dir=tmp_path, twilio_token="t")
    with pytest.raises(SettingsError, match="FRONTLINE_VOICE_URL"):
        add_public_lines(web.Application(), settings, gateway.on_call, records)


async def test_a_browser_call_is_announced_first(
    tmp_path: Path, gateway: Gateway, records: Records
) -> None:
    app = web.Application()
    settings = Settings(data_dir=tmp_path)
    add_public_lines(app, settings, gateway.on_call, records)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"ws://127.0.0.1:{runner.addresses[0][1]}/voice/call"
    caller = await BrowserCaller.connect(url, Origin="http://127.0.0.1:8080")
    start = (await gateway.calls.get()).start
    assert records.registered == [(start.call_id, None, "pl")]
    gateway.finish.set()
    await caller.left.wait()
    await caller.cut()
    await runner.cleanup()


def test_what_is_kept_of_calls_is_the_handoffs() -> None:
    kept: type[Port] = Calls
    assert kept
