"""When a case should be answered, and how it stands against that."""

from datetime import datetime, timedelta
from enum import StrEnum

from handoff.hours import Calendar

RISK = 0.2
"""Less than this part of the target left: at risk."""


class Standing(StrEnum):
    """How a waiting case stands against its due time."""

    ON_TIME = "on_time"
    AT_RISK = "at_risk"
    BREACHED = "breached"


def due(calendar: Calendar, now: datetime, target_min: float) -> datetime:
    """When `target_min` minutes of opening time have passed."""
    return calendar.add(now, timedelta(minutes=target_min))


def standing(calendar: Calendar, queued_at: datetime, due_at: datetime, now: datetime) -> Standing:
    """How a case stands that was queued and is due then.

    Args:
        calendar: opening hours of its queue; closed time is not held against the case.
        queued_at: when it joined the queue.
        due_at: when it should be answered, as it was set then.
        now: the present, or when it was answered.
    """
    if now > due_at:
        return Standing.BREACHED
    target, left = calendar.between(queued_at, due_at), calendar.between(now, due_at)
    return Standing.AT_RISK if left < RISK * target else Standing.ON_TIME
