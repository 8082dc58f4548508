"""Callers for tests: the real AudioSocket, real voices, the whole gateway behind it."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import numpy as np

from frontline.espeak import Espeak
from frontline.settings import Settings
from frontline.turns import Turn
from handoff.app_parts import Parts
from tests.common.stack import free_port
from voice_gateway.caller import Caller, telephone_band

PATIENCE_S = 40.0
FIRM_S = 5.5
"""Longer than the first sentence of the greeting."""


async def eventually(true: Callable[[], Awaitable[bool]], patience_s: float) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(patience_s):
        while True:
            if await true():
                return
            await asyncio.sleep(0.05)


def voice_settings(models: Path) -> dict[str, str]:
    """Settings of a front line with a phone line on free ports and these speech models."""
    return {
        "voice": "true",
        "voice_port": str(free_port()),
        "audiosocket_port": str(free_port()),
        "vosk_model_pl": str(models / "vosk-pl"),
        "vosk_model_en": str(models / "vosk-en"),
        "piper_voice_pl": str(models / "piper-pl" / "voice.onnx"),
        "piper_voice_en": str(models / "piper-en" / "voice.onnx"),
    }


class Phone:
    """Places calls into a running gateway, and reads what the record says of them."""

    def __init__(self, settings: Settings, parts: Parts) -> None:
        self.settings = settings
        self.parts = parts
        self._espeak = Espeak()

    def spoken(self, text: str, voice: str) -> bytes:
        """The text as a caller says it, on a telephone."""
        said = self._espeak.speak(text, voice)
        return telephone_band(np.asarray(said.samples), self._espeak.rate_hz)

    async def ask(self, method: str, path: str, **form: str) -> tuple[int, str]:
        """A question of the PBX."""
        told = aiohttp.encode_basic_auth(self.settings.voice_user, self.settings.voice_secret())
        address = f"http://127.0.0.1:{self.settings.voice_port}{path}"
        async with (
            aiohttp.ClientSession() as http,
            http.request(
                method, address, data=form or None, headers={"Authorization": told}
            ) as answer,
        ):
            return answer.status, await answer.text()

    @contextlib.asynccontextmanager
    async def call(self, language: str = "pl", **form: str) -> AsyncIterator["PhoneCall"]:
        """A call that was announced and has come in; it is hung up afterwards."""
        call = uuid.uuid4()
        status, text = await self.ask("POST", "/calls", call=str(call), language=language, **form)
        assert status == 204, text
        caller = await Caller.connect("127.0.0.1", self.settings.audiosocket_port, call)
        try:
            yield PhoneCall(self, str(call), caller, language)
        finally:
            await caller.hang_up()


class PhoneCall:
    """One call, as a test sees it."""

    def __init__(self, phone: Phone, call_id: str, caller: Caller, language: str) -> None:
        self.phone = phone
        self.id = call_id
        self.caller = caller
        self.voice = "en-us" if language == "en" else "pl"

    async def turns(self) -> list[Turn]:
        """The record of the conversation."""
        call = await self.phone.parts.calls.get(self.id)
        assert call.conversation_id is not None
        return await self.phone.parts.conversations.turns(call.conversation_id)

    async def texts(self, author: str) -> list[str]:
        """What this side said, as the record has it."""
        return [turn.text for turn in await self.turns() if turn.author == author]

    async def say(self, text: str, voice: str | None = None) -> None:
        """Speak; returns when it was spoken."""
        await self.caller.say(self.phone.spoken(text, voice or self.voice))

    async def until(self, author: str, word: str, patience_s: float = PATIENCE_S) -> None:
        """Wait until the record has this word from this side."""

        async def said() -> bool:
            return any(word in text for text in await self.texts(author))

        await eventually(said, patience_s)

    async def until_quiet(self, quiet_s: float = 0.9, patience_s: float = PATIENCE_S) -> None:
        """Wait until the other side has spoken and is quiet."""
        assert await self.caller.wait_answer(quiet_s, patience_s)

    async def past_greeting(self) -> None:
        """Wait until what must be heard of the greeting was; the rest may be interrupted."""
        await self.until_speaking()
        await asyncio.sleep(FIRM_S)

    async def until_speaking(self, patience_s: float = PATIENCE_S) -> None:
        """Wait until the other side speaks."""

        async def speaks() -> bool:
            return self.caller.first_voiced is not None

        await eventually(speaks, patience_s)

    async def where_next(self) -> list[str]:
        """Wait until the gateway has left the call; the answer to the PBX's question."""
        async with asyncio.timeout(PATIENCE_S):
            await self.caller.gone.wait()
        status, text = await self.phone.ask("GET", f"/next/{self.id}")
        assert status == 200, text
        return text.split("|")
