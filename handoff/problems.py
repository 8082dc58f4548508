"""Errors as the desk's API tells them: problem documents (RFC 9457) with a stable code."""

from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from frontline.errors import (
    ConflictError,
    FrontlineError,
    NotFoundError,
    RefusedError,
    UnavailableError,
)
from frontline.limits import TooManyError
from handoff.moves import MissedError
from handoff.views import desk_turn

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
STATUS = {
    "bad_login": 401,
    "logged_out": 401,
    "oidc_refused": 401,
    "bad_csrf": 403,
    "bad_origin": 403,
    "forbidden": 403,
    "not_json": 415,
    "too_large": 413,
    "idempotency_mismatch": 422,
    "precondition_required": 428,
    "too_many": 429,
    "internal": 500,
}
"""Of codes whose kind of error does not say it already."""
KINDS = ((NotFoundError, 404), (ConflictError, 409), (UnavailableError, 503))
RETRY_AFTER_S = 2


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """What every error is told as."""

    title: str
    status: int
    detail: str
    code: str
    """Stable; the text is for people and may change."""
    type: str = "about:blank"
    missed: list[Any] | None = None
    """With `missed`: the turns that the agent has not seen."""
    cases: list[str] | None = None
    """With `holds_cases`: the numbers of the cases."""
    oidc: bool = False
    """With 401: agents may log in with the company's account."""


class TooLargeError(RefusedError):
    """The request has more bytes than any may have."""

    code = "too_large"


class InternalError(FrontlineError):
    """A mistake of ours; the log has it."""

    code = "internal"


class MethodError(RefusedError):
    """The address exists, but not for this method."""

    code = "bad_method"


class HoldsCasesError(ConflictError):
    """The agent holds cases, which would go back to the queue."""

    code = "holds_cases"

    def __init__(self, numbers: list[str]) -> None:
        super().__init__(f"you hold {len(numbers)} cases; they go back to the queue if you insist")
        self.numbers = numbers


def status_of(error: FrontlineError, request: web.Request) -> int:
    """The HTTP status of an error."""
    if error.code == "changed" and "If-Match" in request.headers:
        return 412
    if error.code == "bad_method":
        return 405
    known = STATUS.get(error.code)
    return known or next((status for kind, status in KINDS if isinstance(error, kind)), 400)


def problem(error: FrontlineError, request: web.Request, *, oidc: bool = False) -> web.Response:
    """The error as an answer."""
    status = status_of(error, request)
    body = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=str(error),
        code=error.code,
        missed=[desk_turn(t) for t in error.missed] if isinstance(error, MissedError) else None,
        cases=error.numbers if isinstance(error, HoldsCasesError) else None,
        oidc=oidc and status == 401,
    )
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, TooManyError):
        headers["Retry-After"] = str(max(1, round(error.retry_after_s)))
    elif isinstance(error, UnavailableError):
        headers["Retry-After"] = str(RETRY_AFTER_S)
    return web.Response(
        body=msgspec.json.encode({"type": body.type, **msgspec.to_builtins(body)}),
        status=status,
        headers=headers,
        content_type=MEDIA_TYPE,
    )


def as_ours(error: web.HTTPException) -> FrontlineError:
    """An error of aiohttp as one of ours."""
    if error.status == 413:
        return TooLargeError("the request is too large")
    if error.status == 405:
        return MethodError("not with this method")
    if error.status == 404:
        return NotFoundError("there is nothing here")
    return RefusedError(error.reason)


def tells_problems(*, oidc: bool) -> Any:
    """A middleware: every failure is a problem document, and nothing of our inside is told."""

    @web.middleware
    async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except FrontlineError as error:
            return problem(error, request, oidc=oidc)
        except web.HTTPException as error:
            if error.status < 400 or not request.path.startswith("/api/"):
                raise
            return problem(as_ours(error), request)
        except Exception:
            log.exception("desk.failed", path=request.match_info.route.name)
            return problem(InternalError("something went wrong"), request)

    return errors
