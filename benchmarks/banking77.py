"""Our intent model on Banking77, so that it can be compared with what is published on it.

Needs the data, which are not ours to ship: `--data FOLDER` or FRONTLINE_BANKING77=FOLDER. Without
them it says where to get them and ends.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.report import report
from frontline.model import BOT, BOT_PYTHON

WHERE = """\
banking77 is left out: no data. Put train.csv and test.csv (columns text, category) of PolyAI's
  https://github.com/PolyAI-LDN/task-specific-datasets/tree/master/banking_data
into a folder and name it with --data or FRONTLINE_BANKING77. Licence: CC BY 4.0, I. Casanueva et
al., Efficient Intent Detection with Dual Sentence Encoders, 2020. Do not commit them."""
SEEDS = ("0", "1", "2")
SHOTS = "10"


def run(data: Path, *options: str) -> list[dict[str, Any]]:
    """One result for each training.

    Raises:
        SystemExit: a file is missing or of another form.
    """
    command = [str(BOT_PYTHON), "-m", "classify_csv", str(data / "train.csv")]
    command += [str(data / "test.csv"), *options]
    done = subprocess.run(command, cwd=BOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.returncode)
    return [json.loads(line) for line in done.stdout.splitlines()]


def measure(data: Path) -> dict[str, float]:
    """All figures: learned from everything, and from ten sentences per intent."""
    [full] = run(data)
    few = run(data, "--shots", SHOTS, "--seeds", *SEEDS)
    return {
        "accuracy": full["accuracy"],
        "fit_s": full["fit_s"],
        "classify_ms": full["classify_ms"],
        "n_train": full["n_train"],
        "n_test": full["n_test"],
        "ten_shot_accuracy": statistics.mean(one["accuracy"] for one in few),
        "ten_shot_fit_s": statistics.mean(one["fit_s"] for one in few),
        "ten_shot_n_train": few[0]["n_train"],
    }


def main() -> None:
    """Measure and print, or say what is missing."""
    parser = argparse.ArgumentParser(prog="banking77")
    parser.add_argument("--data", type=Path, default=os.environ.get("FRONTLINE_BANKING77") or None)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    if chosen.data is None:
        print(WHERE, file=sys.stderr)
        return
    report("banking77", measure(chosen.data.resolve()), {}, "ten-shot: mean of three seeds")


if __name__ == "__main__":
    main()
