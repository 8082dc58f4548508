"""A turn on the phone: from the caller's last voiced packet to the bot's first one, on the wire.

sipp calls through a real Asterisk, tcpdump listens on the loopback, and neither gateway nor caller
has a word in the measurement. Real Vosk, Rasa and Piper, demo models. Side by side, same Asterisk
and same callers: `asterisk-ai-voice-agent` with stubs that hear, think and speak at once
(`--no-peer` leaves it out). Needs root and `make test-telephony`.
"""

import contextlib
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.phone import LINES, PEER, PEER_LINE, call_many, can_call, front_line, peer_line
from benchmarks.report import percentile, report
from frontline.errors import UnavailableError
from tools.telephony.pbx import Pbx
from tools.telephony.sipp import SippCall
from tools.telephony.timeline import turn_latencies
from tools.telephony.voices import alaw

VOICES = ("pl+f3", "pl+m5")
DIALOGUE = (
    "gdzie jest moja paczka",
    "sto cztery siedemset trzydzieści jeden",
    "zero zero dziewięć pięć zero",
    "o której jutro otwieracie",
    "jaki jest wasz adres",
    "dziękuję",
)
LAPS = 2
CALLERS = (1, 4)
ANSWER_S = 2.0


def talk(call: SippCall) -> int:
    """The whole dialogue; each turn waits for the end of the answer."""
    spoken = 0
    with contextlib.suppress(UnavailableError):  # who is not answered any more counts as such
        call.line.wait_for_answer(quiet_s=1.2, limit_s=60)
        for lap in range(LAPS):
            for text in DIALOGUE:
                spoken += 1
                call.line.say(alaw(text, VOICES[lap % len(VOICES)]))
                call.line.wait_for_answer(quiet_s=1.2, limit_s=60)
    return spoken


def measure(pbx: Pbx, number: str, crowds: Sequence[int], prefix: str = "") -> dict[str, float]:
    """Latencies alone and with others."""
    metrics: dict[str, float] = {}
    for callers in crowds:
        captured, spoken = call_many(pbx, number, talk, callers)
        times = [time for call in captured for time in turn_latencies(call.caller, call.bot)]
        name = f"{prefix}c{callers}_" if callers > 1 else prefix
        metrics |= {
            f"{name}p50_ms": percentile(times, 50) * 1000,
            f"{name}p95_ms": percentile(times, 95) * 1000,
            f"{name}turns": len(times),
            f"{name}unanswered": spoken - len(times),
        }
    return metrics


def main() -> None:
    """Measure and print, or say what is missing."""
    if not can_call():
        return
    for voice in VOICES:
        for text in DIALOGUE:
            alaw(text, voice)  # said before anything is measured
    peer: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="fl-") as name, front_line(Path(name)) as pbx:
        metrics = measure(pbx, LINES["websocket"], CALLERS)
        metrics |= measure(pbx, LINES["audiosocket"], CALLERS[:1], "audiosocket_")
    if "--no-peer" not in sys.argv[1:]:
        with peer_line(ANSWER_S) as pbx:
            peer = measure(pbx, PEER_LINE, CALLERS)
    notes = f"peer: {PEER} over AudioSocket, with stubs instead of hearing, thinking and speaking"
    report("phone_turn", metrics, peer, notes)


if __name__ == "__main__":
    main()
