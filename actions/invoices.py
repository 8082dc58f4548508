"""Invoices: a new one, a copy or a correction, for a company or a private person."""

import re
from collections.abc import Mapping

from actions import escalate, forms, phrases, tax_id
from actions.shop.port import Order
from actions.talk import Button, Talk, choice
from frontline.lang import Language
from frontline.lang.text import fold

FORM = "invoice_request"
KIND, WHOM, CORRECTION = "invoice_kind", "invoice_whom", "invoice_correction"
"""Names in `State.answers`: `invoice`, `copy` or `correction`; a NIP or `private`; free text."""
PRIVATE = "private"
WRONG = "invoice_wrong_nip"
"""In `State.answers`: a NIP that cannot exist was given before."""

_TITLES: Mapping[Language, Mapping[str, str]] = {
    "pl": {"invoice": "Nowa faktura", "copy": "Kopia faktury", "correction": "Korekta faktury",
           PRIVATE: "Osoba prywatna"},
    "en": {"invoice": "New invoice", "copy": "Copy of the invoice",
           "correction": "Correction of the invoice", PRIVATE: "Private person"},
}  # fmt: skip
"""Buttons; what they say is what a customer would type."""
_DOCUMENTS: Mapping[Language, Mapping[str, str]] = {
    "pl": {"invoice": "faktura", "copy": "kopia faktury", "correction": "korekta faktury"},
    "en": {"invoice": "an invoice", "copy": "a copy of the invoice",
           "correction": "a correction of the invoice"},
}  # fmt: skip
_CORRECTION = re.compile(
    r"\bkore(kt|g)|\bkoryg|\bpopraw|\bsprost|\bbled|\bblad|\bzl(y|a|e|ym|ego)\b|\bliterow|"
    r"\bnie zgadza|\bnie ten nip|\bnie wszedl|\binn(y|a|e) (adres|nazw|nip|dan|imi)|\bwrong|"
    r"\bcorrect|\bmistake|\bmis(s?pel|take)|\bcredit note|\bincorrect|\bamend|\bput right|"
    r"\bdoes ?n[o']t match|\berror"
)
_COPY = re.compile(
    r"\bduplikat|\bkopi|\bjeszcze raz|\bponown|\bdrugi raz|\bdrugi egzempl|"
    r"\bzgubi\w* (fakt|fv|rach|ja|go)|\bskasow|\botworzyc|\bcopy|\bcopies|\bduplicate|\bre-?send|"
    r"\bagain|\blost (the |my |our )?(inv|bill|it)|\bdeleted"
)
_NEW = re.compile(
    r"\bnow[aey]\b|\bwystaw|\bpoprosz|\bprosze o (f|rach)|\bpotrzeb|\bchc[ei]|\bchcial|"
    r"\bna (firm|nip)|\bzapomn|\bzaznacz|\bzamiast parag|\bwezme|\bnew\b|\bneed|\bwant|\bissue|"
    r"\bwould like|\bi'?d like|\b(can|could|may) (i|we) (get|have)|\bmade out|"
    r"\bforgot|\binvoice please"
)
_CHANGED = {
    "correction": re.compile(r"\bkorekt|\bcorrection"),
    "copy": re.compile(r"\bduplikat|\bkopi|\bcopy|\bduplicate"),
    "invoice": re.compile(r"\bnow[aey]\b|\bnew\b"),
}
"""Another document while a confirmation is asked for: only when it is named."""
_STEMS = {"correction": _CORRECTION, "copy": _COPY, "invoice": _NEW}
_ANY_NEW = re.compile(r"\bfaktur|\bfv\b|\brachun|\binvoice|\bbill\b")
_NO_INVOICE = re.compile(
    r"\bpro ?-?form|\bzaliczk|\bksef|\bxml|\bzbiorcz|\bpo angielsku|\bpieczatk|\bw euro|"
    r"\bpapier|\bpoczta\b|\bcollective|\bin english|\bstamped|\bby post\b|\bdeposit"
)
_RECEIPT = re.compile(r"\bparagon|\be-?paragon|\breceipt|\bproof of")
_PERSON = re.compile(
    r"\bosob\w* (prywatn|fizyczn)|\bprywatn|\bimienn|\bna (moje )?nazwisko|\bkonsument|"
    r"\b(nie mam|bez) (zadnego )?nip|\bprivate|\bpersonal|\bindividual|\bin my (own )?name|"
    r"\bmyself|\bconsumer|\bno (nip|tax|vat|company)\b|\bnot a company"
)
_FIRM = re.compile(r"\bfirm|\bspolk|\bdzialaln|\bfundacj|\bcompany|\bbusiness|\bemployer")
_ASIDE = frozenset({"opening_hours", "store_contact", "order_status", "order_cancel", "affirm"})
"""Never taken for the description of a correction."""
_TELLING = frozenset({FORM, "inform", "affirm", "deny", "nlu_fallback", "out_of_scope"})
"""May bring something for this form while something else was asked."""


async def invoice_request(talk: Talk) -> None:
    """Which document, for whom, read back, a yes."""
    first = talk.state.form != FORM
    if first and _beyond(talk.message.text):
        detail = f"{FORM}: {talk.message.text}"
        talk.offer_person("utter_payment_invoice_other", "policy", detail)
        return
    forms.begin(talk, FORM)
    if talk.state.asking != "confirm" and talk.message.intent in _TELLING:
        take(talk)
    if (order := await forms.verified_order(talk, FORM)) is None:
        return
    kind, whom = talk.state.answers.get(KIND), talk.state.answers.get(WHOM)
    if kind is None:
        _ask_kind(talk)
    elif kind == "correction" and CORRECTION not in talk.state.answers:
        talk.ask(CORRECTION, "utter_payment_invoice_ask_correction")
    elif whom is None:
        talk.ask(WHOM, "utter_payment_invoice_ask_whom", _buttons(talk, PRIVATE))
    elif whom != PRIVATE and not tax_id.is_tax_id(whom):
        _ask_again(talk, whom)
    else:
        _confirm(talk, order)


