"""Personal data: the rights of the General Data Protection Regulation, left for the agents."""

import re
from calendar import monthrange
from datetime import UTC, datetime

from actions import escalate, forms, phrases
from actions.callback import read_phone
from actions.talk import Talk, choice
from frontline.clock import local
from frontline.lang.text import fold

FORM = "privacy_request"
RIGHT, CONTACT, CORRECTION = "privacy_right", "privacy_contact", "privacy_correction"

DETAILED = 7
"""Words from which on a wish for a correction says what is wrong."""

_RIGHTS: dict[str, tuple[str, str]] = {
    "delete": ("usunięcie danych", "deletion of data"),
    "export": ("kopia danych", "a copy of data"),
    "correct": ("poprawienie danych", "correction of data"),
    "consent": ("koniec reklam i zgód marketingowych", "an end to marketing"),
}
"""What can be asked for, in words for Polish and English."""
_TITLES: dict[str, tuple[str, str]] = {
    "delete": ("Usunięcie danych", "Deletion of data"),
    "export": ("Kopia danych", "A copy of data"),
    "correct": ("Poprawienie danych", "Correction of data"),
    "consent": ("Koniec reklam", "No more marketing"),
    "question": ("Tylko pytanie o dane", "Just a question about data"),
}

_QUESTION = re.compile(
    r"\b(jak dlugo|ile (lat|czasu)|po jakim czasie|skad|komu|kto|kim|na jakiej podstawie|"
    r"w jakim celu|po co|polityk\w*|inspektor\w*|iod|administrator\w*|klauzul\w*|wycie[kc]\w*|"
    r"czy (sprzedaj|udostepni|nagryw|zbiera|kurier|ten czat|moje dane)\w*|jakie dane|tylko pytanie|"
    r"how long|who|where (did|can|do)|how did|why|legal basis|polic\w+|officer|controller|leak\w*|"
    r"do you (sell|share|give)|recorded|recordings|"
    r"what\b.{0,30}\b(know|hold|you (have|got|keep)|stored?|save|about me)|"
    r"which consents|just a question)\b"
)
_CONSENT = re.compile(
    r"\b(newslet\w*|mailing\w*|mailing list|your list|wypis\w*|odsubskryb\w*|unsubscri\w*|opt out|"
    r"zgod[ayeo]\w{0,2}|consent\w*|reklam\w*|ofert\w*|promocj\w*|marketing\w*|spam\w*|profilow\w*|"
    r"sprzeciw\w*|object|katalog\w*|gazet\w*|wydzwania\w*|advert\w*|ads|promotion\w*|catalogue|"
    r"permission|agreement|junk|promo|bombard\w*|do not contact|"
    r"stop (sending|texting|e-?mailing|calling))\b"
)
_WHOLE = re.compile(
    r"\b(dane|danych|konto|konta|profil\w*|wszystk\w*|data|account|profile|everything)\b"
)
_DELETE = re.compile(
    r"\b(usun\w*|usuwa\w*|\w*kasowa\w*|skasuj\w*|wykasuj\w*|wymaz\w*|wykresl\w*|zlikwid\w*|"
    r"likwidac\w*|zapomnian\w*|zniszcz\w*|zamkn\w* (mojego )?kont\w*|kont\w* zamkn\w*|delet\w*|"
    r"eras\w*|remov\w*|forgotten|znikn\w*|anonimiz\w*|get rid|purge|vanish|scrub|scrapped|"
    r"close (the )?account|wip(e|ing)|terminate|destroy\w*|close (my|the) (account|profile)|"
    r"take (me|my \w+ \w+) (off|out)|shut down my|account gone)\b"
)
_EXPORT = re.compile(
    r"\b(kopi\w*|eksport\w*|export\w*|cop(y|ies)|pobra\w*|sciagn\w*|przenie\w*|przenosz\w*|wglad\w*|"
    r"udostepnieni\w*|dostep\w* do (moich )?danych|nagrani\w*|download\w*|subject access|portab\w*|"
    r"dsar|art\w*\.? (15|20)|a file|send me|hand over|printout|list of my data)\b"
)
_CORRECT = re.compile(
    r"\b(popraw\w*|sprostow\w*|sprostuj\w*|bledn\w*|zly rok|nieaktualn\w*|przekreca\w*|correct\w*|"
    r"rectif\w*|wrong|out of date)\b"
)
_WANTED = re.compile(
    r"\b(chce|prosze|zadam|want|please|request|wypis\w*|odznacz\w*|wycof\w*|cofam|switch off)\b"
)
"""In a question too, these tell of a wish."""
_EMAIL = re.compile(r"[^@\s<>,;]{1,64}@[^@\s<>,;]{1,190}\.[A-Za-z]{2,24}")
_ASIDE = frozenset(
    {"opening_hours", "store_contact", "order_status", "order_cancel", "greet", "thank"}
)
"""Questions that interrupt even where free text is wanted."""


