"""The desk's open sockets, and what each has been sent.

What rings is pushed at once; what no ring told of, a look into SQL once a second finds.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import msgspec
import structlog
from aiohttp import web

from frontline.errors import NotFoundError, UnavailableError
from frontline.turns import Author, Turn
from handoff.agents import Agent
from handoff.app_parts import Parts
from handoff.bell import Ring
from handoff.case import WITH_AGENT, Case, CaseState
from handoff.queue_view import QueueView, held_by, queue_view
from handoff.views import Note, desk_turn, row_of, turns_of

log = structlog.get_logger()

SWEEP_EVERY_S = 1.0
QUEUE_EVERY_S = 0.4
"""The queue is shown anew at most so often."""
SEND_TIMEOUT_S = 5.0
LEADERS = ("supervisor", "admin")
"""Roles that see everything."""


def frame(kind: str, **data: Any) -> str:
    """A frame of the desk's socket as JSON text."""
    return msgspec.json.encode({"v": 1, "type": kind, "data": data}).decode()


class Tab:
    """One browser tab of an agent."""

    def __init__(self, ws: web.WebSocketResponse, agent: Agent, language: str) -> None:
        self.ws = ws
        self.agent = agent
        self.language = language
        self.cases: dict[str, Case] = {}
        """What it was told that its agent is offered or holds."""
        self.seen: dict[str, int] = {}
        """Highest seq sent, by conversation that it follows."""
        self.watched: dict[str, str] = {}
        """Conversation → case, of those it follows."""
        self.queue_shown = b""
        self.lock = asyncio.Lock()

    @property
    def leads(self) -> bool:
        """Whether it belongs to somebody who may see everything."""
        return self.agent.role in LEADERS

    async def send(self, text: str) -> None:
        """Send a frame; a browser that does not read is dropped, it will come back."""
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await self.ws.send_str(text)
        except (TimeoutError, ConnectionError, RuntimeError):
            await self.ws.close(code=1013)


