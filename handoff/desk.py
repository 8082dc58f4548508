"""One socket of the desk, from hello to good-bye."""

from typing import Annotated, Any

import msgspec
import structlog
from aiohttp import WSMsgType, web

from frontline.errors import FrontlineError, NotFoundError, RefusedError, UnavailableError
from frontline.limits import RateLimit
from frontline.turns import Author
from handoff import access, agents
from handoff.api_moves import Message, visible_text
from handoff.app_parts import Parts
from handoff.case import WITH_AGENT
from handoff.desk_hub import DeskHub, Tab, frame
from handoff.login import LoggedOutError, Login, Session
from handoff.moves import Actor, MissedError
from handoff.views import desk_turn

log = structlog.get_logger()

MAX_FRAME = 64 * 1024
CLOSE_SESSION_OVER = 4401
CLOSE_POLICY = 1008
HELLO_TIMEOUT_S = 10
MOST_BAD_FRAMES = 10
MOST_CASES = 200
FRAMES_PER_10S = 200
"""From all tabs of one agent."""


class BadFrameError(RefusedError):
    """A frame that is not JSON text of a known type."""

    code = "bad_frame"


class Envelope(msgspec.Struct, frozen=True):
    """Every frame, both ways."""

    type: str
    data: dict[str, Any] = {}
    v: int = 1


class SocketMessage(Message, frozen=True, kw_only=True):
    """Words to the customer over the socket."""

    ref: Annotated[str, msgspec.Meta(max_length=64)]
    """Comes back with the answer."""
    case_id: Annotated[str, msgspec.Meta(max_length=26)]


_decoder = msgspec.json.Decoder(Envelope)


def read(data: Any) -> Envelope:
    """The frame in `data`.

    Raises:
        BadFrameError: not a frame.
    """
    try:
        return _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeError, TypeError) as error:
        raise BadFrameError(str(error)[:200]) from None


