import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from frontline.logs import configure_logs
from frontline.settings import Settings


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_is_json_with_a_static_event_and_keys(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(Settings())
    structlog.get_logger().info("case.opened", case_id="c1", wait_s=1.5)
    (line,) = lines(capsys)
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "case.opened", "case_id": "c1", "wait_s": 1.5, "level": "info"}


def test_personal_data_is_dropped_unless_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(Settings())
    structlog.get_logger().info("turn", pii_text="Jan")
    configure_logs(Settings(log_pii=True))
    structlog.get_logger().info("turn", pii_text="Jan")
    first, second = lines(capsys)
    assert "pii_text" not in first
    assert second["pii_text"] == "Jan"


def test_what_an_exception_quotes_is_masked(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(Settings())
    try:
        raise ValueError("no customer jan@example.com")
    except ValueError:
        structlog.get_logger().exception("shop.failed")
    (line,) = lines(capsys)
    assert "ValueError: no customer <email>" in line["exception"]


def test_libraries_warn_in_the_same_form_and_do_not_chat(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logs(Settings())
    logging.getLogger("library").info("hello")
    logging.getLogger("library").warning("bad address %s", "jan@example.com")
    (line,) = lines(capsys)
    assert (line["event"], line["level"]) == ("bad address <email>", "warning")


def test_the_console_form_is_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(Settings(log_format="console"))
    structlog.get_logger().info("case.opened", case_id="c1")
    shown = capsys.readouterr().err
    assert "case.opened" in shown
    assert "case_id=c1" in shown
