"""Complaints: filing one, its state, and guarantees."""

import re
from datetime import date, timedelta

from actions import complaint_form, complaint_words, escalate, forms, phrases
from actions.complaint_form import NO_NUMBER
from actions.shop.port import Complaint, ComplaintState, Product
from actions.talk import Talk
from frontline.clock import local
from frontline.lang.text import fold

START = "complaint_start"
ANSWER_DAYS = timedelta(days=14)
"""Time for the answer (ustawa o prawach konsumenta, art. 7a), where the case names no other."""
TOLD = 3
"""More complaints about one order than this are not read out."""
_FILING = re.compile(
    r"(reklam|skarg|zloz|sklad|zglos|zglas|zglosz|wad[aeoy]|wadliw|wadom|usterk|zamowi|numer|"
    r"towar|rzecz|sprzet|artykul|kupi|chc|formular|moge|jak$|gdzie$|panstw|wasz|nowy$|wymian|"
    r"niezgodn|umow|opis|przyszed|doszed|dostal|wyglad|nie$|tak$|to$|jednak|tylko|zwrot|"
    r"complain|claim|fil(e|ing)$|make$|lodge|submit|report|fault|defect|item|product|goods|"
    r"order|number|like$|form$|want|wish|not$|yes$|would|raise|against|about|bought|received|"
    r"where|how$|send$|should|return)"
)
_NUMBERED = re.compile(r"(numer|zamowi|number|order|za-|[\d-]+\W*$)")
_TELLS = frozenset(
    {START, "inform", "affirm", "deny", "nlu_fallback", "out_of_scope", "delivery_problem",
     "product_info", "technical_problem"}
)  # fmt: skip
_GUARANTEED = re.compile(
    r"\b(?:gwaranc\w*|gwara|rekojmi\w*|warranty|guarantee)\s+"
    r"(?:(?:producenta|jest|macie|do|is|there|do|you|give)\s+)*"
    r"(?:na|dla|on|for|of)\s+(?:the |an? |my |your |this )?(?P<what>[\w' -]{3,60})"
)


async def complaint_start(talk: Talk) -> None:
    """Collect a complaint for a person: what is wrong, which order, a yes."""
    state = talk.state
    told_before = state.answers.get("fault")
    if state.form == "return_start":
        state.finish_form()  # "not a return, a complaint": nothing is left to come back to
    fresh = state.form != START
    forms.begin(talk, START)
    if fresh and not talk.resumed:
        state.answers = complaint_form.sent_before(talk)
        if told_before:
            state.answers = {**state.answers, "fault": told_before}
    if talk.message.intent == START:
        if fresh or "start" in state.answers:
            _begin_filing(talk)
        _keep(talk)
    if "start" in state.answers:
        _offer_to_file(talk)
    else:
        _ask_next(talk)


def _begin_filing(talk: Talk) -> None:
    talk.state.answers = {k: v for k, v in talk.state.answers.items() if k != "start"}
    if not talk.resumed:
        talk.say("utter_complaints_rights")


def _ask_next(talk: Talk) -> None:
    """Ask for what is missing, then read the complaint back."""
    state = talk.state
    if not state.answers.get("fault"):
        talk.ask("fault", "utter_complaints_ask_fault")
        return
    answer = state.answers.get("complaint_order")
    if answer and answer != NO_NUMBER:
        _set_order(talk, answer)
    if not (state.order_number or answer):
        talk.ask("complaint_order", "utter_complaints_ask_order")
    elif not complaint_form.ask_missing(talk):
        _read_back(talk)


def _read_back(talk: Talk) -> None:
    told = complaint_form.told(talk)
    if number := complaint_form.order_of(talk):
        number = talk.words.order_number(number)
        talk.ask("confirm", "utter_complaints_confirm", (), number=number, **told)
    else:
        talk.ask("confirm", "utter_complaints_confirm_no_number", (), **told)


def _set_order(talk: Talk, number: str | None) -> None:
    """Talk about this order, or ask again; an order that is known in full stays so."""
    state = talk.state
    state.answers = {k: v for k, v in state.answers.items() if k != "complaint_order"}
    if number is None or number[-6:] != (state.order_number or "")[-6:]:
        state.order_number = number


def _keep(talk: Talk) -> bool:
    """Add what the message tells of the fault; False when it tells nothing new."""
    text, known = phrases.one_line(talk.message.text, 500), talk.state.answers.get("fault", "")
    if not tells_fault(text) or text in known:
        return False
    fault = "; ".join(part for part in (known, text) if part)[:500]
    talk.state.answers = {**talk.state.answers, "fault": fault}
    return True


