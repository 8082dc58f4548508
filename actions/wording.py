"""Words that are filled into responses, for the eye or for the ear.

Whole sentences stand in `bot/domain/`; here are only dates, numbers and names inside them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from actions.shop.port import Order, Product
from frontline.lang import Language
from frontline.lang.dates import spoken_day, spoken_time, weekday_name, written_day, written_time
from frontline.lang.money import spoken_money, written_money
from frontline.lang.numerals import cardinal
from frontline.lang.plurals import EnglishNoun, PolishNoun
from frontline.lang.spelling import (
    spoken_address,
    spoken_code,
    spoken_digits,
    spoken_phone,
    written_phone,
)

_Nouns = dict[Language, PolishNoun | EnglishNoun]

_PIECES: _Nouns = {
    "pl": PolishNoun("sztuka", "sztuki", "sztuk"),
    "en": EnglishNoun("piece", "pieces"),
}
_TRIES: _Nouns = {"pl": PolishNoun("próba", "próby", "prób"), "en": EnglishNoun("try", "tries")}
_MONTHS: _Nouns = {
    "pl": PolishNoun("miesiąc", "miesiące", "miesięcy"),
    "en": EnglishNoun("month", "months"),
}
_COUNTED = {"pieces": _PIECES, "tries": _TRIES, "months": _MONTHS}
_RELATIVE = {"pl": {-1: "wczoraj", 0: "dzisiaj", 1: "jutro"},
             "en": {-1: "yesterday", 0: "today", 1: "tomorrow"}}  # fmt: skip
_PLACES = {
    "store": {"pl": "Sklep stacjonarny", "en": "The store"},
    "hotline": {"pl": "Infolinia", "en": "The hotline"},
}
_CARRIERS = {"pl": "przewoźnik", "en": "the carrier"}
_CLOSED = {"pl": "nieczynne", "en": "closed"}
_AND = {"pl": "oraz", "en": "and"}

INTENT_TITLES: dict[str, tuple[str, str]] = {
    "order_status": ("Gdzie jest moje zamówienie", "Where is my order"),
    "order_change": ("Zmiana zamówienia", "Change an order"),
    "order_cancel": ("Anulowanie zamówienia", "Cancel an order"),
    "order_place": ("Jak złożyć zamówienie", "How to order"),
    "product_info": ("Pytanie o produkt", "A question about a product"),
    "delivery_info": ("Sposoby i koszty dostawy", "Delivery methods and costs"),
    "delivery_problem": ("Problem z dostawą", "A problem with a delivery"),
    "payment_info": ("Sposoby płatności", "Ways to pay"),
    "payment_problem": ("Problem z płatnością", "A problem with a payment"),
    "invoice_request": ("Faktura", "An invoice"),
    "return_start": ("Zwrot towaru", "Return goods"),
    "refund_status": ("Zwrot pieniędzy", "A refund"),
    "complaint_start": ("Reklamacja", "A complaint"),
    "complaint_status": ("Stan reklamacji", "The state of a complaint"),
    "warranty_info": ("Gwarancja", "Warranty"),
    "account_access": ("Dostęp do konta", "Access to my account"),
    "privacy_request": ("Moje dane osobowe", "My personal data"),
    "promo_code": ("Kod rabatowy", "A discount code"),
    "technical_problem": ("Problem ze stroną", "A problem with the website"),
    "opening_hours": ("Godziny otwarcia", "Opening hours"),
    "store_contact": ("Adres i kontakt", "Address and contact"),
    "human_agent": ("Rozmowa z konsultantem", "Talk to an agent"),
    "callback_request": ("Prośba o telefon", "A call back"),
    "help": ("W czym możesz pomóc", "What can you do"),
    "change_language": ("Zmiana języka", "Change the language"),
}
"""Polish and English button titles of questions."""


def intent_title(intent: str, language: Language) -> str | None:
    """What a button for this intent says; None for bare dialogue acts."""
    titles = INTENT_TITLES.get(intent)
    return titles[0 if language == "pl" else 1] if titles else None


@dataclass(frozen=True, slots=True)
class Words:
    """Values as this customer reads or hears them."""

    language: Language
    channel: Literal["web", "voice"]

    @property
    def spoken(self) -> bool:
        """For the ear?"""
        return self.channel == "voice"

    def order_number(self, number: str) -> str:
        """Read as it is; heard as its last six digits in groups."""
        if not self.spoken:
            return number
        return spoken_digits(number[-6:], self.language) if number[-6:].isdigit() else number

    def code(self, code: str) -> str:
        """A tracking or note number."""
        return spoken_code(code, self.language) if self.spoken else code

    def money(self, grosze: int) -> str:
        """An amount."""
        write = spoken_money if self.spoken else written_money
        return write(grosze, self.language)

    def day(self, day: date, today: date) -> str:
        """A day as it stands after a noun: "jutro", "24 listopada 2026"."""
        near = _RELATIVE[self.language].get((day - today).days)
        if near and self.spoken:
            return near
        exact = (spoken_day if self.spoken else written_day)(day, self.language)
        return f"{exact} ({near})" if near else exact

    def named_day(self, day: date, today: date) -> str:
        """A day with its weekday: "wtorek, 24 listopada (dzisiaj)"."""
        return f"{weekday_name(day, self.language)}, {self.day(day, today)}"

    def hours(self, blocks: Sequence[tuple[time, time]]) -> str:
        """Opening times of a day, or "closed"."""
        if not blocks:
            return _CLOSED[self.language]
        return f" {_AND[self.language]} ".join(self._block(a, b) for a, b in blocks)

    def _block(self, opens: time, closes: time) -> str:
        if not self.spoken:
            return f"{written_time(opens)}–{written_time(closes)}"
        first, last = spoken_time(opens, self.language), spoken_time(closes, self.language)
        return f"od {first} do {last}" if self.language == "pl" else f"from {first} to {last}"

    def at(self, moment: time) -> str:
        """A time after "o", "od" or "do"."""
        return spoken_time(moment, self.language) if self.spoken else written_time(moment)

    def count(self, number: int, what: Literal["pieces", "tries", "months"]) -> str:
        """A number with its noun."""
        noun = _COUNTED[what][self.language]
        if not self.spoken:
            return f"{number} {noun.after(number)}"
        return f"{cardinal(number, self.language, feminine=what != 'months')} {noun.after(number)}"

    def place(self, place: str) -> str:
        """`store` or `hotline`, at the beginning of a sentence."""
        return _PLACES[place][self.language]

    def carrier(self, order: Order) -> str:
        """Who carries it; a common noun when the shop does not say."""
        return order.carrier or _CARRIERS[self.language]

    def phone(self, number: str) -> str:
        """A telephone number."""
        return spoken_phone(number, self.language) if self.spoken else written_phone(number)

    def digits(self, digits: str) -> str:
        """A number of a service, in groups of three."""
        if self.spoken:
            return spoken_digits(digits, self.language)
        return " ".join(digits[i : i + 3] for i in range(0, len(digits), 3))

    def address(self, address: str) -> str:
        """An e-mail address."""
        return spoken_address(address, self.language) if self.spoken else address

    def postal_code(self, code: str) -> str:
        """A postcode."""
        return spoken_code(code, self.language) if self.spoken else code

    def product(self, product: Product) -> str:
        """A product's name."""
        return product.name_en if self.language == "en" else product.name_pl

    def description(self, product: Product) -> str:
        """A product's description."""
        return product.description_en if self.language == "en" else product.description_pl

    def goods(self, order: Order) -> str:
        """What is in an order: "Czajnik, Lampka (2 sztuki)"."""
        parts = [
            line.name if line.quantity == 1
            else f"{line.name} ({self.count(line.quantity, 'pieces')})"
            for line in order.lines
        ]  # fmt: skip
        return ", ".join(parts)

    def holiday(self, polish: str | None, english: str | None) -> str:
        """A holiday's name in brackets, or nothing."""
        name = english if self.language == "en" else polish
        return f" ({name})" if name else ""
