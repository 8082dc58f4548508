import os
import signal
import sys
from pathlib import Path

import pytest

from frontline.errors import UnavailableError
from frontline.supervisor import rotate, run_program, tail


def test_the_tail_of_a_log_is_its_last_lines(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_text("".join(f"line {n}\n" for n in range(10_000)))
    assert tail(log, 2) == "line 9998\nline 9999"


def test_a_log_that_has_grown_is_started_anew_and_older_ones_kept(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    with log.open("ab") as writer:
        for text in (b"first ", b"second", b"third ", b"fourth"):
            writer.write(text * 10)
            writer.flush()
            rotate(log, limit=50, kept=2)
        writer.write(b"now")
    assert log.read_bytes() == b"now"
    assert (tmp_path / "web.log.1").read_bytes() == b"fourth" * 10
    assert (tmp_path / "web.log.2").read_bytes() == b"third " * 10
    assert not (tmp_path / "web.log.3").exists()


def test_a_small_log_is_left_alone(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    rotate(log)
    log.write_text("short")
    rotate(log)
    assert log.read_text() == "short"
    assert len(list(tmp_path.iterdir())) == 1


async def test_a_program_that_fails_is_quoted(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('before'); raise SystemExit('because')"]
    with pytest.raises(UnavailableError, match=r"exit code 1(?s:.*)because"):
        await run_program(command, tmp_path / "log", cwd=tmp_path, env=os.environ)


async def test_a_program_that_succeeds_says_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", f"open({str(tmp_path / 'done')!r}, 'w')"]
    await run_program(command, tmp_path / "log", cwd=tmp_path, env=os.environ)
    assert (tmp_path / "done").exists()


async def test_a_program_ended_by_a_signal_has_failed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", f"import os; os.kill(os.getpid(), {signal.SIGKILL:d})"]
    with pytest.raises(UnavailableError, match="exit code -9"):
        await run_program(command, tmp_path / "log", cwd=tmp_path, env=os.environ)
