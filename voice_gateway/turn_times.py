"""How long each part of a turn took, from the caller's last sound to the bot's first."""

from dataclasses import dataclass

import structlog
from prometheus_client import Counter, Gauge, Histogram

log = structlog.get_logger()

_STEPS = ("final_text", "answer", "voice", "wire")
_SECONDS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.7, 1.0, 1.5, 2.5, 5.0, 10.0)
TURN_SECONDS = Histogram(
    "frontline_phone_turn_seconds",
    "From the end of the caller's speech until: the final text, the bot's first answer, its first"
    " sound made, its first sound on the line",
    ["until"],
    buckets=_SECONDS,
)
BARGE_IN_SECONDS = Histogram(
    "frontline_phone_barge_in_seconds",
    "From the caller's onset to the silence of the line",
    buckets=_SECONDS,
)
CALLS = Gauge("frontline_phone_calls", "Calls that are with the gateway now", ["transport"])
TASKS = Gauge("frontline_voice_tasks", "Tasks of the gateway, of calls and of its own")
CALLS_REFUSED = Counter("frontline_phone_calls_refused_total", "Calls not taken, by why", ["why"])


@dataclass(slots=True)
class TurnTimes:
    """One turn of a caller; all moments are `time.monotonic()` seconds."""

    call_id: str
    speech_ended: float
    final_text: float | None = None
    answer: float | None = None
    voice: float | None = None
    wire: float | None = None

    def note(self, step: str, at: float) -> None:
        """Something has happened; the first time counts."""
        if getattr(self, step) is None:
            setattr(self, step, at)
            if step == _STEPS[-1]:
                self._tell()

    def _tell(self) -> None:
        """Log the whole turn, and count it."""
        took = {}
        for step in _STEPS:
            at = getattr(self, step)
            if at is not None:
                TURN_SECONDS.labels(step).observe(max(0.0, at - self.speech_ended))
                took[f"{step}_ms"] = round((at - self.speech_ended) * 1000)
        log.info("call.turn", call_id=self.call_id, **took)
