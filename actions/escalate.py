"""When a person is needed: offering one, opening the case, and what the agent gets to know."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
import structlog

from actions import after_case, care
from actions.escalate_port import OpenedCase
from actions.talk import Talk
from frontline.errors import FrontlineError, NotFoundError, UnavailableError
from handoff import sentiment

log = structlog.get_logger()

_CARE: dict[care.Need, str] = {
    "crisis": "utter_escalation_crisis",
    "bereavement": "utter_escalation_bereavement",
    "hearing": "utter_escalation_hearing",
    "sight": "utter_escalation_sight",
    "other": "utter_escalation_vulnerable",
}
_COMPLAINTS = frozenset({"complaint_start", "complaint_status"})
HISTORY_KEPT = 12


async def human_agent(talk: Talk) -> None:
    """The customer wants a person: a case, at once."""
    case = after_case.served(talk)
    if case and case.get("state") != after_case.RETURNED:
        after_case.mark_told(talk)
        number = talk.words.code(str(case.get("number")))
        talk.offer_person("utter_escalation_case_closed", "user_request", number=number)
        return
    after_case.mark_told(talk)
    if talk.state.form == "complaint_start":
        await open_case(talk, "complaint", talk.state.answers.get("fault") or talk.message.text)
        return
    await open_case(talk, "user_request", talk.message.text)


async def angry(talk: Talk) -> None:
    """Acknowledge and ask what happened; the second time offer a person."""
    state = talk.state
    if talk.asked or state.offer:
        return  # the matter in the same message is being served
    if talk.several or (state.form and not _angry_before(talk)):
        talk.say("utter_escalation_angry_go_on")
    elif _angry_before(talk):
        talk.offer_person("utter_escalation_angry", "negative_sentiment", talk.message.text)
    else:
        talk.say("utter_escalation_angry_first")


def _angry_before(talk: Talk) -> bool:
    """Whether an earlier message of the conversation was angry."""
    names = [
        ((event.get("parse_data") or {}).get("intent") or {}).get("name")
        for event in talk.events
        if event.get("event") == "user"
    ]
    return "angry" in names[:-1]


async def legal_threat(talk: Talk) -> None:
    """Take it seriously and offer a person."""
    talk.offer_person("utter_escalation_legal", "legal_threat", "legal_threat")


async def vulnerable(talk: Talk) -> None:
    """Offer a person who has time; where a life is in danger, say first where help is."""
    need = care.need(talk.message.text)
    detail = "vulnerable" if need == "other" else f"vulnerable: {need}"
    if need == "violence":
        line = talk.words.digits(care.BLUE_LINE)
        talk.offer_person("utter_escalation_violence", "vulnerable", detail, line=line)
        return
    talk.offer_person(_CARE[need], "vulnerable", detail)


async def offer_person(talk: Talk) -> None:
    """A matter that people handle here: say so, and offer one."""
    intent = talk.message.intent
    reason = "complaint" if intent in _COMPLAINTS else "policy"
    talk.offer_person("utter_escalation_person_handles", reason, intent)


async def answer_offer(talk: Talk, offer: dict[str, str] | None) -> bool:
    """Take a yes or no to last turn's offer of a person; False when the message is neither."""
    if offer is None:
        return False
    if talk.message.intent in ("affirm", "human_agent"):
        await open_case(talk, offer["reason"], offer["detail"])
        return True
    if talk.message.intent == "deny" and not talk.new_facts:
        talk.say("utter_escalation_declined")
        return True
    return False


async def open_case(talk: Talk, reason: str, detail: str) -> None:
    """Open a case; the handoff itself tells the customer what happens next."""
    record = context(talk, reason, detail)
    try:
        case = await talk.cases.open(
            talk.message.conversation_id,
            reason=reason,
            kind="complaint" if reason == "complaint" else "question",
            detail=detail[:200],
            context=record,
        )
    except (UnavailableError, NotFoundError) as error:
        _cannot_open(talk, error)
        return
    log.info("dialogue.escalated", reason=reason, case=case.number)
    talk.take_back()  # anything said now would come after the bot has lost the word
    talk.opened = True
    talk.state.finish_form()
    talk.state.later_intent = talk.state.offer = None
    talk.state.misunderstood = 0


async def leave_request(
    talk: Talk,
    reason: str,
    detail: str,
    due_at: datetime | None = None,
    *,
    kind: str = "question",
    callback: Mapping[str, str] | None = None,
    receipt: Mapping[str, object] | None = None,
    quiet: bool = False,
) -> OpenedCase | None:
    """Leave a case for the agents while the bot goes on; None = it failed, and said so.

    Args:
        talk: the turn.
        reason: a value of `handoff.case.Reason`.
        detail: one line for the agent.
        due_at: when it should be dealt with; None = as soon as usual.
        kind: a value of `handoff.case.Kind`.
        callback: `phone`, and `from` and `to` as ISO moments.
        receipt: title and rows of a confirmation for the customer.
        quiet: say nothing when it fails.
    """
    record = context(talk, reason, detail)
    try:
        case = await talk.cases.open(
            talk.message.conversation_id, reason=reason, kind=kind, detail=detail[:200],
            context=record, waits=False, due_at=due_at, callback=callback, receipt=receipt,
        )  # fmt: skip
    except (UnavailableError, NotFoundError) as error:
        if quiet:
            log.warning("dialogue.request_lost", reason=reason, error=type(error).__name__)
        else:
            _cannot_open(talk, error)
        return None
    log.info("dialogue.request_left", reason=reason, case=case.number)
    return case


def _said(talk: Talk) -> list[tuple[int, str]]:
    """The customer's own words, numbered from 1; what a button says is not theirs."""
    texts = [str(e.get("text") or "") for e in talk.events if e.get("event") == "user"]
    return [(n, text) for n, text in enumerate(texts, 1) if not text.startswith("/")]


def _cannot_open(talk: Talk, error: FrontlineError) -> None:
    log.warning("dialogue.escalation_failed", error=type(error).__name__)
    talk.state.note("open_case", error.code)
    talk.say("utter_escalation_unavailable")
    talk.asked = True


def context(talk: Talk, reason: str, detail: str) -> dict[str, object]:
    """What is known, so that the customer need not say anything twice."""
    message, state = talk.message, talk.state
    verified = state.verified_orders
    history = [
        {"name": parsed["intent"].get("name"), "confidence": parsed["intent"].get("confidence")}
        for event in talk.events
        if event.get("event") == "user" and (parsed := event.get("parse_data") or {}).get("intent")
    ]
    return {
        "schema": "case.context.v1",
        "channel": message.channel,
        "language": message.language,
        "reason": {"code": reason, "detail": detail},
        "identity": {
            "level": "verified" if verified else ("claimed" if state.order_number else "none"),
            "method": "order_match" if verified else None,
            "orders": list(verified),
        },
        "intent": {
            "top": message.intent,
            "confidence": message.confidence,
            "ranking": [dict(entry) for entry in message.ranking[:5]],
            "history": history[-HISTORY_KEPT:],
        },
        "entities": [{"name": k, "values": list(v)} for k, v in message.entities.items()],
        "slots": {
            "topic": state.topic,
            "form": state.form,
            "asking": state.asking,
            "order_number": state.order_number,
            "wish": state.wish,
            "answers": dict(state.answers),
            "later_intent": state.later_intent,
        },
        "attempted": list(state.tried),
        "misunderstood": state.misunderstood,
        "sentiment": msgspec.to_builtins(sentiment.of_texts(_said(talk))),
        "earlier_case": dict(message.case) if message.case else None,
    }
