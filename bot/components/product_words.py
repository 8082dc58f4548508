"""Words that look like names of goods and mostly are not, with what gives them away; folded."""

from __future__ import annotations

from components.tables import word_set

PL_NEVER = word_set("""
    macie mat pada padu pad pod line lin gra graj maja maj pan pani bez mam masa masz mi moc moce
    rada rade para pary pare parze kolo stan stanie czas bo dla jest tus tuz koniec prac praca
    prace dam dama dane dac lot plec paska sie ser piec piecu sto stu pas pasy rolek rol bal bat
    kos kosy pol pola pole polu mopa cal cale cala calu set sety kosa kada list lista
    listu listy karta karty serie seria kod kody sklep ile kosc wiem stale bucie racie nos
    lale lalce sprzet serwis serwisu serwisie zestawie pilotem wagi pokoju stole
    dresie cenie swiec swieci swiecy robota
    robote roboty musze forma formy form formie lawe swiecie zastaw kawo kranie swiety
    """)
"""Forms that are other words far more often: "macie" is of "mata", but it is "you have"."""

UNSURE_NEVER = frozenset({"mate", "leg", "wanna", "pan", "but", "form", "much", "line"})
"""Not goods in a message that may be in either language: "wanna" is a bath, or "want to"."""

_NUMBER = frozenset({"numer", "numeru", "numerem", "nr"})
_PHONE_BEFORE = _NUMBER | {
    "przez", "o", "na", "pod", "przy", "moj", "mojego", "z", "ze", "swojego", "swoj", "odebrac",
    "odebral", "odbiera", "odbierze", "odbieracie", "w", "a", "do", "podaje", "podam", "stary",
    "zgubilem", "zgubilam", "szukam", "po", "i", "lub", "albo", "czy", "tel", "kontaktowy", "jest",
    "prosze", "poprosze", "wasz", "ani", "numery", "moim", "telefon", "sprawie",
    "zaden", "zadnego", "zmienilem", "zmienilam",
}  # fmt: skip
_PHONE_AFTER = frozenset({"kontaktowy", "to", "do", "stacjonarny", "numer", "nr", "pod", "na"})
PL_CONTEXT: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "telefon": (frozenset(_PHONE_BEFORE), _PHONE_AFTER),
    "komputer": (
        frozenset({"na", "z", "przez", "przy", "ani", "moim", "i", "lub", "mam", "jakis"}),
        frozenset(),
    ),
    "laptop": (frozenset({"na", "przy", "ani"}), frozenset()),
    "tablet": (frozenset({"ani", "lub"}), frozenset()),
    "robot": (
        frozenset({"jestes", "z", "jakims", "pan", "czy", "zwykly", "glupi", "to", "tym", "jak"}),
        frozenset(),
    ),
    "robocie": (frozenset({"w"}), frozenset()),
    "czytnik": (frozenset(), frozenset({"ekranu", "ekranowy"})),
    "klawiatur": (frozenset({"na"}), frozenset()),
    "stolik": (frozenset({"zarezerwowac"}), frozenset({"dla"})),
    "koszyk": (frozenset({"do", "w", "z", "moj", "moim", "mojego"}), frozenset()),
    "ekran": (
        frozenset({"na", "bialy", "czarny", "pusty", "caly", "czytnika"}),
        frozenset({"logowania", "mi"}),
    ),
}
"""By stem: words before, and words after, with which it is not goods."""

EN_NEVER = word_set("""
    suits much blind can light ring well cover set kit case part line card voucher pack pair stand
    """)
EN_VERBS = word_set("""
    watch iron fan book tie swing drill paint pump saw match shower torch cap top pan ball
    bath brush glass light plant screen seat sheet table train game suit hose net mouse plate
    scale strap phone tool filter
""")
"""English names that are verbs too, or part of phrases: goods only after an article."""

EN_CONTEXT: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "phone": (
        frozenset({"on", "over", "by", "the", "my", "your", "old", "pls", "please", "to", "a"}),
        frozenset({"number", "call", "line", "operator", "me", "us", "for", "numbers"}),
    ),
    "table": (frozenset(), frozenset({"for"})),
    "screen": (frozenset({"start", "blank", "white", "black", "login", "on"}), frozenset()),
    "computer": (frozenset({"on", "your", "by", "these", "a"}), frozenset({"says", "voice"})),
    "laptop": (frozenset({"on"}), frozenset()),
    "iphone": (frozenset({"on"}), frozenset()),
    "book": (frozenset({"to", "can", "you", "me", "i"}), frozenset({"a", "an", "me"})),
    "game": (frozenset({"football", "the"}), frozenset()),
    "robot": (frozenset({"a", "chat", "the"}), frozenset()),
    "basket": (frozenset({"my", "the", "to", "shopping", "in"}), frozenset({"button"})),
    "tablet": (frozenset({"on", "my"}), frozenset()),
}