def take(talk: Talk) -> bool:
    """Keep the document and the customer's NIP that a message names, asked for or not."""
    state, text = talk.state, talk.message.text
    if state.asking in (KIND, WHOM, CORRECTION):
        return False  # the question's own reader knows better
    whom = tax_id.named(text) or _private(text)
    kind = None
    if state.asking == "confirm":
        kind = _kind(text, _CHANGED)
        if not whom and talk.message.intent != "affirm" and re.search(r"\bnip", fold(text)):
            state.answers = {k: v for k, v in state.answers.items() if k != WHOM}
            return True  # the NIP that was read back is denied
    elif KIND not in state.answers:
        kind = _kind(text)
    new = {k: v for k, v in ((KIND, kind), (WHOM, whom)) if v and state.answers.get(k) != v}
    state.answers = {**state.answers, **new}
    return bool(new)


def read_kind(talk: Talk) -> str | None:
    """Which document is wanted, in the answer to that question."""
    text = talk.message.text
    return _kind(text) or ("invoice" if _ANY_NEW.search(fold(text)) else None)


def read_correction(talk: Talk) -> str | None:
    """What should be corrected, in the customer's words; a NIP in them is the right one."""
    message = talk.message
    if message.intent in _ASIDE or (message.intent == "deny" and len(message.text.split()) < 3):
        return None
    number = tax_id.ten_digits(message.text)
    if number and tax_id.is_tax_id(number):
        talk.state.answers = {**talk.state.answers, WHOM: number}
    return phrases.one_line(message.text, 500)


def read_whom(talk: Talk) -> str | None:
    """A NIP, valid or not, or a private person."""
    return tax_id.ten_digits(talk.message.text) or _private(talk.message.text)


async def invoice_confirmed(talk: Talk) -> None:
    """The customer said yes: ask the accounts."""
    if (order := await forms.verified_order(talk, FORM)) is None:
        return
    answers = talk.state.answers
    kind, whom = answers.get(KIND), answers.get(WHOM)
    if not kind or not whom:
        await invoice_request(talk)
        return
    request = await talk.shop.request_invoice(order.number, kind, None if whom == PRIVATE else whom)
    talk.state.note(FORM)
    values = {
        "document": _DOCUMENTS[talk.message.language][kind],
        "request": talk.words.code(request),
    }
    if kind == "correction":  # the accounts' request holds no words, a case does
        detail = f"{FORM}: {request} {order.number}: {answers.get(CORRECTION, '')}"
        case = await escalate.leave_request(talk, "policy", detail)
        if case is None:
            return  # still open: another yes tries again, and it stays one request
        talk.state.finish_form()
        talk.say(
            "utter_payment_invoice_correction_sent", **values, case=talk.words.code(case.number)
        )
        return
    talk.state.finish_form()
    talk.say("utter_payment_invoice_sent", **values)


def _beyond(text: str) -> bool:
    """A document that only people can make: a pro forma, a receipt alone."""
    folded = fold(text)
    receipt_only = _RECEIPT.search(folded) and not _ANY_NEW.search(folded)
    return bool(_NO_INVOICE.search(folded) or receipt_only)


def _kind(text: str, stems: Mapping[str, re.Pattern[str]] = _STEMS) -> str | None:
    return next((kind for kind, stem in stems.items() if phrases.meant(stem, text)), None)


def _private(text: str) -> str | None:
    folded = fold(text)
    return PRIVATE if _PERSON.search(folded) and not _FIRM.search(folded) else None


def _buttons(talk: Talk, *wanted: str) -> list[Button]:
    titles = _TITLES[talk.message.language]
    return [choice(titles[name]) for name in wanted]


def _ask_kind(talk: Talk) -> None:
    talk.ask(KIND, "utter_payment_invoice_ask_kind", _buttons(talk, *_DOCUMENTS["pl"]))


def _ask_again(talk: Talk, wrong: str) -> None:
    """A NIP that cannot exist: say so; the second time offer a person too."""
    answers = {k: v for k, v in talk.state.answers.items() if k != WHOM}
    before = WRONG in answers
    talk.state.answers = {**answers, WRONG: wrong}
    number = talk.words.code(wrong)
    talk.ask(WHOM, "utter_payment_invoice_wrong_nip", _buttons(talk, PRIVATE), number=number)
    if before:
        talk.offer_person("utter_payment_invoice_nip_person", "repeated_failure", f"NIP {wrong}")


def _confirm(talk: Talk, order: Order) -> None:
    answers, language = talk.state.answers, talk.message.language
    values = {
        "number": talk.words.order_number(order.number),
        "document": _DOCUMENTS[language][answers[KIND]],
        "whom": _whom(talk, answers[WHOM]),
    }
    if answers[KIND] == "correction":
        change = answers[CORRECTION]
        response = "utter_payment_invoice_confirm_correction"
        talk.ask("confirm", response, (), **values, change=change)
    else:
        talk.ask("confirm", "utter_payment_invoice_confirm", (), **values)


def _whom(talk: Talk, whom: str) -> str:
    polish = talk.message.language == "pl"
    if whom == PRIVATE:
        return "osoba prywatna" if polish else "a private person"
    number = talk.words.code(whom)
    return f"firma, NIP {number}" if polish else f"a company, NIP {number}"
