"""A trainer that stays warm: `python -m train --serve`, orders and answers as lines of JSON.

Rasa is imported once, which is half of a short training. Each order is carried out by a copy of
this process (a fork), so nothing is left over from one training to the next and none can take the
trainer down.

    → {"train": {"data": …, "domain": …, "config": …, "out": …}}
    → {"evaluate": [FILE.tsv, …], "model": FILE}
    ← {"ready": seconds}         once, before the first order
    ← {"pid": number}            of the copy that carries out an order; killing it ends the order
    ← {"step": text}             on the way
    ← {"text": table}            of an evaluation
    ← {"error": text}            when it failed
    ← {"finished": exit status}  after every order
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import json
import os
import re
import sys
import time
from pathlib import Path
from typing import Any

import train


def serve(data: Path, domain: Path, config: Path) -> int:
    """Carry out orders until stdin ends; those on the same files find most of them read."""
    began = time.monotonic()
    train.load_rasa(config)
    _import_components(config)
    _tell(ready=round(time.monotonic() - began, 1))
    _read_ahead(data, domain, config)
    for line in sys.stdin:
        if line.strip():
            _tell(finished=_in_a_copy(line))
    return 0


def _import_components(config: Path) -> None:
    """What Rasa imports only when a pipeline is built: its own components, and ours."""
    importlib.import_module("rasa.engine.recipes.default_components")
    for name in set(re.findall(r"name: (components\.[\w.]+)\.\w+", config.read_text("utf-8"))):
        importlib.import_module(name)


def _read_ahead(data: Path, domain: Path, config: Path) -> None:
    """Read everything while nobody waits; mistakes are told when it is ordered."""
    from rasa.shared.importers.importer import TrainingDataImporter

    with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
        found = TrainingDataImporter.load_from_config(str(config), str(domain), [str(data)])
        found.get_domain()
        found.get_nlu_data()
    gc.collect()
    gc.freeze()


def _in_a_copy(line: str) -> int:
    sys.__stdout__.flush()
    pid = os.fork()
    if pid:
        _tell(pid=pid)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    status = 1
    try:
        _carry_out(json.loads(line))
        status = 0
    except BaseException as error:  # the root of this process
        _tell(error=f"{type(error).__name__}: {' '.join(str(error).split())}")
    finally:
        sys.__stdout__.flush()
        os._exit(status)


def _carry_out(order: dict[str, Any]) -> None:
    if "train" in order:
        paths = {name: Path(path) for name, path in order["train"].items()}
        train.carry_out(train.Order(**paths), lambda text: _tell(step=text.strip()))
    else:
        import evaluate

        table = io.StringIO()
        with contextlib.redirect_stdout(table):
            evaluate.main([*order["evaluate"], "--model", order["model"]])
        _tell(text=table.getvalue())


def _tell(**fields: Any) -> None:
    train.say(json.dumps(fields, ensure_ascii=False))
