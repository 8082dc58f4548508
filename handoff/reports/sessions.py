"""Talks with the bot: a customer's turns without a long pause, and what came of them.

A browser keeps its conversation for as long as its tab, so one conversation may be many sessions;
the next one of the same conversation is the only return of a customer that can be seen for sure.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import msgspec

FALLBACK = "nlu_fallback"
GAP = timedelta(minutes=30)
"""After such a pause the customer's next words are a new session."""


class Asked(msgspec.Struct, frozen=True):
    """A customer's turn that the bot was to answer."""

    conversation_id: str
    channel: str
    """`chat` or `voice`."""
    at: datetime
    intent: str | None
    """None = the bot could not be reached."""

    @property
    def failed(self) -> bool:
        """The bot did not understand it, or did not answer."""
        return self.intent is None or self.intent == FALLBACK


class Handoff(msgspec.Struct, frozen=True):
    """A case that was opened for a conversation."""

    case_id: str
    at: datetime
    reason: str


class Session(msgspec.Struct, frozen=True):
    """One talk with the bot."""

    conversation_id: str
    channel: str
    since: datetime
    last: datetime
    """The customer's last words."""
    asked: tuple[Asked, ...]
    handoffs: tuple[Handoff, ...]
    back_at: datetime | None
    """When the same customer's next session began."""

    @property
    def gave_up(self) -> bool:
        """It ended in words that the bot did not understand, with nobody to take over."""
        return not self.handoffs and self.asked[-1].failed

    def came_back(self, within: timedelta) -> bool:
        """Whether the customer came back so soon."""
        return self.back_at is not None and self.back_at - self.last <= within

    def contained(self, within: timedelta) -> bool:
        """No person was needed: no case, understood at the end, and no return."""
        return not (self.handoffs or self.gave_up or self.came_back(within))

    def concerns(self, small_talk: Collection[str]) -> bool:
        """Whether something was asked for that agents deal with as well."""
        return any(turn.intent and turn.intent not in small_talk for turn in self.asked)


def sessions(
    turns: Iterable[Asked], handoffs: Mapping[str, Sequence[Handoff]], gap: timedelta = GAP
) -> Iterator[Session]:
    """Divide turns into sessions.

    Args:
        turns: whole conversations, one after the other, each in order.
        handoffs: each conversation's cases.
        gap: the pause that divides.
    """
    for turns_of_one in _conversations(turns):
        yield from _of_one(turns_of_one, handoffs.get(turns_of_one[0].conversation_id, ()), gap)


def _conversations(turns: Iterable[Asked]) -> Iterator[list[Asked]]:
    gathered: list[Asked] = []
    for turn in turns:
        if gathered and turn.conversation_id != gathered[0].conversation_id:
            yield gathered
            gathered = []
        gathered.append(turn)
    if gathered:
        yield gathered


def _of_one(
    turns: Sequence[Asked], handoffs: Sequence[Handoff], gap: timedelta
) -> Iterator[Session]:
    cuts = [n for n in range(1, len(turns)) if turns[n].at - turns[n - 1].at > gap]
    bounds = [0, *cuts, len(turns)]
    for first, end in pairwise(bounds):
        part = tuple(turns[first:end])
        back_at = turns[end].at if end < len(turns) else None
        own = tuple(
            handoff
            for handoff in handoffs
            if (first == 0 or handoff.at >= part[0].at)
            and (back_at is None or handoff.at < back_at)
        )
        yield Session(
            part[0].conversation_id, part[0].channel, part[0].at, part[-1].at, part, own, back_at
        )
