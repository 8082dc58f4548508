"""Which language a message is in: Polish, English, neither, or too little to tell.

Three kinds of evidence: the script, function words and letters that only one language has, and
the letter trigrams of the training sentences for words that no list holds ("refund", "zwrot").
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field

from components.text import MAX_CHARS, fold

_PL_WORDS = """
    i w we na z ze do od po za o u nie tak jest sa jestem to ten ta te tej tego moj moja moje
    mojej mojego mam masz ma mamy macie chce chcialbym chcialabym prosze dzien dobry czesc hej
    witam dziekuje dzieki czy jak gdzie kiedy ile co kto dlaczego jaki jaka jakie ktory ktora
    moge mozna mozecie moze potrzebuje dla przez przy bez juz jeszcze sie mi mnie wam was
    panstwo pan pani pana bardzo ale bo bylo byl byla bedzie tylko tez oraz albo lub zamowienie
    zamowienia paczka paczki numer nr no dobra okej wroc reklamacja zwrot
"""
PL_WORDS = frozenset(_PL_WORDS.split())
_EN_WORDS = """
    the a an is are am was were be been i you he she it we they my your our their me him us them
    this that these those in on at of for from with by and or but not no yes do does did don't
    have has had can could would will should what where when why how which who please thanks
    thank hello hi hey there i'm i'd i'll i've it's isn't didn't can't want need get got if
    about just order parcel package refund return cancel
