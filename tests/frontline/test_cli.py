import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest
from typer.testing import CliRunner

from frontline import cli, launcher, model
from frontline.errors import UnavailableError
from frontline.runstate import RunLock, Running
from frontline.settings import Settings


class Became(BaseException):
    """The process would be another program now."""


@pytest.fixture
def became(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    seen: list[Any] = []

    def execve(_path: str, command: list[str], env: dict[str, str]) -> NoReturn:
        seen[:] = [command[1:], env]
        raise Became

    monkeypatch.setattr(os, "execve", execve)
    return seen


def run(*arguments: str) -> Any:
    with contextlib.suppress(Became):
        return CliRunner().invoke(cli.app, arguments)


@pytest.mark.parametrize(
    ("arguments", "started"),
    [
        (["chat", "--lang", "en"], ["-m", "web_chat.terminal", "--lang", "en"]),
        (["chat", "--help"], ["-m", "web_chat.terminal", "--help"]),
        (["cases"], ["-m", "handoff.terminal", "cases"]),
        (
            ["answer", "R-2026-000001", "--name", "Ola"],
            ["-m", "handoff.terminal", "answer", "R-2026-000001", "--name", "Ola"],
        ),
    ],
)
def test_arguments_are_passed_on(
    became: list[Any], arguments: list[str], started: list[str]
) -> None:
    run(*arguments)
    assert became[0] == started


def test_tools_talk_to_what_is_running(
    became: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRONTLINE_DATA_DIR", str(tmp_path))
    addresses = {"port": "18099", "redis_url": "unix:///run/redis.sock"}
    with RunLock(tmp_path) as lock:
        lock.write(Running(os.getpid(), "http://127.0.0.1:18099/", "now", addresses, ready=True))
        run("chat")
    assert became[1]["FRONTLINE_PORT"] == "18099"
    assert became[1]["FRONTLINE_REDIS_URL"] == "unix:///run/redis.sock"
    run("chat")
    assert became[1]["FRONTLINE_PORT"] == "8080"


def test_files_to_evaluate_are_found_from_the_bots_folder(
    became: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "BOT", tmp_path / "bot")
    monkeypatch.setattr(model, "BOT_PYTHON", Path(sys.executable))
    (tmp_path / "bot").mkdir()
    (tmp_path / "held_out.tsv").touch()
    monkeypatch.chdir(tmp_path)
    file = str(tmp_path / "held_out.tsv")
    run("evaluate", "held_out.tsv", "--json", "--url", "http://127.0.0.1:5005")
    assert became[0] == ["-m", "evaluate", file, "--json", "--url", "http://127.0.0.1:5005"]


def test_the_model_of_the_present_content_is_evaluated(
    became: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def train(_settings: Settings) -> tuple[Path, bool]:
        return tmp_path / "model.tar.gz", False

    monkeypatch.setattr(model, "BOT", tmp_path)
    monkeypatch.setattr(model, "BOT_PYTHON", Path(sys.executable))
    monkeypatch.setattr(model, "train", train)
    monkeypatch.chdir(tmp_path)
    run("evaluate", "missing.tsv")
    assert became[0] == ["-m", "evaluate", "missing.tsv", "--model", f"{tmp_path}/model.tar.gz"]


def test_an_expected_error_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fail(_settings: Settings) -> int:
        raise UnavailableError("the database does not answer")

    monkeypatch.setattr(launcher, "up", fail)
    monkeypatch.setattr(sys, "argv", ["frontline", "up"])
    with pytest.raises(SystemExit, match="1"):
        cli.main()
    assert capsys.readouterr().err == "frontline: the database does not answer\n"


def test_a_wrong_setting_is_one_sentence(tmp_path: Path) -> None:
    env = os.environ | {"FRONTLINE_PORT": "none"}
    done = subprocess.run(
        [sys.executable, "-m", "frontline", "doctor"],
        env=env,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("frontline: FRONTLINE_PORT: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(("port", "code"), [(18099, 0), (18098, 1)])
def test_a_second_start_says_what_is_running(tmp_path: Path, port: int, code: int) -> None:
    env = os.environ | {"FRONTLINE_DATA_DIR": str(tmp_path)}
    with RunLock(tmp_path) as lock:
        lock.write(Running(4711, "http://127.0.0.1:18099/", "2026-11-24", {}, ready=True))
        done = subprocess.run(
            [sys.executable, "-m", "frontline", "up", "--port", str(port)],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == code, done.stderr
    assert "already running: http://127.0.0.1:18099/ (process 4711" in done.stdout


def test_the_run_state_is_json_for_other_tools(tmp_path: Path) -> None:
    with RunLock(tmp_path) as lock:
        lock.write(Running(1, "http://127.0.0.1:8080/", "now", {"port": "8080"}))
        written = json.loads((tmp_path / "run" / "frontline.json").read_text())
    assert written["settings"] == {"port": "8080"}
    assert not (tmp_path / "run" / "frontline.json").exists()
