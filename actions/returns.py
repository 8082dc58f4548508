"""Returns: sending goods back, and when the money comes."""

import re
from datetime import date, timedelta

from actions import complaint_form, complaints, escalate, forms, phrases
from actions.order_state import tell_state
from actions.shop.port import (
    CannotChangeError,
    Order,
    OrderState,
    PaymentState,
    Return,
    ReturnState,
    TooLateError,
)
from actions.shop.terms import last_day_to_return
from actions.talk import Talk
from frontline.clock import local
from frontline.lang.text import fold

FORM = "return_start"
SENDING_BACK = timedelta(days=14)
"""Time to send the goods back after the notice (ustawa o prawach konsumenta, art. 34)."""
_UNSENT = (OrderState.PLACED, OrderState.PAID)
_ON_THE_WAY = (
    OrderState.PACKED,
    OrderState.SHIPPED,
    OrderState.OUT_FOR_DELIVERY,
    OrderState.IN_PICKUP_POINT,
)
_EXCHANGE = re.compile(
    r"\b(wymian|wymieni|zamieni|zamian|zmieni\w* rozmiar|na (inn|wieksz|mniejsz)|"
    r"inny (rozmiar|kolor|model)|exchang|swap|replacement|"
    r"(bigger|smaller|larger|different|another|other) (size|colou?r|one|model))"
)
_FAULT = re.compile(
    r"\b(uszkodz|wadliw|wad[aeoy]\b|usterk|zepsu|popsu|pekni|pekl|nie dzial|nie wlacza|przecieka|"
    r"niezgodn|nie jest zgodn|dziuraw|faulty|defect|broken|broke\b|damaged|cracked|leaks|"
    r"not as described|(doesn'?t|does not|not|isn'?t|stopped) work)"
)
_COST = re.compile(
    r"\b(kto (za to )?(placi|ponosi|pokrywa)|koszt|darmow|platn|za darmo|ile kosztuje|"
    r"who pays|costs?\b|free\b|fees?\b|charge)"
)
_QUESTION = re.compile(
    r"\b(ile (\w+ )?(czasu|dni)|jak dlugo|do kiedy|termin|jak\b|procedur|zasad|formularz|"
    r"czy (mog|mozna|przyjm|trzeba|musz|sa|jest|towar)|mozna\b|"
    r"how\b|can (i|we|you)\b|may i\b|what is|what's|policy|deadline|is it possible)"
)
_BACK = re.compile(r"(zwrot|zwroc|odda|odsyl|odesl|return|send (it |them )?back|refund)")
_COMPLAINT = re.compile(r"\b(reklam|napraw|complain|claim|repair)")
_PERSON = re.compile(r"\b(konsultant|czlowiek|agent\b|person\b|human\b)")
_TERMS = re.compile(
    r"\b(ile (\w+ )?(dni|trwa|czeka|czasu)|jak dlugo|w jakim terminie|na jakie konto|na karte|"
    r"how long|how many days|which account|to my card)"
)
_TELLS_WAY = frozenset(
    {FORM, "inform", "affirm", "deny", "nlu_fallback", "out_of_scope", "order_place"}
)


async def return_start(talk: Talk) -> None:
    """Register a return: which order, read back, a yes; questions on the way are answered."""
    state = talk.state
    if state.form == "complaint_start":
        state.finish_form()  # "not a complaint, a return": nothing is left to come back to
    fresh = state.form != FORM
    forms.begin(talk, FORM)
    if talk.message.intent == FORM:
        _listen(talk, fresh)
    if talk.new_facts:
        _forget(talk, "start")
    if not await _way_is_clear(talk):
        return
    if "start" in state.answers:
        talk.ask("confirm", state.answers["start"], number=_number(talk))
        return
    if (order := await forms.verified_order(talk, FORM)) is None:
        return
    if known := await talk.shop.returns(order.number):
        state.finish_form()
        _tell_return(talk, order, known[0])
    elif order.state is OrderState.DELIVERED and _last_day(order) >= talk.today():
        _read_back(talk, order)
    else:
        _not_now(talk, order)


def _listen(talk: Talk, fresh: bool) -> None:
    """Take from the customer's words what kind of return is meant; answer what they ask."""
    state, text = talk.state, talk.message.text
    if state.asking == "return_way":
        return
    if phrases.meant(_FAULT, text):
        state.answers = {"about": "faulty", "fault": phrases.one_line(text, 500)}
        return
    if phrases.meant(_EXCHANGE, text):
        state.answers = {"about": "exchange"}
        return
    folded = fold(text)
    asks = bool(_COST.search(folded) or _QUESTION.search(folded))
    if asks:
        talk.say("utter_returns_cost" if _COST.search(folded) else "utter_returns_rule")
    if asks and fresh and not talk.new_facts and not state.verified():
        state.answers = {"start": "utter_returns_start"}
    elif not asks:
        _forget(talk, "start")


def _forget(talk: Talk, name: str) -> None:
    talk.state.answers = {k: v for k, v in talk.state.answers.items() if k != name}


