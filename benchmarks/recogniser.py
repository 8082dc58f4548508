"""Our recogniser stage beside a Vosk WebSocket server: same model, same sound, same pace.

Callers speak over telephone lines in voices that the model never heard. Ours is voice activity,
recogniser, spoken numbers to digits and endpointing in one process; the peer is only the server,
without the client. `--quick` measures no largest number of calls.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import numpy as np
import structlog

from benchmarks.listeners import Caller, Outcome, Utterance, ours, peers
from benchmarks.report import percentile, report
from frontline.espeak import Espeak
from frontline.settings import Settings
from frontline.speech_models import vosk_path
from tools.speech.channel import telephone
from voice_gateway.audio.format import BYTES_PER_MS, FRAME_BYTES, FRAME_MS, RATE
from voice_gateway.stt.vosk import VoskModel

TEXTS = (
    "gdzie jest moja paczka",
    "chcę zwrócić buty",
    "jeden zero cztery siedem trzy jeden",
    "o której jutro otwieracie",
    "jaki jest koszt dostawy",
    "chcę rozmawiać z konsultantem",
)
VOICES = ("pl+f3", "pl+m5")
PAUSE_MS = 1500
HISS = 12.0
"""Standard deviation of the noise on a quiet line, -69 dBFS."""
CALLS = 4
MANY = (8, 12, 16, 20, 24, 28, 32, 48, 64, 96, 128)
SLOWER_S = 0.5
"""A backlog: texts come so much later than in a few calls, or not at all."""
GATHERED = 10
"""Frames that the server's own clients send together, 200 ms."""
STEPS_MS = (20, 40, 60, 100)

Run = Callable[[Path, Sequence[Caller]], Awaitable[Outcome]]


def utterances() -> list[Utterance]:
    """Each text once, in alternating voices, over a line of its own."""
    dice = np.random.default_rng(5)
    espeak = Espeak()
    made = []
    for place, text in enumerate(TEXTS):
        said = espeak.speak(text, VOICES[place % len(VOICES)])
        sound = telephone(said.samples, said.rate_hz, dice)
        level = np.flatnonzero(np.abs(said.samples) > 400)
        spoken_s = level[-1] / said.rate_hz if len(level) else said.duration_s
        hiss = dice.standard_normal(PAUSE_MS * RATE // 1000) * HISS
        pcm = sound.astype("<i2").tobytes() + hiss.astype("<i2").tobytes()
        pcm += bytes(-len(pcm) % FRAME_BYTES)
        made.append(Utterance(text, pcm, int(spoken_s * 1000 / FRAME_MS) + 1))
    return made


def callers(said: Sequence[Utterance], count: int) -> list[Caller]:
    """Calls that begin at different times and say the same in another order."""
    half_s = 500 // FRAME_MS
    turned = [said[n % len(said) :] + said[: n % len(said)] for n in range(count)]  # type: ignore[operator]
    return [Caller(order, half_s + 7 * n % 100) for n, order in enumerate(turned)]


def figures(outcome: Outcome, prefix: str = "") -> dict[str, float]:
    """The metrics of a run."""
    return {
        f"{prefix}cpu_per_audio_s": outcome.cpu_s / outcome.audio_s,
        f"{prefix}final_p50_ms": percentile(outcome.latencies, 50) * 1000,
        f"{prefix}final_p95_ms": percentile(outcome.latencies, 95) * 1000,
        f"{prefix}utterances": len(outcome.latencies),
        f"{prefix}missed": outcome.missed,
        f"{prefix}not_word_for_word": outcome.wrong,
    }


async def largest(run: Run, model: Path, said: Sequence[Utterance], usual_s: float) -> int:
    """How many calls are heard at once without a backlog, of the numbers in `MANY`."""
    most = CALLS
    for count in MANY:
        outcome = await run(model, callers(said[:3], count))
        heard = len(outcome.latencies) >= 0.98 * count * 3
        if not heard or percentile(outcome.latencies, 95) > usual_s + SLOWER_S:
            break
        most = count
    return most


def cost_of_steps(model: Path, said: Sequence[Utterance]) -> dict[str, float]:
    """Processor time of the recogniser alone, by how much it hears at once."""
    vosk = VoskModel(model)
    spent: dict[str, float] = {}
    for step_ms in STEPS_MS:
        decoder = vosk.decoder()
        step, begun = step_ms * BYTES_PER_MS, time.process_time()
        for utterance in said:
            for place in range(0, len(utterance.pcm), step):
                decoder.hear(utterance.pcm[place : place + step])
            decoder.finish(b"")
        seconds = sum(len(utterance.pcm) for utterance in said) / RATE / 2
        spent[f"alone_{step_ms}ms_cpu_per_audio_s"] = (time.process_time() - begun) / seconds
    return spent


async def measure(model: Path) -> tuple[dict[str, float], dict[str, float]]:
    """Our figures and the peer's."""
    said = utterances()
    cost_of_steps(model, said[:2])  # warms up
    metrics = cost_of_steps(model, said)
    mine = await ours(model, callers(said, CALLS))
    theirs = await peers(model, callers(said, CALLS))
    gathered = await peers(model, callers(said, CALLS), GATHERED)
    metrics |= figures(mine)
    metrics["without_vad_cpu_per_audio_s"] = (mine.cpu_s - mine.vad_s) / mine.audio_s
    peer = figures(theirs) | figures(gathered, "gathered_")
    if "--quick" not in sys.argv[1:]:
        for name, run, outcome in (("ours", ours, mine), ("peer", peers, theirs)):
            most = await largest(run, model, said, percentile(outcome.latencies, 95))
            (metrics if name == "ours" else peer)["largest_without_backlog"] = most
    return metrics, peer


def main() -> None:
    """Measure and print."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    metrics, peer = asyncio.run(measure(vosk_path(Settings(), "pl")))
    notes = (
        f"{CALLS} calls at once; peer: a Vosk WebSocket server as vosk-server documents it, given"
        f" 20 ms frames (gathered_: {GATHERED * FRAME_MS} ms), without its client's processor time;"
        " ours with voice activity and endpointing; alone_: the recogniser only"
    )
    report("recogniser", metrics, peer, notes)


if __name__ == "__main__":
    main()
