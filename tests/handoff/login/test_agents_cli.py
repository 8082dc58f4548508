import io
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from rich.console import Console

from frontline.clock import ManualClock
from frontline.database import Database
from frontline.errors import FrontlineError, NotFoundError, RefusedError, SettingsError
from frontline.settings import PROJECT
from handoff import agents, agents_cli
from handoff.agents import AgentExistsError, LastAdminError
from handoff.agents_cli import AgentsCommand, parser
from handoff.login import BadLoginError, LoggedOutError, Login
from handoff.passwords import Passwords, WeakPasswordError
from tests.handoff.login.conftest import PASSWORD

Do = Callable[..., Awaitable[str]]
HOME = "192.0.2.1"


@pytest.fixture
def do(database: Database, clock: ManualClock, passwords: Passwords) -> Do:
    """Run the command; returns what it shows."""

    async def run(line: str, password: str = PASSWORD) -> str:
        shown = io.StringIO()
        console = Console(file=shown, width=160)
        command = AgentsCommand(database, clock, passwords, lambda: password, console)
        await command.do(parser().parse_args(line.split()))
        return shown.getvalue()

    return run


async def test_the_first_admin_is_made_and_logs_in(do: Do, login: Login) -> None:
    assert "frontline agents add --role admin" in await do("list")
    assert (
        await do("add --role admin Szefowa")
        == "szefowa is here as admin; customers see “Szefowa”.\n"
    )
    assert (await login.log_in("szefowa", PASSWORD, HOME)).session.agent.role == "admin"
    with pytest.raises(AgentExistsError):
        await do("add szefowa")


async def test_an_agent_has_what_was_said(do: Do, database: Database) -> None:
    await do(
        "add anna@example.com --name Anna --language en --skill complaints=2 --skill care"
        " --capacity chat=5 --subject s-1 --no-password"
    )
    async with database.read() as connection:
        anna = await agents.find(connection, "anna@example.com")
    assert anna
    assert (anna.name, anna.languages, anna.skills) == (
        "Anna",
        ["en"],
        {"complaints": 2, "care": 1},
    )
    assert anna.capacity == {"chat": 5, "voice": 0}
    shown = await do("list")
    for part in ("anna@example.com", "complaints 2, care 1", "chat 5, voice 0", "offline since"):
        assert part in shown


async def test_a_name_that_looks_like_markup_is_shown_as_it_is(do: Do) -> None:
    await do("add anna --name [red]Anna[/]")
    assert "[red]Anna[/]" in await do("list")


async def test_a_new_password_ends_sessions(do: Do, login: Login) -> None:
    await do("add anna")
    entry = await login.log_in("anna", PASSWORD, HOME)
    await do("password Anna", "a better password")
    with pytest.raises(LoggedOutError):
        await login.session(entry.token)
    await login.log_in("anna", "a better password", HOME)


async def test_the_deactivated_are_shown_when_asked_and_may_come_back(do: Do, login: Login) -> None:
    await do("add anna")
    assert await do("deactivate anna") == "anna cannot log in any more.\n"
    with pytest.raises(BadLoginError):
        await login.log_in("anna", PASSWORD, HOME)
    assert "anna" not in (await do("list")).replace("agents add", "")
    assert "deactivated" in await do("list --all")
    await do("activate anna")
    await login.log_in("anna", PASSWORD, HOME)


@pytest.mark.parametrize(
    ("line", "password", "error"),
    [
        ("add a", PASSWORD, RefusedError),
        ("add anna --skill magic", PASSWORD, RefusedError),
        ("add anna --skill complaints=x", PASSWORD, RefusedError),
        ("add anna --capacity chat=999", PASSWORD, RefusedError),
        ("add anna", "short", WeakPasswordError),
        ("password nobody", PASSWORD, NotFoundError),
        ("deactivate nobody", PASSWORD, NotFoundError),
        ("deactivate root", PASSWORD, LastAdminError),
    ],
)
async def test_what_cannot_be_done_changes_nothing(
    do: Do, line: str, password: str, error: type[FrontlineError]
) -> None:
    await do("add --role admin root")
    before = await do("list --all")
    with pytest.raises(error):
        await do(line, password)
    assert await do("list --all") == before


@pytest.mark.parametrize("line", ["", "add", "add anna --role boss", "add anna --password secret"])
def test_there_is_no_way_to_give_a_password_as_an_argument(line: str) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(line.split())


def test_a_password_typed_twice_must_be_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(["one password", "one password", "one password", "another"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(typed))
    assert agents_cli.ask_password() == "one password"
    with pytest.raises(RefusedError, match="two different"):
        agents_cli.ask_password()


def test_the_command_reads_the_password_from_its_input(tmp_path: Path) -> None:
    env = {**os.environ, "FRONTLINE_DATA_DIR": str(tmp_path)}

    def run(module: str, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.run(
            command, cwd=PROJECT, env=env, input=given, capture_output=True, text=True, check=False
        )

    early = run("handoff.agents_cli", "list")
    assert (early.returncode, "frontline migrate" in early.stderr) == (1, True)
    assert run("alembic", "upgrade", "head").returncode == 0
    added = run("handoff.agents_cli", "add", "anna", given=PASSWORD + "\n")
    assert (added.returncode, added.stderr) == (0, "")
    weak = run("handoff.agents_cli", "password", "anna", given="anna\n")
    assert (weak.returncode, weak.stdout) == (1, "")
    assert weak.stderr == "frontline: a password has at least 12 characters\n"
    assert "anna" in run("handoff.agents_cli", "list").stdout


async def test_without_tables_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRONTLINE_DATA_DIR", str(tmp_path))
    with pytest.raises(SettingsError, match="frontline migrate"):
        await agents_cli.run(["list"], lambda: PASSWORD, Console(file=io.StringIO()))
