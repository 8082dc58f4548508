"""The action server: Rasa's webhook around rasa_sdk's executor.

`POST /webhook` runs an action and answers `{"events", "responses"}`. 400 with `action_name` and
`error` = the action declined; 404 = no such action; 413 = the tracker is too large; 500 = it
failed. `GET /health` names the actions.
"""

from collections.abc import AsyncIterator

import msgspec
import structlog
from aiohttp import web
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from actions.base import TurnAction
from actions.escalate_port import CaseDesk
from actions.identity import Identity
from actions.registry import action_names
from actions.shop.port import Shop
from actions.talk import Services
from frontline.clock import Clock
from frontline.settings import Settings

log = structlog.get_logger()

MAX_BODY_BYTES = 8 * 1024 * 1024
"""A tracker of about a thousand turns."""

EXECUTOR = web.AppKey("executor", ActionExecutor)


class ActionCall(msgspec.Struct):
    """What Rasa sends; its domain is left out (`enable_selective_domain`)."""

    next_action: str
    tracker: dict[str, object]


def make_app(
    settings: Settings, shop: Shop, identity: Identity, cases: CaseDesk, clock: Clock
) -> web.Application:
    """The action server on the given parts.

    Args:
        settings: whether this is a demo is told by `/health`.
        shop: closed at the end.
        identity: proofs of whose an order is.
        cases: where cases are opened.
        clock: what today is.
    """
    executor = ActionExecutor()
    services = Services(shop, identity, cases, clock)
    for name in action_names():
        executor.register_action(TurnAction(name, services))
    app = web.Application(client_max_size=MAX_BODY_BYTES)
    app[EXECUTOR] = executor

    async def health(_request: web.Request) -> web.Response:
        return _json({"status": "ok", "demo": settings.demo, "actions": sorted(executor.actions)})

    async def life(_app: web.Application) -> AsyncIterator[None]:
        yield
        await shop.close()

    app.cleanup_ctx.append(life)
    app.router.add_post("/webhook", webhook)
    app.router.add_get("/health", health)
    return app


async def webhook(request: web.Request) -> web.Response:
    """Run one action."""
    try:
        call = msgspec.json.decode(await request.read(), type=ActionCall)
    except msgspec.MsgspecError as error:
        return _error("", f"malformed call: {error}", status=422)
    try:
        result = await request.app[EXECUTOR].run(
            {"next_action": call.next_action, "tracker": call.tracker, "domain": {}}
        )
    except ActionExecutionRejection as refusal:
        return _error(refusal.action_name, refusal.message, status=400)
    except ActionNotFoundException as error:
        return _error(call.next_action, error.message, status=404)
    except Exception as error:  # the root of a turn: Rasa gets an answer, the log the reason
        log.exception("action.failed", action=call.next_action)
        return _error(call.next_action, type(error).__name__, status=500)
    if result is None:
        return _error(call.next_action, "no action named", status=422)
    return _json({"events": result.events, "responses": result.responses})


def _error(action: str, error: str, status: int) -> web.Response:
    return _json({"action_name": action, "error": error}, status=status)


def _json(value: object, status: int = 200) -> web.Response:
    body = msgspec.json.encode(value)
    return web.Response(body=body, status=status, content_type="application/json")
