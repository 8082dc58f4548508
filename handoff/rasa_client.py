"""The one client of Rasa: asks for the bot's answer to a turn and hears it as it comes."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import msgspec

from frontline.errors import UnavailableError
from frontline.turns import Button, Turn
from handoff.turn_store import Conversation


class BotReply(msgspec.Struct, frozen=True, tag="reply", tag_field="type"):
    """One thing the bot says."""

    text: str = ""
    buttons: list[Button] = []
    custom: dict[str, Any] | None = None


class BotDone(msgspec.Struct, frozen=True, tag="done", tag_field="type"):
    """The bot has finished its turn; what it understood."""

    language: str
    language_chosen: bool = False
    intent: dict[str, Any] = {}
    ranking: list[dict[str, Any]] = []
    entities: list[dict[str, Any]] = []
    slots: dict[str, Any] = {}
    replayed: bool = False


class BotFailed(msgspec.Struct, frozen=True, tag="failed", tag_field="type"):
    """The bot met an error while answering."""

    error: str


_line = msgspec.json.Decoder(BotReply | BotDone | BotFailed)


class RasaClient:
    """Talks to the door in `bot/channel.py` (one NDJSON line per reply)."""

    def __init__(self, url: str, *, timeout_s: float) -> None:
        self._url = url.rstrip("/") + "/webhooks/frontline/webhook"
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=timeout_s, connect=2),
            connector=aiohttp.TCPConnector(limit=256, keepalive_timeout=60),
        )

    async def ask(
        self, conversation: Conversation, turn: Turn, payload: str | None
    ) -> AsyncIterator[BotReply | BotDone]:
        """The bot's replies to `turn`, each as soon as it is there, and at last `BotDone`.

        Asking again for the same turn gives the same replies: the door knows turns by id.

        Raises:
            UnavailableError: Rasa is down, too slow, or failed on this turn.
        """
        question = {
            "sender": conversation.id,
            "turn_id": turn.id,
            # Typed text must never reach Rasa as a command ("/restart").
            "message": payload or turn.text.lstrip("/ \n\t") or "?",
            "channel": conversation.channel,
            "language": conversation.language,
            "language_chosen": conversation.language_chosen,
            "case": conversation.served,
            "introduced": True,  # the greeting says that this is a machine
        }
        done = False
        try:
            async with self._session.post(self._url, json=question) as response:
                response.raise_for_status()
                async for line in response.content:
                    if not line.strip():
                        continue
                    said = _line.decode(line)
                    if isinstance(said, BotFailed):
                        raise UnavailableError(f"the bot failed: {said.error}")
                    done = done or isinstance(said, BotDone)
                    yield said
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise UnavailableError("the bot does not answer") from error
        except msgspec.MsgspecError as error:
            raise UnavailableError("the bot's answer is not readable") from error
        if not done:
            raise UnavailableError("the bot stopped in the middle of its answer")

    async def close(self) -> None:
        """Close connections."""
        await self._session.close()
