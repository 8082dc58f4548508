import json
import re
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from frontline.clock import SystemClock
from frontline.settings import PROJECT
from tools.check_content import main, problems
from tools.content.problems import ERRORS, WARNINGS, Problems

Edit = Callable[[str, str, str], None]
TODAY = date(2026, 7, 1)
TWIN = "    - dzień dobry, piszę w sprawie paczki od kuriera\n"


def test_good_content_has_no_mistake(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(root)], TODAY) == 0
    assert capsys.readouterr().out == "the content is in order\n"


def test_a_mistake_is_printed_with_file_line_and_kind_and_fails(
    root: Path, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    edit("nlu_data/pl/dialogue/stop.yml", "nieważne", "CZESC!")
    assert main([str(root)], TODAY) == 1
    assert capsys.readouterr().out.splitlines() == [
        "nlu_data/pl/dialogue/stop.yml:4: “CZESC!” is also greet"
        " in nlu_data/pl/dialogue/greet.yml:6; keep one, as nlu_data/intents.yml decides"
        " [two-intents]",
        "1 mistake in the content",
    ]


def test_a_warning_does_not_fail(
    root: Path, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    two = TWIN + TWIN.replace("sprawie", "sprawach")
    edit("nlu_data/pl/dialogue/greet.yml", "    - cześć\n", two)
    assert main([str(root)], TODAY) == 0
    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith("nlu_data/pl/dialogue/greet.yml:7: warning: “dzień dobry, piszę")
    assert last == "the content is in order; warnings to judge: 1"


def test_programs_get_json(root: Path, edit: Edit, capsys: pytest.CaptureFixture[str]) -> None:
    edit("nlu_data/rules/dialogue.yml", "action_stop", "action_halt")
    assert main([str(root), "--json"], TODAY) == 1
    assert json.loads(capsys.readouterr().out) == {
        "errors": 1,
        "warnings": 0,
        "problems": [
            {
                "file": "nlu_data/rules/dialogue.yml",
                "line": 9,
                "kind": "unknown",
                "severity": "error",
                "text": "action action_halt is not in bot/domain",
            }
        ],
    }


def test_a_kind_that_nobody_explains_cannot_be_reported(root: Path) -> None:
    with pytest.raises(KeyError):
        Problems(root).add((root, 1), "odd", "something")


def test_the_guide_explains_every_kind_and_no_other() -> None:
    guide = (PROJECT / "nlu_data" / "README.pl.md").read_text("utf-8")
    explained = re.findall(r"^\| `([a-z-]+)` \|", guide, re.MULTILINE)
    assert sorted(explained) == sorted([*ERRORS, *WARNINGS])


def test_the_guide_shows_only_pictures_that_exist_and_are_small() -> None:
    guide = PROJECT / "nlu_data" / "README.pl.md"
    pictures = re.findall(r"!\[([^\]]+)\]\(([^)]+\.png)\)", guide.read_text("utf-8"))
    assert len(pictures) >= 4
    for description, name in pictures:
        assert len(description) > 20, name
        assert (guide.parent / name).stat().st_size <= 100_000, name


def test_the_projects_content_is_checked_within_five_seconds() -> None:
    began = time.process_time()
    problems(PROJECT, SystemClock().now().date())
    assert time.process_time() - began < 5
