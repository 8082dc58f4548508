"""What a complaint needs beside the fault and the order: since when, which wish, where to answer.

Whatever the customer has told already is not asked for.
"""

from actions import complaint_words, phrases
from actions.complaint_words import BY_POST, EITHER, ORDER_EMAIL
from actions.talk import Talk, choice
from frontline.errors import UnavailableError
from frontline.lang.dates import named_day

SINCE, WISH = "complaint_since", "complaint_wish"
CONTACT, PHOTOS = "complaint_contact", "complaint_photos"
FIELDS = frozenset({SINCE, WISH, CONTACT, PHOTOS})
NO_NUMBER = "none"
"""The answer of a customer who does not have the order's number."""
ENOUGH, COMING = "enough", "coming"
"""Among the ids of photos: no other comes; the customer is about to send some."""
UNKNOWN = "unknown"
"""The customer does not remember since when."""

WISHES: dict[str, tuple[str, str]] = {
    "repair": ("naprawa", "repair"),
    "replacement": ("wymiana na nowy towar", "replacement"),
    EITHER: ("naprawa lub wymiana", "repair or replacement"),
    "price_reduction": ("obniżenie ceny", "a lower price"),
    "refund": ("zwrot pieniędzy", "money back"),
    "undecided": ("do uzgodnienia z konsultantem", "to be agreed with an agent"),
}
"""What a buyer may ask for (ustawa o prawach konsumenta, art. 43d and 43e), for pl and en."""
_TITLES: dict[str, tuple[str, str]] = {
    "repair": ("Naprawa", "Repair"),
    "replacement": ("Wymiana", "Replacement"),
    "price_reduction": ("Obniżenie ceny", "A lower price"),
    "refund": ("Zwrot pieniędzy", "Money back"),
    "undecided": ("Jeszcze nie wiem", "I do not know yet"),
}
_TELLS = frozenset({"inform", "deny", "nlu_fallback", "out_of_scope"})
"""Whose words may be a time that no pattern knows."""
LONGEST_SINCE = 120
MOST_PHOTOS = 20


def place_of(talk: Talk) -> int:
    """0 for Polish, 1 for English: where the words stand in this module's tables."""
    return 0 if talk.message.language == "pl" else 1


def ask_missing(talk: Talk) -> bool:
    """Ask for the first thing that is missing; False when nothing is."""
    _learn(talk, talk.state.answers.get("fault", ""))
    answers = talk.state.answers
    if SINCE not in answers:
        talk.ask(SINCE, "utter_complaints_ask_since")
    elif WISH not in answers:
        titles = [choice(title[place_of(talk)]) for title in _TITLES.values()]
        talk.ask(WISH, "utter_complaints_ask_wish", titles)
    elif CONTACT not in answers:
        known, unknown = "utter_complaints_ask_contact", "utter_complaints_ask_contact_no_number"
        talk.ask(CONTACT, known if order_of(talk) else unknown)
    elif talk.message.channel == "web" and ENOUGH not in _marks(talk):
        _ask_photos(talk)
    else:
        return False
    return True


def _ask_photos(talk: Talk) -> None:
    sent = len(photos(talk))
    if COMING in _marks(talk):
        talk.ask(PHOTOS, "utter_complaints_photos_coming")
    elif sent:
        talk.ask(PHOTOS, "utter_complaints_more_photos", number=str(sent))
    else:
        talk.ask(PHOTOS, "utter_complaints_ask_photos")


def order_of(talk: Talk) -> str | None:
    """The order of the complaint; None = the customer has no number."""
    without = talk.state.answers.get("complaint_order") == NO_NUMBER
    return None if without else talk.state.order_number


def _learn(talk: Talk, story: str) -> None:
    """Keep what the story tells of the fields, where nothing is known."""
    found = {
        SINCE: complaint_words.find_since(story),
        WISH: complaint_words.find_wish(story),
        CONTACT: complaint_words.find_email(story),
    }
    told = {name: value for name, value in found.items() if value}
    talk.state.answers = {**told, **talk.state.answers}


def answers_question(talk: Talk) -> bool:
    """Whether the message answers the field that was asked for."""
    reader = _READERS.get(talk.state.asking or "")
    return reader is not None and reader(talk) is not None


def take(talk: Talk) -> bool:
    """Take a photo, an address, or what corrects the complaint that was read back."""
    found = _photo(talk) | _photos_to_come(talk)
    if talk.state.asking == "confirm":
        found |= _corrections(talk)
    elif talk.state.asking != CONTACT and (email := _email(talk)):
        found[CONTACT] = email
    talk.state.answers = {**talk.state.answers, **found}
    return bool(found)


def _photo(talk: Talk) -> dict[str, str]:
    photo = talk.message.first("photo")
    if not photo or photo in photos(talk) or len(photos(talk)) >= MOST_PHOTOS:
        return {}
    kept = [mark for mark in _marks(talk) if mark != COMING]
    if talk.state.asking != PHOTOS:
        talk.say("utter_complaints_photo_added")
    return {PHOTOS: ",".join([*kept, photo])}


def _photos_to_come(talk: Talk) -> dict[str, str]:
    """The customer is about to send photos: a yes to having some, a no to their being all."""
    if talk.state.asking != PHOTOS or talk.message.first("photo"):
        return {}
    told = complaint_words.photos_answer(talk.message.text)
    sent, intent = photos(talk), talk.message.intent
    waits = COMING in _marks(talk)
    yes = intent == "affirm" and not sent
    no = intent == "deny" and bool(sent) and not waits
    if told == "more" or (told is None and (yes or no)):
        return {PHOTOS: ",".join([*sent, COMING])}
    return {}


