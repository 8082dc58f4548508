"""Every error that a caller may want to tell apart.

FrontlineError
├── UnavailableError      a service or store cannot be reached now; the same call may work later
├── NotFoundError         the conversation, case or order does not exist
├── ConflictError         it exists, but not in a state that allows this
├── RefusedError          malformed, too large, too often, or not allowed
└── SettingsError         the installation is configured wrongly
"""

from typing import ClassVar


class FrontlineError(Exception):
    """Root of all errors raised on purpose; `code` is stable and goes to clients."""

    code: ClassVar[str] = "error"
    retryable: ClassVar[bool] = False


class UnavailableError(FrontlineError):
    """A service or store cannot be reached now."""

    code = "unavailable"
    retryable = True


class NotFoundError(FrontlineError):
    """There is no such thing."""

    code = "not_found"


class ConflictError(FrontlineError):
    """The thing exists, but its state does not allow this."""

    code = "conflict"


class RefusedError(FrontlineError):
    """The input is malformed, too large, too frequent or not allowed."""

    code = "refused"


class SettingsError(FrontlineError):
    """The installation is configured wrongly; the message says what to change."""

    code = "settings"
