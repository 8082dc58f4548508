"""Who spoke when, from what went over the wire: turn latency and barge-in."""

from collections.abc import Sequence
from typing import NamedTuple

VOICED = 300.0
"""A frame above this level (root mean square of 16-bit samples) holds a voice."""
PAUSE_S = 0.45
"""A longer silence ends an utterance; sentences have shorter ones inside."""
PATIENCE_S = 5.0
"""An answer that begins later belongs to something else."""

SPEAKING_S = 0.15
"""Who made a sound so short a time ago is speaking; between sentences nobody can be interrupted."""


class Frame(NamedTuple):
    """20 ms of sound."""

    at: float
    """Seconds, when the packet was on the wire."""
    level: float


class Utterance(NamedTuple):
    """Somebody spoke."""

    start: float
    """When its first voiced packet was on the wire."""
    end: float
    """When its last one was."""


def utterances(frames: Sequence[Frame], pause_s: float = PAUSE_S) -> list[Utterance]:
    """The stretches of voice that are at least `pause_s` apart."""
    found: list[Utterance] = []
    for frame in frames:
        if frame.level <= VOICED:
            continue
        if found and frame.at - found[-1].end <= pause_s:
            found[-1] = Utterance(found[-1].start, frame.at)
        else:
            found.append(Utterance(frame.at, frame.at))
    return found


def turn_latencies(caller: Sequence[Frame], bot: Sequence[Frame]) -> list[float]:
    """Seconds from the caller's last voiced packet to the bot's first voiced one after it.

    A caller who spoke while the bot did is no turn but a barge-in; one whom nobody answered within
    `PATIENCE_S` is left out: compare the number with how often they spoke.
    """
    voiced = [frame.at for frame in bot if frame.level > VOICED]
    latencies = []
    for said in utterances(caller):
        overlaps = any(said.start <= at <= said.end for at in voiced)
        after = next((at for at in voiced if at > said.end), None)
        if not overlaps and after is not None and after - said.end < PATIENCE_S:
            latencies.append(after - said.end)
    return latencies


def barge_in_times(
    caller: Sequence[Frame], bot: Sequence[Frame], stopped_s: float = 0.4
) -> list[float]:
    """Seconds from the caller's first voiced packet, while the bot spoke, to the bot's last one.

    Args:
        caller: what the caller sent.
        bot: what the caller was sent.
        stopped_s: the bot is silent when it has been for so long.
    """
    voiced = [frame.at for frame in bot if frame.level > VOICED]
    times = []
    for said in utterances(caller):
        if not any(said.start - SPEAKING_S < at < said.start for at in voiced):
            continue
        end = said.start
        for at in voiced:
            if at >= said.start and at - end < stopped_s:
                end = at
        times.append(end - said.start)
    return times
