"""Who is asking over HTTP: from which page, from which address, with whose token."""

from aiohttp import web

from frontline.errors import RefusedError
from frontline.ids import ConversationId
from frontline.limits import address_of
from frontline.settings import Settings
from web_chat.sessions import BadTokenError, Sessions

SETTINGS = web.AppKey("settings", Settings)
SESSIONS = web.AppKey("sessions", Sessions)


class BadOriginError(RefusedError):
    """The page is not on the list of those that may embed the chat."""

    code = "bad_origin"


def allow_origin(request: web.Request) -> dict[str, str]:
    """The answer's CORS headers (Fetch standard); browsers always send Origin here.

    Raises:
        BadOriginError: a page elsewhere. A client that is no browser sends none and is let in:
            it holds a token of its own or gets nothing of anybody else's.
    """
    origin = request.headers.get("Origin")
    if origin is None:
        return {}
    if origin.rstrip("/") not in request.app[SETTINGS].origins:
        raise BadOriginError("this page may not embed the chat")
    return shared_with(origin)


def shared_with(origin: str) -> dict[str, str]:
    """Headers that let a page of this origin read the answer."""
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": "Retry-After",
        "Vary": "Origin",
    }


def preflight(request: web.Request, allowed_headers: str) -> web.Response:
    """The answer to the browser's question whether a page may ask at all."""
    headers = {
        **allow_origin(request),
        "Access-Control-Allow-Headers": allowed_headers,
        "Access-Control-Max-Age": "600",
    }
    return web.Response(status=204, headers=headers)


def address(request: web.Request) -> str:
    """The customer's address: what the last trusted proxy says, else the peer's."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return address_of(request.remote, forwarded, request.app[SETTINGS].trusted_proxies)


def bearer(request: web.Request) -> ConversationId:
    """The conversation whose token came in the Authorization header (RFC 6750, 2.1).

    Raises:
        BadTokenError: none came, or it is forged, damaged or expired.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise BadTokenError("no token")
    return request.app[SESSIONS].read(token.strip())
