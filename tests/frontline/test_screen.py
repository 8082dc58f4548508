import io
from pathlib import Path

import pytest
from rich.console import Console

from frontline import screen as screen_module
from frontline.screen import Screen


def make(tmp_path: Path, *, terminal: bool) -> tuple[Screen, io.StringIO]:
    output = io.StringIO()
    console = Console(file=output, force_terminal=terminal, width=80, soft_wrap=True)
    return Screen(console, tmp_path / "launcher.log"), output


def test_without_a_terminal_every_line_is_plain(tmp_path: Path) -> None:
    screen, output = make(tmp_path, terminal=False)
    with screen:
        screen.begin("rasa", "starts")
        screen.done("rasa", "ready")
        screen.say("[not markup]")
    first, second, third = output.getvalue().splitlines()
    assert first == "rasa       starts …"
    assert second.startswith("rasa       ready, 0.")
    assert third == "[not markup]"


def test_a_terminal_shows_progress_while_it_lasts(tmp_path: Path) -> None:
    screen, output = make(tmp_path, terminal=True)
    with screen:
        screen.begin("rasa", "starts")
        screen.done("rasa", "ready")
    assert "rasa       ready" in output.getvalue()


def test_a_long_step_says_that_it_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    screen, output = make(tmp_path, terminal=False)
    screen.begin("model", "trains")
    screen.still()
    assert len(output.getvalue().splitlines()) == 1
    monkeypatch.setattr(screen_module, "STILL_S", 0)
    screen.still()
    assert output.getvalue().splitlines()[1] == "model      … 0 s"


def test_what_was_said_is_kept_with_its_time(tmp_path: Path) -> None:
    screen, _ = make(tmp_path, terminal=False)
    screen.say("rasa ended")
    (line,) = (tmp_path / "launcher.log").read_text().splitlines()
    assert line[4] == "-"
    assert line.endswith("Z rasa ended")


def test_what_is_only_shown_is_in_no_log(tmp_path: Path) -> None:
    path = tmp_path / "launcher.log"
    screen = Screen(Console(file=io.StringIO()), log_path=path)
    screen.say("Ready")
    screen.show("secret")
    assert "secret" not in path.read_text()
    assert "secret" in screen.console.file.getvalue()  # type: ignore[attr-defined]
