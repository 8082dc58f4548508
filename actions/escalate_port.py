"""What the dialogue asks of the handoff: to open a case."""

from typing import Any, Protocol


class OpenedCase(Protocol):
    """A case in the queue."""

    @property
    def number(self) -> str:
        """Like `R-2026-000123`."""
        ...


class CaseDesk(Protocol):
    """Opens cases; `handoff.cases.Cases` is one."""

    async def open(
        self, conversation_id: str, *, reason: str, detail: str = "", context: dict[str, Any] | None
    ) -> OpenedCase:
        """Open a case and tell the customer what happens next. Idempotent per conversation.

        Raises:
            NotFoundError: there is no such conversation.
            UnavailableError: the record cannot be written now.
        """
        ...
