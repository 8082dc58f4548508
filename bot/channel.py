"""The door of the bot: the switchboard posts a turn and reads the replies as they come.

`POST /webhooks/frontline/webhook`, one JSON object in, lines of JSON out; described in
docs/protocol.md. Only the switchboard may reach it: the server listens on loopback.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.core.constants import DEFAULT_SLOT_NAMES
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

log = logging.getLogger(__name__)

MAX_BODY_BYTES = 64 * 1024
MAX_TEXT_CHARS = 4_000
"""The rest of a longer message is not read by the bot."""
MAX_ID_CHARS = 200
RANKING_LENGTH = 5
_PAYLOAD = re.compile(r"/([A-Za-z_][\w-]*)\s*(\{.*\})?\s*", re.DOTALL)


class BadTurnError(ValueError):
    """The posted turn is not of the agreed form; the message says why."""


@dataclass(frozen=True)
class Turn:
    """One message of a customer, as the switchboard posts it."""

    sender: str
    turn_id: str
    message: str
    channel: str
    language: str | None
    language_chosen: bool
    case: dict[str, Any] | None
    introduced: bool = False
    """The channel itself has said that this is an automatic assistant."""

    @classmethod
    def parse(cls, body: bytes) -> Turn:
        """Read a posted body.

        Raises:
            BadTurnError: it is too long, no JSON, or a field is missing or of the wrong kind.
        """
        if len(body) > MAX_BODY_BYTES:
            raise BadTurnError(f"longer than {MAX_BODY_BYTES} bytes")
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            raise BadTurnError("not JSON") from None
        if not isinstance(data, dict):
            raise BadTurnError("not a JSON object")
        channel, language = data.get("channel", "web"), data.get("language")
        if channel not in ("web", "voice"):
            raise BadTurnError("channel is web or voice")
        if language not in (None, "pl", "en"):
            raise BadTurnError("language is pl, en or null")
        case = data.get("case")
        if case is not None and not isinstance(case, dict):
            raise BadTurnError("case is an object or null")
        message = data.get("message")
        if not isinstance(message, str):
            raise BadTurnError("message is missing")
        return cls(
            sender=_identifier(data, "sender"),
            turn_id=_identifier(data, "turn_id"),
            message=unicodedata.normalize("NFC", message[:MAX_TEXT_CHARS]).strip(),
            channel=channel,
            language=language,
            language_chosen=data.get("language_chosen") is True,
            case=case,
            introduced=data.get("introduced") is True,
        )

    def metadata(self) -> dict[str, Any]:
        """What the components and actions are told about the turn."""
        return {
            "turn_id": self.turn_id,
            "language": self.language,
            "language_chosen": self.language_chosen,
            "case": self.case,
            "introduced": self.introduced,
        }


def _identifier(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= MAX_ID_CHARS:
        raise BadTurnError(f"{name} is a text of 1 to {MAX_ID_CHARS} characters")
    return value


def read_payload(turn: Turn) -> dict[str, Any] | None:
    """The parse of a button's payload, `/intent{"entity": "value"}`; None for typed text."""
    match = _PAYLOAD.fullmatch(turn.message)
    if match is None:
        return None
    name, values = match.groups()
    try:
        given = json.loads(values) if values else {}
    except ValueError:
        given = {}
    entities = [
        {"entity": kind, "value": value}
        for kind, one in (given.items() if isinstance(given, dict) else ())
        for value in (one if isinstance(one, list) else [one])
    ]
    if turn.language and not any(e["entity"] == "language" for e in entities):
        entities.append({"entity": "language", "value": turn.language})
    intent = {"name": name, "confidence": 1.0}
    return {
        "text": turn.message,
        "intent": intent,
        "intent_ranking": [dict(intent)],
        "entities": entities,
        "language": {"name": turn.language, "confidence": 1.0 if turn.language else 0.0},
        "second_intent": None,
    }


