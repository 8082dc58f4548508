"""Cases and conversations to summarise."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from frontline.ids import CaseId, ConversationId, TurnId
from frontline.turns import Author, FileRef, Turn
from handoff.case import Case, CaseState, Kind, Priority, Reason

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
_CASE = Case(
    id=CaseId("01CASE"),
    number="R-2026-000123",
    rev=3,
    conversation_id=ConversationId("01CONVERSATION"),
    state=CaseState.QUEUED,
    kind=Kind.QUESTION,
    channel="chat",
    language="pl",
    reason=Reason.USER_REQUEST,
    detail="",
    context={},
    skill="general",
    level=1,
    priority=Priority.NORMAL,
    priority_reasons=[],
    preferred_agent=None,
    preferred_until=None,
    agent_id=None,
    agent=None,
    fence=1,
    lease_until=None,
    created_at=NOON,
    queued_at=NOON,
    due_at=NOON + timedelta(minutes=10),
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


def case(**changes: Any) -> Case:
    return msgspec.structs.replace(_CASE, **changes)


def turn(
    seq: int,
    author: str,
    text: str,
    *,
    intent: str | None = None,
    confidence: float = 0.9,
    ranking: Mapping[str, float] | None = None,
    entities: Mapping[str, str] | None = None,
    files: tuple[FileRef, ...] = (),
) -> Turn:
    nlu = None
    if intent:
        ranked = ranking or {intent: confidence}
        nlu = {
            "intent": {"name": intent, "confidence": confidence},
            "ranking": [{"name": n, "confidence": c} for n, c in ranked.items()],
            "entities": [{"entity": n, "value": v} for n, v in (entities or {}).items()],
            "slots": {},
        }
    return Turn(
        id=TurnId(f"01TURN{seq}"),
        conversation_id=_CASE.conversation_id,
        seq=seq,
        author=Author(author),
        text=text,
        language="pl",
        at=NOON + timedelta(seconds=seq),
        nlu=nlu,
        files=files,
    )


ORDER = "ZA-2026-104731"
COMPLAINT_TURNS = [
    turn(1, "bot", "Dzień dobry! W czym mogę pomóc?"),
    turn(2, "customer", "Gdzie jest moja paczka 104731?", intent="order_status",
         entities={"order_number": "104731"}),
    turn(3, "bot", "Proszę jeszcze o kod pocztowy dostawy."),
    turn(4, "customer", "00-950", intent="inform", entities={"postal_code": "00-950"}),
    turn(5, "bot", "Zamówienie jest dostarczone."),
    turn(6, "customer", "buty się rozkleiły po tygodniu, chcę zwrotu pieniędzy",
         intent="complaint_start", entities={"product": "buty"},
         files=(FileRef("f1", "but.jpg", "image/jpeg", 10),)),
    turn(7, "bot", "Czy połączyć z konsultantem?"),
    turn(8, "customer", "Tak. Kiedy dostanę odpowiedź?", intent="affirm"),
    turn(9, "system", "Przekazuję rozmowę konsultantowi. Numer sprawy: R-2026-000123."),
]  # fmt: skip
COMPLAINT_CONTEXT: dict[str, Any] = {
    "schema": "case.context.v1",
    "channel": "web",
    "language": "pl",
    "reason": {"code": "complaint", "detail": "x"},
    "identity": {"level": "verified", "method": "order_match", "orders": [ORDER]},
    "intent": {
        "top": "affirm",
        "confidence": 0.99,
        "ranking": [{"name": "affirm", "confidence": 0.99}],
        "history": [{"name": "order_status", "confidence": 0.9},
                    {"name": "complaint_start", "confidence": 0.8}],
    },
    "entities": [{"name": "order_number", "values": ["104731"]}],
    "slots": {
        "topic": "order_status",
        "form": "complaint_start",
        "asking": "confirm",
        "order_number": ORDER,
        "wish": None,
        "answers": {"fault": "buty się rozkleiły po tygodniu", "wish": "refund", "start": "x"},
        "later_intent": None,
    },
    "attempted": [
        {"action": "order_status", "ok": True},
        {"action": "identity", "ok": False, "error": "wrong"},
        {"action": "order_cancel", "ok": False, "error": "too late: packed"},
    ],
    "misunderstood": 0,
    "earlier_case": None,
}  # fmt: skip


def complaint(**changes: Any) -> Case:
    usual = {
        "kind": Kind.COMPLAINT,
        "reason": Reason.COMPLAINT,
        "context": COMPLAINT_CONTEXT,
        "legal": {"regime": "PL_UPK_7A", "received_at": "2026-11-24T12:00:00+00:00",
                  "due": "2026-12-08", "rolls_to": None},
    }  # fmt: skip
    return case(**(usual | changes))
