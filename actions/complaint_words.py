"""What customers' words say of a complaint: since when, which wish, where the answer goes.

Read from answers, where a bare word is enough, and from stories, where the words must be about
the fault or ask for something: "kupiony tydzień temu" tells no fault's age, and "po naprawie"
no wish.
"""

import re
from typing import Literal

from frontline.lang.text import fold, words

BY_POST, ORDER_EMAIL = "post", "order_email"
EITHER = "repair_or_replacement"

_NUMBER = (
    r"(?:\d+|jed\w+|dwa|dwie|dwoch|trz\w+|czter\w+|piec\w*|szesc\w*|siedm\w+|siedem|osm\w+|osiem|"
    r"dziewiec\w*|dziesiec\w*|kilk\w+|par[eu]|pol|poltora|ostatni\w*|one|two|three|four|five|six|"
    r"seven|eight|nine|ten|a few|a couple of|several|some|an?)"
)
_UNIT = (
    r"(?:godzin\w*|dzien|dnia|dni\w*|tydzien|tygodni\w*|miesi\w+|lat\w{0,3}|rok\w{0,2}|uzyci\w*|"
    r"prani\w*|ladowani\w*|hours?|days?|nights?|weeks?|weekends?|months?|years?|uses?|wash(?:es)?)"
)
_MONTH = (
    r"(?:styczn\w+|styczen|lut(?:y|ego|ym)|mar(?:zec|ca|cu)|kwiet\w+|kwiecien|maj(?:a|u)?|"
    r"czerw(?:iec|ca|cu)|lip(?:iec|ca|cu)|sierp\w+|wrzes\w+|pazdziernik\w*|listopad\w*|grud\w+|"
    r"january|february|march|april|may|june|july|august|september|october|november|december)"
)
_DAY = (
    r"(?:poniedzial\w+|wtor\w+|srod[aeyu]?|czwart(?:ek|ku)|piat(?:ek|ku)|sobot\w+|niedziel\w+|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
)
_DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}(?: \d{{4}})?|"
    rf"{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?|"
    r"\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?|\d{4}-\d\d-\d\d)"
)
_ABOUT = (
    r"(?:ok(?:olo)? |jakichs |jakies |ponad |prawie |niecal\w+ |about |over |almost |only |just )"
)
_BEGUN = (
    r"(?:rozpakowani\w+|otwarci\w+|wyjeci\w+|odbior\w+|dostaw\w+|zakup\w*|kupn\w+|wlaczeni\w+|"
    r"uruchomieni\w+|dostarczeni\w+|otrzymani\w+)"
)
_TIME = re.compile(
    r"\b(?:"
    rf"(?:juz |zaraz |tuz |od razu )?(?:od|po|przy) (?:samego )?(?:{_ABOUT})?"
    rf"(?:poczatku|nowosci|zawsze|momentu \w+|chwili \w+|(?:pierwsz|drugi|trzeci)\w+ \w+|"
    rf"(?:par|kilk)u (?!{_UNIT})\w+|{_BEGUN}(?: z \w+)?|(?:przed)?wczoraj|dzis\w*|rana|"
    rf"(?:zeszl|ubiegl|ostatni)\w+ (?:{_DAY}|{_MONTH}|{_UNIT})|(?:dnia )?{_DATE}|{_DAY}|{_MONTH}|"
    rf"(?:{_NUMBER} )?{_UNIT}(?: (?:od|po) {_BEGUN}| uzywania| uzytkowania| noszenia)?)|"
    r"od razu|(?:odkad|od kiedy)(?: \w+){1,3}|"
    rf"(?:{_ABOUT})?(?:{_NUMBER} )?{_UNIT} (?:temu|ago)|(?:jakis czas|dawno|niedawno) temu|"
    r"(?:przed)?wczoraj(?: rano| wieczorem| w nocy)?|dzis(?:iaj)?(?: rano| w nocy| wieczorem)?|"
    rf"(?:w )?(?:zeszl|ubiegl)\w+ (?:{_DAY}|{_MONTH}|{_UNIT})|"
    rf"(?:od |na poczatku|pod koniec|w polowie|w)\s?{_MONTH}|we? {_DAY}|{_DATE}|"
    rf"since (?:last |about )?(?:{_DATE}|{_DAY}|{_MONTH}|week|month|year|yesterday|today|"
    rf"(?:the |day )\w+|(?:it|i|we) \w+(?: it)?)|"
    rf"last (?:week|month|year|night|weekend|{_DAY}|{_MONTH})|this (?:morning|week)|"
    r"yesterday|today|(?:straight|right) away|(?:straight )?out of the box|on (?:arrival|delivery)|"
    r"from (?:the |day )?(?:very )?(?:start|beginning|first|one|new)|the first (?:day|time)|"
    rf"after (?:{_ABOUT})?{_NUMBER} {_UNIT}(?: of \w+(?: it)?)?|"
    r"after (?:the )?(?:first|second|unpacking|opening)(?: \w+)?|"
    rf"for (?:{_ABOUT})?(?:the (?:last|past) )?(?:{_NUMBER} {_UNIT}|a while|days|weeks|months)|"
    rf"(?:in|early|late|mid) {_MONTH}|on {_DAY}"
    r")(?!\w)"
)
_ROUGH = re.compile(
    rf"\b(?:(?:{_NUMBER} )?{_UNIT}|{_DAY}|{_MONTH}|zawsze|nigdy|niedawno|ostatnio|rano|always|"
    r"never|recently|lately|weeks|months|days)\b"
)
_BOUGHT = re.compile(
    r"\b(?:kup|zamowi(?:l|on)|zamaw|naby|dosta[lw]|dostar|odebr|przysz|doszl|doszed|dotar|"
    r"bought|buy|ordered|purchas|receiv|got\b|arriv|came|deliver)"
)
_OTHER_EVENT = re.compile(
    r"\b(?:czeka|dzwoni|pis[az]|reklam|zglos|zglasz|napraw|wait|call|wrote|complain|had\b|"
    r"have (?:it|them)|own|repair|replac)"
)
_CLAUSE_END = re.compile(
    r"[,;:!?()–]|\.(?!\d)|"
    r"\b(?:i|a|ale|lecz|ze|bo|and|but|that|which|because)\b"
)

