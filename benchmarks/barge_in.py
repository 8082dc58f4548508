"""An interruption on the phone: from the caller's first voiced packet to the bot's last one.

Measured on the wire as `phone_turn` is, with the same peer. Needs root and `make test-telephony`.
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.phone import LINES, PEER, PEER_LINE, call_many, can_call, front_line, peer_line
from benchmarks.report import percentile, report
from tools.telephony.pbx import Pbx
from tools.telephony.sipp import SippCall
from tools.telephony.timeline import barge_in_times
from tools.telephony.voices import alaw

VOICES = ("pl+f3", "pl+m5")
QUESTIONS = ("o której jutro otwieracie", "jaki jest wasz adres")
"""Both have long answers."""
ROUNDS = 20
CALLERS = (1, 4)
ANSWER_S = 6.0


def interrupt(call: SippCall) -> int:
    """Asks, and asks something else a second into each answer."""
    call.line.wait_for_answer(quiet_s=1.2, limit_s=60)
    for lap in range(ROUNDS + 1):
        if lap:
            _wait_for_long_answer(call)
        call.line.say(alaw(QUESTIONS[lap % len(QUESTIONS)], VOICES[lap // 2 % len(VOICES)]))
    call.line.wait_for_answer(quiet_s=1.2, limit_s=60)
    return ROUNDS


def _wait_for_long_answer(call: SippCall) -> None:
    """Wait until an answer is well under way; a short "one moment" would end by itself."""
    while True:
        call.line.wait_for_voice()
        time.sleep(1.5)
        if not call.line.is_silent(0.06):
            return


def measure(pbx: Pbx, number: str, crowds: Sequence[int], prefix: str = "") -> dict[str, float]:
    """How long the bot spoke on, alone and with others."""
    metrics: dict[str, float] = {}
    for callers in crowds:
        captured, interrupted = call_many(pbx, number, interrupt, callers)
        times = [each for call in captured for each in barge_in_times(call.caller, call.bot)]
        name = f"{prefix}c{callers}_" if callers > 1 else prefix
        metrics |= {
            f"{name}p50_ms": percentile(times, 50) * 1000,
            f"{name}p95_ms": percentile(times, 95) * 1000,
            f"{name}interruptions": len(times),
            f"{name}missed": interrupted - len(times),
        }
    return metrics


def main() -> None:
    """Measure and print, or say what is missing."""
    if not can_call():
        return
    for voice in VOICES:
        for text in QUESTIONS:
            alaw(text, voice)  # said before anything is measured
    peer: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="fl-") as name, front_line(Path(name)) as pbx:
        metrics = measure(pbx, LINES["websocket"], CALLERS)
        metrics |= measure(pbx, LINES["audiosocket"], CALLERS[:1], "audiosocket_")
    if "--no-peer" not in sys.argv[1:]:
        with peer_line(ANSWER_S) as pbx:
            peer = measure(pbx, PEER_LINE, CALLERS)
    notes = f"peer: {PEER} over AudioSocket, with stubs instead of hearing, thinking and speaking"
    report("barge_in", metrics, peer, notes)


if __name__ == "__main__":
    main()
