"""PyPI's asterisk-ai-voice-agent with free stubs; `benchmarks/phone.py` runs it apart.

Transport, voice activity, turn taking and playout are its own, unchanged. Instead of Whisper,
Claude and Piper, which would cost time, it hears, thinks and speaks at once: its best case.

Arguments: port of AudioSocket, port of its registration, seconds of each answer.
"""

import json
import math
import os
import struct
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

RATE, FRAME = 8000, 320
AUDIOSOCKET, REGISTER, SECONDS = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])


def sound(seconds: float) -> bytes:
    """A tone, 16-bit little-endian samples at 8 kHz."""
    samples = (int(4000 * math.sin(0.4 * number)) for number in range(int(seconds * RATE)))
    return b"".join(struct.pack("<h", sample) for sample in samples)


PCM = sound(SECONDS)


async def nothing(self: Any, *args: Any, **named: Any) -> None:
    """Instead of loading a model."""


async def transcribe(self: Any, pcm: bytes, voice_ms: int) -> str:
    """Instead of Whisper."""
    return "where is my order"


async def reply(self: Any) -> AsyncIterator[dict[str, Any]]:
    """Instead of Claude."""
    yield {"kind": "text", "text": "It is on its way. "}
    await self.add_assistant_content("It is on its way.")
    yield {"kind": "end", "stop_reason": "end_turn", "assistant_blocks": []}


async def synthesise(self: Any, text: str, should_stop: Any = None) -> AsyncIterator[bytes]:
    """Instead of a voice."""
    for place in range(0, len(PCM) - FRAME + 1, FRAME):
        yield PCM[place : place + FRAME]
        if should_stop and should_stop():
            return


def configure(folder: Path) -> None:
    """Its two files; JSON is YAML."""
    config = {
        "listen": {
            "host": "127.0.0.1", "audiosocket_port": AUDIOSOCKET, "register_port": REGISTER,
        },
        "providers": {"openai": {"api_key": "x"}, "anthropic": {"api_key": "x"}},
        "limits": {"max_concurrent_calls": 100},
    }  # fmt: skip
    persona = {"stt_provider": "openai", "stt_language": "en", "tts_provider": "piper"}
    persona |= {"greeting": "Hello."}
    for name, content in (("CONFIG", config), ("PERSONAS", {"demo": persona})):
        path = folder / f"{name.lower()}.yaml"
        path.write_text(json.dumps(content))
        os.environ[f"AI_AGENT_{name}"] = str(path)


def main() -> None:
    """Serve until ended."""
    with tempfile.TemporaryDirectory() as folder:
        configure(Path(folder))
        from asterisk_ai_voice_agent import agent, llm, stt, tts  # type: ignore[import-not-found]

        llm.LLM.start, llm.LLM.stream_reply = nothing, reply
        tts.StreamingTTS.start, tts.StreamingTTS.synthesise = nothing, synthesise
        stt.StreamingSTT._transcribe = transcribe
        agent.cli()


if __name__ == "__main__":
    main()