_REDUCED = re.compile(
    r"\b(?:obniz\w*|rabat\w*|upust\w*|znizk\w*|przecen\w*|czesciow\w+ zwrot\w*|tani\w+|"
    r"zwrot\w* (?:czesc\w*|roznicy)(?: \w+)?|lower price|discount\w*|price reduction|"
    r"partial refund|"
    r"reduc\w+|part of (?:the|my) (?:price|money)|money off|cheaper)"
)
_MONEY_BACK = re.compile(
    r"\b(?:zwrot\w* (?:\w+ )?(?:pieniedzy|kasy|kwoty|srodkow|gotowki|kosztow|calosci|naleznosci)|"
    r"(?:pieniadze|kas[aey]) (?:z powrotem|zwrotem|na konto)|odda\w* (?:\w+ )?(?:pieni\w+|kas\w+)|"
    r"(?:(?:zwroc|zwrac)\w*|(?:odzyska|dosta)c) (?:\w+ )?(?:pieni\w+|kas\w+)|"
    r"odstap\w+ od umowy|odstapieni\w+|refund\w*|(?:money|cash) back|give (?:me )?my money)"
)
_REPLACED = re.compile(
    r"\b(?:wymian\w*|wymien\w*|zamian\w*|zamien\w*|podmian\w*|podmien\w*|"
    r"(?:now|inn|drug)(?:y|a|e|ego|ej) (?:egzemplarz|sztuk\w*|towar\w*)|"
    r"replac\w*|exchang\w*|swap\w*|new one)"
)
_REPAIRED = re.compile(
    r"\b(?:napraw\w*|zreperowa\w*|reperac\w*|serwis\w*|repair\w*|fix\w*|mend\w*)"
)
_PLAIN: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("price_reduction", _REDUCED),
    ("refund", _MONEY_BACK),
    ("replacement", _REPLACED),
    ("repair", _REPAIRED),
)
_SHORT: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("refund", re.compile(r"\b(?:zwrot\w*|pieni(?:a|e)\w+|kas[aey]|money|cash)\b")),
    ("replacement", re.compile(r"\b(?:now(?:y|a|e|ego|ej)|new)\b")),
)
_UNDECIDED = re.compile(
    r"\b(?:nie wiem|wszystko jedno|obojetn\w*|bez roznicy|nie mam zdania|zaproponuj\w*|doradz\w*|"
    r"jak (?:uwazacie|wolicie)|cokolwiek|do uzgodnienia|jeszcze nie|not sure|don.?t (?:know|mind)|"
    r"do not (?:know|mind)|anything|whatever|up to you|either|you decide)"
)
_ASKS = re.compile(
    r"\b(?:chc|pros|popros|zada|oczekuj|domaga|wol[eai]|wnosz|interesuj|zalez|mozecie|mozna|moge|"
    r"want|like|please|need|demand|expect|prefer|request|ask|can|could|you)\w*\b"
)
_ORDERS = re.compile(
    r"(?:napraw|wymien|zamien|zwroc|oddaj|odda|obniz)(?:cie|j|jcie)\b|"
    r"(?:replace|repair|fix|exchange|swap|refund|give)\b"
)
_AFTER_EVENT = frozenset(
    words("po przy w podczas przed od was were been is about after during from")
)
_NO = frozenset(words("nie bez ani zamiast not nor no never without instead don't dont"))
_NO_BEHIND = re.compile(
    r" (?:mnie )?(?:nie (?:chc|potrzeb|interes|wchodz|trzeba)|is not|isn.?t|won.?t)"
)
_QUESTION = re.compile(
    r"(?:a |ale |and |but )?"
    r"(?:ile|kiedy|jak|co|gdzie|czy|kto|what|how|when|where|which|who|is|do|does)\b"
)

