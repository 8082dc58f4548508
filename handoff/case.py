"""A case and the only place where its state changes are decided."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from frontline.errors import ConflictError
from frontline.ids import CaseId, ConversationId


class CaseState(StrEnum):
    """Where a case stands."""

    QUEUED = "queued"
    ACTIVE = "active"
    RETURNED = "returned"
    CLOSED = "closed"
    ABANDONED = "abandoned"


NEXT: dict[CaseState, frozenset[CaseState]] = {
    CaseState.QUEUED: frozenset({CaseState.ACTIVE, CaseState.ABANDONED}),
    CaseState.ACTIVE: frozenset({CaseState.QUEUED, CaseState.RETURNED, CaseState.CLOSED}),
    CaseState.RETURNED: frozenset(),
    CaseState.CLOSED: frozenset(),
    CaseState.ABANDONED: frozenset(),
}
"""Every legal move. Queued again from active = its agent vanished or put it back."""

OPEN = frozenset({CaseState.QUEUED, CaseState.ACTIVE})


class IllegalTransitionError(ConflictError):
    """A case cannot go from the state it is in to the one asked for."""

    code = "illegal_transition"


class Reason(StrEnum):
    """Why a person is needed."""

    USER_REQUEST = "user_request"
    LOW_CONFIDENCE = "low_confidence"
    REPEATED_FAILURE = "repeated_failure"
    POLICY = "policy"
    NEGATIVE_SENTIMENT = "negative_sentiment"
    COMPLAINT = "complaint"
    TOOL_ERROR = "tool_error"
    IDENTITY_LOCKED = "identity_locked"


class Case(msgspec.Struct, frozen=True):
    """A work item for an agent, with everything that is known."""

    id: CaseId
    number: str
    """Told to the customer, like `R-2026-000123`."""
    conversation_id: ConversationId
    state: CaseState
    channel: str
    language: str
    reason: Reason
    detail: str
    context: dict[str, Any]
    """Intents with confidence, entities, slots, what the bot tried, identity."""
    agent: str | None
    fence: int
    lease_until: datetime | None
    outcome: str | None
    created_at: datetime
    due_at: datetime
    """When it should be answered; the queue's order."""

    @property
    def route(self) -> str:
        """Language, skill, channel and level, as the queue names its lines."""
        return f"{self.language}|general|{self.channel}|1"


def check_move(current: CaseState, wanted: CaseState) -> None:
    """Raises IllegalTransitionError unless the table has the move."""
    if wanted not in NEXT[current]:
        raise IllegalTransitionError(f"a case cannot go from {current} to {wanted}")
