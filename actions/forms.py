"""Forms of our own: what is still missing is asked for, one question at a time.

A form is the name of the intent it serves. Its handler is run again after every answer and asks
for the next thing that is missing, so it can be interrupted, corrected and resumed at any point.
Why not Rasa's forms: docs/decisions/0005-own-forms.md.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from actions import phrases
from actions.identity import Verdict
from actions.shop.port import Order
from actions.state import ORDER_FORMS
from actions.talk import Talk
from frontline.lang.text import words

Handler = Callable[[Talk], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Field:
    """Something that a form of one topic asks for; the answer goes to `State.answers`."""

    read: Callable[[Talk], str | None]
    """The answer in this message; None = there is none."""
    unclear: str
    """The response that asks again."""


@dataclass(frozen=True, slots=True)
class Book:
    """What the forms of all topics are made of; filled in `actions.registry`."""

    handlers: Mapping[str, Handler]
    """What answers a question or asks on, by intent."""
    settle: Mapping[str, Handler]
    """What a yes to a form's confirmation does, by form."""
    declined: Mapping[str, str]
    """The response to a no there, by form."""
    fields: Mapping[str, Field]
    """The topics' own questions, by the name in `State.asking`."""
    takes: Mapping[str, Callable[[Talk], bool]] = field(default_factory=dict)
    """Takes all that a message brings for a form, asked for or corrected; False = nothing."""


_OWN_WAY = frozenset(
    words(
        "human_agent stop angry legal_threat vulnerable callback_request change_language repeat "
        "bot_challenge help goodbye"
    )
)
"""Never taken as an answer, whatever was asked."""
_ORDER_QUESTIONS = frozenset({None, "order_number", "proof", "confirm"})
"""Open questions beside which an order number or a proof is taken as such."""
_VAGUE = frozenset({"inform", "affirm", "deny", "nlu_fallback", "out_of_scope"})
"""May be an answer."""
_ASIDE = frozenset(
    {"opening_hours", "store_contact", "order_status", "order_cancel", "greet", "thank"}
)
"""Questions that interrupt even where free text is wanted."""
UNCLEAR_BEFORE_OFFER = 2
SURE = 0.9
"""Less sure readings of a short answer that names the order are the answer."""


def take_facts(talk: Talk) -> None:
    """Keep the order number and the proof that the message brings."""
    state, message = talk.state, talk.message
    closed = state.asking not in _ORDER_QUESTIONS
    if state.form and state.form not in ORDER_FORMS:
        closed = message.intent not in ORDER_FORMS
    if closed and not _corrects(message.text, state.asking):
        return  # digits in an address or a telephone number are no order
    number = _number(talk)
    if number:
        talk.new_facts = True
        if number[-6:] != (state.order_number or "")[-6:]:
            _change_order(talk, number)
        elif len(number) > len(state.order_number or ""):
            state.order_number = number
    proof = {k: v for k in ("postal_code", "email") if (v := message.first(k))}
    if state.asking == "proof" and not proof and not number:
        proof = _bare_postal_code(message.text)
    if proof and not state.verified():
        talk.new_facts = True
        state.proof = proof


def _corrects(text: str, asking: str | None) -> bool:
    """Another order is meant, in words or by a bare number where words are wanted."""
    bare = asking in ("wish", "product") and len(text.split()) <= 2
    return bare or phrases.wants_other_order(text)


def _number(talk: Talk) -> str | None:
    """The order number meant, when several or a denied one are named."""
    state, message = talk.state, talk.message
    numbers = list(dict.fromkeys(message.entities.get("order_number", ())))
    if not numbers and state.asking == "order_number":
        bare = re.search(r"(?<!\d)(\d{3})[ -]?(\d{3})(?!\d)", message.text)
        numbers = [bare[1] + bare[2]] if bare else []
    second = phrases.digits((message.second or {}).get("text") or "")
    numbers = [n for n in numbers if n[-6:] not in second] or numbers
    codes = phrases.other_codes(message.text)
    numbers = [n for n in numbers if n[-6:] not in codes]
    denied = phrases.negated_numbers(message.text)
    meant = [n for n in numbers if n[-6:] not in denied] or numbers
    if len(meant) > 1 and not denied and not message.second and not state.later_intent:
        state.later_intent = {"name": "order_status", "text": "", "order_number": meant[1]}
    return meant[0] if meant else None


