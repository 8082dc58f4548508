"""An interruption on the phone: from the caller's first voiced packet to the bot's last one.

Measured on the wire as `phone_turn` is, with the same peer. Needs root and `make test-telephony`.
"""

import time

from benchmarks.phone import VOICES, Trial, side_by_side
from tools.telephony.sipp import SippCall
from tools.telephony.timeline import barge_in_times
from tools.telephony.voices import alaw

QUESTIONS = ("o której jutro otwieracie", "jaki jest wasz adres")
"""Both have long answers."""
ROUNDS = 20


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


if __name__ == "__main__":
    side_by_side(
        "barge_in",
        Trial(interrupt, QUESTIONS, barge_in_times, "interruptions", "missed", answer_s=6.0),
    )