"""
EN_WORDS = frozenset(_EN_WORDS.split())
SHARED = frozenset("a i no to on we was do ten my od me us".split())  # noqa: SIM905
"""Words of both languages; they count only together with others."""
OTHER_WORDS = {
    "de": "der die das und ist nicht ich sie mein meine wo wann wie bitte danke guten hallo haben "
          "habe kann konnen sprechen ein eine mit fur auf deutsch bestellung",
    "fr": "le les est et je vous mon ma mes ou quand comment bonjour merci ne pas avec pour une "
          "des suis voudrais colis commande parlez francais",
    "es": "el los las es y yo usted mi mis donde cuando como hola gracias por favor con para una "
          "quiero pedido esta mi habla espanol",
    "it": "il lo gli e sono mio mia dove quando ciao grazie per con una vorrei ordine",
    "cs": "je jsem muj moje kde kdy dobry den dekuji prosim objednavka jsou neni chci zasilka",
    "uk": "de moye zamovlennya dyakuyu bud laska dobryi pryvit",
}  # fmt: skip
_OTHER = {w: n for n, words in OTHER_WORDS.items() for w in words.split()}
_PL_LETTERS = frozenset("ąćęłńśźż")
_FOREIGN_LETTERS = frozenset("äöüßñéèêëàâçîïôûùřěčšžůýåøæőű")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_LATIN_END = 0x024F

EN_WISH = re.compile(
    r"\b(?:in|speak|use|to|switch to|into)\s+english\b|^english\b|\benglish(?:\s+please|\s*$)|"
    r"\bpo\s+angielsku\b|\bangielski\w*\b|\bna\s+angielski\b"
)
PL_WISH = re.compile(
    r"\bpo\s+polsku\b|\bpolski\w*\b|\bna\s+polski\b|\b(?:in|speak|use|to)\s+polish\b|"
    r"^polish\b|\bpolish(?:\s+please|\s*$)"
)
_NOT_PL = re.compile(
    r"\b(?:don'?t|do not|can'?t|cannot|no)\s+(?:\w+\s+)?(?:speak|understand|know|read)?\s*"
    r"(?:any\s+)?polish|\bnie\s+(?:mowie|rozumiem|znam|umiem)\s+(?:\w+\s+)?(?:po\s+polsku|polskiego)"
)
_NOT_EN = re.compile(
    r"\b(?:don'?t|do not|can'?t|cannot)\s+(?:\w+\s+)?(?:speak|understand|know|read)\s+"
    r"(?:any\s+)?english|\bnie\s+(?:mowie|rozumiem|znam|umiem)\s+(?:\w+\s+)?(?:po\s+angielsku|angielskiego)"
)
_BARE_WISH = re.compile(
    r"(?:(?:hi|hello|hey|czesc|dzien dobry|sorry|przepraszam|yes|tak|no|nie|prosze|please|can we|"
    r"could we|can you|could you|let's|czy mozemy|mozemy|moze|mow|mowic|porozmawiac|rozmawiac|"
    r"speak|talk|switch|change|to|in|use|po|na|english|polish|polsku|angielsku|angielski|polski|jezyk|"
    r"language|przelacz|zmien)\b[\s,.!?]*)+"
)


@dataclass(frozen=True)
class Guess:
    """The language of one message."""

    name: str
    """`pl`, `en`, `other`, or empty when the message does not tell."""
    confidence: float
    words: int


@dataclass
class Trigrams:
    """How much more often Polish than English uses each letter trigram, as log odds."""

    odds: dict[str, float] = field(default_factory=dict)

    @classmethod
    def learn(cls, texts: list[str]) -> Trigrams:
        """Count in the sentences whose language their function words tell."""
        counts = {"pl": Counter[str](), "en": Counter[str]()}
        for text in texts:
            name = identify(text, cls()).name
            if name in counts:
                counts[name].update(t for w in words(text) for t in _trigrams(w))
        polish, english = counts["pl"], counts["en"]
        total = {n: sum(c.values()) + 1_000 for n, c in counts.items()}
        seen = {t for c in (polish, english) for t, n in c.items() if n > 1}
        return cls(
            {
                t: math.log((polish[t] + 0.5) / total["pl"])
                - math.log((english[t] + 0.5) / total["en"])
                for t in seen
            }
        )

    def score(self, word: str) -> float:
        """Above zero: looks Polish; below: English; per trigram, so long words weigh no more."""
        marks = [self.odds[t] for t in _trigrams(word) if t in self.odds]
        return sum(marks) / len(marks) if marks else 0.0


def _trigrams(word: str) -> list[str]:
    padded = f" {word} "
    return [padded[i : i + 3] for i in range(len(padded) - 2)]


def words(text: str) -> list[str]:
    """Folded words of a text, numbers and addresses left out."""
    plain = re.sub(r"\S*[@\d]\S*", " ", text[:MAX_CHARS].replace("’", "'"))
    return _WORD.findall(fold(plain))


def identify(text: str, trigrams: Trigrams) -> Guess:
    """Guess the language of a message."""
    letters = [c for c in text[:MAX_CHARS].lower() if c.isalpha()]
    if not letters:
        symbols = any(not c.isspace() and not c.isascii() for c in text[:MAX_CHARS])
        digits = any(c.isdigit() for c in text[:MAX_CHARS])
        return Guess("other", 1.0, 0) if symbols and not digits else Guess("", 0.0, 0)
    foreign = sum(ord(c) > _LATIN_END for c in letters)
    if foreign * 2 > len(letters):
        return Guess("other", 1.0, len(words(text)))
    found = words(text)
    polish = sum(_weight(w) for w in found if w in PL_WORDS)
    english = sum(_weight(w) for w in found if w in EN_WORDS)
    for word in found:
        if word not in PL_WORDS and word not in EN_WORDS and len(word) > 2:
            score = max(-1.0, min(1.0, trigrams.score(word) / 2))
            polish, english = polish + max(0.0, score), english + max(0.0, -score)
    polish += 1.5 * sum(c in _PL_LETTERS for c in letters)
    other = max(Counter(_OTHER[w] for w in found if w in _OTHER).values(), default=0)
    other_score = float(other) + sum(c in _FOREIGN_LETTERS for c in letters)
    if other >= 2 and other_score > 1.2 * max(_listed(found, PL_WORDS), _listed(found, EN_WORDS)):
        own = max(_listed(found, PL_WORDS), _listed(found, EN_WORDS))
        if not any(c in _PL_LETTERS for c in letters):
            return Guess("other", other_score / (other_score + own), len(found))
    total = polish + english
    if total < 0.4:
        return Guess("", 0.0, len(found))
    name, best = ("pl", polish) if polish >= english else ("en", english)
    return Guess(name, best / (total + 0.3), len(found))


def _weight(word: str) -> float:
    return 0.3 if word in SHARED else 1.0


def _listed(found: list[str], words_of: frozenset[str]) -> float:
    return sum(_weight(w) for w in found if w in words_of)


def wish(text: str, *, asked: bool) -> str | None:
    """The language a customer asks for, `pl` or `en`.

    Args:
        text: the message.
        asked: the classifier thinks that the message is about the language; without it only a
            message that says nothing else counts ("do you have the manual in English?" does not).
    """
    folded = fold(text[:200].replace("’", "'")).strip()
    if not asked and not _BARE_WISH.fullmatch(folded):
        return None
    if _NOT_PL.search(folded):
        return "en"
    if _NOT_EN.search(folded):
        return "pl"
    english, polish = EN_WISH.search(folded), PL_WISH.search(folded)
    if bool(english) == bool(polish):
        return None
    return "en" if english else "pl"


def decide(guess: Guess, current: str | None, *, chosen: bool) -> str | None:
    """The language to go on in: a choice holds, a clear message switches, anything else does not.

    Args:
        guess: language of this message.
        current: language of the conversation so far.
        chosen: the customer asked for it.
    """
    if guess.name not in ("pl", "en"):
        return current
    if current is None:
        return guess.name
    if chosen or guess.name == current:
        return current
    return guess.name if guess.words >= 3 and guess.confidence >= 0.75 else current
