"""What is said on the demo's telephone: the bot's texts and training sentences, as spoken words."""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import yaml

from actions.shop.demo import PRODUCTS
from frontline.lang import Language
from frontline.lang.numerals import LIMIT, cardinal
from frontline.lang.spelling import spoken_address
from frontline.lang.text import fold
from frontline.settings import PROJECT
from tools.content.read import MARK, Content
from tools.speech.patterns import CITIES, HOSTS, NAMES, POLISH_LETTERS, STREETS, Caller

Sentence = tuple[str, ...]
"""Spoken words, lower case."""

VOICE_TEXTS = PROJECT / "voice_gateway" / "texts.yml"
SEEN = 2
"""A word that only carelessly written sentences have is in the vocabulary if so many have it."""

_PLACE = re.compile(r"\{(\w+)\}")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_END = re.compile(r"[.!?:;](?=\s|$)|[()„”“…\n]|\s[–—-]\s")
_DIACRITICS = re.compile(r"[ąćęłńóśźż]")


def normal(text: str) -> Sentence:
    """The words of a text without digits: lower case, no punctuation, "e-mail" as one word."""
    plain = text.lower().replace("’", "'").replace("e-mail", "email").replace("e mail", "email")
    return tuple(_WORD.findall(plain))


class Texts:
    """All that is said in one language.

    Args:
        language: which one.
        root: the folder with `nlu_data/` and `bot/domain/`.
        seed: of what is filled into places and of the way numbers are said.
    """

    def __init__(self, language: Language, root: Path = PROJECT, seed: int = 1) -> None:
        self.language = language
        self.caller = Caller(language, random.Random(seed))  # noqa: S311  made-up data
        content = Content(root)
        self.responses = [
            sentence
            for text in self._response_texts(content)
            for sentence in self._sentences(_PLACE.sub(self._fill, text))
        ]
        texts = [MARK.sub(r"\1", sentence.text) for sentence in content.sentences[language]]
        self._careful = [self._spoken(text) for text in texts if self._with_signs(text)]
        careless = [self._spoken(text) for text in texts if not self._with_signs(text)]
        restored = self._restored(careless)
        self.sentences = [words for words in (*self._careful, *restored) if words]

    def vocabulary(self) -> list[str]:
        """The words that a recogniser should know, in order."""
        known = {word for words in self._careful for word in words}
        seen = Counter(word for words in self.sentences for word in set(words))
        known.update(word for word, count in seen.items() if count >= SEEN)
        known.update(word for words in self.responses for word in words)
        known.update(self._numbers())
        known.update(_names(self.language))
        return sorted(known)

    def _response_texts(self, content: Content) -> Iterator[str]:
        for variant in content.all_responses():
            if variant.channel == "voice" and variant.language == self.language:
                yield variant.text
        for text in (yaml.safe_load(VOICE_TEXTS.read_text("utf-8")) or {}).values():
            if isinstance(text, dict) and isinstance(text.get(self.language), str):
                yield text[self.language]
        column = 1 if self.language == "pl" else 2
        yield from (str(product[column]) for product in PRODUCTS)

    def _fill(self, place: re.Match[str]) -> str:
        caller = self.caller
        ways: dict[str, Callable[[], str]] = {
            "number": lambda: caller.number(caller.digits(6)),
            "code": lambda: caller.number(caller.digits(6)),
            "day": caller.day,
            "phone": caller.phone,
            "postal_code": caller.postcode,
            "email": caller.email,
            "city": caller.city,
            "product": lambda: str(caller.dice.choice(PRODUCTS)[1 if self.language == "pl" else 2]),
            "line": caller.small,
            "tries": caller.small,
            "at": caller.time,
        }
        ways |= dict.fromkeys(("total", "amount", "price", "fee", "minimum"), caller.amount)
        ways |= dict.fromkeys(("holiday", "when", "due", "since", "until", "send_by"), caller.day)
        way = ways.get(str(place[1]))
        return way() if way else "\n"  # what else is filled in is not known here: a gap

    def _sentences(self, text: str) -> Iterator[Sentence]:
        for part in _END.split(_DIGITS.sub(self._said, text)):
            words = normal(part)
            if words:
                yield words

    def _spoken(self, text: str) -> Sentence:
        return normal(_DIGITS.sub(self._said, text))

    def _said(self, found: re.Match[str]) -> str:
        """Digits and addresses in words."""
        caller, text = self.caller, str(found[0])
        ways: dict[str, Callable[[], str]] = {
            "email": lambda: spoken_address(text, self.language),
            "order": caller.order_number,
            "postcode": caller.postcode,
            "phone": caller.phone,
            "time": caller.time,
            "amount": caller.amount,
            "day": caller.day,
            "percent": lambda: (
                f"{cardinal(int(text[:-1]), self.language)} "
                + ("procent" if self.language == "pl" else "percent")
            ),
        }
        way = ways.get(found.lastgroup or "")
        if way:
            return f" {way()} "
        digits = re.sub(r"\D", "", text)
        if len(digits) > 4 or int(digits) >= LIMIT:
            return f" {caller.number(digits)} "
        return f" {cardinal(int(digits), self.language)} "

    def _with_signs(self, text: str) -> bool:
        """Is it spelled well? Polish without any of its signs is perhaps not."""
        return self.language != "pl" or bool(_DIACRITICS.search(text.lower()))

    def _restored(self, sentences: list[Sentence]) -> Iterator[Sentence]:
        """Polish words get the signs back that well written sentences have."""
        forms = Counter(word for words in (*self._careful, *self.responses) for word in words)
        best: dict[str, str] = {}
        if self.language == "pl":
            for word, _ in forms.most_common():
                best.setdefault(fold(word), word)
        for words in sentences:
            yield tuple(best.get(word, word) for word in words)

    def _numbers(self) -> Iterator[str]:
        """Every word that numbers are made of, and the names of letters."""
        for number in (
            *range(101),
            *range(100, 1001, 100),
            2000,
            5000,
            10**6,
            2 * 10**6,
            5 * 10**6,
        ):
            yield from normal(cardinal(number, self.language))
        yield from normal(cardinal(1, self.language, feminine=True))
        yield from normal(cardinal(2, self.language, feminine=True))
        dice = random.Random(7)  # noqa: S311  made-up data
        caller = Caller(self.language, dice)
        for way in (caller.day, caller.time, caller.amount, caller.order_number):
            for _ in range(400):
                yield from normal(way())
        if self.language == "pl":
            yield from POLISH_LETTERS.values()
        else:
            yield from POLISH_LETTERS
            yield from ("oh", "double", "triple")


def _names(language: Language) -> Iterable[str]:
    signs = spoken_address("@.-_+", language).split()
    names = NAMES[language].split()
    return [*names, *HOSTS[language], *CITIES[language], *STREETS[language], *signs, "com", "pl"]


_DIGITS = re.compile(
    r"(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<order>\bza[-/ _]?2026[-/ _]?\d{3} ?\d{3}\b|(?<!\d)1\d{5}(?!\d))"
    r"|(?P<phone>(?<!\d)(?:\+?48 ?)?\d{3}[ -]\d{3}[ -]\d{3}(?!\d))"
    r"|(?P<postcode>(?<!\d)\d{2}-\d{3}(?!\d))"
    r"|(?P<time>(?<!\d)\d{1,2}:\d{2}(?!\d))"
    r"|(?P<amount>(?<!\d)\d{1,4},\d{2}(?!\d))"
    r"|(?P<day>(?<!\d)\d{1,2}\.\d{1,2}(?:\.\d{4})?(?!\d))"
    r"|(?P<percent>\d{1,3}%)"
    r"|\d+",
    re.IGNORECASE,
)
