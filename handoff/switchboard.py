"""The one door between channels and whoever may speak: bot, queue or agent.

A channel hands over what the customer said; the switchboard stores it, asks the bot when the bot
is in control, and stores each reply only while the same epoch lasts. What it stores, it rings for.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog

from frontline.errors import UnavailableError
from frontline.turns import Author, Button, Controller, FileRef, Speech, Turn
from handoff.bell import Bell
from handoff.cases import PAYLOAD_LEAVE_QUEUE, Cases
from handoff.conversations import Conversations, Said
from handoff.notices import notice
from handoff.rasa_client import BotDone, BotReply, RasaClient
from handoff.turn_store import Conversation

log = structlog.get_logger()

PAYLOAD_HUMAN = "/human_agent"
SWEEP_EVERY_S = 2.0

Claimed = tuple[Turn, str | None]
"""A turn that this process is to have answered, and its payload."""


class Switchboard:
    """Routes turns. Several processes may each have one on the same database."""

    def __init__(
        self, conversations: Conversations, cases: Cases, bot: RasaClient, bell: Bell
    ) -> None:
        self._conversations = conversations
        self._cases = cases
        self._bot = bot
        self._bell = bell
        self._answering: dict[str, asyncio.Task[None]] = {}

    async def begin(self, channel: str, language: str) -> Conversation:
        """Start a conversation; the greeting is its first turn."""
        return await self._conversations.create(channel, language, notice("greeting", language))

    async def say(
        self,
        conversation_id: str,
        client_id: str,
        text: str,
        payload: str | None = None,
        files: Sequence[FileRef] = (),
        speech: Speech | None = None,
    ) -> Said:
        """Store what the customer said and have it answered. Returns before the answer.

        Args:
            conversation_id: whose words.
            client_id: made by the channel; the same one twice is one turn.
            text: what was said, as it would be written.
            payload: of the button that was chosen.
            files: that came with it.
            speech: what a spoken turn has besides.

        Raises:
            NotFoundError: no such conversation.
            UnavailableError: SQL does not answer; nothing was stored.
        """
        if payload == PAYLOAD_LEAVE_QUEUE:
            said = await self._conversations.said(conversation_id, client_id, text, speech=speech)
            if said.fresh:
                await self._bell.ring(conversation_id, turn=said.turn)
                await self._cases.leave(conversation_id)
            return said
        said = await self._conversations.said(
            conversation_id, client_id, text, payload, files, speech
        )
        if said.fresh:
            await self._bell.ring(conversation_id, turn=said.turn)
        if said.ask:
            self._start(conversation_id, said, payload)
        elif said.fresh and said.conversation.controller == Controller.NONE:
            await self._cases.open(conversation_id, reason="user_request")
        return said

    async def cut(
        self, turn_id: str, heard_text: str, heard_ms: int, *, from_ms: int | None = None
    ) -> Turn:
        """A caller broke in: keep only what they heard. As `Conversations.cut`, and it rings."""
        turn = await self._conversations.cut(turn_id, heard_text, heard_ms, from_ms=from_ms)
        await self._bell.ring(turn.conversation_id, turn=turn)
        return turn

    async def ask_for_human(self, conversation_id: str, client_id: str) -> Said:
        """The customer pressed the button that is always there. Errors as `say`."""
        conversation = await self._conversations.get(conversation_id)
        text = notice("said_human", conversation.language)
        said = await self.say(conversation_id, client_id, text, PAYLOAD_HUMAN)
        if said.fresh and said.conversation.controller == Controller.QUEUE:
            await self._cases.remind(conversation_id, f"{said.turn.id}:queue")
        return said

    def _start(self, conversation_id: str, said: Said | None, payload: str | None) -> None:
        running = self._answering.get(conversation_id)
        if running and not running.done() and said is None:
            return
        task = asyncio.create_task(self._answer_all(conversation_id, said, payload))
        self._answering[conversation_id] = task

        def forget(finished: asyncio.Task[None]) -> None:
            if self._answering.get(conversation_id) is finished:
                del self._answering[conversation_id]

        task.add_done_callback(forget)

    async def _answer_all(
        self, conversation_id: str, said: Said | None, payload: str | None
    ) -> None:
        """Answer `said`, then whatever has come meanwhile, one at a time and in order."""
        try:
            claimed: Claimed | None
            if said:
                claimed = await self._answer(said.conversation, said.turn, payload)
            else:
                claimed = await self._conversations.claim_unanswered(conversation_id)
            while claimed:
                conversation = await self._conversations.get(conversation_id)
                claimed = await self._answer(conversation, *claimed)
        except UnavailableError:
            log.warning("switchboard.interrupted", conversation_id=conversation_id)
        except Exception:
            # The turn stays owed: the sweep takes it up when its lease has ended.
            log.exception("switchboard.failed", conversation_id=conversation_id)

    async def _answer(
        self, conversation: Conversation, turn: Turn, payload: str | None
    ) -> Claimed | None:
        """Have one turn answered; returns the next one to answer."""
        await self._bell.ring(conversation.id, typing=Author.BOT, on=True)
        try:
            try:
                done, shown = await self._relay(conversation, turn, payload)
            except UnavailableError as error:
                log.warning("bot.unavailable", conversation_id=conversation.id, error=str(error))
                return await self._excuse(conversation, turn, payload)
            if not shown:
                if await self._has_control(conversation):
                    log.warning("bot.silent", conversation_id=conversation.id, intent=done.intent)
                    return await self._excuse(conversation, turn, payload, done)
                # The case was opened in another process, whose ring may come after this answer.
                await self._bell.ring(conversation.id)
            language = (done.language, done.language_chosen)
            changed = language != (conversation.language, conversation.language_chosen)
            return await self._conversations.settle(
                turn, "done", _nlu(done), language if changed else None
            )
        finally:
            await self._bell.ring(conversation.id, typing=Author.BOT, on=False)

    async def _has_control(self, conversation: Conversation) -> bool:
        """Whether the bot may still speak, as it might when it was asked."""
        return (await self._conversations.get(conversation.id)).epoch == conversation.epoch

    async def _relay(
        self, conversation: Conversation, turn: Turn, payload: str | None
    ) -> tuple[BotDone, bool]:
        """Store the bot's replies as they come; what it understood, and whether any was given."""
        replies = 0
        done: BotDone | None = None
        async for part in self._bot.ask(conversation, turn, payload):
            if isinstance(part, BotReply):
                replies += 1
                await self._store(conversation, turn, part, replies)
            else:
                done = part
        if done is None:
            raise UnavailableError("the bot gave no end of its answer")
        return done, replies > 0

    async def _store(self, conversation: Conversation, turn: Turn, reply: BotReply, n: int) -> None:
        stored = await self._conversations.bot_says(
            conversation.id,
            conversation.epoch,
            reply.text,
            client_id=f"{turn.id}:{n}",
            buttons=reply.buttons,
        )
        if stored:
            await self._bell.ring(conversation.id, turn=stored)
        else:
            log.info("bot.reply_dropped", conversation_id=conversation.id, turn_id=turn.id)

    async def _excuse(
        self,
        conversation: Conversation,
        turn: Turn,
        payload: str | None,
        done: BotDone | None = None,
    ) -> Claimed | None:
        """The bot cannot answer: say so and offer a person, or open the case that was wanted."""
        understood = done.intent.get("name") if done else None
        if payload == PAYLOAD_HUMAN or understood == "human_agent":
            await self._cases.open(conversation.id, reason="user_request")
        else:
            language = conversation.language
            person = Button(notice("button_human", language), PAYLOAD_HUMAN)
            excuse = BotReply(notice("bot_unavailable", language), [person])
            await self._store(conversation, turn, excuse, 0)
        return await self._conversations.settle(turn, "refused", _nlu(done) if done else None)

    async def sweep(self) -> None:
        """Take up unanswered turns that a dead process left."""
        for conversation_id in await self._conversations.owed():
            self._start(conversation_id, None, None)

    async def run(self) -> None:
        """Sweep for ever; runs until cancelled."""
        while True:
            try:
                await self.sweep()
            except UnavailableError:
                log.warning("switchboard.sweep_unavailable")
            except Exception:
                log.exception("switchboard.sweep_failed")
            await asyncio.sleep(SWEEP_EVERY_S)

    async def close(self) -> None:
        """Let answers that are under way come to their end."""
        await asyncio.gather(*self._answering.values(), return_exceptions=True)


def _nlu(done: BotDone) -> dict[str, Any]:
    return {
        "intent": done.intent,
        "ranking": done.ranking[:5],
        "entities": done.entities,
        "slots": done.slots,
    }
