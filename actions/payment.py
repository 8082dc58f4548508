"""Payment: ways to pay, and trouble with a payment."""

import re
from collections.abc import Sequence
from datetime import timedelta

from actions import escalate, forms, offers, phrases
from actions.order_state import tell_state
from actions.shop.port import Order, OrderState, Payment, PaymentState
from actions.talk import Talk
from frontline.clock import local
from frontline.lang.money import written_money
from frontline.lang.text import fold

PROBLEM = "payment_problem"
KIND = "payment_kind"
"""In `State.answers`: what went wrong, a name of `_KINDS`."""
PENDING_LONG = timedelta(days=4)
"""Two working days and a weekend: a transfer that is pending longer may have gone astray."""

_WAYS = {
    "blik": re.compile(r"\bblik"),
    "card": re.compile(r"\bkart[aey]\b|\bkartami\b|\bvisa|\bmastercard|\bcards?\b"),
    "transfer": re.compile(r"\bprzelew(em|u|y|ow|ie|ami)?\b|\btransfer|\bwire\b"),
    "cash_on_delivery": re.compile(
        r"\bpobrani|\bprzy odbiorze|\bgotowk|\bkurierowi|\blistonosz|\bcod\b|\bcash|"
        r"\bon delivery|\bpay (the )?(courier|postman|driver)"
    ),
    "instalments": re.compile(r"\brat(y|ach|ami|a)?\b|\bratal|\binstal|\bcredit\b"),
}
_ELSEWHERE = {
    "PayPal": r"\bpaypal", "Apple Pay": r"\bapple ?pay", "Google Pay": r"\b(google ?pay|gpay)",
    "PayPo": r"\bpaypo\b", "Klarna": r"\bklarna", "Twisto": r"\btwisto",
    "Przelewy24": r"\b(przelewy ?24|p24)\b", "PayU": r"\bpayu\b",
    "American Express": r"\b(american express|amex)\b", "paysafecard": r"\bpaysafe",
    "Bitcoin": r"\b(bitcoin|krypto|crypto)", "Revolut": r"\brevolut",
}  # fmt: skip
_NOT_KNOWN = re.compile(
    r"\b(numer|nr) (konta|rachunku)|\bkonto do|\biban|\bswift|\btytul|\brrso|\boprocent|\bodset|"
    r"\blimit|\bodrocz|\beuro?\b|\bdolar|\bwalut|\bkoron|\bbezpieczn|\bzapis|\bzalicz|\bz gory|"
    r"\bleasing|\bpodarunk|\bbon(y|em|ow)?\b|\bkupon|\bna (dwie|czesc)|\bpolow|\bpodziel|\bzagran|"
    r"\bpaczkomat|\bterminal|\bdocument|\bdokument|\bwarunk|\bile rat|\bile (miesiec|zarab)|"
    r"\b(account|bank) number|\binterest|\bdeposit|\bforeign|\bcurrenc|\bsafe|\bsecure|\bgift|"
    r"\bvoucher|\bsplit|\bhalf|\bpay later|\bdeferred|\bstore my|\bproof of|\bdollar|\bpounds"
)
_FEES = re.compile(
    r"\bkoszt|\boplat|\bdoplac|\bprowizj|\bile (za|kosztuj)|\bdroz|\bcost|\bfee|\bcharge|\bextra|"
    r"\bsurcharge|\bcheap"
)
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "charged twice",
        re.compile(
            r"\bdwa razy|\bdwukrot|\bpodwoj|\bzdubl|\bdubl|\bdrugi raz|\b2 ?x|\b(dwie|trzy) "
            r"(identycz|takie same|transakc|wplat|platnos)|\btwice|\btwo times|\bdouble|\bduplic|"
            r"\bsecond (charge|payment)|\btwo (\w+ )?(charges|transactions|payments)"
        ),
    ),
    (
        "another amount, or not the customer's purchase",
        re.compile(
            r"\bza duzo|\bwiecej niz|\bnadplac|\bza malo|\bdoplac|\bbrakuj|\bzl[aey] kwot|"
            r"\bnic nie (zamaw|kupow)|\bnigdy (\w+ )*(nie )?(kup|zamaw)|\bnie ja\b|\bovercharg|"
            r"\btoo (much|little)|\bwrong amount|\bmore than|\binstead of|\bnever (bought|"
            r"ordered|made)|\bdon'?t recogni|\bunauthori|\bnot authori|\boverpaid"
        ),
    ),
    (
        "money left the account",
        re.compile(
            r"\bzesz(ly|lo|la)\b|\bpobra|\bsciag|\bzabra|\bobciaz|\bkasa poszla|\bpieniadze posz|"
            r"\bcharged|\bdebited|\bdeduct|\bmoney (has )?(left|gone|disappear|is gone|taken)|"
            r"\btook"
        ),
    ),
)
"""What went wrong, by how customers tell of it; the first that fits counts."""
_GOES_ON = frozenset(OrderState) - {OrderState.PLACED, OrderState.CANCELLED}


