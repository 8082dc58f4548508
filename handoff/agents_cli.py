"""`frontline agents`: take agents on, give them passwords, let them go.

The first admin is made here; the others can be managed at the desk. A password is read from the
terminal without showing it, or from standard input: in arguments, others on the machine see it.
"""

import argparse
import asyncio
import getpass
import logging
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress

import structlog
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Connection, inspect

from frontline.clock import Clock, SystemClock, local
from frontline.database import Database
from frontline.errors import FrontlineError, NotFoundError, RefusedError, SettingsError
from frontline.logs import configure_logs
from frontline.settings import load_settings
from handoff import agents
from handoff.agent_values import LANGUAGES, MOST_AT_ONCE, ROLES, SKILLS, TOP_LEVEL, checked_login
from handoff.agents import Agent
from handoff.desk_tables import agents as table
from handoff.login import end_sessions, keep_password
from handoff.passwords import LONGEST, SHORTEST, Passwords, check_policy

Ask = Callable[[], str]


class AgentsCommand:
    """What the command does, on one database."""

    def __init__(
        self, database: Database, clock: Clock, passwords: Passwords, ask: Ask, console: Console
    ) -> None:
        self._database = database
        self._clock = clock
        self._passwords = passwords
        self._ask = ask
        self._console = console

    async def do(self, wanted: argparse.Namespace) -> None:
        """Do what the arguments say.

        Raises:
            FrontlineError: it cannot be done; the message says why.
        """
        await self._need_tables()
        match wanted.what:
            case "list":
                await self._list(everyone=wanted.all)
            case "add":
                await self._add(wanted)
            case "password":
                await self._password(wanted.login)
            case "deactivate":
                await self._set_active(wanted.login, active=False)
            case _:
                await self._set_active(wanted.login, active=True)

    async def _list(self, *, everyone: bool) -> None:
        async with self._database.read() as connection:
            found = await agents.everyone(connection, active_only=not everyone)
        if not found:
            self._say("There are no agents yet: frontline agents add --role admin LOGIN")
            return
        shown = Table("log-in", "name", "role", "languages", "skills", "at once", "presence")
        for one in found:
            shown.add_row(*map(escape, _cells(one)))
        self._console.print(shown)

    async def _add(self, wanted: argparse.Namespace) -> None:
        login = checked_login(wanted.login)
        async with self._database.read() as connection:
            if await agents.find(connection, login):
                raise agents.AgentExistsError(f"there is an agent {login} already")
        kept = None if wanted.no_password else await self._hashed(login)
        async with self._database.write() as connection:
            made = await agents.create(
                connection,
                login=login,
                name=wanted.name or wanted.login.strip().partition("@")[0],
                now=self._clock.now(),
                role=wanted.role,
                languages=wanted.language or LANGUAGES,
                skills=_numbers(wanted.skill),
                capacity=_numbers(wanted.capacity) if wanted.capacity else None,
                subject=wanted.subject,
            )
            if kept:
                await keep_password(connection, made.id, kept)
        self._say(f"{made.login} is here as {made.role}; customers see “{made.name}”.")

    async def _password(self, login: str) -> None:
        agent = await self._known(login)
        kept = await self._hashed(agent.login)
        async with self._database.write() as connection:
            await keep_password(connection, agent.id, kept)
            await end_sessions(connection, agent.id)
        self._say(f"{agent.login} has a new password and is logged out everywhere.")

    async def _set_active(self, login: str, *, active: bool) -> None:
        agent = await self._known(login)
        async with self._database.write() as connection:
            if active:
                await agents.activate(connection, agent.id)
            else:
                await agents.deactivate(connection, agent.id, self._clock.now())
        self._say(f"{agent.login} {'may log in again' if active else 'cannot log in any more'}.")

    async def _known(self, login: str) -> Agent:
        async with self._database.read() as connection:
            found = await agents.find(connection, login)
        if found is None:
            raise NotFoundError("there is no such agent; `frontline agents list --all` shows them")
        return found

    async def _hashed(self, login: str) -> str:
        password = self._ask()
        check_policy(password, login)
        return await self._passwords.hash(password)

    async def _need_tables(self) -> None:
        def exists(sync: Connection) -> bool:
            return inspect(sync).has_table(table.name)

        async with self._database.read() as connection:
            if not await connection.run_sync(exists):
                raise SettingsError("the database has no tables yet; run `frontline migrate` first")

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="frontline agents", description="Who works at the desk.")
    what = made.add_subparsers(dest="what", required=True)
    listing = what.add_parser("list", help="show the agents")
    listing.add_argument("--all", action="store_true", help="the deactivated too")
    add = what.add_parser("add", help="take somebody on; asks for a password")
    add.add_argument("login", help="name to log in with; an e-mail address for OpenID Connect")
    add.add_argument("--name", default="", help="what customers are shown")
    add.add_argument("--role", choices=ROLES, default="agent")
    add.add_argument("--language", action="append", choices=LANGUAGES, help="again for more")
    add.add_argument(
        "--skill", action="append", default=[], metavar="SKILL[=LEVEL]",
        help=f"of: {', '.join(SKILLS)}; level 1 to {TOP_LEVEL}; again for more",
    )  # fmt: skip
    add.add_argument(
        "--capacity", action="append", default=[], metavar="CHANNEL=N",
        help=f"cases at once on {' and '.join(MOST_AT_ONCE)}; again for more",
    )  # fmt: skip
    add.add_argument("--subject", default="", help="their `sub` at the OpenID Connect provider")
    add.add_argument("--no-password", action="store_true", help="they log in with the provider")
    for name, text in (
        ("password", "give a new password; all their sessions end"),
        ("deactivate", "take the desk away at once"),
        ("activate", "let them log in again"),
    ):
        what.add_parser(name, help=text).add_argument("login")
    return made


