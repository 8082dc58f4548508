"""Discount codes: whether one is valid, from when, until when and from what amount."""

import re

from actions import forms, phrases
from actions.shop.port import PromoCode
from actions.talk import Talk
from frontline.lang.text import fold, words

FORM = "promo_code"
CODE = "promo_code"
_UNKNOWN = "promo_unknown"
LOOKED_UP = 3
"""Words of one message that are tried as codes."""

_TOKEN = re.compile(r"(?<![\w@.-])[A-Za-z0-9]{4,20}(?![\w@-]|\.\w)")
_CODE = re.compile(r"(?=\d*[A-Za-z])[A-Za-z0-9]{4,20}")
_ORDER = re.compile(r"ZA?20\d{8}", re.IGNORECASE)
_AFTER_CODE = re.compile(
    r"\b(?:kod\w{0,3}|kupon\w{0,2}|code|coupon|voucher)"
    r"(?: (?:rabatow\w+|promocyjn\w+|znizkow\w+|to|is|o|nazwie|called|named|tresci|brzmi))*"
    r"[ :\"„”“]+([a-z0-9]{4,20})\b"
)
_KIND = re.compile(r"\d+$|rabatow|promocyjn|znizkow|dziala|odrzuc")
_NO_CODES = frozenset(words("BLIK VISA PAYU RODO GDPR HTTP HTTPS HELP HALO PILNE KLUB"))
_NO_ANSWER = frozenset({"affirm", "deny", "greet", "thank"})
_FAILS = re.compile(
    r"\b(nie (dziala|wchodzi|przyjmuje|da sie|moge|naliczy\w*|chce|akceptuje|zadzialal\w*)|"
    r"odrzuc\w*|nieprawidlow\w*|niewazn\w*|zly|blad|blednie|nie istnieje|wygasl\w*|stracil\w*|"
    r"przepadl\w*|zuzyt\w*|does ?n.?t work|not work\w*|(is ?n.?t|not) (accepted|working|valid)|"
    r"invalid|rejected|won.?t|expired|refus\w*|declined|can.?t use|not (counted|deducted)|"
    r"already (been )?used|says)\b"
)
_POINTS = re.compile(
    r"\b(punkt\w*|program\w* lojaln\w*|lojalno\w*|klub\w*|bon(u|y|ow|em|ie)?|"
    r"kart\w+ (podarunk|prezent|stalego|duzej)\w*|points?|loyalty|gift|club|status)\b"
)


async def promo_code(talk: Talk) -> None:
    """Tell about the code in the message; ask for it when one does not work."""
    state, text = talk.state, talk.message.text
    certain, guessed = _codes(text)
    if state.form == FORM:
        given = state.answers.get(CODE)
        certain, guessed = ([given] if given else []), []
    for candidate in (certain + guessed)[:LOOKED_UP]:
        if known := await talk.shop.promo_code(candidate):
            failed = state.form == FORM or bool(_FAILS.search(fold(text)))
            _finish(talk)
            _tell(talk, known, failed)
            return
    if certain:
        _unknown(talk, certain[0])
    elif state.form == FORM or (_FAILS.search(fold(text)) and not _POINTS.search(fold(text))):
        forms.begin(talk, FORM)
        talk.ask(CODE, "utter_account_code_ask")
    elif _POINTS.search(fold(text)):
        talk.offer_person(
            "utter_account_points_person", "policy", "promo_code: points or gift card"
        )
    else:
        talk.say("utter_account_codes_general")


def _finish(talk: Talk) -> None:
    if talk.state.form == FORM:
        talk.state.finish_form()


def _unknown(talk: Talk, code: str) -> None:
    """The first unknown code may be misspelt; the second is a matter for a person."""
    state = talk.state
    shown = talk.words.code(code)
    if state.form == FORM and _UNKNOWN in state.answers:
        state.finish_form()
        state.note(FORM, f"unknown code: {code}")
        talk.offer_person("utter_account_code_still_unknown", "policy", f"unknown code: {code}",
                          code=shown)  # fmt: skip
        return
    forms.begin(talk, FORM)
    state.answers = {_UNKNOWN: code}
    talk.ask(CODE, "utter_account_code_unknown", code=shown)


def _tell(talk: Talk, known: PromoCode, failed: bool) -> None:
    """What is true of a code today; when it should work and did not, a person is offered."""
    today, code = talk.today(), talk.words.code(known.code)
    talk.state.note(FORM)
    if known.valid_from > today:
        day = talk.words.day(known.valid_from, today)
        talk.say("utter_account_code_not_yet", code=code, day=day)
        return
    day = talk.words.day(known.valid_until, today)
    if known.valid_until < today:
        talk.offer_person("utter_account_code_expired", "policy", f"expired code: {known.code}",
                          code=code, day=day)  # fmt: skip
        return
    if known.used_up:
        talk.offer_person("utter_account_code_used_up", "policy", f"used code: {known.code}",
                          code=code)  # fmt: skip
        return
    minimum = talk.words.money(known.min_total_grosze)
    total = _amount(talk)
    if total is not None and total < known.min_total_grosze:
        talk.say("utter_account_code_below_minimum", code=code, minimum=minimum)
        return
    terms = known.terms_en if talk.message.language == "en" else known.terms_pl
    if known.min_total_grosze:
        talk.say("utter_account_code_valid_from_amount", code=code, terms=terms, day=day,
                 minimum=minimum)  # fmt: skip
    else:
        talk.say("utter_account_code_valid", code=code, terms=terms, day=day)
    if failed:
        talk.offer_person("utter_account_code_still_fails", "policy",
                          f"valid code does not work: {known.code}")  # fmt: skip


def _amount(talk: Talk) -> int | None:
    """An amount in złoty that the customer names, in grosze."""
    found = re.fullmatch(r"(\d+)\.(\d\d) PLN", talk.message.first("amount") or "")
    return int(found[1]) * 100 + int(found[2]) if found else None


def _codes(text: str) -> tuple[list[str], list[str]]:
    """Words that look like a code, and words that stand where a code would."""
    loud = text.isupper() and len(text.split()) > 1
    certain = [
        token
        for token in _TOKEN.findall(text)
        if re.search(r"[A-Za-z]", token)
        and (re.search(r"\d", token) or (token.isupper() and not loud))
        and not _ORDER.fullmatch(token)
        and not re.fullmatch(r"\d+[a-z]+", token)  # "20zl", "200ml"
        and token.upper() not in _NO_CODES
    ]
    guessed = _AFTER_CODE.findall(fold(text))
    return certain, [word for word in guessed if not _KIND.match(word)]


def holds_code(text: str) -> bool:
    """Whether a bare answer looks like a code, as in "DEMO10" after a talk about codes."""
    return len(text.split()) <= 3 and bool(_codes(text)[0])


def read_code(talk: Talk) -> str | None:
    """The code in an answer, in any case; a code that is read with spaces counts as one."""
    text = talk.message.text.strip(" .,!?\"'„”“")
    parts = text.split()
    if not parts or talk.message.intent in _NO_ANSWER:
        return None
    joined = re.sub(r"[\s-]", "", text)
    whole = len(parts) == 1 or text.isupper() or parts[-1] == phrases.digits(parts[-1])
    if len(parts) <= 3 and whole and _CODE.fullmatch(joined):
        return joined
    certain, guessed = _codes(text)
    return next(iter(certain + guessed), None)