def tells_fault(text: str) -> bool:
    """Whether a message says what is wrong with what, beyond the wish to complain."""
    if text.startswith("/"):  # a button
        return False
    words = [w for w in fold(phrases.product_words(text)).split() if len(w) > 2]
    left = [w for w in words if not _FILING.match(w) and not w.isdigit()]
    filing = re.search(r"\b(reklam|complain|claim|zglos|zglas)", fold(text))
    return len(left) >= (3 if filing else 2)


def read_fault(talk: Talk) -> str | None:
    """The answer to what is wrong; None when it is another question or says nothing."""
    text = phrases.one_line(talk.message.text, 500)
    if talk.message.intent not in _TELLS or text.startswith("/"):
        return None
    if talk.message.intent == START:
        return text if tells_fault(text) or _short_fault(text) else None
    if talk.message.intent in ("affirm", "deny"):
        return text if tells_fault(text) else None
    words = [w for w in fold(text).split() if not _NUMBERED.match(w)]
    return text if len(words) >= 2 and not phrases.begins_with_yes(text) else None


def _short_fault(text: str) -> bool:
    """An answer without words of filing, as "buty się rozkleiły"."""
    return len(text.split()) >= 2 and not re.search(r"\b(reklam|complain|claim|zglos)", fold(text))


def read_order(talk: Talk) -> str | None:
    """The order number, or `none` when the customer does not have it."""
    if number := _named_order(talk):
        return number
    text = talk.message.text
    if talk.message.intent == "deny" or phrases.does_not_know(text) or phrases.has_none(text):
        return NO_NUMBER
    return None


def _named_order(talk: Talk) -> str | None:
    """The order number that the message names, in an entity or bare; other codes are none."""
    text = talk.message.text
    other = phrases.other_codes(text) | phrases.negated_numbers(text)
    named = [n for n in talk.message.entities.get("order_number", ()) if n[-6:] not in other]
    if named:
        return named[0]
    bare = re.search(r"(?<!\d)(\d{3})[ -]?(\d{3})(?!\d)", text)
    number = bare[1] + bare[2] if bare and talk.state.asking == "complaint_order" else None
    return number if number not in other else None


def take(talk: Talk) -> bool:
    """Take a correction, a photo, another order, or more about the fault; False = nothing."""
    state = talk.state
    if "start" in state.answers:
        return _take_order(talk)
    taken = complaint_form.take(talk)  # both: a message may correct the wish and the order
    if complaint_form.answers_question(talk):
        return False  # the question's own reader takes it
    if _take_order(talk) or taken:
        return True
    text = talk.message.text
    if state.asking == "confirm" and phrases.begins_with_yes(text):
        return False
    if state.asking == "confirm" and talk.message.intent == "deny":
        return _other_words(talk)
    more = talk.message.intent == START
    return more and bool(state.answers.get("fault")) and _keep(talk)


def _take_order(talk: Talk) -> bool:
    """Take another order's number, or that it is another one; False = neither."""
    state = talk.state
    if state.asking == "complaint_order" and talk.message.intent != START:
        return False  # the question's own reader takes it
    number = _named_order(talk)
    if number and number[-6:] != (complaint_form.order_of(talk) or "")[-6:]:
        _set_order(talk, number)
        return state.asking != "fault" or read_fault(talk) is None
    if phrases.wants_other_order(talk.message.text):
        _set_order(talk, number)  # none: it is asked for
        return True
    return False


def _other_words(talk: Talk) -> bool:
    """A no that says more than no: the fault in other words, or that something is wrong."""
    text = talk.message.text
    if tells_fault(text) and len(text.split()) > 2 and _keep(talk):
        return True
    if not complaint_words.says_wrong(text):
        return False
    talk.say("utter_complaints_what_to_change")
    return True


def reading(talk: Talk) -> str:
    """The message's intent, once it is known that the complaint's questions are open.

    "Chcę jednak zwrot pieniędzy" answers which wish, whatever it looks like by itself.
    """
    intent, asking = talk.message.intent, talk.state.asking
    if intent not in _LOOKS_LIKE or talk.state.form != START:
        return intent
    if complaint_words.is_question(talk.message.text):
        return intent
    if asking in complaint_form.FIELDS and complaint_form.answers_question(talk):
        return "inform"
    changes = complaint_words.find_wish(talk.message.text) or (
        complaint_words.find_email(talk.message.text)
    )
    return "inform" if asking == "confirm" and changes else intent


