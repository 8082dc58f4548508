"""Dialogue acts: greetings, help, repetition, stopping, languages, and not understanding."""

from actions import after_case, company, delivery, payment, promo
from actions.state import ORDER_FORMS
from actions.talk import Button, Talk
from actions.wording import INTENT_TITLES, intent_title

_NO_READING = frozenset({"inform", "affirm", "deny", "greet", "goodbye", "thank", "out_of_scope"})
_LANGUAGES: tuple[Button, ...] = (
    {
        "title": "Po polsku",
        "payload": '/change_language{"language": "pl", "language_chosen": "yes"}',
    },
    {
        "title": "In English",
        "payload": '/change_language{"language": "en", "language_chosen": "yes"}',
    },
)
READINGS = 2
MISUNDERSTOOD_BEFORE_OFFER = 2
LIKELY_BESIDE = 0.2
UNSURE = "nlu_fallback"


async def greet(talk: Talk) -> None:
    """Greet; a customer whom a person has just served is told that it is known."""
    if _tell_case(talk, "utter_dialogue_greet_after_case", "utter_dialogue_greet_after_part"):
        return
    talk.say("utter_dialogue_greet" if talk.state.form is None else "utter_dialogue_greet_short")


async def assist(talk: Talk) -> None:
    """Say what the assistant can do."""
    if not _tell_case(talk, "utter_dialogue_help_after_case", "utter_dialogue_help_after_part"):
        talk.say("utter_dialogue_help")


def _tell_case(talk: Talk, closed: str, returned: str) -> bool:
    """Say once that a person has served the customer; their promises are theirs to say."""
    if (case := after_case.served(talk)) is None:
        return False
    after_case.mark_told(talk)
    number = talk.words.code(str(case.get("number")))
    talk.say(returned if case.get("state") == after_case.RETURNED else closed, number=number)
    return True


def keep_file(talk: Talk) -> None:
    """A photo or paper that no form asked for; it stays in the conversation."""
    if talk.state.form or talk.state.offer:
        talk.say("utter_dialogue_file_kept")
    else:
        talk.say("utter_dialogue_file_about")


async def goodbye(talk: Talk) -> None:
    """Part."""
    talk.state.finish_form()
    talk.state.later_intent = None
    talk.say("utter_dialogue_goodbye")


async def thank(talk: Talk) -> None:
    """Take thanks."""
    talk.say("utter_dialogue_thank")


async def affirm(talk: Talk) -> None:
    """A yes to nothing in particular."""
    if talk.state.form is None:
        talk.say("utter_dialogue_how_can_i_help")


async def deny(talk: Talk) -> None:
    """A no to nothing in particular."""
    if talk.state.form is None:
        talk.say("utter_dialogue_anything_else")


async def bot_challenge(talk: Talk) -> None:
    """Yes, a machine."""
    talk.state.introduced = True
    talk.say("utter_dialogue_bot")


async def stop(talk: Talk) -> None:
    """Drop what is going on."""
    response = "utter_dialogue_stopped" if talk.state.form else "utter_dialogue_nothing_to_stop"
    talk.state.finish_form()
    talk.state.later_intent = None
    if not talk.state.verified():
        talk.state.order_number = None
    talk.say(response)


async def repeat(talk: Talk) -> None:
    """Say the last turn's answers again."""
    users = [i for i, event in enumerate(talk.events) if event.get("event") == "user"]
    first = users[-2] if len(users) > 1 else 0
    last = [e for e in talk.events[first:] if e.get("event") == "bot" and e.get("text")]
    if not last:
        talk.say("utter_dialogue_how_can_i_help")
    for event in last:
        talk.say_again(event["text"], (event.get("data") or {}).get("buttons") or ())
    talk.asked = bool(last)


async def change_language(talk: Talk) -> None:
    """Go on in the other language; the slot is set by the time this runs."""
    if talk.message.first("language"):
        talk.say("utter_dialogue_language_changed")
    else:
        talk.say("utter_dialogue_which_language", _LANGUAGES)


async def out_of_scope(talk: Talk) -> None:
    """Say what this is for; the second time in a row offer a person."""
    if _lost(talk):
        return
    if talk.message.heard_language == "other" and _letters(talk.message.text) > 2:
        talk.say("utter_dialogue_other_language")
    else:
        talk.say("utter_dialogue_out_of_scope")


def _letters(text: str) -> int:
    return sum(sign.isalpha() for sign in text)


async def nlu_fallback(talk: Talk) -> None:
    """First ask back with the likeliest readings; the second time in a row offer a person."""
    if _lost(talk):
        return
    if talk.message.heard_language == "other" and _letters(talk.message.text) > 2:
        talk.say("utter_dialogue_other_language")
        return
    buttons = _readings(talk)
    if buttons:
        talk.say("utter_dialogue_did_you_mean", buttons, readings=_listed(talk, buttons))
    else:
        talk.say("utter_dialogue_rephrase")
    talk.asked = True


def _lost(talk: Talk) -> bool:
    """Count a turn that led nowhere; from the second in a row on, a person is offered."""
    talk.misunderstood = True
    talk.state.misunderstood += 1
    if talk.state.misunderstood < MISUNDERSTOOD_BEFORE_OFFER:
        return False
    talk.offer_person("utter_escalation_offer_misunderstood", "low_confidence")
    return True


def other_reading(talk: Talk, second: str) -> str:
    """The likeliest question beside `second` in a message that blurs two."""
    for entry in talk.message.ranking:
        name = str(entry.get("name"))
        likely = float(entry.get("confidence") or 0.0) >= LIKELY_BESIDE
        if likely and name != second and name not in _NO_READING and name in INTENT_TITLES:
            return name
    return "nlu_fallback"


def _readings(talk: Talk) -> list[Button]:
    buttons: list[Button] = []
    for entry in talk.message.ranking:
        name = str(entry.get("name"))
        title = intent_title(name, talk.message.language)
        if title and name not in _NO_READING:
            buttons.append({"title": title, "payload": f"/{name}"})
    return buttons[:READINGS]


def _listed(talk: Talk, buttons: list[Button]) -> str:
    titles = [button["title"] for button in buttons]
    if talk.message.language == "en":
        return " or ".join(t if talk.words.spoken else f"“{t}”" for t in titles)
    return " czy ".join(t if talk.words.spoken else f"„{t}”" for t in titles)


def meant_by_data(talk: Talk) -> str | None:
    """The question that bare data answers or asks: an order number alone asks for its state."""
    state, message = talk.state, talk.message
    if message.intent not in ("inform", "nlu_fallback"):
        return None
    if talk.new_facts:
        if state.topic in ORDER_FORMS:
            return state.topic
        likeliest = next((str(r.get("name")) for r in message.ranking if r["name"] != UNSURE), None)
        asked = message.intent == UNSURE and likeliest in ORDER_FORMS
        return likeliest if asked else "order_status"
    if state.topic == "opening_hours" and company.follow_up_day(message.text, talk.today()):
        return "opening_hours"
    if state.topic == "delivery_info" and delivery.names_way(message.text):
        return "delivery_info"
    if state.topic == "payment_info" and payment.names_way(message.text):
        return "payment_info"
    if state.topic == "promo_code" and promo.holds_code(message.text):
        return "promo_code"
    if message.first("product") or (message.intent == "inform" and state.topic == "product_info"):
        return "product_info"
    return None


async def inform(talk: Talk) -> None:
    """Data that answers nothing."""
    talk.say("utter_dialogue_what_about_it")
