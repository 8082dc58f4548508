"""A case and the only place where its state changes are decided.

    bot → queued → offered → active ⇄ on_hold → wrap_up → closed

`NEXT` is the whole truth; SQL and the Lua scripts only carry it out.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from frontline.errors import ConflictError
from frontline.ids import CaseId, ConversationId


class CaseState(StrEnum):
    """Where a case stands."""

    BOT = "bot"
    """The bot has it: an agent gave it back with an instruction."""
    QUEUED = "queued"
    OFFERED = "offered"
    """It rings at one agent's desk."""
    ACTIVE = "active"
    ON_HOLD = "on_hold"
    """The agent keeps it and waits for somebody else."""
    WRAP_UP = "wrap_up"
    """The talk is over; the agent writes down what came of it."""
    CLOSED = "closed"
    ABANDONED = "abandoned"
    """The customer gave up waiting."""
    CALLBACK_SCHEDULED = "callback_scheduled"
    LEFT_MESSAGE = "left_message"
    """Left outside opening hours; it is queued when they begin."""


class Move(StrEnum):
    """What happens to a case; also the type of the event that records it."""

    OPEN = "opened"
    QUEUE = "queued"
    OFFER = "offered"
    ACCEPT = "accepted"
    DECLINE = "declined"
    RING_OUT = "rang_out"
    LOSE = "agent_lost"
    HOLD = "held"
    RESUME = "resumed"
    TRANSFER = "transferred"
    RETURN = "returned"
    WRAP = "wrapping"
    CLOSE = "closed"
    ABANDON = "abandoned"
    CALL_BACK = "callback_scheduled"
    LEAVE_MESSAGE = "message_left"
    REOPEN = "reopened"


S, M = CaseState, Move

NEXT: dict[CaseState, dict[Move, CaseState]] = {
    S.BOT: {M.QUEUE: S.QUEUED, M.CLOSE: S.CLOSED},
    S.QUEUED: {
        M.OFFER: S.OFFERED,
        M.ABANDON: S.ABANDONED,
        M.CALL_BACK: S.CALLBACK_SCHEDULED,
        M.LEAVE_MESSAGE: S.LEFT_MESSAGE,
        M.TRANSFER: S.QUEUED,
    },
    S.OFFERED: {
        M.ACCEPT: S.ACTIVE,
        M.DECLINE: S.QUEUED,
        M.RING_OUT: S.QUEUED,
        M.LOSE: S.QUEUED,
        M.ABANDON: S.ABANDONED,
        M.TRANSFER: S.QUEUED,
    },
    S.ACTIVE: {
        M.HOLD: S.ON_HOLD,
        M.TRANSFER: S.QUEUED,
        M.LOSE: S.QUEUED,
        M.RETURN: S.BOT,
        M.WRAP: S.WRAP_UP,
        M.CALL_BACK: S.CALLBACK_SCHEDULED,
    },
    S.ON_HOLD: {
        M.RESUME: S.ACTIVE,
        M.TRANSFER: S.QUEUED,
        M.LOSE: S.QUEUED,
        M.RETURN: S.BOT,
        M.WRAP: S.WRAP_UP,
    },
    S.WRAP_UP: {M.CLOSE: S.CLOSED},
    S.CLOSED: {M.REOPEN: S.QUEUED},
    S.ABANDONED: {M.REOPEN: S.QUEUED},
    S.CALLBACK_SCHEDULED: {
        M.QUEUE: S.QUEUED,
        M.ABANDON: S.ABANDONED,
        M.CALL_BACK: S.CALLBACK_SCHEDULED,
    },
    S.LEFT_MESSAGE: {
        M.QUEUE: S.QUEUED,
        M.ABANDON: S.ABANDONED,
        M.CALL_BACK: S.CALLBACK_SCHEDULED,
    },
}
"""Every legal move and where it leads. `opened` leads to queued and comes before all others."""

