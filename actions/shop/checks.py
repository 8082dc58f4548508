"""What both adapters check before they ask a shop, so that they refuse alike."""

import hashlib
import re
import unicodedata
from datetime import date

from stdnum.pl import nip

from actions.shop.port import UnknownOrderError
from frontline.errors import RefusedError

PLACES = ("store", "hotline")
MOST_DAYS = 62
LONGEST_WISH = 2000
LONGEST_QUESTION = 200
LONGEST_CODE = 40
INVOICE_WISHES = ("invoice", "copy", "correction")
NUMBER = re.compile(r"(?:ZA[- ]?([0-9]{4})[- ]?)?([0-9]{6})", re.ASCII)
TAX_ID = re.compile(r"[1-9](?:[0-9][1-9]|[1-9][0-9])[0-9]{7}", re.ASCII)
"""The shape of a NIP in the Ministry of Finance's schemas; its check digit alone lets 0s pass."""


def order_number(text: str) -> str | None:
    """`ZA-2026-104731` or six digits, tidied; None when no order can have this number."""
    match = NUMBER.fullmatch(text.strip().upper())
    if not match:
        return None
    year, digits = match.groups()
    return f"ZA-{year}-{digits}" if year else digits


def known_number(text: str) -> str:
    """As `order_number`.

    Raises:
        UnknownOrderError: no order can have this number.
    """
    tidy = order_number(text)
    if tidy is None:
        raise UnknownOrderError("no order can have this number")
    return tidy


def wish_text(wish: str) -> str:
    """The wish without needless white space and without what no database keeps.

    Raises:
        RefusedError: nothing is left, or it is too long.
    """
    tidy = _readable(wish)
    if not tidy or len(tidy) > LONGEST_WISH:
        raise RefusedError(f"a wish has 1 to {LONGEST_WISH} characters")
    return tidy


def wish_key(number: str, wish: str) -> str:
    """The same for the same wish about the same order: 64 hexadecimal digits."""
    words = f"{number[-6:]}\n{wish_text(wish).casefold()}"
    return hashlib.sha256(words.encode()).hexdigest()


def invoice_wish(wish: str) -> str:
    """The wish, when it is one that the accounts know.

    Raises:
        RefusedError: it is another.
    """
    if wish not in INVOICE_WISHES:
        raise RefusedError("an invoice, a copy or a correction can be asked for")
    return wish


def tax_id(number: str | None) -> str | None:
    """A NIP as ten digits, however it was grouped; None for a private person.

    Raises:
        RefusedError: no company can have this number.
    """
    if number is None:
        return None
    tidy = nip.compact(number)
    if not TAX_ID.fullmatch(tidy) or not nip.is_valid(tidy):
        raise RefusedError("no company can have this NIP")
    return tidy


def invoice_key(number: str, wish: str, tax_id: str | None) -> str:
    """The same for the same wish, order and tax id: 64 hexadecimal digits."""
    words = f"{number[-6:]}\ninvoice\n{wish}\n{tax_id or ''}"
    return hashlib.sha256(words.encode()).hexdigest()


def promo_code(code: str) -> str | None:
    """A discount code in capitals; None when no code can read like this."""
    tidy = unicodedata.normalize("NFC", code).strip().upper()
    signs = tidy.replace("-", "").replace("_", "")
    return tidy if signs.isalnum() and len(tidy) <= LONGEST_CODE else None


def product_words(words: str) -> str:
    """What is worth sending of a question for products; may be empty."""
    return _readable(words[:LONGEST_QUESTION])


def _readable(text: str) -> str:
    readable = text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    return " ".join(readable.split())


def span(place: str, first: date, days: int) -> None:
    """Refuse opening hours that no shop can tell.

    Raises:
        RefusedError: another place, too many days, or a far year.
    """
    if place not in PLACES:
        raise RefusedError("a place is `store` or `hotline`")
    if not 1 <= days <= MOST_DAYS:
        raise RefusedError(f"opening hours are told for 1 to {MOST_DAYS} days")
    if not 2000 <= first.year <= 2100:
        raise RefusedError("opening hours are told for the years 2000 to 2100")
