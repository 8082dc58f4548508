"""Start the bot's server: `python -m serve --port N --model FILE`, on 127.0.0.1 only.

With `--live FILE` the model is the one that the record names at that moment, so that a server that
is started again comes back with what was live. With `--try` it only says whether the model is fit.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from quiet import quieten, quieten_rasa

HERE = Path(__file__).resolve().parent
MAX_REQUEST_BYTES = 1_000_000


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop; the exit status is 1 when the bot cannot start."""
    parser = argparse.ArgumentParser(prog="serve", description="Start the bot's server.")
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--model", type=Path, default=HERE / "models" / "frontline.tar.gz")
    parser.add_argument("--live", type=Path, help="the record beside the models that names one")
    parser.add_argument("--try", action="store_true", dest="only_try", help="load, ask, end")
    parser.add_argument("--endpoints", type=Path, default=HERE / "endpoints.yml")
    parser.add_argument("--log-level", default="WARNING", help="DEBUG writes what customers say")
    chosen = parser.parse_args(arguments)
    model = chosen.model
    if chosen.live:
        try:
            model = chosen.live.parent / json.loads(chosen.live.read_bytes())["live"]
        except (OSError, ValueError, KeyError) as error:
            return _refuse(f"{chosen.live} names no model: {error}")
    if chosen.only_try:
        return _try(model)
    missing = [n for n in ("FRONTLINE_REDIS_URL", "FRONTLINE_ACTIONS_URL") if n not in os.environ]
    if missing and chosen.endpoints == HERE / "endpoints.yml":
        return _refuse(f"{' and '.join(missing)} must be set")
    if not model.is_file():
        return _refuse(f"{model} does not exist: train the bot first")
    level = logging.getLevelName(chosen.log_level.upper())
    _serve(chosen.port, model, chosen.endpoints, level)
    return 0


def _refuse(reason: str) -> int:
    print(f"error: {reason}", file=sys.stderr, flush=True)  # noqa: T201
    return 1


def _try(model: Path) -> int:
    """Load the model and ask it a sentence."""
    quieten(logging.CRITICAL)
    sys.path.insert(0, str(HERE))
    from no_tensorflow import without_tensorflow

    without_tensorflow(HERE / "config.yml")
    from model_check import UnfitModelError, load, smoke_test

    quieten_rasa(logging.CRITICAL)
    try:
        asyncio.run(smoke_test(load(model)))
    except UnfitModelError as error:
        return _refuse(str(error))
    return 0


def _serve(port: int, model: Path, endpoints: Path, level: int) -> None:
    os.environ["SANIC_ACCESS_LOG"] = "False"
    os.environ["SANIC_REQUEST_MAX_SIZE"] = str(MAX_REQUEST_BYTES)
    os.environ["SANIC_MOTD"] = "False"
    quieten(level)
    sys.path.insert(0, str(HERE))
    from no_tensorflow import without_tensorflow

    without_tensorflow(HERE / "config.yml")
    import rasa.core.run
    import rasa.server
    from rasa.core.utils import AvailableEndpoints

    import patches
    from swap import Swapper

    quieten_rasa(level)
    # Rasa logs a failed action with its stack; the channel logs the failed turn in one line.
    logging.getLogger("rasa.core.processor").setLevel(max(level, logging.CRITICAL))
    patches.apply()
    rasa.core.run.close_resources = _close
    swapper = Swapper()
    rasa.server._load_agent = swapper.load_agent
    rasa.core.run.load_agent_on_start = _load_or_stop(
        rasa.core.run.load_agent_on_start, swapper.started
    )
    rasa.core.run.serve_application(
        model_path=str(model),
        interface="127.0.0.1",
        port=port,
        credentials=str(HERE / "credentials.yml"),
        endpoints=AvailableEndpoints.read_endpoints(str(endpoints)),
        enable_api=True,
        auth_token=os.environ.get("RASA_TOKEN") or None,
    )


def _load_or_stop(load: Any, started: Callable[[Any], None]) -> Any:
    """Rasa serves on without a model when it cannot be loaded; here the process ends."""

    async def load_or_stop(*args: Any, **kwargs: Any) -> Any:
        agent = await load(*args, **kwargs)
        started(next(a for a in args if hasattr(a, "ctx")))
        if not agent.is_ready():
            _refuse("the model could not be loaded; the reason is above")
            os._exit(1)
        gc.collect()
        gc.freeze()  # what is loaded now stays: to look through it again stops turns for 0.2 s
        return agent

    return load_or_stop


async def _close(app: Any, _: Any) -> None:
    """Close the connections to the action server when the server stops."""
    agent = getattr(app.ctx, "agent", None)
    endpoint = agent.processor.action_endpoint if agent and agent.processor else None
    if endpoint is not None:
        await endpoint.close()


if __name__ == "__main__":
    sys.exit(main())