def _corrections(talk: Talk) -> dict[str, str]:
    """Another wish, time or address than the one that was read back."""
    text, known = talk.message.text, talk.state.answers
    short = complaint_words.is_correction(text)
    wish = complaint_words.find_wish(text)
    if wish is None and short:
        wish = complaint_words.wish_in_answer(text)
    found = {WISH: wish, CONTACT: _email(talk) or complaint_words.find_contact(text)}
    if short:
        found[SINCE] = complaint_words.find_since(text)
    if wish == "undecided":  # "nie wiem" to a yes or no is no wish
        del found[WISH]
    return {name: value for name, value in found.items() if value and value != known.get(name)}


def _email(talk: Talk) -> str | None:
    return complaint_words.find_email(talk.message.text) or talk.message.first("email")


def sent_before(talk: Talk) -> dict[str, str]:
    """The photos that came before the complaint began, as the field's answer."""
    sent = [
        str(entity.get("value"))
        for event in talk.events
        if event.get("event") == "user"
        for entity in (event.get("parse_data") or {}).get("entities") or ()
        if entity.get("entity") == "photo"
    ]
    return {PHOTOS: ",".join(list(dict.fromkeys(sent))[-MOST_PHOTOS:])} if sent else {}


def _marks(talk: Talk) -> list[str]:
    return [part for part in talk.state.answers.get(PHOTOS, "").split(",") if part]


def photos(talk: Talk) -> list[str]:
    """Ids of the photos that came."""
    return [part for part in _marks(talk) if part not in (ENOUGH, COMING)]


def read_since(talk: Talk) -> str | None:
    """The answer to since when; None = another question, or nothing about time."""
    text = phrases.one_line(talk.message.text, LONGEST_SINCE)
    if text.startswith("/") or ("?" in text and complaint_words.is_question(text)):
        return None
    if complaint_words.find_since(text) or named_day(text, talk.today()):
        return text
    if phrases.does_not_know(text):
        return UNKNOWN
    if "?" in text:
        return None
    several = len(text.split()) > 1 and talk.message.intent in _TELLS
    return text if several or complaint_words.is_rough_time(text) else None


def read_wish(talk: Talk) -> str | None:
    """The wish in an answer."""
    return complaint_words.wish_in_answer(talk.message.text)


def read_contact(talk: Talk) -> str | None:
    """An e-mail or postal address; the answer must reach the customer on a durable medium."""
    if email := _email(talk):
        return email
    found = complaint_words.find_contact(talk.message.text)
    known = order_of(talk) is not None  # without an order there is no address of one
    return found if known or found not in (BY_POST, ORDER_EMAIL) else None


def read_photos(talk: Talk) -> str | None:
    """That no photo, or no other, comes."""
    told, sent = complaint_words.photos_answer(talk.message.text), photos(talk)
    by_intent = talk.message.intent == ("affirm" if sent else "deny")
    dropped = talk.message.intent == "deny" and COMING in _marks(talk)
    if told == "enough" or (told is None and (by_intent or dropped)):
        return ",".join([*sent, ENOUGH])
    return None


_READERS = {SINCE: read_since, WISH: read_wish, CONTACT: read_contact, PHOTOS: read_photos}


def told(talk: Talk) -> dict[str, str]:
    """The complaint's fields as they are read back."""
    place, answers = place_of(talk), talk.state.answers
    since = answers.get(SINCE, UNKNOWN)
    return {
        "fault": answers.get("fault", ""),
        "since": _NOT_KNOWN[place] if since == UNKNOWN else since,
        "wish": WISHES[answers.get(WISH, "undecided")][place],
        "contact": _contact_words(talk, answers.get(CONTACT, BY_POST)),
    }


def _contact_words(talk: Talk, contact: str) -> str:
    if contact in _CONTACTS:
        return _CONTACTS[contact][place_of(talk)]
    return talk.words.address(contact) if "@" in contact else contact


_NOT_KNOWN = ("nie wiadomo dokładnie", "not known exactly")
_CONTACTS = {
    BY_POST: ("list na adres z zamówienia", "a letter to the address of the order"),
    ORDER_EMAIL: ("e-mail z zamówienia", "the e-mail address of the order"),
}
_LABELS: dict[str, tuple[str, str]] = {
    "fault": ("Towar i wada", "Goods and fault"),
    "order": ("Zamówienie", "Order"),
    "since": ("Od kiedy", "Since"),
    "wish": ("Żądanie", "What is asked for"),
    "contact": ("Sposób odpowiedzi", "Where the answer goes"),
    "photos": ("Dołączone zdjęcia", "Photos attached"),
    "seller": ("Sprzedawca", "Seller"),
}
_TITLE = ("Potwierdzenie przyjęcia reklamacji", "Confirmation of a complaint")
_NO_ORDER = ("numeru nie podano", "no number was given")


async def receipt(talk: Talk) -> dict[str, object]:
    """Title and rows of the confirmation on a durable medium."""
    place, contact = place_of(talk), talk.state.answers.get(CONTACT, BY_POST)
    values = {
        **told(talk),
        "order": order_of(talk) or _NO_ORDER[place],
        "photos": str(len(photos(talk))),
        "seller": await seller(talk),
    }
    if "@" in contact:
        values["contact"] = contact  # printed, also when it was spoken
    rows = [[label[place], values[name]] for name, label in _LABELS.items() if values[name]]
    return {"title": _TITLE[place], "rows": rows}


async def seller(talk: Talk) -> str:
    """Who sells, for a receipt; empty when the shop does not answer, which must stop nothing."""
    try:
        return (await talk.shop.contact()).label
    except UnavailableError:
        return ""
