"""Ways to deliver and to pay, as this customer reads or hears them."""

import re
from collections.abc import Mapping, Sequence

from actions.shop.port import Offer
from actions.talk import Talk
from frontline.lang.money import spoken_money
from frontline.lang.numerals import cardinal
from frontline.lang.text import fold

SPOKEN = 3
"""More at once nobody keeps in mind."""
_FREE = {"pl": "bezpłatnie", "en": "free of charge"}
_NO_FEE = {"pl": "bez dopłaty", "en": "no extra charge"}
_RANGE = re.compile(r"(\d{1,3}) ?[-–] ?(\d{1,3})")
_AMOUNT = re.compile(r"(\d{1,6})(?:,(\d\d))? ?(?:zł|PLN)|PLN ?(\d{1,6})(?:\.(\d\d))?")
_COUNT = re.compile(r"\d{1,6}")


def name(talk: Talk, offer: Offer) -> str:
    """What a way is called."""
    return offer.name_en if talk.message.language == "en" else offer.name_pl


def note(talk: Talk, offer: Offer) -> str:
    """The shop's sentence on times or terms; for the ear with its numbers in words."""
    language = talk.message.language
    text = offer.note_en if language == "en" else offer.note_pl
    if not talk.words.spoken:
        return text
    joint = " to " if language == "en" else ", "
    text = _RANGE.sub(rf"\1{joint}\2", text)
    text = _AMOUNT.sub(lambda m: spoken_money(_grosze(m), language), text)
    return _COUNT.sub(lambda m: cardinal(int(m[0]), language), text)


def _grosze(match: re.Match[str]) -> int:
    whole, rest = match[1] or match[3], match[2] or match[4]
    return int(whole) * 100 + int(rest or 0)


def price(talk: Talk, offer: Offer) -> str:
    """What delivery this way costs, and from which value of goods nothing."""
    polish = talk.message.language == "pl"
    if offer.price_grosze == 0:
        return _FREE[talk.message.language]
    cost = talk.words.money(offer.price_grosze)
    if offer.free_from_grosze is None:
        return cost
    limit = talk.words.money(offer.free_from_grosze)
    if not talk.words.spoken:
        return f"{cost} (od {limit} bezpłatnie)" if polish else f"{cost} (free from {limit})"
    if polish:  # "od" would want another form of the number
        return f"{cost}, a przy zakupach za {limit} lub więcej bezpłatnie"
    return f"{cost}, and nothing if you buy for {limit} or more"


def fee(talk: Talk, offer: Offer) -> str:
    """What paying this way costs on top."""
    if offer.price_grosze == 0:
        return _NO_FEE[talk.message.language]
    return f"+{talk.words.money(offer.price_grosze)}".removeprefix("+" * talk.words.spoken)


def names(talk: Talk, offers: Sequence[Offer]) -> str:
    """Only what they are called."""
    return ", ".join(name(talk, offer) for offer in offers)


def listed(talk: Talk, offers: Sequence[Offer], told: Mapping[str, str]) -> str:
    """Ways with what is `told` of each by its code; for the ear the most usual ones."""
    if talk.words.spoken:
        return ". ".join(f"{name(talk, o)}, {told[o.code]}" for o in offers[:SPOKEN])
    return "; ".join(f"{name(talk, o)}: {told[o.code]}" for o in offers)


def meant(
    text: str, offers: Sequence[Offer], stems: Mapping[str, re.Pattern[str]]
) -> Sequence[Offer]:
    """The ways that a text names.

    Args:
        text: as the customer put it.
        offers: what the shop has.
        stems: how customers name a way, by its code; for folded text.
    """
    folded = fold(text)
    return [
        offer
        for offer in offers
        if ((stem := stems.get(offer.code)) and stem.search(folded))
        or fold(offer.name_pl) in folded
        or fold(offer.name_en) in folded
    ]
