"""From the chat to the phone line and back: a code to call with, and a code from a call."""

from typing import Annotated

import msgspec
from aiohttp import web

from frontline.errors import NotFoundError, RefusedError
from frontline.limits import RateLimit
from handoff.app_parts import Parts
from handoff.switching import Switching
from web_chat.visitors import SESSIONS, SETTINGS, address, allow_origin, bearer, preflight

PARTS = web.AppKey("parts", Parts)
TRIES_PER_MINUTE = 10
"""Codes asked for or typed, of one address; a person types slower."""


class NoPhoneError(NotFoundError):
    """There is no phone line here."""

    code = "no_phone"


class Typed(msgspec.Struct, frozen=True):
    """A code from a call."""

    code: Annotated[str, msgspec.Meta(max_length=20)]


class Phone:
    """Serves `/chat/phone`; see docs/protocol.md."""

    def __init__(self, switching: Switching) -> None:
        self._switching = switching
        self._of_address = RateLimit(TRIES_PER_MINUTE, 60)

    def add_to(self, app: web.Application) -> None:
        """Serve the addresses."""
        app.router.add_get("/chat/phone", self.number, allow_head=False)
        app.router.add_post("/chat/phone", self.give)
        app.router.add_post("/chat/phone/code", self.take)
        for path in ("/chat/phone", "/chat/phone/code"):
            app.router.add_options(path, _preflight)

    async def number(self, request: web.Request) -> web.Response:
        """`GET /chat/phone`: the number of the phone line, or null."""
        headers = allow_origin(request)
        number = request.app[SETTINGS].shown_phone_number
        return web.json_response({"number": number or None}, headers=headers)

    async def give(self, request: web.Request) -> web.Response:
        """`POST /chat/phone`: a code with which this conversation goes on by phone."""
        headers = allow_origin(request)
        conversation_id = bearer(request)
        number = request.app[SETTINGS].shown_phone_number
        if not number:
            raise NoPhoneError("there is no phone line")
        self._of_address.take(address(request))
        code = await self._switching.phone_code(conversation_id)
        answer = {
            "number": number,
            "code": code.digits,
            "expires_at": int(code.expires_at.timestamp()),
        }
        return web.json_response(answer, headers={**headers, "Cache-Control": "no-store"})

    async def take(self, request: web.Request) -> web.Response:
        """`POST /chat/phone/code`: the session of the call's conversation, for its code."""
        headers = allow_origin(request)
        conversation_id, who = bearer(request), address(request)
        self._of_address.take(who)
        try:
            typed = msgspec.json.decode(await request.read(), type=Typed)
        except msgspec.MsgspecError as error:
            raise RefusedError(str(error)[:200]) from None
        found = await self._switching.to_chat(typed.code, conversation_id, who)
        sessions = request.app[SESSIONS]
        now = request.app[PARTS].clock.now().timestamp()
        answer = {
            "token": sessions.issue(found),
            "conversation": found,
            "expires_at": int(now + sessions.seconds),
        }
        return web.json_response(answer, headers={**headers, "Cache-Control": "no-store"})


async def _preflight(request: web.Request) -> web.Response:
    return preflight(request, "authorization, content-type")
