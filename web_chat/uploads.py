"""Photos and papers that customers send, and every file of their conversation for them to fetch."""

import asyncio
import uuid
from urllib.parse import quote, unquote

import msgspec
from aiohttp import web

from frontline.errors import NotFoundError, RefusedError
from frontline.limits import Doors, RateLimit
from frontline.turns import FileRef
from handoff.conversations import Conversations
from handoff.files import MOST_BYTES, Files, TooBigError
from handoff.switchboard import Switchboard
from web_chat.visitors import address, allow_origin, bearer, preflight

UPLOAD_TIMEOUT_S = 120
"""A photo of full size over a slow line, 350 kbit/s."""
AT_ONCE = 5
"""Uploads under way from one address."""
PER_MINUTE = 20
"""Uploads of one conversation."""
PER_ADDRESS_AND_HOUR = 200
FETCHES_PER_MINUTE = 120
SAID = {
    "pl": {"image": "[zdjęcie: {name}]", "file": "[plik: {name}]"},
    "en": {"image": "[photo: {name}]", "file": "[file: {name}]"},
}


class TooSlowError(RefusedError):
    """The body has not come in time."""

    code = "too_slow"
    retryable = True


class BrokenUploadError(RefusedError):
    """The body ended before its end."""

    code = "broken_upload"
    retryable = True


class NoSuchFileError(NotFoundError):
    """This conversation has no such file."""

    code = "no_such_file"


class Uploads:
    """Serves `/chat/files`; see docs/protocol.md."""

    def __init__(
        self, conversations: Conversations, files: Files, switchboard: Switchboard
    ) -> None:
        self._conversations = conversations
        self._files = files
        self._switchboard = switchboard
        self._doors = Doors(AT_ONCE)
        self._of_conversation = RateLimit(PER_MINUTE, 60)
        self._of_address = RateLimit(PER_ADDRESS_AND_HOUR, 3600)
        self._fetches = RateLimit(FETCHES_PER_MINUTE, 60)

    async def take(self, request: web.Request) -> web.Response:
        """`POST /chat/files`: store the body and say it in the conversation."""
        headers = allow_origin(request)
        conversation_id = bearer(request)
        client_id = request.headers.get("X-Client-Id") or str(uuid.uuid4())
        if len(client_id) > 64:
            raise RefusedError("X-Client-Id has 1 to 64 characters")
        conversation = await self._conversations.get(conversation_id)
        who = address(request)
        self._of_conversation.take(conversation_id)
        self._of_address.take(who)
        self._doors.enter(who)
        try:
            content = await _read(request)
        finally:
            self._doors.leave(who)
        name = unquote(request.headers.get("X-File-Name", ""), errors="replace")
        file = await self._files.take(conversation_id, name, content)
        said = await self._switchboard.say(
            conversation_id,
            client_id,
            _words(file, conversation.language),
            f"/inform{msgspec.json.encode({'photo': file.id}).decode()}",
            files=[file],
        )
        answer = {"seq": said.turn.seq, "file": msgspec.to_builtins(file)}
        return web.json_response(answer, status=201, headers=headers)

    async def give(self, request: web.Request) -> web.Response:
        """`GET /chat/files/{id}`: a file of the token's own conversation, to be saved."""
        headers = allow_origin(request)
        conversation_id = bearer(request)
        self._fetches.take(conversation_id)
        try:
            file = await self._files.load(request.match_info["id"], conversation_id)
        except NotFoundError:
            raise NoSuchFileError("no such file") from None
        return web.Response(
            body=file.content,
            headers={
                **headers,
                "Content-Type": file.ref.kind,
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.ref.name)}",
                "Content-Security-Policy": "default-src 'none'; sandbox",
                "Cache-Control": "private, no-store",
            },
        )


async def files_preflight(request: web.Request) -> web.Response:
    """`OPTIONS /chat/files` and below."""
    return preflight(request, "authorization, content-type, x-client-id, x-file-name")


async def _read(request: web.Request) -> bytes:
    """The body, as long as it keeps to size and time.

    Raises:
        TooBigError, TooSlowError, BrokenUploadError: it does not.
    """
    if (request.content_length or 0) > MOST_BYTES:
        raise TooBigError(f"a file has at most {MOST_BYTES} bytes")
    content = bytearray()
    try:
        async with asyncio.timeout(UPLOAD_TIMEOUT_S):
            async for chunk in request.content.iter_any():
                content += chunk
                if len(content) > MOST_BYTES:
                    raise TooBigError(f"a file has at most {MOST_BYTES} bytes")
    except TimeoutError:
        raise TooSlowError("the file did not come in time") from None
    except (web.HTTPException, ConnectionError, OSError) as error:
        raise BrokenUploadError(str(error)) from None
    return bytes(content)


def _words(file: FileRef, language: str) -> str:
    """What the customer said by sending it, for the transcript and for who reads text only."""
    kind = "image" if file.kind.startswith("image/") else "file"
    return SAID["en" if language == "en" else "pl"][kind].format(name=file.name)
