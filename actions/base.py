"""One turn, start to end: every intent has its action, and every action runs `conduct`.

Rasa calls once a turn. The open form is asked first whether the message answers it; then the
message's one or two questions are answered; then what was kept for later; then the open form's
question is put again.
"""

import json
from typing import Any

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import after_case, care, complaints, dialogue, escalate, forms, phrases
from actions.registry import BOOK, HANDLERS, PERSON_INTENTS, SECOND
from actions.state import FORMS, ORDER_FORMS
from actions.talk import Services, Talk
from frontline.errors import UnavailableError

log = structlog.get_logger()

_SILENT_FIRST = frozenset(
    {"greet", "thank", "affirm", "deny", "inform", "out_of_scope", "nlu_fallback"}
)
"""Said first, they are no question of their own when a second one follows."""


class TurnAction(Action):
    """The action of one intent."""

    def __init__(self, name: str, services: Services) -> None:
        self._name = name
        self._services = services

    def name(self) -> str:
        """As in the domain."""
        return self._name

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Answer the turn; returns the slots that changed."""
        talk = Talk(dispatcher, tracker, self._services)
        await conduct(talk)
        return [SlotSet(name, value) for name, value in talk.state.changes(talk.slots).items()]


async def conduct(talk: Talk) -> None:
    """Answer one turn."""
    state = talk.state
    offer, state.offer = state.offer, None
    first = after_case.take_over(talk)
    forms.take_facts(talk)
    _introduce(talk)
    if care.tells_crisis(talk.message.text):
        talk.turn_to("vulnerable", talk.message.text)  # before whatever else the message asks
    try:
        await _hear(talk, None if first else offer, first)
        await _later(talk)
        await _ask_again(talk)
    except UnavailableError as error:
        log.warning("dialogue.unavailable", intent=talk.message.intent, error=str(error))
        state.note(state.form or talk.message.intent, error.code)
        talk.offer_person("utter_escalation_tool_error", "tool_error", talk.message.intent)
    if not talk.misunderstood:
        state.misunderstood = 0


async def _hear(talk: Talk, offer: dict[str, str] | None, first: bool) -> None:
    """Take the message for an answer to the offer of a person, or answer it.

    Args:
        talk: the turn.
        offer: what was offered in the last turn.
        first: a person was there since: what the bot asked before is not what is answered now.
    """
    state = talk.state
    if talk.message.first("photo") and state.form != complaints.START:
        state.offer = offer
        dialogue.keep_file(talk)
    elif form := after_case.instructed(talk, first):
        after_case.announce(talk, form)
        await _question(talk)
    elif first and state.form and talk.message.intent in ("affirm", "deny"):
        return  # the form's question is put again
    elif not await escalate.answer_offer(talk, offer):
        await _answer(talk)


def _introduce(talk: Talk) -> None:
    """The first turn says that this is a machine (Regulation (EU) 2024/1689, art. 50(1))."""
    if talk.state.introduced:
        return
    talk.state.introduced = True
    says_so_itself = talk.message.intent in ("greet", "bot_challenge") and not talk.message.second
    if not talk.message.introduced and not says_so_itself:
        talk.say("utter_dialogue_introduction")


async def _answer(talk: Talk) -> None:
    """The open form, or the message's questions."""
    if talk.message.intent in ("return_start", "complaint_start") or talk.state.form in (
        "return_start", "complaint_start"
    ):  # fmt: skip
        talk.read_as(phrases.rather(talk.message.text) or complaints.reading(talk))
    second = _second(talk)
    if second and talk.message.intent == "nlu_fallback":
        talk.read_as(dialogue.other_reading(talk, second))
    if second == "human_agent" or (second and talk.message.intent in _SILENT_FIRST
                                   and not talk.state.form and not talk.new_facts):  # fmt: skip
        talk.turn_to(second, talk.message.text)
        await _question(talk)
        return
    rest = str((talk.message.second or {}).get("text") or "")
    if talk.state.form and await forms.answer(talk, BOOK):
        if second and not talk.opened:
            await _or_later(talk, second, rest)
        return
    talk.several = second is not None
    questions = [(_first(talk), _without(talk.message.text, rest))]
    if second:
        questions.append((second, rest))
        if questions[0][0] in FORMS and second not in FORMS:
            questions.reverse()
    for place, (intent, text) in enumerate(questions):
        if place:
            await _or_later(talk, intent, text)
        else:
            talk.turn_to(intent, text)
            await _question(talk)


def _second(talk: Talk) -> str | None:
    """The second question's intent, when it is a question."""
    name = (talk.message.second or {}).get("name")
    return name if name in SECOND and name != talk.message.intent else None


def _first(talk: Talk) -> str:
    """The first question's intent; bare data and "another order" take it from what was before."""
    state, message = talk.state, talk.message
    if state.form is None:
        if not talk.new_facts and state.topic in ORDER_FORMS and message.intent in (
            "inform", "deny", "nlu_fallback", "order_status", "order_place", "out_of_scope"
        ) and phrases.wants_other_order(message.text):  # fmt: skip
            state.order_number = None
            return state.topic or "order_status"
        return dialogue.meant_by_data(talk) or message.intent
    return message.intent


def _without(text: str, part: str) -> str:
    return text.replace(part, " ") if part and part != text else text


async def _question(talk: Talk) -> None:
    intent = talk.message.intent
    if intent in HANDLERS and intent in SECOND:
        talk.state.topic = intent
    await HANDLERS[intent](talk)


async def _or_later(talk: Talk, intent: str, text: str) -> None:
    """Answer another question now, or keep it when an open form would be pushed away."""
    if talk.opened:
        return
    offer = talk.state.offer
    if offer and intent in PERSON_INTENTS:  # one person, one offer
        talk.state.offer = {**offer, "detail": f"{offer['detail']}, {intent}"}
        return
    if intent in FORMS and (talk.state.form or offer):
        number = _number_in(talk, text)
        kept = {"name": intent, "text": text}
        talk.state.later_intent = {**kept, "order_number": number} if number else kept
        return
    talk.state.order_number = _number_in(talk, text) or talk.state.order_number
    talk.turn_to(intent, text)
    await _question(talk)


def _number_in(talk: Talk, text: str) -> str | None:
    """The order number that belongs to a second question."""
    named = phrases.digits(text)
    numbers = talk.message.entities.get("order_number", ())
    return next((n for n in numbers if named and n[-6:] in named), None)


async def _later(talk: Talk) -> None:
    """The question that waited, when nothing is open any more."""
    state = talk.state
    later = state.later_intent
    if not later or state.form or state.offer or talk.opened or talk.misunderstood:
        return
    state.later_intent = None
    talk.resumed = "begun" in later
    talk.kept = json.loads(later.get("answers", "{}"))
    if number := later.get("order_number"):
        state.order_number = number
    talk.say("utter_dialogue_second_question")
    talk.turn_to(later["name"], later["text"])
    await _question(talk)


async def _ask_again(talk: Talk) -> None:
    """Put the open form's question again after something else was answered."""
    state = talk.state
    if state.form and not (talk.asked or talk.opened or state.offer):
        if state.asking == "product":
            talk.ask("product", "utter_products_ask")
            return
        await HANDLERS[state.form](talk)
