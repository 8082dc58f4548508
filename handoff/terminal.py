"""The agent's plain tools: the list of waiting cases, and answering one in a terminal."""

import asyncio
import contextlib
import logging
import sys
from collections.abc import AsyncIterator, Sequence

import structlog

from frontline.clock import local
from frontline.errors import FrontlineError, NotFoundError, UnavailableError
from frontline.ids import new_id
from frontline.logs import configure_logs
from frontline.settings import load_settings
from frontline.turns import Author, Turn
from handoff import agents
from handoff.app_parts import Parts, open_parts
from handoff.bell import Ring
from handoff.case import Case
from handoff.moves import Actor, StaleFenceError

HEARTBEAT_S = 10
DEMO_NAME = "Demo"
"""What the customer is told when `--name` is not given; never the machine's user."""
TERMINAL_LOGIN = "terminal"
"""The account under which the terminal answers; nobody can log in with it."""
HELP = "/return NOTE gives the conversation back to the bot, /close NOTE ends the case, /help"
USAGE = "usage: cases | answer CASE [--name NAME]"
SIGNS = {Author.CUSTOMER: "klient", Author.BOT: "bot", Author.SYSTEM: "system"}


def say(line: str) -> None:
    """Print for the agent, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def list_cases(parts: Parts) -> None:
    """Print the waiting cases in the order in which they are to be answered."""
    queued: dict[str, Case] = {case.id: case for case in await parts.cases.waiting()}
    try:
        order = [name for name in await parts.queue.waiting() if name in queued]
        order += [name for name in queued if name not in order]
    except UnavailableError:
        say("Redis does not answer: this list comes from the database, oldest due first.")
        order = list(queued)
    if not order:
        say("No case is waiting.")
    for name in order:
        case = queued[name]
        due = local(case.due_at).strftime("%H:%M")
        say(
            f"{case.number}  due {due}  {case.language} {case.channel}  {case.reason}"
            f"  {case.detail}".rstrip()
        )


def describe(case: Case) -> list[str]:
    """What is known about a case, a line each."""
    known = case.context
    identity = known.get("identity") or {}
    tried = [
        f"{step.get('action')}{'' if step.get('ok') else ' (failed)'}"
        for step in known.get("attempted") or []
    ]
    facts = {
        "asked for": case.detail,
        "identity": " ".join(
            str(part)
            for part in (identity.get("level"), identity.get("method"), identity.get("orders"))
            if part
        ),
        "bot tried": ", ".join(tried),
        "topics": " → ".join(i.get("name", "?") for i in known.get("intents") or []),
        **{k: v for k, v in (known.get("slots") or {}).items() if v not in (None, "", [], {})},
    }
    lines = [f"Case {case.number} ({case.language}, {case.channel}), reason: {case.reason}"]
    return lines + [f"  {name:<14}{value}" for name, value in facts.items() if value]


class AnswerDesk:
    """One agent answering one case in a terminal."""

    def __init__(self, parts: Parts, case: Case, agent: Actor) -> None:
        self._parts = parts
        self._case = case
        self._agent = agent
        self._seen = 0
        self._news = asyncio.Event()

    async def run(self, lines: AsyncIterator[str]) -> None:
        """Show the conversation and send `lines` until the case is given away.

        When the lines end without /return or /close, the case goes back to its place in the queue.
        """
        self._parts.bell.listen(self._on_ring)
        side = [
            asyncio.create_task(self._parts.bell.run()),
            asyncio.create_task(self._beat()),
            asyncio.create_task(self._follow()),
        ]
        try:
            finished = await self._read(lines)
            if not finished:
                await self._parts.handling.lose(self._case.id, self._agent.id, self._case.fence)
                say("The case is back in the queue.")
        except StaleFenceError as error:
            say(f"{error}; nothing more can be sent.")
        finally:
            await self._show_new()
            for task in side:
                task.cancel()
            await asyncio.gather(*side, return_exceptions=True)

    async def _read(self, lines: AsyncIterator[str]) -> bool:
        handling, agent, case = self._parts.handling, self._agent, self._case
        async for line in lines:
            word, _, rest = line.strip().partition(" ")
            match word:
                case "":
                    continue
                case "/help":
                    say(HELP)
                case "/return":
                    await handling.give_back(case.id, agent, case.fence, rest)
                    return True
                case "/close":
                    await handling.close(case.id, agent, case.fence, None, rest)
                    return True
                case _:
                    await handling.says(case.id, agent, case.fence, line.strip(), new_id())
        return False

    async def _on_ring(self, ring: Ring) -> None:
        if ring.conversation_id == self._case.conversation_id and ring.typing is None:
            self._news.set()

    async def _follow(self) -> None:
        while True:
            with contextlib.suppress(UnavailableError):
                await self._show_new()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):  # the ring is only a hint
                    await self._news.wait()
            self._news.clear()

    async def _show_new(self) -> None:
        for turn in await self._parts.conversations.turns(self._case.conversation_id, self._seen):
            if turn.seq > self._seen:
                self._seen = turn.seq
                say(show(turn))

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            with contextlib.suppress(UnavailableError):
                await beat(self._parts, self._agent, self._case)


def show(turn: Turn) -> str:
    """A turn as a line of the transcript."""
    who = turn.name or SIGNS.get(turn.author, str(turn.author))
    return f"[{local(turn.at).strftime('%H:%M:%S')}] {who}: {turn.text}"


async def stdin_lines() -> AsyncIterator[str]:
    """Lines of standard input, without blocking the loop."""
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        yield line


async def beat(parts: Parts, agent: Actor, case: Case) -> None:
    """A sign of life, so that the case is not taken away."""
    async with parts.database.write() as connection:
        await agents.touch(connection, agent.id, parts.clock.now())
    await parts.queue.heartbeat(agent.id, {case.id: case.fence})


async def answer(parts: Parts, name: str, shown_as: str) -> None:
    """Take the case and converse until it is given away."""
    async with parts.database.write() as connection:
        known = await agents.ensure(connection, TERMINAL_LOGIN, shown_as, parts.clock.now())
        await agents.touch(connection, known.id, parts.clock.now())
    agent = Actor(known.id, shown_as)
    case = await parts.handling.claim((await parts.cases.find(name)).id, agent)
    for line in describe(case):
        say(line)
    say(HELP)
    await AnswerDesk(parts, case, agent).run(stdin_lines())


async def run(arguments: Sequence[str]) -> int:
    """The command line; returns the exit code."""
    async with open_parts(load_settings()) as parts:
        match list(arguments):
            case ["cases"]:
                await list_cases(parts)
            case ["answer", name]:
                await answer(parts, name, DEMO_NAME)
            case ["answer", name, "--name", agent]:
                await answer(parts, name, agent)
            case _:
                say(USAGE)
                return 2
    return 0


def main() -> int:
    """Entry point of `frontline cases` and `frontline answer`."""
    try:
        configure_logs(load_settings())
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
        return asyncio.run(run(sys.argv[1:]))
    except NotFoundError as error:
        say(f"{error}; `frontline cases` lists the waiting ones.")
    except FrontlineError as error:
        say(str(error))
    except KeyboardInterrupt:
        say("")
    return 1


if __name__ == "__main__":
    sys.exit(main())