async def payment_info(talk: Talk) -> None:
    """Say how one can pay: a way that is named in detail, else all of them."""
    ways = await talk.shop.payment_methods()
    if not ways:
        await escalate.offer_person(talk)
        return
    talk.state.note("payment_info")
    text = talk.message.text
    folded = fold(text)
    names = offers.names(talk, ways)
    offered = fold(" ".join(way.name_pl for way in ways))
    missing = [
        name for name, stem in _ELSEWHERE.items()
        if re.search(stem, folded) and fold(name) not in offered
    ]  # fmt: skip
    if missing:
        asked = ", ".join(missing)
        detail = f"payment_info: {asked}"
        talk.offer_person("utter_payment_not_listed", "policy", detail, asked=asked, ways=names)
        return
    if _NOT_KNOWN.search(folded):
        talk.offer_person("utter_payment_not_known", "policy", f"payment_info: {text}", ways=names)
        return
    named = offers.meant(text, ways, _WAYS)
    if len(named) == 1:
        way = named[0]
        name, fee, note = offers.name(talk, way), offers.fee(talk, way), offers.note(talk, way)
        talk.say("utter_payment_way", way=name, fee=fee, note=note)
    elif named or _FEES.search(folded):
        fees = {way.code: offers.fee(talk, way) for way in ways}
        talk.say("utter_payment_fees", ways=offers.listed(talk, named or ways, fees))
    else:
        talk.say("utter_payment_ways", ways=names)


def names_way(text: str) -> bool:
    """Whether a text names a way to pay, as in "a blikiem?"."""
    stems = [*_WAYS.values(), *map(re.compile, _ELSEWHERE.values())]
    return any(stem.search(fold(text)) for stem in stems)


async def payment_problem(talk: Talk) -> None:
    """Look at what was really paid for the order, say it, and offer a person for the rest."""
    forms.begin(talk, PROBLEM)
    _note_kind(talk)
    kind = talk.state.answers.get(KIND, "")
    if (order := await forms.verified_order(talk, PROBLEM)) is None:
        return
    payments = await talk.shop.payments(order.number)
    talk.state.note(PROBLEM)
    talk.state.finish_form()
    if not payments:
        _tell_nothing_paid(talk, order, kind)
    elif any(payment.state is PaymentState.BOOKED for payment in payments):
        _tell_booked(talk, order, payments, kind)
    else:
        await _tell_last(talk, order, payments[-1], kind)


def _note_kind(talk: Talk) -> None:
    message, answers = talk.message, talk.state.answers
    if KIND in answers and message.intent != PROBLEM:
        return
    kind = next((name for name, stems in _KINDS if phrases.meant(stems, message.text)), None)
    if kind:
        talk.state.answers = {**answers, KIND: kind}


