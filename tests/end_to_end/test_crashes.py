"""`kill -9` of any one process while 200 conversations run: nothing is lost, nothing is doubled."""

import asyncio
import contextlib
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from frontline.errors import FrontlineError
from tests.common.stack import Stack, running_stack
from web_chat.client import ChatClient

pytestmark = [pytest.mark.stack, pytest.mark.alone]

CUSTOMERS = 200
MESSAGES = ("Gdzie jest moja paczka?", "104731", "O której otwieracie?")
GIVE_UP_S = 150


@pytest.fixture(scope="module")
def crash_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    settings = {
        "sockets_per_address": "1000",
        "sessions_per_minute": "10000",
        "messages_per_10s": "100",
    }
    with running_stack(tmp_path_factory.mktemp("crash"), **settings) as stack:
        yield stack


class Stubborn:
    """A customer whose widget reconnects and sends again what was not acknowledged."""

    def __init__(self, url: str) -> None:
        self.client = ChatClient(url)
        self.answered = asyncio.Event()

    async def converse(self) -> None:
        for text in MESSAGES:
            await self._get_answer(text, str(uuid.uuid4()))
            self.answered.set()

    async def _get_answer(self, text: str, client_id: str) -> None:
        own: int | None = None
        while True:
            with contextlib.suppress(FrontlineError, TimeoutError):
                async with asyncio.timeout(40):
                    await self.client.connect()
                    if own is None:
                        await self.client.say(text, client_id)
                    async for frame in self.client.frames():
                        if frame["type"] == "error" and frame["retryable"]:
                            break
                        if frame["type"] != "turn":
                            continue
                        if frame["client_id"] == client_id:
                            own = frame["seq"]
                        elif own and frame["seq"] > own and frame["author"] != "customer":
                            await self.client.hang_up()
                            return
            await self.client.hang_up()
            await asyncio.sleep(0.5)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("victim", ["actions", "redis", "web", "rasa"])
async def test_no_message_is_lost_or_doubled_when_a_process_is_killed(
    crash_stack: Stack, victim: str
) -> None:
    customers = [Stubborn(crash_stack.url) for _ in range(CUSTOMERS)]
    running = [asyncio.create_task(customer.converse()) for customer in customers]
    async with asyncio.timeout(GIVE_UP_S):
        await customers[CUSTOMERS // 2].answered.wait()
        crash_stack.kill(victim)
        await asyncio.gather(*running)
    ids = {customer.client.conversation for customer in customers}
    for customer in customers:
        await customer.client.close()
    database = crash_stack.data_dir / "frontline.db"
    async with asyncio.timeout(30):  # a dead process's claims end after `bot_timeout_s` + 4 s
        while {row[4] for row in turns_in(database)} & {"asking", "waiting"}:  # noqa: ASYNC110
            await asyncio.sleep(0.5)  # another process settles them
    check_log(turns_in(database), ids)


def turns_in(database: Path) -> list[tuple[str, int, str, str | None, str | None]]:
    """All turns: conversation, seq, author, client id, answer."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute(
            "SELECT conversation_id, seq, author, client_id, answer FROM turns"
            " ORDER BY conversation_id, seq"
        ).fetchall()


def check_log(
    rows: list[tuple[str, int, str, str | None, str | None]], ids: set[str | None]
) -> None:
    """Every message once, every one answered or refused, no answer twice, no gap in the numbers."""
    for conversation_id in ids:
        turns = [row for row in rows if row[0] == conversation_id]
        assert [row[1] for row in turns] == list(range(1, len(turns) + 1))
        said = [row for row in turns if row[2] == "customer"]
        assert len(said) == len(MESSAGES)
        assert {row[4] for row in said} <= {"done", "refused"}
        bot = [row[3] for row in turns if row[2] == "bot" and row[3]]
        assert len(bot) == len(set(bot))
        assert len(bot) >= len(MESSAGES)
