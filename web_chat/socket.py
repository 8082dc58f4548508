"""One chat socket, from hello to good-bye."""

import structlog
from aiohttp import WSMsgType, web

from frontline.errors import FrontlineError, NotFoundError, RefusedError, UnavailableError
from frontline.limits import RateLimit
from frontline.turns import Author
from handoff.bell import Bell
from handoff.cases import Cases
from handoff.conversations import Conversations
from handoff.switchboard import Switchboard
from handoff.turn_store import Conversation
from web_chat.hub import Hub, Socket
from web_chat.messages import (
    MAX_TEXT,
    BadFrameError,
    Choose,
    FromCustomer,
    Hello,
    Human,
    Language,
    Ping,
    Rate,
    Say,
    TypingFrame,
    read_frame,
    write_frame,
)
from web_chat.sessions import BadTokenError, Sessions

log = structlog.get_logger()

CLOSE_SESSION_OVER = 4401
CLOSE_POLICY = 1008
HELLO_TIMEOUT_S = 10
MOST_BAD_FRAMES = 10


class ChatSocket:
    """Serves one customer's socket; see docs/protocol.md."""

    def __init__(
        self,
        *,
        sessions: Sessions,
        conversations: Conversations,
        switchboard: Switchboard,
        cases: Cases,
        hub: Hub,
        bell: Bell,
        messages: RateLimit,
    ) -> None:
        self._sessions = sessions
        self._conversations = conversations
        self._switchboard = switchboard
        self._cases = cases
        self._hub = hub
        self._bell = bell
        self._messages = messages

    async def serve(self, ws: web.WebSocketResponse) -> None:
        """Run until the browser or the server goes away."""
        socket = await self._hello(ws)
        if socket is None:
            return
        self._hub.add(socket)
        bad = 0
        try:
            await self._hub.catch_up(socket)
            async for message in ws:
                if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                    break
                if not await self._take(socket, message.type, message.data):
                    bad += 1
                    if bad >= MOST_BAD_FRAMES:
                        await ws.close(code=CLOSE_POLICY, message=b"too many bad frames")
        finally:
            self._hub.remove(socket)

    async def _hello(self, ws: web.WebSocketResponse) -> Socket | None:
        """The first frame must say who is there."""
        try:
            frame = read_frame(await ws.receive_str(timeout=HELLO_TIMEOUT_S))
            if not isinstance(frame, Hello):
                raise BadFrameError("the first frame is hello")
            conversation = await self._conversations.get(self._sessions.read(frame.token))
        except (BadTokenError, NotFoundError):
            await ws.send_str(_error("bad_token", "this session is over", None, False))
            await ws.close(code=CLOSE_SESSION_OVER)
        except UnavailableError as error:
            await ws.send_str(_error(error.code, str(error), None, True))
            await ws.close(code=1013)
        except (BadFrameError, TypeError) as error:
            await ws.send_str(_error("bad_frame", str(error), None, False))
            await ws.close(code=CLOSE_POLICY)
        except TimeoutError:
            await ws.close(code=CLOSE_POLICY, message=b"no hello")
        else:
            seen = min(max(frame.after_seq, 0), conversation.last_seq)
            await ws.send_str(_welcome(conversation))
            return Socket(ws, conversation, seen)
        return None

    async def _take(self, socket: Socket, kind: WSMsgType, data: str) -> bool:
        """Handle one frame; False when it was not understood."""
        client_id: str | None = None
        try:
            if kind == WSMsgType.BINARY:
                raise BadFrameError("frames are text")
            frame = read_frame(data)
            client_id = getattr(frame, "client_id", None)
            await self._act(socket, frame)
        except BadFrameError as error:
            await socket.send(_error(error.code, str(error), client_id, False))
            return False
        except FrontlineError as error:
            await socket.send(_error(error.code, str(error), client_id, error.retryable))
        except Exception:
            log.exception("socket.failed", conversation_id=socket.conversation_id)
            await socket.send(_error("internal", "something went wrong", client_id, True))
        return True

    async def _act(self, socket: Socket, frame: FromCustomer) -> None:
        conversation_id = socket.conversation_id
        match frame:
            case Ping():
                await socket.send(write_frame("pong"))
            case TypingFrame():
                await self._bell.ring(conversation_id, typing=Author.CUSTOMER, on=frame.on)
            case Language():
                await self._conversations.choose_language(conversation_id, frame.language)
            case Rate():
                await self._rate(socket, frame)
            case Say() | Choose() | Human():
                await self._message(socket, frame)
            case Hello():
                raise BadFrameError("hello comes once")

    async def _message(self, socket: Socket, frame: Say | Choose | Human) -> None:
        self._messages.take(socket.conversation_id)
        conversation_id, client_id = socket.conversation_id, frame.client_id
        if isinstance(frame, Say):
            text = _clean(frame.text)
            said = await self._switchboard.say(conversation_id, client_id, text)
        elif isinstance(frame, Choose):
            button = await self._conversations.offered_button(
                conversation_id, frame.seq, frame.payload
            )
            if button is None:
                raise NotOfferedError("this answer was not offered")
            said = await self._switchboard.say(
                conversation_id, client_id, button.title, button.payload
            )
        else:
            said = await self._switchboard.ask_for_human(conversation_id, client_id)
        await socket.send(write_frame("ack", client_id=client_id, seq=said.turn.seq))

    async def _rate(self, socket: Socket, frame: Rate) -> None:
        self._messages.take(socket.conversation_id)
        comment = _visible(frame.comment)
        await self._cases.rate(socket.conversation_id, frame.case, frame.score, comment)
        await self._hub.tell(socket.conversation_id, write_frame("rated", case=frame.case))


class NotOfferedError(RefusedError):
    """A button that was never shown."""

    code = "not_offered"


class EmptyTextError(RefusedError):
    """A message without any visible character."""

    code = "empty_text"


class TextTooLongError(RefusedError):
    """A message over the limit."""

    code = "text_too_long"


def _clean(text: str) -> str:
    """The customer's text without control characters, which mean nothing in a message.

    Raises:
        EmptyTextError, TextTooLongError: see there.
    """
    if len(text) > MAX_TEXT:
        raise TextTooLongError(f"a message has at most {MAX_TEXT} characters")
    visible = _visible(text)
    if not visible:
        raise EmptyTextError("the message is empty")
    return visible


def _visible(text: str) -> str:
    return "".join(c for c in text if c.isprintable() or c in "\n\t\u200d").strip()


def _welcome(conversation: Conversation) -> str:
    return write_frame(
        "welcome",
        conversation=conversation.id,
        language=conversation.language,
        controller=conversation.controller,
        last_seq=conversation.last_seq,
        limits={"text": MAX_TEXT},
    )


def _error(code: str, message: str, client_id: str | None, retryable: bool) -> str:
    return write_frame(
        "error", code=code, message=message, client_id=client_id, retryable=retryable
    )
