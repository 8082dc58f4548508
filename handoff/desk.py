"""One socket of the desk, from hello to good-bye."""

from typing import Any

import msgspec
import structlog
from aiohttp import WSMsgType, web

from frontline.errors import FrontlineError, NotFoundError, RefusedError, UnavailableError
from frontline.turns import Author
from handoff import access, agents
from handoff.case import WITH_AGENT
from handoff.desk_hub import Tab, frame
from handoff.endpoints import COOKIE, DESK, Desk, check_origin, language_of
from handoff.login import LoggedOutError, Session

log = structlog.get_logger()

MAX_FRAME = 64 * 1024
CLOSE_SESSION_OVER = 4401
CLOSE_POLICY = 1008
HELLO_TIMEOUT_S = 10
MOST_BAD_FRAMES = 10
MOST_CASES = 200


class BadFrameError(RefusedError):
    """A frame that is not JSON text of a known type."""

    code = "bad_frame"


class Envelope(msgspec.Struct, frozen=True):
    """Every frame, both ways."""

    type: str
    data: dict[str, Any] = {}
    v: int = 1


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


async def socket(request: web.Request) -> web.StreamResponse:
    """`GET /api/v1/socket`: the cookie says who it is, the hello frame that it is our page."""
    desk = request.app[DESK]
    check_origin(request, desk.settings.desk_origins)
    token = request.cookies.get(COOKIE)
    session = await desk.login.session(token, touch=False)
    ws = web.WebSocketResponse(max_msg_size=MAX_FRAME, heartbeat=30, compress=False)
    await ws.prepare(request)
    tab = Tab(ws, session.agent, language_of(request))
    if await _hello(desk, ws, tab, session):
        try:
            await _serve(desk, ws, tab, token)
        finally:
            desk.hub.remove(tab)
    return ws


async def _hello(desk: Desk, ws: web.WebSocketResponse, tab: Tab, session: Session) -> bool:
    try:
        hello = read(await ws.receive_str(timeout=HELLO_TIMEOUT_S))
        if hello.type != "hello":
            raise BadFrameError("the first frame is hello")
        session.check_csrf(str(hello.data.get("csrf", "")))
        await ws.send_str(frame("hello", agent=session.agent, csrf=session.csrf))
        await _alive(desk, session.agent.id, {})
        await desk.hub.add(tab, _numbers(hello.data.get("seen")))
    except TimeoutError:
        await ws.close(code=CLOSE_POLICY, message=b"no hello")
    except UnavailableError:
        await ws.close(code=1013)
    except (FrontlineError, TypeError) as error:
        await ws.send_str(frame("error", code=getattr(error, "code", "bad_frame"),
                                message=str(error), ref=None))  # fmt: skip
        await ws.close(code=CLOSE_POLICY)
    else:
        return True
    desk.hub.remove(tab)
    return False


async def _serve(desk: Desk, ws: web.WebSocketResponse, tab: Tab, token: str | None) -> None:
    bad = 0
    async for message in ws:
        if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
            break
        ref = None
        try:
            heard = read(message.data)
            ref = heard.data.get("ref")
            await _act(desk, tab, heard, token)
        except LoggedOutError:
            await ws.close(code=CLOSE_SESSION_OVER)
        except BadFrameError as error:
            bad += 1
            await tab.send(frame("error", code=error.code, message=str(error), ref=ref))
            if bad >= MOST_BAD_FRAMES:
                await ws.close(code=CLOSE_POLICY, message=b"too many bad frames")
        except FrontlineError as error:
            await tab.send(frame("error", code=error.code, message=str(error), ref=ref))
        except Exception:
            log.exception("desk.socket_failed", agent_id=tab.agent.id)
            await tab.send(frame("error", code="internal", message="something went wrong", ref=ref))


async def _act(desk: Desk, tab: Tab, heard: Envelope, token: str | None) -> None:
    match heard.type:
        case "ping":
            await tab.send(frame("pong"))
        case "heartbeat":
            await desk.login.session(token, touch=False)
            held = _numbers(heard.data.get("cases"))
            for case_id in await _alive(desk, tab.agent.id, held):
                await _say_lost(desk, tab, case_id)
        case "typing":
            case = await desk.parts.cases.find(str(heard.data.get("case_id")))
            if case.agent_id == tab.agent.id:
                on = bool(heard.data.get("on"))
                await desk.parts.bell.ring(case.conversation_id, typing=Author.AGENT, on=on)
        case "watch":
            session = await desk.login.session(token)
            async with desk.parts.database.read() as connection:
                case = await access.seen(
                    connection, session.agent, str(heard.data.get("case_id")), desk.parts.routing
                )
            await desk.hub.follow(tab, case)
        case _:
            raise BadFrameError(f"there is no frame {heard.type[:40]!r}")


async def _alive(desk: Desk, agent_id: str, held: dict[str, int]) -> set[str]:
    """The agent is there: in SQL for who is available, in Redis for the leases.

    Returns:
        Cases that Redis does not know as this agent's; SQL is to be asked.
    """
    parts = desk.parts
    async with parts.database.write() as connection:
        await agents.touch(connection, agent_id, parts.clock.now())
    try:
        return await parts.queue.heartbeat(agent_id, held) if held else set()
    except UnavailableError:
        return set()  # without Redis the sign of life in SQL keeps the cases


async def _say_lost(desk: Desk, tab: Tab, case_id: str) -> None:
    try:
        case = await desk.parts.cases.find(case_id)
    except NotFoundError:
        return
    if case.agent_id == tab.agent.id and case.state in WITH_AGENT:
        await desk.parts.relay.put(case)  # Redis was wiped
    else:
        await tab.send(frame("case.lost", case_id=case_id, why=case.state))


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
