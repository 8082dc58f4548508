"""A call back: which number, when, read back, and left for the agents."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from actions import call_time, escalate, forms
from actions.call_time import Wish
from actions.shop.port import DayHours
from actions.talk import Talk, choice
from frontline.clock import LOCAL_ZONE, local
from frontline.errors import UnavailableError
from frontline.lang.text import fold

FORM = "callback_request"
PHONE, WHEN = "callback_phone", "callback_when"
LOOK_AHEAD_DAYS = 15
"""How far a possible time is looked for; longer than any run of holidays."""

_DIGITS_ONLY = re.compile(r"[+\d][\d\s().-]{6,22}")
_WITH_PLUS = re.compile(r"\+\d{8,15}\b")
_POLISH = re.compile(r"48[1-9]\d{8}")
_ABROAD = re.compile(r"[1-9]\d{7,14}")
_OTHER_NUMBER = re.compile(
    r"\b(inny numer|zly numer|nie ten numer|numer jest zly|pomyl\w+ (sie )?(\w+ )?numer|"
    r"zmien\w* numer|(an)?other number|(different|wrong) number|number is wrong|not that number)\b"
)
_OTHER_TIME = re.compile(
    r"\b(inn(a|ej|ych) (godzin\w*|por\w*)|inny (termin|dzien)|o innej|zla (godzina|pora)|"
    r"zly (termin|dzien)|(an)?other (time|day|date)|(different|wrong) (time|day|date))\b"
)
_SOON = {"pl": "jak najszybciej", "en": "as soon as possible"}
_SOON_TITLES = {"pl": "Jak najszybciej", "en": "As soon as possible"}
_FROM = {"pl": "od godziny", "en": "from"}


async def callback_request(talk: Talk) -> None:
    """Ask for the number and the time, and read both back."""
    state = talk.state
    if state.form != FORM:
        forms.begin(talk, FORM)
        take(talk)
        await _take_caller(talk)
    if PHONE not in state.answers:
        talk.ask(PHONE, "utter_escalation_callback_ask_phone")
        return
    if WHEN not in state.answers:
        language = talk.message.language
        soon = choice(_SOON_TITLES[language])
        talk.ask(WHEN, "utter_escalation_callback_ask_when", [soon])
        return
    days, now = await _hours(talk), local(talk.clock.now())
    wish = Wish.load(state.answers[WHEN])
    if (wish is None and _open_now(days[0], now)) or (
        wish and (wish := call_time.within(wish, days[0], now))
    ):
        phone = talk.words.phone(state.answers[PHONE])
        talk.ask("confirm", "utter_escalation_callback_confirm", phone=phone,
                 when=_when(talk, wish))  # fmt: skip
        return
    _propose(talk, days, now)


async def _take_caller(talk: Talk) -> None:
    """On the phone, the number that calls is the one to call back, unless another is said."""
    state = talk.state
    if talk.message.channel != "voice" or PHONE in state.answers:
        return
    try:
        caller = await talk.cases.caller(talk.message.conversation_id)
    except UnavailableError:
        return  # then it is asked for
    if number := _e164(caller or ""):
        state.answers = {**state.answers, PHONE: number}


def _propose(talk: Talk, days: Sequence[DayHours], now: datetime) -> None:
    """Nobody calls then: say when somebody does, and take the next such time for the answer."""
    state = talk.state
    wish = Wish.load(state.answers[WHEN])
    wished = datetime.combine(wish.day, wish.start, LOCAL_ZONE) if wish else now
    first = call_time.first_time(days, max(wished, now))
    if first is None:
        state.finish_form()
        talk.offer_person("utter_escalation_person_handles", "user_request", "callback")
        return
    state.answers = {**state.answers, WHEN: first.dump()}
    holiday = talk.words.holiday(days[0].holiday_pl, days[0].holiday_en)
    talk.ask(
        "confirm",
        "utter_escalation_callback_closed",
        day=talk.words.named_day(days[0].day, talk.today()) + holiday,
        hours=talk.words.hours(days[0].blocks),
        when=_when(talk, first),
        phone=talk.words.phone(state.answers[PHONE]),
    )


async def _hours(talk: Talk) -> Sequence[DayHours]:
    """When the hotline works, from the day of the wish on."""
    wish = Wish.load(talk.state.answers[WHEN])
    first = max(wish.day, talk.today()) if wish else talk.today()
    return await talk.shop.hours("hotline", first, LOOK_AHEAD_DAYS)


def _open_now(today: DayHours, now: datetime) -> bool:
    return any(opens <= now.time() < closes for opens, closes in today.blocks)


def _when(talk: Talk, wish: Wish | None) -> str:
    language = talk.message.language
    if wish is None:
        return _SOON[language]
    day = talk.words.day(wish.day, talk.today())
    if wish.end:
        return f"{day}, {talk.words.hours([(wish.start, wish.end)])}"
    return f"{day}, {_FROM[language]} {talk.words.at(wish.start)}"


async def callback_confirmed(talk: Talk) -> None:
    """The customer said yes: leave the request."""
    state = talk.state
    if PHONE not in state.answers or WHEN not in state.answers:
        await callback_request(talk)
        return
    days, now = await _hours(talk), local(talk.clock.now())
    wish = Wish.load(state.answers[WHEN])
    agreed = call_time.within(wish, days[0], now) if wish else None
    if agreed is None and (wish or not _open_now(days[0], now)):
        _propose(talk, days, now)  # the time has passed since it was read back
        return
    phone = state.answers[PHONE]
    due_at, detail = None, f"callback: {phone} {_SOON['en']}"
    agreed_on = {"phone": phone}
    if agreed:
        due_at = datetime.combine(agreed.day, agreed.start, LOCAL_ZONE).astimezone(UTC)
        end = f"-{agreed.end:%H:%M}" if agreed.end else ""
        detail = f"callback: {phone} {agreed.day} {agreed.start:%H:%M}{end}"
        agreed_on["from"] = due_at.isoformat()
        if agreed.end:
            until = datetime.combine(agreed.day, agreed.end, LOCAL_ZONE)
            agreed_on["to"] = until.astimezone(UTC).isoformat()
    case = await escalate.leave_request(
        talk, "user_request", detail, due_at, kind="callback", callback=agreed_on
    )
    if case is None:
        return
    state.note(FORM)
    state.finish_form()
    talk.say("utter_escalation_callback_noted", number=talk.words.code(case.number),
             phone=talk.words.phone(phone), when=_when(talk, agreed))  # fmt: skip


def take(talk: Talk) -> bool:
    """Take the number and the time that a message brings or calls wrong."""
    state, folded = talk.state, fold(talk.message.text)
    answers = dict(state.answers)
    for name, value, wrong in (
        (PHONE, read_phone(talk), _OTHER_NUMBER),
        (WHEN, call_time.read(talk.message.text, local(talk.clock.now())), _OTHER_TIME),
    ):
        if value:
            answers[name] = value
        elif wrong.search(folded):
            answers.pop(name, None)
    changed = answers != state.answers
    state.answers = answers
    return changed


def read_phone(talk: Talk) -> str | None:
    """The telephone number in a message, as E.164; None = none that can exist."""
    text = talk.message.text.strip()
    plain = _DIGITS_ONLY.fullmatch(text) or _WITH_PLUS.search(text)
    return _e164(talk.message.first("phone") or (plain[0] if plain else ""))


def _e164(given: str) -> str | None:
    digits = re.sub(r"\D", "", given)
    international = given.startswith(("+", "00"))
    if given.startswith("00"):
        digits = digits[2:]
    if not international and len(digits) == 10 and digits.startswith("0"):
        digits = digits[1:]  # the trunk prefix of old
    if not international and len(digits) == 9:
        digits = f"48{digits}"
    shape = _POLISH if digits.startswith("48") or not international else _ABROAD
    return f"+{digits}" if shape.fullmatch(digits) else None


def read_when(talk: Talk) -> str | None:
    """The time in an answer; a question about the hours is none."""
    text = talk.message.text
    if talk.message.intent == "opening_hours" and ("?" in text or len(text.split()) > 6):
        return None
    return call_time.read(text, local(talk.clock.now()))