def ask_password() -> str:
    """A password from the terminal, typed twice, or a line of standard input.

    Raises:
        RefusedError: the two differ.
    """
    if not sys.stdin.isatty():
        return sys.stdin.readline(LONGEST + 2).rstrip("\r\n")
    first = getpass.getpass(f"Password, at least {SHORTEST} characters: ")
    if getpass.getpass("The same again: ") != first:
        raise RefusedError("these are two different passwords")
    return first


def _numbers(pairs: Sequence[str]) -> dict[str, int]:
    """`complaints=2` as a dict; a name alone counts 1."""
    found = {}
    for pair in pairs:
        name, _, number = pair.partition("=")
        if not (number or "1").isdecimal():
            raise RefusedError(f"{pair}: a number after the equals sign")
        found[name] = int(number or "1")
    return found


def _cells(agent: Agent) -> tuple[str, ...]:
    since = local(agent.presence_since).strftime("%d.%m. %H:%M")
    state = f"{agent.presence} since {since}" if agent.active else "deactivated"
    return (
        agent.login,
        agent.name,
        agent.role,
        " ".join(agent.languages),
        ", ".join(f"{skill} {level}" for skill, level in agent.skills.items()),
        ", ".join(f"{channel} {most}" for channel, most in agent.capacity.items()),
        state,
    )


async def run(arguments: Sequence[str], ask: Ask, console: Console) -> None:
    """The command on the database of the settings.

    Raises:
        FrontlineError: it cannot be done; the message says why.
    """
    wanted = parser().parse_args(arguments)
    database, passwords = Database(load_settings().resolved_database_url), Passwords()
    try:
        await AgentsCommand(database, SystemClock(), passwords, ask, console).do(wanted)
    finally:
        passwords.close()
        await database.close()


def main() -> int:
    """Entry point; 0 = done, 1 = the message on standard error says what is wrong."""
    try:
        configure_logs(load_settings())
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
        asyncio.run(run(sys.argv[1:], ask_password, Console()))
    except FrontlineError as error:
        sys.stderr.write(f"frontline: {error}\n")
        return 1
    except (KeyboardInterrupt, EOFError):
        with suppress(OSError):
            sys.stderr.write("\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
