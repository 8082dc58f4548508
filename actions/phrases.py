"""What an answer to the bot's own question says, where an intent is too coarse to tell."""

import re

from frontline.lang.text import fold, words

_OTHER_ORDER = re.compile(
    r"\b(inn(y|ego|e|ym|ej) (numer|zamowieni|paczk)|"
    r"(drugie|kolejne|nastepne)(go)? zamowieni|druga paczk|"
    r"nie ten numer|zly numer|numer jest zly|pomyl\w+ (sie )?(\w+ )?numer|"
    r"(an)?other (order|number|parcel|one)\b|(different|wrong) (order|number|parcel|one)\b|"
    r"second (order|parcel)\b|not that (order|number|one)\b)"
)
_OTHER_NUMBER = re.compile(
    r"\bnumer(u|em|ze)? (nip\w*|vat|domu|mieszkania|lokalu|telefonu|konta)|"
    r"\b(tax|vat|phone|house|account) number"
)
_UNKNOWN = re.compile(
    r"\b(nie (wiem|pamietam|znam|mam (go|tego|numeru|przy sobie)|moge znalezc)|"
    r"zapomnial\w*|zgubil\w*|gdzie (go|to|ten numer)? ?(znajde|znalezc|jest ten numer)|"
    r"skad (mam )?(to |go )?(wziac|wiedziec)|"
    r"(don'?t|do not|can'?t|cannot|didn'?t) (know|remember|have (it|the|my|that)|recall|find)|"
    r"no idea|not sure|forgot\w*|lost it|where (do|can) i find)"
)
_YES = re.compile(r"(tak|potwierdzam|zgadza|jasne|oczywiscie|dokladnie|yes|yeah|confirm|correct)\b")
_NO = re.compile(r"\b(nie|no|not|don'?t)\b")
_NEGATED_NUMBER = re.compile(r"\b(?:nie|not) (?:za[- /]?)?(?:20\d\d[- /]?)?(\d{3})[ -]?(\d{3})\b")
_HOTLINE = re.compile(
    r"\b(infolini|telefon|dzwoni|zadzwoni|konsultan|hotline|helpline|phone|call\b|support)"
)
_STORE = re.compile(r"\b(sklep|salon|stacjonarn|punkt|store|shop\b|showroom)")
_WEEK = re.compile(
    r"\b(w jakich godzinach|jakie (macie|sa) godziny|godziny (otwarcia|pracy)|w jakie dni|"
    r"caly tydzien|tygodni|opening (hours|times)|what (hours|days|times)|business hours|week)"
)
_OTHER_CODE = re.compile(r"\b(?:rk|zw|fv|r[- ]20\d\d)[- ]?(\d{3})[ -]?(\d{3})\b")
_NONE = re.compile(
    r"\b(nie (mam|posiadam)|brak numeru|bez numeru|(don'?t|do not|haven'?t) (have|got)|"
    r"no number|none)\b"
)
_CLAUSE_END = re.compile(r"[,.;:!?()–]|\b(?:tylko|ale|lecz|bo|but|only|because)\b")
_NEGATION = frozenset(
    words(
        "nie bez ani zaden zadnej zadnych zamiast niz not no never nor without instead than "
        "don't dont isn't isnt wasn't doesn't didn't"
    )
)
_COMPLAINT = re.compile(r"\b(reklam|complain)")
_RETURN = re.compile(r"\b(zwrot|zwroc|zwrac|oddac|oddaj|odesl|odsyl|return|send\w* (it|them) back)")
_DETAIL = re.compile(r"\b(na|zamiast|dodac|usunac|to|instead|add|remove|into)\b")


def wants_other_order(text: str) -> bool:
    """Another order is meant: "nie, to inny numer", "a different order"."""
    return bool(_OTHER_ORDER.search(_OTHER_NUMBER.sub("", fold(text))))


def does_not_know(text: str) -> bool:
    """The customer lacks what was asked for: "nie pamiętam", "I don't have it"."""
    return bool(_UNKNOWN.search(fold(text)))


