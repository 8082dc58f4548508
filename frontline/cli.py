"""The `frontline` command: starts services and tools as processes and imports none of them."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from frontline.errors import FrontlineError, NotFoundError, SettingsError
from frontline.runstate import settings_of_run
from frontline.settings import PROJECT, Settings, environment, load_settings

PASSED_ON = {
    "allow_extra_args": True,
    "ignore_unknown_options": True,
    "allow_interspersed_args": False,
}
"""For commands whose arguments, `--help` included, belong to the program they start."""

app = typer.Typer(
    help="A contact-centre front line: bot, web chat and people.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


models = typer.Typer(help="Speech models: which are used, and fetching better ones.")
app.add_typer(models, name="models")


@app.command()
def up(
    port: Annotated[int | None, typer.Option(help="Port of the web chat.")] = None,
    no_voice: Annotated[
        bool, typer.Option("--no-voice", help="Start without the phone line.")
    ] = False,
) -> None:
    """Start all services and keep them running until Ctrl-C."""
    from frontline.launcher import up as launch

    settings = load_settings()
    given = {"port": port} if port is not None else {}
    given |= {"voice": False} if no_voice else {}
    settings = settings.model_validate(settings.model_dump() | given)
    raise typer.Exit(asyncio.run(launch(settings)))


@app.command(context_settings=PASSED_ON, add_help_option=False)
def chat(context: typer.Context) -> None:
    """Be a customer in the terminal: [--lang pl|en]."""
    _become(context, "web_chat.terminal")


@app.command(context_settings=PASSED_ON, add_help_option=False)
def call(context: typer.Context) -> None:
    """Call without a telephone: [--say TEXT] [--wav FILE] [--press KEYS] … [--lang pl|en]."""
    _become(context, "voice_gateway.terminal")


@app.command(context_settings=PASSED_ON, add_help_option=False)
def cases(context: typer.Context) -> None:
    """List the cases that wait for a person."""
    _become(context, "handoff.terminal", "cases")


@app.command(context_settings=PASSED_ON, add_help_option=False)
def answer(context: typer.Context) -> None:
    """Answer a customer as an agent: CASE [--name NAME]."""
    _become(context, "handoff.terminal", "answer")


@app.command(context_settings=PASSED_ON, add_help_option=False)
def agents(context: typer.Context) -> None:
    """Who works at the desk: list | add | password | deactivate | activate."""
    _become(context, "handoff.agents_cli")


@app.command(context_settings=PASSED_ON, add_help_option=False)
def evaluate(context: typer.Context) -> None:
    """Measure the bot: FILE.tsv … [--json] [--url URL] [--against live|MODEL] [--floor FILE]."""
    from frontline.live_model import live_path
    from frontline.model import BOT, BOT_PYTHON, model_path
    from frontline.model import train as train_bot

    settings = settings_of_run(load_settings())
    _require_bot()
    arguments = [str(Path(a).resolve()) if Path(a).exists() else a for a in context.args]
    arguments = _with_live(arguments, live_path(settings))
    if not {"--url", "--model", "--help"} & {argument.split("=")[0] for argument in arguments}:
        if not model_path(settings).exists():
            typer.echo("the content changed: training the bot first", err=True)
        path, _ = asyncio.run(train_bot(settings))
        arguments += ["--model", str(path)]
    os.chdir(BOT)
    _exec([str(BOT_PYTHON), "-m", "evaluate", *arguments], settings)


@app.command()
def train(
    force: Annotated[
        bool, typer.Option("--force", help="Even if nothing changed, or it was rolled back.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on: each saved change is live within seconds.")
    ] = False,
    evaluated: Annotated[
        list[Path] | None,
        typer.Option("--evaluate", help="With --watch: measure on this file after each change."),
    ] = None,
) -> None:
    """Train the bot if its content changed; a running front line answers with it at once."""
    from frontline.train_command import train_once, watch_content

    settings = settings_of_run(load_settings())
    _require_bot()
    if watch:
        watch_content(settings, evaluated or [])
    else:
        asyncio.run(train_once(settings, force=force))


@app.command()
def rollback() -> None:
    """Put the model before the live one back; a running front line answers with it at once."""
    from frontline.train_command import roll_back_now

    _require_bot()
    asyncio.run(roll_back_now(settings_of_run(load_settings())))


@app.command(context_settings=PASSED_ON, add_help_option=False)
def validate(context: typer.Context) -> None:
    """Check the content that editors write; mistakes come with file and line."""
    command = [sys.executable, str(PROJECT / "tools" / "check_content.py"), *context.args]
    settings = load_settings()
    if context.args or settings.content_dir == PROJECT:
        _exec(command)
    from frontline.model import snapshot

    with snapshot(settings) as content:
        raise typer.Exit(subprocess.run([*command, str(content)], check=False).returncode)


@app.command()
def doctor() -> None:
    """Say whether this installation is healthy; exit code 1 when something fails."""
    from frontline.doctor import examine

    raise typer.Exit(asyncio.run(examine(load_settings())))


@models.callback(invoke_without_command=True)
def list_models(context: typer.Context) -> None:
    """Which speech models are used, and which can be fetched."""
    from frontline.models_command import list_models as listing

    if context.invoked_subcommand is None:
        raise typer.Exit(listing(load_settings()))


@models.command()
def fetch(
    languages: Annotated[list[str] | None, typer.Argument(help="pl, en; none = both.")] = None,
    url: Annotated[
        str, typer.Option("--url", help="Another place where the files lie side by side.")
    ] = "",
) -> None:
    """Bring the production models; what was cut goes on from there."""
    from frontline.models_command import fetch_models

    fetch_models(load_settings(), languages or [], url)


@app.command()
def migrate() -> None:
    """Bring the database's tables up to date."""
    os.chdir(PROJECT)
    _exec([sys.executable, "-m", "alembic", "upgrade", "head"], load_settings())


def main() -> None:
    """Run the command line; errors that we expect are one sentence, not a traceback."""
    try:
        app()
    except FrontlineError as error:
        typer.echo(f"frontline: {error}", err=True)
        sys.exit(1)


def _with_live(arguments: list[str], live: Path | None) -> list[str]:
    """The arguments with the live model's file for `--against live`."""
    split = [p for a in arguments for p in (a.split("=", 1) if a == "--against=live" else [a])]
    for place, argument in enumerate(split[1:], start=1):
        if (split[place - 1], argument) == ("--against", "live"):
            if live is None:
                raise NotFoundError("no model is live yet")
            split[place] = str(live)
    return split


def _become(context: typer.Context, module: str, *arguments: str) -> NoReturn:
    """Turn into a module's program, with the addresses of what is running."""
    settings = settings_of_run(load_settings())
    _exec([sys.executable, "-m", module, *arguments, *context.args], settings)


def _exec(command: list[str], settings: Settings | None = None) -> NoReturn:
    sys.stdout.flush()
    env = environment(settings) if settings else None
    if env is None:
        os.execv(command[0], command)  # noqa: S606
    os.execve(command[0], command, env)  # noqa: S606


def _require_bot() -> None:
    from frontline.model import BOT_PYTHON

    if not BOT_PYTHON.exists():
        raise SettingsError("the bot's environment is missing; run `make setup`")
