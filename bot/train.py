"""Train the bot: `python -m train --out FILE`; `--serve` stays warm (see train_service.py)."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import json
import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from no_tensorflow import without_tensorflow
from quiet import quieten, quieten_rasa

HERE = Path(__file__).resolve().parent
COMPONENT_LINE = "Starting to train component '"

Say = Callable[[str], None]


class Progress(logging.Handler):
    """Turns Rasa's log of components into one short line each."""

    def __init__(self, say: Say) -> None:
        super().__init__()
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        """Say the name of the component that begins to train."""
        text = record.getMessage()
        if text.startswith(COMPONENT_LINE):
            self._say(f"  training {text[len(COMPONENT_LINE) :].split(chr(39))[0]}")


@dataclass(frozen=True)
class Order:
    """What is to be trained from what."""

    data: Path
    domain: Path
    config: Path
    out: Path
    nlu_only: bool = False
    """Without policies: for measuring pipelines."""

    def missing(self) -> Path | None:
        """The first source that does not exist."""
        sources = (self.data, self.domain, self.config)
        return next((path for path in sources if not path.exists()), None)


def say(line: str) -> None:
    """Print a line now, in one piece, also into a pipe, and past the silence around Rasa."""
    sys.__stdout__.write(f"{line}\n")
    sys.__stdout__.flush()


def main(arguments: list[str] | None = None) -> int:
    """Train and write the model; the exit status is 1 when it could not be done."""
    parser = argparse.ArgumentParser(prog="train", description="Train the bot.")
    parser.add_argument("--out", type=Path, default=HERE / "models" / "frontline.tar.gz")
    parser.add_argument("--data", type=Path, default=HERE.parent / "nlu_data")
    parser.add_argument("--domain", type=Path, default=HERE / "domain")
    parser.add_argument("--config", type=Path, default=HERE / "config.yml")
    parser.add_argument("--nlu", action="store_true", help="sentences only, no dialogue")
    parser.add_argument("--usage", type=Path, help="write the CPU seconds there, as JSON")
    parser.add_argument("--serve", action="store_true", help="orders from stdin, one per line")
    chosen = parser.parse_args(arguments)
    if chosen.serve:
        from train_service import serve

        return serve(chosen.data, chosen.domain, chosen.config)
    order = Order(chosen.data, chosen.domain, chosen.config, chosen.out, chosen.nlu)
    if order.missing():
        say(f"error: {order.missing()} does not exist")
        return 1
    began = time.monotonic()
    try:
        say("loading Rasa")
        load_rasa(order.config)
        imported = time.process_time()
        carry_out(order, say)
    except Exception as error:  # the root of this program: every failure becomes one line
        say(f"error: {type(error).__name__}: {' '.join(str(error).split())}")
        return 1
    if chosen.usage:
        usage = {"import_cpu_s": imported, "cpu_s": time.process_time()}
        chosen.usage.write_text(json.dumps(usage), encoding="utf-8")
    size_mb = order.out.stat().st_size / 1e6
    say(f"trained in {time.monotonic() - began:.0f} s: {order.out} ({size_mb:.1f} MB)")
    return 0


def load_rasa(config: Path) -> None:
    """Import what trains, without TensorFlow when the configuration allows."""
    quieten(logging.ERROR)
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"  # the cache overlooks changes in our helper modules
    sys.path.insert(0, str(HERE))
    without_tensorflow(config)
    import rasa.core.agent
    import rasa.model_training  # noqa: F401

    import quick_training

    quieten_rasa(logging.ERROR)
    quick_training.apply()


def train(data: Path, domain: Path, config: Path, out: Path) -> None:
    """Load Rasa, train, and put the model in place.

    Raises:
        RuntimeError: Rasa gave no model; with what it printed.
    """
    load_rasa(config)
    carry_out(Order(data, domain, config, out), say)


def carry_out(order: Order, say: Say) -> None:
    """Train with Rasa into a folder of its own, try the model, put it in place in one step.

    Raises:
        RuntimeError: Rasa gave no model; with what it printed.
        UnfitModelError: it gave one that does not answer.
    """
    from model_check import load, smoke_test

    noise = io.StringIO()
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.redirect_stdout(noise),
        contextlib.redirect_stderr(noise),
    ):
        os.environ["RASA_CACHE_DIRECTORY"] = str(Path(folder) / "cache")
        model = _train_with_rasa(order, folder, say)
        if model is None:
            raise RuntimeError(f"Rasa gave no model. {noise.getvalue()[-500:]}")
        if not order.nlu_only:
            loop = asyncio.new_event_loop()
            loop.run_until_complete(smoke_test(load(Path(model))))
            loop.close()
        order.out.parent.mkdir(parents=True, exist_ok=True)
        fresh = order.out.with_name(f".{order.out.name}.{os.getpid()}")
        shutil.copyfile(model, fresh)
        fresh.replace(order.out)


def _train_with_rasa(order: Order, folder: str, say: Say) -> str | None:
    import rasa.model_training

    hooks = logging.getLogger("rasa.engine.training.hooks")
    hooks.setLevel(logging.INFO)
    hooks.propagate = False
    hooks.handlers = [Progress(say)]
    say("reading sentences, rules and domain")
    if order.nlu_only:
        return rasa.model_training.train_nlu(
            config=str(order.config),
            nlu_data=str(order.data),
            output=folder,
            fixed_model_name="frontline",
            domain=str(order.domain),
        )
    result = rasa.model_training.train(
        domain=str(order.domain),
        config=str(order.config),
        training_files=[str(order.data)],
        output=folder,
        fixed_model_name="frontline",
        force_training=True,
    )
    return result.model


if __name__ == "__main__":
    sys.exit(main())
