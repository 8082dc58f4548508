"""Measure the bot on sentences it has not seen: `python -m evaluate FILE.tsv … [--json]`."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sys
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import quote

from evaluation.compare import below, compare, read_floors
from evaluation.figures import report
from evaluation.rows import EvaluationError, Parse, read_rows, run
from evaluation.tables import table
from quiet import quieten, quieten_rasa

HERE = Path(__file__).resolve().parent


def running_bot(url: str) -> Parse:
    """Parse through a running bot's `/model/parse`; its token is in `RASA_TOKEN`.

    Raises:
        EvaluationError: the URL is not http.
    """
    if not url.startswith(("http://", "https://")):
        raise EvaluationError(f"{url}: not an http URL")
    token = os.environ.get("RASA_TOKEN")
    address = url.rstrip("/") + "/model/parse" + (f"?token={quote(token)}" if token else "")

    def parse(text: str) -> dict[str, Any]:
        body = json.dumps({"text": text}).encode()
        request = urllib.request.Request(address, data=body)  # noqa: S310
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return json.loads(answer.read())
        except OSError as error:
            raise EvaluationError(f"{url}: {error}") from None

    return parse


def trained_bot(model: Path, config: Path = HERE / "config.yml") -> Parse:
    """Parse in this process with a trained model.

    Raises:
        EvaluationError: there is no such model, or it cannot be loaded.
    """
    if not model.is_file():
        raise EvaluationError(f"{model} does not exist: train the bot first")
    quieten(logging.ERROR)
    sys.path.insert(0, str(HERE))
    from no_tensorflow import without_tensorflow

    without_tensorflow(config)
    import rasa.core.agent  # noqa: F401
    from rasa.core.channels.channel import UserMessage

    import patches
    from model_check import UnfitModelError, load

    quieten_rasa(logging.ERROR)
    patches.apply()
    try:
        agent = load(model)
    except UnfitModelError as error:
        raise EvaluationError(str(error)) from None
    loop = asyncio.new_event_loop()
    return lambda text: loop.run_until_complete(agent.processor.parse_message(UserMessage(text)))


def memory_mb() -> float | None:
    """Resident memory of this process; None where the kernel does not tell."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    kib = next((line.split()[1] for line in lines if line.startswith("VmRSS:")), None)
    return round(int(kib) / 1024, 1) if kib else None


def measure(chosen: argparse.Namespace) -> dict[str, Any]:
    """Everything that `--json` prints.

    Raises:
        EvaluationError: a file, a model or the bot cannot be read.
    """
    files = [(str(path), read_rows(path)) for path in chosen.files]
    floors = read_floors(chosen.floor) if chosen.floor else {}
    parse = running_bot(chosen.url) if chosen.url else trained_bot(chosen.model, chosen.config)
    result: dict[str, Any] = {} if chosen.url else {"rss_mb": memory_mb()}
    outcomes = [run(rows, parse) for _, rows in files]
    reports = [report(name, outcome) for (name, _), outcome in zip(files, outcomes, strict=True)]
    if chosen.against:
        other = trained_bot(chosen.against, chosen.config)
        for one, (_, rows), outcome in zip(reports, files, outcomes, strict=True):
            one["against"] = compare(chosen.against.name, run(rows, other), outcome)
    result["files"] = reports
    if chosen.floor:
        result["below"] = below(floors, chosen.floor.parent, reports)
    return result


def main(arguments: list[str] | None = None) -> int:
    """Evaluate the files and print the figures; 1 when that was not possible or not enough."""
    parser = argparse.ArgumentParser(prog="evaluate", description="Measure the bot on TSV files.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.tsv")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--url", help="a running bot, for example http://127.0.0.1:5005")
    parser.add_argument("--model", type=Path, default=HERE / "models" / "frontline.tar.gz")
    parser.add_argument("--config", type=Path, default=HERE / "config.yml", help="the model's")
    parser.add_argument("--against", type=Path, metavar="MODEL", help="what changed since it")
    parser.add_argument("--floor", type=Path, metavar="FILE.json", help="fail below these figures")
    chosen = parser.parse_args(arguments)
    try:
        result = measure(chosen)
    except EvaluationError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 1
    short = result.get("below", [])
    if chosen.json:
        print(json.dumps(result, ensure_ascii=False))  # noqa: T201
    else:
        print("\n".join([table(result["files"]), *short]))  # noqa: T201
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