def _number(talk: Talk) -> str:
    return talk.words.order_number(talk.state.order_number or "")


async def _way_is_clear(talk: Talk) -> bool:
    """Whether a return is wanted; for an exchange or faulty goods the customer chooses."""
    state = talk.state
    about, way = state.answers.get("about"), state.answers.get("return_way")
    if about is None or way == "return":
        return True
    if way == "complaint":
        talk.read_as("complaint_start")
        await complaints.complaint_start(talk)
    elif way == "person":
        state.finish_form()
        detail = f"exchange: {talk.message.text}"
        talk.offer_person("utter_returns_exchange_person", "policy", detail)
    elif about == "exchange":
        talk.ask("return_way", "utter_returns_exchange")
    else:
        talk.ask("return_way", "utter_returns_faulty")
    return False


def read_way(talk: Talk) -> str | None:
    """The customer's choice: `return`, `complaint` or `person`; None = another matter."""
    text = talk.message.text
    if talk.message.intent not in _TELLS_WAY:
        return None
    if phrases.meant(_COMPLAINT, text):
        return "complaint"
    if phrases.meant(_EXCHANGE, text):
        return "complaint" if talk.state.answers.get("about") == "faulty" else "person"
    if phrases.meant(_PERSON, text):
        return "person"
    return "return" if phrases.meant(_BACK, text) else None


def _last_day(order: Order) -> date:
    """The last day to withdraw; past when the shop does not know the day of delivery."""
    if order.delivered_at is None:
        return date.min
    return last_day_to_return(local(order.delivered_at).date())


def _read_back(talk: Talk, order: Order) -> None:
    talk.state.answers = {**talk.state.answers, "read_back": order.number}
    if sum(line.quantity for line in order.lines) > 1:
        talk.say("utter_returns_whole_order")
    talk.ask(
        "confirm",
        "utter_returns_confirm",
        number=talk.words.order_number(order.number),
        goods=talk.words.goods(order),
        day=talk.words.day(_last_day(order), talk.today()),
    )


async def return_confirmed(talk: Talk) -> None:
    """The customer said yes: to starting at all, or to the return that was read back."""
    state = talk.state
    if "start" in state.answers:
        _forget(talk, "start")
        await return_start(talk)
        return
    if (order := await forms.verified_order(talk, FORM)) is None:
        return
    if state.answers.get("read_back") != order.number:
        await return_start(talk)
        return
    try:
        done = await talk.shop.start_return(order.number)
    except TooLateError:
        _too_late(talk, order)
        return
    except CannotChangeError:
        _not_now(talk, await talk.shop.find_order(order.number) or order)
        return
    state.note(FORM)
    state.finish_form()
    receipt = await _confirm_withdrawal(talk, order, done)
    talk.say(
        "utter_returns_started",
        code=talk.words.code(done.number),
        address=_address(talk, done),
        send_by=talk.words.day(local(done.announced_at).date() + SENDING_BACK, talk.today()),
    )
    _money(talk, done)
    if receipt:
        talk.say("utter_returns_receipt", number=talk.words.code(receipt))


_RECEIPT = {
    "pl": (
        "Potwierdzenie otrzymania oświadczenia o odstąpieniu od umowy",
        ("Zamówienie", "Towar", "Numer zwrotu", "Kwota do zwrotu", "Zwrot pieniędzy najpóźniej",
         "Adres do odesłania", "Sprzedawca"),
    ),
    "en": (
        "Confirmation of a withdrawal from the contract",
        ("Order", "Goods", "Number of the return", "Amount to be refunded", "Refund at the latest",
         "Address for the goods", "Seller"),
    ),
}  # fmt: skip


async def _confirm_withdrawal(talk: Talk, order: Order, done: Return) -> str | None:
    """A case with a confirmation on a durable medium (art. 21 and 30); its number, if it worked.

    The return itself is registered with the shop, whatever becomes of the case.
    """
    title, labels = _RECEIPT[talk.message.language]
    values = (
        order.number,
        talk.words.goods(order),
        done.number,
        talk.words.money(done.refund_grosze),
        done.refund_due.isoformat(),
        done.address,
        await complaint_form.seller(talk),
    )
    case = await escalate.leave_request(
        talk, "withdrawal", f"{order.number}: {done.number}", kind="withdrawal", quiet=True,
        receipt={"title": title, "rows": [
            [label, value] for label, value in zip(labels, values, strict=True) if value
        ]},
    )  # fmt: skip
    return case.number if case else None


def _not_now(talk: Talk, order: Order) -> None:
    """Why this order cannot be returned now, and what can be done instead."""
    number = talk.words.order_number(order.number)
    delivered = order.state is OrderState.DELIVERED and order.delivered_at is not None
    if delivered and _last_day(order) < talk.today():
        _too_late(talk, order)
        return
    talk.state.finish_form()
    talk.state.note(FORM, f"not possible: {order.state.value}")
    if order.state in _UNSENT:
        talk.say("utter_returns_not_sent", number=number)
    elif order.state in _ON_THE_WAY:
        talk.say("utter_returns_not_delivered", number=number)
    elif order.state is OrderState.DELIVERED:
        talk.offer_person("utter_returns_person", "policy", "return of a delivered order",
                          number=number)  # fmt: skip
    else:
        tell_state(talk, order)