def _bare_postal_code(text: str) -> dict[str, str]:
    digits = re.sub(r"[\s-]", "", text)
    found = re.search(r"(?<!\d)\d{5}(?!\d)", digits)
    return {"postal_code": f"{found[0][:2]}-{found[0][2:]}"} if found else {}


def _change_order(talk: Talk, number: str | None) -> None:
    """Talk about another order from now on."""
    state = talk.state
    state.order_number = number
    state.wish = None
    state.unclear = 0
    if state.asking in ("confirm", "wish"):
        state.asking = None


def begin(talk: Talk, form: str) -> None:
    """Open a form; an order form replaces another, any other pending form waits."""
    state = talk.state
    if state.form == form:
        return
    if state.form and not {state.form, form} <= ORDER_FORMS:
        state.later_intent = _kept(talk)
    state.form, state.asking, state.wish, state.unclear = form, None, None, 0
    state.answers = dict(talk.kept) if talk.resumed else {}


def _kept(talk: Talk) -> dict[str, str]:
    """The open form as it waits, with all its answers: nobody has to say anything twice."""
    state = talk.state
    told = state.answers.get("fault", "")
    if not told and state.form not in ORDER_FORMS:
        told = " ".join(state.answers.values())
    kept = {"name": state.form or "", "text": told, "begun": "yes"}
    if state.answers:
        kept["answers"] = json.dumps(state.answers, ensure_ascii=False)
    before = talk.slots.get("order_number")
    if before and before != state.order_number:
        kept["order_number"] = str(before)  # the message that interrupts names another order
    return kept


async def verified_order(talk: Talk, form: str) -> Order | None:
    """The order that is talked about, once it is proved; else what is missing has been asked."""
    begin(talk, form)
    state = talk.state
    if known := state.verified():
        state.proof = None
        order = await talk.shop.find_order(known)
        if order is not None:
            return order
        state.verified_orders = [v for v in state.verified_orders if v != known]
    if state.locked:
        _locked(talk)
        return None
    if not state.order_number:
        talk.ask("order_number", "utter_orders_ask_number")
        return None
    if not state.proof or state.proof.get("for") == state.order_number:
        number = talk.words.order_number(state.order_number)
        talk.ask("proof", "utter_identity_ask_proof", number=number)
        return None
    return await _prove(talk, state.order_number, state.proof)


async def _prove(talk: Talk, number: str, proof: dict[str, str]) -> Order | None:
    state = talk.state
    check = await talk.identity.check(talk.message.conversation_id, number, proof)
    if check.order is not None:
        state.order_number = check.order.number
        state.verified_orders = [*state.verified_orders, check.order.number]
        state.proof, state.asking, state.unclear = None, None, 0
        return check.order
    state.note("identity", check.verdict.value)
    if check.verdict is Verdict.LOCKED:
        state.locked = True
        _locked(talk)
        return None
    state.proof = {**proof, "for": number}
    talk.ask("proof", "utter_identity_wrong", tries=talk.words.count(check.tries_left, "tries"))
    return None


def _locked(talk: Talk) -> None:
    talk.state.finish_form()
    talk.offer_person("utter_identity_locked", "identity_locked")


async def answer(talk: Talk, book: Book) -> bool:
    """Take the message as an answer to the open form's question; False when it is not one.

    Args:
        talk: the turn; a form is open.
        book: what the forms are made of.
    """
    state, message = talk.state, talk.message
    form, asking = state.form or "", state.asking or ""
    if message.intent in _OWN_WAY - {form} and not _unknown(talk):
        return False
    taken = _takes(talk, book)  # always: a message may bring the number and more
    if taken or (talk.new_facts and _is_answer(talk)):
        state.unclear = 0
    elif form in ORDER_FORMS and phrases.wants_other_order(message.text):
        _change_order(talk, None)
    elif _unknown(talk):
        _where(talk)
        return True
    elif asking == "confirm":
        return await _confirm(talk, book)
    elif asking == "wish" and message.intent not in _ASIDE:
        return await _describe(talk, book)
    elif asking in book.fields:
        return await _fill(talk, book)
    elif asking == "product" and message.intent in {*_VAGUE, "product_info", "order_place"}:
        await book.handlers[form](talk)
        return True
    elif message.intent in _VAGUE:
        unclear(talk, book.fields)
        return True
    else:
        return False
    await book.handlers[form](talk)
    return True