_LETTER = re.compile(
    r"\b(?:list|listem|listownie|poczt[ae]|papier\w*|pisemn\w*|na pismie|na adres z zamowienia|"
    r"letter|by post|by mail|in the post|on paper|post|"
    r"(?:the )?address (?:of|from) (?:the|my) order)\b"
)
_SAME = re.compile(
    r"\b(?:ten sam|ten z zamowienia|(?:e-?)?mail\w* (?:z|podany w|jak w|co w) zamowieni\w+|"
    r"jak w zamowieniu|co w zamowieniu|same as (?:in|on)|"
    r"(?:the )?(?:e-?mail|one) (?:of|from|in|on) (?:the|my) order)\b"
)
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[A-Za-z]{2,24}\b")
_POSTAL_CODE = re.compile(r"(?<!\d)\d\d-\d{3}(?!\d)")
LONGEST_ADDRESS = 200

_NONE_LEFT = re.compile(
    r"\b(?:bez|nie (?:mam|posiadam|bedzie|dolacz\w*|wysle|chce)|brak|wszystk(?:o|ie)|koniec|tyle|"
    r"wystarczy|dalej|pozniej|doslac|dosle|pomin\w*|no photos?|without|none|that.?s (?:all|it)|"
    r"that is (?:all|it)|all of them|enough|done|skip|later|nothing)\b"
)
_MORE = re.compile(
    r"\b(?:jeszcze|mam (?:zdj|je|foto)|zaraz|chwil\w*|moment\w*|juz wysyl\w*|wysylam|dolaczam|"
    r"more|another|wait|moment|coming|sending|i have)\b"
)
_CHANGES = re.compile(
    r"(?:nie|no|jednak|wole|wolalb\w+|zamiast|zmien\w*|rather|actually|instead|change|make it|"
    r"i.?d (?:rather|prefer)|i (?:would )?(?:rather|prefer))\b"
)
_WRONG = re.compile(
    r"\b(?:zle|blad\w*|bledn\w*|nie ?zgadza|popraw\w*|zmien\w*|pomyl\w*|inacz\w+|wrong|mistake|"
    r"chang\w*|correct\w*|not right|edit)\b"
)


