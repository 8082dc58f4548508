"""The open sockets of each conversation, and what each has been sent."""

import asyncio
from collections import defaultdict

import structlog
from aiohttp import web

from frontline.errors import UnavailableError
from frontline.turns import Author, Controller, Turn
from handoff.bell import Ring
from handoff.cases import Cases
from handoff.conversations import Conversations
from handoff.turn_store import Conversation
from handoff.wait import Range
from web_chat.messages import controller_frame, turn_frame, write_frame
from web_chat.waiting import Waits

log = structlog.get_logger()

SWEEP_EVERY_S = 1.0
SEND_TIMEOUT_S = 5.0


class Socket:
    """One browser tab."""

    def __init__(self, ws: web.WebSocketResponse, conversation: Conversation, seen: int) -> None:
        self.ws = ws
        self.conversation_id = conversation.id
        self.seen = seen
        """Highest seq sent."""
        self.place = 0
        """Place in the queue that was announced; 0 = not waiting."""
        self.wait: Range | None = None
        """Waiting time that was announced."""
        self.epoch = -1
        """Epoch for which the controller was announced."""
        self.lock = asyncio.Lock()

    async def send(self, frame: str) -> None:
        """Send a frame; a browser that does not read is dropped, it will come back and resume."""
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await self.ws.send_str(frame)
        except (TimeoutError, ConnectionError, RuntimeError):
            await self.ws.close(code=1013)


class Hub:
    """Brings what is new in a conversation to all its sockets, in order and once."""

    def __init__(self, conversations: Conversations, cases: Cases, waits: Waits) -> None:
        self._conversations = conversations
        self._cases = cases
        self._waits = waits
        self._sockets: defaultdict[str, set[Socket]] = defaultdict(set)

    def add(self, socket: Socket) -> None:
        """From now on this socket hears its conversation."""
        self._sockets[socket.conversation_id].add(socket)

    def remove(self, socket: Socket) -> None:
        """The socket has gone."""
        self._sockets[socket.conversation_id].discard(socket)
        if not self._sockets[socket.conversation_id]:
            del self._sockets[socket.conversation_id]

    async def tell(self, conversation_id: str, frame: str) -> None:
        """Send a frame to all sockets of a conversation."""
        for socket in list(self._sockets.get(conversation_id, ())):
            await socket.send(frame)

    async def on_ring(self, ring: Ring) -> None:
        """A conversation has something new."""
        for socket in list(self._sockets.get(ring.conversation_id, ())):
            if ring.typing:
                if ring.typing != Author.CUSTOMER:
                    await socket.send(write_frame("typing", author=ring.typing, on=ring.on))
            else:
                await self._bring(socket, ring.turn)

    async def _bring(self, socket: Socket, turn: Turn | None) -> None:
        try:
            await self.catch_up(socket, turn)
        except UnavailableError:
            log.warning("hub.unavailable", conversation_id=socket.conversation_id)

    async def catch_up(self, socket: Socket, turn: Turn | None = None) -> None:
        """Send what the socket has not seen; `turn` spares the look into SQL when it is next."""
        async with socket.lock:
            plain = turn is not None and turn.author in (Author.CUSTOMER, Author.BOT)
            if turn and turn.seq <= socket.seen:
                return
            if turn and turn.seq == socket.seen + 1:
                await self._send_turn(socket, turn)
            else:
                while missed := await self._conversations.turns(
                    socket.conversation_id, socket.seen
                ):
                    for each in missed:
                        await self._send_turn(socket, each)
            if not plain:
                await self._send_controller(socket)

    async def _send_turn(self, socket: Socket, turn: Turn) -> None:
        await socket.send(turn_frame(turn))
        socket.seen = turn.seq

    async def _send_controller(self, socket: Socket) -> None:
        conversation = await self._conversations.get(socket.conversation_id)
        if conversation.epoch == socket.epoch and not socket.place:
            return
        case = None
        if conversation.controller in (Controller.QUEUE, Controller.AGENT):
            case = await self._cases.open_case(conversation.id)
        if conversation.epoch != socket.epoch:
            socket.epoch, socket.place, socket.wait = conversation.epoch, 0, None
            name = case.agent if case else None
            await socket.send(controller_frame(conversation.controller, name))
            await self._ask_how_it_was(conversation)
        if case and conversation.controller == Controller.QUEUE:
            place = await self._cases.place(case)
            wait = await self._waits.of(case, place)
            if (place, wait) != (socket.place, socket.wait):
                socket.place, socket.wait = place, wait
                await socket.send(write_frame("queue", position=place, waiting=wait))

    async def _ask_how_it_was(self, conversation: Conversation) -> None:
        """Once, when a person's part has ended; who has never had one is spared the look."""
        if conversation.controller == Controller.BOT and conversation.epoch > 1:
            case_id = await self._cases.csat_due(conversation.id)
            if case_id:
                await self.tell(conversation.id, write_frame("csat", case=case_id))

    async def run(self) -> None:
        """Look into SQL once a second for what no ring told of; runs until cancelled."""
        while True:
            await asyncio.sleep(SWEEP_EVERY_S)
            sockets = [socket for group in self._sockets.values() for socket in group]
            try:
                states = await self._conversations.last_seqs(list(self._sockets))
            except UnavailableError:
                continue
            for socket in sockets:
                last_seq, epoch = states.get(socket.conversation_id, (0, socket.epoch))
                if last_seq > socket.seen or epoch != socket.epoch or socket.place:
                    await self._bring(socket, None)

    async def close(self) -> None:
        """Tell all browsers that the server goes away; they come back to the next one."""
        for group in list(self._sockets.values()):
            for socket in list(group):
                await socket.ws.close(code=1001)
