"""What a complaint needs beside the fault and the order: since when, which wish, where to answer.

Whatever the customer has told already is not asked for.
"""

import re

from actions import phrases
from actions.talk import Talk, choice
from frontline.lang.dates import named_day
from frontline.lang.text import fold

SINCE, WISH = "complaint_since", "complaint_wish"
CONTACT, PHOTOS = "complaint_contact", "complaint_photos"
BY_POST, ENOUGH = "post", "enough"

WISHES: dict[str, tuple[str, str]] = {
    "repair": ("naprawa", "repair"),
    "replacement": ("wymiana na nowy towar", "replacement"),
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
_WANTED: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("price_reduction", re.compile(r"\b(obniz\w*|rabat\w*|upust\w*|znizk\w*|lower price|discount|"
                                   r"price reduction|partial refund|reduc\w+)")),
    ("refund", re.compile(r"\b(zwrot\w* (\w+ )?(pieniedzy|kasy|kwoty|srodkow|gotowki)|"
                          r"odda\w* kas\w*|"
                          r"(pieniadze|kase) (z powrotem|zwrotem)|zwrot pieniedzy|refund|"
                          r"money back|odda\w* (mi )?pieniadze|zwroc\w* (mi )?pieniadze)")),
    ("replacement", re.compile(r"\b(wymian\w*|wymieni\w*|now(y|a|e) (egzemplarz|sztuk\w*|towar)|"
                               r"replac\w*|exchang\w*|a new one)")),
    ("repair", re.compile(r"\b(napraw\w*|repair\w*|fix\w*|mend\w*)")),
)  # fmt: skip
_UNDECIDED = re.compile(
    r"\b(nie wiem|wszystko jedno|obojetn\w*|co (pan|panstwo) (zaproponuj|radz)\w*|jak uwazacie|"
    r"cokolwiek|do uzgodnienia|not sure|don.?t know|do not know|anything|whatever|up to you)"
)
_TIME = re.compile(
    r"\b(od (razu|poczatku|wczoraj|dzis\w*|dni\w*|tygodni\w*|miesi\w*|kilku|paru|dwoch|trzech|"
    r"poniedzialku|wtorku|srody|czwartku|piatku|soboty|niedzieli|zeszl\w*|zakupu|pierwsz\w*)|"
    r"po (dwoch|trzech|kilku|paru|tygodniu|miesiacu|roku|dniu|pierwsz\w*|\d+|rozpakowaniu|otwarciu|"
    r"wyjeciu|jednym|pol roku)|"
    r"\w+ temu|przed\w*wczoraj|wczoraj|dzisiaj|dzis|w (zeszly|ubiegly)m? \w+|"
    r"juz przy odbiorze|przy rozpakowaniu|"
    r"since|yesterday|today|last (week|month|year|night|\w+day)|straight away|right away|"
    r"on arrival|out of the box|from the (start|beginning|first)|the first (day|time)|"
    r"after (a|an|one|two|three|four|five|six|\d+|the first|unpacking|opening)|\w+ ago)\b"
)
_POST = re.compile(
    r"\b(list\w*|poczt(a|e|y) (polsk|tradycyjn)\w*|papier\w*|na adres z zamowienia|pisemn\w*|"
    r"letter|by post|by mail|on paper|address of the order)"
)
_EMAIL = re.compile(r"[^@\s<>,;]{1,64}@[^@\s<>,;]{1,190}\.[A-Za-z]{2,24}")
_ENOUGH = re.compile(
    r"\b(bez|nie mam|brak|wszystko|koniec|tyle|wystarczy|dalej|no photos?|without|none|that.?s all|"
    r"that is all|enough|done|skip|pomin\w*)\b"
)
_TELLS = frozenset(
    {"complaint_start", "inform", "affirm", "deny", "nlu_fallback", "out_of_scope",
     "delivery_problem", "product_info", "technical_problem", "order_status", "return_start",
     "refund_status", "warranty_info", "opening_hours"}
)  # fmt: skip
LONGEST_SINCE = 120


def ask_missing(talk: Talk) -> bool:
    """Ask for the first thing that is missing; False when nothing is."""
    learn(talk, talk.state.answers.get("fault", ""))
    answers = talk.state.answers
    if SINCE not in answers:
        talk.ask(SINCE, "utter_complaints_ask_since")
    elif WISH not in answers:
        talk.ask(WISH, "utter_complaints_ask_wish", _choices(talk, _TITLES))
    elif CONTACT not in answers:
        talk.ask(CONTACT, "utter_complaints_ask_contact")
    elif talk.message.channel == "web" and ENOUGH not in answers.get(PHOTOS, ""):
        sent = len(photos(talk))
        if sent:
            talk.ask(PHOTOS, "utter_complaints_more_photos", number=str(sent))
        else:
            talk.ask(PHOTOS, "utter_complaints_ask_photos")
    else:
        return False
    return True


def _choices(talk: Talk, titles: dict[str, tuple[str, str]]) -> list[dict[str, str]]:
    place = 0 if talk.message.language == "pl" else 1
    return [choice(title[place]) for title in titles.values()]