async def privacy_request(talk: Talk) -> None:
    """Which right, where to answer, read back; a mere question is answered."""
    state = talk.state
    if state.form != FORM:
        forms.begin(talk, FORM)
        take(talk)
    right = state.answers.get(RIGHT)
    if right is None:
        place = 0 if talk.message.language == "pl" else 1
        buttons = [choice(titles[place]) for titles in _TITLES.values()]
        talk.ask(RIGHT, "utter_account_privacy_ask_right", buttons)
    elif right == "question":
        await _explain(talk)
    elif right == "correct" and CORRECTION not in state.answers:
        talk.ask(CORRECTION, "utter_account_privacy_ask_correction")
    elif CONTACT not in state.answers:
        if right == "consent":
            talk.ask(CONTACT, "utter_account_privacy_ask_consent_contact")
        else:
            talk.ask(CONTACT, "utter_account_privacy_ask_email")
    elif right == "consent":
        await privacy_confirmed(talk)  # as easy as giving it: nothing more is asked
    else:
        talk.ask("confirm", "utter_account_privacy_confirm", right=_named(talk, right),
                 contact=_contact(talk))  # fmt: skip


async def _explain(talk: Talk) -> None:
    """What this assistant keeps, and who knows more."""
    contact = await talk.shop.contact()
    talk.state.finish_form()
    talk.state.note(FORM)
    talk.offer_person(
        "utter_account_privacy_info",
        "policy",
        "privacy_request: question",
        name=contact.name,
        email=talk.words.address(contact.email),
    )


async def privacy_confirmed(talk: Talk) -> None:
    """Leave the request; a month is the longest that an answer may take (art. 12(3))."""
    state = talk.state
    right, contact = state.answers.get(RIGHT), state.answers.get(CONTACT)
    if right not in _RIGHTS or not contact:
        await privacy_request(talk)
        return
    now = talk.clock.now()
    due = month_later(now)
    detail = f"privacy_request: {right}, answer to {contact}"
    if correction := state.answers.get(CORRECTION):
        detail = f"{detail}: {correction}"
    # Marketing has to stop without delay, so it does not wait a month in the queue.
    case = await escalate.leave_request(
        talk, "privacy", detail, None if right == "consent" else due, kind="privacy_request"
    )
    if case is None:
        return
    named = _named(talk, right)
    values = {
        "number": talk.words.code(case.number),
        "day": talk.words.day(local(due).date(), talk.today()),
        "contact": _contact(talk),
    }
    state.note(FORM)
    state.finish_form()
    if right == "consent":
        talk.say("utter_account_privacy_consent_noted", **values)
    else:
        talk.say("utter_account_privacy_noted", right=named, **values)


def month_later(moment: datetime) -> datetime:
    """The same local time a month on; where that month is shorter, on its last day."""
    start = local(moment)
    year, month = start.year + start.month // 12, start.month % 12 + 1
    day = min(start.day, monthrange(year, month)[1])
    return start.replace(year=year, month=month, day=day).astimezone(UTC)


def _named(talk: Talk, right: str) -> str:
    named = _RIGHTS[right][0 if talk.message.language == "pl" else 1]
    correction = talk.state.answers.get(CORRECTION)
    return f"{named}, {correction}" if right == "correct" and correction else named


def _contact(talk: Talk) -> str:
    contact = talk.state.answers[CONTACT]
    return talk.words.address(contact) if "@" in contact else talk.words.phone(contact)


def take(talk: Talk) -> bool:
    """Take the right and the contact that a message brings."""
    state, text = talk.state, talk.message.text
    if state.asking == CORRECTION:
        return False
    answers = dict(state.answers)
    right = read_right(talk)
    if right and (right in _RIGHTS or RIGHT not in answers):
        answers[RIGHT] = right
    if right == "correct" and len(text.split()) >= DETAILED:
        answers[CORRECTION] = phrases.one_line(text, 300)
    if contact := read_contact(talk, answers.get(RIGHT)):
        answers[CONTACT] = contact
    changed = answers != state.answers
    state.answers = answers
    return changed


def read_right(talk: Talk) -> str | None:
    """The right that the words name, "question" for a mere question, or None."""
    folded = fold(_EMAIL.sub(" ", talk.message.text))
    consent, delete = _CONSENT.search(folded), _DELETE.search(folded)
    if _QUESTION.search(folded) and not ((consent or delete) and _WANTED.search(folded)):
        return "question"
    if delete and (not consent or _WHOLE.search(folded)):
        return "delete"
    if consent:
        return "consent"
    if _EXPORT.search(folded):
        return "export"
    return "correct" if _CORRECT.search(folded) else None


def read_contact(talk: Talk, right: str | None = None) -> str | None:
    """An e-mail address; where marketing should end, a telephone number as well."""
    found = _EMAIL.search(talk.message.first("email") or talk.message.text)
    if found:
        return found[0].rstrip(".,!?")
    if (right or talk.state.answers.get(RIGHT)) == "consent":
        return read_phone(talk)
    return None


def read_correction(talk: Talk) -> str | None:
    """What is wrong and how it should be, in the customer's words."""
    if talk.message.intent in _ASIDE or talk.message.text.startswith("/"):
        return None
    return phrases.one_line(talk.message.text, 300) or None
