"""One call, from its first sound to its end: does what the call's table says."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Literal, assert_never

import structlog

from frontline.errors import RefusedError, UnavailableError
from frontline.ids import new_id
from frontline.lang import Language
from frontline.lang.written import Expected, written
from frontline.limits import TooManyError
from frontline.tasks import end
from frontline.turns import Controller, Speech, SpokenWord, Turn
from handoff.call_cases import PHONE
from handoff.codes import CodesLockedError
from handoff.conversations import Said
from handoff.notices import notice
from handoff.switching import code_text
from handoff.turn_store import Conversation
from voice_gateway import turn_times
from voice_gateway.call import Call
from voice_gateway.call_events import (
    Do,
    DoAskHuman,
    DoDrop,
    DoFinish,
    DoForget,
    DoGiveCode,
    DoHold,
    DoLeave,
    DoRecord,
    DoResume,
    DoSay,
    DoSpeak,
    DoSwitch,
    DoTakeCode,
    On,
    OnAnswered,
    OnBegun,
    OnCode,
    OnHeard,
    OnHungUp,
    OnKey,
    OnReply,
    OnSpoken,
    OnTick,
    OnTrouble,
    OnVoice,
)
from voice_gateway.ear import Ear
from voice_gateway.endpointing import Kind
from voice_gateway.follower import Follower
from voice_gateway.mouth import Mouth
from voice_gateway.narrow import narrow_phrases
from voice_gateway.recorder import Recorder
from voice_gateway.shared import Shared
from voice_gateway.stt.port import Heard
from voice_gateway.texts import line_text
from voice_gateway.transport.browser import BrowserLine
from voice_gateway.transport.port import HungUp, KeyPress, Next, Played, Sound, Transport
from voice_gateway.turn_times import TurnTimes

log = structlog.get_logger()

TICK_S = 0.02
LEAVES_WITHIN_S = 20.0
"""A last sentence is not longer."""


class Session:
    """Runs one call."""

    def __init__(self, transport: Transport, shared: Shared) -> None:
        self._transport = transport
        self._shared = shared
        self._id = transport.start.call_id
        self._recorder = Recorder(shared.folder, self._id)
        self._dos: asyncio.Queue[Do] = asyncio.Queue()
        self._work: set[asyncio.Task[None]] = set()
        self._saying = asyncio.Lock()
        self._began = time.monotonic()
        self._how: Literal["caller", "left", "lost"] = "lost"
        self._asked: Said | None = None
        """The caller's last turn, while its answer is not complete."""
        self._times: TurnTimes | None = None
        self._onset: float | None = None
        self._texts: tuple[str, str] = ("", "")
        self._narrow = False
        """Few words are listened for."""

    async def run(self) -> None:
        """Serve the call until it is over.

        Raises:
            NotFoundError: this call was not announced.
            UnavailableError: the records, or the ears, are not there; the caller is to go to the
                queue.
        """
        shared = self._shared
        conversation = await shared.calls.begin(self._id, self._transport.start.transport)
        language = _language(conversation)
        self._call = Call(language)
        self._ear = Ear(
            shared.recognisers, shared.make_activity(), language, self._began, self._trouble
        )
        self._mouth = Mouth(self._transport, shared.voice, self._spoken, self._note, self._trouble)
        self._follow(conversation)
        try:
            await self._ear.open()
            shared.followers.add(self._follower)
            await self._begin(conversation)
            await self._serve()
        finally:
            shared.followers.remove(self._follower)
            await self._finish()

    def _follow(self, conversation: Conversation) -> None:
        """It is this conversation that the call is about."""
        self._conversation_id = conversation.id
        self._follower = Follower(
            self._shared.conversations,
            conversation.id,
            conversation.last_seq,
            self._reply,
            self._answered,
        )

    async def _newest(self, conversation: Conversation) -> Turn:
        (newest,) = await self._shared.conversations.turns(
            conversation.id, conversation.last_seq - 1, 1
        )
        return newest

    async def _begin(self, conversation: Conversation) -> None:
        greeting = await self._newest(conversation)
        now, fresh = time.monotonic(), greeting.seq == 1
        self._on(OnBegun(now, greeting.text, greeting.id, fresh, self._shared.keep is not None))
        if conversation.controller != Controller.BOT:  # the caller waits for a person already
            await self._leave_for(conversation, None)

    async def _serve(self) -> None:
        """Until the caller, the line or the gateway ends it."""
        runs: list[Coroutine[Any, Any, None]] = [
            self._tick(), self._do_all(), self._mouth.run(), self._ear.run()
        ]  # fmt: skip
        tasks = [asyncio.create_task(run) for run in runs]
        for task in tasks:
            task.add_done_callback(self._check)
        try:
            async for event in self._transport.events():
                if isinstance(event, Sound):
                    self._recorder.take(event.pcm)
                    if self._ear.hear(event.pcm, event.at):
                        self._onset = event.at
                        self._on(OnVoice(event.at, firm=self._mouth.firm))
                elif isinstance(event, KeyPress):
                    self._on(OnKey(event.at, event.digit))
                elif isinstance(event, Played):
                    self._mouth.played(event.mark)
                elif isinstance(event, HungUp):
                    self._how = "left" if event.reason == "left" else "caller"
                    if event.reason == "lost":
                        self._how = "lost"
                else:
                    assert_never(event)
        finally:
            self._on(OnHungUp(time.monotonic()))
            await end([*tasks, *self._work])

    def _check(self, task: asyncio.Task[None]) -> None:
        """A fault of ours must not strand the caller."""
        if not task.cancelled() and (error := task.exception()):
            log.error("call.fault", call_id=self._id, exc_info=error)
            self._start(self._transport.leave("queue"))

    async def _finish(self) -> None:
        """Give everything back, and write down how it ended."""
        with contextlib.suppress(UnavailableError):
            await self._cut()
        self._recorder.stop()
        await self._ear.close()
        await self._transport.close()
        try:
            await self._shared.calls.end(self._id, self._how)
        except UnavailableError:
            log.warning("call.end_not_stored", call_id=self._id)  # the sweep finds it

    # What happens.

    def _on(self, event: On) -> None:
        for do in self._call.on(event):
            self._dos.put_nowait(do)
        if self._call.narrow != self._narrow:
            self._narrow = self._call.narrow
            self._start(self._expect(narrow_phrases(self._call.language) if self._narrow else None))

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            now = time.monotonic()
            self._ear.pass_time(now)
            tick = OnTick(
                now,
                self._ear.silent_ms(now),
                self._ear.text,
                self._written(self._ear.text),
                self._ear.steady_ms(now),
                firm=self._mouth.firm,
            )
            self._on(tick)

    def _written(self, text: str) -> str:
        if text != self._texts[0]:
            expected = _EXPECTED.get(self._call.expected.kind)
            self._texts = (text, written(text, self._call.language, expected))
        return self._texts[1]

    def _spoken(self) -> None:
        self._on(OnSpoken(time.monotonic()))

    def _note(self, step: str) -> None:
        if self._times and self._times.answer is not None:
            self._times.note(step, time.monotonic())

    def _trouble(self) -> None:
        self._on(OnTrouble(time.monotonic()))

    def _reply(self, turn: Turn) -> None:
        """Somebody says something to the caller."""
        now = time.monotonic()
        if self._times:
            self._times.note("answer", now)
        self._on(OnReply(now, turn.text, turn.id, turn.buttons))

    async def _answered(self) -> None:
        """The bot has finished an answer; was it to the caller's last turn?"""
        asked = self._asked
        if asked is None:
            return
        shared, after = self._shared, asked.turn.seq - 1
        turn, *later = await shared.conversations.turns(self._conversation_id, after)
        excused = any((one.client_id or "").startswith(turn.id) for one in later)
        conversation = await shared.conversations.get(self._conversation_id)
        if turn.nlu is None and not excused and conversation.controller == Controller.BOT:
            return
        self._asked = None
        await self._leave_for(conversation, turn.nlu)

    async def _leave_for(self, conversation: Conversation, nlu: dict[str, Any] | None) -> None:
        understood = nlu or {}
        leave = _queue_of(conversation)
        if leave is None and (understood.get("intent") or {}).get("name") == "goodbye":
            leave = "hangup"
        asking = (understood.get("slots") or {}).get("asking")
        now = time.monotonic()
        self._on(OnAnswered(now, asking, _language(conversation), leave))

    # What is done.

    async def _do_all(self) -> None:
        while True:
            do = await self._dos.get()
            try:
                await self._do(do)
            except UnavailableError:
                log.warning("call.step_failed", call_id=self._id, step=type(do).__name__)
                if not isinstance(do, DoDrop):
                    self._trouble()

    async def _do(self, do: Do) -> None:
        if isinstance(do, DoSpeak):
            self._mouth.say(do.text, self._call.language, do.turn_id, firm=do.firm)
            await self._caption("bot", do.text)
        elif isinstance(do, DoHold):
            await self._mouth.hold()
            if self._onset is not None:
                turn_times.BARGE_IN_SECONDS.observe(time.monotonic() - self._onset)
        elif isinstance(do, DoResume):
            self._mouth.resume()
        elif isinstance(do, DoDrop):
            await self._cut()
        elif isinstance(do, DoSwitch):
            await self._switch(do.language)
        elif isinstance(do, DoRecord):
            await self._record(on=do.on)
        else:
            self._start(self._slow(do))

    async def _record(self, *, on: bool) -> None:
        """Consent comes before the first sound that is kept, and what is kept ends with it."""
        if on and self._shared.keep:
            await self._shared.recordings.agree(self._id, self._shared.keep)
            self._recorder.start()
        elif not on:
            self._recorder.forget()
            await self._shared.recordings.revoke(self._id)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do what takes long beside the rest: the line is not to wait for the records."""
        task = asyncio.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    async def _slow(self, do: Do) -> None:
        try:
            if isinstance(do, DoFinish):
                await self._hear_out()
            elif isinstance(do, DoForget):
                await self._ear.forget()
            elif isinstance(do, DoSay | DoAskHuman):
                await self._say(do)
            elif isinstance(do, DoTakeCode):
                await self._take_code(do.digits)
            elif isinstance(do, DoGiveCode):
                await self._give_code()
            elif isinstance(do, DoLeave):
                await self._leave(do.to)
        except UnavailableError:
            log.warning("call.step_failed", call_id=self._id, step=type(do).__name__)
            self._trouble()

    async def _expect(self, phrases: Sequence[str] | None) -> None:
        try:
            await self._ear.expect(phrases)
        except UnavailableError:  # whoever cannot hear finds out with the next sound
            log.warning("call.step_failed", call_id=self._id, step="expect")

    async def _take_code(self, digits: str) -> None:
        """A chat goes on in this call."""
        shared, language = self._shared, self._call.language
        try:
            conversation = await shared.switching.to_phone(self._id, digits)
        except CodesLockedError:
            self._on(OnCode(time.monotonic(), notice("codes_locked", language, PHONE)))
        except RefusedError:
            self._on(OnCode(time.monotonic(), notice("wrong_code", language, PHONE)))
        else:
            shared.followers.remove(self._follower)
            self._follow(conversation)
            shared.followers.add(self._follower)
            newest, spoken = await self._newest(conversation), _language(conversation)
            leave = _queue_of(conversation)
            self._on(OnCode(time.monotonic(), newest.text, newest.id, spoken, leave))

    async def _give_code(self) -> None:
        """The call goes on in a chat."""
        language = self._call.language
        try:
            text = code_text(await self._shared.switching.chat_code(self._id), language)
        except TooManyError:
            text = line_text("no_more_codes", language)
        self._on(OnCode(time.monotonic(), text, language=language))

    async def _hear_out(self) -> None:
        now = time.monotonic()
        self._times = TurnTimes(self._id, now - self._ear.silent_ms(now) / 1000)
        heard = await self._ear.finish()
        now = time.monotonic()
        self._times.note("final_text", now)
        self._on(OnHeard(now, heard, self._written(heard.text)))

    async def _caption(self, who: Literal["caller", "bot"], text: str) -> None:
        """Show what is said to callers who have a screen."""
        if isinstance(self._transport, BrowserLine):
            await self._transport.caption(who, text)

    async def _say(self, do: DoSay | DoAskHuman) -> None:
        shared = self._shared
        if isinstance(do, DoSay):
            await self._caption("caller", do.text)
        async with self._saying:
            if isinstance(do, DoAskHuman):
                said = await shared.switchboard.ask_for_human(self._conversation_id, new_id())
            else:
                said = await shared.switchboard.say(
                    self._conversation_id, new_id(), do.text, do.payload, speech=self._speech(do)
                )
            self._asked = said
        if said.conversation.controller != Controller.BOT:  # the bot is not asked
            self._asked = None
            await self._leave_for(await shared.conversations.get(self._conversation_id), None)

    def _speech(self, do: DoSay) -> Speech:
        if do.heard is None or not do.heard.words:
            now = round((time.monotonic() - self._began) * 1000)
            return Speech(from_ms=now, to_ms=now)
        return _speech_of(do.heard, self._ear.call_ms)

    async def _switch(self, language: Language) -> None:
        await self._ear.switch(language)
        await self._shared.conversations.choose_language(self._conversation_id, language)

    async def _cut(self) -> None:
        """Nothing more is said; the log keeps what was heard."""
        for cut in await self._mouth.drop():
            await self._shared.switchboard.cut(cut.turn_id, cut.text, cut.heard_ms)

    async def _leave(self, to: Next) -> None:
        """Give the line back after the last sentence."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LEAVES_WITHIN_S):
                await self._mouth.wait_quiet()
        try:
            await self._shared.calls.leave(self._id, to)
        except UnavailableError:
            log.warning("call.leave_not_stored", call_id=self._id)  # who is not known is queued
        await self._transport.leave(to)


_EXPECTED: dict[Kind, Expected] = {Kind.DIGITS: "digits", Kind.SPELLED: "spelled"}


def _language(conversation: Conversation) -> Language:
    return "en" if conversation.language == "en" else "pl"


def _queue_of(conversation: Conversation) -> Next | None:
    """Where its caller goes who waits for an agent, or has one."""
    return "queue" if conversation.controller in (Controller.QUEUE, Controller.AGENT) else None


def _speech_of(heard: Heard, call_ms: Callable[[float], int]) -> Speech:
    """What the record keeps of how it was said."""
    words = tuple(
        SpokenWord(w.text, call_ms(w.start_s), call_ms(w.end_s), w.confidence) for w in heard.words
    )
    return Speech(words[0].start_ms, words[-1].end_ms, words)
