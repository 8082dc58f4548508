"""Cases for tests of the queue."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from frontline.ids import CaseId, ConversationId, new_id
from handoff.case import Case, CaseState, Kind, Priority, Reason, Route
from handoff.queue import Seat

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
CHAT = Route("pl", "general", "chat", 1)
COMPLAINTS = Route("pl", "complaints", "chat", 1)
CALLS = Route("pl", "general", "voice", 1)


def made(due_s: float = 0, route: Route = CHAT, **changed: Any) -> Case:
    """A queued case that is due so many seconds after ten o'clock."""
    case = Case(
        id=CaseId(new_id()),
        number="R-2026-000001",
        rev=1,
        conversation_id=ConversationId("c"),
        state=CaseState.QUEUED,
        kind=Kind.QUESTION,
        channel=route.channel,
        language=route.language,
        reason=Reason.USER_REQUEST,
        detail="",
        context={},
        skill=route.skill,
        level=route.level,
        priority=Priority.NORMAL,
        priority_reasons=[],
        preferred_agent=None,
        preferred_until=None,
        agent_id=None,
        agent=None,
        fence=0,
        lease_until=None,
        created_at=NOW,
        queued_at=NOW,
        due_at=NOW + timedelta(seconds=due_s),
        wake_at=None,
        answered_at=None,
        first_reply_at=None,
        closed_at=None,
        legal=None,
        callback=None,
        disposition=None,
        outcome=None,
        instruction=None,
        linked=[],
        csat=None,
        log_head="",
    )
    return msgspec.structs.replace(case, **changed)


def later(case: Case, **changed: Any) -> Case:
    """The case after one more change in SQL."""
    return msgspec.structs.replace(case, rev=case.rev + 1, **changed)


def held(case: Case, agent: str, state: CaseState = CaseState.ACTIVE) -> Case:
    """The case after an offer to this agent, in SQL."""
    return later(case, state=state, agent_id=agent, fence=case.fence + 1)


def seat(agent: str = "ania", *routes: Route, chat: int = 3, voice: int = 1) -> Seat:
    return Seat(agent, routes or (CHAT,), {"chat": chat, "voice": voice})
