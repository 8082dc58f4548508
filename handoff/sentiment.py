"""How a customer's mood goes, from the words of their own messages only.

Nothing is ever inferred from a voice: recognising emotions from biometric data is what Regulation
(EU) 2024/1689 (AI Act) restricts. This counts words of praise and displeasure in what was written
or said, decides nothing by itself, and an agent sees which messages it rests on.
"""

import re
from collections.abc import Iterable, Sequence

import msgspec

from frontline.lang.text import fold, words
from frontline.turns import Author, Turn

FADING = 0.6
"""How much less each earlier message counts."""
CLEAR = 0.2
"""A score from here on has a label, and a change from here on a direction."""
_NEGATED_WORDS = 3
"""A negation turns so many words behind it round."""

_STRONG = words(
    "okropn fataln beznadziej skandal zenad zenuj wsciek wkurz wkurw oszus oszuk zlodziej kpin "
    "masakr tragedi tragicz koszmar bezczeln najgorsz jeban jebac kurw chuj cholern dziadost "
    "terribl awful horribl worst furious outrag unaccept scam fraud useless pathetic disgust "
    "disgrac liar rubbish crap bullshit fuck shit"
)
_BAD = words(
    "zdenerw nerw irytuj dramat porazk rozczarow zawied zawiod niezadowol absurd paranoj wstyd "
    "lipa$ slab kiepsk chamsk niepowaz zle$ zl[aey]$ zly[mc]h?$ zlej$ annoy angr frustrat "
    "disappoint ridicul ashamed shame joke hate upset unhappy bad$ badly$ poor$ poorly$ dissatisf "
    "rude$"
)
_MILD = words(
    "problem spozni opozni zepsu uszkodz brak pomylk martwi late$ delay broken damag wrong worr "
    "missing unfortunat niestet"
)
_GOOD = words(
    "super swietn wspanial rewelac doskonal zadowol polecam idealn brawo uprzejm fantasty "
    "great excellent perfect awesome wonderful happy satisf love brilliant fantastic"
)
_KIND = words(
    "dzieki dziekuj fajn mil[aeoy]$ milej$ ekstra pomocn thank helpful appreciat nice good$ glad$"
)
_LEXICON = (
    (re.compile(rf"({'|'.join(_STRONG)})"), -1.0),
    (re.compile(rf"({'|'.join(_BAD)})"), -0.6),
    (re.compile(rf"({'|'.join(_MILD)})"), -0.25),
    (re.compile(rf"({'|'.join(_GOOD)})"), 0.8),
    (re.compile(rf"({'|'.join(_KIND)})"), 0.4),
)
_NOT_MEANT = re.compile(r"superm")
_PHRASES = (
    (re.compile(r"\b(mam (juz )?dosc|dosc tego|do niczego|do dupy|brak slow|ile mozna)\b"), -0.8),
    (re.compile(r"\b(fed up|never again|waste of (time|money)|sick of|had enough)\b"), -0.8),
    (re.compile(r"\bnie (dziala|dziala[lm]\w*|przyszl\w*|dotar\w*)\b"), -0.25),
    (re.compile(r"\b(doesn.?t|does not|not|stopped) work"), -0.25),
    (re.compile(r"\b(dzien dobry|milego dnia|dobry wieczor|good (morning|day|evening))\b"), 0.0),
)
_NEGATIONS = frozenset(
    words("nie bez ani nigdy not no never nor isnt wasnt dont doesnt didnt cant cannot arent aint")
)
_COURTEOUS = re.compile(r"(dzieki|dziekuj|thank)")
_STRONGER = frozenset(
    words("bardzo strasznie calkowicie totalnie very really so extremely totally")
)


class Sentiment(msgspec.Struct, frozen=True):
    """The mood of a conversation."""

    label: str
    """`negative`, `neutral` or `positive`."""
    score: float
    """-1 to 1; the newest messages count most."""
    trend: str
    """`falling`, `steady` or `rising`."""
    turns: list[int]
    """The messages it rests on."""


def polarity(text: str) -> float:
    """How well or badly a text speaks: -1 to 1, 0 when it does neither."""
    folded, total = fold(text).replace("’", "'"), 0.0
    for pattern, weight in _PHRASES:
        folded, count = pattern.subn(" , ", folded)
        total += weight * count
    for clause in re.split(r"[,.;:!?()\n–]+", folded):
        total += _clause(re.findall(r"[a-z]+", clause.replace("'", "")))
    return round(max(-1.0, min(1.0, total)), 2)


def _clause(tokens: Sequence[str]) -> float:
    total = 0.0
    for place, token in enumerate(tokens):
        weight = _weight(token)
        if not weight:
            continue
        before = tokens[max(0, place - _NEGATED_WORDS) : place]
        if not _COURTEOUS.match(token) and _NEGATIONS.intersection(before):
            weight *= -0.7
        total += weight * (1.3 if _STRONGER.intersection(before[-1:]) else 1.0)
    return total


def _weight(token: str) -> float:
    if _NOT_MEANT.match(token):
        return 0.0
    return next((weight for pattern, weight in _LEXICON if pattern.match(token)), 0.0)


def of_texts(texts: Iterable[tuple[int, str]]) -> Sentiment:
    """The mood of a customer's messages, oldest first, each with its number."""
    scored = [(seq, value) for seq, text in texts if (value := polarity(text))]
    if not scored:
        return Sentiment("neutral", 0.0, "steady", [])
    values = [value for _, value in scored]
    score = round(_recent(values), 2)
    label = "negative" if score <= -CLEAR else "positive" if score >= CLEAR else "neutral"
    return Sentiment(label, score, _trend(values), [seq for seq, _ in scored])


def of_turns(turns: Sequence[Turn]) -> Sentiment:
    """The mood of a conversation; only the customer's turns count."""
    ordered = sorted(turns, key=lambda turn: turn.seq)
    return of_texts((t.seq, t.text) for t in ordered if t.author == Author.CUSTOMER)


def _recent(values: Sequence[float]) -> float:
    weights = [FADING**age for age in reversed(range(len(values)))]
    return sum(w * v for w, v in zip(weights, values, strict=True)) / sum(weights)


def _trend(values: Sequence[float]) -> str:
    """The newest message against the mood before it."""
    if len(values) < 2:
        return "steady"
    change = values[-1] - _recent(values[:-1])
    return "falling" if change <= -CLEAR else "rising" if change >= CLEAR else "steady"
