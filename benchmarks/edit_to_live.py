"""From saving a sentence to the running bot understanding it.

A front line of its own, on a copy of the content. Cold: `frontline train` is started after the
save. Warm: `frontline train --watch` runs already.
"""

import contextlib
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from benchmarks.report import report
from frontline.model import content_sources
from frontline.settings import PROJECT
from tests.common.stack import Stack, running_stack

ROUNDS = 3
PATIENCE_S = 300
INTENT_FILE = "nlu_data/pl/company/opening_hours.yml"
INTENT = "opening_hours"
INVENTED = (
    "zbrumfilujcie kwartojnie", "pofrędźcie szmergle", "wydzumblij mi grzdyle",
    "naczmurzcie bździągwy", "odkwirlujmy fąfle", "rozpłąćkuj trzmielce",
)  # fmt: skip
"""A sentence for each round: words that nothing was trained on."""


def copy_content(folder: Path) -> Path:
    """The project's content in a folder of its own."""
    for source in content_sources():
        target = folder / source.relative_to(PROJECT)
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copyfile(source, target)
    return folder


def understood(stack: Stack, text: str) -> str:
    """The intent that the running bot finds."""
    url = stack.state.settings["rasa_url"] + "/model/parse"
    request = urllib.request.Request(url, json.dumps({"text": text}).encode())  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        parse = json.loads(answer.read())
    return str(parse["intent"]["name"])


def save(content: Path, sentence: str) -> float:
    """Add a sentence to the intent, as an editor does; when that was done."""
    path = content / INTENT_FILE
    text = path.read_text(encoding="utf-8").rstrip("\n")
    path.write_text(f"{text}\n    - {sentence}\n", encoding="utf-8")
    return time.monotonic()


def until_live(stack: Stack, sentence: str, saved: float) -> float:
    """Seconds from the save to the first right answer.

    Raises:
        RuntimeError: it did not come.
    """
    while understood(stack, sentence) != INTENT:
        if time.monotonic() - saved > PATIENCE_S:
            raise RuntimeError(f"the bot never understood {sentence!r}")
        time.sleep(0.02)
    return time.monotonic() - saved


def edit(stack: Stack, content: Path, sentence: str) -> float:
    """Save a sentence that the bot does not understand yet.

    Raises:
        RuntimeError: it understands it already, so nothing could be measured.
    """
    if understood(stack, sentence) == INTENT:
        raise RuntimeError(f"the bot understands {sentence!r} already")
    return save(content, sentence)


def cold(stack: Stack, content: Path, sentence: str) -> float:
    """One edit with a training that starts from nothing."""
    saved = edit(stack, content, sentence)
    with frontline(stack, "train"):
        return until_live(stack, sentence, saved)


@contextlib.contextmanager
def frontline(stack: Stack, *arguments: str) -> Iterator[Path]:
    """A `frontline` command beside the running front line; gives the file with what it says."""
    output = stack.data_dir / f"{'-'.join(arguments)}.log"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "frontline", *arguments],
            cwd=PROJECT,
            env=stack.environment(),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        yield output
        if "--watch" not in arguments and process.wait():
            raise RuntimeError(output.read_text()[-2000:])
    finally:
        process.terminate()
        process.wait()


def warm(stack: Stack, content: Path, sentences: tuple[str, ...]) -> list[float]:
    """Some edits while `frontline train --watch` runs.

    Raises:
        RuntimeError: the content is not valid.
    """
    times = []
    with frontline(stack, "train", "--watch") as output:
        deadline = time.monotonic() + PATIENCE_S
        while "live already" not in (said := output.read_text()):
            if "not valid" in said or time.monotonic() > deadline:
                raise RuntimeError(f"it does not begin to watch:\n{said[-2000:]}")
            time.sleep(0.1)
        for sentence in sentences:
            saved = edit(stack, content, sentence)
            times.append(until_live(stack, sentence, saved))
            while output.read_text().count("live after") < len(times):
                time.sleep(0.05)
    return times


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="fl-") as name:
        content = copy_content(Path(name) / "content")
        with running_stack(Path(name) / "data", content_dir=str(content)) as stack:
            cold_s = [cold(stack, content, sentence) for sentence in INVENTED[:ROUNDS]]
            warm_s = warm(stack, content, INVENTED[ROUNDS:])
    metrics = {
        "seconds": statistics.median(cold_s),
        "seconds_worst": max(cold_s),
        "warm_seconds": statistics.median(warm_s),
        "warm_seconds_worst": max(warm_s),
    }
    notes = "seconds: `frontline train` after the save; warm: `frontline train --watch` was running"
    report("edit_to_live", metrics, {}, notes)


if __name__ == "__main__":
    main()