class DeskSocket:
    """Serves the sockets of agents who are logged in."""

    def __init__(self, parts: Parts, login: Login, hub: DeskHub) -> None:
        self._parts = parts
        self._login = login
        self._hub = hub
        self._frames = RateLimit(FRAMES_PER_10S, 10)

    async def serve(
        self, ws: web.WebSocketResponse, token: str | None, session: Session, language: str
    ) -> None:
        """Run until the browser or the server goes away.

        Args:
            ws: prepared.
            token: of the session; asked about again at every heartbeat.
            session: who it is.
            language: in which rows are summed up.
        """
        tab = Tab(ws, session.agent, language)
        if not await self._hello(ws, tab, session):
            return
        try:
            await self._serve(ws, tab, token)
        finally:
            self._hub.remove(tab)

    async def _hello(self, ws: web.WebSocketResponse, tab: Tab, session: Session) -> bool:
        try:
            hello = read(await ws.receive_str(timeout=HELLO_TIMEOUT_S))
            if hello.type != "hello":
                raise BadFrameError("the first frame is hello")
            session.check_csrf(str(hello.data.get("csrf", "")))
            await ws.send_str(frame("hello", agent=session.agent, csrf=session.csrf))
            await self._alive(session.agent.id, {})
            await self._hub.add(tab, _numbers(hello.data.get("seen")))
        except TimeoutError:
            await ws.close(code=CLOSE_POLICY, message=b"no hello")
        except UnavailableError:
            await ws.close(code=1013)
        except (FrontlineError, TypeError) as error:
            code = getattr(error, "code", "bad_frame")
            await ws.send_str(frame("error", code=code, message=str(error), ref=None))
            await ws.close(code=CLOSE_POLICY)
        else:
            return True
        self._hub.remove(tab)
        return False

    async def _serve(self, ws: web.WebSocketResponse, tab: Tab, token: str | None) -> None:
        bad = 0
        async for message in ws:
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                break
            try:
                self._frames.take(tab.agent.id)
                await self._act(tab, read(message.data), token)
            except LoggedOutError:
                await ws.close(code=CLOSE_SESSION_OVER)
            except BadFrameError as error:
                bad += 1
                await tab.send(_error(error, None))
                if bad >= MOST_BAD_FRAMES:
                    await ws.close(code=CLOSE_POLICY, message=b"too many bad frames")
            except FrontlineError as error:
                await tab.send(_error(error, None))
            except Exception:
                log.exception("desk.socket_failed", agent_id=tab.agent.id)
                await tab.send(frame("error", code="internal", message="it failed", ref=None))

    async def _act(self, tab: Tab, heard: Envelope, token: str | None) -> None:
        match heard.type:
            case "ping":
                await tab.send(frame("pong"))
            case "heartbeat":
                tab.agent = (await self._login.session(token, touch=False)).agent
                held = _numbers(heard.data.get("cases"))
                for case_id in await self._alive(tab.agent.id, held):
                    await self._say_lost(tab, case_id)
            case "typing":
                case = await self._parts.cases.find(str(heard.data.get("case_id")))
                if case.agent_id == tab.agent.id:
                    on = bool(heard.data.get("on"))
                    await self._parts.bell.ring(case.conversation_id, typing=Author.AGENT, on=on)
            case "watch":
                session = await self._login.session(token)
                session.require(*access.SEE_ALL)
                wanted = str(heard.data.get("case_id"))
                async with self._parts.database.read() as connection:
                    case = await access.seen(connection, session.agent, wanted, self._parts.routing)
                await self._hub.follow(tab, case)
            case "message":
                await self._message(tab, heard.data, token)
            case _:
                raise BadFrameError(f"there is no frame {heard.type[:40]!r}")

    async def _message(self, tab: Tab, data: dict[str, Any], token: str | None) -> None:
        """Say something to the customer; what is refused is told with the sender's `ref`."""
        try:
            message = msgspec.convert(data, SocketMessage)
            text = visible_text(message.text)
        except msgspec.ValidationError as error:
            raise BadFrameError(str(error)[:200]) from None
        agent = (await self._login.session(token)).agent
        try:
            turn = await self._parts.handling.says(
                message.case_id, Actor(agent.id, agent.name), message.fence, text,
                message.client_id, message.last_seen_seq,
            )  # fmt: skip
        except MissedError as error:
            missed = [desk_turn(turn) for turn in error.missed]
            await tab.send(_error(error, message.ref, missed=missed))
        except FrontlineError as error:
            await tab.send(_error(error, message.ref))
        else:
            await tab.send(frame("sent", ref=message.ref, turn=desk_turn(turn)))

    async def _alive(self, agent_id: str, held: dict[str, int]) -> set[str]:
        """The agent is there: in SQL for who is available, in Redis for the leases.

        Returns:
            Cases that Redis does not know as this agent's; SQL is to be asked.
        """
        parts = self._parts
        async with parts.database.write() as connection:
            await agents.touch(connection, agent_id, parts.clock.now())
        try:
            return await parts.queue.heartbeat(agent_id, held) if held else set()
        except UnavailableError:
            return set()  # without Redis the sign of life in SQL keeps the cases

    async def _say_lost(self, tab: Tab, case_id: str) -> None:
        try:
            case = await self._parts.cases.find(case_id)
        except NotFoundError:
            return
        if case.agent_id == tab.agent.id and case.state in WITH_AGENT:
            await self._parts.relay.put(case)  # Redis was wiped
        else:
            await tab.send(frame("case.lost", case_id=case_id, why=case.state))


def _error(error: FrontlineError, ref: str | None, **more: Any) -> str:
    return frame("error", code=error.code, message=str(error), ref=ref, **more)


def _numbers(value: Any) -> dict[str, int]:
    """A mapping of ids to numbers.

    Raises:
        BadFrameError: it is something else.
    """
    given = {} if value is None else value
    if not isinstance(given, dict) or len(given) > MOST_CASES:
        raise BadFrameError("a mapping of case ids to numbers is wanted")
    if not all(isinstance(number, int) for number in given.values()):
        raise BadFrameError("a mapping of case ids to numbers is wanted")
    return given
