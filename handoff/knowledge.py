"""Knowledge articles: what the bot answers, made fit for an agent to read, search and send."""

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import structlog

from frontline.lang import Language
from frontline.lang.text import fold
from handoff.evidence import list_of, mapping_of, one_line, text_of
from handoff.lexical import Index

log = structlog.get_logger()

FOUND = 20
TITLE_CHARS = 90
QUERY_CHARS = 200
LEAST_ALIKE = 0.08
LEAST_WORDS = 3
"""A shorter rest of a response tells nothing."""
READY_BONUS = 0.05
PLACE = re.compile(r"\{([a-z_]+)\}")
_LANGUAGES: tuple[Language, ...] = ("pl", "en")
_BOT_SPEAKING = re.compile(
    r"konsultan|polaczyc|asysten|automat\b|\bagents?\b|shall i\b|connect you|assistant|"
    r"a person (from|should)|nie widze|i cannot see|nic tu nie wiem|i know of no|"
    r"i can (check|take)|czlowiek ze sklepu|moge (od razu|go|ja|przyjac)\b"
)
"""Sentences in which the bot speaks of itself or offers a person; an agent does not say them."""


class Article(msgspec.Struct, frozen=True):
    """One response of the bot in one language."""

    id: str
    """Its name in the domain."""
    title: str
    text: str
    """Without what only a bot would say; may hold `{places}`."""
    language: str
    intents: tuple[str, ...]
    ready: bool
    """It may be offered as an answer, once its places are filled."""


class _Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`knowledge.yml`."""

    not_for_agents: list[str]
    ready_when_filled: list[str]
    only_found: list[str]
    intents: dict[str, list[str]]
    topics: dict[str, dict[str, str]]


@cache
def _rules() -> _Rules:
    return msgspec.yaml.decode(Path(__file__).with_suffix(".yml").read_bytes(), type=_Rules)


class Knowledge:
    """The articles of a content folder, read again when its files change."""

    def __init__(self, content_dir: Path) -> None:
        self._folder = content_dir / "bot" / "domain"
        self._stamp: tuple[tuple[str, int, int], ...] | None = None
        self._articles: dict[str, list[Article]] = {}
        self._indexes: dict[str, Index] = {}

    def articles(self, language: str) -> list[Article]:
        """All articles in a language, in the order of the domain."""
        self._refresh()
        return self._articles.get(language, [])

    def index(self, language: str) -> Index:
        """How alike texts are to `articles(language)`, in the same order."""
        self._refresh()
        return self._indexes.get(language) or Index(())

    def search(self, query: str, language: str, limit: int = FOUND) -> list[Article]:
        """Articles for a few words, best first; spelling without diacritics is enough."""
        query = one_line(query, QUERY_CHARS)
        found = self.articles(language)
        scores = self.index(language).scores(query)
        wanted = fold(query)
        if not wanted:
            return found[:limit]
        ranked = [
            (score + _literally(wanted, article) + READY_BONUS * article.ready, -place, article)
            for place, (article, score) in enumerate(zip(found, scores, strict=True))
        ]
        near = [one for one in ranked if one[0] >= LEAST_ALIKE + READY_BONUS]
        best = sorted(near, key=lambda one: one[:2], reverse=True)
        return [article for _, _, article in best[:limit]]

    def _refresh(self) -> None:
        """Read the folder when it has changed; a file that cannot be read keeps what was known."""
        try:
            files = sorted(self._folder.glob("*.yml"))
            stamp = tuple((f.name, s.st_mtime_ns, s.st_size) for f in files for s in [f.stat()])
        except OSError as error:
            log.warning("knowledge.unreadable", error=type(error).__name__)
            return
        if stamp == self._stamp:
            return
        self._stamp = stamp
        articles = self._read(files)
        if articles is None:
            return
        self._articles = articles
        self._indexes = {
            language: Index([f"{a.title} {a.text}" for a in found])
            for language, found in articles.items()
        }

    def _read(self, files: Sequence[Path]) -> dict[str, list[Article]] | None:
        articles: dict[str, list[Article]] = {language: [] for language in _LANGUAGES}
        for file in files:
            try:
                domain = mapping_of(msgspec.yaml.decode(file.read_bytes()))
            except (OSError, ValueError, msgspec.MsgspecError) as error:
                # An editor may be in the middle of a change; the next one is read.
                log.warning("knowledge.unreadable", file=file.name, error=type(error).__name__)
                return None
            for language in _LANGUAGES:
                articles[language] += _articles_of(file.stem, domain, language)
        return articles


def _literally(wanted: str, article: Article) -> float:
    """A bonus for articles that hold the words as they are."""
    text = fold(f"{article.title} {article.text}")
    terms = [term for term in wanted.split() if len(term) > 2]
    hits = sum(1 for term in terms if term in text)
    return 0.3 * hits / len(terms) if terms else float(wanted in text) * 0.3


def _articles_of(topic: str, domain: Mapping[str, Any], language: Language) -> list[Article]:
    """The articles of one domain file."""
    rules, found = _rules(), []
    all_intents = [text_of(intent) for intent in list_of(domain.get("intents"))]
    for name, variants in mapping_of(domain.get("responses")).items():
        if not isinstance(name, str) or _fits(name, rules.not_for_agents):
            continue
        whole = _variant(list_of(variants), language)
        text = for_agent(whole)
        if len(text.split()) < LEAST_WORDS:
            continue
        intents = next((i for glob, i in rules.intents.items() if fnmatchcase(name, glob)), None)
        blank = not PLACE.search(whole)
        ready = _fits(name, rules.ready_when_filled) or (
            blank and not _fits(name, rules.only_found)
        )
        label = rules.topics.get(topic, {}).get(language, "")
        title = one_line(PLACE.sub("…", text), TITLE_CHARS)
        found.append(
            Article(
                id=name,
                title=f"{label}: {title}" if label else title,
                text=text,
                language=language,
                intents=tuple(all_intents if intents is None else intents),
                ready=ready,
            )
        )
    return found


def _fits(name: str, globs: Sequence[str]) -> bool:
    return any(fnmatchcase(name, glob) for glob in globs)


def _variant(variants: Sequence[Any], language: Language) -> str:
    """The written variant for a language; Polish is the one without a condition."""
    for variant in map(mapping_of, variants):
        if variant.get("channel") not in (None, "web", "chat"):
            continue
        conditions = [mapping_of(c) for c in list_of(variant.get("condition"))]
        wanted = {c.get("value") for c in conditions if c.get("name") == "language"} or {"pl"}
        text = variant.get("text")
        if wanted == {language} and isinstance(text, str):
            return text
    return ""


def for_agent(text: str) -> str:
    """A response without the sentences that only a bot would say."""
    sentences = re.findall(r"[^.!?]+(?:[.!?](?!\s|$)[^.!?]*)*(?:[.!?]+[”\"]?|$)\s*", text)
    kept = [s for s in sentences if not _BOT_SPEAKING.search(fold(s)) and not _asks(s)]
    return "".join(kept).strip()


def _asks(sentence: str) -> bool:
    """Questions are turns of the bot's own dialogue."""
    return sentence.rstrip().rstrip('”"').endswith("?")