def begins_with_yes(text: str) -> bool:
    """A plain yes with more behind it ("tak, proszę anulować"), and no "no" anywhere."""
    folded = fold(text)
    return bool(_YES.match(folded)) and not _NO.search(folded)


def negated_numbers(text: str) -> set[str]:
    """Six-digit numbers that the text denies: "nie 104731, tylko 104732" gives 104731."""
    return {first + last for first, last in _NEGATED_NUMBER.findall(fold(text))}


def other_codes(text: str) -> set[str]:
    """Six digits that belong to a return, complaint, invoice or case: "RK-000001" gives 000001."""
    return {first + last for first, last in _OTHER_CODE.findall(fold(text))}


def has_none(text: str) -> bool:
    """The customer does not have what was asked for: "nie mam", "I don't have it"."""
    return bool(_NONE.search(fold(text)))


def meant(pattern: re.Pattern[str], text: str) -> bool:
    """Whether what `pattern` finds is meant and not denied: "nie zwrot, wymiana" denies one.

    Args:
        pattern: for folded text.
        text: as the customer put it.
    """
    folded = fold(text).replace("’", "'")
    for match in pattern.finditer(folded):
        clause = _CLAUSE_END.split(folded[: match.start()])[-1]
        if not _NEGATION.intersection(clause.split()[-3:]):
            return True
    return False


def rather(text: str) -> str | None:
    """`return_start` or `complaint_start` when the text denies the one and means the other."""
    folded = fold(text)
    complains, returns = _COMPLAINT.search(folded), _RETURN.search(folded)
    if not (complains and returns):
        return None
    complaint_meant, return_meant = meant(_COMPLAINT, text), meant(_RETURN, text)
    if complaint_meant == return_meant:
        return None
    return "complaint_start" if complaint_meant else "return_start"


def places_meant(text: str) -> tuple[str, ...]:
    """Whose opening hours are meant: `store`, `hotline`, or both when the text does not say."""
    folded = fold(text)
    hotline, store = _HOTLINE.search(folded), _STORE.search(folded)
    if hotline and not store:
        return ("hotline",)
    return ("store",) if store and not hotline else ("store", "hotline")


def asks_for_week(text: str) -> bool:
    """Opening hours in general, not of one day."""
    return bool(_WEEK.search(fold(text)))


def holds_details(text: str) -> bool:
    """A wish that already says what should change: "zmieńcie adres na Długa 5"."""
    folded = fold(text)
    return len(folded.split()) >= 6 and bool(_DETAIL.search(folded))


def digits(text: str) -> str:
    """The digits of a text, one after another."""
    return re.sub(r"\D", "", text)


def one_line(text: str, limit: int) -> str:
    """Free text without control signs and line breaks, at most `limit` characters."""
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(printable.split())[:limit]


_QUESTION_WORDS = frozenset(
    words(
        "a an and any anything about are available availability can colour colours come cost "
        "costs could current dimensions do does for from get give have how i in information is "
        "it know like looking many me more much need of offer on one please price sell size "
        "some something stock tell that the there thing this to u want was what whats when "
        "which would you your hi hello ile kosztuje kosztuja cena ceny cene jaka jaki jakie "
        "jest sa czy macie maja mam dostepny dostepna dostepne dostepnosc o w we na z ze do i "
        "oraz prosze poprosze chce chcialbym chcialabym kupic zamowic sie dowiedziec wiedziec "
        "informacje informacji szukam szukalem szukalam potrzebuje produkt produkcie produktu "
        "ten ta to te tym tej tego cos mi pan pani panstwo mozna kiedy bedzie beda magazynie "
        "stanie rozmiar rozmiarze rozmiary wymiary kolor kolory kolorze opis dzien dobry witam "
        "jeszcze u was sprzedajecie oferujecie "
        "mam pytanie pytanko sprawie question ask asking wondering mial mialbym mialabym byc moze"
    )
)


def product_words(text: str) -> str:
    """What is left of a question about a product when the asking is taken away."""
    left = [w for w in re.findall(r"[\w'-]+", text) if fold(w) not in _QUESTION_WORDS]
    return " ".join(left[:8])
