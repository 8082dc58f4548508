"""Numbers, dates and addresses as callers say them, made up by chance."""

import random
from collections.abc import Callable
from datetime import date, time, timedelta

from frontline.lang import Language
from frontline.lang.dates import spoken_day, spoken_time, weekday_name
from frontline.lang.money import spoken_money
from frontline.lang.numerals import cardinal
from frontline.lang.spelling import spoken_address, spoken_digits

POLISH_LETTERS = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        [
            "a",
            "be",
            "ce",
            "de",
            "e",
            "ef",
            "gie",
            "ha",
            "i",
            "jot",
            "ka",
            "el",
            "em",
            "en",
            "o",
            "pe",
            "ku",
            "er",
            "es",
            "te",
            "u",
            "fał",
            "wu",
            "iks",
            "igrek",
            "zet",
        ],
        strict=True,
    )
)
"""Names of letters; English ones are words of a single letter."""

NAMES = {
    "pl": "anna jan kasia piotr maria tomek ola marek ewa adam beata celina daniel filip grażyna "
    "hubert iga barbara andrzej zofia paweł katarzyna tomasz agnieszka krzysztof magda michał "
    "kowalski kowalska nowak wiśniewska zieliński kamińska lewandowski wójcik dąbrowska mazur",
    "en": "anna john kate peter mary tom olivia mark eve adam susan daniel philip grace hubert "
    "barbara andrew sophie paul james david laura michael emma smith jones brown taylor wilson "
    "novak walker green",
}
HOSTS = {
    "pl": ["przykład", "example", "gmail", "onet", "wp", "interia", "poczta", "sklep"],
    "en": ["example", "gmail", "outlook", "yahoo", "mail", "shop"],
}
CITIES = {
    "pl": [
        "warszawa",
        "kraków",
        "łódź",
        "wrocław",
        "poznań",
        "gdańsk",
        "szczecin",
        "lublin",
        "katowice",
        "białystok",
        "gdynia",
        "toruń",
        "rzeszów",
        "kielce",
        "olsztyn",
        "opole",
    ],
    "en": ["warsaw", "krakow", "gdansk", "poznan", "wroclaw", "lublin", "london", "dublin"],
}
STREETS = {
    "pl": [
        "długa",
        "krótka",
        "polna",
        "leśna",
        "ogrodowa",
        "słoneczna",
        "lipowa",
        "szkolna",
        "kwiatowa",
        "testowa",
        "przykładowa",
        "mickiewicza",
        "kościuszki",
        "sienkiewicza",
    ],
    "en": [
        "long",
        "short",
        "high",
        "field",
        "forest",
        "garden",
        "sunny",
        "school",
        "flower",
        "main",
    ],
}
_REPEATED = {2: "double", 3: "triple"}


