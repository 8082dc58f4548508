"""A turn on the phone: from the caller's last voiced packet to the bot's first one, on the wire.

sipp calls through a real Asterisk, tcpdump listens on the loopback, and neither gateway nor caller
has a word in the measurement. Real Vosk, Rasa and Piper, demo models. Side by side, same Asterisk
and same callers: `asterisk-ai-voice-agent` with stubs that hear, think and speak at once
(`--no-peer` leaves it out). Needs root and `make test-telephony`.
"""

import contextlib

from benchmarks.phone import VOICES, Trial, side_by_side
from frontline.errors import UnavailableError
from tools.telephony.sipp import SippCall
from tools.telephony.timeline import turn_latencies
from tools.telephony.voices import alaw

DIALOGUE = (
    "gdzie jest moja paczka",
    "sto cztery siedemset trzydzieści jeden",
    "zero zero dziewięć pięć zero",
    "o której jutro otwieracie",
    "jaki jest wasz adres",
    "dziękuję",
)
LAPS = 2


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


if __name__ == "__main__":
    side_by_side(
        "phone_turn", Trial(talk, DIALOGUE, turn_latencies, "turns", "unanswered", answer_s=2.0)
    )