def _takes(talk: Talk, book: Book) -> bool:
    """Give the open form what it can use of the message."""
    form, intent = talk.state.form or "", talk.message.intent
    if form not in book.takes or not (intent in _VAGUE or intent == form):
        return False
    return book.takes[form](talk)


def _is_answer(talk: Talk) -> bool:
    """New facts go to the open form, unless a longer message asks something else with them."""
    intent = talk.message.intent
    if intent in _VAGUE or intent == talk.state.form:
        return True
    if talk.state.form not in ORDER_FORMS or len(talk.message.text.split()) > 6:
        return False
    unsure = talk.state.asking == "order_number" and talk.message.confidence < SURE
    return intent == "order_status" or (intent in ORDER_FORMS and unsure)


def _unknown(talk: Talk) -> bool:
    asking = talk.state.asking
    return asking in ("order_number", "proof") and phrases.does_not_know(talk.message.text)


def _where(talk: Talk) -> None:
    """Where to find what was asked for, and the offer of a person."""
    talk.asked = True
    found = "number" if talk.state.asking == "order_number" else "proof"
    response = f"utter_{'orders' if found == 'number' else 'identity'}_where_{found}"
    talk.offer_person(response, "repeated_failure", f"customer does not know the {found}")


async def _confirm(talk: Talk, book: Book) -> bool:
    intent, text = talk.message.intent, talk.message.text
    form = talk.state.form or ""
    if intent == "affirm" or (intent == form and phrases.begins_with_yes(text)):
        await book.settle[form](talk)
        return True
    if intent == "deny":
        if form == "order_change":
            talk.state.wish = None
            talk.ask("wish", "utter_orders_change_ask_again")
        else:
            _declined(talk, book)
        return True
    if intent in _VAGUE:
        unclear(talk, book.fields)
        return True
    return False


def _declined(talk: Talk, book: Book) -> None:
    form = talk.state.form or ""
    talk.state.finish_form()
    talk.say(book.declined[form])


async def _describe(talk: Talk, book: Book) -> bool:
    if talk.message.intent in ("deny", "affirm") and len(talk.message.text.split()) <= 2:
        if talk.message.intent == "affirm":
            unclear(talk, book.fields)
        else:
            _declined(talk, book)
        return True
    talk.state.wish = phrases.one_line(talk.message.text, 500)
    await book.handlers[talk.state.form or ""](talk)
    return True


async def _fill(talk: Talk, book: Book) -> bool:
    """Take the answer to a topic's own question; another question goes its way."""
    state, message = talk.state, talk.message
    form, asking = state.form or "", state.asking or ""
    value = book.fields[asking].read(talk)
    if value is not None:
        state.answers = {**state.answers, asking: value}
        state.unclear = 0
        await book.handlers[form](talk)
        return True
    if message.intent in _VAGUE or message.intent == form:
        unclear(talk, book.fields)
        return True
    return False


_NO_FIELDS: Mapping[str, Field] = {}
_UNCLEAR = {
    "order_number": "utter_orders_number_unclear",
    "proof": "utter_identity_proof_unclear",
    "confirm": "utter_dialogue_yes_or_no",
    "wish": "utter_orders_change_ask_again",
    "product": "utter_products_unclear",
}


def unclear(talk: Talk, fields: Mapping[str, Field] = _NO_FIELDS) -> None:
    """Ask once more; from the second time on, offer a person."""
    state = talk.state
    state.unclear += 1
    asking = state.asking or "order_number"
    if state.unclear < UNCLEAR_BEFORE_OFFER:
        own = fields.get(asking)
        talk.ask(asking, own.unclear if own else _UNCLEAR[asking])
        return
    talk.asked = True
    talk.offer_person("utter_escalation_offer_form", "repeated_failure", f"{state.form}: {asking}")