def _tell_nothing_paid(talk: Talk, order: Order, kind: str) -> None:
    """The shop knows of no payment; cash on delivery needs none before."""
    number, total = talk.words.order_number(order.number), talk.words.money(order.total_grosze)
    detail = _detail(order, f"no payment known, {kind or 'unclear'}")
    if order.payment_method == "cash_on_delivery":
        talk.offer_person("utter_payment_on_delivery", "policy", detail, number=number, total=total)
    else:
        talk.offer_person("utter_payment_none", "policy", detail, number=number)


def _tell_booked(talk: Talk, order: Order, payments: Sequence[Payment], kind: str) -> None:
    """Money came: once, more than once, or back again."""
    booked = [p for p in payments if p.state is PaymentState.BOOKED]
    returned = [p for p in payments if p.state is PaymentState.RETURNED]
    kept = len(booked) - len(returned)
    if returned:
        _tell_returned(talk, order, returned[-1])
    if kept <= 0:
        return
    last = booked[-1]
    net = sum(p.amount_grosze for p in booked) - sum(p.amount_grosze for p in returned)
    number, amount = talk.words.order_number(order.number), talk.words.money(net)
    if kept > 1 and net > order.total_grosze:
        amounts = (", " if talk.words.spoken else " + ").join(
            talk.words.money(p.amount_grosze) for p in booked
        )
        detail = f"paid twice: {written_money(last.amount_grosze, 'pl')}"
        talk.offer_person("utter_payment_twice", "policy", _detail(order, detail),
                          number=number, amounts=amounts)  # fmt: skip
    elif kind == "charged twice":
        talk.offer_person("utter_payment_booked_once", "policy", _detail(order, kind),
                          number=number, amount=amount)  # fmt: skip
    elif order.state in _GOES_ON and not kind.startswith("another"):
        talk.say("utter_payment_booked", number=number, amount=amount, day=_day(talk, last))
    else:
        detail = _detail(order, f"booked, {kind or f'but {order.state.value}'}")
        talk.offer_person("utter_payment_booked_check", "policy", detail,
                          number=number, amount=amount)  # fmt: skip


def _tell_returned(talk: Talk, order: Order, payment: Payment) -> None:
    number, amount = talk.words.order_number(order.number), talk.words.money(payment.amount_grosze)
    talk.say("utter_payment_returned", number=number, amount=amount, day=_day(talk, payment))


async def _tell_last(talk: Talk, order: Order, payment: Payment, kind: str) -> None:
    """Nothing is booked: where the latest attempt stands."""
    values = {
        "number": talk.words.order_number(order.number),
        "amount": talk.words.money(payment.amount_grosze),
    }
    detail = _detail(order, f"{payment.method} {payment.state.value}, {kind or 'unclear'}")
    if payment.state is PaymentState.RETURNED:
        _tell_returned(talk, order, payment)
    elif order.state is not OrderState.PLACED:
        tell_state(talk, order)
        talk.offer_person("utter_payment_look", "policy", detail)
    elif payment.state is PaymentState.FAILED:
        talk.offer_person("utter_payment_failed", "policy", detail, **values)
    elif talk.clock.now() - payment.at > PENDING_LONG:
        day = _day(talk, payment)
        talk.offer_person("utter_payment_pending_long", "policy", detail, **values, day=day)
    elif payment.method == "transfer":
        ways = await talk.shop.payment_methods()
        notes = [offers.note(talk, way) for way in ways if way.code == payment.method]
        talk.say("utter_payment_pending", **values, note=" ".join(notes))
    else:
        talk.offer_person("utter_payment_pending_now", "policy", detail, **values)


def _day(talk: Talk, payment: Payment) -> str:
    return talk.words.day(local(payment.at).date(), talk.today())


def _detail(order: Order, what: str) -> str:
    return f"{PROBLEM}: {order.number}, {what}"
