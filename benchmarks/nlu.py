"""How well and how cheaply the bot understands: ours beside Rasa's default pipeline.

Side by side, on the same sentences in one run, both learn `--per-intent` sentences of each intent
and language: the default pipeline needs more than an hour for all of them. What ours reaches on
all of them is under `full_…`. Everything is measured on the held-out sentences of tests/nlu.
"""

import argparse
import json
import random
import subprocess
import tempfile
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from benchmarks.report import report
from frontline.model import BOT, BOT_PYTHON
from frontline.settings import PROJECT

HELD_OUT = PROJECT / "tests" / "nlu"
OURS, PEER = BOT / "config.yml", BOT / "config.diet.yml"
LANGUAGES = ("pl", "en")
NEIGHBOURS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
Row = list[str]


def some_of(data: Path, out: Path, per_intent: int) -> int:
    """Write `per_intent` sentences of each intent and language; how many there are in all.

    Sentences are drawn by a fixed seed. What is kept for calibration is left out for both.
    """
    total = 0
    for language in LANGUAGES:
        examples: dict[str, list[str]] = {}
        for path in sorted((data / language).rglob("*.yml")):
            for block in yaml.safe_load(path.read_text("utf-8")).get("nlu", []):
                lines = [line for line in block["examples"].splitlines() if line.strip()]
                examples.setdefault(block.get("intent", ""), []).extend(lines)
        blocks = []
        for intent, lines in examples.items():
            drawn = random.Random(intent).sample(lines, min(per_intent, len(lines)))
            total += len(drawn)
            blocks.append({"intent": intent, "examples": "\n".join(drawn) + "\n"})
        out.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True)
        (out / f"{language}.yml").write_text(text, "utf-8")
    return total


def train(config: Path, data: Path, out: Path) -> dict[str, float]:
    """Train a pipeline; what it cost.

    Raises:
        RuntimeError: it could not be trained.
    """
    usage = out.with_suffix(".usage")
    command = [str(BOT_PYTHON), "-m", "train", "--nlu", "--data", str(data), "--out", str(out)]
    command += ["--config", str(config), "--usage", str(usage)]
    began = time.monotonic()
    done = subprocess.run(command, cwd=BOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{config.name} could not be trained:\n{done.stdout[-2000:]}")
    spent = json.loads(usage.read_text())
    return {
        "train_cpu_s": spent["cpu_s"],
        "train_import_cpu_s": spent["import_cpu_s"],
        "train_s": time.monotonic() - began,
        "model_mb": out.stat().st_size / 1e6,
    }


def evaluate(config: Path, model: Path, files: dict[str, Path]) -> dict[str, float]:
    """The figures of a model: of `all` sentences in detail, of each other file the accuracy.

    Raises:
        RuntimeError: it could not be measured.
    """
    command = [str(BOT_PYTHON), "-m", "evaluate", *map(str, files.values()), "--json"]
    command += ["--model", str(model), "--config", str(config)]
    done = subprocess.run(command, cwd=BOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{model.name} could not be measured:\n{done.stderr[-2000:]}")
    answer: dict[str, Any] = json.loads(done.stdout)
    figures = dict(zip(files, answer["files"], strict=True))
    whole = figures.pop("all")
    return {
        "accuracy": whole["accuracy"],
        "macro_f1": whole["macro_f1"],
        "oos_recall_at_5pct": whole["out_of_scope"]["recall_at_5pct_refused"] or 0.0,
        "ece": whole["calibration"]["ece"],
        "parse_p50_ms": whole["parse_ms"]["p50"],
        "parse_p95_ms": whole["parse_ms"]["p95"],
        "rss_mb": answer["rss_mb"] or 0.0,
        **{f"{name}_accuracy": one["accuracy"] for name, one in figures.items()},
    }


def held_out(folder: Path) -> dict[str, Path]:
    """Each file by name, all of them together, and all of them badly typed."""
    files = {
        "_".join(path.relative_to(HELD_OUT).with_suffix("").parts): path
        for path in sorted(HELD_OUT.rglob("*.tsv"))
    }
    rows: list[Row] = []
    for name, path in files.items():
        if not name.startswith("validation"):
            lines = path.read_text("utf-8-sig").splitlines()
            rows += [line.split("\t") for line in lines if line and line[0] != "#"]
    rows = [row for row in rows if row[0] != "intent" and len(row) > 1]
    dice = random.Random(0)
    made: dict[str, Callable[[str], str]] = {
        "all": str,
        "no_diacritics": without_diacritics,
        "typo": lambda text: with_typo(text, dice),
    }
    for name, change in made.items():
        files[name] = folder / f"{name}.tsv"
        lines = [f"{intent}\t{change(text)}" for intent, text, *_ in rows]
        files[name].write_text("\n".join(lines) + "\n", "utf-8")
    return files


def without_diacritics(text: str) -> str:
    """As on a keyboard without Polish letters."""
    plain = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("Ł", "L"))
    return "".join(c for c in plain if not unicodedata.combining(c))


def with_typo(text: str, dice: random.Random) -> str:
    """One letter left out, doubled, swapped with the next or replaced by its neighbour."""
    places = [n for n in range(1, len(text) - 1) if text[n].isalpha() and text[n + 1].isalpha()]
    if not places:
        return text
    at = dice.choice(places)
    row = next((r for r in NEIGHBOURS if text[at].lower() in r), "")
    place = row.find(text[at].lower())
    near = row[place - 1 if place > 0 else place + 1] if row else text[at] * 2
    mistakes = ("", text[at] * 2, text[at + 1] + text[at], near)
    kind = dice.randrange(len(mistakes))
    return text[:at] + mistakes[kind] + text[at + (2 if kind == 2 else 1) :]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="nlu")
    parser.add_argument("--per-intent", type=int, default=15)
    parser.add_argument("--no-peer", action="store_true", help="leave the default pipeline out")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fl-") as name:
        folder = Path(name)
        files = held_out(folder)
        metrics: dict[str, float] = {}
        count = some_of(PROJECT / "nlu_data", folder / "data", chosen.per_intent)
        metrics |= train(OURS, folder / "data", folder / "ours.tar.gz")
        metrics |= evaluate(OURS, folder / "ours.tar.gz", files)
        full = train(OURS, PROJECT / "nlu_data", folder / "full.tar.gz")
        full |= evaluate(OURS, folder / "full.tar.gz", files)
        metrics |= {f"full_{key}": value for key, value in full.items()}
        peer: dict[str, float] = {}
        if not chosen.no_peer:
            peer |= train(PEER, folder / "data", folder / "peer.tar.gz")
            peer |= evaluate(PEER, folder / "peer.tar.gz", files)
    notes = (
        f"side by side: {count} sentences, {chosen.per_intent} per intent and language;"
        " full_: ours on all; peer: rasa init's pipeline, 100 epochs"
    )
    report("nlu", metrics, peer, notes)


if __name__ == "__main__":
    main()