class DeskHub:
    """Brings what is new to the agents' browsers."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._tabs: defaultdict[str, set[Tab]] = defaultdict(set)
        self._queue_changed = asyncio.Event()

    @property
    def tabs(self) -> list[Tab]:
        """All open tabs."""
        return [tab for group in self._tabs.values() for tab in group]

    async def add(self, tab: Tab, seen: dict[str, int]) -> None:
        """A tab has said hello: bring it up to date; `seen` is by case."""
        self._tabs[tab.agent.id].add(tab)
        async with self._parts.database.read() as connection:
            held = await held_by(connection, [tab.agent.id])
        for case in held:
            await self.follow(tab, case, seen.get(case.id))
            tab.cases[case.id] = case
            await self._tell(tab, case, ringing=case.state == CaseState.OFFERED)
        await self._show_queue(tab)

    def remove(self, tab: Tab) -> None:
        """The tab has gone."""
        self._tabs[tab.agent.id].discard(tab)
        if not self._tabs[tab.agent.id]:
            del self._tabs[tab.agent.id]

    async def follow(self, tab: Tab, case: Case, seen: int | None = None) -> None:
        """From now on the tab hears the case's conversation; from `seen` on, else from here."""
        conversation = await self._parts.conversations.get(case.conversation_id)
        tab.watched[case.conversation_id] = case.id
        known = tab.seen.get(case.conversation_id)
        start = seen if seen is not None else known
        tab.seen[case.conversation_id] = min(
            conversation.last_seq if start is None else start, conversation.last_seq
        )
        await self._catch_up(tab, case.conversation_id)

    async def on_ring(self, ring: Ring) -> None:
        """A conversation or a case has something new."""
        for tab in self.tabs:
            if ring.conversation_id not in tab.watched:
                continue
            if ring.typing == Author.CUSTOMER:
                case_id = tab.watched[ring.conversation_id]
                await tab.send(frame("typing", case_id=case_id, author=ring.typing, on=ring.on))
            elif ring.typing is None:
                await self._bring(tab, ring.conversation_id, ring.turn)
        if ring.case_id:
            await self._look_at(ring.case_id)
            self._queue_changed.set()

    async def _bring(self, tab: Tab, conversation_id: str, turn: Turn | None) -> None:
        try:
            await self._catch_up(tab, conversation_id, turn)
        except UnavailableError:
            log.warning("desk_hub.unavailable")

    async def _catch_up(self, tab: Tab, conversation_id: str, turn: Turn | None = None) -> None:
        """Send what the tab has not seen; `turn` spares the look into SQL when it is next."""
        async with tab.lock:
            seen, case_id = tab.seen.get(conversation_id), tab.watched.get(conversation_id)
            if seen is None or case_id is None:
                return  # it may have been taken from the agent a moment ago
            if turn and turn.seq <= seen:
                if turn.speech and turn.speech.heard_ms is not None:  # cut since it was sent
                    await tab.send(frame("turn", case_id=case_id, turn=desk_turn(turn)))
                return
            missed = [turn] if turn and turn.seq == seen + 1 else None
            if missed is None:
                async with self._parts.database.read() as connection:
                    missed = await turns_of(connection, conversation_id, seen)
            for each in missed:
                await tab.send(frame("turn", case_id=case_id, turn=desk_turn(each)))
                tab.seen[conversation_id] = each.seq

    async def _look_at(self, case_id: str) -> None:
        try:
            case = await self._parts.cases.find(case_id)
        except (UnavailableError, NotFoundError):
            return
        await self._changed(case, self.tabs)

    async def _changed(self, case: Case, tabs: Iterable[Tab]) -> None:
        """Tell everyone concerned how a case stands now."""
        for tab in tabs:
            known = tab.cases.get(case.id)
            if known and known.rev >= case.rev:
                continue
            holds = case.agent_id == tab.agent.id and case.state in WITH_AGENT
            if holds:
                tab.cases[case.id] = case
                if case.conversation_id not in tab.watched:
                    await self.follow(tab, case)
                rings = case.state == CaseState.OFFERED
                await self._tell(tab, case, ringing=rings and _is_new(known, case))
            elif known:
                del tab.cases[case.id]
                await self._take_away(tab, known, case)
            elif case.conversation_id in tab.watched:
                await self._tell(tab, case, ringing=False)

    async def _take_away(self, tab: Tab, known: Case, case: Case) -> None:
        was_ringing = known.state == CaseState.OFFERED
        kind = "offer.gone" if was_ringing else "case.lost"
        tab.watched.pop(case.conversation_id, None)
        tab.seen.pop(case.conversation_id, None)
        if was_ringing or case.state == CaseState.QUEUED:
            await tab.send(frame(kind, case_id=case.id, why=case.state))
        await self._tell(tab, case, ringing=False)

    async def _tell(self, tab: Tab, case: Case, *, ringing: bool) -> None:
        async with self._parts.database.read() as connection:
            row = await row_of(connection, case, tab.language)
        if ringing:
            ring_s = self._parts.routing.ring_s(case.channel)
            await tab.send(frame("offer.created", case=row, ring_s=ring_s))
        else:
            await tab.send(frame("case.updated", case=row))

    async def agent_changed(self, agent: Agent) -> None:
        """An agent's presence has changed: their own tabs and the supervisors hear it."""
        for tab in self.tabs:
            if tab.agent.id == agent.id:
                tab.agent = agent
            if tab.agent.id == agent.id or tab.leads:
                await tab.send(frame("presence", agent=agent))

    async def note_added(self, case: Case, note: Note) -> None:
        """A private note was written: who follows the case hears it."""
        for tab in self.tabs:
            if case.conversation_id in tab.watched:
                await tab.send(frame("note", case_id=case.id, note=note))

    async def queue_of(self, agent: Agent, language: str) -> QueueView:
        """The inbox of an agent."""
        parts = self._parts
        async with parts.database.read() as connection:
            return await queue_view(
                connection, agent, parts.routing, parts.clock.now(), language,
                degraded=parts.dispatcher.degraded, everything=agent.role in LEADERS,
            )  # fmt: skip

    async def _show_queue(self, tab: Tab) -> None:
        view = await self.queue_of(tab.agent, tab.language)
        shown = {"degraded": view.degraded, "lines": view.lines, "waiting": view.waiting}
        lines = [(line.route, line.waiting) for line in view.lines]
        mark = msgspec.json.encode([view.degraded, lines, view.waiting])
        if mark != tab.queue_shown:
            tab.queue_shown = mark
            await tab.send(frame("queue", **shown))

    async def run(self) -> None:
        """Look into SQL once a second for what no ring told of; runs until cancelled."""
        showing = asyncio.create_task(self._show_queues())
        try:
            while True:
                await asyncio.sleep(SWEEP_EVERY_S)
                try:
                    await self.sweep()
                except UnavailableError:
                    log.warning("desk_hub.unavailable")
                except Exception:
                    log.exception("desk_hub.failed")
        finally:
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)

    async def sweep(self) -> None:
        """Compare what the tabs were told with SQL, once."""
        tabs = self.tabs
        if not tabs:
            return
        async with self._parts.database.read() as connection:
            held = await held_by(connection, list(self._tabs))
        now = {case.id for case in held}
        for case in held:
            await self._changed(case, self._tabs.get(case.agent_id or "", ()))
        for gone in {case_id for tab in tabs for case_id in tab.cases} - now:
            await self._look_at(gone)
        watched = {name for tab in tabs for name in tab.seen}
        for name, (last, _) in (await self._parts.conversations.last_seqs(list(watched))).items():
            for tab in tabs:
                if tab.seen.get(name, last) < last:
                    await self._bring(tab, name, None)
        self._queue_changed.set()

    async def _show_queues(self) -> None:
        while True:
            await self._queue_changed.wait()
            self._queue_changed.clear()
            for tab in self.tabs:
                try:
                    await self._show_queue(tab)
                except UnavailableError:
                    log.warning("desk_hub.unavailable")
                except Exception:
                    log.exception("desk_hub.failed")
            await asyncio.sleep(QUEUE_EVERY_S)

    async def close(self) -> None:
        """Tell all browsers that the server goes away; they come back to the next one."""
        for tab in self.tabs:
            await tab.ws.close(code=1001)


def _is_new(known: Case | None, case: Case) -> bool:
    return known is None or known.state != CaseState.OFFERED or known.fence != case.fence
