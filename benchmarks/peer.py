"""What a user would pick instead: Rasa with its default pipeline and policies, on our content.

Trained for one epoch only: that changes what it understands, not how long an answer takes.
"""

import asyncio
import contextlib
import os
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import aiohttp
import psutil
import yaml

from benchmarks.report import percentile
from frontline.model import BOT, BOT_PYTHON, MODELS, content_hash
from frontline.settings import PROJECT

QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "TF_INTRA_OP_PARALLELISM_THREADS": "1",
    "TF_INTER_OP_PARALLELISM_THREADS": "1",
}


def _rasa(*arguments: str, log: Path) -> "subprocess.Popen[bytes]":
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(BOT_PYTHON), "-m", "rasa", *arguments],
            cwd=BOT,
            env=os.environ | QUIET,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )


def _train(folder: Path) -> Path:
    """The peer's model; kept beside ours, because training takes minutes."""
    model = MODELS / "peer" / f"{content_hash()}.tar.gz"
    if model.exists():
        return model
    config = (BOT / "config.diet.yml").read_text(encoding="utf-8")
    (folder / "config.yml").write_text(re.sub(r"epochs: \d+", "epochs: 1", config))
    # TED learns from stories only; ours are rules, so each rule is told as a story as well.
    stories = [
        {"story": rule["rule"], "steps": rule["steps"]}
        for path in sorted((PROJECT / "nlu_data" / "rules").glob("*.yml"))
        for rule in yaml.safe_load(path.read_text(encoding="utf-8")).get("rules", [])
    ]
    (folder / "stories.yml").write_text(yaml.safe_dump({"version": "3.1", "stories": stories}))
    arguments = (
        *("train", "--config", str(folder / "config.yml"), "--domain", "domain"),
        *("--data", "../nlu_data", str(folder / "stories.yml")),
        *("--out", str(model.parent), "--fixed-model-name", content_hash()),
    )
    log = folder / "train.log"
    if _rasa(*arguments, log=log).wait() != 0 or not model.exists():
        raise RuntimeError(f"the peer could not be trained:\n{log.read_text()[-2000:]}")
    return model


@contextlib.contextmanager
def running_peer(folder: Path, port: int, actions_url: str) -> Iterator["subprocess.Popen[bytes]"]:
    """The peer behind its REST channel, with the action server of ours."""
    model = _train(folder)
    (folder / "endpoints.yml").write_text(f"action_endpoint:\n  url: {actions_url}/webhook\n")
    (folder / "credentials.yml").write_text("rest:\n")
    log = folder / "run.log"
    process = _rasa(
        *("run", "--model", str(model), "--port", str(port), "--interface", "127.0.0.1"),
        *("--endpoints", str(folder / "endpoints.yml")),
        *("--credentials", str(folder / "credentials.yml")),
        log=log,
    )
    try:
        deadline = time.monotonic() + 300
        while "server is up and running" not in log.read_text(errors="replace"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the peer did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.5)
        yield process
    finally:
        process.terminate()
        process.wait()


async def _converse(url: str, dialogue: Sequence[str], customers: int, rounds: int) -> list[float]:
    times: list[float] = []
    async with aiohttp.ClientSession() as http:

        async def one(number: int) -> None:
            for lap in range(rounds):
                for text in dialogue:
                    body = {"sender": f"{customers}-{number}-{lap}", "message": text}
                    start = time.perf_counter()
                    async with http.post(f"{url}/webhooks/rest/webhook", json=body) as answer:
                        await answer.read()
                    times.append((time.perf_counter() - start) * 1000)

        await asyncio.gather(*(one(number) for number in range(customers)))
    return times


async def measure_peer(
    port: int, process: "subprocess.Popen[bytes]", dialogue: Sequence[str]
) -> dict[str, float]:
    """The same dialogue over the peer's REST channel."""
    url = f"http://127.0.0.1:{port}"
    await _converse(url, dialogue, 1, 2)
    alone = await _converse(url, dialogue, 1, 6)
    crowd = await _converse(url, dialogue, 16, 3)
    return {
        "all_turns_p50_ms": percentile(alone, 50),
        "all_turns_p95_ms": percentile(alone, 95),
        "c16_p50_ms": percentile(crowd, 50),
        "c16_p95_ms": percentile(crowd, 95),
        "rss_mb": psutil.Process(process.pid).memory_info().rss / 2**20,
    }