WAITING = frozenset({S.QUEUED, S.OFFERED})
"""The customer is in the queue."""
WITH_AGENT = frozenset({S.OFFERED, S.ACTIVE, S.ON_HOLD, S.WRAP_UP})
"""An agent holds it: it has an owner and a lease, and takes a place of the agent's capacity."""
TALKING = frozenset({S.ACTIVE, S.ON_HOLD})
"""An agent is in control of the conversation."""
OVER = frozenset({S.CLOSED, S.ABANDONED})
OPEN = frozenset(CaseState) - OVER
HANDED_ON = frozenset(
    {M.OFFER, M.DECLINE, M.RING_OUT, M.LOSE, M.TRANSFER, M.RETURN, M.QUEUE, M.REOPEN, M.CLOSE,
     M.ABANDON, M.CALL_BACK}
)  # fmt: skip
"""Moves after which whoever held the case holds it no more: the fence grows."""


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
    WITHDRAWAL = "withdrawal"
    LEGAL_THREAT = "legal_threat"
    VULNERABLE = "vulnerable"
    PRIVACY = "privacy"
    TOOL_ERROR = "tool_error"
    IDENTITY_LOCKED = "identity_locked"


class Kind(StrEnum):
    """What sort of matter it is; some have a statutory clock."""

    QUESTION = "question"
    COMPLAINT = "complaint"
    WITHDRAWAL = "withdrawal"
    PRIVACY_REQUEST = "privacy_request"
    CALLBACK = "callback"


class Priority(StrEnum):
    """How soon an answer is due; `routing.yml` says the minutes."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Route(msgspec.Struct, frozen=True):
    """The line in which a case waits: language × skill × channel × level."""

    language: str
    skill: str
    channel: str
    level: int = 1

    def __str__(self) -> str:
        """As the queue names its lines, like `pl|complaints|chat|1`."""
        return f"{self.language}|{self.skill}|{self.channel}|{self.level}"

    @classmethod
    def parse(cls, text: str) -> "Route":
        """The route with this name.

        Raises:
            ValueError: not four parts, or the level is no number.
        """
        language, skill, channel, level = text.split("|")
        return cls(language, skill, channel, int(level))


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A work item for an agent, with everything that is known."""

    id: CaseId
    number: str
    """Told to the customer, like `R-2026-000123`."""
    rev: int
    """Grows with every change; `If-Match` compares it."""
    conversation_id: ConversationId
    state: CaseState
    kind: Kind
    channel: str
    """`chat` or `voice`."""
    language: str
    reason: Reason
    detail: str
    context: dict[str, Any]
    """Intents with confidence, entities, slots, what the bot tried, identity, sentiment."""
    skill: str
    level: int
    priority: Priority
    priority_reasons: list[str]
    """Why it is not `normal`, in words of `routing.yml`."""
    preferred_agent: str | None
    """Offered to this agent first, until `preferred_until`."""
    preferred_until: datetime | None
    agent_id: str | None
    agent: str | None
    """The name that the customer is shown."""
    fence: int
    """Grows each time the case changes hands; writes with an older one are refused."""
    lease_until: datetime | None
    """Offered: when it has rung long enough. With an agent: when the heartbeat is overdue."""
    created_at: datetime
    queued_at: datetime
    due_at: datetime
    """When it should be answered; the queue's order."""
    wake_at: datetime | None
    """Call-back or message: when it is queued. Queued: when its route is widened."""
    answered_at: datetime | None
    first_reply_at: datetime | None
    closed_at: datetime | None
    legal: dict[str, Any] | None
    """`regime`, `received_at`, `due`, `answered_at`, `durable_medium`."""
    callback: dict[str, Any] | None
    """`phone`, `from`, `to`."""
    disposition: str | None
    outcome: str | None
    instruction: str | None
    """For the bot, from the agent who gave the case back."""
    linked: list[str]
    """Ids of earlier cases of the same matter."""
    csat: int | None
    call_id: str | None = None
    """The call that goes on: its caller waits in the PBX's queue, or talks with the agent."""
    log_head: str
    """Hash of the newest event of its log."""

    @property
    def route(self) -> Route:
        """The line in which it waits."""
        return Route(self.language, self.skill, self.channel, self.level)


def after(current: CaseState, move: Move) -> CaseState:
    """The state that a move leads to.

    Raises:
        IllegalTransitionError: the table does not have it.
    """
    try:
        return NEXT[current][move]
    except KeyError:
        raise IllegalTransitionError(f"a case that is {current} cannot be {move}") from None