class Caller:
    """Says the same thing in the different ways people have."""

    def __init__(self, language: Language, dice: random.Random) -> None:
        self.language = language
        self.dice = dice

    def digits(self, length: int) -> str:
        """So many random digits."""
        return "".join(self.dice.choice("0123456789") for _ in range(length))

    def number(self, digits: str) -> str:
        """Digits one by one, in pairs, in groups of three, or as one number."""
        way = self.dice.random()
        if way < 0.45:
            return self.one_by_one(digits)
        if way < 0.75:
            return spoken_digits(digits, self.language)
        if way < 0.92 or len(digits) > 6:
            return self.pairs(digits)
        return cardinal(int(digits), self.language)

    def one_by_one(self, digits: str) -> str:
        """Each digit; English also "oh" and "double three"."""
        if self.language == "pl":
            return " ".join(cardinal(int(digit), "pl") for digit in digits)
        zero = self.dice.choice(("zero", "oh"))
        said: list[str] = []
        place = 0
        while place < len(digits):
            digit = digits[place]
            run = len(digits[place:]) - len(digits[place:].lstrip(digit))
            run = min(run, 3) if self.dice.random() < 0.5 else 1
            word = zero if digit == "0" else cardinal(int(digit), "en")
            said += [_REPEATED[run], word] if run > 1 else [word]
            place += run
        return " ".join(said)

    def pairs(self, digits: str) -> str:
        """Two digits at a time: "ten forty-seven thirty-one"; an odd one comes first."""
        odd = len(digits) % 2
        parts = [digits[:1]] * odd + [digits[i : i + 2] for i in range(odd, len(digits), 2)]
        return " ".join(self._pair(part) for part in parts)

    def _pair(self, digits: str) -> str:
        if digits.startswith("0"):
            return self.one_by_one(digits)
        return cardinal(int(digits), self.language)

    def order_number(self) -> str:
        """Six digits, sometimes with the letters and the year in front."""
        digits = "1" + self.digits(5) if self.dice.random() < 0.8 else self.digits(6)
        if self.dice.random() < 0.75:
            return self.number(digits)
        year = {
            "pl": "dwa tysiące dwadzieścia sześć",
            "en": self.dice.choice(("two thousand twenty six", "twenty twenty six")),
        }[self.language]
        dash = (
            f" {self.dice.choice(('kreska', 'myślnik') if self.language == 'pl' else ('dash',))} "
        )
        joint = self.dice.choice((" ", " ", dash))
        return joint.join((self.letters("za"), year, self.number(digits)))

    def letters(self, text: str) -> str:
        """Letter by letter."""
        if self.language == "en":
            return " ".join(text)
        return " ".join(POLISH_LETTERS.get(letter, letter) for letter in text)

    def postcode(self) -> str:
        """Two and three digits."""
        digits = self.digits(5)
        if self.dice.random() < 0.5:
            return self.one_by_one(digits)
        first, rest = self._pair(digits[:2]), spoken_digits(digits[2:], self.language)
        return f"{first} {rest}"

    def phone(self) -> str:
        """Nine digits."""
        return self.number(self.dice.choice("5678") + self.digits(8))

    def day(self) -> str:
        """A day of the year, or a weekday."""
        day = date(2026, 1, 1) + timedelta(days=self.dice.randrange(365))
        way = self.dice.random()
        if way < 0.2:
            return weekday_name(day, self.language)
        said = spoken_day(day, self.language)
        if self.language == "en" and way < 0.6:
            _, ordinal, _, month = said.split()
            return f"{month} {ordinal}"
        return said

    def time(self) -> str:
        """A full hour or half an hour."""
        hour, minute = self.dice.randrange(6, 23), self.dice.choice((0, 0, 30, 15))
        return spoken_time(time(hour, minute), self.language)

    def amount(self) -> str:
        """Some money."""
        whole = self.dice.choice((self.dice.randrange(5, 100), self.dice.randrange(100, 4000)))
        return spoken_money(100 * whole + self.dice.choice((0, 0, 99, 90, 50)), self.language)

    def small(self) -> str:
        """A number of things, of a house, of a size."""
        number = self.dice.choice((self.dice.randrange(1, 20), self.dice.randrange(20, 100)))
        return cardinal(number, self.language)

    def name(self) -> str:
        """A given or a family name."""
        return self.dice.choice(NAMES[self.language].split())

    def city(self) -> str:
        """A town."""
        return self.dice.choice(CITIES[self.language])

    def email(self) -> str:
        """An address, in words or spelled."""
        dot = self.dice.choice((".", ""))
        who = f"{self.name()}{dot}{self.name()}" if dot else self.name()
        end = self.dice.choice(("pl", "com"))
        said = spoken_address(
            f"{who}@{self.dice.choice(HOSTS[self.language])}.{end}", self.language
        )
        return said if self.dice.random() < 0.8 else f"{self.letters(self.name()[:4])} {said}"

    def spelled(self) -> str:
        """A few letters."""
        some = self.dice.choices(list(POLISH_LETTERS), k=self.dice.randint(3, 6))
        return self.letters("".join(some))


SENTENCES: dict[Language, tuple[str, ...]] = {
    "pl": (
        "{order}", "{order}", "{order}", "{digits}", "numer {order}", "numer zamówienia {order}",
        "mój numer zamówienia to {order}", "zamówienie {order}", "{postcode}",
        "kod pocztowy {postcode}", "mój kod to {postcode}", "{phone}", "mój numer telefonu {phone}",
        "telefon {phone}", "{email}", "mój mail to {email}", "{day}", "w {day}", "zamówione {day}",
        "{time}", "o godzinie {time}", "po {time}", "{amount}", "na kwotę {amount}", "{city}",
        "ulica {street} {small}", "ulica {street} {small} mieszkanie {small}", "nazywam się {name} "
        "{name}", "{name}", "{spelled}", "{name} {spelled}", "{small}", "nip {nip}", "kod {code}",
    ),
    "en": (
        "{order}", "{order}", "{order}", "{digits}", "number {order}", "order number {order}",
        "my order number is {order}", "the order is {order}", "{postcode}",
        "the postcode is {postcode}", "my postcode is {postcode}", "{phone}",
        "my phone number is {phone}", "{email}", "my email is {email}", "{day}", "on {day}",
        "i ordered it on {day}", "{time}", "at {time}", "after {time}", "{amount}",
        "it was {amount}", "{city}", "{small} {street} street", "my name is {name} {name}",
        "{name}", "{spelled}", "{name} {spelled}", "{small}", "tax number {nip}", "code {code}",
    ),
}  # fmt: skip
"""What a caller answers to a question for a number, a day, an address or a name."""


def said_by_chance(caller: Caller, sentence: str | None = None) -> str:
    """One of `SENTENCES` with its places filled."""
    dice = caller.dice
    sentence = sentence or dice.choice(SENTENCES[caller.language])
    ways: dict[str, Callable[[], str]] = {
        "order": caller.order_number,
        "digits": lambda: caller.number(caller.digits(dice.randint(3, 9))),
        "postcode": caller.postcode,
        "phone": caller.phone,
        "email": caller.email,
        "day": caller.day,
        "time": caller.time,
        "amount": caller.amount,
        "city": caller.city,
        "street": lambda: dice.choice(STREETS[caller.language]),
        "small": caller.small,
        "name": caller.name,
        "spelled": caller.spelled,
        "nip": lambda: caller.number(caller.digits(10)),
        "code": lambda: caller.number(caller.digits(6)),
    }
    for place, way in ways.items():
        while f"{{{place}}}" in sentence:
            sentence = sentence.replace(f"{{{place}}}", way(), 1)
    return sentence
