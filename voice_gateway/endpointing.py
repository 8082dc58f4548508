"""When has the caller finished? Voice activity says how long it is still, the words what is meant.

Kaldi's own rules wait 0.5 to 1 s whatever was asked; people answer each other after 0.2 s. The
full text stands in the partial result before the sound ends, so the words decide how long a pause
may be. The bot is not asked before that: its answer takes 15 ms, and could not be taken back.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from frontline.lang import Language
from frontline.lang.text import fold, words

AT_ONCE_MS = 200.0
"""All that was asked for has been said."""
SHORT_MS = 260.0
"""A sentence that can end here."""
POSTCODE_MS = 450.0
"""Five digits: a postcode, unless they are the beginning of a telephone number."""
LONG_MS = 900.0
"""A sentence that cannot end here ("I have a problem with my …"), or nothing understood yet."""
DIGITS_MS = 1300.0
"""Callers read numbers in groups and look for the next one."""
STEADY_MS = 120.0
"""The text has to stand for so long: the recogniser may still be at it."""


class Kind(StrEnum):
    """What sort of answer is waited for."""

    OPEN = "open"
    YES_NO = "yes_no"
    DIGITS = "digits"
    SPELLED = "spelled"
    """Codes, addresses, dates: words that come in pieces."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the open question wants to hear."""

    kind: Kind = Kind.OPEN
    digits: int = 0
    """How many, for `DIGITS`."""


OPEN = Expectation()
YES_NO = Expectation(Kind.YES_NO)
_BY_QUESTION = {
    "order_number": Expectation(Kind.DIGITS, 6),
    "complaint_order": Expectation(Kind.DIGITS, 6),
    "callback_phone": Expectation(Kind.DIGITS, 9),
    "proof": Expectation(Kind.SPELLED),
    "invoice_whom": Expectation(Kind.SPELLED),
    "complaint_contact": Expectation(Kind.SPELLED),
    "privacy_contact": Expectation(Kind.SPELLED),
    "promo_code": Expectation(Kind.SPELLED),
    "confirm": YES_NO,
}


def expectation(asking: str | None, payloads: tuple[str, ...] = ()) -> Expectation:
    """What the bot's open question waits for.

    Args:
        asking: the bot's slot `asking`.
        payloads: of the buttons that the question carries.
    """
    if asking in _BY_QUESTION:
        return _BY_QUESTION[asking]
    return YES_NO if {"/affirm", "/deny"} & set(payloads) else OPEN


_ANSWERS = {
    "pl": frozenset(
        words("tak nie no jasne zgadza oczywiscie dobrze zgoda owszem dokladnie nigdy")
    ),
    "en": frozenset(words("yes no yeah yep nope sure right correct okay ok exactly")),
}
_DANGLING = {
    "pl": frozenset(
        words(
            "i a o w z na do od po za ze u dla bo oraz albo lub czy ale wiec to ten ta moj moja "
            "moje moim mojej jest mam numer nr pod przed przez chce chcial chcialbym chcialabym "
            "bardzo wiem jak kiedy gdzie co ktory ktora kropka malpa myslnik eee yyy"
        )
    ),
    "en": frozenset(
        words(
            "and a an the of to in on at for from with or but so because my is i have number about "
            "want would like please how when where what which that this dot dash uh um"
        )
    ),
}
"""Words after which a sentence goes on."""
_GOES_ON = {
    "pl": frozenset(
        words(
            "dwadziescia trzydziesci czterdziesci piecdziesiat szescdziesiat siedemdziesiat "
            "osiemdziesiat dziewiecdziesiat sto dwiescie trzysta czterysta piecset szescset "
            "siedemset osiemset dziewiecset"
        )
    ),
    "en": frozenset(words("twenty thirty forty fifty sixty seventy eighty ninety hundred double")),
}
"""Numbers behind which another one may be part of the same: "siedemset" is 700 as well as 731."""
_BACKCHANNEL = frozenset(words("mhm aha yhm uhm hm mm uh eee yyy"))
_DIGIT = re.compile(r"\d")
_WHOLE = re.compile(r"(\b\d\d-\d{3}|\b\d{9}|@\S+\.(pl|com|eu|net|org))$")
"""A postcode, a telephone number or an e-mail address that can end here."""
_POSTCODE = re.compile(r"(^|\D )\d{5}$")


def says_something(text: str) -> bool:
    """More than "mhm", by which a listener only shows to be there?"""
    return bool(set(fold(text).split()) - _BACKCHANNEL)


def pause_ms(text: str, written: str, expected: Expectation, language: Language) -> float:
    """How long the caller must be still for the utterance to be over.

    Args:
        text: what was understood so far, as it was spoken.
        written: the same with numbers in digits.
        expected: what was asked for.
        language: the caller's.
    """
    spoken = fold(text).split()
    if not spoken:
        return LONG_MS
    if expected.kind is Kind.YES_NO:
        return AT_ONCE_MS if spoken[-1] in _ANSWERS[language] else SHORT_MS
    if expected.kind is Kind.DIGITS:
        found = len(_DIGIT.findall(written))
        if found and found == expected.digits:
            return LONG_MS if spoken[-1] in _GOES_ON[language] else AT_ONCE_MS
        if found:
            return DIGITS_MS
    if expected.kind is Kind.SPELLED and _WHOLE.search(written):
        return SHORT_MS
    if expected.kind is Kind.SPELLED and _POSTCODE.search(written):
        return LONG_MS if spoken[-1] in _GOES_ON[language] else POSTCODE_MS
    if expected.kind is Kind.SPELLED:
        return DIGITS_MS if len(spoken) < 3 or spoken[-1] in _DANGLING[language] else LONG_MS
    return LONG_MS if spoken[-1] in _DANGLING[language] else SHORT_MS


def is_over(silent_ms: float, steady_ms: float, pause: float) -> bool:
    """Has the caller finished?

    Args:
        silent_ms: since the last sound of a voice.
        steady_ms: since the text last changed.
        pause: see `pause_ms`.
    """
    return silent_ms >= pause and steady_ms >= min(STEADY_MS, pause)