_LOOKS_LIKE = frozenset(
    {"return_start", "refund_status", "order_change", "payment_info", "promo_code",
     "complaint_status", "warranty_info", "store_contact", "account_access", "delivery_info"}
)  # fmt: skip
"""What an answer to the complaint's questions may look like."""


async def complaint_confirmed(talk: Talk) -> None:
    """The customer said yes: to filing a complaint, or to handing over what was read back."""
    if "start" in talk.state.answers:
        _begin_filing(talk)
        _ask_next(talk)
        return
    fault, number = talk.state.answers.get("fault", ""), complaint_form.order_of(talk)
    detail = f"{number}: {fault}" if number else fault
    case = await escalate.leave_request(
        talk, "complaint", detail, kind="complaint", receipt=await complaint_form.receipt(talk)
    )
    if case is None:
        return  # still open: another yes tries again
    talk.state.note(START)
    talk.state.finish_form()
    named = (case.legal or {}).get("due")
    due = date.fromisoformat(str(named)[:10]) if named else talk.today() + ANSWER_DAYS
    values = {
        "number": talk.words.code(case.number),
        "day": talk.words.day(due, talk.today()),
    }
    talk.offer_person("utter_complaints_filed", "complaint", detail, **values)


def _offer_to_file(talk: Talk) -> None:
    number = talk.words.order_number(talk.state.order_number or "")
    talk.ask("confirm", "utter_complaints_none", number=number)


async def complaint_status(talk: Talk) -> None:
    """Say where the complaints about an order stand."""
    if (order := await forms.verified_order(talk, "complaint_status")) is None:
        return
    found = list(await talk.shop.complaints(order.number))[:TOLD]
    talk.state.note("complaint_status")
    talk.state.finish_form()
    if not found:
        forms.begin(talk, START)
        talk.state.answers = {"start": "offered"}
        _offer_to_file(talk)
        return
    for complaint in found:
        _tell(talk, complaint)
    if late := next((c for c in found if _is_late(talk, c)), None):
        detail = f"{late.number}: answer overdue since {late.answer_due}"
        talk.offer_person("utter_complaints_overdue", "complaint", detail)
    elif refused := next((c for c in found if c.state is ComplaintState.REFUSED), None):
        detail = f"{refused.number}: customer may disagree with the refusal"
        talk.offer_person("utter_complaints_disagree", "complaint", detail)


_OPEN = {
    ComplaintState.RECEIVED: "utter_complaints_received",
    ComplaintState.IN_REVIEW: "utter_complaints_in_review",
}
_CLOSED = {
    ComplaintState.ACCEPTED: "utter_complaints_accepted",
    ComplaintState.REFUSED: "utter_complaints_refused",
    ComplaintState.DONE: "utter_complaints_done",
}


def _is_late(talk: Talk, complaint: Complaint) -> bool:
    return complaint.state in _OPEN and complaint.answer_due < talk.today()


def _tell(talk: Talk, complaint: Complaint) -> None:
    code, product = talk.words.code(complaint.number), complaint.product
    if complaint.state in _CLOSED:
        talk.say(_CLOSED[complaint.state], code=code, product=product)
        english = talk.message.language == "en"
        outcome = complaint.outcome_en if english else complaint.outcome_pl
        if outcome:
            talk.say("utter_complaints_outcome", outcome=outcome)
        return
    filed = talk.words.day(local(complaint.filed_at).date(), talk.today())
    due = talk.words.day(complaint.answer_due, talk.today())
    late = _is_late(talk, complaint)
    response = "utter_complaints_waiting" if late else _OPEN[complaint.state]
    talk.say(response, code=code, product=product, filed=filed, due=due)


async def warranty_info(talk: Talk) -> None:
    """Tell the maker's guarantee of a product that is named, and what the law gives anyway."""
    named = _GUARANTEED.search(fold(talk.message.text))
    wanted = talk.message.first("product") or phrases.product_words(named["what"] if named else "")
    if wanted:
        for product in await talk.shop.find_products(wanted):
            _tell_guarantee(talk, product)
    talk.say("utter_complaints_warranty_law")


def _tell_guarantee(talk: Talk, product: Product) -> None:
    name = talk.words.product(product)
    if product.warranty_months:
        months = talk.words.count(product.warranty_months, "months")
        talk.say("utter_complaints_warranty_product", product=name, months=months)
    else:
        talk.say("utter_complaints_warranty_no_guarantee", product=name)