def learn(talk: Talk, text: str) -> bool:
    """Keep what `text` tells of the fields, where nothing is known; False when it tells nothing."""
    state = talk.state
    found = {}
    if SINCE not in state.answers and (since := find_since(text)):
        found[SINCE] = since
    if WISH not in state.answers and (wish := find_wish(text)):
        found[WISH] = wish
    state.answers = {**state.answers, **found}
    return bool(found)


def take(talk: Talk) -> bool:
    """Take a photo, an address, or another wish than the one that was read back."""
    state, text = talk.state, talk.message.text
    changed = False
    if photo := talk.message.first("photo"):
        sent = [*photos(talk), photo]
        state.answers = {**state.answers, PHOTOS: ",".join(dict.fromkeys(sent))}
        changed = True
    if (email := _EMAIL.search(text)) and state.asking != CONTACT:
        state.answers = {**state.answers, CONTACT: email[0].rstrip(".,!?")}
        changed = True
    if state.asking == "confirm" and (wish := find_wish(text)) not in (
        None,
        state.answers.get(WISH),
    ):
        state.answers = {**state.answers, WISH: str(wish)}
        changed = True
    return changed


def photos(talk: Talk) -> list[str]:
    """Ids of the photos that came."""
    return [
        part for part in talk.state.answers.get(PHOTOS, "").split(",") if part not in ("", ENOUGH)
    ]


def find_since(text: str) -> str | None:
    """The words that tell when the fault showed, if any do."""
    found = _TIME.search(fold(text))
    if not found:
        return None
    # The folded text has as many words as the text, so the words' places are the same.
    before = len(fold(text)[: found.start()].split())
    return " ".join(text.split()[before : before + len(found[0].split()) + 2]).strip(" ,.;!?")


def find_wish(text: str) -> str | None:
    """The wish that the words name and do not deny."""
    return next((wish for wish, words in _WANTED if phrases.meant(words, text)), None)


def read_since(talk: Talk) -> str | None:
    """The answer to since when; None = another question."""
    text = phrases.one_line(talk.message.text, LONGEST_SINCE)
    if text.startswith("/"):
        return None
    timed = find_since(text) or named_day(text, talk.today()) or re.search(r"\d", text)
    if timed or (talk.message.intent in _TELLS and "?" not in text and len(text) > 2):
        return text
    return None


def read_wish(talk: Talk) -> str | None:
    """The wish in an answer."""
    text = talk.message.text
    if wish := find_wish(text):
        return wish
    folded = fold(text)
    if re.search(r"\b(pieniadze|kasa|kase|money|cash)\b", folded):
        return "refund"
    return "undecided" if _UNDECIDED.search(folded) else None


def read_contact(talk: Talk) -> str | None:
    """An e-mail address, or `post`; the answer must reach the customer on a durable medium."""
    if email := _EMAIL.search(talk.message.first("email") or talk.message.text):
        return email[0].rstrip(".,!?")
    return BY_POST if _POST.search(fold(talk.message.text)) else None


def read_photos(talk: Talk) -> str | None:
    """That no photo, or no other, comes."""
    if talk.message.intent == "deny" or _ENOUGH.search(fold(talk.message.text)):
        return ",".join([*photos(talk), ENOUGH])
    return None


def wish_words(talk: Talk) -> str:
    """The wish as it is read back."""
    return WISHES[talk.state.answers.get(WISH, "undecided")][
        0 if talk.message.language == "pl" else 1
    ]


def contact_words(talk: Talk) -> str:
    """Where the answer goes, as it is read back."""
    contact = talk.state.answers.get(CONTACT, BY_POST)
    if contact != BY_POST:
        return talk.words.address(contact)
    return (
        "list na adres z zamówienia"
        if talk.message.language == "pl"
        else ("a letter to the address of the order")
    )


_LABELS: dict[str, tuple[str, str]] = {
    "fault": ("Towar i wada", "Goods and fault"),
    "order": ("Zamówienie", "Order"),
    "since": ("Od kiedy", "Since"),
    "wish": ("Żądanie", "What is asked for"),
    "answer": ("Sposób odpowiedzi", "Where the answer goes"),
    "photos": ("Dołączone zdjęcia", "Photos attached"),
    "seller": ("Sprzedawca", "Seller"),
}
_TITLE = ("Potwierdzenie przyjęcia reklamacji", "Confirmation of a complaint")
_NO_ORDER = ("numeru nie podano", "no number was given")


async def receipt(talk: Talk) -> dict[str, object]:
    """Title and rows of the confirmation on a durable medium."""
    place = 0 if talk.message.language == "pl" else 1
    answers, shop = talk.state.answers, await talk.shop.contact()
    values = {
        "fault": answers.get("fault", ""),
        "order": talk.state.order_number or _NO_ORDER[place],
        "since": answers.get(SINCE, ""),
        "wish": wish_words(talk),
        "answer": contact_words(talk),
        "photos": str(len(photos(talk))),
        "seller": shop.label,
    }
    rows = [[_LABELS[name][place], value] for name, value in values.items()]
    return {"title": _TITLE[place], "rows": rows}
