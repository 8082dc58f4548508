"""What the dialogue asks of the handoff: to open a case, and who is calling."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol


class OpenedCase(Protocol):
    """A case in the queue."""

    @property
    def number(self) -> str:
        """Like `R-2026-000123`."""
        ...

    @property
    def legal(self) -> Mapping[str, Any] | None:
        """The statutory clock, where the kind has one: `due` is an ISO date."""
        ...


class CaseDesk(Protocol):
    """Opens cases, and knows who calls; `handoff.cases.Cases` is one."""

    async def open(
        self,
        conversation_id: str,
        *,
        reason: str,
        detail: str = "",
        kind: str = "question",
        context: Mapping[str, Any] | None = None,
        waits: bool = True,
        due_at: datetime | None = None,
        callback: Mapping[str, str] | None = None,
        receipt: Mapping[str, Any] | None = None,
    ) -> OpenedCase:
        """Open a case.

        Args:
            conversation_id: whose case.
            reason: a value of `handoff.case.Reason`.
            detail: one line for the agent.
            kind: a value of `handoff.case.Kind`.
            context: what is known.
            waits: the customer waits for an agent in the conversation and is told so, once per
                conversation; otherwise the bot goes on and tells the case's number itself.
            due_at: when it should be answered; None = as soon as usual.
            callback: `phone`, and `from` and `to` as ISO moments: an agent calls then.
            receipt: `title` and `rows` of a confirmation that the customer is given.

        Raises:
            NotFoundError: there is no such conversation.
            UnavailableError: the record cannot be written now.
        """
        ...

    async def caller(self, conversation_id: str) -> str | None:
        """The number from which the customer is calling now; None = not on the phone, or not told.

        Raises:
            UnavailableError: the record cannot be read now.
        """
        ...