def find_since(text: str) -> str | None:
    """The words that tell when the fault showed, where a story or an answer has them.

    Args:
        text: as the customer put it; the words come back in the customer's spelling.
    """
    folded = fold(text)
    for match in _TIME.finditer(folded):
        before = _CLAUSE_END.split(folded[: match.start()])[-1]
        behind = " ".join(_CLAUSE_END.split(folded[match.end() :])[0].split()[:3])
        denied = before.split()[-1:] in (["nie"], ["not"])
        other = _OTHER_EVENT.search(before) or _BOUGHT.search(before) or _BOUGHT.search(behind)
        if not denied and not other:
            # The folded text has as many words as the text, so the words' places are the same.
            place = len(folded[: match.start()].split())
            if match.start() and not folded[match.start() - 1].isspace():
                place -= 1  # the match begins inside a word, as behind a bracket
            told = text.split()[place : place + len(match[0].split())]
            return " ".join(told).strip(" ,.;:!?()„”\"'")
    return None


def is_rough_time(text: str) -> bool:
    """Whether a short answer to "since when" names a time, however vaguely."""
    return bool(_ROUGH.search(fold(text)))


def find_wish(text: str) -> str | None:
    """The wish that a story really asks for: "wymieńcie", "chcę zwrot pieniędzy"."""
    return _first_of(text, _PLAIN, asked=True)


def wish_in_answer(text: str) -> str | None:
    """The wish in an answer to which one: a bare word is enough, or `undecided`; None = none."""
    if "?" in text and is_question(text):
        return None
    found = _first_of(text, _PLAIN) or _first_of(text, _SHORT)
    return found or ("undecided" if _UNDECIDED.search(fold(text)) else None)


def _first_of(
    text: str, patterns: tuple[tuple[str, re.Pattern[str]], ...], *, asked: bool = False
) -> str | None:
    """The wish that is named first and not denied; repair and replacement together are either."""
    folded = fold(text).replace("’", "'")
    found: dict[str, int] = {}
    for wish, pattern in patterns:
        for match in pattern.finditer(folded):
            before = _CLAUSE_END.split(folded[: match.start()])[-1]
            if _meant(before, folded[match.end() :]) and (not asked or _asks(before, match[0])):
                found.setdefault(wish, match.start())
        folded = pattern.sub(lambda match: " " * len(match[0]), folded)
    if found.keys() == {"repair", "replacement"}:
        return EITHER
    return min(found, key=lambda wish: found[wish], default=None)


def _meant(before: str, behind: str) -> bool:
    return not (_NO.intersection(before.split()[-3:]) or _NO_BEHIND.match(behind))


def _asks(before: str, named: str) -> bool:
    if _AFTER_EVENT.intersection(before.split()[-1:]):
        return False
    return bool(_ASKS.search(before) or _ORDERS.match(named))


def is_question(text: str) -> bool:
    """Whether the words begin like a question."""
    return bool(_QUESTION.match(fold(text)))


def find_email(text: str) -> str | None:
    """The e-mail address in a text."""
    found = _EMAIL.search(text)
    return found[0] if found else None


def find_contact(text: str) -> str | None:
    """`post`, `order_email` or a postal address with its code; None = none of them."""
    folded = fold(text)
    if _POSTAL_CODE.search(text):
        return " ".join(text.split())[:LONGEST_ADDRESS]
    if _SAME.search(folded):
        return ORDER_EMAIL
    letter = _LETTER.search(folded)
    return BY_POST if letter and not _NO.intersection(folded[: letter.start()].split()) else None


def photos_answer(text: str) -> Literal["enough", "more"] | None:
    """Whether photos are still to come."""
    folded = fold(text)
    if _NONE_LEFT.search(folded):
        return "enough"
    return "more" if _MORE.search(folded) else None


def says_wrong(text: str) -> bool:
    """Something that was read back is wrong: "nie, coś się nie zgadza"."""
    return bool(_WRONG.search(fold(text)))


def is_correction(text: str) -> bool:
    """A change of mind rather than more of the story: short, or it begins with a no or rather."""
    folded = fold(text)
    return len(folded.split()) <= 4 or bool(_CHANGES.match(folded))
