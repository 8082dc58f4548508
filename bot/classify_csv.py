"""The intent model alone on somebody else's sentences: for benchmarks/banking77.py.

    python -m classify_csv TRAIN.csv TEST.csv [--shots 10] [--seeds 0 1 2]

Both files have the columns text and category. With `--shots`, only so many sentences per category
are learned, the first after a shuffle by each seed. Prints one line of JSON per training.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
import time
from collections import Counter
from pathlib import Path

from components.sparse_model import Options, train

Pairs = list[tuple[str, str]]


def read(path: Path) -> Pairs:
    """Sentences and their categories.

    Raises:
        ValueError: a column is missing.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if not {"text", "category"} <= set(rows.fieldnames or ()):
            raise ValueError(f"{path}: no columns text and category")
        return [(row["text"], row["category"]) for row in rows]


def few(pairs: Pairs, shots: int, seed: int) -> Pairs:
    """The first `shots` sentences of each category after a shuffle."""
    shuffled = list(pairs)
    random.Random(seed).shuffle(shuffled)  # noqa: S311
    taken: Counter[str] = Counter()
    kept = []
    for text, category in shuffled:
        taken[category] += 1
        if taken[category] <= shots:
            kept.append((text, category))
    return kept


def measure(train_pairs: Pairs, test_pairs: Pairs) -> dict[str, float]:
    """Train on the one, count what is right of the other."""
    began = time.perf_counter()
    model = train(*map(list, zip(*train_pairs, strict=True)), Options())
    fitted = time.perf_counter()
    rows = model.probabilities([text for text, _ in test_pairs])
    got = [model.intents[best] for best in rows.argmax(axis=1)]
    right = sum(one == wanted for one, (_, wanted) in zip(got, test_pairs, strict=True))
    return {
        "n_train": len(train_pairs),
        "n_test": len(test_pairs),
        "accuracy": right / len(test_pairs),
        "fit_s": fitted - began,
        "classify_ms": (time.perf_counter() - fitted) / len(test_pairs) * 1000,
    }


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 1 when a file cannot be read."""
    parser = argparse.ArgumentParser(prog="classify_csv")
    parser.add_argument("train", type=Path)
    parser.add_argument("test", type=Path)
    parser.add_argument("--shots", type=int, default=0)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    chosen = parser.parse_args(arguments)
    try:
        learned, held = read(chosen.train), read(chosen.test)
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 1
    for seed in chosen.seeds:
        taken = few(learned, chosen.shots, seed) if chosen.shots else learned
        print(json.dumps(measure(taken, held)), flush=True)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
