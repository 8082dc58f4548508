"""What is allowed in an agent's record."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any, Literal, TypeVar, get_args

from frontline.errors import RefusedError

Role = Literal["agent", "supervisor", "editor", "admin"]
Presence = Literal["available", "busy", "break", "offline"]

ROLES: tuple[Role, ...] = get_args(Role)
PRESENCES: tuple[Presence, ...] = get_args(Presence)
LANGUAGES = ("pl", "en")
SKILLS = ("general", "complaints", "returns", "payments", "technical", "privacy", "care")
TOP_LEVEL = 3
MOST_AT_ONCE = {"chat": 20, "voice": 1}
"""Channels, and the most cases at once that make sense on each."""
DEFAULT_CAPACITY = {"chat": 3, "voice": 1}
LONGEST_NAME = 80
LONGEST_REASON = 40

T = TypeVar("T", bound=str)

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,79}")
SUBJECT = re.compile(r"[\x20-\x7e]{1,255}")
"""OpenID Connect Core 1.0, section 2: ASCII, at most 255."""


def plain_login(login: str) -> str:
    """A log-in name as it is kept: case and the spaces around it do not count.

    Empty when it cannot be anybody's, so that nothing strange reaches the database.
    """
    plain = unicodedata.normalize("NFKC", login[:200]).strip().lower()
    return plain if _LOGIN.fullmatch(plain) else ""


def checked_login(login: str) -> str:
    """A log-in name for a new agent.

    Raises:
        RefusedError: too short, too long, or with letters that are easily mixed up.
    """
    plain = plain_login(login)
    if not plain:
        raise RefusedError(
            "a log-in name has 2 to 80 of: a-z, 0-9, dot, hyphen, underscore, plus, @"
        )
    return plain


def checked_name(name: str) -> str:
    """A name to show: one line, without characters that hide or turn round what follows.

    Raises:
        RefusedError: empty, too long or with such characters.
    """
    plain = _one_line(name, LONGEST_NAME)
    if not plain:
        raise RefusedError("an agent needs a name")
    return plain


def checked_reason(reason: str | None) -> str | None:
    """Why somebody is not there, in a word; None = nothing said.

    Raises:
        RefusedError: too long or not one line.
    """
    return _one_line(reason, LONGEST_REASON) or None if reason else None


def checked_role(role: str) -> Role:
    """One of `ROLES`.

    Raises:
        RefusedError: it is none.
    """
    return _one_of(role, ROLES, "role")


def checked_presence(presence: str) -> Presence:
    """One of `PRESENCES`.

    Raises:
        RefusedError: it is none.
    """
    return _one_of(presence, PRESENCES, "presence")


def checked_languages(languages: Collection[str]) -> list[str]:
    """Languages an agent serves, each once, in our order.

    Raises:
        RefusedError: none, or one that the front line does not speak.
    """
    for language in languages:
        _one_of(language, LANGUAGES, "language")
    if not languages:
        raise RefusedError("an agent speaks at least one language")
    return [language for language in LANGUAGES if language in languages]


def checked_skills(skills: Mapping[str, int]) -> dict[str, int]:
    """Skill → highest level.

    Raises:
        RefusedError: an unknown skill or a level out of range.
    """
    for skill in skills:
        _one_of(skill, SKILLS, "skill")
    return {skill: _number(skill, level, 1, TOP_LEVEL) for skill, level in skills.items()}


def checked_capacity(capacity: Mapping[str, int]) -> dict[str, int]:
    """Channel → cases at once; a channel that is not named counts as 0.

    Raises:
        RefusedError: an unknown channel or a number out of range.
    """
    for channel in capacity:
        _one_of(channel, tuple(MOST_AT_ONCE), "channel")
    return {
        channel: _number(channel, capacity.get(channel, 0), 0, most)
        for channel, most in MOST_AT_ONCE.items()
    }


def checked_subject(subject: str) -> str | None:
    """The `sub` of an account at the OpenID Connect provider; empty = none.

    Raises:
        RefusedError: not what a provider may give.
    """
    if subject and not SUBJECT.fullmatch(subject):
        raise RefusedError("a subject has up to 255 printable ASCII characters")
    return subject or None


def _one_line(text: str, longest: int) -> str:
    plain = unicodedata.normalize("NFC", text[: 4 * longest]).strip()
    if len(plain) > longest:
        raise RefusedError(f"at most {longest} characters")
    if any(unicodedata.category(letter)[0] == "C" or letter in "\u2028\u2029" for letter in plain):
        raise RefusedError("one line of visible characters")
    return plain


def _one_of(value: str, allowed: tuple[T, ...], what: str) -> T:
    for one in allowed:
        if one == value:
            return one
    raise RefusedError(f"{what}: one of {', '.join(allowed)}")


def _number(what: str, value: Any, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise RefusedError(f"{what}: a number from {least} to {most}")
    return value
