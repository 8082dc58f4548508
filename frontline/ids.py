"""Identifiers: ULIDs, so that ids made later sort later (https://github.com/ulid/spec)."""

from typing import NewType

from ulid import ULID

ConversationId = NewType("ConversationId", str)
TurnId = NewType("TurnId", str)
CaseId = NewType("CaseId", str)


def new_id() -> str:
    """A fresh ULID: 26 characters of Crockford base 32, ordered by time of creation."""
    return str(ULID())
