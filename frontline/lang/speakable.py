"""Text written for the eye brought into words that a voice can say.

What the bot says on the phone is written for the ear and passes unchanged. This is for the rest:
what agents type, and what shops put into their notes. The result has letters and `.,?!:;'’-` only.
"""

import re
import unicodedata
from functools import partial

from frontline.lang import Language
from frontline.lang.abbreviations import ABBREVIATIONS
from frontline.lang.figures import FIGURES, Act, Rule
from frontline.lang.spelling import spoken_address

MAX_CHARACTERS = 4_000
"""Of a longer text only so much is said; five minutes are enough."""

_TLD = r"(?:pl|com|eu|org|net|info|io|shop|store|example|de|uk|gov|edu)"
_HOST = rf"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+{_TLD}"


def speakable(text: str, language: Language) -> str:
    """`text` in words.

    Args:
        text: any; Markdown, addresses of pages, emoji are allowed and dropped.
        language: of the text and of the words.
    """
    said = _plain(text[:MAX_CHARACTERS])
    for pattern, words in _EVERYWHERE:
        said = pattern.sub(words, said)
    said = _apply(_ADDRESSES, said, language)
    for pattern, words in ABBREVIATIONS[language]:
        said = pattern.sub(words, said)
    said = _apply(FIGURES[language], said, language)
    return _tidy(_signs(said, language))


def _apply(rules: tuple[Rule, ...], text: str, language: Language) -> str:
    for pattern, act in rules:
        text = pattern.sub(partial(_act, act, language), text)
    return text


def _act(act: Act, language: Language, match: re.Match[str]) -> str:
    return act(match, language)


# Signs.


def _plain(text: str) -> str:
    """One kind of spaces, digits and letters; no emoji; a line is a sentence."""
    text = text.replace("m²", "m\ue002").replace("m³", "m\ue003")
    text = unicodedata.normalize("NFKC", text).replace("\u2044", "/")
    text = text.replace("m\ue002", "m²").replace("m\ue003", "m³")
    kept = "".join(_sign(sign) for sign in text)
    lines = (re.sub(r"^\s*(?:[#>]+|[-*•]|\d{1,2}[.)])\s+", "", line) for line in kept.split("\n"))
    whole = [line.strip() for line in lines if line.strip()]
    ended = [line if line[-1] in ".?!:;," else f"{line}." for line in whole[:-1]]
    return " ".join([*ended, *whole[-1:]])


def _sign(sign: str) -> str:
    if sign in "\n\r\u2028\u2029":
        return "\n"
    if sign in "²³°":
        return sign
    if sign.isdigit():
        return str(unicodedata.digit(sign))
    kind = unicodedata.category(sign)
    if kind in ("So", "Sk", "Cs", "Co", "Cn", "Cf", "Cc", "No", "Nl", "Me"):
        return " " if kind == "Cc" else ""
    return " " if kind.startswith("Z") else sign


_EVERYWHERE = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"!?\[([^\]]*)\]\([^)]*\)", r"\1"),  # a link or picture of Markdown
        (r"</?[a-zA-Z][^<>]{0,200}>", " "),
        (r"(?<!\w)[:;=8xX][-o*']?[)(\]\[dDpP/\\|}{*](?!\w)", " "),
        (r"<3", " "),
        (r"`+|\*+|~~", ""),
        (r"\b_+|_+\b", " "),
    )
)
_WORDS: dict[Language, dict[str, str]] = {
    "pl": {"&": "i", "+": "plus", "=": "równa się", "%": "procent", "§": "paragraf", "@": "małpa",
           "~": "około", "≈": "około", "×": "razy", "±": "plus minus", "€": "euro", "$": "dolarów",
           "£": "funtów", "°": "stopni", "²": "kwadrat", "³": "sześcian"},
    "en": {"&": "and", "+": "plus", "=": "equals", "%": "per cent", "§": "section", "@": "at",
           "~": "about", "≈": "about", "×": "times", "±": "plus minus", "€": "euros",
           "$": "dollars", "£": "pounds", "°": "degrees", "²": "squared", "³": "cubed"},
}  # fmt: skip
_PAUSE = re.compile(r"[()\[\]{}|→←•]|\s[-–—−]+(?=\s|$)|(?:^|(?<=\s))[-–—−]+\s|[–—−]|->|=>|--+")
_OR: dict[Language, str] = {"pl": " lub ", "en": " or "}
_DOT: dict[Language, str] = {"pl": " kropka ", "en": " dot "}


def _signs(text: str, language: Language) -> str:
    """What signs are left become words or pauses, or go."""
    text = _PAUSE.sub(", ", text)
    text = re.sub(r"\b(i|and)\s*/\s*(lub|or)\b", r"\1 \2", text, flags=re.IGNORECASE)
    text = re.sub(r"(?<=\w)\s*/\s*(?=\w)", _OR[language], text)
    text = re.sub(r"(?<=\w\w)\.(?=\w)|(?<=\w)\.(?=\w\w)", _DOT[language], text)
    words = _WORDS[language]
    text = "".join(f" {words[sign]} " if sign in words else sign for sign in text)
    return "".join(sign if _can_be_said(sign) else " " for sign in text)


def _can_be_said(sign: str) -> bool:
    return sign in " .,?!:;'’-" or sign.isalpha()


def _tidy(text: str) -> str:
    """Single spaces and marks; hyphens and apostrophes only inside words."""
    text = re.sub(r"(?<![^\W\d_])['’-]+|['’-]+(?![^\W\d_])", " ", text)
    text = re.sub(r"\s+([.,?!:;])", r"\1", " ".join(text.split()))
    text = re.sub(r"[.,:;]*([?!])[.,:;?!]*", r"\1", text)
    text = re.sub(r"[.,:;]*\.[.,:;]*", ".", text)
    text = re.sub(r"[,;:]*([,;:])", r"\1", text)
    text = re.sub(r"([.,?!:;])(?=[^\s])", r"\1 ", text)
    return text.lstrip(" .,?!:;").rstrip(" ,;")


# Addresses.


def _page(match: re.Match[str], language: Language) -> str:
    """A page is never spelled out; its host says whose it is."""
    host = match["host"].lower().removeprefix("www.")
    end = "." if match[0][-1] in ".!?" else ""
    return f" {spoken_address(host, language)}{end}"


def _mail(match: re.Match[str], language: Language) -> str:
    return f" {spoken_address(match[0], language)} "


_ADDRESSES: tuple[Rule, ...] = (
    (
        re.compile(
            r"\b(?:https?://|www\.)(?:[^\s/@]*@)?(?P<host>[^\s/?#:,;()<>\"]+[\w])\S*",
            re.IGNORECASE,
        ),
        _page,
    ),
    (re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), _mail),
    (re.compile(rf"(?<![\w@.])(?P<host>{_HOST})(?:/\S*)?(?![\w@])", re.IGNORECASE), _page),
)
