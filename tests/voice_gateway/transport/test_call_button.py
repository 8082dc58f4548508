"""The call button of the demo page in a real browser, whose microphone hears a file."""

import asyncio
import contextlib
import re
import wave
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from aiohttp import web
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, expect

from frontline.limits import Doors
from frontline.settings import PROJECT, Settings
from tests.common.browser import chromium, microphone
from tests.common.lines import tone
from tests.common.stack import free_port
from voice_gateway.transport import browser
from voice_gateway.transport.browser import BrowserLine
from voice_gateway.transport.port import HungUp, KeyPress, Played, Sound, Start, Transport
from web_chat.demo import add_demo

pytestmark = pytest.mark.browser

PITCH_HZ = 700
DEMO = PROJECT / "web" / "dist" / "demo"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self' ws://127.0.0.1:{port}"
)
SLOW_MS = 20_000


@dataclass
class Echo:
    """A call that says what it hears, and shows the keys."""

    heard: bytes = b""
    marks: list[str] = field(default_factory=list)
    reason: str | None = None
    starts: list[Start] = field(default_factory=list)
    lines: list[BrowserLine] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, transport: Transport) -> None:
        assert isinstance(transport, BrowserLine)
        self.lines.append(transport)
        await transport.caption("bot", "Dzień dobry")
        await transport.play(tone(100))
        await transport.mark("greeted")
        async for event in transport.events():
            match event:
                case Sound(pcm):
                    self.heard += pcm
                    await transport.play(pcm)
                case KeyPress(digit):
                    await transport.caption("caller", f"klawisz {digit}")
                case Played(mark):
                    self.marks.append(mark)
                case HungUp(reason):
                    self.reason = reason
        self.over.set()

    async def announce(self, start: Start) -> None:
        self.starts.append(start)


def recording(path: Path) -> Path:
    """A file for the microphone: a tone."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(tone(3000, PITCH_HZ))
    return path


@contextlib.asynccontextmanager
async def demo_page(echo: Echo, tmp_path: Path, doors: Doors) -> AsyncIterator[str]:
    """The address of the page, with the gateway on a port of its own."""
    assert (DEMO / "call.js").exists(), "the front end is not built: npm run build in web/"
    page_port, call_port = free_port(), free_port()
    settings = Settings(data_dir=tmp_path, port=page_port, voice_port=call_port)
    pages, calls = web.Application(), web.Application()
    add_demo(pages, settings, DEMO)

    async def guard(_: web.Request, response: web.StreamResponse) -> None:
        response.headers["Content-Security-Policy"] = POLICY.format(port=call_port)

    pages.on_response_prepare.append(guard)
    handler = browser.make_handler(
        echo.serve, origins=settings.origins, announce=echo.announce, doors=doors
    )
    calls.router.add_get(browser.PATH, handler)
    runners = []
    for app, port in ((pages, page_port), (calls, call_port)):
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        runners.append(runner)
    yield f"http://127.0.0.1:{page_port}/"
    for line in echo.lines:
        await line.close()
    for runner in runners:
        await runner.cleanup()


def loudest_hz(pcm: bytes) -> float:
    """The pitch of a sound."""
    wave_form = np.frombuffer(pcm, "<i2").astype(float)
    spectrum = np.abs(np.fft.rfft(wave_form * np.hanning(len(wave_form))))
    return float(np.argmax(spectrum) * 16_000 / len(wave_form))


class Panel:
    """The call panel as a person uses it."""

    def __init__(self, page: Page) -> None:
        self.region = page.get_by_role("region", name=re.compile("Rozmowa głosowa|Voice call"))
        self.call = self.button("Zadzwoń z przeglądarki|Call from the browser|ponownie|again")
        self.hang_up = self.button("Rozłącz|Hang up")
        self.captions = self.region.get_by_role("log")

    def button(self, name: str) -> Locator:
        return self.region.get_by_role("button", name=re.compile(name))

    async def says(self, text: str) -> None:
        status = self.region.get_by_role("status")
        await expect(status).to_have_text(re.compile(text), timeout=SLOW_MS)

    async def shows(self, text: str) -> None:
        await expect(self.captions).to_contain_text(text, timeout=SLOW_MS)


async def until(echo: Echo, ms: int) -> None:
    """Wait until so much was heard."""
    async with asyncio.timeout(30):
        while len(echo.heard) < ms * 32:  # noqa: ASYNC110  what is heard tells nobody
            await asyncio.sleep(0.05)


async def test_a_call_from_the_page_by_keyboard(tmp_path: Path) -> None:
    echo = Echo()
    errors: list[str] = []
    flags = microphone(recording(tmp_path / "voice.wav"))
    async with demo_page(echo, tmp_path, Doors(2)) as url, chromium(*flags) as chrome:
        page = await (await chrome.new_context(locale="pl")).new_page()
        page.on("console", lambda told: errors.append(told.text) if told.type == "error" else None)
        await page.goto(url)
        panel = Panel(page)
        await panel.call.focus()
        await page.keyboard.press("Enter")
        await panel.says("Rozmowa trwa")
        await panel.shows("Automat: Dzień dobry")
        await expect(panel.hang_up).to_be_focused()

        await until(echo, 1500)
        assert loudest_hz(echo.heard[-32_000:]) == pytest.approx(PITCH_HZ, abs=15)
        assert echo.marks == ["greeted"]

        await page.keyboard.press("7")
        await panel.shows("Ja: klawisz 7")
        await panel.button("^#$").click()
        await panel.shows("Ja: klawisz #")
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

        await panel.hang_up.focus()
        await page.keyboard.press("Enter")
        await panel.says("Rozmowa zakończona")
        await expect(panel.call).to_be_focused()
        async with asyncio.timeout(10):
            await echo.over.wait()
        assert echo.reason == "caller"
        assert echo.starts[0].language == "pl"
        assert [e for e in errors if "widget.js" not in e and "404" not in e] == []


async def test_how_a_call_may_end_otherwise(tmp_path: Path) -> None:
    echo, doors = Echo(), Doors(1)
    flags = microphone(recording(tmp_path / "voice.wav"))
    async with demo_page(echo, tmp_path, doors) as url, chromium(*flags) as chrome:
        page = await chrome.new_page()
        await page.goto(f"{url}demo/en.html")
        panel = Panel(page)
        await page.get_by_label(re.compile("Code from the chat")).fill("123456")
        await panel.call.click()
        await panel.says("You are on the phone")
        assert (echo.starts[0].language, echo.starts[0].code) == ("en", "123456")
        await echo.lines[0].flush()
        await echo.lines[0].leave("queue")
        await panel.says("agents' queue")

        doors.enter("127.0.0.1")
        await panel.call.click()
        await panel.says("All lines are busy")


async def test_without_a_microphone_nobody_is_called(tmp_path: Path) -> None:
    echo = Echo()
    async with demo_page(echo, tmp_path, Doors(1)) as url, chromium() as chrome:
        page = await chrome.new_page()
        await page.goto(f"{url}demo/en.html")
        panel = Panel(page)
        await panel.call.click()
        await panel.says("microphone is not allowed|No working microphone")
        assert echo.starts == []