def _too_late(talk: Talk, order: Order) -> None:
    talk.state.finish_form()
    talk.state.note(FORM, "too late")
    number = talk.words.order_number(order.number)
    day = talk.words.day(_last_day(order), talk.today())
    detail = f"return after the statutory time: {order.number}"
    talk.offer_person("utter_returns_too_late", "policy", detail, number=number, day=day)


async def refund_status(talk: Talk) -> None:
    """Say where the money of a return or a cancelled order is."""
    fresh = talk.state.form != "refund_status" and not talk.new_facts
    if fresh and not talk.state.verified() and phrases.meant(_TERMS, talk.message.text):
        talk.say("utter_returns_refund_rule")
    if (order := await forms.verified_order(talk, "refund_status")) is None:
        return
    known = await talk.shop.returns(order.number)
    talk.state.note("refund_status")
    talk.state.finish_form()
    if known:
        _tell_return(talk, order, known[0])
    elif order.state is OrderState.CANCELLED:
        await _tell_cancelled(talk, order)
    elif order.state in (
        OrderState.RETURN_IN_TRANSIT, OrderState.RETURNED, OrderState.REFUNDED
    ):  # fmt: skip
        tell_state(talk, order)
    elif order.state is OrderState.DELIVERED:
        forms.begin(talk, FORM)
        talk.state.answers = {"start": "utter_returns_none"}
        talk.ask("confirm", "utter_returns_none", number=_number(talk))
    else:
        talk.say("utter_returns_no_refund", number=_number(talk))


def _tell_return(talk: Talk, order: Order, found: Return) -> None:
    """Say where a return stands."""
    _TELL[found.state](talk, order, found)


def _announced(talk: Talk, order: Order, found: Return) -> None:
    code, day = _code_and_due(talk, found)
    if found.refund_due < talk.today():
        detail = f"refund of {order.number} due, goods not recorded"
        talk.offer_person("utter_returns_announced_overdue", "policy", detail, code=code, day=day)
        return
    since = talk.words.day(local(found.announced_at).date(), talk.today())
    talk.say("utter_returns_announced", code=code, since=since, address=_address(talk, found))
    _money(talk, found)


def _received(talk: Talk, order: Order, found: Return) -> None:
    code, day = _code_and_due(talk, found)
    total = talk.words.money(found.refund_grosze)
    if found.refund_due >= talk.today():
        talk.say("utter_returns_received", code=code, total=total, day=day)
        return
    detail = f"refund of {order.number} overdue"
    talk.offer_person("utter_returns_overdue", "policy", detail, code=code, total=total, day=day)


def _refunded(talk: Talk, order: Order, found: Return) -> None:
    code, total = talk.words.code(found.number), talk.words.money(found.refund_grosze)
    if found.refunded_at is None:
        talk.say("utter_returns_refunded_some_day", code=code, total=total)
        return
    day = talk.words.day(local(found.refunded_at).date(), talk.today())
    talk.say("utter_returns_refunded", code=code, total=total, day=day)


_TELL = {
    ReturnState.ANNOUNCED: _announced,
    ReturnState.RECEIVED: _received,
    ReturnState.REFUNDED: _refunded,
}


def _code_and_due(talk: Talk, found: Return) -> tuple[str, str]:
    return talk.words.code(found.number), talk.words.day(found.refund_due, talk.today())


def _money(talk: Talk, found: Return) -> None:
    """When the money comes, and what it may wait for."""
    day = talk.words.day(found.refund_due, talk.today())
    talk.say("utter_returns_money", total=talk.words.money(found.refund_grosze), day=day)


def _address(talk: Talk, found: Return) -> str:
    """Where to send the goods; a postcode is spoken in groups."""
    return re.sub(r"\b\d\d-\d{3}\b", lambda m: talk.words.postal_code(m[0]), found.address)


async def _tell_cancelled(talk: Talk, order: Order) -> None:
    """Say whether the payment of a cancelled order has gone back."""
    number = talk.words.order_number(order.number)
    payments = await talk.shop.payments(order.number)
    booked = sum(p.amount_grosze for p in payments if p.state is PaymentState.BOOKED)
    returned = [p for p in payments if p.state is PaymentState.RETURNED]
    back = sum(p.amount_grosze for p in returned)
    if returned and back >= booked:
        day = talk.words.day(local(returned[-1].at).date(), talk.today())
        total = talk.words.money(back)
        talk.say("utter_returns_payment_returned", number=number, total=total, day=day)
    elif booked:
        detail = f"payment for cancelled {order.number} not returned"
        total = talk.words.money(booked - back)
        talk.offer_person("utter_returns_payment_not_returned", "policy", detail,
                          number=number, total=total)  # fmt: skip
    else:
        detail = f"refund asked for {order.number}, no booked payment"
        talk.offer_person("utter_returns_nothing_paid", "policy", detail, number=number)