class FrontlineOutput(OutputChannel):
    """Collects the lines of one turn; named like the channel, so that `voice` texts are picked."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._lines: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self.finished = False

    def name(self) -> str:  # type: ignore[override]  # Rasa asks the class only for inputs
        """`web` or `voice`."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Queue one reply of the bot."""
        buttons = [
            {"title": b.get("title", ""), "payload": b.get("payload", "")}
            for b in message.get("buttons") or []
        ]
        self._put(
            {
                "type": "reply",
                "text": message.get("text") or "",
                "buttons": buttons,
                "custom": message.get("custom") or None,
            }
        )

    def finish(self, user: UserUttered, tracker: DialogueStateTracker, *, replayed: bool) -> None:
        """Queue the line that says what was understood."""
        self.finished = True
        self._put(done_line(user, tracker, replayed=replayed))

    def fail(self, error: str) -> None:
        """Queue the line that says that the turn could not be processed."""
        self._put({"type": "failed", "error": error})

    def close(self) -> None:
        """No more lines come."""
        self._lines.put_nowait(None)

    async def next_line(self) -> dict[str, Any] | None:
        """The next line; None after the last."""
        return await self._lines.get()

    def _put(self, line: dict[str, Any]) -> None:
        self._lines.put_nowait(line)


def done_line(
    user: UserUttered, tracker: DialogueStateTracker, *, replayed: bool
) -> dict[str, Any]:
    """The last line of a processed turn."""
    parse, metadata = user.parse_data or {}, user.metadata or {}
    entities = parse.get("entities") or []
    values = tracker.current_slot_values()
    slots = {n: v for n, v in values.items() if v is not None and n not in DEFAULT_SLOT_NAMES}
    chosen = any(e.get("entity") == "language_chosen" for e in entities)
    intent = parse.get("intent") or {}
    return {
        "type": "done",
        "language": slots.get("language") or metadata.get("language") or "pl",
        "language_chosen": chosen or bool(metadata.get("language_chosen")),
        "intent": {"name": intent.get("name"), "confidence": intent.get("confidence", 0.0)},
        "ranking": [
            {"name": r["name"], "confidence": r["confidence"]}
            for r in (parse.get("intent_ranking") or [])[:RANKING_LENGTH]
        ],
        "entities": [
            {key: e.get(key) for key in ("entity", "value", "start", "end")}
            for e in entities
            if e.get("entity") not in ("language", "language_chosen")
        ],
        "slots": slots,
        "replayed": replayed,
    }


class FrontlineChannel(InputChannel):
    """Rasa's input channel `frontline`."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    @classmethod
    def name(cls) -> str:
        """The channel's part of the URL."""
        return "frontline"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The two routes: a health check and the door."""
        door = Blueprint("frontline_channel", "frontline")

        @door.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            ready = agent is not None and agent.is_ready()
            return json_response({"ready": ready}, status=200 if ready else 503)

        @door.route("/webhook", methods=["POST"])
        async def webhook(request: Request) -> HTTPResponse | None:
            try:
                turn = Turn.parse(request.body)
            except BadTurnError as error:
                return json_response({"error": str(error)}, status=400)
            output = self._start(turn, on_new_message)
            response = await request.respond(content_type="application/x-ndjson; charset=utf-8")
            while (line := await output.next_line()) is not None:
                await response.send(json.dumps(line, ensure_ascii=False) + "\n")
            await response.eof()
            return None

        return door

    def _start(
        self, turn: Turn, on_new_message: Callable[[UserMessage], Awaitable[Any]]
    ) -> FrontlineOutput:
        """Process a turn in a task of its own, which a caller who hangs up does not stop."""
        output = FrontlineOutput(turn.channel)
        task = asyncio.create_task(_process(turn, output, on_new_message))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return output


async def _process(
    turn: Turn, output: FrontlineOutput, on_new_message: Callable[[UserMessage], Awaitable[Any]]
) -> None:
    message = UserMessage(
        text=turn.message,
        output_channel=output,
        sender_id=turn.sender,
        parse_data=read_payload(turn),
        input_channel=turn.channel,
        message_id=turn.turn_id,
        metadata=turn.metadata(),
    )
    try:
        await on_new_message(message)
        if not output.finished:
            output.fail("NotReady")
    except Exception as error:  # the root of the turn's task
        log.warning("turn failed: %s: %s", type(error).__name__, error)
        output.fail(type(error).__name__)
    finally:
        output.close()
