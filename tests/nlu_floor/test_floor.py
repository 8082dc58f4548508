"""The trained bot, as `frontline evaluate` measures it, reaches the floors of tests/nlu."""

import subprocess
import sys

import pytest

from frontline.settings import PROJECT

HELD_OUT = PROJECT / "tests" / "nlu"


@pytest.mark.timeout(600)
def test_no_figure_is_below_its_floor() -> None:
    files = [str(path) for path in sorted(HELD_OUT.rglob("*.tsv"))]
    assert files
    floors = str(HELD_OUT / "floors.json")
    done = subprocess.run(
        [sys.executable, "-m", "frontline", "evaluate", *files, "--floor", floors],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    sys.stdout.write(done.stdout)  # figures of each file and intent: shown when the test fails
    assert done.returncode == 0, done.stdout.rstrip().rpartition("\n\n")[2][-2000:] + done.stderr
