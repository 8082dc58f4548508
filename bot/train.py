"""Train the bot: `python -m train --out FILE`."""

from __future__ import annotations

import argparse
import contextlib
import io
import logging
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from no_tensorflow import without_tensorflow
from quiet import quieten, quieten_rasa

HERE = Path(__file__).resolve().parent
COMPONENT_LINE = "Starting to train component '"


class Progress(logging.Handler):
    """Turns Rasa's log of components into one short line each."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print the name of the component that begins to train."""
        text = record.getMessage()
        if text.startswith(COMPONENT_LINE):
            say(f"  training {text[len(COMPONENT_LINE) :].split(chr(39))[0]}")


def say(line: str) -> None:
    """Print a line now, also into a pipe, and past the silence around Rasa."""
    print(line, file=sys.__stdout__, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Train and write the model; the exit status is 1 when it could not be done."""
    parser = argparse.ArgumentParser(prog="train", description="Train the bot.")
    parser.add_argument("--out", type=Path, default=HERE / "models" / "frontline.tar.gz")
    parser.add_argument("--data", type=Path, default=HERE.parent / "nlu_data")
    parser.add_argument("--domain", type=Path, default=HERE / "domain")
    parser.add_argument("--config", type=Path, default=HERE / "config.yml")
    chosen = parser.parse_args(arguments)
    began = time.monotonic()
    for path in (chosen.data, chosen.domain, chosen.config):
        if not path.exists():
            say(f"error: {path} does not exist")
            return 1
    try:
        train(chosen.data, chosen.domain, chosen.config, chosen.out)
    except Exception as error:  # the root of this program: every failure becomes one line
        say(f"error: {type(error).__name__}: {' '.join(str(error).split())}")
        return 1
    size_mb = chosen.out.stat().st_size / 1e6
    say(f"trained in {time.monotonic() - began:.0f} s: {chosen.out} ({size_mb:.1f} MB)")
    return 0


def train(data: Path, domain: Path, config: Path, out: Path) -> None:
    """Train with Rasa into a folder of its own, then put the model in place in one step.

    Raises:
        RuntimeError: Rasa gave no model; with what it printed.
    """
    quieten(logging.ERROR)
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"  # the cache overlooks changes in our helper modules
    sys.path.insert(0, str(HERE))
    noise = io.StringIO()
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.redirect_stdout(noise),
        contextlib.redirect_stderr(noise),
    ):
        os.environ["RASA_CACHE_DIRECTORY"] = str(Path(folder) / "cache")
        model = _train_with_rasa(data, domain, config, folder)
        if model is None:
            raise RuntimeError(f"Rasa gave no model. {noise.getvalue()[-500:]}")
        out.parent.mkdir(parents=True, exist_ok=True)
        fresh = out.with_name(f".{out.name}.{os.getpid()}")
        shutil.copyfile(model, fresh)
        fresh.replace(out)


def _train_with_rasa(data: Path, domain: Path, config: Path, folder: str) -> str | None:
    say("loading Rasa")
    without_tensorflow(config)
    import rasa.model_training

    quieten_rasa(logging.ERROR)
    hooks = logging.getLogger("rasa.engine.training.hooks")
    hooks.setLevel(logging.INFO)
    hooks.propagate = False
    hooks.addHandler(Progress())
    say("reading sentences, rules and domain")
    result = rasa.model_training.train(
        domain=str(domain),
        config=str(config),
        training_files=[str(data)],
        output=folder,
        fixed_model_name="frontline",
        force_training=True,
    )
    return result.model


if __name__ == "__main__":
    sys.exit(main())
